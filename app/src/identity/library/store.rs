//! Every query of the library: always of one company, and for its people who bid.

use super::file::Written;
use super::kind::Kind;
use super::{Changed, Document, Edition, Kept};
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::identity::company::part::permits::SOON;
use crate::web::{Bidder, Error};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;

/// How many documents a company keeps at most.
pub const MOST: i64 = 200;

const COLUMNS: &str = "d.id, d.kind, e.id, e.number, e.content, e.ends_on, e.size, e.region, e.blob, e.filed_at \
     FROM library_document d JOIN library_edition e ON e.document = d.id";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let document = row.next()?;
    let kind = coded(&row.next::<String>()?, Kind::of_code)?;
    let (id, number, content) = (row.next()?, row.next()?, row.next()?);
    let day: Option<String> = row.next()?;
    let ends_on = day.map(|day| day.parse::<Date>()).transpose().map_err(|e| db::Error::Engine(e.to_string()))?;
    let (size, region, blob) = (row.next()?, row.next()?, row.next()?);
    Ok(Kept { document, kind, id, number, content, ends_on, size, region, blob, filed_at: row.next()? })
}

/// The newest edition of each document of a company, the newest document first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, bidder: &Bidder) -> Result<Vec<Kept>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} AND e.number = d.edition WHERE d.company = $1 ORDER BY d.created_at DESC, d.id DESC LIMIT $2"
    );
    tx.all(&sql, values![bidder.company, MOST], read)
}

/// All editions of a document, the newest first.
///
/// # Errors
/// 404.
pub fn editions(tx: &mut Tx, bidder: &Bidder, id: Id<Document>) -> Result<Vec<Kept>, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE d.company = $1 AND d.id = $2 ORDER BY e.number DESC LIMIT 100");
    let found = tx.all(&sql, values![bidder.company, id], read)?;
    if found.is_empty() { Err(Error::not_found()) } else { Ok(found) }
}

/// The newest edition of a document.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, bidder: &Bidder, id: Id<Document>) -> Result<Kept, Error> {
    newest(tx, bidder, id)?.ok_or_else(Error::not_found)
}

fn newest(tx: &mut Tx, bidder: &Bidder, id: Id<Document>) -> Result<Option<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} AND e.number = d.edition WHERE d.company = $1 AND d.id = $2");
    tx.first(&sql, values![bidder.company, id], read)
}

/// One edition, the newest or another.
///
/// # Errors
/// [`db::Error`].
pub fn edition(tx: &mut Tx, bidder: &Bidder, id: Id<Edition>) -> Result<Option<Kept>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE d.company = $1 AND e.id = $2"), values![bidder.company, id], read)
}

/// Keeps a document. The same form again is the same document, with the file that came first.
///
/// # Errors
/// 401, 403 `duties-changed`; 404 when the id is another company's; 409 `library-full`.
pub fn file(tx: &mut Tx, bidder: &Bidder, kind: Kind, new: &Written, zone: &TimeZone) -> Result<(), Error> {
    bidder.still(tx)?;
    if newest(tx, bidder, new.document)?.is_some() {
        return Ok(discard(tx, &new.region, &new.blob)?);
    }
    let count = "SELECT count(*) FROM library_document WHERE company = $1";
    if tx.one(count, values![bidder.company], |row| row.next::<i64>())? >= MOST {
        return Err(Error::conflict("library-full").with("most", MOST));
    }
    let (now, ends) = (tx.now(), Ends::of(new.ends_on, zone));
    let inserted = tx.execute(
        "INSERT INTO library_document (id, company, kind, edition, soon_at, over_at, remind_at, created_at) \
         VALUES ($1, $2, $3, 1, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        values![new.document, bidder.company, kind.code(), ends.soon, ends.over, ends.next(now), now],
    )?;
    if inserted == 0 || !insert(tx, new, 1)? {
        // Another company's row has this id.
        return Err(Error::not_found());
    }
    record(tx, bidder, new.document, "filed")
}

