//! After an opening comes the comparison: a job, made in the unit that moves the follower's cursor. A negotiated lot is compared once its final
//! offers are open.

use super::assess::JOB;
use crate::app::App;
use crate::sourcing::negotiation::event::FinalsOpened;
use crate::sourcing::tender::event::{AuctionsOver, Opened};
use crate::web::Error;
use futures::future::BoxFuture;
use kit::event::Fact;
use kit::{follower, job};

/// Its name.
pub const FOLLOWER: &str = "risk-openings";

/// Reads the next events.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        follower::step(app.db(), FOLLOWER, |tx, event| {
            let tender = match event.kind.as_str() {
                Opened::KIND => event.read::<Opened>()?.tender,
                // Names were closed until then.
                AuctionsOver::KIND => event.read::<AuctionsOver>()?.tender,
                FinalsOpened::KIND => event.read::<FinalsOpened>()?.tender,
                _ => return Ok::<_, Error>(()),
            };
            let now = tx.now();
            job::enqueue(tx, JOB, tender.as_bytes(), now)?;
            Ok(())
        })
        .await
    })
}
