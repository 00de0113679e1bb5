//! Every query about webhooks. What a company has registered is its own: another's is not there.

use super::form::New;
use super::page::{Delivery as Line, Webhook as Shown};
use super::{Delivery, Webhook, kind};
use crate::identity::company::Company;
use crate::web::{Error, Level, Member};
use jiff::SignedDuration;
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
const AGAIN: usize = 1000;

/// For how long the secret before holds after another has taken its place.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// A webhook was changed.
#[derive(Serialize)]
pub struct Changed {
    /// Which.
    pub webhook: Id<Webhook>,
    /// made, rotated, off, on, given-up, replayed, removed.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "webhook.changed";
}

const COLUMNS: &str = "id, url, kinds, state, failures, failing_since, due_at, old_until, created_at FROM webhook";

fn read(row: &mut Row<'_>) -> Result<Shown, db::Error> {
    Ok(Shown {
        id: row.next()?,
        url: row.next()?,
        kinds: row.next::<String>()?.split(' ').map(str::to_owned).collect(),
        state: row.next()?,
        failures: row.next()?,
        failing_since: row.next()?,
        due_at: row.next()?,
        old_until: row.next()?,
        created_at: row.next()?,
    })
}

/// Registers one. The same form again is a conflict: the secret cannot be shown again.
///
/// # Errors
/// 403 while the company is not approved; 409 `webhook-exists`, `too-many-webhooks`.
pub fn make(tx: &mut Tx, owner: &Member, new: &New, secret: &[u8]) -> Result<Shown, Error> {
    owner.reaches(Level::Company)?;
    owner.still(tx)?;
    let count: i64 =
        tx.one("SELECT count(*) FROM webhook WHERE company = $1", values![owner.company], |row| row.next())?;
    if count >= MOST {
        return Err(Error::conflict("too-many-webhooks").with("most", MOST));
    }
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO webhook (id, company, url, kinds, state, secret, last, failures, created_at) \
         VALUES ($1, $2, $3, $4, 'on', $5, 0, 0, $6) ON CONFLICT (id) DO NOTHING",
        values![new.id, owner.company, new.url.as_str(), new.kinds.join(" "), secret, now],
    )?;
    if inserted == 0 {
        return Err(Error::conflict("webhook-exists"));
    }
    record(tx, owner.scope(), new.id, "made")?;
    find(tx, owner, new.id)
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

/// Puts a new secret in the place of the one before, which holds for a day more. Within that day only the newest is replaced:
/// the one that programs check with is not lost by a form that is sent twice.
///
/// # Errors
/// 404.
pub fn rotate(tx: &mut Tx, owner: &Member, id: Id<Webhook>, secret: &[u8]) -> Result<Shown, Error> {
    owner.still(tx)?;
    let now = tx.now();
    let until = now.checked_add(OVERLAP).unwrap_or(now);
    let changed = tx.execute(
        "UPDATE webhook SET old_secret = CASE WHEN old_until > $1 THEN old_secret ELSE secret END, \
         old_until = CASE WHEN old_until > $1 THEN old_until ELSE $2 END, secret = $3 WHERE id = $4 AND company = $5",
        values![now, until, secret, id, owner.company],
    )?;
    if changed == 0 {
        return Err(Error::not_found());
    }
    record(tx, owner.scope(), id, "rotated")?;
    find(tx, owner, id)
}

/// Switches one on or off. What waits, and what is left meanwhile, goes out when it is on again.
///
/// # Errors
/// 404.
pub fn switch(tx: &mut Tx, owner: &Member, id: Id<Webhook>, on: bool) -> Result<Shown, Error> {
    owner.still(tx)?;
    let (now, state) = (tx.now(), if on { "on" } else { "off" });
    let changed = tx.execute(
        "UPDATE webhook SET state = $1, failures = 0, failing_since = NULL, due_at = $2 \
         WHERE id = $3 AND company = $4 AND state <> $1",
        values![state, on.then_some(now), id, owner.company],
    )?;
    if changed == 1 {
        record(tx, owner.scope(), id, state)?;
    }
    find(tx, owner, id)
}

/// Leaves a message to be delivered: its id and its event's. The same event again leaves nothing.
///
/// # Errors
/// [`db::Error`].
pub fn leave(
    tx: &mut Tx,
    webhook: Id<Webhook>,
    (id, event): (Id<Delivery>, Id<Event>),
    kind: &str,
    body: &str,
) -> Result<(), db::Error> {
    let now = tx.now();
    let n = tx.first(
        "UPDATE webhook SET last = last + 1, due_at = COALESCE(due_at, $1) WHERE id = $2 RETURNING last",
        values![now, webhook],
        |row| row.next::<i64>(),
    )?;
    let Some(n) = n else { return Ok(()) };
    tx.execute(
        "INSERT INTO webhook_delivery (id, webhook, event, n, kind, body, state, tries, at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $7) ON CONFLICT DO NOTHING",
        values![id, webhook, event, n, kind, body, now],
    )?;
    Ok(())
}

