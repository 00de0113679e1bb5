//! When subscribers are told: ten minutes after the last round at the earliest, once something new has come. Each subscriber gets
//! one job a round, in steps of a hundred, each in the unit that moves the cursor: whatever stops in between, nobody is thought of
//! twice in a round and nothing is passed over.

use super::store::{self, Round};
use super::telling;
use crate::app::App;
use crate::reach::digest::Payload;
use crate::reach::notice::{Arrived, arrived};
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::job;

/// Rounds are so far apart: each opens what every subscriber wants, on record, and a hundred lines a day help nobody.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// A round ends so long ago: a unit that began before may still be about to commit its notices.
const SETTLED: SignedDuration = SignedDuration::from_secs(20);

/// How many subscribers one step thinks of.
const STEP: usize = 100;

/// One step.
pub(super) fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if app.db().read::<_, db::Error>(due).await?.is_none() {
            return Ok(0);
        }
        Ok(app.db().write::<_, db::Error>(advance).await?)
    }
    .boxed()
}

/// The round that goes on, or that may begin: it has somebody to tell.
fn due(tx: &mut Tx) -> Result<Option<(Round, Timestamp)>, db::Error> {
    let (now, round) = (tx.now(), store::round(tx)?);
    if let Some(until) = round.until {
        return Ok(Some((round, until)));
    }
    let until = now.checked_sub(SETTLED).unwrap_or(now);
    let is_early = round.since.checked_add(APART).is_ok_and(|next| until < next);
    if is_early || store::subscribers(tx, None, 1)?.is_empty() {
        return Ok(None);
    }
    Ok(Some((round, until)))
}

fn advance(tx: &mut Tx) -> Result<usize, db::Error> {
    let now = tx.now();
    let Some((round, until)) = due(tx)? else { return Ok(0) };
    let over = Round { since: until, until: None, after: None };
    if round.until.is_none() && !is_news(tx, round.since, until)? {
        // What was looked through is not looked through again.
        store::set_round(tx, over)?;
        return Ok(1);
    }
    let some = store::subscribers(tx, round.after, STEP as i64)?;
    for (_, subject) in &some {
        let payload = Payload { reader: *subject, since: round.since, until };
        job::enqueue(tx, telling::KIND, &payload.to_bytes()?, now)?;
    }
    let next = match some.last() {
        Some((last, _)) if some.len() == STEP => Round { until: Some(until), after: Some(*last), ..round },
        _ => over,
    };
    store::set_round(tx, next)?;
    Ok(some.len() + 1)
}

fn is_news(tx: &mut Tx, since: Timestamp, until: Timestamp) -> Result<bool, db::Error> {
    let any = Arrived { categories: Vec::new(), regions: Vec::new(), since, until };
    Ok(!arrived(tx, &any, 1)?.is_empty())
}
