//! Lists end.

use super::store::SHELF;
use crate::app::App;
use crate::identity::listing;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use policy::Control;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move { if policy::holds(Control::RosterForgotten) { listing::sweep(&app, &SHELF).await } else { Ok(0) } }
        .boxed()
}
