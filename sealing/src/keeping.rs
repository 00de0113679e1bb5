//! A holder's secret key as it is kept: an age file under a passphrase (scrypt), whose content is the key's line of text.
//! The browser makes it; the platform holds this file and the public half, and can open neither. Beside it there may be the same for a passkey
//! of its person's ([`is_wrapped`]), which a browser makes and only that passkey opens.

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

/// Whether bytes are an age file for one passkey and nobody else (`age-encryption.org/fido2prf`), by its header.
pub fn is_wrapped(bytes: &[u8]) -> bool {
    let Some(at) = bytes.windows(5).position(|part| part == b"\n--- ") else { return false };
    let Ok(head) = str::from_utf8(&bytes[..at]) else { return false };
    let mut lines = head.lines();
    let is_version = lines.next() == Some("age-encryption.org/v1");
    let nonce = lines.next().and_then(|line| line.strip_prefix("-> age-encryption.org/fido2prf "));
    let body = lines.next().unwrap_or_default();
    let is_base64 = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    // 16 bytes, and the file's key of 16 with its tag of 16; then nothing: a second stanza would be for somebody else.
    let is_one =
        nonce.is_some_and(|nonce| nonce.len() == 22 && is_base64(nonce)) && body.len() == 43 && is_base64(body);
    is_version && is_one && lines.next().is_none() && bytes.len() <= MOST_BYTES
}

/// Whether a text tells a browser which passkey is meant: `AGE-PLUGIN-FIDO2PRF-1…`.
pub fn is_hint(text: &str) -> bool {
    let rest = text.strip_prefix("AGE-PLUGIN-FIDO2PRF-1").unwrap_or_default();
    (8..=1600).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
