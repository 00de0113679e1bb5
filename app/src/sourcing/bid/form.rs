//! The form of a bid.

use super::store::Bid;
use crate::web::{Fields, Parse, Upload};
use kit::id::Id;

/// The most files in an envelope.
const MOST_FILES: usize = 10;

/// What a bidder types.
pub struct Content {
    /// Fen.
    pub price: i64,
    /// 1 to 3650.
    pub delivery_days: i64,
    /// Up to 5,000 characters.
    pub note: String,
    /// Up to ten.
    pub files: Vec<Upload>,
}

impl Parse for Content {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let price = fields.money("price");
        let delivery_days = fields.like("delivery_days", "30").parse("delivery_days", |text| match text.parse() {
            Ok(days @ 1..=3650) => Ok(days),
            _ => Err("delivery-days"),
        });
        let note = fields.optional_text("note", 5000);
        let files = fields.files("files", MOST_FILES);
        Some(Self { price: price?, delivery_days: delivery_days?, note: note?.unwrap_or_default(), files: files? })
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

/// The version that a withdrawal is of.
pub struct Seen {
    /// The version that was seen.
    pub version: i64,
}

impl Parse for Seen {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { version: fields.version()? })
    }
}
