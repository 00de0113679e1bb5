//! The keys of who was erased: those that the law does not have kept at once, the others on their dates. Without the keys
//! nothing is readable any more, in the database, its copies, its log and, once the back-ups of the keys are gone, in
//! those.

use super::certificate;
use crate::app::App;
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::id::Id;
use kit::job::Job;

/// The kind of the job. Payload: the subject's id.
pub const KIND: &str = "cancellation.keys";

/// Runs the job. Keys that are gone already are as good.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let subject = work::named(payload)?;
        app.vault().destroy_keys(subject, app.journal()).await?;
        let theirs = app.clone();
        app.db().write::<_, Error>(move |tx| certificate::issue(tx, &theirs, subject)).await
    }
    .boxed()
}
