//! What was told more than a year ago goes, in steps.

use super::store;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if app.db().read::<_, db::Error>(store::outlived).await?.is_empty() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let over = store::outlived(tx)?;
            over.iter().try_for_each(|id| store::clear(tx, *id))?;
            Ok(over.len())
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}
