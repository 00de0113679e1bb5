//! Messages are left in the unit that moves the follower's cursor: each event once to each webhook that wants it.

use super::{kind, store};
use crate::app::App;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::event::Event;
use kit::follower;

/// Its name, and that of the routine.
pub const FOLLOWER: &str = "webhook";

/// Leaves the messages of the next events.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    for (company, kind) in kind::told(tx, event)? {
        for (webhook, kinds) in store::of_company(tx, *company.as_bytes())? {
            if kinds.split(' ').any(|wanted| wanted == kind) {
                store::leave(tx, webhook, event.id, kind, &kind::message(kind, event)?)?;
            }
        }
    }
    Ok(())
}
