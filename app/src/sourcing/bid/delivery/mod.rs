//! The upload of a ciphertext that its bidder has committed to: in pieces, which resumes where it was cut off, by
//! [tus 1.0](https://tus.io/protocols/resumable-upload).
//!
//! The commitment decides whether a bid is in time ([`super::commit`]); the ciphertext has until the tender closes. Whatever its size, no
//! more than some of it is in memory: it is appended to a file of its own ([`part`]), an offset is told only when everything before it
//! is on the disk, and the last byte counts only when the whole is what was committed to ([`whole`]).

mod append;
mod handle;
mod part;
pub(super) mod store;
mod whole;

pub use append::{append, meant};
pub(super) use handle::as_it_is;
pub use handle::{create, end, show};

use super::store::Bid;
use crate::web::Instant;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The upload of a bid's ciphertext (密文上传).
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "BidUpload")]
pub struct Delivery {
    /// Its id: `/uploads/{id}`.
    pub id: Id<Delivery>,
    /// Of which bid.
    pub bid: Id<Bid>,
    /// Bytes of the ciphertext.
    pub length: u64,
    /// How many have come, and are on the disk.
    pub offset: u64,
    /// Until when the rest may come.
    #[schemars(with = "Instant")]
    pub until: Timestamp,
    /// Why what was uploaded last was thrown away: `upload-differs`, `envelope-malformed`.
    pub refused: Option<String>,
}

impl Delivery {
    /// How much has come, in percent.
    pub fn percent(&self) -> u64 {
        self.offset.saturating_mul(100) / self.length.max(1)
    }

    /// Whether all of it has come, and is what was committed to.
    pub fn is_whole(&self) -> bool {
        self.offset == self.length
    }
}
