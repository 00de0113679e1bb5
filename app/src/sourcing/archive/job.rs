//! The job that makes an archive, step by step. Killed on its way it goes on with the step that it was at: a text that was made stands in
//! a row, and only the file itself is begun again. It waits for nothing: while the log does not show yet what is to be proved, it leaves
//! another job for a little later.

use super::rule::{self, Step};
use super::store::{self, Entry, Made, Making};
use super::zipped::{self, Piece};
use super::{Archive, KIND as LIST, MANIFEST, agreements, gather};
use crate::app::App;
use crate::trust::log;
use crate::web::Error;
use crate::work;
use aws_lc_rs::digest::{Context as Digest, SHA256, digest};
use bytes::Bytes;
use evidence::Proven;
use futures::FutureExt;
use futures::TryStreamExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::blobs::BlobName;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc::{Sender, channel};

/// The kind of the job. Payload: the archive's id.
pub const KIND: &str = "archive.make";

/// When it looks again for what the log does not show yet: it shows an epoch of ten seconds when the next one is over, too.
const LATER: SignedDuration = SignedDuration::from_secs(15);

/// Pieces that wait for the disk.
const WAITING: usize = 4;

/// What came of a step.
enum Came {
    /// It is done.
    Done,
    /// The log does not show yet what is to be proved.
    NotYet,
}

/// Where archives lie while they are written. All processes share it.
pub fn folder(app: &App) -> PathBuf {
    app.config().data_dir.join("archives")
}

/// Makes one, unless it is made or nobody wants it any more.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: Id<Archive> = work::named(payload)?;
        loop {
            let theirs = app.clone();
            let Some(making) = app.db().read(move |tx| store::making(tx, &theirs, id)).await? else { return Ok(()) };
            let came = match rule::step(making.step, making.lots.len()) {
                Step::List => sign(&app, making).await?,
                Step::Pack => pack(&app, job, making).await?,
                _ => gathered(&app, making).await?,
            };
            if let Came::NotYet = came {
                return Ok(app.db().write::<_, db::Error>(move |tx| later(tx, id)).await?);
            }
        }
    }
    .boxed()
}

fn later(tx: &mut Tx, id: Id<Archive>) -> Result<(), db::Error> {
    let now = tx.now();
    let at = now.checked_add(LATER).unwrap_or(now);
    kit::job::enqueue(tx, KIND, id.as_bytes(), at).map(drop)
}

/// A step that reads what the archive is to hold.
async fn gathered(app: &App, making: Making) -> Result<Came, Error> {
    let (id, step, theirs) = (making.archive, making.step, app.clone());
    let agreed = match rule::step(step, making.lots.len()) {
        Step::Tender => agreements::parts(app, &making).await?,
        _ => Vec::new(),
    };
    let Some(parts) = app.db().read(move |tx| gather::step(tx, &theirs, &making)).await? else {
        return Ok(Came::NotYet);
    };
    // Setting paper takes some milliseconds of a core for each.
    let made = tokio::task::spawn_blocking(move || parts.into_iter().chain(agreed).map(gather::Part::made).collect());
    let entries: Result<Vec<Entry>, Error> = made.await.map_err(Error::fault)?;
    let entries = entries?;
    app.db().write::<_, db::Error>(move |tx| store::add(tx, id, step, &entries)).await?;
    Ok(Came::Done)
}

/// Signs the list of all files.
async fn sign(app: &App, making: Making) -> Result<Came, Error> {
    let signer = app.signer().clone();
    let unit = move |tx: &mut Tx| {
        let entries = store::entries(tx, making.archive)?;
        let statement = statement(tx, &making, &entries);
        store::keep_list(tx, &making, &signer.sign(LIST, statement))
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Came::Done)
}

fn statement(tx: &Tx, making: &Making, entries: &[(i64, Entry)]) -> BTreeMap<String, Value> {
    let stated = |entry: &Entry| json!({ "bytes": entry.size, "sha256": hex::encode(entry.sha256) });
    let files: BTreeMap<_, _> = entries.iter().map(|(_, entry)| (entry.name.clone(), stated(entry))).collect();
    BTreeMap::from([
        ("archive".to_owned(), json!(making.archive)),
        ("tender".to_owned(), json!(making.tender.id)),
        ("number".to_owned(), json!(making.tender.number)),
        ("reader".to_owned(), json!(if making.is_whole() { "buyer" } else { "bidder" })),
        ("made_at".to_owned(), json!(tx.now())),
        ("files".to_owned(), json!(files)),
        ("left_out".to_owned(), json!(rule::left_out(making.is_whole()))),
    ])
}

