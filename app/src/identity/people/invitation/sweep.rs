//! Invitations whose days are over are ended and their address forgotten; what is left of one goes after a month.

use super::Invitation;
use super::store::{self, State};
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// How long the link of one that is over can still say why.
const TOLD: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let (over, old) = app.db().read::<_, db::Error>(|tx| Ok((over(tx)?, old(tx)?))).await?;
        let done = over.len() + old.len();
        if done > 0 {
            app.db().write::<_, Error>(move |tx| sweep(tx, &over, &old)).await?;
        }
        Ok(done)
    }
    .boxed()
}

fn over(tx: &mut Tx) -> Result<Vec<Id<Invitation>>, db::Error> {
    let now = tx.now();
    let sql =
        "SELECT id FROM invitation WHERE state = 'waiting' AND expires_at <= $1 ORDER BY expires_at, id LIMIT 100";
    tx.all(sql, values![now], |row| row.next())
}

fn old(tx: &mut Tx) -> Result<Vec<Id<Invitation>>, db::Error> {
    let before = tx.now().checked_sub(TOLD).unwrap_or(tx.now());
    let sql = "SELECT id FROM invitation WHERE state <> 'waiting' AND ended_at < $1 ORDER BY ended_at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

fn sweep(tx: &mut Tx, over: &[Id<Invitation>], old: &[Id<Invitation>]) -> Result<(), Error> {
    for id in over {
        if let Some(kept) = store::find(tx, *id)? {
            store::end(tx, &kept, State::Expired, None)?;
        }
    }
    for id in old {
        tx.execute("DELETE FROM invitation WHERE id = $1", values![*id])?;
    }
    Ok(())
}
