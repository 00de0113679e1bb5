//! The files of a demand: fixed when it is published, read by whoever may read it. They lie as a tender's documents do.

use super::demand::Demand;
use super::store;
use crate::app::App;
use crate::discard::{discard, refused};
use crate::identity::company::data_region;
use crate::sourcing::tender::document::{self, Files, Kept};
use crate::web::{Actor, At, Error, Preparer};
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A file of a demand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DemandDocument")]
pub struct Document {
    /// Its id.
    pub id: Id<Document>,
    /// Its file name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    #[serde(skip)]
    region: String,
    #[serde(skip)]
    blob: String,
    #[serde(skip)]
    demand: Id<Demand>,
}

const COLUMNS: &str = "id, name, size, sha256, region, blob, demand FROM demand_document";

/// Adds files to a draft: blobs first, then their rows. A file of the same name and content is there already.
///
/// # Errors
/// 404, 409 `demand-not-draft` or `too-many-documents`.
pub(super) async fn add(app: &App, buyer: Preparer, demand: Id<Demand>, files: Files) -> Result<(), Error> {
    let owner = buyer.clone();
    let unit = move |tx: &mut Tx| {
        store::own_draft(tx, &owner, demand)?;
        Ok::<_, Error>(data_region(tx, owner.company)?)
    };
    let region = app.db().read(unit).await?;
    let mut rows = Vec::new();
    for file in files.into_uploads() {
        rows.push(document::keep(app, &region, &file).await?);
    }
    let blobs = rows.iter().map(|file| file.blob.clone()).collect();
    match app.db().write(move |tx| attach(tx, &buyer, demand, &rows)).await {
        Err(refusal) => Err(refused(app, &region, blobs, refusal).await),
        added => added,
    }
}

fn attach(tx: &mut Tx, buyer: &Preparer, demand: Id<Demand>, files: &[Kept]) -> Result<(), Error> {
    buyer.still(tx)?;
    store::own_draft(tx, buyer, demand)?;
    let known = list(tx, demand)?;
    let (again, new) = document::apart(files, known.iter().map(|one| (one.name.as_str(), one.sha256.as_str())))?;
    again.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?;
    if !new.is_empty() {
        store::touch(tx, buyer, demand)?;
    }
    Ok(insert(tx, demand, &new)?)
}

/// Gives files that lie in the blob store their rows, in this order.
pub(super) fn insert(tx: &mut Tx, demand: Id<Demand>, files: &[&Kept]) -> Result<(), db::Error> {
    let now = tx.now();
    let mut ids: Vec<_> = files.iter().map(|_| tx.id::<Document>()).collect();
    ids.sort();
    for (id, file) in ids.into_iter().zip(files) {
        tx.execute(
            "INSERT INTO demand_document (id, demand, name, size, sha256, region, blob, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![id, demand, &file.name, file.size, file.sha256, &file.region, &file.blob, now],
        )?;
    }
    Ok(())
}

/// Copies of a demand's files in the store of a data centre, durably: each row has a file of its own.
///
/// # Errors
/// 500 when a file is gone; 503.
pub(super) async fn copies(app: &App, region: &str, of: &[Document]) -> Result<Vec<Kept>, Error> {
    let mut copies = Vec::with_capacity(of.len());
    for one in of {
        copies.push(document::copy_of(app, region, &one.name, (&one.region, &one.blob)).await?);
    }
    Ok(copies)
}

/// The files of a demand, oldest first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<Document>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE demand = $1 ORDER BY created_at, id"), values![demand], read)
}

/// Takes all files out of a draft whose company closes.
///
/// # Errors
/// [`db::Error`].
pub(super) fn discard_all(tx: &mut Tx, demand: Id<Demand>) -> Result<(), db::Error> {
    let files = list(tx, demand)?;
    tx.execute("DELETE FROM demand_document WHERE demand = $1", values![demand])?;
    files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))
}

/// Takes a file out of a draft.
///
/// # Errors
/// 404, 409 `demand-not-draft`.
pub(super) fn remove(tx: &mut Tx, buyer: &Preparer, id: Id<Document>) -> Result<Id<Demand>, Error> {
    buyer.still(tx)?;
    let file = load(tx, id)?;
    store::own_draft(tx, buyer, file.demand)?;
    store::touch(tx, buyer, file.demand)?;
    tx.execute("DELETE FROM demand_document WHERE id = $1", values![id])?;
    discard(tx, &file.region, &file.blob)?;
    Ok(file.demand)
}

fn load(tx: &mut Tx, id: Id<Document>) -> Result<Document, Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?.ok_or_else(Error::not_found)
}

fn read(row: &mut Row<'_>) -> Result<Document, db::Error> {
    Ok(Document {
        id: row.next()?,
        name: row.next()?,
        size: row.next()?,
        sha256: hex::encode(row.next::<Vec<u8>>()?),
        region: row.next()?,
        blob: row.next()?,
        demand: row.next()?,
    })
}

/// `GET /demand-documents/{id}`: the file, for whoever may read the demand.
pub(super) async fn show(State(app): State<App>, actor: Actor, At(id): At<Id<Document>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx| {
        let file = load(tx, id)?;
        store::find(tx, &actor, file.demand)?;
        Ok::<_, Error>(file)
    };
    let file = app.db().read(read).await?;
    document::download(&app, &file.name, &file.region, &file.blob).await
}
