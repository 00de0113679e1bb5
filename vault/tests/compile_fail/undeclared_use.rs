//! The matrix lets an IP address serve security only, so it cannot be opened to send a notification.
use policy::{purpose::Notification, recipient::Delivery};
use vault::{Error, Grant, Ip, Sealed, Vault};

async fn send(vault: Vault, grant: Grant<'_, Notification, Delivery>, ip: Sealed<Ip>) -> Result<Ip, Error> {
    vault.open(&grant, &ip).await
}

fn main() {}