/// Writes the file, once the log shows that it commits to the list.
async fn pack(app: &App, job: Id<Job>, making: Making) -> Result<Came, Error> {
    let (id, theirs) = (making.archive, app.clone());
    let read = move |tx: &mut Tx| {
        let (list, event) = store::listed(tx, id)?.ok_or_else(|| Error::fault("an archive without its list"))?;
        let proof = log::prove(tx, theirs.log(), theirs.signer(), event)?;
        Ok::<_, Error>((proof.map(|proof| Proven::new(list, proof)), store::entries(tx, id)?))
    };
    let (Some(list), entries) = app.db().read(read).await? else { return Ok(Came::NotYet) };
    let list = serde_json::to_vec_pretty(&list).map_err(Error::fault)?;
    let folder = folder(app);
    tokio::fs::create_dir_all(&folder).await.map_err(Error::busy)?;
    let path = folder.join(format!("{id}-{job}.zip"));
    let kept = match written(app, &path, id, (list, entries)).await {
        Ok(sum) => keep(app, &path, &making, sum).await,
        Err(error) => Err(error),
    };
    // The sweep removes what this leaves.
    tokio::fs::remove_file(&path).await.ok();
    kept.map(|()| Came::Done)
}

async fn written(
    app: &App,
    path: &Path,
    id: Id<Archive>,
    (list, entries): (Vec<u8>, Vec<(i64, Entry)>),
) -> Result<(i64, [u8; 32]), Error> {
    let (sender, receiver) = channel(WAITING);
    let to = path.to_owned();
    let writing = tokio::task::spawn_blocking(move || zipped::write(&to, receiver));
    let fed = feed(app, id, (list, entries), &sender).await;
    drop(sender);
    let sum = writing.await.map_err(Error::fault)?.map_err(Error::busy)?;
    fed.map(|()| sum)
}

/// Hands over the list, and then file by file what it says; none that is not what it says.
async fn feed(
    app: &App,
    id: Id<Archive>,
    (list, entries): (Vec<u8>, Vec<(i64, Entry)>),
    to: &Sender<Piece>,
) -> Result<(), Error> {
    let size = i64::try_from(list.len()).map_err(Error::fault)?;
    send(to, Piece::File { name: MANIFEST.to_owned(), size, packed: true }).await?;
    send(to, Piece::Bytes(list.into())).await?;
    for (number, entry) in entries {
        let packed = entry.place.is_none();
        send(to, Piece::File { name: entry.name.clone(), size: entry.size, packed }).await?;
        let sha256 = match &entry.place {
            Some((region, blob)) => of_file(app, (region, blob), to).await?,
            None => {
                let content = app.db().read::<_, db::Error>(move |tx| store::content(tx, id, number)).await?;
                let content = Bytes::from(content.unwrap_or_default());
                let sha256 = digest(&SHA256, &content).as_ref().to_vec();
                send(to, Piece::Bytes(content)).await?;
                sha256
            }
        };
        if sha256 != entry.sha256 {
            return Err(Error::fault(format!("{} is not what its row says", entry.name)));
        }
    }
    Ok(())
}

/// Hands a file of the store over. Answers its hash.
async fn of_file(app: &App, (region, blob): (&str, &str), to: &Sender<Piece>) -> Result<Vec<u8>, Error> {
    let name: BlobName = blob.parse().map_err(|_| Error::fault("a row names no blob"))?;
    let (_, mut pieces) = app.blobs().pieces(region, name).await.map_err(Error::busy)?;
    let mut digest = Digest::new(&SHA256);
    while let Some(piece) = pieces.try_next().await.map_err(Error::busy)? {
        digest.update(&piece);
        send(to, Piece::Bytes(piece)).await?;
    }
    Ok(digest.finish().as_ref().to_vec())
}

async fn send(to: &Sender<Piece>, piece: Piece) -> Result<(), Error> {
    to.send(piece).await.map_err(|_| Error::busy("the archive is written no further"))
}

/// Puts the file away, and says that it is there.
async fn keep(app: &App, path: &Path, making: &Making, (size, sha256): (i64, [u8; 32])) -> Result<(), Error> {
    let (id, blob) = (making.archive, BlobName::new(app.random()));
    app.blobs().put_file(&making.region, blob, path).await.map_err(Error::busy)?;
    let made = Made { blob: blob.to_string(), size, sha256 };
    if !app.db().write::<_, db::Error>(move |tx| store::ready(tx, id, &made)).await? {
        app.blobs().delete(&making.region, blob).await.map_err(Error::busy)?;
    }
    Ok(())
}
