//! What can happen to a tender here. Ids and numbers only.

use super::store::Amendment;
use crate::sourcing::tender::Tender;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// A published tender was amended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Amended {
    /// Which tender.
    pub tender: Id<Tender>,
    /// The amendment.
    pub amendment: Id<Amendment>,
    /// Its number in the tender, from 1.
    pub number: i64,
}

impl Fact for Amended {
    const KIND: &'static str = "tender.amended";
}
