//! Documents of an amendment that waits for approval: with the company until it is published, and gone when nothing comes of it.

use super::store::Amendment;
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::sourcing::tender::Tender;
use crate::sourcing::tender::document::{Kept, MOST, download, list};
use crate::web::{At, Buyer, Error};
use crate::work;
use axum::extract::State;
use axum::response::Response;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;

/// How long one lies at most: a request for approval holds for seven days.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 8);

/// One that waits.
pub struct File {
    /// Its id.
    pub id: Id<File>,
    /// The file.
    pub kept: Kept,
}

const COLUMNS: &str = "id, name, size, sha256, region, blob FROM amendment_file";

fn read(row: &mut Row<'_>) -> Result<File, db::Error> {
    let id = row.next()?;
    let (name, size, sha256) = (row.next()?, row.next()?, row.next()?);
    Ok(File { id, kept: Kept { name, size, sha256, region: row.next()?, blob: row.next()? } })
}

/// Those of an amendment, in the order of its form.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, tender: Id<Tender>, amendment: Id<Amendment>) -> Result<Vec<File>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE amendment = $1 AND tender = $2 ORDER BY created_at, id");
    tx.all(&sql, values![amendment, tender], read)
}

/// Lets exactly these wait. The same again, by name and content, stay as they are.
///
/// # Errors
/// 409 `too-many-documents`.
pub fn set(tx: &mut Tx, tender: Id<Tender>, amendment: Id<Amendment>, files: &[Kept]) -> Result<Vec<File>, Error> {
    let known = of(tx, tender, amendment)?;
    let are_same = known
        .iter()
        .map(|file| (&file.kept.name, file.kept.sha256))
        .eq(files.iter().map(|file| (&file.name, file.sha256)));
    if are_same {
        files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?;
        return Ok(known);
    }
    if list(tx, tender)?.len() + files.len() > MOST {
        return Err(Error::conflict("too-many-documents").with("most", MOST));
    }
    drop_all(tx, &known)?;
    let now = tx.now();
    let mut ids: Vec<_> = files.iter().map(|_| tx.id::<File>()).collect();
    // Ids of the same instant have no order but this: the files keep the order of the form.
    ids.sort();
    for (id, file) in ids.into_iter().zip(files) {
        tx.execute(
            "INSERT INTO amendment_file (id, tender, amendment, name, size, sha256, region, blob, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![id, tender, amendment, &file.name, file.size, file.sha256, &file.region, &file.blob, now],
        )?;
    }
    Ok(of(tx, tender, amendment)?)
}

/// They wait no more: the tender's rows name their blobs now.
///
/// # Errors
/// [`db::Error`].
pub fn taken(tx: &mut Tx, amendment: Id<Amendment>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM amendment_file WHERE amendment = $1", values![amendment]).map(drop)
}

fn drop_all(tx: &mut Tx, files: &[File]) -> Result<(), db::Error> {
    for file in files {
        tx.execute("DELETE FROM amendment_file WHERE id = $1", values![file.id])?;
        discard(tx, &file.kept.region, &file.kept.blob)?;
    }
    Ok(())
}

/// `GET /amendment-files/{id}`: one that waits, for the people of the company whose tender it is.
pub async fn show(State(app): State<App>, buyer: Buyer, At(id): At<Id<File>>) -> Result<Response, Error> {
    let unit = move |tx: &mut Tx| {
        let sql = format!(
            "SELECT {COLUMNS} WHERE id = $1 AND EXISTS \
             (SELECT 1 FROM tender t WHERE t.id = amendment_file.tender AND t.company = $2)"
        );
        tx.first(&sql, values![id, buyer.company], read)?.ok_or_else(Error::not_found)
    };
    let File { kept, .. } = app.db().read(unit).await?;
    download(&app, &kept.name, &kept.region, &kept.blob).await
}

/// One step: those of which nothing came.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    work::where_due(app, old, clear)
}

fn clear(tx: &mut Tx) -> Result<usize, db::Error> {
    let old = old(tx)?;
    drop_all(tx, &old).map(|()| old.len())
}

fn old(tx: &mut Tx) -> Result<Vec<File>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    let sql = format!("SELECT {COLUMNS} WHERE created_at <= $1 ORDER BY created_at, id LIMIT 100");
    tx.all(&sql, values![before], read)
}

/// Those of a company that closes go with it.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    let sql =
        format!("SELECT {COLUMNS} WHERE tender IN (SELECT id FROM tender WHERE company = $1) ORDER BY created_at, id");
    let files = tx.all(&sql, values![company], read)?;
    drop_all(tx, &files)?;
    Ok(false)
}
