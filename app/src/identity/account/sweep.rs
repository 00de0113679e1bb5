//! What is left over is removed: requests for codes after a day, records of sign-ins after six months, limits that limit
//! nothing any more.

use super::session::step as session_step;
use super::{Account, contact, device, factor, passkey, registration};
use crate::app::App;
use crate::web::{Error, limit, session};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// How long a request may be taken up again with new codes.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let old = app.db().read::<_, db::Error>(old).await?;
        let done = old.len();
        if done > 0 {
            app.db().write::<_, Error>(move |tx| old.iter().try_for_each(|id| forget(tx, *id))).await?;
        }
        Ok(done + sign_ins(&app).await? + unfinished(&app).await? + limit::sweep(app.db()).await?)
    }
    .boxed()
}

/// Clears the sign-in log at the end of its time.
async fn sign_ins(app: &App) -> Result<usize, Error> {
    if !policy::holds(Control::SignInLogEnds) {
        return Ok(0);
    }
    let outlived = app.db().read::<_, db::Error>(session::outlived).await?;
    let done = outlived.len();
    if done > 0 {
        let clear = move |tx: &mut Tx| outlived.iter().try_for_each(|id| session::clear(tx, *id));
        app.db().write::<_, db::Error>(clear).await?;
    }
    Ok(done)
}

/// Forgets sign-ins that stopped before their second factor, authenticators whose first code never came, challenges that nobody
/// answered, and browsers that nobody has used for a year.
async fn unfinished(app: &App) -> Result<usize, Error> {
    let some = "SELECT 1 FROM sign_in_step WHERE ends_at <= $1 UNION ALL \
         SELECT 1 FROM authenticator WHERE confirmed_at IS NULL UNION ALL \
         SELECT 1 FROM passkey_challenge WHERE ends_at <= $1 UNION ALL \
         SELECT 1 FROM device WHERE seen_at < $2 LIMIT 1";
    let look = move |tx: &mut Tx| {
        let now = tx.now();
        let old = now.checked_sub(device::KEPT).unwrap_or(now);
        Ok(tx.first(some, values![now, old], |row| row.next::<i64>())?.is_some())
    };
    if !app.db().read::<_, db::Error>(look).await? {
        return Ok(0);
    }
    let sweep =
        |tx: &mut Tx| Ok(session_step::sweep(tx)? + factor::sweep(tx)? + passkey::sweep(tx)? + device::sweep(tx)?);
    let done = app.db().write::<_, db::Error>(sweep).await?;
    Ok(usize::try_from(done).unwrap_or(usize::MAX))
}

fn old(tx: &mut Tx) -> Result<Vec<Id<Account>>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    tx.all("SELECT id FROM code_pair WHERE created_at < $1 ORDER BY created_at, id LIMIT 100", values![before], |row| {
        row.next()
    })
}

fn forget(tx: &mut Tx, id: Id<Account>) -> Result<(), Error> {
    registration::sweep(tx, id)?;
    contact::sweep(tx, id)?;
    tx.execute("DELETE FROM password_reset WHERE id = $1", values![id])?;
    tx.execute("DELETE FROM code_pair WHERE id = $1", values![id])?;
    Ok(())
}
