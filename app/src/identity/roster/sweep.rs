//! Lists end.

use super::store::SHELF;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::listing;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::id::Id;
use policy::Control;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move { if policy::holds(Control::RosterForgotten) { listing::sweep(&app, &SHELF).await } else { Ok(0) } }
        .boxed()
}

/// A company that closes takes its lists along.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    SHELF.end_all(tx, *company.as_bytes(), "company-closed")?;
    Ok(false)
}
