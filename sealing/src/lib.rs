//! The envelope of a bid: what is inside, how it is sealed, to what a bidder commits, and who can open it.
//!
//! | Module | What |
//! |---|---|
//! | [`content`] | offer and files, packed and padded |
//! | [`one`] | sealed to one key: an age file, nothing else |
//! | [`hands`] | sealed to many hands: the platform's key **and** k of n holders' shares are needed |
//! | [`share`] | a share of an envelope's key, as it is split, boxed and given |
//! | [`commitment`] | the few hundred bytes that bind an envelope |
//! | [`keeping`] | a holder's secret key under a passphrase |
//! | [`sheet`] | what a holder is asked for, and the answer: all envelopes of a tender at once |
//!
//! Nothing here is cryptography of our own: files are [age](https://age-encryption.org/v1), shares are Shamir's over
//! GF(2⁸) by `vsss-rs` (audited). The browser has the same from `age-encryption` and `shamir-secret-sharing` (audited);
//! `sealing/vectors` holds what each side made and the other reads.
//!
//! Whoever has the platform's key and k holders can open an envelope, at any time. Nobody else can.

pub mod commitment;
pub mod content;
pub mod hands;
pub mod keeping;
pub mod one;
pub mod share;
pub mod sheet;

pub use age::x25519::{Identity, Recipient};
pub use commitment::Commitment;
pub use content::File;
pub use hands::{Envelope, Hands, Outline};
pub use share::{Boxed, Share};

use aws_lc_rs::digest::{SHA256, digest};
use thiserror::Error;

/// Why something does not open. Each has its own cause, and none tells of the content.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Shut {
    /// The bytes are no envelope of ours, or a part of them is missing.
    #[error("the bytes are no whole envelope")]
    Format,
    /// The bytes are not those that were committed to.
    #[error("the envelope is not the one that was committed to")]
    Commitment,
    /// The layer over the shares does not open with this key, or was changed.
    #[error("the shares do not open with the platform's key")]
    Platform,
    /// The holders in the envelope are not those that it has to be sealed to.
    #[error("the envelope is sealed to other holders")]
    Holders,
    /// A box does not open with this holder's key.
    #[error("the share does not open with this holder's key")]
    Box,
    /// What is given as a share is none of this envelope.
    #[error("the share is not one of this envelope")]
    Share,
    /// Not enough shares.
    #[error("{have} of {need} shares")]
    TooFew {
        /// How many different shares there are.
        have: usize,
        /// How many it takes.
        need: usize,
    },
    /// Enough shares, but together they do not make the envelope's key.
    #[error("the shares do not make the envelope's key")]
    Key,
    /// The ciphertext does not open with the key that it is to open with.
    #[error("the ciphertext does not open with its key")]
    Ciphertext,
    /// What is inside is not a bid.
    #[error("the content is not a bid")]
    Content,
    /// The passphrase is not the one that the key lies under, or what is kept was changed.
    #[error("the passphrase does not open the key")]
    Passphrase,
}

/// Why nothing can be sealed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unsealable {
    /// A public key is not one.
    #[error("{0} is not a public key")]
    Recipient(String),
    /// k and n are out of range, or a holder is named twice.
    #[error("{k} of {n} holders cannot be asked for")]
    Hands {
        /// How many are needed.
        k: usize,
        /// How many there are.
        n: usize,
    },
    /// The library or the system's randomness failed.
    #[error("{0}")]
    Failed(String),
}

/// A key of one's own, new and random.
pub fn new_key() -> Identity {
    Identity::generate()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}
