//! The draft of a bid (投标草稿) that the members of a bidder who may bid share until it is submitted: each version names who wrote it, and whoever
//! has seen an older one is shown the newer beside what they typed.
//!
//! It is no bid: its row names the company by the keyed hash that bids have, its content is sealed under the company's key, which the program
//! keeps. What many hands open must not be readable here before, so that such a draft takes no price. With the submission, and
//! with the end of its lot, it is deleted.
//!
//! The final offer of a negotiation is drafted in the same way, under the keyed hash that such offers have ([`Place`]).

mod form;
mod handle;
mod page;
mod store;

pub use crate::web::Seen;
pub use form::Given;
pub use handle::{Told, remove, save, show};
pub(super) use page::filled;
pub use page::{DraftPage, refused, values};
pub use store::{Kept, Of, Place, forget};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What has been drafted so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "BidDraft")]
pub struct Draft {
    /// Fen; none yet, or none at all where many hands open.
    pub price: Option<i64>,
    /// 1 to 3650.
    pub delivery_days: Option<i64>,
    /// Up to 5,000 characters.
    pub note: String,
}

impl Draft {
    /// As the fields of a form have it.
    pub(super) fn values(&self) -> Vec<(&'static str, String)> {
        let price = self.price.map(kit::money::plain);
        let days = self.delivery_days.map(|days| days.to_string());
        let filled = [("price", price), ("delivery_days", days), ("note", Some(self.note.clone()))];
        filled.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_fills_what_it_has() {
        let draft = Draft { price: Some(4_200_005), delivery_days: None, note: "两年质保".into() };
        assert_eq!(draft.values(), [("price", "42000.05".to_owned()), ("note", "两年质保".to_owned())]);
    }
}
