//! How a notification goes out beside the inbox: the row says how far it is, a job does it.
//!
//! At least once: the row and the job stand in the unit that tells, and the row says *sent* only after the mail server has
//! taken the mail. A job that dies between the two sends the same mail again, under the same Message-ID, by which mail programs
//! show it once; a folder holds it once. One that is needed is never given up: should its job be gone, or lie dead, another
//! takes it up ([`again`]).

use super::channel::Channel;
use super::choice;
use super::kind::{Kind, Need};
use super::letter;
use super::reader::Reader;
use super::store::{self, Notification};
use crate::app::App;
use crate::identity::account::mailing::{self, Addressee, Sent};
use crate::identity::account::message::Delivery;
use crate::identity::account::{Account, Owner};
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use kit::values;
use policy::{Control, purpose};
use serde::{Deserialize, Serialize};

/// The kind of this job.
pub const KIND: &str = "inbox.mail";

/// After so long another job takes up one that is needed: all tries of the first are over by then.
const PATIENCE: SignedDuration = SignedDuration::from_hours(3);

/// How many are taken up in a step.
const STEP: i64 = 50;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Payload {
    notification: Id<Notification>,
    channel: Channel,
    account: Id<Account>,
}

/// Leaves one to a job. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn leave(
    tx: &mut Tx,
    notification: Id<Notification>,
    to: Owner,
    kind: &Kind,
    channel: Channel,
) -> Result<(), db::Error> {
    let now = tx.now();
    let account = (kind.need == Need::Needed).then_some(to.0);
    tx.execute(
        "INSERT INTO notification_delivery (notification, channel, state, account, due_at, changed_at) \
         VALUES ($1, $2, 'waiting', $3, $4, $5)",
        values![notification, channel.code(), account, now.checked_add(PATIENCE).unwrap_or(now), now],
    )?;
    enqueue(tx, Payload { notification, channel, account: to.0 })
}

fn enqueue(tx: &mut Tx, payload: Payload) -> Result<(), db::Error> {
    let now = tx.now();
    let payload = serde_json::to_vec(&payload).map_err(|e| db::Error::Engine(e.to_string()))?;
    job::enqueue(tx, KIND, &payload, now).map(drop)
}

/// One that waits.
enum Waiting {
    /// To be sent.
    Ready(Box<(letter::Told, Reader, Addressee)>),
    /// Switched off meanwhile.
    Off,
    /// Its person has left meanwhile.
    Gone,
}

/// Brings one. Done already, ended meanwhile, switched off meanwhile: nothing is sent.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let payload: Payload = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let state = match app.db().read::<_, db::Error>(move |tx| waiting(tx, payload)).await? {
            None => return Ok(()),
            Some(Waiting::Ready(ready)) => {
                let (told, reader, to) = *ready;
                send(&app, job, payload, (&told, reader, &to)).await?
            }
            Some(Waiting::Off) => "off",
            Some(Waiting::Gone) => "shut",
        };
        app.db().write::<_, db::Error>(move |tx| end(tx, payload, state)).await?;
        Ok(())
    }
    .boxed()
}

fn waiting(tx: &mut Tx, payload: Payload) -> Result<Option<Waiting>, db::Error> {
    let sql = "SELECT 1 FROM notification_delivery WHERE notification = $1 AND channel = $2 AND state = 'waiting'";
    let waits = tx.first(sql, values![payload.notification, payload.channel.code()], |row| row.next::<i64>())?;
    let found = waits.map(|_| store::told(tx, payload.notification)).transpose()?.flatten();
    let Some((reader, told)) = found else { return Ok(None) };
    if !choice::ways(tx, reader, told.kind)?.contains(&payload.channel) {
        return Ok(Some(Waiting::Off));
    }
    let to = mailing::addressee(tx, payload.account)?;
    Ok(Some(to.map_or(Waiting::Gone, |to| Waiting::Ready(Box::new((told, reader, to))))))
}

async fn send(
    app: &App,
    job: Id<Job>,
    payload: Payload,
    (told, reader, to): (&letter::Told, Reader, &Addressee),
) -> Result<&'static str, Error> {
    let (id, right) = (payload.notification, Delivery::new(KIND, to.subject));
    let sent = match payload.channel {
        Channel::Mail => {
            let written = letter::write(app, to.locale, reader, id.cast(), told);
            // What is mailed under a consent compares it when the address is opened.
            match told.kind.need {
                Need::Chosen => mailing::send::<purpose::Subscription>(app, job, &right, to, written).await?,
                _ => mailing::send::<purpose::Notification>(app, job, &right, to, written).await?,
            }
        }
        Channel::Sms => {
            let short = (id.cast(), letter::short(app, to.locale, told));
            mailing::send_short::<purpose::Notification>(app, job, &right, to, short).await?
        }
        Channel::Push => {
            app.push().send(&letter::push(app, to.locale, reader, id.cast(), told)).await.map_err(Error::fault)?;
            Sent::Taken
        }
        // What stands in the inbox stands there.
        Channel::Inbox => Sent::Taken,
    };
    Ok(match sent {
        Sent::Taken => "sent",
        Sent::Shut => "shut",
        Sent::Refused => "refused",
    })
}

fn end(tx: &mut Tx, payload: Payload, state: &str) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE notification_delivery SET state = $1, account = NULL, changed_at = $2 \
         WHERE notification = $3 AND channel = $4 AND state = 'waiting'",
        values![state, now, payload.notification, payload.channel.code()],
    )?;
    Ok(())
}

/// Takes up what is needed and has not gone out for [`PATIENCE`]. One step.
pub fn again(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !policy::holds(Control::NeededNotices) || app.db().read::<_, db::Error>(overdue).await?.is_empty() {
            return Ok(0);
        }
        Ok(app.db().write::<_, db::Error>(take_up).await?)
    }
    .boxed()
}

fn overdue(tx: &mut Tx) -> Result<Vec<Payload>, db::Error> {
    let now = tx.now();
    let sql = "SELECT notification, channel, account FROM notification_delivery \
         WHERE state = 'waiting' AND due_at <= $1 AND account IS NOT NULL ORDER BY due_at, notification LIMIT $2";
    let rows = tx.all(sql, values![now, STEP], |row| {
        let (notification, channel) = (row.next()?, Channel::of(&row.next::<String>()?));
        let account = row.next()?;
        Ok(channel.map(|channel| Payload { notification, channel, account }))
    })?;
    Ok(rows.into_iter().flatten().collect())
}

fn take_up(tx: &mut Tx) -> Result<usize, db::Error> {
    let now = tx.now();
    let some = overdue(tx)?;
    for payload in &some {
        tx.execute(
            "UPDATE notification_delivery SET due_at = $1 WHERE notification = $2 AND channel = $3",
            values![now.checked_add(PATIENCE).unwrap_or(now), payload.notification, payload.channel.code()],
        )?;
        enqueue(tx, *payload)?;
    }
    Ok(some.len())
}
