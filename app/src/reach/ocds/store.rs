//! Every query about releases. They are public: nobody is asked who they are, and nothing but releases is read.

use super::release::Release;
use crate::app::App;
use crate::sourcing::tender::Tender;
use jiff::Timestamp;
use kit::db::{Error, Row, Tx};
use kit::id::Id;
use kit::values;
use std::collections::BTreeMap;

/// Releases of a page of the feed.
pub const PAGE: i64 = 100;

/// A release that is to be stored.
pub struct New<'a> {
    /// Its id.
    pub id: Id<Release>,
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Its date.
    pub at: Timestamp,
    /// Whether it tells an award.
    pub is_award: bool,
    /// Itself, as it will be served.
    pub body: &'a str,
}

/// The newest release of a tender.
pub struct Last {
    /// Its id.
    pub id: Id<Release>,
    /// Its date.
    pub at: Timestamp,
}

/// A release as it is served.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its place in the feed, from 1.
    pub number: i64,
    /// Its date.
    pub at: Timestamp,
    /// Its JSON.
    pub body: String,
}

/// The ocid of a tender. The first to ask makes it, under the prefix that is configured then.
///
/// # Errors
/// [`Error`] of the database.
pub fn ocid(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<String, Error> {
    let made = format!("{}-{tender}", app.config().ocds_prefix);
    let sql = "INSERT INTO ocds_process (tender, ocid) VALUES ($1, $2) ON CONFLICT (tender) DO NOTHING";
    tx.execute(sql, values![tender, made])?;
    tx.one("SELECT ocid FROM ocds_process WHERE tender = $1", values![tender], |row| row.next())
}

/// The newest release of a tender; none before the first.
///
/// # Errors
/// [`Error`] of the database.
pub fn last(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Last>, Error> {
    let sql = "SELECT id, at FROM ocds_release WHERE tender = $1 ORDER BY number DESC LIMIT 1";
    tx.first(sql, values![tender], |row| Ok(Last { id: row.next()?, at: row.next()? }))
}

/// How many awards of a tender are told.
///
/// # Errors
/// [`Error`] of the database.
pub fn awards(tx: &mut Tx, tender: Id<Tender>) -> Result<usize, Error> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM ocds_release WHERE tender = $1 AND is_award = 1";
    let count: i64 = tx.one(sql, values![tender], |row| row.next())?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Stores a release after all that there are.
///
/// # Errors
/// [`Error`] of the database.
pub fn insert(tx: &mut Tx, new: &New<'_>) -> Result<(), Error> {
    let number = newest(tx)? + 1;
    let sql = "INSERT INTO ocds_release (number, id, tender, at, is_award, body) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, values![number, new.id, new.tender, new.at, new.is_award, new.body]).map(drop)
}

/// The number of the newest release; 0 for none.
///
/// # Errors
/// [`Error`] of the database.
pub fn newest(tx: &mut Tx) -> Result<i64, Error> {
    tx.one("SELECT COALESCE(MAX(number), 0) FROM ocds_release", &[], |row| row.next())
}

/// The releases after this number, at most a page and one more.
///
/// # Errors
/// [`Error`] of the database.
pub fn page(tx: &mut Tx, after: i64) -> Result<Vec<Stored>, Error> {
    let sql = "SELECT number, at, body FROM ocds_release WHERE number > $1 ORDER BY number LIMIT $2";
    tx.all(sql, values![after, PAGE + 1], read)
}

/// A release.
///
/// # Errors
/// [`Error`] of the database.
pub fn find(tx: &mut Tx, id: Id<Release>) -> Result<Option<Stored>, Error> {
    tx.first("SELECT number, at, body FROM ocds_release WHERE id = $1", values![id], read)
}

/// All releases of a process, the oldest first; none where there is no such process.
///
/// # Errors
/// [`Error`] of the database.
pub fn of_process(tx: &mut Tx, ocid: &str) -> Result<Vec<Stored>, Error> {
    let sql = "SELECT r.number, r.at, r.body FROM ocds_process p JOIN ocds_release r ON r.tender = p.tender \
               WHERE p.ocid = $1 ORDER BY r.number";
    tx.all(sql, values![ocid], read)
}

/// The processes that something was told of last, at most so many: the ocid, and the releases as they are served, the oldest first.
///
/// # Errors
/// [`Error`] of the database.
pub fn processes(tx: &mut Tx, most: i64) -> Result<Vec<(String, Vec<String>)>, Error> {
    let sql = "SELECT p.ocid FROM ocds_process p JOIN (SELECT tender, MAX(number) AS newest FROM ocds_release GROUP BY tender) r \
               ON r.tender = p.tender ORDER BY r.newest DESC LIMIT $1";
    let ocids: Vec<String> = tx.all(sql, values![most], |row| row.next())?;
    let keys: Vec<_> = ocids.iter().map(String::as_str).collect();
    let sql = |places: &str| {
        format!(
            "SELECT p.ocid, r.body FROM ocds_process p JOIN ocds_release r ON r.tender = p.tender \
             WHERE p.ocid IN ({places}) ORDER BY r.number"
        )
    };
    let mut bodies = BTreeMap::<String, Vec<String>>::new();
    for (ocid, body) in tx.among(&keys, sql, |row| Ok((row.next::<String>()?, row.next::<String>()?)))? {
        bodies.entry(ocid).or_default().push(body);
    }
    let releases = |ocid: String| {
        let bodies = bodies.remove(&ocid).unwrap_or_default();
        (ocid, bodies)
    };
    Ok(ocids.into_iter().map(releases).collect())
}

fn read(row: &mut Row<'_>) -> Result<Stored, Error> {
    Ok(Stored { number: row.next()?, at: row.next()?, body: row.next()? })
}
