//! The form of an offer.

use crate::sourcing::tender::auction::entry::Offer;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// An offer, as it is sent.
#[derive(Clone)]
pub struct Given {
    /// The id of the row to be made.
    pub id: Id<Offer>,
    /// Fen.
    pub amount: i64,
    /// The best that was seen, in fen; a program may leave it out, since the amount says it too.
    pub seen: Option<i64>,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, amount) = (fields.id("id"), fields.money("amount"));
        fields.like("seen", "86900000");
        let seen = fields.optional("seen", |text| text.parse::<i64>().map_err(|_| "version"));
        Some(Self { id: id?, amount: amount?, seen: seen? })
    }
}
