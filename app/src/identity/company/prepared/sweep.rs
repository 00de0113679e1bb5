//! Prepared registrations that nobody took up lapse, and everything of them goes.

use super::store;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use policy::Control;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !policy::holds(Control::PreparedLapses) {
            return Ok(0);
        }
        let read = |tx: &mut Tx| Ok((store::over(tx)?, store::is_any_old(tx)?));
        let (over, is_any_old) = app.db().read::<_, db::Error>(read).await?;
        if over.is_empty() && !is_any_old {
            return Ok(0);
        }
        let unit = move |tx: &mut Tx| {
            over.iter().try_for_each(|kept| store::end(tx, kept, "lapsed"))?;
            Ok(over.len() + usize::try_from(store::forget_asked(tx)?).unwrap_or(0))
        };
        app.db().write::<_, Error>(unit).await
    }
    .boxed()
}
