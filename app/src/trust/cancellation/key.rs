//! The keys of who was erased: those that the law does not have kept at once, the others on their dates. Without the keys
//! nothing is readable any more, in the database, its copies, its log and, once the back-ups of the keys are gone, in
//! those.

use super::store;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db;
use kit::id::Id;
use kit::job::Job;

/// The kind of the job. Payload: the cancellation's id.
pub const KIND: &str = "cancellation.keys";

/// Runs the job. Keys that are gone already are as good.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: [u8; 16] = payload.try_into().map_err(|_| Error::fault("the payload is no id"))?;
        let id = Id::from_bytes(id);
        let whole = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
        let whole = whole.ok_or_else(|| Error::fault("there is no such cancellation"))?;
        app.vault().destroy_keys(whole.subject, app.journal()).await?;
        app.db().write::<_, db::Error>(move |tx| store::note_keys(tx, id)).await?;
        Ok(())
    }
    .boxed()
}
