//! The standstill of a lot (公示期): from the publication of its candidates until an instant before which nothing is awarded. The clock
//! engine notes its end. Whether an award is permitted is read from the instants themselves, so that nothing hangs on whether the
//! engine was up.

use super::clock::move_on;
use super::event::StandstillEnded;
use super::lot::{Lot, State};
use super::tender::Tender;
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// Begins the standstill of a lot.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, until: Timestamp) -> Result<(), db::Error> {
    set(tx, tender, lot, State::Candidates, Some(until))
}

/// Ends it before its time: the lot is in evaluation again.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, tender: &Tender, lot: Id<Lot>) -> Result<(), db::Error> {
    set(tx, tender, lot, State::Evaluation, None)
}

fn set(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, state: State, until: Option<Timestamp>) -> Result<(), db::Error> {
    let sql = "UPDATE lot SET state = $1, standstill_until = $2, version = version + 1 WHERE id = $3";
    tx.execute(sql, values![state.code(), until, lot])?;
    move_on(tx, tender)
}

/// Notes the standstills of a tender that are over at this instant.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn note(tx: &mut Tx, tender: &Tender, now: Timestamp) -> Result<(), Error> {
    let sql = "SELECT id FROM lot WHERE tender = $1 AND state = 'candidates' AND standstill_until <= $2 \
               ORDER BY position";
    let over: Vec<Id<Lot>> = tx.all(sql, values![tender.id, now], |row| row.next())?;
    for lot in over {
        tx.execute("UPDATE lot SET standstill_until = NULL, version = version + 1 WHERE id = $1", values![lot])?;
        event::record(tx, tender.scope(), &StandstillEnded { tender: tender.id, lot })?;
    }
    Ok(())
}

/// When the next standstill of a tender ends.
///
/// # Errors
/// [`db::Error`].
pub(super) fn next(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Timestamp>, db::Error> {
    let sql = "SELECT CAST(MIN(standstill_until) AS BIGINT) FROM lot WHERE tender = $1 AND state = 'candidates'";
    tx.one(sql, values![tender], |row| row.next())
}
