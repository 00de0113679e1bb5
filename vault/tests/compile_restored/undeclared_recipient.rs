//! The browser's name is shown to the person, as the matrix says.
use policy::{purpose::Security, recipient::Subject};
use vault::{Error, Grant, Sealed, UserAgent, Vault};

async fn show(
    vault: Vault,
    grant: Grant<'_, Security, Subject>,
    agents: Vec<Sealed<UserAgent>>,
) -> Result<Vec<UserAgent>, Error> {
    vault.open_many(&grant, &agents).await
}
