//! Queries of requests. What a person may read is theirs; the officer's desk calls the rest with the operator's right.

use super::due::due;
use super::page::Complaint as Line;
use super::{Complaint, Kind, TEXT};
use crate::app::App;
use crate::identity::account::Owner;
use crate::web::{Column, Datum, Error, Operator, OperatorDuty, Person, Queue, Said};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{RequestText, Sealed, Subject};

/// Something happened to a request. Ids and codes only.
#[derive(Serialize)]
struct Changed {
    complaint: Id<Complaint>,
    kind: &'static str,
    /// asked, claimed, answered, reopened.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "complaint.changed";
}

fn record(tx: &mut Tx, actor: Id<Subject>, line: &Line, act: &'static str) -> Result<(), db::Error> {
    let scope = Scope { actor: Some(*actor.as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Changed { complaint: line.id, kind: line.kind.code(), act }).map(drop)
}

const COLUMNS: &str = "id, kind, state, reopened, claimed_by, asked_at, due_at, answered_at FROM complaint";

fn read(row: &mut Row<'_>, now: Timestamp) -> Result<Line, db::Error> {
    let (id, kind): (Id<Complaint>, String) = (row.next()?, row.next()?);
    let answered = row.next::<String>()? == "answered";
    let reopened = row.next()?;
    let claimed = row.next::<Option<[u8; 16]>>()?.is_some();
    let (asked_at, due_at, answered_at): (Timestamp, Timestamp, _) = (row.next()?, row.next()?, row.next()?);
    let kind = Kind::of(&kind).ok_or(db::Error::Missing)?;
    let overdue = !answered && due_at < now;
    Ok(Line { id, kind, answered, reopened, claimed, asked_at, due_at, answered_at, overdue })
}

/// A text sealed for its place, before the unit that stores it.
#[derive(Clone)]
pub struct Texts {
    id: Id<RequestText>,
    sealed: Vec<u8>,
}

/// Seals what somebody wrote under the person's key, whoever wrote it.
///
/// # Errors
/// As [`vault::Vault::seal`].
pub async fn seal(app: &App, subject: Id<Subject>, text: &RequestText) -> Result<Texts, vault::Error> {
    let id = app.random().id();
    Ok(Texts { id, sealed: app.vault().seal(TEXT, subject, id, text).await?.bytes().to_vec() })
}

fn say(tx: &mut Tx, of: Id<Complaint>, subject: Id<Subject>, by_officer: bool, text: &Texts) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO complaint_message (id, complaint, subject, by_officer, text, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![text.id, of, subject, i64::from(by_officer), text.sealed.clone(), now],
    )
    .map(drop)
}

/// Stores a request with its day. The same id again is the same request.
///
/// # Errors
/// 404 when the id is another person's.
pub fn ask(
    tx: &mut Tx,
    person: &Person,
    (id, kind): (Id<Complaint>, Kind),
    text: &Texts,
    zone: &TimeZone,
) -> Result<Line, Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO complaint (id, subject, account, kind, state, asked_at, due_at, reopened) \
         VALUES ($1, $2, $3, $4, 'open', $5, $6, 0) ON CONFLICT (id) DO NOTHING",
        values![id, person.subject(), person.account(), kind.code(), now, due(now, kind.days(), zone)],
    )?;
    if inserted == 1 {
        say(tx, id, person.subject(), false, text)?;
        let line = own(tx, person, id)?.ok_or_else(Error::not_found)?;
        record(tx, person.subject(), &line, "asked")?;
    }
    own(tx, person, id)?.ok_or_else(Error::not_found)
}

/// A person's own request.
///
/// # Errors
/// [`db::Error`].
pub fn own(tx: &mut Tx, person: &Person, id: Id<Complaint>) -> Result<Option<Line>, db::Error> {
    let now = tx.now();
    let sql = format!("SELECT {COLUMNS} WHERE id = $1 AND subject = $2");
    tx.first(&sql, values![id, person.subject()], |row| read(row, now))
}

/// A person's requests, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, person: &Person) -> Result<Vec<Line>, db::Error> {
    let now = tx.now();
    let sql = format!("SELECT {COLUMNS} WHERE subject = $1 ORDER BY asked_at DESC, id DESC LIMIT 100");
    tx.all(&sql, values![person.subject()], |row| read(row, now))
}

/// Asks again: the answer is not enough. Once, with a new day.
///
/// # Errors
/// 404; 409 `complaint-not-answered`, `complaint-reopened`.
pub fn reopen(tx: &mut Tx, person: &Person, id: Id<Complaint>, text: &Texts, zone: &TimeZone) -> Result<Line, Error> {
    let line = own(tx, person, id)?.ok_or_else(Error::not_found)?;
    if line.reopened {
        return Err(Error::conflict("complaint-reopened"));
    }
    let now = tx.now();
    let changed = tx.execute(
        "UPDATE complaint SET state = 'open', reopened = 1, due_at = $1, reminded_at = NULL \
         WHERE id = $2 AND state = 'answered' AND reopened = 0",
        values![due(now, line.kind.days(), zone), id],
    )?;
    if changed == 0 {
        return Err(Error::conflict("complaint-not-answered"));
    }
    say(tx, id, person.subject(), false, text)?;
    record(tx, person.subject(), &line, "reopened")?;
    own(tx, person, id)?.ok_or_else(Error::not_found)
}

