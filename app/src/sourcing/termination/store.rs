//! Every query about terminations.

use super::event::Terminated as Happened;
use super::form::Ended;
use super::{job, rule};
use crate::identity::approval;
use crate::sourcing::tender::auction::session;
use crate::sourcing::tender::event::{AuctionsOver, Awarded};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, State, Tender, set_lot};
use crate::web::{Error, Form, Instant, Purchaser};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A termination (终止), which is public.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Termination {
    /// Its id.
    pub id: Id<Termination>,
    /// Why.
    pub reason: String,
    /// The numbers of the lots that it ended.
    pub lots: Vec<i64>,
    /// When.
    #[schemars(with = "Instant")]
    pub decided_at: Timestamp,
}

/// A tender of the buyer's own that can be terminated now.
///
/// # Errors
/// 404, 409 `termination-ended`.
pub fn endable(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = tender::store::own(tx, buyer, id)?;
    match tender.state {
        State::Draft => Err(Error::not_found()),
        state if rule::can_end(state) => Ok(tender),
        _ => Err(Error::conflict("termination-ended")),
    }
}

/// Ends a tender or some of its lots. The same form again changes nothing. No row of a bid is touched here: a job destroys the
/// envelopes, and is left whether there are any or not.
///
/// # Errors
/// 404, 409 `termination-ended`, 412; 422 with the rule that is broken. That the buyer still may is compared before, in this
/// unit.
pub fn publish(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>, given: &Ended, form: &Form) -> Result<(), Error> {
    if is_there(tx, buyer, id, given.id)? {
        return Ok(());
    }
    let mut tender = endable(tx, buyer, id)?;
    if tender.state == State::Auction {
        // A session whose end has passed is over, whether that was noted or not: the buyer does not end it.
        tender::catch_up(tx, id)?;
        tender = endable(tx, buyer, id)?;
    }
    if tender.version != given.version {
        return Err(Error::stale());
    }
    let mut lots = tender::store::lots(tx, id)?;
    let is_endable = |number: &i64| rule::endable(&lots).any(|lot| lot.position == *number);
    if !given.lots.iter().all(is_endable) {
        return Err(form.clone().refuse("lots", "termination-lot-over"));
    }
    let ended = end(tx, &mut lots, &given.lots)?;
    let next = rule::outcome(&lots.iter().map(|lot| lot.state).collect::<Vec<_>>());
    insert(tx, buyer, id, given, &ended)?;
    // What was asked about the tender as it stood, or about one of these lots, is void.
    approval::changed(tx, buyer, id)?;
    for lot in lots.iter().filter(|lot| ended.contains(&lot.position)) {
        approval::changed(tx, buyer, lot.id)?;
    }
    let (whole, awarded) = (next == State::Terminated, next == State::Awarded);
    event::record(tx, tender.scope(), &Happened { tender: id, termination: given.id, whole, awarded })?;
    if awarded {
        event::record(tx, tender.scope(), &Awarded { tender: id })?;
    }
    if tender.state == State::Auction && !matches!(next, State::Auction | State::Terminated) {
        event::record(tx, tender.scope(), &AuctionsOver { tender: id })?;
    }
    tender::move_on(tx, &Tender { state: next, ..tender })?;
    Ok(job::leave(tx, id)?)
}

/// Ends those lots whose numbers are given. Answers the numbers, each once.
fn end(tx: &mut Tx, lots: &mut [Lot], numbers: &[i64]) -> Result<Vec<i64>, db::Error> {
    let mut ended = Vec::new();
    for lot in lots.iter_mut().filter(|lot| numbers.contains(&lot.position)) {
        if lot.state == LotState::Auction {
            session::terminate(tx, lot.tender, lot.id)?;
        }
        set_lot(tx, lot.id, LotState::Terminated)?;
        tender::forget_drafts(tx, lot.id)?;
        lot.state = LotState::Terminated;
        ended.push(lot.position);
    }
    Ok(ended)
}

/// Whether this form has been here. Its id as another tender's is not found.
fn is_there(tx: &mut Tx, buyer: &Purchaser, tender: Id<Tender>, id: Id<Termination>) -> Result<bool, Error> {
    let of = tx.first("SELECT tender FROM termination WHERE id = $1", values![id], |row| row.next::<Id<Tender>>())?;
    match of {
        None => Ok(false),
        Some(of) if of == tender => tender::store::own(tx, buyer, tender).map(|_| true),
        Some(_) => Err(Error::not_found()),
    }
}

fn insert(tx: &mut Tx, buyer: &Purchaser, tender: Id<Tender>, given: &Ended, lots: &[i64]) -> Result<(), Error> {
    let now = tx.now();
    let lots = serde_json::to_string(lots).map_err(Error::fault)?;
    tx.execute(
        "INSERT INTO termination (id, tender, reason, lots, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![given.id, tender, &given.reason, lots, buyer.account(), now],
    )?;
    Ok(())
}

const COLUMNS: &str = "id, reason, lots, decided_at FROM termination";

/// The terminations of a tender, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Termination>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE tender = $1 ORDER BY decided_at DESC, id DESC"), values![tender], read)
}

/// One of them.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Termination>) -> Result<Option<Termination>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

fn read(row: &mut Row<'_>) -> Result<Termination, db::Error> {
    Ok(Termination {
        id: row.next()?,
        reason: row.next()?,
        lots: serde_json::from_str(&row.next::<String>()?).map_err(|e| db::Error::Engine(e.to_string()))?,
        decided_at: row.next()?,
    })
}
