//! Blobs that no row names any more are deleted by a job, so that a crash between row and blob loses nothing.

use crate::app::App;
use crate::web::Error;
use kit::blobs::BlobName;
use kit::db::{self, Tx};
use kit::job;

/// The job's kind. Payload: `region/name`.
pub const KIND: &str = "blob.discard";

/// Leaves the deletion of a blob to a job, as part of the unit that forgets it.
///
/// # Errors
/// [`db::Error`].
pub fn discard(tx: &mut Tx, region: &str, blob: &str) -> Result<(), db::Error> {
    let now = tx.now();
    job::enqueue(tx, KIND, format!("{region}/{blob}").as_bytes(), now).map(drop)
}

/// Runs the job. A blob that is gone already is as good.
///
/// # Errors
/// 503 while the store cannot be reached.
pub async fn run(app: App, payload: Vec<u8>) -> Result<(), Error> {
    let text = String::from_utf8(payload).map_err(Error::fault)?;
    let (region, name) = text.split_once('/').ok_or_else(|| Error::fault("the payload names no blob"))?;
    let name: BlobName = name.parse().map_err(|_| Error::fault("the payload names no blob"))?;
    app.blobs().delete(region, name).await.map_err(Error::busy)
}
