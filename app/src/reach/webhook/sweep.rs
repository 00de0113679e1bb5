//! Messages older than a month go, in steps: what is public stays where it is public.

use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

use super::Delivery;

/// How long a message is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 31);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if app.db().read::<_, db::Error>(outlived).await?.is_empty() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let over = outlived(tx)?;
            for id in &over {
                tx.execute("DELETE FROM webhook_delivery WHERE id = $1", values![*id])?;
            }
            Ok(over.len())
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
