//! A link goes when the consent that it rests on ends, in whichever way that happens. Until it has gone it signs nobody in: the
//! consent is compared in the unit that would.

use super::PURPOSE;
use crate::app::App;
use crate::identity::account::link;
use crate::trust::consent;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::event::Event;
use kit::follower;

/// Its name, and that of the routine.
pub(super) const FOLLOWER: &str = "linked.end";

pub(super) fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    consent::forget_ended(tx, event, PURPOSE, link::forget_until)
}
