//! What happens between the report and the award. Ids and codes only.

#![expect(missing_docs, reason = "the ids are named by what they are of")]

use super::objection::Objection;
use super::publication::Publication;
use crate::identity::company::Company;
use crate::sourcing::tender::{Lot, Tender};
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// The candidates of a lot were published.
#[derive(Serialize, Deserialize)]
pub struct Published {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub publication: Id<Publication>,
}

impl Fact for Published {
    const KIND: &'static str = "candidates.published";
}

/// A publication stands no more: withdrawn by the buyer, or void by the operator's decision.
#[derive(Serialize, Deserialize)]
pub struct Ended {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub publication: Id<Publication>,
    /// `withdrawn` or `void`.
    pub state: String,
}

impl Fact for Ended {
    const KIND: &'static str = "candidates.ended";
}

/// Something happened to an objection. `company`: who objects.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub objection: Id<Objection>,
    pub company: Id<Company>,
    /// `made`, `answered`, `appealed`, `dismissed` or `upheld`.
    pub act: String,
}

impl Fact for Changed {
    const KIND: &'static str = "objection.changed";
}
