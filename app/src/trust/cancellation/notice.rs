//! What a person is told of their cancellation: by mail and by short message, while the address is still there.

use super::store::{self, Facts, State};
use super::{Cancellation, PLACE, link};
use crate::app::App;
use crate::identity::account::Written;
use crate::web::Error;
use crate::web::text::Arg;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use serde::{Deserialize, Serialize};

/// The kind of the job.
pub const KIND: &str = "cancellation.notice";

/// How long before the end of the time to think it is told once more.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It was asked for: by whom else than the person, the person must learn.
    Requested,
    /// It was asked for by phone, letter or mail.
    Assisted,
    /// One day is left.
    Reminder,
    /// It was taken back.
    Withdrawn,
    /// Something stands against it.
    Stopped,
}

impl What {
    /// The key of its text.
    fn key(self) -> &'static str {
        match self {
            Self::Requested => "cancellation-told-requested",
            Self::Assisted => "cancellation-told-assisted",
            Self::Reminder => "cancellation-told-reminder",
            Self::Withdrawn => "cancellation-told-withdrawn",
            Self::Stopped => "cancellation-told-stopped",
        }
    }

    /// Whether it is still true.
    fn holds(self, facts: &Facts) -> bool {
        matches!(self, Self::Withdrawn | Self::Stopped) || facts.state == State::Waiting
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    cancellation: Id<Cancellation>,
    what: What,
    by_sms: bool,
}

/// Leaves both messages to be sent now. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn leave(tx: &mut Tx, cancellation: Id<Cancellation>, what: What) -> Result<(), db::Error> {
    let now = tx.now();
    leave_until(tx, cancellation, what, now)
}

/// Leaves the reminder for the last day. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn remind(tx: &mut Tx, facts: &Facts) -> Result<(), db::Error> {
    let at = facts.due_at.checked_sub(REMINDER).unwrap_or(facts.due_at);
    leave_until(tx, facts.id, What::Reminder, at)
}

fn leave_until(tx: &mut Tx, cancellation: Id<Cancellation>, what: What, at: Timestamp) -> Result<(), db::Error> {
    for by_sms in [false, true] {
        let payload = serde_json::to_vec(&Payload { cancellation, what, by_sms });
        job::enqueue(tx, KIND, &payload.map_err(|e| db::Error::Engine(e.to_string()))?, at)?;
    }
    Ok(())
}

/// Sends one.
pub fn run(app: App, id: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let Payload { cancellation, what, by_sms } = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, cancellation)).await?;
        let Some(whole) = found.filter(|whole| what.holds(&whole.facts)) else { return Ok(()) };
        let address = |path: &str| Arg::from(address(&app, path));
        let args = vec![
            ("due", whole.facts.due_at.into()),
            ("undo", address(PLACE)),
            ("link", address(&link::path(&app, cancellation))),
        ];
        // A short message has its own, shorter text.
        let key = if by_sms { format!("{}-sms", what.key()) } else { what.key().to_owned() };
        Written { kind: KIND, account: whole.account, by_sms, key: &key, args }.send(&app, id).await
    }
    .boxed()
}

/// An address that works in a mail, where the server knows what it is called.
fn address(app: &App, path: &str) -> String {
    let root = app.config().public_url.as_ref().map_or("", |url| url.as_str());
    format!("{}{path}", root.trim_end_matches('/'))
}
