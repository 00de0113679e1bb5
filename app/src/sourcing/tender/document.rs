//! The documents of a tender (招标文件): public with it, each with its hash.

use super::store;
use super::tender::Tender;
use crate::app::App;
use crate::discard::{discard, naming};
use crate::identity::company::data_region;
use crate::web::{Actor, At, Error, Fields, Parse, Preparer, Upload, attachment};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use kit::blobs::BlobName;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// No tender may have more.
pub const MOST: usize = 20;

/// A document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Document {
    /// Its id.
    pub id: Id<Document>,
    /// Its file name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The number of the amendment that it came with.
    pub amendment: Option<i64>,
    #[serde(skip)]
    region: String,
    #[serde(skip)]
    blob: String,
    #[serde(skip)]
    tender: Id<Tender>,
}

impl Document {
    /// The data centre that it lies in, and its name there.
    pub fn place(&self) -> (String, String) {
        (self.region.clone(), self.blob.clone())
    }
}

/// The files of a form.
pub struct Files(Vec<Upload>);

impl Files {
    /// As they came.
    pub fn into_uploads(self) -> Vec<Upload> {
        self.0
    }
}

impl Parse for Files {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.some_files("documents", MOST).map(Self)
    }
}

/// Adds files to a draft: blobs first, then their rows. A file of the same name and content is there already: the form
/// was sent twice.
///
/// # Errors
/// 404, 409 `tender-not-draft` or `too-many-documents`.
pub async fn add(app: &App, buyer: Preparer, tender: Id<Tender>, files: Files) -> Result<(), Error> {
    let owner = buyer.clone();
    let unit = move |tx: &mut Tx| {
        store::own_draft(tx, &owner, tender)?;
        Ok::<_, Error>(data_region(tx, owner.company)?)
    };
    let region = app.db().read(unit).await?;
    let mut rows = Vec::new();
    for file in files.0 {
        rows.push(keep(app, &region, &file).await?);
    }
    let blobs = rows.iter().map(|file| file.blob.clone()).collect();
    naming(app, (&region, blobs), move |tx| attach(tx, &buyer, tender, &rows)).await
}

/// Gives files that lie in the blob store their rows.
fn attach(tx: &mut Tx, buyer: &Preparer, tender: Id<Tender>, files: &[Kept]) -> Result<(), Error> {
    buyer.still(tx)?;
    store::own_draft(tx, buyer, tender)?;
    let known = list(tx, tender)?;
    let (again, new) = apart(files, known.iter().map(|one| (one.name.as_str(), one.sha256.as_str())))?;
    again.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?;
    if !new.is_empty() {
        store::touch(tx, buyer, tender)?;
    }
    Ok(insert(tx, tender, None, &new)?)
}

/// Those of a form's files that are there already, by name and hash, and the others.
///
/// # Errors
/// 409 `too-many-documents`.
pub fn apart<'f, 'k>(
    files: &'f [Kept],
    known: impl Iterator<Item = (&'k str, &'k str)>,
) -> Result<(Vec<&'f Kept>, Vec<&'f Kept>), Error> {
    let known: Vec<_> = known.collect();
    let is_known = |file: &&Kept| known.contains(&(file.name.as_str(), hex::encode(file.sha256).as_str()));
    let (again, new): (Vec<_>, Vec<_>) = files.iter().partition(is_known);
    if known.len() + new.len() > MOST {
        return Err(Error::conflict("too-many-documents").with("most", MOST));
    }
    Ok((again, new))
}

/// Gives the files of an amendment their rows. Part of its unit.
///
/// # Errors
/// 409 `too-many-documents`.
pub fn attach_amended(tx: &mut Tx, tender: Id<Tender>, amendment: i64, files: &[Kept]) -> Result<(), Error> {
    if !files.is_empty() && list(tx, tender)?.len() + files.len() > MOST {
        return Err(Error::conflict("too-many-documents").with("most", MOST));
    }
    Ok(insert(tx, tender, Some(amendment), &files.iter().collect::<Vec<_>>())?)
}

/// Gives files of a draft or an amendment their rows, in this order.
pub(super) fn insert(
    tx: &mut Tx,
    tender: Id<Tender>,
    amendment: Option<i64>,
    files: &[&Kept],
) -> Result<(), db::Error> {
    let now = tx.now();
    // Ids of the same instant have no order but this: the files keep the order of the form.
    let mut ids: Vec<_> = files.iter().map(|_| tx.id::<Document>()).collect();
    ids.sort();
    for (id, file) in ids.into_iter().zip(files) {
        tx.execute(
            "INSERT INTO tender_document (id, tender, name, size, sha256, region, blob, created_at, amendment) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![id, tender, &file.name, file.size, file.sha256, &file.region, &file.blob, now, amendment],
        )?;
    }
    Ok(())
}

/// A file that lies in the blob store and has no row yet.
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256.
    pub sha256: [u8; 32],
    /// The data centre that it lies in.
    pub region: String,
    /// Its name there.
    pub blob: String,
}

