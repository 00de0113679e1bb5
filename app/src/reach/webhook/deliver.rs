//! Delivering: one message at a time to each webhook, the oldest first, so that a target which hangs holds nobody up but itself.
//!
//! A message goes out at least once, under one `webhook-id`, by which its receiver knows it again. Who does not take it is
//! asked again after growing pauses; after five days without one answer the webhook is given up, and its company is told.

use super::sign::{Secret, signed};
use super::store::record;
use super::{Delivery, SECRET, Webhook};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::Scope;
use kit::id::Id;
use kit::job::{self, Job};
use kit::outgoing::{Answer, Error as Unsent};
use kit::values;
use url::Url;

/// The kind of this job. Payload: the webhook's id.
pub const KIND: &str = "webhook.deliver";

/// Pauses after a failure, in seconds: by how many there were in a row, the last for all that follow.
const PAUSES: [i64; 7] = [5, 30, 300, 1800, 7200, 18_000, 36_000];

/// For how long nobody may answer before a webhook is given up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 5);

/// How many refusals of one message by a target that answers end it, so that the others go on.
const REFUSALS: i64 = 5;

/// When another job takes up what the first has left.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// How many webhooks a step looks at.
const STEP: i64 = 20;

/// Leaves those that are due to jobs. One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if app.db().read::<_, db::Error>(due).await?.is_empty() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let (some, now) = (due(tx)?, tx.now());
            for id in &some {
                let sql = "UPDATE webhook SET due_at = $1 WHERE id = $2";
                tx.execute(sql, values![now.checked_add(LEASE).unwrap_or(now), *id])?;
                job::enqueue(tx, KIND, id.as_bytes(), now)?;
            }
            Ok(some.len())
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

fn due(tx: &mut Tx) -> Result<Vec<Id<Webhook>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id FROM webhook WHERE due_at <= $1 AND state = 'on' ORDER BY due_at, id LIMIT $2";
    tx.all(sql, values![now, STEP], |row| row.next())
}

/// The oldest message that waits, and where it goes.
struct Next {
    delivery: Id<Delivery>,
    tries: i64,
    body: String,
    url: String,
    secret: Vec<u8>,
    old: Option<Vec<u8>>,
}

fn next(tx: &mut Tx, webhook: Id<Webhook>) -> Result<Option<Next>, db::Error> {
    let now = tx.now();
    let read = |row: &mut Row<'_>| {
        let (delivery, tries, body) = (row.next()?, row.next()?, row.next()?);
        let (url, secret, old, until) = (row.next()?, row.next()?, row.next()?, row.next::<Option<Timestamp>>()?);
        let old: Option<Vec<u8>> = old;
        Ok(Next { delivery, tries, body, url, secret, old: old.filter(|_| until.is_some_and(|until| now < until)) })
    };
    let sql = "SELECT d.id, d.tries, d.body, w.url, w.secret, w.old_secret, w.old_until FROM webhook_delivery d \
         JOIN webhook w ON w.id = d.webhook WHERE d.webhook = $1 AND d.state = 'waiting' AND w.state = 'on' \
         ORDER BY d.at, d.id LIMIT 1";
    tx.first(sql, values![webhook], read)
}

/// Delivers one message; what else waits is left to the next step.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let webhook = Id::from_bytes(payload.try_into().map_err(|_| Error::fault("the payload is no id"))?);
        let found = app.db().read::<_, db::Error>(move |tx| next(tx, webhook)).await?;
        let Some(next) = found else {
            return Ok(app.db().write::<_, db::Error>(move |tx| rest(tx, webhook, None)).await?);
        };
        let answer = send(&app, webhook, &next).await?;
        let (delivery, tries) = (next.delivery, next.tries);
        Ok(app.db().write::<_, db::Error>(move |tx| note(tx, webhook, (delivery, tries), &answer)).await?)
    }
    .boxed()
}

