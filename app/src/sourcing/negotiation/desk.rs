//! Negotiations on the desk: what their buyer has to go on with, and which final offers a bidder still owes. Nothing here tells the buyer
//! of final offers.

use super::offer;
use super::rule::Phase;
use super::store;
use crate::app::App;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, State as Stage, Tender};
use crate::web::{Actor, Buyer, Provider, Task, Who};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

pub(super) fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let mut tasks = of_buyer(tx, actor)?;
    tasks.extend(of_bidder(tx, app, actor)?);
    Ok(tasks)
}

fn of_buyer(tx: &mut Tx, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(buyer) = Buyer::of(actor).filter(|_| Who::Purchaser.admits(actor).is_ok()) else { return Ok(Vec::new()) };
    let mut tasks = Vec::new();
    for tender in tender::store::list_own(tx, &buyer)?.into_iter().filter(negotiates) {
        for lot in tender::store::lots(tx, tender.id)?.into_iter().filter(|lot| lot.state == LotState::Negotiation) {
            let talks = store::find(tx, lot.id)?.is_some_and(|one| one.phase == Phase::Talks);
            let title = format!("{} · {}", tender.title, lot.title);
            tasks.extend(talks.then(|| task(("negotiation-waiting", "negotiation-waiting-act"), title, lot.id, None)));
        }
    }
    Ok(tasks)
}

fn negotiates(tender: &Tender) -> bool {
    tender.state == Stage::Evaluation && tender.method.profile().negotiation.is_some()
}

/// The final offers that are invited of a bidder and were not given.
fn of_bidder(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor).filter(|_| Who::Bidder.admits(actor).is_ok()) else {
        return Ok(Vec::new());
    };
    let now = tx.now();
    let sql = "SELECT n.lot, n.until, t.title, l.title FROM bid b JOIN negotiation n ON n.lot = b.lot \
               JOIN lot l ON l.id = b.lot JOIN tender t ON t.id = b.tender WHERE b.company = $1 AND b.state = 'opened' AND b.void IS NULL \
               AND n.state = 'invited' AND n.until > $2 AND l.state = 'negotiation' ORDER BY n.until, n.lot LIMIT 50";
    let invited = tx.all(sql, values![provider.company, now], |row| {
        let (lot, until): (Id<Lot>, Timestamp) = (row.next()?, row.next()?);
        Ok((lot, until, format!("{} · {}", row.next::<String>()?, row.next::<String>()?)))
    })?;
    let mut tasks = Vec::new();
    for (lot, until, title) in invited {
        if offer::of_bidder(tx, lot, offer::bidder(app, lot, provider.company))?.is_none() {
            tasks.push(task(("final-offer-waiting", "final-offer-waiting-act"), title, lot, Some(until)));
        }
    }
    Ok(tasks)
}

fn task((what, act): (&'static str, &'static str), title: String, lot: Id<Lot>, due: Option<Timestamp>) -> Task {
    let (args, path) = (vec![("title", title.into())], format!("/lots/{lot}/negotiation"));
    Task { what, args, path, due, glyph: "warn", act }
}
