//! Every query of a person's inbox. What is read takes the reader; another's is not there.

use super::kind::{About, Kind};
use super::letter::Told;
use super::reader::Reader;
use super::tell;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, Value};
use kit::id::Id;
use kit::values;

/// A notification.
pub struct Notification;

/// Rows of a page.
pub const PAGE: usize = 30;

/// The most that are counted: more is as good as many.
pub const COUNTED: i64 = 100;

/// How long a notification is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 366);

/// One in an inbox.
pub struct Kept {
    /// Its id.
    pub id: Id<Notification>,
    /// What it tells.
    pub told: Told,
    /// When the last event was told.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

struct Bare {
    id: Id<Notification>,
    kind: String,
    about: [u8; 16],
    times: i64,
    at: Timestamp,
    read_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, kind, about, times, at, read_at FROM notification";

fn bare(row: &mut Row<'_>) -> Result<Bare, db::Error> {
    Ok(Bare {
        id: row.next()?,
        kind: row.next()?,
        about: row.next()?,
        times: row.next()?,
        at: row.next()?,
        read_at: row.next()?,
    })
}

/// With their words' values. A kind that a newer program has told is left out.
fn with_words(tx: &mut Tx, rows: Vec<Bare>) -> Result<Vec<Kept>, db::Error> {
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(kind) = Kind::of(&row.kind) else { continue };
        let told = Told::read(tx, kind, row.about, row.times)?;
        kept.push(Kept { id: row.id, told, at: row.at, read_at: row.read_at });
    }
    Ok(kept)
}

/// Which of an inbox.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What has not been read.
    Unread,
    /// What has.
    Read,
}

/// A page of an inbox, the newest first, after the row with this time and id; one more than [`PAGE`] when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn list(
    tx: &mut Tx,
    reader: Reader,
    part: Part,
    about: Option<About>,
    after: Option<(i64, [u8; 16])>,
) -> Result<Vec<Kept>, db::Error> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16]));
    let is_read = if part == Part::Read { "IS NOT NULL" } else { "IS NULL" };
    let mut sql =
        format!("SELECT {COLUMNS} WHERE reader = $1 AND shown = 1 AND read_at {is_read} AND (at, id) < ($2, $3)");
    let mut values: Vec<Value> = values![reader, at, id, PAGE as i64 + 1].to_vec();
    if let Some(about) = about {
        let kinds = super::kind::ALL.iter().filter(|kind| kind.about == about);
        let places = kinds.map(|kind| {
            values.push(kind.code.into());
            format!("${}", values.len())
        });
        let places: Vec<_> = places.collect();
        sql.push_str(&format!(" AND kind IN ({})", places.join(", ")));
    }
    sql.push_str(" ORDER BY at DESC, id DESC LIMIT $4");
    let rows = tx.all(&sql, &values, bare)?;
    with_words(tx, rows)
}

/// How many have not been read, at most [`COUNTED`].
///
/// # Errors
/// [`db::Error`].
pub fn unread(tx: &mut Tx, reader: Reader) -> Result<i64, db::Error> {
    tx.one(
        "SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM notification WHERE reader = $1 AND read_at IS NULL \
         AND shown = 1 LIMIT $2) AS waiting",
        values![reader, COUNTED],
        |row| row.next(),
    )
}

/// What a notification tells, and whom; none when it is gone or of a kind that only a newer program knows.
///
/// # Errors
/// [`db::Error`].
pub fn told(tx: &mut Tx, id: Id<Notification>) -> Result<Option<(Reader, Told)>, db::Error> {
    let sql = "SELECT reader, kind, about, times FROM notification WHERE id = $1";
    let found = tx.first(sql, values![id], |row| {
        Ok((row.next::<[u8; 32]>()?, row.next::<String>()?, row.next::<[u8; 16]>()?, row.next::<i64>()?))
    })?;
    let Some((reader, kind, about, times)) = found else { return Ok(None) };
    let told = Kind::of(&kind).map(|kind| Told::read(tx, kind, about, times)).transpose()?;
    Ok(told.map(|told| (Reader::from_bytes(reader), told)))
}

/// One of a reader's own.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, reader: Reader, id: Id<Notification>) -> Result<Option<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE id = $1 AND reader = $2 AND shown = 1");
    let rows = tx.first(&sql, values![id, reader], bare)?.into_iter().collect();
    Ok(with_words(tx, rows)?.pop())
}

/// Notes that one has been read, or that it has not; none when it is not the reader's.
///
/// # Errors
/// [`db::Error`].
pub fn mark(tx: &mut Tx, reader: Reader, id: Id<Notification>, read: bool) -> Result<Option<Kept>, db::Error> {
    let read_at = read.then(|| tx.now());
    let sql = "UPDATE notification SET read_at = $1 WHERE id = $2 AND reader = $3 AND \
               CASE WHEN read_at IS NULL THEN 1 ELSE 0 END = $4";
    if tx.execute(sql, values![read_at, id, reader, read])? > 0 {
        tell::changed(tx, reader)?;
    }
    find(tx, reader, id)
}

/// Notes that everything told until an instant has been read. Answers when: by it the act is undone.
///
/// # Errors
/// [`db::Error`].
pub fn mark_all(tx: &mut Tx, reader: Reader, until: Timestamp) -> Result<(Timestamp, u64), db::Error> {
    let now = tx.now();
    let sql = "UPDATE notification SET read_at = $1 WHERE reader = $2 AND read_at IS NULL AND shown = 1 AND at <= $3";
    let count = tx.execute(sql, values![now, reader, until])?;
    if count > 0 {
        tell::changed(tx, reader)?;
    }
    Ok((now, count))
}

/// Undoes it: what was noted at this instant has not been read.
///
/// # Errors
/// [`db::Error`].
pub fn unmark_all(tx: &mut Tx, reader: Reader, at: Timestamp) -> Result<u64, db::Error> {
    let sql = "UPDATE notification SET read_at = NULL WHERE reader = $1 AND read_at = $2";
    let count = tx.execute(sql, values![reader, at])?;
    if count > 0 {
        tell::changed(tx, reader)?;
    }
    Ok(count)
}

/// Deletes all that a reader was told and has chosen. Answers how many notifications there were.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, reader: Reader) -> Result<u64, db::Error> {
    let of = "notification IN (SELECT id FROM notification WHERE reader = $1)";
    tx.execute(&format!("DELETE FROM notification_delivery WHERE {of}"), values![reader])?;
    tx.execute("DELETE FROM notification_cause WHERE reader = $1", values![reader])?;
    tx.execute("DELETE FROM notification_choice WHERE reader = $1", values![reader])?;
    tx.execute("DELETE FROM notification WHERE reader = $1", values![reader])
}

/// Those, at most 100, that have been kept for long enough.
///
/// # Errors
/// [`db::Error`].
pub fn outlived(tx: &mut Tx) -> Result<Vec<Id<Notification>>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    let sql = "SELECT id FROM notification WHERE at < $1 ORDER BY at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

/// Deletes one.
///
/// # Errors
/// [`db::Error`].
pub fn clear(tx: &mut Tx, id: Id<Notification>) -> Result<(), db::Error> {
    for table in ["notification_delivery", "notification_cause"] {
        tx.execute(&format!("DELETE FROM {table} WHERE notification = $1"), values![id])?;
    }
    tx.execute("DELETE FROM notification WHERE id = $1", values![id]).map(drop)
}
