//! An e-mail address may be opened to send a notification: the matrix has that row.
use policy::{purpose::Notification, recipient::Delivery};
use vault::{Email, Error, Grant, Sealed, Vault};

async fn send(vault: Vault, grant: Grant<'_, Notification, Delivery>, email: Sealed<Email>) -> Result<Email, Error> {
    vault.open(&grant, &email).await
}
