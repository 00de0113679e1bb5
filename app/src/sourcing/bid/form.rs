//! The form of a bid.

use super::envelope::MOST_FILES;
use super::from_library;
use super::store::Bid;
use crate::identity::library::Edition;
use crate::web::{Fields, Parse, Upload};
use bytes::Bytes;
use kit::id::Id;
use sealing::Commitment;

/// What a bidder types.
pub struct Content {
    /// Fen.
    pub price: i64,
    /// 1 to 3650.
    pub delivery_days: i64,
    /// Up to 5,000 characters.
    pub note: String,
    /// Up to ten, with those of the library.
    pub files: Vec<Upload>,
    /// What it takes from the company's library.
    pub kept: Vec<Id<Edition>>,
}

impl Parse for Content {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let price = fields.money("price");
        let delivery_days = fields.like("delivery_days", "30").parse("delivery_days", |text| match text.parse() {
            Ok(days @ 1..=3650) => Ok(days),
            _ => Err("delivery-days"),
        });
        let note = fields.optional_text("note", 5000);
        let (files, kept) = (fields.files("files", MOST_FILES), from_library::chosen(fields));
        let note = note?.unwrap_or_default();
        Some(Self { price: price?, delivery_days: delivery_days?, note, files: files?, kept: kept? })
    }
}

/// The number of the last amendment of its lot that a bidder has seen. Who names none has seen none.
fn answers(fields: &mut Fields) -> Option<i64> {
    let number = fields.optional("answers", |text| text.parse::<i64>().map_err(|_| "version"));
    number.map(Option::unwrap_or_default)
}

/// A first bid, with the id that its form was given.
pub struct NewBid {
    /// The row to be made.
    pub id: Id<Bid>,
    /// The last amendment that was seen.
    pub answers: i64,
    /// Its content.
    pub content: Content,
}

impl Parse for NewBid {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, answers, content) = (fields.id("id"), answers(fields), Content::parse(fields));
        Some(Self { id: id?, answers: answers?, content: content? })
    }
}

/// Another content for the version that was seen.
pub struct Replacement {
    /// The version that was seen.
    pub version: i64,
    /// The last amendment that was seen.
    pub answers: i64,
    /// The new content.
    pub content: Content,
}

impl Parse for Replacement {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, answers, content) = (fields.version(), answers(fields), Content::parse(fields));
        Some(Self { version: version?, answers: answers?, content: content? })
    }
}

/// What a bidder commits to, and for which place.
#[derive(Clone)]
pub struct Promised {
    /// The row to be made, of a first bid.
    pub id: Option<Id<Bid>>,
    /// The version that was seen, of a replacement.
    pub version: Option<i64>,
    /// The last amendment that was seen.
    pub answers: i64,
    /// The canonical line that binds an envelope to its place.
    pub commitment: Commitment,
}

impl Promised {
    fn parse(fields: &mut Fields, id: Option<Id<Bid>>, version: Option<i64>) -> Option<Self> {
        fields.like("commitment", COMMITMENT);
        let answers = answers(fields);
        let commitment = fields.parse("commitment", |line| Commitment::read(line).map_err(|_| "commitment-form"));
        Some(Self { id, version, answers: answers?, commitment: commitment? })
    }
}

/// An envelope that its bidder has sealed, and what they commit to.
#[derive(Clone)]
pub struct Enclosed {
    /// What was promised.
    pub promised: Promised,
    /// The envelope's bytes.
    pub envelope: Bytes,
}

impl Enclosed {
    fn parse(fields: &mut Fields, id: Option<Id<Bid>>, version: Option<i64>) -> Option<Self> {
        let promised = Promised::parse(fields, id, version);
        let envelope = fields.some_files("envelope", 1)?.pop()?.content;
        Some(Self { promised: promised?, envelope })
    }
}

/// An example for the description of the API.
const COMMITMENT: &str = concat!(
    "{\"bytes\":6480,\"envelope\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",",
    "\"format\":\"ziyun bid commitment v1\",\"lot\":\"0197a1c2-0000-7000-8000-000000000002\",",
    "\"recipient\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",",
    "\"tender\":\"0197a1c2-0000-7000-8000-000000000001\",\"version\":1}"
);

/// A first bid as an envelope.
pub struct NewEnvelope(pub Enclosed);

impl Parse for NewEnvelope {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let enclosed = Enclosed::parse(fields, id, None);
        id.and(enclosed).map(Self)
    }
}

/// Another envelope for the version that was seen.
pub struct OtherEnvelope(pub Enclosed);

impl Parse for OtherEnvelope {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.version();
        let enclosed = Enclosed::parse(fields, None, version);
        version.and(enclosed).map(Self)
    }
}

/// A first bid as a commitment.
pub struct NewCommitment(pub Promised);

impl Parse for NewCommitment {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let promised = Promised::parse(fields, id, None);
        id.and(promised).map(Self)
    }
}

/// A commitment to another envelope for the version that was seen.
pub struct OtherCommitment(pub Promised);

impl Parse for OtherCommitment {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.version();
        let promised = Promised::parse(fields, None, version);
        version.and(promised).map(Self)
    }
}

/// A bid that stands as it is after an amendment.
pub struct Confirmed {
    /// The version that was seen.
    pub version: i64,
    /// The number of the amendment that was seen.
    pub answers: i64,
}

impl Parse for Confirmed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, answers) = (fields.version(), answers(fields));
        Some(Self { version: version?, answers: answers? })
    }
}
