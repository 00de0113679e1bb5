//! The matrix shows the browser's name to the person only, not to the delivery service.
use policy::{purpose::Security, recipient::Delivery};
use vault::{Error, Grant, Sealed, UserAgent, Vault};

async fn send(vault: Vault, grant: Grant<'_, Security, Delivery>, agents: Vec<Sealed<UserAgent>>) -> Result<Vec<UserAgent>, Error> {
    vault.open_many(&grant, &agents).await
}

fn main() {}
