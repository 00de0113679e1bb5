//! What is left of a substitution goes a year after its time.

use super::Substitution;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// How long who comes back can still see what was done in their name.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 366);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        // Read first: where nothing is due, no unit is written.
        let old = app.db().read::<_, db::Error>(old).await?;
        let done = old.len();
        if done > 0 {
            app.db().write::<_, db::Error>(move |tx| forget(tx, &old)).await?;
        }
        Ok(done)
    }
    .boxed()
}

fn old(tx: &mut Tx) -> Result<Vec<Id<Substitution>>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    let sql = "SELECT id FROM substitution WHERE ends_at <= $1 ORDER BY ends_at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

fn forget(tx: &mut Tx, old: &[Id<Substitution>]) -> Result<(), db::Error> {
    for id in old {
        tx.execute("DELETE FROM stood_in WHERE substitution = $1", values![*id])?;
        tx.execute("DELETE FROM substitution WHERE id = $1", values![*id])?;
    }
    Ok(())
}
