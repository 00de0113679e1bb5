//! A holder's secret key as it is kept: an age file under a passphrase (scrypt), whose content is the key's line of text.
//! The browser makes it; the platform holds this file and the public half, and can open neither.

use crate::{Identity, Shut, Unsealable};
use age::scrypt;
use age::secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;

/// The binary logarithm of scrypt's work: 64 MB and about a quarter of a second.
pub const WORK: u8 = 16;

/// What a file that somebody else made may ask for.
const LEAST_WORK: u8 = 15;
const MOST_WORK: u8 = 20;

/// The longest file of one key.
const MOST_BYTES: usize = 1024;

/// Whether a passphrase resists who has the file: 14 characters, 8 of them different.
pub fn is_strong(passphrase: &str) -> bool {
    passphrase.chars().count() >= 14 && passphrase.chars().collect::<BTreeSet<_>>().len() >= 8
}

/// Puts a key under a passphrase.
///
/// # Errors
/// [`Unsealable::Failed`].
pub fn keep(key: &Identity, passphrase: &str, work: u8) -> Result<Vec<u8>, Unsealable> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase));
    recipient.set_work_factor(work);
    let text = key.to_string();
    age::encrypt(&recipient, text.expose_secret().as_bytes()).map_err(|e| Unsealable::Failed(e.to_string()))
}

/// Takes it out again.
///
/// # Errors
/// [`Shut::Passphrase`].
pub fn take(kept: &[u8], passphrase: &str) -> Result<Identity, Shut> {
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase));
    identity.set_max_work_factor(MOST_WORK);
    let text = age::decrypt(&identity, kept).map_err(|_| Shut::Passphrase)?;
    let text = SecretString::from(String::from_utf8(text).map_err(|_| Shut::Passphrase)?);
    text.expose_secret().trim().parse().map_err(|_| Shut::Passphrase)
}

/// Whether bytes are an age file under a passphrase, by its header, with neither too little nor too much work.
pub fn is_kept(bytes: &[u8]) -> bool {
    let work = |head: &str| -> Option<u8> {
        let rest = head.strip_prefix("age-encryption.org/v1\n-> scrypt ")?;
        rest.lines().next()?.split(' ').nth(1)?.parse().ok()
    };
    let head = bytes.get(..100).and_then(|head| str::from_utf8(head).ok());
    bytes.len() <= MOST_BYTES && head.and_then(work).is_some_and(|work| (LEAST_WORK..=MOST_WORK).contains(&work))
}
