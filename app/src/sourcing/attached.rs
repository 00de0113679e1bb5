//! The files of what is drafted, fixed when it is published, and read by whoever may read it: a demand's, a call's for applications. They lie
//! as a tender's documents do. Each kind has a table of its own; what happens to its rows is said here once.

use super::tender::document::{self, Files, Kept};
use crate::app::App;
use crate::discard::{discard, naming};
use crate::identity::company::data_region;
use crate::web::{Actor, At, Buyer, Error, Preparer};
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// What such files belong to.
pub trait Holder: Sized + Send + Sync + 'static {
    /// The table of its files.
    const TABLE: &'static str;
    /// The column of that table that names it.
    const COLUMN: &'static str;

    /// Passes for a draft of the buyer's own.
    ///
    /// # Errors
    /// 404; 409 where it is no draft any more.
    fn own_draft(tx: &mut Tx, buyer: &Buyer, id: Id<Self>) -> Result<(), Error>;

    /// Notes that its content has changed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    fn touch(tx: &mut Tx, buyer: &Buyer, id: Id<Self>) -> Result<(), Error>;

    /// Passes for who may read it.
    ///
    /// # Errors
    /// 404.
    fn readable(tx: &mut Tx, actor: &Actor, id: Id<Self>) -> Result<(), Error>;
}

/// A file of a demand or of a call.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AttachedDocument")]
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
    of: Id<()>,
}

/// Adds files to a draft: blobs first, then their rows. A file of the same name and content is there already.
///
/// # Errors
/// As [`Holder::own_draft`]; 409 `too-many-documents`.
pub async fn add<H: Holder>(app: &App, buyer: Preparer, of: Id<H>, files: Files) -> Result<(), Error> {
    let owner = buyer.clone();
    let unit = move |tx: &mut Tx| {
        H::own_draft(tx, &owner, of)?;
        Ok::<_, Error>(data_region(tx, owner.company)?)
    };
    let region = app.db().read(unit).await?;
    let mut rows = Vec::new();
    for file in files.into_uploads() {
        rows.push(document::keep(app, &region, &file).await?);
    }
    let blobs = rows.iter().map(|file| file.blob.clone()).collect();
    naming(app, (&region, blobs), move |tx| attach(tx, &buyer, of, &rows)).await
}

fn attach<H: Holder>(tx: &mut Tx, buyer: &Preparer, of: Id<H>, files: &[Kept]) -> Result<(), Error> {
    buyer.still(tx)?;
    H::own_draft(tx, buyer, of)?;
    let known = list(tx, of)?;
    let (again, new) = document::apart(files, known.iter().map(|one| (one.name.as_str(), one.sha256.as_str())))?;
    again.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?;
    if !new.is_empty() {
        H::touch(tx, buyer, of)?;
    }
    Ok(insert(tx, of, &new)?)
}

/// Gives files that lie in the blob store their rows, in this order.
///
/// # Errors
/// [`db::Error`].
pub fn insert<H: Holder>(tx: &mut Tx, of: Id<H>, files: &[&Kept]) -> Result<(), db::Error> {
    let sql = format!(
        "INSERT INTO {} (id, {}, name, size, sha256, region, blob, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        H::TABLE,
        H::COLUMN
    );
    let now = tx.now();
    let mut ids: Vec<_> = files.iter().map(|_| tx.id::<Document>()).collect();
    ids.sort();
    for (id, file) in ids.into_iter().zip(files) {
        tx.execute(&sql, values![id, of, &file.name, file.size, file.sha256, &file.region, &file.blob, now])?;
    }
    Ok(())
}

/// A unit that gives copies of files their rows: each row has a file of its own. Copies in the store of a data centre come first, durably, then
/// what names them.
///
/// # Errors
/// As the unit; 500 when a file is gone; 503.
pub async fn with_copies<T: Send + 'static>(
    app: &App,
    region: &str,
    of: &[Document],
    unit: impl Fn(&mut Tx, &[Kept]) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let mut copies = Vec::with_capacity(of.len());
    for one in of {
        copies.push(document::copy_of(app, region, &one.name, (&one.region, &one.blob)).await?);
    }
    let blobs = copies.iter().map(|copy| copy.blob.clone()).collect();
    naming(app, (region, blobs), move |tx| unit(tx, &copies)).await
}

/// Leaves the deletion of copies to jobs that are not needed: the same form came twice at once.
///
/// # Errors
/// [`db::Error`].
pub fn discard_copies(tx: &mut Tx, copies: &[Kept]) -> Result<(), db::Error> {
    copies.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))
}

/// The files of one, oldest first.
///
/// # Errors
/// [`db::Error`].
pub fn list<H: Holder>(tx: &mut Tx, of: Id<H>) -> Result<Vec<Document>, db::Error> {
    let sql = format!("{} WHERE {} = $1 ORDER BY created_at, id", columns::<H>(), H::COLUMN);
    tx.all(&sql, values![of], read)
}

/// Takes all files out of a draft whose company closes.
///
/// # Errors
/// [`db::Error`].
pub fn discard_all<H: Holder>(tx: &mut Tx, of: Id<H>) -> Result<(), db::Error> {
    let files = list(tx, of)?;
    tx.execute(&format!("DELETE FROM {} WHERE {} = $1", H::TABLE, H::COLUMN), values![of])?;
    files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))
}

/// Takes a file out of a draft, and answers which.
///
/// # Errors
/// 404; as [`Holder::own_draft`].
pub fn remove<H: Holder>(tx: &mut Tx, buyer: &Preparer, id: Id<Document>) -> Result<Id<H>, Error> {
    buyer.still(tx)?;
    let file = load::<H>(tx, id)?;
    let of = file.of.cast();
    H::own_draft(tx, buyer, of)?;
    H::touch(tx, buyer, of)?;
    tx.execute(&format!("DELETE FROM {} WHERE id = $1", H::TABLE), values![id])?;
    discard(tx, &file.region, &file.blob)?;
    Ok(of)
}

fn load<H: Holder>(tx: &mut Tx, id: Id<Document>) -> Result<Document, Error> {
    tx.first(&format!("{} WHERE id = $1", columns::<H>()), values![id], read)?.ok_or_else(Error::not_found)
}

fn columns<H: Holder>() -> String {
    format!("SELECT id, name, size, sha256, region, blob, {} FROM {}", H::COLUMN, H::TABLE)
}

fn read(row: &mut Row<'_>) -> Result<Document, db::Error> {
    Ok(Document {
        id: row.next()?,
        name: row.next()?,
        size: row.next()?,
        sha256: hex::encode(row.next::<Vec<u8>>()?),
        region: row.next()?,
        blob: row.next()?,
        of: row.next()?,
    })
}

/// The file, for whoever may read what it belongs to.
///
/// # Errors
/// 404; 503.
pub async fn show<H: Holder>(
    State(app): State<App>,
    actor: Actor,
    At(id): At<Id<Document>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx| {
        let file = load::<H>(tx, id)?;
        H::readable(tx, &actor, file.of.cast())?;
        Ok::<_, Error>(file)
    };
    let file = app.db().read(read).await?;
    document::download(&app, &file.name, &file.region, &file.blob).await
}
