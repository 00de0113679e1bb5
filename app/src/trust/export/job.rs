//! The job that makes a copy. Killed on its way it begins again; what it had written before belongs to no row and is swept.

use super::content::{self, Copying};
use super::store::{self, Made};
use super::{Export, IDENTITY, pack};
use crate::app::{App, REGION};
use crate::web::Error;
use crate::work;
use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::blobs::BlobName;
use kit::db;
use kit::id::Id;
use kit::job::Job;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vault::ExportKey;

/// The kind of the job. Payload: the copy's id.
pub const KIND: &str = "export.make";

/// Makes one, unless it is made or nobody wants it any more.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let Some((subject, _)) = app.db().read::<_, db::Error>(move |tx| store::asked(tx, id)).await? else {
            return Ok(());
        };
        let copying = Copying { export: id, subject, job };
        match content::gather(&app, &copying).await {
            Ok(files) => finish(&app, &copying, files).await,
            // The person has left meanwhile: nothing is copied.
            Err(vault::Error::Refused(_)) => {
                Ok(app.db().write::<_, db::Error>(move |tx| store::end(tx, id, "ended")).await?)
            }
            Err(error) => Err(error.into()),
        }
    }
    .boxed()
}

async fn finish(app: &App, copying: &Copying, files: pack::Files) -> Result<(), Error> {
    let id: Id<Export> = copying.export;
    let archive = pack::pack(files, about(app, copying), app.signer()).map_err(Error::fault)?;
    let identity = Identity::generate();
    let sealed = age::encrypt(&identity.to_public(), &archive).map_err(Error::fault)?;
    let key: ExportKey = identity.to_string().expose_secret().parse().map_err(Error::fault)?;
    let key = app.vault().seal(IDENTITY, copying.subject, id, &key).await?;
    let blob = BlobName::new(app.random());
    app.blobs().put(REGION, blob, Bytes::from(sealed)).await.map_err(Error::busy)?;
    let hash = digest(&SHA256, &archive);
    let made = Made {
        blob: blob.to_string(),
        identity: key.bytes().to_vec(),
        size: i64::try_from(archive.len()).unwrap_or(i64::MAX),
        sha256: hash.as_ref().try_into().map_err(Error::fault)?,
    };
    let is_wanted = app.db().write::<_, db::Error>(move |tx| store::ready(tx, id, &made)).await?;
    if !is_wanted {
        app.blobs().delete(REGION, blob).await.map_err(Error::busy)?;
    }
    Ok(())
}

/// What the manifest says beside the hashes.
fn about(app: &App, copying: &Copying) -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("export".to_owned(), json!(copying.export)),
        ("subject".to_owned(), json!(copying.subject)),
        ("made_at".to_owned(), json!(app.clock().now())),
        ("by".to_owned(), json!(app.operator_name())),
        ("policy".to_owned(), json!(policy::current().id)),
    ])
}
