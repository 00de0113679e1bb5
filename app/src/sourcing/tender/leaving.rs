//! What of a tender stands against its buyer's leaving: bidders rely on one that takes bids until it is awarded or has
//! failed.

use super::tender::{State, Tender};
use super::{auction, criteria, document, named, of_list, store, witness};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Error, Leaving, Obstacle};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

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

/// Drafts that nobody has seen go with their documents; what was published is public record.
pub(super) fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    let sql = "SELECT id FROM tender WHERE company = $1 AND state = 'draft' ORDER BY id";
    let drafts: Vec<Id<Tender>> = tx.all(sql, values![company], |row| row.next())?;
    for draft in drafts {
        document::discard_all(tx, draft)?;
        criteria::forget(tx, draft)?;
        named::forget(tx, draft)?;
        witness::forget(tx, draft)?;
        auction::forget(tx, draft)?;
        of_list::forget(tx, draft)?;
        tx.execute("DELETE FROM lot WHERE tender = $1", values![draft])?;
        tx.execute("DELETE FROM tender WHERE id = $1", values![draft])?;
    }
    let sql = "SELECT 1 FROM tender WHERE company = $1 LIMIT 1";
    Ok(tx.first(sql, values![company], |row| row.next::<i64>())?.is_some())
}
