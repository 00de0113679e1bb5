//! A share of an envelope's key. Its bytes are the values of Shamir's polynomials, one for each byte of the key, and then
//! the point that they were taken at: the form of `shamir-secret-sharing`, of which `vsss-rs` has the last byte first.

use crate::{Identity, Recipient, Shut, Unsealable, sha256};
use age::secrecy::{ExposeSecret, SecretString};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use serde::{Deserialize, Serialize};
use vsss_rs::Gf256;
use zeroize::Zeroizing;

/// A share, out of its box.
#[derive(Clone, PartialEq, Eq)]
pub struct Share(Zeroizing<Vec<u8>>);

impl Share {
    /// Out of bytes that somebody gave.
    ///
    /// # Errors
    /// [`Shut::Share`] when they are too few or too many to be one.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Shut> {
        if (2..=256).contains(&bytes.len()) { Ok(Self(Zeroizing::new(bytes))) } else { Err(Shut::Share) }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// SHA-256, hexadecimal. A share is as random as the key, so that its hash tells nothing.
    pub fn sha256(&self) -> String {
        sha256(&self.0)
    }
}

/// A holder's share in its box, as it lies under the platform's layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boxed {
    /// The holder's public key.
    pub holder: String,
    /// SHA-256 of the share, hexadecimal: what is given is compared with it.
    pub sha256: String,
    /// An age file for the holder, in base64.
    pub share: String,
}

impl Boxed {
    pub(crate) fn close(holder: &Recipient, share: &Share) -> Result<Self, Unsealable> {
        let closed = age::encrypt(holder, share.bytes()).map_err(|e| Unsealable::Failed(e.to_string()))?;
        Ok(Self { holder: holder.to_string(), sha256: share.sha256(), share: STANDARD.encode(closed) })
    }

    /// Opens the box: what a holder does.
    ///
    /// # Errors
    /// [`Shut::Box`] with another key, [`Shut::Share`] when the bidder put something else in.
    pub fn open(&self, holder: &Identity) -> Result<Share, Shut> {
        let closed = STANDARD.decode(&self.share).map_err(|_| Shut::Box)?;
        let opened = age::decrypt(holder, &closed).map_err(|_| Shut::Box)?;
        self.check(opened)
    }

    /// Takes the share that a holder gave for this box.
    ///
    /// # Errors
    /// [`Shut::Share`] when it is another's or another envelope's.
    pub fn check(&self, given: Vec<u8>) -> Result<Share, Shut> {
        let share = Share::read(given)?;
        if share.sha256() == self.sha256 { Ok(share) } else { Err(Shut::Share) }
    }
}

/// Splits a key among n, of whom k put it together again.
pub(crate) fn split(key: &Identity, k: usize, n: usize) -> Result<Vec<Share>, Unsealable> {
    let text = key.to_string();
    let shares = Gf256::split_bytes(k, n, text.expose_secret().as_bytes(), UnwrapErr(SysRng));
    let shares = shares.map_err(|e| Unsealable::Failed(e.to_string()))?;
    Ok(shares.into_iter().map(turned).collect())
}

/// From the library's form: the point goes last.
fn turned(mut share: Vec<u8>) -> Share {
    share.rotate_left(1);
    Share(Zeroizing::new(share))
}

/// Puts a key together of different shares.
pub(crate) fn join(shares: &[&Share]) -> Result<Identity, Shut> {
    let turned = shares.iter().map(|share| {
        let mut bytes = share.0.to_vec();
        bytes.rotate_right(1);
        bytes
    });
    let turned = Zeroizing::new(turned.collect::<Vec<_>>());
    let text = Gf256::combine_bytes(&*turned).map_err(|_| Shut::Key)?;
    let text = SecretString::from(String::from_utf8(text).map_err(|_| Shut::Key)?);
    text.expose_secret().parse().map_err(|_| Shut::Key)
}
