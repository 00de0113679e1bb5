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

/// A first bid, with the id that its form was given.
pub struct NewBid {
    /// The row to be made.
    pub id: Id<Bid>,
    /// Its content.
    pub content: Content,
}

impl Parse for NewBid {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, content) = (fields.id("id"), Content::parse(fields));
        Some(Self { id: id?, content: content? })
    }
}

/// Another content for the version that was seen.
pub struct Replacement {
    /// The version that was seen.
    pub version: i64,
    /// The new content.
    pub content: Content,
}

impl Parse for Replacement {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, content) = (fields.version(), Content::parse(fields));
        Some(Self { version: version?, content: content? })
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
