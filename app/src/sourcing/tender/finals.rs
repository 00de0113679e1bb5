//! The deadline of final offers (最后报价) of a negotiated lot, as the clock engine applies it: with too few the lot fails, and they are
//! destroyed unopened; else a job opens them. Nobody counts them before. What is talked about meanwhile is a room of its own.

use super::clock::{move_on, set_lot};
use super::criteria;
use super::event::{Awarded, Failed, FinalsClosed, LotFailed};
use super::lot::{Lot, State, outcome};
use super::store;
use super::tender::{State as Stage, Tender, Unready};
use super::unopened::{discard_lying, forget_drafts};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Tx, Value};
use kit::event;
use kit::id::Id;
use kit::{job, values};

/// The job that opens a lot's final offers after their deadline. Payload: the lot's id.
pub const OPENING: &str = "final-offers.open";

/// What a negotiated tender needs beside what every other does.
///
/// # Errors
/// [`db::Error`].
pub(super) fn unready(tx: &mut Tx, tender: &Tender) -> Result<Vec<Unready>, db::Error> {
    if tender.method.profile().negotiation.is_none() {
        return Ok(Vec::new());
    }
    let unscored = criteria::find(tx, tender.id)?.is_none().then_some(Unready::Unscored);
    let hands = tender.hands.as_ref().map(|_| Unready::HandsNegotiated);
    Ok(unscored.into_iter().chain(hands).collect())
}

/// Begins the negotiation of a lot whose first offers have just been opened. Part of that unit.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, tender: Id<Tender>, lot: Id<Lot>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql =
        "INSERT INTO negotiation (lot, tender, state, round, began_at, version) VALUES ($1, $2, 'talks', 1, $3, 1)";
    tx.execute(sql, values![lot, tender, now])?;
    set_lot(tx, lot, State::Negotiation)
}

/// Ends the deadlines of a tender's lots that have passed at this instant. Answers how all its lots stand then.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn close(tx: &mut Tx, tender: &Tender) -> Result<Vec<State>, Error> {
    let now = tx.now();
    let sql = "SELECT n.lot, n.least_offers FROM negotiation n JOIN lot l ON l.id = n.lot WHERE n.tender = $1 \
               AND n.state = 'invited' AND n.until <= $2 AND l.state = 'negotiation' ORDER BY l.position, l.id";
    let due: Vec<(Id<Lot>, i64)> = tx.all(sql, values![tender.id, now], |row| Ok((row.next()?, row.next()?)))?;
    for (lot, least) in due {
        end(tx, tender, lot, least)?;
    }
    Ok(store::lots(tx, tender.id)?.into_iter().map(|lot| lot.state).collect())
}

/// Has the negotiation of a lot come to this state.
const MOVE: &str = "UPDATE negotiation SET state = $1, version = version + 1 WHERE lot = $2";

/// Ends the deadline of a lot's final offers: with fewer than `least` it fails, else they are opened.
fn end(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, least: i64) -> Result<(), Error> {
    forget_drafts(tx, lot)?;
    if sealed(tx, lot)? < least {
        return fail(tx, tender, lot);
    }
    let now = tx.now();
    tx.execute(MOVE, values!["closed", lot])?;
    job::enqueue(tx, OPENING, lot.as_bytes(), now)?;
    event::record(tx, tender.scope(), &FinalsClosed { tender: tender.id, lot, failed: false })?;
    Ok(())
}

/// The one place that counts sealed final offers: in the unit that ends their deadline, and in one that takes back one of them after it.
fn sealed(tx: &mut Tx, lot: Id<Lot>) -> Result<i64, db::Error> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM final_offer WHERE lot = $1 AND state = 'sealed'";
    tx.one(sql, values![lot], |row| row.next())
}

