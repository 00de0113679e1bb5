//! What happens here. Ids only.

use super::Extension;
use crate::sourcing::tender::Tender;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// The bidders of a tender were asked for more validity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Which.
    pub extension: Id<Extension>,
}

impl Fact for Asked {
    const KIND: &'static str = "extension.asked";
}

/// A bidder has answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Which.
    pub extension: Id<Extension>,
    /// Whether it agrees; otherwise its bids have lapsed.
    pub agrees: bool,
}

impl Fact for Answered {
    const KIND: &'static str = "extension.answered";
}
