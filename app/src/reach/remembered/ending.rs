//! What was remembered goes when the consent ends, in whichever way that happens.

use super::{PURPOSE, store};
use crate::app::App;
use crate::trust::consent;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::event::Event;
use kit::follower;

/// Its name, and that of the routine.
pub(super) const FOLLOWER: &str = "remembered.end";

pub(super) fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    consent::forget_ended(tx, event, PURPOSE, store::forget_until)
}
