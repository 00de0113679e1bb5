//! Editions: each that was published stays readable, by whoever may read the demand.

use super::demand::{Content, Demand};
use super::store::read_content;
use crate::web::{Error, Instant};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An edition (版).
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DemandEdition")]
pub struct Edition {
    /// Its number, from 1.
    pub number: i64,
    /// When it was published.
    #[schemars(with = "Instant")]
    pub published_at: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
}

/// Keeps the newest edition as it is public now.
///
/// # Errors
/// [`db::Error`].
pub(super) fn keep(tx: &mut Tx, id: Id<Demand>) -> Result<(), db::Error> {
    tx.execute(
        "INSERT INTO demand_edition (demand, number, title, summary, category, region, budget, budget_shown, wanted_on, \
         published_at) SELECT id, edition, title, summary, category, region, budget, budget_shown, wanted_on, \
         COALESCE(changed_at, published_at) FROM demand WHERE id = $1",
        values![id],
    )
    .map(drop)
}

/// One of a demand that its reader may read, as they may.
///
/// # Errors
/// 404.
pub(super) fn find(tx: &mut Tx, demand: &Demand, number: i64, is_own: bool) -> Result<Edition, Error> {
    let sql = "SELECT number, published_at, title, summary, category, region, budget, budget_shown, wanted_on \
               FROM demand_edition WHERE demand = $1 AND number = $2";
    let found = tx.first(sql, values![demand.id, number], |row| {
        Ok(Edition { number: row.next()?, published_at: row.next()?, content: read_content(row)? })
    })?;
    let edition = found.ok_or_else(Error::not_found)?;
    Ok(if is_own { edition } else { Edition { content: edition.content.shown(), ..edition } })
}

/// Numbers and times of a demand's editions, newest first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<(i64, Timestamp)>, db::Error> {
    let sql = "SELECT number, published_at FROM demand_edition WHERE demand = $1 ORDER BY number DESC LIMIT 200";
    tx.all(sql, values![demand], |row| Ok((row.next()?, row.next()?)))
}
