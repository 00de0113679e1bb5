//! Blobs that no row names any more are deleted by a job, so that a crash between row and blob loses nothing.

use crate::app::App;
use crate::folders::uploads;
use crate::web::Error;
use kit::blobs::BlobName;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job;

/// The job's kind. Payload: `region/name`; of what is being uploaded `:part/id`.
pub const KIND: &str = "blob.discard";

/// Leaves the deletion of a blob to a job, as part of the unit that forgets it.
///
/// # Errors
/// [`db::Error`].
pub fn discard(tx: &mut Tx, region: &str, blob: &str) -> Result<(), db::Error> {
    let now = tx.now();
    job::enqueue(tx, KIND, format!("{region}/{blob}").as_bytes(), now).map(drop)
}

/// Where a payload has a region, of what is being uploaded.
const PART: &str = ":part";

/// Leaves the deletion of what has come of an upload to a job, as part of the unit that forgets it.
///
/// # Errors
/// [`db::Error`].
pub fn discard_part(tx: &mut Tx, upload: &str) -> Result<(), db::Error> {
    discard(tx, PART, upload)
}

/// A unit that names blobs which lie in the store of a data centre already. Where it is refused nothing names them, and they are deleted.
///
/// # Errors
/// As the unit.
pub async fn naming<T: Send + 'static>(
    app: &App,
    (region, blobs): (&str, Vec<String>),
    unit: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match app.db().write(unit).await {
        Err(refusal) => Err(refused(app, region, blobs, refusal).await),
        named => named,
    }
}

/// Leaves the deletion of blobs to jobs whose unit was refused, so that nobody fills the store with what is refused. They
/// stay where the outcome is unknown: a row may name them. Answers the refusal.
async fn refused(app: &App, region: &str, blobs: Vec<String>, refusal: Error) -> Error {
    if blobs.is_empty() || !refusal.status.is_client_error() {
        return refusal;
    }
    let region = region.to_owned();
    let unit = move |tx: &mut Tx| blobs.iter().try_for_each(|blob| discard(tx, &region, blob));
    match app.db().write::<_, db::Error>(unit).await {
        Ok(()) => refusal,
        Err(error) => error.into(),
    }
}

/// Runs the job. A blob that is gone already is as good.
///
/// # Errors
/// 503 while the store cannot be reached.
pub async fn run(app: App, payload: Vec<u8>) -> Result<(), Error> {
    let text = String::from_utf8(payload).map_err(Error::fault)?;
    let (region, name) = text.split_once('/').ok_or_else(|| Error::fault("the payload names no blob"))?;
    if region == PART {
        let upload: Id<()> = name.parse().map_err(|_| Error::fault("the payload names no upload"))?;
        return match tokio::fs::remove_file(uploads(app.config()).join(upload.to_string())).await {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(Error::busy(cause)),
            _ => Ok(()),
        };
    }
    let name: BlobName = name.parse().map_err(|_| Error::fault("the payload names no blob"))?;
    app.blobs().delete(region, name).await.map_err(Error::busy)
}
