//! Delivering: one message at a time to each webhook, in the order in which they were left, by a job of the lane that waits for
//! nobody but others' servers.
//!
//! A message goes out at least once, under one `webhook-id`, by which its receiver knows it again. What is not taken stays the
//! next, and is sent again after growing pauses; when the last has passed in vain, the webhook is given up and its company told.

use super::sign::{Secret, signed};
use super::store::record;
use super::{Delivery, SECRET, Webhook};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use crate::work;
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

/// Pauses after a failure, in seconds, by how many there were in a row before it: three days in all (docs/webhooks.md).
const PAUSES: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 73_495];

/// How many webhooks a step leaves to jobs.
const STEP: i64 = 20;

/// Leaves those that are due to jobs: one job a webhook. One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if app.db().read::<_, db::Error>(due).await?.is_empty() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let (some, now) = (due(tx)?, tx.now());
            for id in &some {
                let job = job::enqueue(tx, KIND, id.as_bytes(), now)?;
                tx.execute("UPDATE webhook SET due_at = NULL, job = $1 WHERE id = $2", values![job, *id])?;
            }
            Ok(some.len())
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

fn due(tx: &mut Tx) -> Result<Vec<Id<Webhook>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id FROM webhook WHERE due_at IS NOT NULL AND due_at <= $1 AND state = 'on' AND job IS NULL \
         ORDER BY due_at, id LIMIT $2";
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

/// What this job is to send, if the webhook is still its own.
fn next(tx: &mut Tx, webhook: Id<Webhook>, job: Id<Job>) -> Result<Option<Next>, db::Error> {
    let now = tx.now();
    let read = |row: &mut Row<'_>| {
        let (delivery, tries, body) = (row.next()?, row.next()?, row.next()?);
        let (url, secret, old) = (row.next()?, row.next()?, row.next::<Option<Vec<u8>>>()?);
        let until: Option<Timestamp> = row.next()?;
        Ok(Next { delivery, tries, body, url, secret, old: old.filter(|_| until.is_some_and(|until| now < until)) })
    };
    let sql = "SELECT d.id, d.tries, d.body, w.url, w.secret, w.old_secret, w.old_until FROM webhook_delivery d \
         JOIN webhook w ON w.id = d.webhook \
         WHERE d.webhook = $1 AND d.state = 'waiting' AND w.state = 'on' AND w.job = $2 ORDER BY d.n LIMIT 1";
    tx.first(sql, values![webhook, job], read)
}

/// Delivers one message; what else waits is left to the next step.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let webhook = work::named(payload)?;
        let found = app.db().read::<_, db::Error>(move |tx| next(tx, webhook, job)).await?;
        let Some(next) = found else {
            return Ok(app.db().write::<_, db::Error>(move |tx| release(tx, webhook, job).map(drop)).await?);
        };
        let answer = send(&app, webhook, &next).await?;
        let (delivery, tries) = (next.delivery, next.tries);
        Ok(app.db().write::<_, db::Error>(move |tx| note(tx, (webhook, job), (delivery, tries), &answer)).await?)
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

/// Notes what came of it. A job that another has followed notes nothing.
fn note(
    tx: &mut Tx,
    (webhook, job): (Id<Webhook>, Id<Job>),
    (delivery, tries): (Id<Delivery>, i64),
    answer: &Result<Answer, Unsent>,
) -> Result<(), db::Error> {
    if !release(tx, webhook, job)? {
        return Ok(());
    }
    let outcome = match answer {
        Ok(answer) => answer.status.as_u16().to_string(),
        Err(unsent) => word(*unsent).to_owned(),
    };
    let taken = answer.as_ref().is_ok_and(|answer| answer.status.is_success());
    let now = tx.now();
    tx.execute(
        "UPDATE webhook_delivery SET state = $1, tries = tries + 1, outcome = $2, changed_at = $3 \
         WHERE id = $4 AND state = 'waiting' AND tries = $5",
        values![if taken { "delivered" } else { "waiting" }, outcome, now, delivery, tries],
    )?;
    match answer {
        _ if taken => recover(tx, webhook),
        Ok(answer) if answer.status == StatusCode::GONE => give_up(tx, webhook),
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

/// Ends the job's hold. The webhook is due again while something waits, whoever has left it meanwhile. `false`: the hold was no
/// longer this job's.
fn release(tx: &mut Tx, webhook: Id<Webhook>, job: Id<Job>) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE webhook SET job = NULL, due_at = CASE WHEN EXISTS \
         (SELECT 1 FROM webhook_delivery WHERE webhook = $1 AND state = 'waiting') THEN CAST($2 AS BIGINT) END \
         WHERE id = $1 AND job = $3";
    Ok(tx.execute(sql, values![webhook, now, job])? == 1)
}

fn recover(tx: &mut Tx, webhook: Id<Webhook>) -> Result<(), db::Error> {
    tx.execute("UPDATE webhook SET failures = 0, failing_since = NULL WHERE id = $1", values![webhook]).map(drop)
}

fn fail(tx: &mut Tx, webhook: Id<Webhook>) -> Result<(), db::Error> {
    let failures: i64 = tx.one("SELECT failures FROM webhook WHERE id = $1", values![webhook], |row| row.next())?;
    let pause = usize::try_from(failures).ok().and_then(|failures| PAUSES.get(failures));
    let Some(pause) = pause else { return give_up(tx, webhook) };
    let now = tx.now();
    let again = now.checked_add(SignedDuration::from_secs(*pause)).unwrap_or(now);
    tx.execute(
        "UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, $1), due_at = $2 \
         WHERE id = $3",
        values![now, again, webhook],
    )?;
    Ok(())
}

/// Nothing more goes there until its company switches it on again; messages wait.
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_message_is_tried_for_three_days() {
        assert_eq!(super::PAUSES.iter().sum::<i64>(), 3 * 24 * 3600);
        assert!(super::PAUSES.is_sorted());
    }
}
