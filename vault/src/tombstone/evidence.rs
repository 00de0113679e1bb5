//! The evidence about who was erased ends, too: what was agreed and consented to, and which openings concerned them.

use jiff::{Timestamp, tz::TimeZone};
use kit::{db::Tx, values};

use super::Tombstone;
use crate::{Error, Id, Subject};

/// How many rows of one person one unit deletes at most.
const STEP: i64 = 500;

/// The first person whose account ended so long ago that the evidence has to end; `months` are the class's.
///
/// # Errors
/// [`Error::Db`].
pub fn outlived(tx: &mut Tx, months: u32) -> Result<Option<Tombstone>, Error> {
    let before = months_before(tx.now(), months);
    let sql =
        "SELECT subject, at FROM tombstone WHERE evidence_ended_at IS NULL AND at <= $1 ORDER BY at, subject LIMIT 1";
    Ok(tx.first(sql, values![before], super::read)?)
}

/// Deletes what the vault keeps of them, some rows at a time. Answers how many; none when nothing is left.
///
/// # Errors
/// [`Error::Db`].
pub fn forget(tx: &mut Tx, subject: Id<Subject>) -> Result<u64, Error> {
    let mut gone = tx.execute("DELETE FROM consent_state WHERE holder = $1", values![subject])?;
    let sql = "SELECT id FROM consent_event WHERE holder = $1 ORDER BY number LIMIT $2";
    for id in tx.all(sql, values![subject, STEP], |row| row.next::<[u8; 16]>())? {
        gone += tx.execute("DELETE FROM consent_event WHERE id = $1", values![id])?;
    }
    let sql = "SELECT opening FROM opening_subject WHERE subject = $1 LIMIT $2";
    for opening in tx.all(sql, values![subject, STEP], |row| row.next::<[u8; 16]>())? {
        let sql = "DELETE FROM opening_subject WHERE subject = $1 AND opening = $2";
        gone += tx.execute(sql, values![subject, opening])?;
    }
    Ok(gone)
}

/// Notes that nothing is left.
///
/// # Errors
/// [`Error::Db`].
pub fn ended(tx: &mut Tx, subject: Id<Subject>) -> Result<(), Error> {
    let now = tx.now();
    let sql = "UPDATE tombstone SET evidence_ended_at = $1 WHERE subject = $2";
    Ok(tx.execute(sql, values![now, subject]).map(drop)?)
}

/// So many months of the calendar ago, in UTC.
fn months_before(now: Timestamp, months: u32) -> Timestamp {
    let date = now.to_zoned_datetime(TimeZone::UTC).date();
    let then = date.checked_sub(jiff::Span::new().months(i64::from(months))).unwrap_or(date);
    TimeZone::UTC.to_timestamp(then.at(0, 0, 0, 0)).unwrap_or(now)
}