/// Writes a file to the store of a data centre, durably.
///
/// # Errors
/// 503.
pub async fn keep(app: &App, region: &str, file: &Upload) -> Result<Kept, Error> {
    let blob = app.lay(region, file.content.clone()).await?;
    Ok(Kept {
        name: file.name.clone(),
        size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
        sha256: sha256(&file.content),
        region: region.to_owned(),
        blob,
    })
}

/// Writes a copy of a document to the store of a data centre, durably: each row has a file of its own.
///
/// # Errors
/// 500 when the document's file is gone; 503.
pub async fn copy(app: &App, region: &str, document: &Document) -> Result<Kept, Error> {
    copy_of(app, region, &document.name, (&document.region, &document.blob)).await
}

/// The same of a file of this name that lies there.
///
/// # Errors
/// As [`copy`].
pub async fn copy_of(app: &App, region: &str, name: &str, (from, blob): (&str, &str)) -> Result<Kept, Error> {
    let (old, new) = (named(blob)?, BlobName::new(app.random()));
    let (size, sha256) = app.blobs().copy((from, old), (region, new)).await.map_err(gone)?;
    let size = i64::try_from(size).map_err(Error::fault)?;
    Ok(Kept { name: name.to_owned(), size, sha256, region: region.to_owned(), blob: new.to_string() })
}

/// SHA-256.
pub fn sha256(content: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, content);
    digest.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// The documents of a tender, oldest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Document>, db::Error> {
    let sql = "SELECT id, name, size, sha256, amendment, region, blob, tender FROM tender_document \
               WHERE tender = $1 ORDER BY created_at, id";
    tx.all(sql, values![tender], read)
}

/// Region and name of the blobs of the newest documents, for a check that they are there.
///
/// # Errors
/// [`db::Error`].
pub fn newest_blobs(tx: &mut Tx, limit: i64) -> Result<Vec<(String, String)>, db::Error> {
    let sql = "SELECT region, blob FROM tender_document ORDER BY id DESC LIMIT $1";
    tx.all(sql, values![limit], |row| Ok((row.next()?, row.next()?)))
}

/// Takes all documents out of a draft whose company closes.
///
/// # Errors
/// [`db::Error`].
pub(super) fn discard_all(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    let sql = "SELECT region, blob FROM tender_document WHERE tender = $1 ORDER BY id";
    let files = tx.all(sql, values![tender], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
    tx.execute("DELETE FROM tender_document WHERE tender = $1", values![tender])?;
    files.iter().try_for_each(|(region, blob)| discard(tx, region, blob))
}

/// Takes a document out of a draft.
///
/// # Errors
/// 404, 409 `tender-not-draft`.
pub fn remove(tx: &mut Tx, buyer: &Preparer, id: Id<Document>) -> Result<Id<Tender>, Error> {
    buyer.still(tx)?;
    let document = load(tx, id)?;
    store::own_draft(tx, buyer, document.tender)?;
    store::touch(tx, buyer, document.tender)?;
    tx.execute("DELETE FROM tender_document WHERE id = $1", values![id])?;
    discard(tx, &document.region, &document.blob)?;
    Ok(document.tender)
}

fn load(tx: &mut Tx, id: Id<Document>) -> Result<Document, Error> {
    let sql = "SELECT id, name, size, sha256, amendment, region, blob, tender FROM tender_document WHERE id = $1";
    tx.first(sql, values![id], read)?.ok_or_else(Error::not_found)
}

fn read(row: &mut Row<'_>) -> Result<Document, db::Error> {
    Ok(Document {
        id: row.next()?,
        name: row.next()?,
        size: row.next()?,
        sha256: hex::encode(row.next::<Vec<u8>>()?),
        amendment: row.next()?,
        region: row.next()?,
        blob: row.next()?,
        tender: row.next()?,
    })
}

/// `GET /documents/{id}`: the file, for whoever may read the tender.
pub async fn show(State(app): State<App>, actor: Actor, At(id): At<Id<Document>>) -> Result<Response, Error> {
    let document = app
        .db()
        .read(move |tx| {
            let document = load(tx, id)?;
            store::find(tx, &actor, document.tender)?;
            Ok::<_, Error>(document)
        })
        .await?;
    download(&app, &document.name, &document.region, &document.blob).await
}

/// A file as a download.
///
/// # Errors
/// 500 when the blob is gone; 503 while its data centre cannot be reached.
pub async fn download(app: &App, name: &str, region: &str, blob: &str) -> Result<Response, Error> {
    let (size, pieces) = app.blobs().pieces(region, named(blob)?).await.map_err(gone)?;
    let mut response = attachment(name, Body::from_stream(pieces));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(size));
    Ok(response)
}

fn named(blob: &str) -> Result<BlobName, Error> {
    blob.parse().map_err(|_| Error::fault("a row names no blob"))
}

fn gone(error: kit::blobs::Error) -> Error {
    match error {
        kit::blobs::Error::Missing { .. } => Error::fault(error),
        error => Error::busy(error),
    }
}
