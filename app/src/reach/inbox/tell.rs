//! Telling a person of an event, once: the row, what goes out beside it, and the event by which open pages learn of it, all
//! in the unit that calls.

use super::channel::Channel;
use super::choice;
use super::delivery;
use super::kind::Kind;
use super::reader::Reader;
use super::store::Notification;
use crate::app::App;
use crate::identity::account::Owner;
use crate::identity::company::Company;
use crate::identity::people::{self, Duty};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Event, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::{Deserialize, Serialize};
use vault::Subject;

/// What is told.
#[derive(Clone, Copy)]
pub struct Telling {
    /// Its kind.
    pub kind: &'static Kind,
    /// The id of what it is about.
    pub about: [u8; 16],
    /// The event behind it.
    pub event: Id<Event>,
}

/// An inbox is no longer as it was. It names its reader by the keyed hash, and no person.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// The reader, hexadecimal.
    pub reader: String,
}

impl Fact for Changed {
    const KIND: &'static str = "inbox.changed";
}

/// Records that an inbox has changed.
///
/// # Errors
/// [`db::Error`].
pub fn changed(tx: &mut Tx, reader: Reader) -> Result<(), db::Error> {
    event::record(tx, Scope::default(), &Changed { reader: hex::encode(reader.as_bytes()) }).map(drop)
}

/// Tells somebody. The same event again tells nothing, and another of the same kind about the same thing within the kind's
/// window is counted with the first: it stands in the inbox anew, and is not sent again.
///
/// # Errors
/// [`db::Error`].
pub fn tell(tx: &mut Tx, app: &App, to: Owner, telling: Telling) -> Result<(), db::Error> {
    let reader = Reader::of(app, to.1);
    let ways = choice::ways(tx, reader, telling.kind)?;
    if ways.is_empty() || is_told(tx, reader, telling)? {
        return Ok(());
    }
    let id = match running(tx, reader, telling)? {
        Some(id) => count(tx, id, telling).map(|()| id)?,
        None => begin(tx, reader, to, telling, &ways)?,
    };
    tx.execute(
        "INSERT INTO notification_cause (reader, kind, event, notification) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
        values![reader, telling.kind.code, telling.event, id],
    )?;
    changed(tx, reader)
}

/// Tells a company: those of its people who deal with others.
///
/// # Errors
/// [`db::Error`].
pub fn tell_company(tx: &mut Tx, app: &App, company: Id<Company>, telling: Telling) -> Result<(), db::Error> {
    for one in people::on_duty(tx, company)?.into_iter().filter(|one| one.duties.has_any(&Duty::CORRESPONDING)) {
        tell(tx, app, (one.account, one.subject), telling)?;
    }
    Ok(())
}

fn is_told(tx: &mut Tx, reader: Reader, telling: Telling) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM notification_cause WHERE reader = $1 AND kind = $2 AND event = $3";
    let told = tx.first(sql, values![reader, telling.kind.code, telling.event], |row| row.next::<i64>())?;
    Ok(told.is_some() && policy::holds(Control::ToldOnce))
}

/// The notification that this one is counted with.
fn running(tx: &mut Tx, reader: Reader, telling: Telling) -> Result<Option<Id<Notification>>, db::Error> {
    let since = tx.now().checked_sub(telling.kind.window).unwrap_or(Timestamp::MIN);
    let sql = "SELECT id FROM notification WHERE reader = $1 AND kind = $2 AND about = $3 AND since > $4 \
         ORDER BY since DESC, id DESC LIMIT 1";
    if telling.kind.window.is_zero() {
        return Ok(None);
    }
    tx.first(sql, values![reader, telling.kind.code, telling.about, since], |row| row.next())
}

fn count(tx: &mut Tx, id: Id<Notification>, telling: Telling) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE notification SET event = $1, times = times + 1, at = $2, read_at = NULL WHERE id = $3";
    tx.execute(sql, values![telling.event, now, id]).map(drop)
}

fn begin(
    tx: &mut Tx,
    reader: Reader,
    to: Owner,
    telling: Telling,
    ways: &[Channel],
) -> Result<Id<Notification>, db::Error> {
    let (id, now, kind) = (tx.id(), tx.now(), telling.kind);
    let is_shown = ways.contains(&Channel::Inbox);
    tx.execute(
        "INSERT INTO notification (id, reader, kind, about, event, times, shown, since, at) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $7)",
        values![id, reader, kind.code, telling.about, telling.event, is_shown, now],
    )?;
    for channel in ways.iter().filter(|channel| **channel != Channel::Inbox) {
        delivery::leave(tx, id, to, kind, *channel)?;
    }
    Ok(id)
}

/// Deletes what a person was told of a kind, with what is still to go out.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, app: &App, subject: Id<Subject>, kind: &Kind) -> Result<(), db::Error> {
    let reader = Reader::of(app, subject);
    let of = "notification IN (SELECT id FROM notification WHERE reader = $1 AND kind = $2)";
    tx.execute(&format!("DELETE FROM notification_delivery WHERE {of}"), values![reader, kind.code])?;
    tx.execute("DELETE FROM notification_cause WHERE reader = $1 AND kind = $2", values![reader, kind.code])?;
    if tx.execute("DELETE FROM notification WHERE reader = $1 AND kind = $2", values![reader, kind.code])? > 0 {
        changed(tx, reader)?;
    }
    Ok(())
}
