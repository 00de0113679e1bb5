//! What happens to companies elsewhere changes their pages.

use super::public::refresh;
use crate::app::App;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::event::Event;
use kit::follower;
use kit::id::Id;

/// The follower's name, and the routine's.
pub const FOLLOWER: &str = "provider-pages";

/// One step: whatever is told of a company may change its page. What is only filed does not.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    let concerns = event.kind.starts_with("company.") && event.kind != "company.part-filed";
    match event.scope.company.filter(|_| concerns) {
        Some(company) => refresh(tx, Id::from_bytes(company)),
        None => Ok(()),
    }
}