/// Puts another edition in the newest one's place; those before stay. The same form again changes nothing.
///
/// # Errors
/// 401, 403 `duties-changed`, 404, 412.
pub fn replace(tx: &mut Tx, bidder: &Bidder, version: i64, new: &Written, zone: &TimeZone) -> Result<(), Error> {
    bidder.still(tx)?;
    let known = own(tx, bidder, new.document)?;
    if known.id == new.id {
        return Ok(discard(tx, &new.region, &new.blob)?);
    }
    if known.number != version || !insert(tx, new, version + 1)? {
        return Err(Error::stale());
    }
    let (now, ends) = (tx.now(), Ends::of(new.ends_on, zone));
    tx.execute(
        "UPDATE library_document SET edition = $1, soon_at = $2, over_at = $3, remind_at = $4 WHERE id = $5",
        values![version + 1, ends.soon, ends.over, ends.next(now), new.document],
    )?;
    record(tx, bidder, new.document, "replaced")
}

fn insert(tx: &mut Tx, new: &Written, number: i64) -> Result<bool, db::Error> {
    let (now, day) = (tx.now(), new.ends_on.map(|day| day.to_string()));
    let inserted = tx.execute(
        "INSERT INTO library_edition (id, document, number, content, ends_on, size, region, blob, filed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        values![new.id, new.document, number, &new.content, day, new.size, &new.region, &new.blob, now],
    )?;
    Ok(inserted == 1)
}

/// Takes a document out of the library, with all its editions and their files. Bids that it went into keep it.
///
/// # Errors
/// 401, 403 `duties-changed`, 404, 412.
pub fn remove(tx: &mut Tx, bidder: &Bidder, id: Id<Document>, version: i64) -> Result<(), Error> {
    bidder.still(tx)?;
    if own(tx, bidder, id)?.number != version {
        return Err(Error::stale());
    }
    forget(tx, id)?;
    record(tx, bidder, id, "removed")
}

fn forget(tx: &mut Tx, id: Id<Document>) -> Result<(), db::Error> {
    let sql = "SELECT region, blob FROM library_edition WHERE document = $1 ORDER BY number";
    let files = tx.all(sql, values![id], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
    tx.execute("DELETE FROM library_edition WHERE document = $1", values![id])?;
    tx.execute("DELETE FROM library_document WHERE id = $1", values![id])?;
    files.iter().try_for_each(|(region, blob)| discard(tx, region, blob))
}

/// The library of a company that closes goes with it.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    let sql = "SELECT id FROM library_document WHERE company = $1 ORDER BY id";
    let all = tx.all(sql, values![company], |row| row.next::<Id<Document>>())?;
    all.into_iter().try_for_each(|id| forget(tx, id))?;
    Ok(false)
}

/// How many documents end soon or have ended.
///
/// # Errors
/// [`db::Error`].
pub fn near(tx: &mut Tx, company: Id<Company>) -> Result<i64, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*) FROM library_document WHERE company = $1 AND soon_at <= $2";
    tx.one(sql, values![company, now], |row| row.next())
}

fn record(tx: &mut Tx, bidder: &Bidder, document: Id<Document>, act: &str) -> Result<(), Error> {
    event::record(tx, bidder.scope(), &Changed { document, act: act.to_owned() })?;
    Ok(())
}

/// When a document's last day comes near, and when it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// [`SOON`] days before.
    pub soon: Option<Timestamp>,
    /// The midnight after the last day.
    pub over: Option<Timestamp>,
}

impl Ends {
    /// Of a last day; never without one.
    pub fn of(ends_on: Option<Date>, zone: &TimeZone) -> Self {
        let over = ends_on.and_then(|day| over(day, zone));
        let before = SignedDuration::from_hours(24 * i64::from(SOON));
        Self { soon: over.and_then(|at| at.checked_sub(before).ok()), over }
    }

    /// What is told next after an instant.
    pub fn next(self, now: Timestamp) -> Option<Timestamp> {
        [self.soon, self.over].into_iter().flatten().find(|at| now < *at)
    }
}

/// The midnight after a last day.
pub fn over(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned_datetime(zone.clone()).ok()?;
    Some(next.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_ends_is_told_thirty_days_before_and_when_it_is_over() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let ends = Ends::of(Some(date(2027, 1, 31)), &zone);
        let at = |text: &str| text.parse::<Timestamp>().ok();
        assert_eq!((ends.soon, ends.over), (at("2027-01-01T16:00:00Z"), at("2027-01-31T16:00:00Z")));
        assert_eq!(ends.next(at("2026-12-01T00:00:00Z").unwrap()), ends.soon);
        assert_eq!(ends.next(ends.soon.unwrap()), ends.over, "filed late it is told once");
        assert_eq!(ends.next(ends.over.unwrap()), None);
        let endless = Ends::of(None, &zone);
        assert_eq!((endless.over, endless.next(Timestamp::MIN)), (None, None));
    }
}
