//! What can happen to a tender. Ids and codes only.

use super::lot::Lot;
use super::tender::Tender;
use crate::identity::company::Company;
use crate::sourcing::facts::facts;
use kit::event::Scope;
use kit::id::Id;

facts! {
    /// A buyer began a draft.
    Drafted = "tender.drafted" { tender: Id<Tender> }
    /// A draft became public.
    Published = "tender.published" { tender: Id<Tender> }
    /// Questions are no longer taken.
    QuestionsEnded = "tender.questions-ended" { tender: Id<Tender> }
    /// The deadline passed.
    Closed = "tender.closed" { tender: Id<Tender> }
    /// A lot had too few bids.
    LotFailed = "tender.lot-failed" { tender: Id<Tender>, lot: Id<Lot> }
    /// Every lot failed.
    Failed = "tender.failed" { tender: Id<Tender> }
    /// The envelopes were opened.
    Opened = "tender.opened" { tender: Id<Tender> }
    /// The auction of a lot does not take place: fewer than two can take part.
    AuctionSkipped = "auction.skipped" { tender: Id<Tender>, lot: Id<Lot> }
    /// It began.
    AuctionStarted = "auction.started" { tender: Id<Tender>, lot: Id<Lot> }
    /// Somebody offered, under the letter that was drawn; the amount in fen.
    AuctionOffered = "auction.offered" { tender: Id<Tender>, lot: Id<Lot>, number: i64, letter: String, amount: i64 }
    /// It is over: the last offers are the prices that are evaluated.
    AuctionEnded = "auction.ended" { tender: Id<Tender>, lot: Id<Lot> }
    /// All of a tender's are.
    AuctionsOver = "tender.auctions-over" { tender: Id<Tender> }
    /// The standstill of a lot is over.
    StandstillEnded = "tender.standstill-ended" { tender: Id<Tender>, lot: Id<Lot> }
    /// Final offers for a lot are no longer taken; whether they were too few. Once more where one of them is taken back before they are opened,
    /// and those that are left are too few.
    FinalsClosed = "tender.final-offers-closed" { tender: Id<Tender>, lot: Id<Lot>, failed: bool }
    /// A lot was awarded.
    LotAwarded = "tender.lot-awarded" { tender: Id<Tender>, lot: Id<Lot>, company: Id<Company> }
    /// Every lot that did not fail was awarded.
    Awarded = "tender.awarded" { tender: Id<Tender> }
}

impl Tender {
    /// Whom an event of this tender concerns: the buyer, and no person.
    pub fn scope(&self) -> Scope {
        Scope { company: Some(*self.company.as_bytes()), tender: Some(*self.id.as_bytes()), actor: None }
    }
}