/// Leaves a trial, and lets what waits be tried now and as often as at first. The same form again is the same trial.
///
/// # Errors
/// 404; 409 `webhook-paused`.
pub fn trial(
    tx: &mut Tx,
    agent: &Member,
    id: Id<Webhook>,
    delivery: Id<Delivery>,
    body: &str,
) -> Result<Id<Delivery>, Error> {
    agent.still(tx)?;
    if find(tx, agent, id)?.state != "on" {
        return Err(Error::conflict("webhook-paused"));
    }
    let now = tx.now();
    let sql = "UPDATE webhook SET failures = 0, failing_since = NULL, due_at = $1 WHERE id = $2";
    tx.execute(sql, values![now, id])?;
    leave(tx, id, (delivery, Id::from_bytes(*delivery.as_bytes())), kind::TEST, body)?;
    Ok(delivery)
}

/// The webhooks of a company with their kinds, in whatever state: for those that rest messages are kept.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<(Id<Webhook>, String)>, db::Error> {
    let sql = "SELECT id, kinds FROM webhook WHERE company = $1 ORDER BY id";
    tx.all(sql, values![company], |row| Ok((row.next()?, row.next()?)))
}

/// A page of deliveries, the newest first, before the one of this number; one more than [`PAGE`] when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn deliveries(tx: &mut Tx, webhook: Id<Webhook>, before: Option<i64>) -> Result<Vec<Line>, db::Error> {
    let sql = "SELECT id, n, kind, state, tries, outcome, at, changed_at, body FROM webhook_delivery \
         WHERE webhook = $1 AND n < $2 ORDER BY n DESC LIMIT $3";
    tx.all(sql, values![webhook, before.unwrap_or(i64::MAX), PAGE as i64 + 1], |row| {
        Ok(Line {
            id: row.next()?,
            n: row.next()?,
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

/// Sends again what was sent from a delivery on, that one too, before what waits now. Answers how many, and from which to go on
/// when there are more than go at once.
///
/// # Errors
/// 404 for a delivery that is not of this webhook.
pub fn replay(
    tx: &mut Tx,
    agent: &Member,
    id: Id<Webhook>,
    from: Id<Delivery>,
) -> Result<(u64, Option<Id<Delivery>>), Error> {
    agent.still(tx)?;
    find(tx, agent, id)?;
    let sql = "SELECT n FROM webhook_delivery WHERE id = $1 AND webhook = $2";
    let n: i64 = tx.first(sql, values![from, id], |row| row.next())?.ok_or_else(Error::not_found)?;
    let sql = "SELECT id, n FROM webhook_delivery WHERE webhook = $1 AND n >= $2 ORDER BY n LIMIT $3";
    let found: Vec<(Id<Delivery>, i64)> =
        tx.all(sql, values![id, n, AGAIN as i64 + 1], |row| Ok((row.next()?, row.next()?)))?;
    let next = found.get(AGAIN);
    let (now, end) = (tx.now(), next.map_or(i64::MAX, |(_, n)| *n));
    let count = tx.execute(
        "UPDATE webhook_delivery SET state = 'waiting', tries = 0, outcome = NULL, changed_at = $1 \
         WHERE webhook = $2 AND n >= $3 AND n < $4 AND state = 'delivered'",
        values![now, id, n, end],
    )?;
    tx.execute("UPDATE webhook SET due_at = COALESCE(due_at, $1) WHERE id = $2", values![now, id])?;
    if count > 0 {
        record(tx, agent.scope(), id, "replayed")?;
    }
    Ok((count, next.map(|(id, _)| *id)))
}

/// Deletes one with all that was sent to it.
///
/// # Errors
/// 404.
pub fn remove(tx: &mut Tx, owner: &Member, id: Id<Webhook>) -> Result<(), Error> {
    owner.still(tx)?;
    find(tx, owner, id)?;
    delete(tx, id)?;
    Ok(record(tx, owner.scope(), id, "removed")?)
}

/// Deletes all of a company.
///
/// # Errors
/// [`db::Error`].
pub fn remove_all(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    of_company(tx, company)?.into_iter().try_for_each(|(id, _)| delete(tx, id))
}

fn delete(tx: &mut Tx, id: Id<Webhook>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM webhook_delivery WHERE webhook = $1", values![id])?;
    tx.execute("DELETE FROM webhook WHERE id = $1", values![id]).map(drop)
}
