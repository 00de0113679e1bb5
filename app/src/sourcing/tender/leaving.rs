//! What of a tender stands against its buyer's leaving: bidders rely on one that takes bids until it is awarded or has
//! failed.

use super::store;
use super::tender::{State, Tender};
use crate::app::App;
use crate::web::{Leaving, Obstacle};
use kit::db::{self, Tx};

pub(super) fn obstacles(tx: &mut Tx, _: &App, leaving: &Leaving) -> Result<Vec<Obstacle>, db::Error> {
    let Some(company) = leaving.company else { return Ok(Vec::new()) };
    Ok(store::running_of(tx, company)?.iter().map(obstacle).collect())
}

fn obstacle(tender: &Tender) -> Obstacle {
    let takes_bids = tender.state == State::Published;
    Obstacle {
        what: "tender-obstacle",
        args: vec![("title", tender.title.clone().into())],
        path: format!("/tenders/{}", tender.id),
        ends_at: takes_bids.then_some(tender.deadline),
        ends: if takes_bids { "tender-obstacle-ends-open" } else { "tender-obstacle-ends" },
    }
}