/// A lot whose final offers are too few: they are destroyed unopened.
fn fail(tx: &mut Tx, tender: &Tender, lot: Id<Lot>) -> Result<(), Error> {
    tx.execute(MOVE, values!["failed", lot])?;
    destroy(tx, "lot = $1", values![lot])?;
    set_lot(tx, lot, State::Failed)?;
    event::record(tx, tender.scope(), &LotFailed { tender: tender.id, lot })?;
    event::record(tx, tender.scope(), &FinalsClosed { tender: tender.id, lot, failed: true })?;
    Ok(())
}

/// What becomes of the tender once its last lot has failed so.
///
/// # Errors
/// [`db::Error`].
pub(super) fn conclude(tx: &mut Tx, tender: &Tender) -> Result<(), db::Error> {
    match tender.state {
        Stage::Failed => event::record(tx, tender.scope(), &Failed { tender: tender.id }).map(drop),
        Stage::Awarded => event::record(tx, tender.scope(), &Awarded { tender: tender.id }).map(drop),
        _ => Ok(()),
    }
}

/// The keyed hash that stands in the row of a final offer instead of its company: another than that of its bid, whose company is known by then.
pub fn bidder(app: &App, lot: Id<Lot>, company: Id<Company>) -> [u8; 32] {
    app.mark("negotiation/final-offer", &[lot.as_bytes(), company.as_bytes()])
}

/// Takes back what a bidder has drafted and given that leaves before the final offers of its lot are open: it is never opened.
///
/// Before their hour that is all: who has left is not counted then. Between the hour and the opening it was counted, and what was left could be
/// opened and evaluated although fewer remain than the least (财库〔2014〕214号 art. 21: three, or two where the invitation says why). So they are
/// counted again in this unit, and with too few the lot fails as at the hour, with the same events. Once they are open nothing is counted any
/// more, here as in every other method, whose bids are counted at the deadline alone: a bid that lapses then cannot win, and the others are
/// evaluated.
///
/// # Errors
/// [`Error`] of the database.
pub fn withdraw(tx: &mut Tx, app: &App, tender: &Tender, lot: Id<Lot>, company: Id<Company>) -> Result<(), Error> {
    let mark = bidder(app, lot, company);
    tx.execute("DELETE FROM bid_draft WHERE lot = $1 AND bidder = $2", values![lot, mark])?;
    destroy(tx, "lot = $1 AND bidder = $2", values![lot, mark])?;
    let sql = "SELECT least_offers FROM negotiation WHERE lot = $1 AND state = 'closed'";
    let least: Option<i64> = tx.first(sql, values![lot], |row| row.next())?;
    let Some(least) = least else { return Ok(()) };
    if sealed(tx, lot)? >= least {
        return Ok(());
    }
    fail(tx, tender, lot)?;
    let states: Vec<_> = store::lots(tx, tender.id)?.into_iter().map(|lot| lot.state).collect();
    let tender = Tender { state: outcome(&states), ..tender.clone() };
    conclude(tx, &tender)?;
    Ok(move_on(tx, &tender)?)
}

/// Destroys sealed final offers, unopened. `which`: a condition with its values, as `lot = $1`.
///
/// # Errors
/// [`db::Error`].
pub(super) fn destroy(tx: &mut Tx, which: &str, values: &[Value]) -> Result<(), db::Error> {
    let sealed = format!("FROM final_offer WHERE state = 'sealed' AND {which}");
    discard_lying(tx, &sealed, values)?;
    let sql = format!(
        "UPDATE final_offer SET state = 'unopened', envelope = NULL, blob = NULL WHERE state = 'sealed' AND {which}"
    );
    tx.execute(&sql, values).map(drop)
}

/// When the next deadline of final offers of a tender is.
///
/// # Errors
/// [`db::Error`].
pub(super) fn next(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Timestamp>, db::Error> {
    let sql = "SELECT CAST(MIN(n.until) AS BIGINT) FROM negotiation n JOIN lot l ON l.id = n.lot \
               WHERE n.tender = $1 AND n.state = 'invited' AND l.state = 'negotiation'";
    tx.one(sql, values![tender], |row| row.next())
}
