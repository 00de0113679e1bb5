//! Copies whose time has run out, or whose person has left, go: file, key and row's content.

use super::store;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db;
use policy::Control;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !policy::holds(Control::CopyEnds) {
            return Ok(0);
        }
        let old = app.db().read::<_, db::Error>(store::outlived).await?;
        let done = old.len();
        if done > 0 {
            let unit = move |tx: &mut db::Tx| old.iter().try_for_each(|id| store::end(tx, *id, "ended"));
            app.db().write::<_, db::Error>(unit).await?;
        }
        Ok(done)
    }
    .boxed()
}
