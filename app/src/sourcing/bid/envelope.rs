//! The offer in an envelope, and why one cannot be read. How envelopes are packed, sealed and opened stands in the crate
//! `sealing`; the browser and the command line make the same.

use crate::identity::company::Company;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{self, Upload};
use kit::id::Id;
use sealing::{File, Shut, content, one};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a bidder offers. Only an opened envelope shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Of which lot.
    pub lot: Id<Lot>,
    /// The bidder.
    pub company: Id<Company>,
    /// The bidder's name at the time of sealing.
    pub company_name: String,
    /// Price for the lot, CNY in fen.
    pub price: i64,
    /// Delivery within so many days of the contract.
    pub delivery_days: i64,
    /// The bidder's own words.
    pub note: String,
}

/// The most files in an envelope.
pub const MOST_FILES: usize = 10;

/// The highest price, in fen.
const MOST_PRICE: i64 = 10_000_000_000_000;

impl Offer {
    /// Whether a form of ours would have taken it: who seals by themselves can put anything in.
    pub fn is_sound(&self) -> bool {
        (1..=MOST_PRICE).contains(&self.price)
            && (1..=3650).contains(&self.delivery_days)
            && self.note.chars().count() <= 5000
            && !self.note.contains('\0')
    }
}

/// Why an envelope cannot be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unreadable {
    /// The ciphertext was changed, or sealed to another key.
    #[error("the envelope does not open with the tender's key")]
    Ciphertext,
    /// It is not sealed as the tender asks: its shares do not come to light, or are for others.
    #[error("the envelope is not sealed to the tender's holders")]
    Hands,
    /// The shares that were given do not open it.
    #[error("the holders' shares do not open the envelope")]
    Shares,
    /// What is inside is not of our format.
    #[error("the content of the envelope is not a bid")]
    Content,
    /// It was sealed for another tender, lot or bidder.
    #[error("the envelope belongs to another bid")]
    Misplaced,
}

impl Unreadable {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Ciphertext, Self::Hands, Self::Shares, Self::Content, Self::Misplaced];

    /// The stored code, and the end of its word's key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ciphertext => "ciphertext",
            Self::Hands => "hands",
            Self::Shares => "shares",
            Self::Content => "content",
            Self::Misplaced => "misplaced",
        }
    }

    /// What a code means.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl From<Shut> for Unreadable {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Format | Shut::Platform | Shut::Holders | Shut::Commitment | Shut::Passphrase => Self::Hands,
            Shut::Box | Shut::Share | Shut::TooFew { .. } | Shut::Key => Self::Shares,
            Shut::Ciphertext => Self::Ciphertext,
            Shut::Content => Self::Content,
        }
    }
}

/// Packs and seals an offer with its files to the tender's public key.
///
/// # Errors
/// A sentence for the log: the key is not one.
pub fn seal(offer: &Offer, files: &[Upload], recipient: &str) -> Result<Vec<u8>, String> {
    let files: Vec<_> =
        files.iter().map(|file| File { name: file.name.clone(), content: file.content.clone() }).collect();
    one::seal(&content::pack(offer, &files), recipient).map_err(|e| e.to_string())
}

/// The same, off the threads that serve where there are files.
///
/// # Errors
/// 500: the key is not one.
pub async fn sealed(offer: Offer, files: Vec<Upload>, recipient: String) -> Result<Vec<u8>, web::Error> {
    // An offer alone is sealed in less time than another thread takes to wake; files may be megabytes.
    if files.is_empty() {
        return seal(&offer, &[], &recipient).map_err(web::Error::fault);
    }
    let sealing = tokio::task::spawn_blocking(move || seal(&offer, &files, &recipient));
    sealing.await.map_err(web::Error::fault)?.map_err(web::Error::fault)
}
