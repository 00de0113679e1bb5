//! What can happen to a tender here. Ids only.

use super::store::Termination;
use crate::sourcing::tender::Tender;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// A published tender, or some of its lots, was terminated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terminated {
    /// Which tender.
    pub tender: Id<Tender>,
    /// The termination.
    pub termination: Id<Termination>,
    /// Whether nothing of the tender goes on, and nothing of it was awarded.
    pub whole: bool,
    /// Whether nothing goes on, and what was not ended has its award.
    pub awarded: bool,
}

impl Fact for Terminated {
    const KIND: &'static str = "tender.terminated";
}
