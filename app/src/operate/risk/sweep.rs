//! Three years after a comparison everything that it has led to goes: signals, judgements, grants and readings.

use crate::app::App;
use crate::sourcing::tender::Lot;
use crate::web::Error;
use crate::work;
use futures::future::BoxFuture;
use jiff::{Span, Timestamp, tz::TimeZone};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// How long it is kept: as long as evidence about a transaction (E-Commerce Law, art. 31).
const YEARS: i32 = 3;

/// How many lots a step takes.
const STEP: i64 = 20;

/// What hangs on a lot, each before what it refers to.
const TABLES: [&str; 6] = [
    "DELETE FROM risk_reading WHERE risk_grant IN (SELECT id FROM risk_grant WHERE lot = $1)",
    "DELETE FROM risk_grant WHERE lot = $1",
    "DELETE FROM risk_judgement WHERE signal IN (SELECT id FROM risk_signal WHERE lot = $1)",
    "DELETE FROM risk_signal_bid WHERE signal IN (SELECT id FROM risk_signal WHERE lot = $1)",
    "DELETE FROM risk_signal WHERE lot = $1",
    "DELETE FROM risk_assessment WHERE lot = $1",
];

fn due(tx: &mut Tx) -> Result<Vec<Id<Lot>>, db::Error> {
    let back = tx.now().to_zoned_datetime(TimeZone::UTC).checked_sub(Span::new().years(YEARS));
    let before = back.map_or(Timestamp::MIN, |at| at.timestamp());
    let sql = "SELECT lot FROM risk_assessment WHERE at < $1 ORDER BY at, lot LIMIT $2";
    tx.all(sql, values![before, STEP], |row| row.next())
}

/// Takes the next lots.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    work::where_due(app, due, clear)
}

fn clear(tx: &mut Tx) -> Result<usize, db::Error> {
    let lots = due(tx)?;
    for lot in &lots {
        for sql in TABLES {
            tx.execute(sql, values![*lot])?;
        }
    }
    Ok(lots.len())
}