async fn send(app: &App, webhook: Id<Webhook>, next: &Next) -> Result<Result<Answer, Unsent>, Error> {
    let mut secrets = Vec::new();
    for sealed in [Some(&next.secret), next.old.as_ref()].into_iter().flatten() {
        let opened = app.vault().secrets().open(SECRET, &webhook.to_string(), sealed).await?;
        secrets.push(Secret::from_bytes(opened));
    }
    let url: Url = next.url.parse().map_err(Error::fault)?;
    let id = format!("msg_{}", next.delivery);
    Ok(app.outgoing().send(&url, signed(&id, app.clock().now(), next.body.clone(), &secrets)).await)
}

/// Notes what came of it. Of two that have tried at the same time the second notes nothing.
fn note(
    tx: &mut Tx,
    webhook: Id<Webhook>,
    (delivery, tries): (Id<Delivery>, i64),
    answer: &Result<Answer, Unsent>,
) -> Result<(), db::Error> {
    let (state, outcome) = match answer {
        Ok(answer) if answer.status.is_success() => ("delivered", answer.status.as_u16().to_string()),
        Ok(answer) if tries + 1 >= REFUSALS => ("refused", answer.status.as_u16().to_string()),
        Ok(answer) => ("waiting", answer.status.as_u16().to_string()),
        Err(unsent) => ("waiting", word(*unsent).to_owned()),
    };
    // Who is not reached has refused nothing.
    let tried = i64::from(answer.is_ok());
    let now = tx.now();
    let noted = tx.execute(
        "UPDATE webhook_delivery SET state = $1, tries = tries + $2, outcome = $3, changed_at = $4 \
         WHERE id = $5 AND state = 'waiting' AND tries = $6",
        values![state, tried, outcome, now, delivery, tries],
    )?;
    match answer {
        _ if noted == 0 => Ok(()),
        Ok(answer) if answer.status == StatusCode::GONE => give_up(tx, webhook),
        Ok(answer) if answer.status.is_success() => recover(tx, webhook),
        _ => fail(tx, webhook),
    }
}

fn word(unsent: Unsent) -> &'static str {
    match unsent {
        Unsent::Address => "address",
        Unsent::Unknown => "unknown",
        Unsent::Forbidden => "forbidden",
        Unsent::Unreachable => "unreachable",
        Unsent::Certificate => "certificate",
        Unsent::Slow => "slow",
        Unsent::Malformed => "malformed",
    }
}

fn rest(tx: &mut Tx, webhook: Id<Webhook>, until: Option<Timestamp>) -> Result<(), db::Error> {
    tx.execute("UPDATE webhook SET due_at = $1 WHERE id = $2", values![until, webhook]).map(drop)
}

fn recover(tx: &mut Tx, webhook: Id<Webhook>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE webhook SET failures = 0, failing_since = NULL, due_at = $1 WHERE id = $2 AND state = 'on'";
    tx.execute(sql, values![now, webhook]).map(drop)
}

fn fail(tx: &mut Tx, webhook: Id<Webhook>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "SELECT failures, failing_since FROM webhook WHERE id = $1";
    let (failures, since) =
        tx.one(sql, values![webhook], |row| Ok((row.next::<i64>()?, row.next::<Option<Timestamp>>()?)))?;
    if since.is_some_and(|since| now.duration_since(since) >= PATIENCE) {
        return give_up(tx, webhook);
    }
    let pause = PAUSES[usize::try_from(failures).unwrap_or(usize::MAX).min(PAUSES.len() - 1)];
    let again = now.checked_add(SignedDuration::from_secs(pause)).unwrap_or(now);
    tx.execute(
        "UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, $1), due_at = $2 \
         WHERE id = $3 AND state = 'on'",
        values![now, again, webhook],
    )?;
    Ok(())
}

/// Nothing more goes there until its company switches it on again.
fn give_up(tx: &mut Tx, webhook: Id<Webhook>) -> Result<(), db::Error> {
    let sql = "UPDATE webhook SET state = 'given-up', due_at = NULL WHERE id = $1 AND state = 'on'";
    if tx.execute(sql, values![webhook])? == 0 {
        return Ok(());
    }
    let sql = "SELECT company FROM webhook WHERE id = $1";
    let company: Id<Company> = tx.one(sql, values![webhook], |row| row.next())?;
    let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
    record(tx, scope, webhook, "given-up")
}
