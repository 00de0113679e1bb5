//! Every query about webhooks. What a company has registered is its own: another's is not there.

use super::form::New;
use super::page::{Delivery as Line, Webhook as Shown};
use super::{Delivery, Webhook};
use crate::web::{Error, Member};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Event, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;

/// No company may have more.
const MOST: i64 = 10;

/// Rows of a page of deliveries.
pub const PAGE: usize = 50;

/// How many are sent again at once.
const AGAIN: i64 = 1000;

/// For how long the secret before holds after another has taken its place.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// A webhook was changed.
#[derive(Serialize)]
pub struct Changed {
    /// Which.
    pub webhook: Id<Webhook>,
    /// made, rotated, off, on, given-up, removed.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "webhook.changed";
}

const COLUMNS: &str = "id, url, kinds, state, failures, failing_since, old_until, created_at FROM webhook";

fn read(row: &mut Row<'_>) -> Result<Shown, db::Error> {
    Ok(Shown {
        id: row.next()?,
        url: row.next()?,
        kinds: row.next::<String>()?.split(' ').map(str::to_owned).collect(),
        state: row.next()?,
        failures: row.next()?,
        failing_since: row.next()?,
        old_until: row.next()?,
        created_at: row.next()?,
    })
}

/// Registers one. The same form again is a conflict: the secret cannot be shown again.
///
/// # Errors
/// 403 while the company is not approved; 409 `webhook-exists`, `too-many-webhooks`.
pub fn make(tx: &mut Tx, member: &Member, new: &New, secret: &[u8]) -> Result<Shown, Error> {
    member.approved()?;
    let count: i64 =
        tx.one("SELECT count(*) FROM webhook WHERE company = $1", values![member.company], |row| row.next())?;
    if count >= MOST {
        return Err(Error::conflict("too-many-webhooks").with("most", MOST));
    }
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO webhook (id, company, url, kinds, state, secret, failures, created_at) \
         VALUES ($1, $2, $3, $4, 'on', $5, 0, $6) ON CONFLICT (id) DO NOTHING",
        values![new.id, member.company, new.url.as_str(), new.kinds.join(" "), secret, now],
    )?;
    if inserted == 0 {
        return Err(Error::conflict("webhook-exists"));
    }
    record(tx, member.scope(), new.id, "made")?;
    find(tx, member, new.id)
}

/// Records a change.
///
/// # Errors
/// [`db::Error`].
pub fn record(tx: &mut Tx, scope: Scope, webhook: Id<Webhook>, act: &'static str) -> Result<(), db::Error> {
    event::record(tx, scope, &Changed { webhook, act }).map(drop)
}

/// The company's webhooks, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, member: &Member) -> Result<Vec<Shown>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE company = $1 ORDER BY created_at DESC, id DESC LIMIT 100");
    tx.all(&sql, values![member.company], read)
}

/// One of the company's own.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, member: &Member, id: Id<Webhook>) -> Result<Shown, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE id = $1 AND company = $2");
    tx.first(&sql, values![id, member.company], read)?.ok_or_else(Error::not_found)
}

/// Puts a new secret in the place of the one before, which holds for a day more.
///
/// # Errors
/// 404.
pub fn rotate(tx: &mut Tx, member: &Member, id: Id<Webhook>, secret: &[u8]) -> Result<Shown, Error> {
    let until = tx.now().checked_add(OVERLAP).unwrap_or(tx.now());
    let sql = "UPDATE webhook SET old_secret = secret, old_until = $1, secret = $2 WHERE id = $3 AND company = $4";
    if tx.execute(sql, values![until, secret, id, member.company])? == 0 {
        return Err(Error::not_found());
    }
    record(tx, member.scope(), id, "rotated")?;
    find(tx, member, id)
}

