//! Erasure of who registered and never came back: in one unit the person's standing ends, so that no process opens anything any more; then a job destroys the
//! keys, so that nobody ever can.

use crate::app::App;
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::id::Id;
use kit::job::{self, Job};
use vault::{Standing, Subject};

/// The kind of the job. Payload: the subject's id.
pub const KIND: &str = "account.destroy-keys";

/// Ends the standing of somebody without an account for good and leaves the destruction of the keys to a job, as part of
/// this unit. Who was erased already stays so.
///
/// # Errors
/// 500 when there is no such subject.
pub fn erase(tx: &mut Tx, subject: Id<Subject>) -> Result<(), Error> {
    if vault::standing(tx, subject)? == Some(Standing::Destroyed) {
        return Ok(());
    }
    vault::change_standing(tx, subject, Standing::Destroyed)?;
    vault::consent::invalidate(tx, subject)?;
    let now = tx.now();
    job::enqueue(tx, KIND, subject.as_bytes(), now)?;
    Ok(())
}

/// Runs the job. Keys that are gone already are as good.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let subject = work::named(payload)?;
        Ok(app.vault().destroy_keys(subject, app.journal()).await?)
    }
    .boxed()
}
