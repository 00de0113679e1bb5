//! What is told to everybody who has an account: a change of the policy or of an agreement. A hundred in a step, each in the
//! unit that leaves the next step, so that wherever the program stops nobody is left out and nobody is told twice.

use super::kind;
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::account::{self, Account};
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{self, Event};
use kit::id::Id;
use kit::job::{self, Job};
use serde::{Deserialize, Serialize};

/// The kind of this job.
pub const KIND: &str = "inbox.everyone";

/// How many are told in a step.
const STEP: i64 = 100;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Payload {
    event: Id<Event>,
    /// The last account that has been thought of.
    after: Id<Account>,
}

/// Leaves an event to the first step. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, event: Id<Event>) -> Result<(), db::Error> {
    leave(tx, Payload { event, after: Id::from_bytes([0; 16]) })
}

fn leave(tx: &mut Tx, payload: Payload) -> Result<(), db::Error> {
    let now = tx.now();
    let payload = serde_json::to_vec(&payload).map_err(|e| db::Error::Engine(e.to_string()))?;
    job::enqueue(tx, KIND, &payload, now).map(drop)
}

/// One step.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let payload: Payload = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let program = app.clone();
        Ok(app.db().write::<_, db::Error>(move |tx| advance(tx, &program, payload)).await?)
    }
    .boxed()
}

fn advance(tx: &mut Tx, app: &App, payload: Payload) -> Result<(), db::Error> {
    let Some(event) = event::find(tx, payload.event)? else { return Ok(()) };
    let kind = if event.kind == "policy.announced" { &kind::POLICY_ANNOUNCED } else { &kind::TERMS_ANNOUNCED };
    let telling = Telling { kind, about: *event.id.as_bytes(), event: event.id };
    let some = account::owners_after(tx, payload.after, STEP)?;
    for owner in &some {
        tell(tx, app, *owner, telling)?;
    }
    match some.last() {
        Some((last, _)) if some.len() as i64 == STEP => leave(tx, Payload { after: *last, ..payload }),
        _ => Ok(()),
    }
}
