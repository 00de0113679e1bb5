//! Once an hour it is written down which consents have ended by themselves. What rested on them was refused since.

use super::act::Changed;
use crate::app::App;
use crate::web::{Erased, Error, Gone};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::values;
use vault::consent;

const EVERY: SignedDuration = SignedDuration::from_hours(1);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let last = app.db().read::<_, db::Error>(last).await?;
        if app.clock().now().duration_since(last) < EVERY {
            return Ok(0);
        }
        app.db().write::<_, Error>(sweep).await
    }
    .boxed()
}

/// Whoever is erased agrees to nothing any more; rooms that keep something for a function hear of it.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let ended = consent::invalidate(tx, gone.subject)?;
    for one in &ended {
        Changed::new(one.holder, one.purpose, one.act).record(tx, None)?;
    }
    Ok(vec![Erased::new("erased-consents", ended.len() as u64)])
}

fn last(tx: &mut Tx) -> Result<Timestamp, db::Error> {
    tx.one("SELECT at FROM consent_sweep WHERE id = 1", &[], |row| row.next())
}

/// As long as something is found the hour is not over.
fn sweep(tx: &mut Tx) -> Result<usize, Error> {
    let lapsed = consent::lapse(tx)?;
    for one in &lapsed {
        Changed::new(one.holder, one.purpose, one.act).record(tx, None)?;
    }
    if lapsed.is_empty() {
        let now = tx.now();
        tx.execute("UPDATE consent_sweep SET at = $1 WHERE id = 1", values![now])?;
    }
    Ok(lapsed.len())
}