/// Switches one on or off. What waited goes on when it is on again.
///
/// # Errors
/// 404.
pub fn switch(tx: &mut Tx, member: &Member, id: Id<Webhook>, on: bool) -> Result<Shown, Error> {
    let (now, state) = (tx.now(), if on { "on" } else { "off" });
    let due = on.then_some(now);
    let changed = tx.execute(
        "UPDATE webhook SET state = $1, failures = 0, failing_since = NULL, due_at = $2 \
         WHERE id = $3 AND company = $4 AND state <> $1",
        values![state, due, id, member.company],
    )?;
    if changed == 1 {
        record(tx, member.scope(), id, state)?;
    }
    find(tx, member, id)
}

/// Leaves a message to be delivered. The same event again leaves nothing.
///
/// # Errors
/// [`db::Error`].
pub fn leave(
    tx: &mut Tx,
    webhook: Id<Webhook>,
    event: Id<Event>,
    kind: &str,
    body: &str,
) -> Result<Id<Delivery>, db::Error> {
    let (id, now): (Id<Delivery>, _) = (tx.id(), tx.now());
    tx.execute(
        "INSERT INTO webhook_delivery (id, webhook, event, kind, body, state, tries, at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6) ON CONFLICT (webhook, event) DO NOTHING",
        values![id, webhook, event, kind, body, now],
    )?;
    wake(tx, webhook)?;
    Ok(id)
}

/// Something waits now; one that is failing keeps its pause.
fn wake(tx: &mut Tx, webhook: Id<Webhook>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE webhook SET due_at = $1 WHERE id = $2 AND state = 'on' AND due_at IS NULL";
    tx.execute(sql, values![now, webhook]).map(drop)
}

/// The webhooks of a company that are on, with their kinds.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: [u8; 16]) -> Result<Vec<(Id<Webhook>, String)>, db::Error> {
    let sql = "SELECT id, kinds FROM webhook WHERE company = $1 AND state <> 'off' ORDER BY id";
    tx.all(sql, values![company], |row| Ok((row.next()?, row.next()?)))
}

/// A page of deliveries, the newest first, after the row with this time and id; one more than [`PAGE`] when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn deliveries(tx: &mut Tx, webhook: Id<Webhook>, after: Option<(i64, [u8; 16])>) -> Result<Vec<Line>, db::Error> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16]));
    let sql = "SELECT id, kind, state, tries, outcome, at, changed_at, body FROM webhook_delivery \
         WHERE webhook = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4";
    tx.all(sql, values![webhook, at, id, PAGE as i64 + 1], |row| {
        Ok(Line {
            id: row.next()?,
            kind: row.next()?,
            state: row.next()?,
            tries: row.next()?,
            outcome: row.next()?,
            at: row.next()?,
            changed_at: row.next()?,
            body: row.next()?,
        })
    })
}

/// Sends again what was sent from a delivery on, that one too. Answers how many.
///
/// # Errors
/// 404 for a delivery that is not of this webhook.
pub fn replay(tx: &mut Tx, member: &Member, id: Id<Webhook>, from: Id<Delivery>) -> Result<u64, Error> {
    find(tx, member, id)?;
    let sql = "SELECT at FROM webhook_delivery WHERE id = $1 AND webhook = $2";
    let at: Timestamp = tx.first(sql, values![from, id], |row| row.next())?.ok_or_else(Error::not_found)?;
    let now = tx.now();
    let count = tx.execute(
        "UPDATE webhook_delivery SET state = 'waiting', tries = 0, outcome = NULL, changed_at = $1 WHERE id IN \
         (SELECT id FROM webhook_delivery WHERE webhook = $2 AND (at, id) >= ($3, $4) AND state <> 'waiting' \
         ORDER BY at, id LIMIT $5)",
        values![now, id, at, from, AGAIN],
    )?;
    wake(tx, id)?;
    Ok(count)
}

/// Deletes one with all that was sent to it.
///
/// # Errors
/// 404.
pub fn remove(tx: &mut Tx, member: &Member, id: Id<Webhook>) -> Result<(), Error> {
    find(tx, member, id)?;
    tx.execute("DELETE FROM webhook_delivery WHERE webhook = $1", values![id])?;
    tx.execute("DELETE FROM webhook WHERE id = $1", values![id])?;
    Ok(record(tx, member.scope(), id, "removed")?)
}
