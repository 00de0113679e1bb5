//! Sealed to one key: an age file with one X25519 recipient.

use crate::{Identity, Recipient, Shut, Unsealable};

/// Seals to a public key.
///
/// # Errors
/// [`Unsealable::Recipient`].
pub fn seal(plain: &[u8], recipient: &str) -> Result<Vec<u8>, Unsealable> {
    let recipient: Recipient = recipient.parse().map_err(|_| Unsealable::Recipient(recipient.to_owned()))?;
    age::encrypt(&recipient, plain).map_err(|e| Unsealable::Failed(e.to_string()))
}

/// Opens with the secret key.
///
/// # Errors
/// [`Shut::Ciphertext`]: another key, or changed bytes.
pub fn open(ciphertext: &[u8], identity: &Identity) -> Result<Vec<u8>, Shut> {
    age::decrypt(identity, ciphertext).map_err(|_| Shut::Ciphertext)
}
