//! Queries of copies.

use super::page::Copy;
use super::{Export, job};
use crate::app::{App, REGION};
use crate::discard::discard;
use crate::identity::account::{Account, Owner};
use crate::web::{Erased, Error, Gone, Person, Said};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::period;
use serde::Serialize;
use vault::Subject;

/// The steps of making one: values opened, records gathered, archive sealed.
pub const STEPS: i64 = 3;

/// Something happened to a copy. Ids only.
#[derive(Serialize)]
struct Changed {
    export: Id<Export>,
    /// asked, ready, fetched, ended, denied.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "export.changed";
}

fn record(tx: &mut Tx, subject: Id<Subject>, export: Id<Export>, act: &'static str) -> Result<(), db::Error> {
    let scope = Scope { actor: Some(*subject.as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Changed { export, act }).map(drop)
}

const COLUMNS: &str = "id, state, step, asked_at, ends_at, over_at, size, sha256 FROM data_export";

fn read(row: &mut Row<'_>) -> Result<Copy, db::Error> {
    Ok(Copy {
        id: row.next()?,
        state: row.next()?,
        step: row.next()?,
        steps: STEPS,
        asked_at: row.next()?,
        ends_at: row.next()?,
        over_at: row.next()?,
        size: row.next()?,
        sha256: row.next::<Option<[u8; 32]>>()?.map(hex::encode),
    })
}

/// A person's copies, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Copy>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE subject = $1 ORDER BY asked_at DESC, id DESC LIMIT 20");
    tx.all(&sql, values![subject], read)
}

/// Leaves a copy to a job. One that waits to be fetched makes room for it; the same id again is the same copy.
///
/// # Errors
/// 409 `export-under-way` while another is being made.
pub fn ask(tx: &mut Tx, person: &Person, id: Id<Export>) -> Result<Copy, Error> {
    let (now, subject) = (tx.now(), person.subject());
    let copies = list(tx, subject)?;
    if let Some(same) = copies.iter().find(|copy| copy.id == id) {
        return Ok(same.clone());
    }
    if copies.iter().any(|copy| copy.state == "asked") {
        return Err(Error::conflict("export-under-way"));
    }
    for before in copies.iter().filter(|copy| copy.state == "ready") {
        end(tx, before.id, "ended")?;
    }
    let inserted = tx.execute(
        "INSERT INTO data_export (id, subject, account, state, step, asked_at) VALUES ($1, $2, $3, 'asked', 0, $4) \
         ON CONFLICT (id) DO NOTHING",
        values![id, subject, person.account(), now],
    )?;
    if inserted == 0 {
        return Err(Error::not_found());
    }
    record(tx, subject, id, "asked")?;
    kit::job::enqueue(tx, job::KIND, id.as_bytes(), now)?;
    Ok(tx.one(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?)
}

/// Whose a copy is: the person, and the account that letters go to.
pub type Whose = (Id<Subject>, Id<Account>);

/// Whose copy is to be made, if it still is.
///
/// # Errors
/// [`db::Error`].
pub fn asked(tx: &mut Tx, id: Id<Export>) -> Result<Option<Whose>, db::Error> {
    let sql = "SELECT subject, account FROM data_export WHERE id = $1 AND state = 'asked'";
    tx.first(sql, values![id], |row| Ok((row.next()?, row.next()?)))
}

/// The account that asked for a copy, and its person.
///
/// # Errors
/// [`db::Error`].
pub fn owner(tx: &mut Tx, id: Id<Export>) -> Result<Option<Owner>, db::Error> {
    let sql = "SELECT account, subject FROM data_export WHERE id = $1";
    tx.first(sql, values![id], |row| Ok((row.next()?, row.next()?)))
}

/// Notes how far it has come.
///
/// # Errors
/// [`db::Error`].
pub fn step(tx: &mut Tx, id: Id<Export>, step: i64) -> Result<(), db::Error> {
    tx.execute("UPDATE data_export SET step = $1 WHERE id = $2 AND state = 'asked'", values![step, id]).map(drop)
}

/// A copy that has been made.
#[derive(Clone)]
pub struct Made {
    pub blob: String,
    /// Its key, sealed under the person's.
    pub identity: Vec<u8>,
    /// Bytes of the archive.
    pub size: i64,
    pub sha256: [u8; 32],
}

/// It can be fetched from now on; the person is told. Answers whether it was still wanted.
///
/// # Errors
/// [`db::Error`].
pub fn ready(tx: &mut Tx, id: Id<Export>, made: &Made) -> Result<bool, db::Error> {
    let Some((subject, _)) = asked(tx, id)? else { return Ok(false) };
    let now = tx.now();
    let ends = now.checked_add(SignedDuration::from_hours(period::EXPORT.hours())).unwrap_or(now);
    tx.execute(
        "UPDATE data_export SET state = 'ready', step = $1, ready_at = $2, ends_at = $3, blob = $4, identity = $5, \
         size = $6, sha256 = $7 WHERE id = $8",
        values![STEPS, now, ends, &made.blob, made.identity.clone(), made.size, &made.sha256, id],
    )?;
    record(tx, subject, id, "ready")?;
    Ok(true)
}

/// A copy as it lies.
pub struct Kept {
    pub subject: Id<Subject>,
    pub blob: String,
    pub identity: Vec<u8>,
}

/// The copy, while it can be fetched.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Export>) -> Result<Option<Kept>, db::Error> {
    let now = tx.now();
    let sql = "SELECT subject, blob, identity FROM data_export WHERE id = $1 AND state = 'ready' AND ends_at > $2";
    tx.first(sql, values![id, now], |row| Ok(Kept { subject: row.next()?, blob: row.next()?, identity: row.next()? }))
}

