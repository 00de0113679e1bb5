//! The envelope of a bid: what is inside, how it is padded, sealed and opened.
//!
//! Inside: a line that names the format, one line of JSON (the offer and a list of its files), the files one after the
//! other, and zeros up to a size that many bids share. Outside: an age file for the tender's key. The same format serves
//! when further recipients hold shares of the key.

use crate::identity::company::Company;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::Upload;
use age::x25519::{Identity, Recipient};
use bytes::Bytes;
use kit::id::Id;
use serde::{Deserialize, Serialize};
use thiserror::Error;

const FORMAT: &[u8] = b"ziyun bid v1\n";

/// The smallest size inside an envelope, in bytes.
const LEAST: usize = 4096;

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

#[derive(Serialize, Deserialize)]
struct Head {
    offer: Offer,
    files: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    size: usize,
}

/// Why an envelope cannot be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unreadable {
    /// The ciphertext was changed, or sealed to another key.
    #[error("the envelope does not open with the tender's key")]
    Ciphertext,
    /// What is inside is not of our format.
    #[error("the content of the envelope is not a bid")]
    Content,
    /// It was sealed for another tender, lot or bidder.
    #[error("the envelope belongs to another bid")]
    Misplaced,
}

/// Packs and seals an offer with its files to the tender's public key.
///
/// # Errors
/// A sentence for the log: the key is not one.
pub fn seal(offer: &Offer, files: &[Upload], recipient: &str) -> Result<Vec<u8>, String> {
    let recipient: Recipient = recipient.parse().map_err(str::to_owned)?;
    age::encrypt(&recipient, &pack(offer, files)).map_err(|e| e.to_string())
}

/// Opens an envelope.
///
/// # Errors
/// [`Unreadable`].
pub fn open(ciphertext: &[u8], identity: &Identity) -> Result<(Offer, Vec<Upload>), Unreadable> {
    let plain = age::decrypt(identity, ciphertext).map_err(|_| Unreadable::Ciphertext)?;
    unpack(plain.into()).ok_or(Unreadable::Content)
}

fn pack(offer: &Offer, files: &[Upload]) -> Vec<u8> {
    let entries = files.iter().map(|file| Entry { name: file.name.clone(), size: file.content.len() }).collect();
    let head = Head { offer: offer.clone(), files: entries };
    let mut packed = FORMAT.to_vec();
    serde_json::to_writer(&mut packed, &head).expect("an offer is JSON");
    packed.push(b'\n');
    for file in files {
        packed.extend_from_slice(&file.content);
    }
    packed.resize(padded(packed.len()), 0);
    packed
}

fn unpack(plain: Bytes) -> Option<(Offer, Vec<Upload>)> {
    let rest = plain.strip_prefix(FORMAT)?;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(&rest[..end]).ok()?;
    let mut at = FORMAT.len() + end + 1;
    let mut files = Vec::new();
    for entry in head.files {
        let end = at.checked_add(entry.size).filter(|end| *end <= plain.len())?;
        files.push(Upload { name: entry.name, content: plain.slice(at..end) });
        at = end;
    }
    plain[at..].iter().all(|byte| *byte == 0).then_some((head.offer, files))
}

/// The next of eight steps between a power of two and the next: what a size tells is at most an eighth.
fn padded(size: usize) -> usize {
    let size = size.max(LEAST);
    let step = (size.next_power_of_two() / 16).max(1);
    size.div_ceil(step) * step
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
    fn an_envelope_opens_with_its_key_and_no_other() {
        let (key, other) = (Identity::generate(), Identity::generate());
        let files = [Upload { name: "报价.pdf".into(), content: Bytes::from_static(b"%PDF") }];
        let sealed = seal(&offer("两年质保"), &files, &key.to_public().to_string()).unwrap();
        let (opened, opened_files) = open(&sealed, &key).unwrap();
        assert_eq!((opened, &opened_files[0].content[..]), (offer("两年质保"), &b"%PDF"[..]));
        assert_eq!(open(&sealed, &other).err(), Some(Unreadable::Ciphertext));
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(open(&changed, &key).err(), Some(Unreadable::Ciphertext));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_packed_is_unpacked(note in ".{0,300}", content in proptest::collection::vec(any::<u8>(), 0..9000)) {
            let files = [Upload { name: "a".into(), content: content.into() }];
            let packed = pack(&offer(&note), &files);
            let (unpacked, unpacked_files) = unpack(packed.into()).unwrap();
            prop_assert_eq!(unpacked, offer(&note));
            prop_assert_eq!(&unpacked_files[0].content, &files[0].content);
        }

        #[test]
        fn what_is_sealed_is_opened_and_a_changed_byte_is_noticed(
            note in ".{0,60}", price in 1i64..10_000_000_000_000, days in 1i64..3650,
            files in prop::collection::vec((".{0,20}", prop::collection::vec(any::<u8>(), 0..3000)), 0..4),
            place: prop::sample::Index, flip in 1u8..,
        ) {
            let key = Identity::generate();
            let offer = Offer { price, delivery_days: days, ..offer(&note) };
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

        #[test]
        fn sizes_are_padded_to_few_steps(size in 0usize..40_000_000) {
            let padded = padded(size);
            prop_assert!(padded >= size.max(LEAST));
            prop_assert!(padded - size.max(LEAST) <= size.max(LEAST) / 8 + 1);
        }

        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack(bytes.into());
        }
    }
}
