//! The offer in an envelope, and why one cannot be read. How envelopes are packed, sealed and opened stands in the crate
//! `sealing`; the browser and the command line make the same.

use crate::identity::company::Company;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Upload, is_plain_name};
use bytes::Bytes;
use kit::id::Id;
use sealing::{File, Identity, Shut, content, one};
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
    fn is_sound(&self) -> bool {
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

/// Opens an envelope that is sealed to one key.
///
/// # Errors
/// [`Unreadable`].
pub fn open(ciphertext: &[u8], identity: &Identity) -> Result<(Offer, Vec<Upload>), Unreadable> {
    read(one::open(ciphertext, identity)?.into())
}

/// Reads what was inside.
///
/// # Errors
/// [`Unreadable::Content`].
pub fn read(plain: Bytes) -> Result<(Offer, Vec<Upload>), Unreadable> {
    let (offer, files): (Offer, Vec<File>) = content::unpack(plain)?;
    let is_sound = offer.is_sound() && files.len() <= MOST_FILES && files.iter().all(|file| is_plain_name(&file.name));
    let uploads = files.into_iter().map(|file| Upload { name: file.name, content: file.content }).collect();
    if is_sound { Ok((offer, uploads)) } else { Err(Unreadable::Content) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::random::Random;
    use proptest::prelude::*;

    fn offer(note: &str) -> Offer {
        let random = Random::seeded(5);
        Offer {
            tender: random.id(),
            lot: random.id(),
            company: random.id(),
            company_name: "青梧数据".into(),
            price: 48_600_000,
            delivery_days: 30,
            note: note.into(),
        }
    }

    #[test]
    fn what_no_form_of_ours_takes_is_no_bid() {
        let wrong = [
            Offer { price: 0, ..offer("") },
            Offer { price: -1, ..offer("") },
            Offer { price: MOST_PRICE + 1, ..offer("") },
            Offer { delivery_days: 0, ..offer("") },
            Offer { delivery_days: 3651, ..offer("") },
            offer(&"长".repeat(5001)),
        ];
        for offer in wrong {
            assert_eq!(read(content::pack(&offer, &[]).into()).err(), Some(Unreadable::Content), "{offer:?}");
        }
        let named = |name: &str| [File { name: name.into(), content: Bytes::new() }];
        assert_eq!(read(content::pack(&offer(""), &named("a\u{202e}b")).into()).err(), Some(Unreadable::Content));
        assert!(read(content::pack(&offer(""), &named("报价.pdf")).into()).is_ok());
        let many: Vec<_> = (0..=MOST_FILES).flat_map(|_| named("a")).collect();
        assert_eq!(read(content::pack(&offer(""), &many).into()).err(), Some(Unreadable::Content));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_sealed_is_opened_and_a_changed_byte_is_noticed(
            note in ".{0,60}", price in 1i64..10_000_000_000_000, days in 1i64..3650,
            files in prop::collection::vec(("[a-z]{1,20}", prop::collection::vec(any::<u8>(), 0..3000)), 0..4),
            place: prop::sample::Index, flip in 1u8..,
        ) {
            let key = sealing::new_key();
            let offer = Offer { price, delivery_days: days, ..offer(&note.replace('\0', "")) };
            let files: Vec<_> = files.into_iter().map(|(name, content)| Upload { name, content: content.into() }).collect();
            let mut sealed = seal(&offer, &files, &key.to_public().to_string()).unwrap();
            let (opened, opened_files) = open(&sealed, &key).unwrap();
            prop_assert_eq!(opened, offer);
            let told = |files: &[Upload]| files.iter().map(|f| (f.name.clone(), f.content.clone())).collect::<Vec<_>>();
            prop_assert_eq!(told(&opened_files), told(&files));
            let place = place.index(sealed.len());
            sealed[place] ^= flip;
            prop_assert!(open(&sealed, &key).is_err());
        }
    }
}
