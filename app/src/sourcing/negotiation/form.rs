//! What comes in: minutes, a change, the invitation, a final offer.

use super::offer::FinalOffer;
use super::store::{Change, Minutes};
use crate::identity::library::Edition;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::envelope::MOST_FILES;
use crate::sourcing::bid::from_library::chosen;
use crate::web::{Fields, Parse, Upload};
use jiff::Timestamp;
use kit::id::Id;

/// The most characters of what a final offer says to the changes.
pub const MOST_NOTE: usize = 2000;

/// Minutes of a negotiation with one bidder.
pub struct Minuted {
    pub id: Id<Minutes>,
    /// With whom: by their bid.
    pub bid: Id<Bid>,
    pub held_at: Timestamp,
    pub words: String,
}

impl Parse for Minuted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, bid) = (fields.id("minutes_id"), fields.id("bid"));
        let (held_at, words) = (fields.instant("held_at"), fields.passage("minutes", 10..=10_000));
        Some(Self { id: id?, bid: bid?, held_at: held_at?, words: words? })
    }
}

/// That a bidder has read its minutes.
pub struct Confirmed {
    pub id: Id<Minutes>,
    /// What it says to them.
    pub remark: Option<String>,
}

impl Parse for Confirmed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, remark) = (fields.id("confirmed"), fields.optional_passage("remark", 5000));
        Some(Self { id: id?, remark: remark? })
    }
}

/// A change in substance. There is no field for whom it is told: all that remain.
pub struct Changed {
    pub id: Id<Change>,
    /// The version of the negotiation that was seen.
    pub version: i64,
    pub words: String,
}

impl Parse for Changed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version, words) = (fields.id("change_id"), fields.version(), fields.passage("change", 10..=10_000));
        Some(Self { id: id?, version: version?, words: words? })
    }
}

/// The invitation to final offers.
pub struct Invited {
    /// The version of the negotiation that was seen.
    pub version: i64,
    pub until: Timestamp,
    /// Why fewer than the method asks for suffice.
    pub few_reason: Option<String>,
}

impl Parse for Invited {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, until) = (fields.version(), fields.instant("until"));
        let few_reason = fields.optional_passage("few_reason", 1000);
        Some(Self { version: version?, until: until?, few_reason: few_reason? })
    }
}

/// A final offer.
pub struct Offered {
    pub id: Id<FinalOffer>,
    /// For another in its place: the version that was seen.
    pub version: Option<i64>,
    /// Fen.
    pub price: i64,
    pub delivery_days: i64,
    pub note: String,
    /// Up to ten, with those of the library.
    pub files: Vec<Upload>,
    /// What it takes from the company's library.
    pub kept: Vec<Id<Edition>>,
}

impl Parse for Offered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let version = fields.optional("version", |text| text.parse::<i64>().map_err(|_| "version"));
        let price = fields.money("price");
        let delivery_days = fields.like("delivery_days", "30").parse("delivery_days", |text| match text.parse() {
            Ok(days @ 1..=3650) => Ok(days),
            _ => Err("delivery-days"),
        });
        let note = fields.optional_text("note", MOST_NOTE);
        let (files, kept) = (fields.files("files", MOST_FILES), chosen(fields));
        Some(Self {
            id: id?,
            version: version?,
            price: price?,
            delivery_days: delivery_days?,
            note: note?.unwrap_or_default(),
            files: files?,
            kept: kept?,
        })
    }
}
