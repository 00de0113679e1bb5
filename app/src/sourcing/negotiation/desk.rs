//! Negotiations on the desk: what their buyer has to go on with, and which final offers a bidder still owes. Nothing here tells the buyer
//! of final offers.

use super::offer;
use crate::app::App;
use crate::sourcing::tender::{Lot, finals};
use crate::web::{Actor, Buyer, Provider, Task, Who};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;

pub(super) fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let mut tasks = of_buyer(tx, actor)?;
    tasks.extend(of_bidder(tx, app, actor)?);
    Ok(tasks)
}

fn of_buyer(tx: &mut Tx, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(buyer) = Buyer::of(actor).filter(|_| Who::Purchaser.admits(actor).is_ok()) else { return Ok(Vec::new()) };
    let sql = "SELECT n.lot, t.title, l.title FROM tender t JOIN negotiation n ON n.tender = t.id JOIN lot l ON l.id = n.lot \
               WHERE t.company = $1 AND n.state = 'talks' AND l.state = 'negotiation' \
               ORDER BY t.created_at DESC, t.id DESC, l.position, l.id LIMIT 200";
    tx.all(sql, values![buyer.company], |row| {
        let (lot, title) = (row.next()?, titled(row)?);
        Ok(task(("negotiation-waiting", "negotiation-waiting-act"), title, lot, None))
    })
}

/// A lot by its tender's title and its own.
fn titled(row: &mut Row<'_>) -> Result<String, db::Error> {
    Ok(format!("{} · {}", row.next::<String>()?, row.next::<String>()?))
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
        Ok((lot, until, titled(row)?))
    })?;
    let mut tasks = Vec::new();
    for (lot, until, title) in invited {
        if offer::of_bidder(tx, lot, finals::bidder(app, lot, provider.company))?.is_none() {
            tasks.push(task(("final-offer-waiting", "final-offer-waiting-act"), title, lot, Some(until)));
        }
    }
    Ok(tasks)
}

fn task((what, act): (&'static str, &'static str), title: String, lot: Id<Lot>, due: Option<Timestamp>) -> Task {
    let (args, path) = (vec![("title", title.into())], format!("/lots/{lot}/negotiation"));
    Task { what, args, path, due, glyph: "warn", act }
}
