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
use serde::Deserialize;

/// Its name, and that of the routine.
pub const FOLLOWER: &str = "webhook";

/// Leaves the messages of the next events.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

/// The body of `company.closing`.
#[derive(Deserialize)]
struct Closing {
    company: Id<Company>,
    state: String,
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    if event.kind == "company.closing" {
        let closing: Closing = event.read()?;
        // Nobody is left who could look after them.
        if closing.state == "closed" {
            store::remove_all(tx, closing.company)?;
        }
    }
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
