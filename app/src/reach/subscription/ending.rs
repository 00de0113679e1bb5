//! What was wanted, and what was told of it, goes when the consent ends, in whichever way that happens.

use super::{PURPOSE, store};
use crate::app::App;
use crate::reach::inbox;
use crate::trust::consent;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::event::Event;
use kit::follower;

/// Its name, and that of the routine.
pub(super) const FOLLOWER: &str = "subscription.end";

pub(super) fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let program = app.clone();
        follower::step(app.db(), FOLLOWER, move |tx, event| follow(tx, &program, event)).await
    })
}

fn follow(tx: &mut Tx, app: &App, event: &Event) -> Result<(), Error> {
    consent::forget_ended(tx, event, PURPOSE, |tx, subject, at| {
        if store::forget_until(tx, subject, at)? {
            inbox::forget(tx, app, subject, &inbox::kind::NOTICE_ARRIVED)?;
        }
        Ok(())
    })
}
