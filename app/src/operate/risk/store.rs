//! Which lots have signals: for the risk duty, without what they say.

use super::kept::facts;
use super::signal::Fact;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Error, Instant, OperatorDuty, Queue, Risk};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A lot with signals.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskLot")]
pub struct Line {
    /// The lot.
    pub lot: Id<Lot>,
    /// Its number in the tender.
    pub position: i64,
    /// What it is.
    pub title: String,
    /// The tender.
    pub tender: Id<Tender>,
    /// What it is called.
    pub tender_title: String,
    /// How many signals there are.
    pub told: i64,
    /// Whether one of them waits for a judgement.
    pub is_waiting: bool,
    /// When the bids were compared.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

const COLUMNS: &str = "SELECT r.lot, l.position, l.title, r.tender, t.title, r.told, r.waiting, r.at FROM risk_assessment r \
     JOIN lot l ON l.id = r.lot JOIN tender t ON t.id = r.tender";

fn read(row: &mut Row<'_>) -> Result<Line, db::Error> {
    Ok(Line {
        lot: row.next()?,
        position: row.next()?,
        title: row.next()?,
        tender: row.next()?,
        tender_title: row.next()?,
        told: row.next()?,
        is_waiting: row.next::<i64>()? == 1,
        at: row.next()?,
    })
}

/// Those that wait, the oldest first; then those that were judged last.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, _: &Risk) -> Result<Vec<Line>, db::Error> {
    let waiting = format!("{COLUMNS} WHERE r.waiting = 1 ORDER BY r.at, r.lot LIMIT 200");
    let judged = format!("{COLUMNS} WHERE r.waiting = 0 AND r.told > 0 ORDER BY r.at DESC, r.lot DESC LIMIT 50");
    let mut all = tx.all(&waiting, &[], read)?;
    all.extend(tx.all(&judged, &[], read)?);
    Ok(all)
}

/// One of them.
///
/// # Errors
/// 404 where there is none, or nothing was found.
pub fn line(tx: &mut Tx, _: &Risk, lot: Id<Lot>) -> Result<Line, Error> {
    let found = tx.first(&format!("{COLUMNS} WHERE r.lot = $1 AND r.told > 0"), values![lot], read)?;
    found.ok_or_else(Error::not_found)
}

/// What the comparison of a lot rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskBasis")]
pub struct Basis {
    /// Bids with a price.
    pub bids: i64,
    /// Envelopes that could not be read, and are left out.
    pub left_out: i64,
    /// How many signals were found; the first of them are kept.
    pub found: i64,
    /// The price screens that have a value.
    pub screens: Vec<Fact>,
    /// Which methods.
    pub method: String,
}

/// That of a lot.
///
/// # Errors
/// [`db::Error`].
pub fn basis(tx: &mut Tx, lot: Id<Lot>) -> Result<Basis, db::Error> {
    let sql = "SELECT bids, left_out, found, screens, method FROM risk_assessment WHERE lot = $1";
    tx.one(sql, values![lot], |row| {
        let (bids, left_out, found, screens) = (row.next()?, row.next()?, row.next()?, row.next::<String>()?);
        Ok(Basis { bids, left_out, found, screens: facts(&screens)?, method: row.next()? })
    })
}

/// How the queue stands. A signal has no day by which it is judged.
///
/// # Errors
/// [`db::Error`].
pub fn standing(tx: &mut Tx) -> Result<Queue, db::Error> {
    let sql = "SELECT count(*), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(MIN(at) AS BIGINT), \
         CAST(NULL AS BIGINT) FROM risk_assessment WHERE waiting = 1";
    tx.one(sql, &[], |row| Queue::read(row, ("risk", "/desk/risk", OperatorDuty::Risk)))
}
