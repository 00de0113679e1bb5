//! What has served its time goes, in steps: messages after a month, since what they tell of stands where it is public; secrets
//! whose day of overlap is over.

use super::Delivery;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// How long a message is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 31);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let (over, spent) = app.db().read::<_, db::Error>(|tx| Ok((outlived(tx)?, spent(tx)?))).await?;
        if over.is_empty() && spent == 0 {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let over = outlived(tx)?;
            for id in &over {
                tx.execute("DELETE FROM webhook_delivery WHERE id = $1", values![*id])?;
            }
            let now = tx.now();
            let sql = "UPDATE webhook SET old_secret = NULL, old_until = NULL \
                 WHERE old_until IS NOT NULL AND old_until <= $1";
            let spent = tx.execute(sql, values![now])?;
            Ok(over.len() + usize::try_from(spent).unwrap_or(usize::MAX))
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

fn outlived(tx: &mut Tx) -> Result<Vec<Id<Delivery>>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    let sql = "SELECT id FROM webhook_delivery WHERE at < $1 ORDER BY at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

fn spent(tx: &mut Tx) -> Result<i64, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*) FROM webhook WHERE old_until IS NOT NULL AND old_until <= $1";
    tx.one(sql, values![now], |row| row.next())
}
