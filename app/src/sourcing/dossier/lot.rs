//! A lot on the page of its tender, with what its reader has to do with it.

use super::Reader;
use crate::app::App;
use crate::sourcing::bid::{self, Bid, State as BidState};
use crate::sourcing::candidates::Shown;
use crate::sourcing::evaluation::{self, Phase};
use crate::sourcing::negotiation;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Actor, Error};
use kit::db::Tx;
use schemars::JsonSchema;
use serde::Serialize;

/// A lot as this reader sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DossierLot")]
pub(super) struct LotOf {
    #[serde(flatten)]
    pub(super) lot: Lot,
    /// The reader's own bid, which nobody else's page has.
    pub(super) own_bid: Option<Bid>,
    /// How far the committee is, for the buyer.
    pub(super) evaluation: Option<Phase>,
    /// The candidates that are published, and how the award stands.
    pub(super) candidates: Option<Shown>,
    /// Whether it is or was negotiated, and its reader is a side of that.
    pub(super) negotiates: bool,
}

impl LotOf {
    /// With what its reader has to do with it.
    pub(super) fn read(
        tx: &mut Tx,
        app: &App,
        (actor, reader): (&Actor, Reader),
        tender: &Tender,
        lot: Lot,
    ) -> Result<Self, Error> {
        let lot = lot.shown_to(tender, reader == Reader::Buyer);
        let own_bid = match (reader, actor.member()) {
            (Reader::Provider, Some(member)) => bid::joint::bid_of_lot(tx, app, (tender.id, lot.id), member.company)?,
            _ => None,
        };
        let evaluation = match reader {
            Reader::Buyer if tender.opened_at.is_some() => evaluation::phase(tx, &lot)?,
            _ => None,
        };
        let candidates = if tender.opened_at.is_some() { Shown::of(tx, &lot)? } else { None };
        let responds = match (&own_bid, actor.member()) {
            (Some(_), Some(member)) => negotiation::responding(tx, app, (tender.id, lot.id), member.company)?.is_some(),
            _ => false,
        };
        let is_side = reader == Reader::Buyer || responds;
        let negotiates = is_side && negotiation::find(tx, lot.id)?.is_some();
        Ok(Self { lot, own_bid, evaluation, candidates, negotiates })
    }

    /// Where its reader bids: what was withdrawn is sealed again in its own place.
    pub(super) fn bid_at(&self) -> String {
        match &self.own_bid {
            Some(bid) => format!("/bids/{}/replacement", bid.id),
            None => format!("/lots/{}/bids/new", self.lot.id),
        }
    }

    /// Whether its reader has a letter about it: whose bid was not opened has none, nor who left a negotiation.
    pub(super) fn has_letter(&self) -> bool {
        let is_opened = |bid: &Bid| matches!(bid.state, BidState::Opened | BidState::Unreadable);
        self.own_bid.as_ref().is_some_and(is_opened) && self.lot.state == LotState::Awarded
    }
}