/// A text as it lies: by the officer, when, sealed.
pub type Lying = (bool, Timestamp, Sealed<RequestText>);

/// The texts of a request, the oldest first.
///
/// # Errors
/// [`db::Error`].
pub fn sealed(tx: &mut Tx, id: Id<Complaint>) -> Result<Vec<Lying>, db::Error> {
    let sql = "SELECT id, subject, by_officer, at, text FROM complaint_message WHERE complaint = $1 ORDER BY at, id";
    tx.all(sql, values![id], |row| {
        let (message, subject): (Id<RequestText>, Id<Subject>) = (row.next()?, row.next()?);
        let (by_officer, at) = (row.next()?, row.next()?);
        Ok((by_officer, at, TEXT.load(row.next()?, subject, message)))
    })
}

/// What is held of a person, for the privacy centre.
pub fn held(tx: &mut Tx, subject: Id<Subject>, column: &'static Column) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT id, at, text FROM complaint_message WHERE subject = $1 ORDER BY at DESC, id DESC";
    tx.all(sql, values![subject], |row| {
        let (message, at): (Id<RequestText>, Timestamp) = (row.next()?, row.next()?);
        Ok(column.datum(TEXT.load(row.next()?, subject, message), at, None))
    })
}

/// The officer's queue: what waits, the nearest day first, then what was answered last.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx, _: &Operator) -> Result<Vec<Line>, db::Error> {
    let now = tx.now();
    let open = format!("SELECT {COLUMNS} WHERE state = 'open' ORDER BY due_at, id LIMIT 200");
    let mut all = tx.all(&open, &[], |row| read(row, now))?;
    let done = format!("SELECT {COLUMNS} WHERE state = 'answered' ORDER BY due_at DESC, id DESC LIMIT 50");
    all.extend(tx.all(&done, &[], |row| read(row, now))?);
    Ok(all)
}

/// How many wait, and how many of them too long.
///
/// # Errors
/// [`db::Error`].
pub fn counts(tx: &mut Tx, operator: &Operator) -> Result<(usize, usize), db::Error> {
    let all = queue(tx, operator)?;
    let open = all.iter().filter(|line| !line.answered).count();
    Ok((open, all.iter().filter(|line| line.overdue).count()))
}

/// A request and whose it is, for the officer.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, _: &Operator, id: Id<Complaint>) -> Result<Option<(Line, Id<Subject>)>, db::Error> {
    let now = tx.now();
    let Some(line) = tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], |row| read(row, now))? else {
        return Ok(None);
    };
    let subject = tx.one("SELECT subject FROM complaint WHERE id = $1", values![id], |row| row.next())?;
    Ok(Some((line, subject)))
}

/// An officer takes it up.
///
/// # Errors
/// 404; 409 `complaint-claimed` when another has.
pub fn claim(tx: &mut Tx, operator: &Operator, id: Id<Complaint>) -> Result<Line, Error> {
    operator.still(tx)?;
    let changed = tx.execute(
        "UPDATE complaint SET claimed_by = $1 WHERE id = $2 AND state = 'open' AND (claimed_by IS NULL OR claimed_by = $1)",
        values![operator.account(), id],
    )?;
    let (line, _) = find(tx, operator, id)?.ok_or_else(Error::not_found)?;
    if changed == 0 {
        return Err(Error::conflict("complaint-claimed"));
    }
    record(tx, operator.subject(), &line, "claimed")?;
    Ok(line)
}

/// Answers it; the person is told by what follows the event.
///
/// # Errors
/// 404; 409 `complaint-answered`.
pub fn answer(tx: &mut Tx, operator: &Operator, id: Id<Complaint>, text: &Texts) -> Result<Line, Error> {
    operator.still(tx)?;
    let (_, subject) = find(tx, operator, id)?.ok_or_else(Error::not_found)?;
    let now = tx.now();
    let sql = "UPDATE complaint SET state = 'answered', answered_at = $1 WHERE id = $2 AND state = 'open'";
    if tx.execute(sql, values![now, id])? == 0 {
        return Err(Error::conflict("complaint-answered"));
    }
    say(tx, id, subject, true, text)?;
    let (line, _) = find(tx, operator, id)?.ok_or_else(Error::not_found)?;
    record(tx, operator.subject(), &line, "answered")?;
    Ok(line)
}

/// Whose request it is: the account, and the person.
///
/// # Errors
/// [`db::Error`].
pub fn whose(tx: &mut Tx, id: Id<Complaint>) -> Result<Option<Owner>, db::Error> {
    let sql = "SELECT account, subject FROM complaint WHERE id = $1";
    tx.first(sql, values![id], |row| Ok((row.next()?, row.next()?)))
}

/// How it stands, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let all = list(tx, person)?;
    let open = all.iter().filter(|line| !line.answered).count();
    Ok(Said::new("complaint-state").with("open", open).with("answered", all.len() - open))
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn standing(tx: &mut Tx) -> Result<Queue, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*), CAST(SUM(CASE WHEN claimed_by IS NULL THEN 0 ELSE 1 END) AS BIGINT), \
         CAST(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) AS BIGINT), CAST(MIN(asked_at) AS BIGINT), \
         CAST(MIN(due_at) AS BIGINT) FROM complaint WHERE state = 'open'";
    tx.one(sql, values![now], |row| Queue::read(row, ("privacy-desk", "/desk/privacy", OperatorDuty::PrivacyOfficer)))
}
