//! What can happen in a negotiation. Ids only; who has given a final offer is told by none.

#![expect(missing_docs, reason = "the ids are named by what they are of")]

use super::offer::FinalOffer;
use super::store::{Change, Minutes};
use crate::identity::company::Company;
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::{Lot, Tender};
use evidence::Hash;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// There are minutes of a negotiation with a bidder. `company`: which.
#[derive(Serialize, Deserialize)]
pub struct Minuted {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub minutes: Id<Minutes>,
    pub company: Id<Company>,
}

impl Fact for Minuted {
    const KIND: &'static str = "negotiation.minuted";
}

/// A bidder has confirmed its minutes.
#[derive(Serialize, Deserialize)]
pub struct Confirmed {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub minutes: Id<Minutes>,
}

impl Fact for Confirmed {
    const KIND: &'static str = "negotiation.confirmed";
}

/// The requirements have changed in substance. It names no bidder: all that remain are told.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub change: Id<Change>,
}

impl Fact for Changed {
    const KIND: &'static str = "negotiation.changed";
}

/// A bidder has left the negotiation.
#[derive(Serialize, Deserialize)]
pub struct Left {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub bid: Id<Bid>,
}

impl Fact for Left {
    const KIND: &'static str = "negotiation.left";
}

/// Final offers are invited.
#[derive(Serialize, Deserialize)]
pub struct Invited {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
}

impl Fact for Invited {
    const KIND: &'static str = "negotiation.final-offers-invited";
}

/// A final offer was received or replaced. It names no company and no person.
#[derive(Serialize)]
pub struct Offered {
    pub offer: Id<FinalOffer>,
    /// The receipt that was given, so that the log's commitment to this event is one to the receipt.
    pub receipt_sha256: Hash,
}

impl Fact for Offered {
    const KIND: &'static str = "final-offer.acted";
}

/// The final offers of a lot were opened.
#[derive(Serialize, Deserialize)]
pub struct FinalsOpened {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
}

impl Fact for FinalsOpened {
    const KIND: &'static str = "negotiation.final-offers-opened";
}
