//! Signals read from their rows.

use super::judge;
use super::signal::{About, Fact, Signal, State, quality};
use crate::sourcing::tender::Lot;
use crate::web::Error;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;

const COLUMNS: &str = "SELECT id, lot, kind, value, threshold, facts, state, version FROM risk_signal";

/// Numbers by name, as a row keeps them.
///
/// # Errors
/// [`db::Error`] when they are not so.
pub fn facts(json: &str) -> Result<Vec<Fact>, db::Error> {
    let facts: Vec<screens::Fact> = serde_json::from_str(json).map_err(|e| db::Error::Engine(e.to_string()))?;
    Ok(facts.into_iter().map(|fact| Fact { name: fact.name, value: fact.value }).collect())
}

fn row(row: &mut Row<'_>) -> Result<Signal, db::Error> {
    let (id, lot, kind) = (row.next()?, row.next()?, row.next::<String>()?);
    let (value, threshold) = (row.next::<i64>()? as f64 / 1e6, row.next::<i64>()? as f64 / 1e6);
    let facts = facts(&row.next::<String>()?)?;
    let state = State::of(&row.next::<String>()?).ok_or(db::Error::Missing)?;
    let measured = quality(&kind);
    let (bids, judgements) = (Vec::new(), Vec::new());
    Ok(Signal { id, lot, kind, value, threshold, facts, bids, state, version: row.next()?, measured, judgements })
}

fn full(tx: &mut Tx, mut signal: Signal) -> Result<Signal, db::Error> {
    let sql = "SELECT b.id, b.company, b.company_name, b.price, b.received_at FROM risk_signal_bid s \
         JOIN bid b ON b.id = s.bid WHERE s.signal = $1 AND b.company IS NOT NULL AND b.price IS NOT NULL \
         ORDER BY b.price, b.id";
    signal.bids = tx.all(sql, values![signal.id], |row| {
        let (bid, company, name) = (row.next()?, row.next()?, row.next::<Option<String>>()?);
        let company_name = name.unwrap_or_default();
        Ok(About { bid, company, company_name, price: row.next()?, received_at: row.next()? })
    })?;
    signal.judgements = judge::of(tx, signal.id)?;
    Ok(signal)
}

/// One with its bids and its history.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, id: Id<Signal>) -> Result<Signal, Error> {
    let found = tx.first(&format!("{COLUMNS} WHERE id = $1"), values![id], row)?;
    Ok(full(tx, found.ok_or_else(Error::not_found)?)?)
}

/// Those of a lot.
///
/// # Errors
/// [`db::Error`].
pub fn of_lot(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Signal>, db::Error> {
    let found = tx.all(&format!("{COLUMNS} WHERE lot = $1 ORDER BY position, id"), values![lot], row)?;
    found.into_iter().map(|signal| full(tx, signal)).collect()
}
