//! Messages: sealed before the unit, numbered in it, never edited; their author may withdraw one for some minutes.

use super::file::{self, Written};
use super::thread::{self, Side};
use super::{Message, Thread, member, rule};
use crate::identity::company::Company;
use crate::identity::people::Duties;
use crate::web::{Correspondent, Error};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use serde::{Deserialize, Serialize};

/// Messages of a page.
pub const PAGE: usize = 50;

/// How long a message can be withdrawn.
pub const REGRET: SignedDuration = SignedDuration::from_mins(10);

/// A message was sent. Never its text.
#[derive(Serialize, Deserialize)]
pub struct Sent {
    /// In which thread.
    pub thread: Id<Thread>,
    /// Which.
    pub message: Id<Message>,
    /// By which company.
    pub company: Id<Company>,
    /// To which.
    pub to: Id<Company>,
}

impl Fact for Sent {
    const KIND: &'static str = "thread.message";
}

/// A message was withdrawn by its author.
#[derive(Serialize)]
struct Withdrawn {
    thread: Id<Thread>,
    message: Id<Message>,
}

impl Fact for Withdrawn {
    const KIND: &'static str = "thread.message-withdrawn";
}

/// A message as it lies.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<Message>,
    pub thread: Id<Thread>,
    pub n: i64,
    pub company: Id<Company>,
    pub member: i64,
    pub duties: Duties,
    pub body: Option<Vec<u8>>,
    pub sent_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    pub taken_down_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, thread, n, company, member, duties, body, sent_at, withdrawn_at, taken_down_at \
     FROM thread_message";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    Ok(Kept {
        id: row.next()?,
        thread: row.next()?,
        n: row.next()?,
        company: row.next()?,
        member: row.next()?,
        duties: Duties::of_codes(&row.next::<String>()?),
        body: row.next()?,
        sent_at: row.next()?,
        withdrawn_at: row.next()?,
        taken_down_at: row.next()?,
    })
}

/// The newest messages of a thread before this number, the newest first; one more than [`PAGE`] when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, thread: Id<Thread>, before: Option<i64>) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE thread = $1 AND n < $2 ORDER BY n DESC LIMIT $3");
    tx.all(&sql, values![thread, before.unwrap_or(i64::MAX), PAGE as i64 + 1], read)
}

/// How many of the other side's messages come after this number.
///
/// # Errors
/// [`db::Error`].
pub fn unread(tx: &mut Tx, side: &Side, read_up_to: i64) -> Result<i64, db::Error> {
    let sql =
        "SELECT count(*) FROM thread_message WHERE thread = $1 AND company <> $2 AND n > $3 AND withdrawn_at IS NULL";
    tx.one(sql, values![side.thread, side.company, read_up_to], |row| row.next())
}

/// Up to which message somebody of a company has read.
///
/// # Errors
/// [`db::Error`].
pub fn read_by(tx: &mut Tx, thread: Id<Thread>, company: Id<Company>) -> Result<i64, db::Error> {
    let sql =
        "SELECT CAST(COALESCE(MAX(read_up_to), 0) AS BIGINT) FROM thread_member WHERE thread = $1 AND company = $2";
    tx.one(sql, values![thread, company], |row| row.next())
}

/// A message, for whoever may see it.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Message>) -> Result<Option<Kept>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

/// Sends a message with its files. The same id again is the same message, as it was sent first.
///
/// # Errors
/// 404; 409 `thread-closed`, or as [`rule::write`].
pub fn send(
    tx: &mut Tx,
    sender: &Correspondent,
    id: Id<Thread>,
    (message, body): (Id<Message>, &[u8]),
    files: &[Written],
) -> Result<Kept, Error> {
    sender.still(tx)?;
    let side = thread::find(tx, sender, id)?;
    if let Some(same) = find(tx, message)? {
        let is_same = same.thread == id && same.company == sender.company;
        if !is_same {
            return Err(Error::not_found());
        }
        file::forget(tx, files)?;
        return Ok(same);
    }
    side.goes_on()?;
    rule::write(tx, side.company, side.other, side.matter)?;
    let now = tx.now();
    let n: i64 =
        tx.one("UPDATE thread SET messages = messages + 1 WHERE id = $1 RETURNING messages", values![id], |row| {
            row.next()
        })?;
    let seat = member::take(tx, sender, id)?;
    tx.execute(
        "INSERT INTO thread_message (id, thread, n, company, member, duties, body, sent_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![message, id, n, side.company, seat.number, sender.duties.codes(), body.to_vec(), now],
    )?;
    file::put(tx, message, files)?;
    member::read(tx, sender, id, n)?;
    tx.execute("UPDATE thread_side SET at = $1 WHERE thread = $2", values![now, id])?;
    event::record(tx, sender.scope(), &Sent { thread: id, message, company: side.company, to: side.other })?;
    find(tx, message)?.ok_or_else(Error::not_found)
}

/// Its author withdraws a message: text and files go, and the place says so. Done twice it is done once.
///
/// # Errors
/// 404; 403 `message-of-another`; 409 `message-old`.
pub fn withdraw(tx: &mut Tx, author: &Correspondent, id: Id<Message>) -> Result<Kept, Error> {
    author.still(tx)?;
    let kept = find(tx, id)?.ok_or_else(Error::not_found)?;
    thread::find(tx, author, kept.thread)?;
    if kept.company != author.company {
        return Err(Error::not_found());
    }
    let seat = member::find(tx, author, kept.thread)?;
    if seat.is_none_or(|seat| seat.number != kept.member) {
        return Err(Error::forbidden("message-of-another"));
    }
    let now = tx.now();
    if kept.withdrawn_at.is_some() {
        return Ok(kept);
    }
    if !is_fresh(&kept, now) {
        return Err(Error::conflict("message-old"));
    }
    tx.execute("UPDATE thread_message SET body = NULL, withdrawn_at = $1 WHERE id = $2", values![now, id])?;
    file::remove(tx, id)?;
    event::record(tx, author.scope(), &Withdrawn { thread: kept.thread, message: id })?;
    find(tx, id)?.ok_or_else(Error::not_found)
}

/// Whether a message can be withdrawn still.
pub fn is_fresh(kept: &Kept, now: Timestamp) -> bool {
    kept.withdrawn_at.is_none() && now.duration_since(kept.sent_at) < REGRET
}
