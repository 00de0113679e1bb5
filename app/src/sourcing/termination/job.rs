//! The job that destroys the sealed envelopes of terminated lots, unopened. It is left for every termination, and goes the way
//! of the jobs whose number no figure tells.

use crate::app::App;
use crate::sourcing::tender::{self, Tender};
use crate::web::Error;
use crate::work;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job;

/// Its kind. Payload: the tender's id.
pub const KIND: &str = "termination.destroy";

/// Leaves it. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn leave(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    let now = tx.now();
    job::enqueue(tx, KIND, tender.as_bytes(), now).map(drop)
}

/// Runs it. Again it finds nothing left.
///
/// # Errors
/// 503 while the database cannot be asked.
pub async fn run(app: App, payload: Vec<u8>) -> Result<(), Error> {
    let id: Id<Tender> = work::named(payload)?;
    Ok(app.db().write::<_, db::Error>(move |tx| tender::destroy_terminated(tx, id)).await?)
}
