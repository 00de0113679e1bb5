//! The files of a call for applications: fixed when it is published, read by whoever may read it. They lie as a tender's documents do.

use super::list::QualifiedList;
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

/// A file of a call.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedDocument")]
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
    list: Id<QualifiedList>,
}

const COLUMNS: &str = "id, name, size, sha256, region, blob, list FROM qualified_document";

/// Adds files to a draft: blobs first, then their rows. A file of the same name and content is there already.
///
/// # Errors
/// 404, 409 `qualified-not-draft` or `too-many-documents`.
pub(super) async fn add(app: &App, buyer: Preparer, list: Id<QualifiedList>, files: Files) -> Result<(), Error> {
    let owner = buyer.clone();
    let unit = move |tx: &mut Tx| {
        store::own_draft(tx, &owner, list)?;
        Ok::<_, Error>(data_region(tx, owner.company)?)
    };
    let region = app.db().read(unit).await?;
    let mut rows = Vec::new();
    for file in files.into_uploads() {
        rows.push(document::keep(app, &region, &file).await?);
    }
    let blobs = rows.iter().map(|file| file.blob.clone()).collect();
    match app.db().write(move |tx| attach(tx, &buyer, list, &rows)).await {
        Err(refusal) => Err(refused(app, &region, blobs, refusal).await),
        added => added,
    }
}

fn attach(tx: &mut Tx, buyer: &Preparer, list: Id<QualifiedList>, files: &[Kept]) -> Result<(), Error> {
    buyer.still(tx)?;
    store::own_draft(tx, buyer, list)?;
    let known = of(tx, list)?;
    let (again, new) = document::apart(files, known.iter().map(|one| (one.name.as_str(), one.sha256.as_str())))?;
    again.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?;
    if !new.is_empty() {
        store::touch(tx, buyer, list)?;
    }
    Ok(insert(tx, list, &new)?)
}

/// Gives files that lie in the blob store their rows, in this order.
pub(super) fn insert(tx: &mut Tx, list: Id<QualifiedList>, files: &[&Kept]) -> Result<(), db::Error> {
    let now = tx.now();
    let mut ids: Vec<_> = files.iter().map(|_| tx.id::<Document>()).collect();
    ids.sort();
    for (id, file) in ids.into_iter().zip(files) {
        tx.execute(
            "INSERT INTO qualified_document (id, list, name, size, sha256, region, blob, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![id, list, &file.name, file.size, file.sha256, &file.region, &file.blob, now],
        )?;
    }
    Ok(())
}

/// Copies of a list's files in the store of a data centre, durably: each row has a file of its own.
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

/// The files of a list, oldest first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn of(tx: &mut Tx, list: Id<QualifiedList>) -> Result<Vec<Document>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE list = $1 ORDER BY created_at, id"), values![list], read)
}

/// Takes all files out of a draft whose company closes.
///
/// # Errors
/// [`db::Error`].
pub(super) fn discard_all(tx: &mut Tx, list: Id<QualifiedList>) -> Result<(), db::Error> {
    let files = of(tx, list)?;
    tx.execute("DELETE FROM qualified_document WHERE list = $1", values![list])?;
    files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))
}

/// Takes a file out of a draft.
///
/// # Errors
/// 404, 409 `qualified-not-draft`.
pub(super) fn remove(tx: &mut Tx, buyer: &Preparer, id: Id<Document>) -> Result<Id<QualifiedList>, Error> {
    buyer.still(tx)?;
    let file = load(tx, id)?;
    store::own_draft(tx, buyer, file.list)?;
    store::touch(tx, buyer, file.list)?;
    tx.execute("DELETE FROM qualified_document WHERE id = $1", values![id])?;
    discard(tx, &file.region, &file.blob)?;
    Ok(file.list)
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
        list: row.next()?,
    })
}

/// `GET /qualified-documents/{id}`: the file, for whoever may read the list.
pub(super) async fn show(State(app): State<App>, actor: Actor, At(id): At<Id<Document>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx| {
        let file = load(tx, id)?;
        store::find(tx, &actor, file.list)?;
        Ok::<_, Error>(file)
    };
    let file = app.db().read(read).await?;
    document::download(&app, &file.name, &file.region, &file.blob).await
}