/// It is handed over: nobody has it a second time. Answers whether it was there.
///
/// # Errors
/// [`db::Error`].
pub fn fetched(tx: &mut Tx, person: &Person, id: Id<Export>) -> Result<bool, db::Error> {
    let theirs = find(tx, id)?.is_some_and(|kept| kept.subject == person.subject());
    if theirs {
        end(tx, id, "fetched")?;
    }
    Ok(theirs)
}

/// It is over: file and key go.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, id: Id<Export>, state: &'static str) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "SELECT subject, blob FROM data_export WHERE id = $1 AND state IN ('asked', 'ready')";
    let found = tx.first(sql, values![id], |row| Ok((row.next::<Id<Subject>>()?, row.next::<Option<String>>()?)))?;
    let Some((subject, blob)) = found else { return Ok(()) };
    tx.execute(
        "UPDATE data_export SET state = $1, over_at = $2, blob = NULL, identity = NULL WHERE id = $3",
        values![state, now, id],
    )?;
    if let Some(blob) = blob {
        discard(tx, REGION, &blob)?;
    }
    record(tx, subject, id, state)
}

/// Whoever leaves takes no copy along that is not fetched yet: file and key go in the unit that erases them.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let sql = "SELECT id FROM data_export WHERE subject = $1 AND state IN ('asked', 'ready')";
    let open: Vec<Id<Export>> = tx.all(sql, values![gone.subject], |row| row.next())?;
    for id in &open {
        end(tx, *id, "ended")?;
    }
    Ok(vec![Erased::new("erased-exports", open.len() as u64)])
}

/// Notes an attempt at one of the person's own that is over; of others nothing is told, and nothing is there to be opened.
///
/// # Errors
/// [`db::Error`].
pub fn deny(tx: &mut Tx, person: &Person, id: Id<Export>) -> Result<(), db::Error> {
    let sql = "SELECT 1 FROM data_export WHERE id = $1";
    if tx.first(sql, values![id], |row| row.next::<i64>())?.is_some() {
        record(tx, person.subject(), id, "denied")?;
    }
    Ok(())
}

/// Copies whose time has run out, or whose person has left; at most 100.
///
/// # Errors
/// [`db::Error`].
pub fn outlived(tx: &mut Tx) -> Result<Vec<Id<Export>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT e.id FROM data_export e JOIN subject s ON s.id = e.subject \
         WHERE (e.state = 'ready' AND (e.ends_at <= $1 OR s.standing = 'destroyed')) \
         OR (e.state = 'asked' AND s.standing = 'destroyed') ORDER BY e.asked_at, e.id LIMIT 100";
    tx.all(sql, values![now], |row| row.next())
}

/// How it stands, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let newest = list(tx, person.subject())?.into_iter().next();
    Ok(match newest {
        Some(copy) if copy.state == "asked" => Said::new("export-state-asked"),
        Some(copy) if copy.state == "ready" => {
            Said::new("export-state-ready").with("at", copy.ends_at.unwrap_or(Timestamp::UNIX_EPOCH))
        }
        Some(copy) => Said::new("export-state-last").with("at", copy.asked_at),
        None => Said::new("export-state-none"),
    })
}
