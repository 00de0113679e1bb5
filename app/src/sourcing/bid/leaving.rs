//! What of a bid stands against its bidder's leaving: a buyer relies on one that is sealed, or opened and not yet decided
//! on. One that was withdrawn, or is void, binds nobody.

use super::joint;
use super::state::State;
use super::store;
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::tender::{self, State as Stage, Tender};
use crate::web::{Error, Leaving, Obstacle};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub(super) fn obstacles(tx: &mut Tx, app: &App, leaving: &Leaving) -> Result<Vec<Obstacle>, db::Error> {
    let Some(company) = leaving.company else { return Ok(Vec::new()) };
    let running = tender::store::all_running(tx)?;
    let ids: Vec<_> = running.iter().map(|tender| tender.id).collect();
    let mut found = Vec::new();
    let mut lots = HashMap::new();
    for bid in store::of_company(tx, app, company, &ids)? {
        let Some(tender) = running.iter().find(|tender| tender.id == bid.tender) else { continue };
        let lots = match lots.entry(tender.id) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(place) => place.insert(tender::store::lots(tx, tender.id)?),
        };
        let decided = lots.iter().filter(|one| one.state.is_over()).any(|one| one.id == bid.lot);
        let binds = matches!(bid.state, State::Sealed | State::Opened) && joint::void(tx, bid.id)?.is_none();
        if binds && !decided {
            found.push(obstacle(tender, &bid));
        }
    }
    Ok(found)
}

fn obstacle(tender: &Tender, bid: &store::Bid) -> Obstacle {
    let is_sealed = tender.state == Stage::Published;
    Obstacle {
        what: "bid-obstacle",
        args: vec![("title", tender.title.clone().into())],
        path: format!("/bids/{}", bid.id),
        ends_at: is_sealed.then_some(tender.deadline),
        ends: if is_sealed { "bid-obstacle-ends-sealed" } else { "bid-obstacle-ends" },
    }
}

/// Opened bids are public record: whose they were stays readable for as long as the law has transactions kept.
pub(super) fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    for whose in joint::WHOSE {
        let sql = format!("SELECT 1 FROM bid b WHERE {whose} LIMIT 1");
        if tx.first(&sql, values![company], |row| row.next::<i64>())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
