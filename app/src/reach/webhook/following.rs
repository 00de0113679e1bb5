//! Messages are left in the unit that moves the follower's cursor: each event once to each webhook that wants it.

use super::{kind, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::event::Event;
use kit::follower;
use kit::id::Id;

/// Its name, and that of the routine.
pub const FOLLOWER: &str = "webhook";

/// Leaves the messages of the next events.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

/// Of a closed company nobody is left who could look after them.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    store::remove_all(tx, company)?;
    Ok(false)
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    for (company, kind) in kind::told(tx, event)? {
        for (webhook, kinds) in store::of_company(tx, company)? {
            if kinds.split(' ').any(|wanted| wanted == kind.code) {
                let id = tx.id();
                store::leave(tx, webhook, (id, event.id), kind.code, &kind.message(event)?)?;
            }
        }
    }
    Ok(())
}
