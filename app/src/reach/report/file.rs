//! Files of messages that were handed over: copies under the report's key, so that withdrawing the message takes nothing from
//! the case. The desk opens them one by one, each time on record.

use super::Report;
use super::seal::Key;
use crate::app::App;
use crate::reach::conversation::{Message, OpenedFile};
use crate::web::Error;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A file handed over.
pub struct File;

/// A copy that lies in the store and has no row yet.
pub struct Written {
    id: Id<File>,
    message: Id<Message>,
    n: i64,
    name: Vec<u8>,
    size: i64,
    region: String,
    pub blob: String,
}

/// A copy as its row has it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<File>,
    pub report: Id<Report>,
    pub message: Id<Message>,
    name: Vec<u8>,
    size: i64,
    region: String,
    blob: String,
}

/// What pages and JSON say of one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportFile")]
pub struct Line {
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Where the reader can read it, if they can.
    pub path: Option<String>,
}

/// Seals copies of a message's files into a data region.
///
/// # Errors
/// 503.
pub async fn write(
    app: &App,
    key: &Key,
    (message, region): (Id<Message>, &str),
    files: Vec<OpenedFile>,
) -> Result<Vec<Written>, Error> {
    let mut written = Vec::with_capacity(files.len());
    for (n, file) in (1_i64..).zip(files) {
        let id: Id<File> = app.random().id();
        let blob = app.lay(region, key.seal_bytes(&format!("file/{id}"), &file.content)).await?;
        let (name, size) = (key.seal(&format!("file-name/{id}"), &file.name), file.content.len());
        let (size, region) = (i64::try_from(size).unwrap_or(i64::MAX), region.to_owned());
        written.push(Written { id, message, n, name, size, region, blob });
    }
    Ok(written)
}

/// Gives copies their rows.
///
/// # Errors
/// [`db::Error`].
pub fn put(tx: &mut Tx, report: Id<Report>, files: &[Written]) -> Result<(), db::Error> {
    for file in files {
        tx.execute(
            "INSERT INTO thread_report_file (id, report, message, n, name, size, region, blob) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![file.id, report, file.message, file.n, file.name.clone(), file.size, &file.region, &file.blob],
        )?;
    }
    Ok(())
}

/// Copies of a report that was made before: sent twice, it has those that came first.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, files: &[Written]) -> Result<(), db::Error> {
    files.iter().try_for_each(|file| crate::discard::discard(tx, &file.region, &file.blob))
}

const COLUMNS: &str = "id, report, message, name, size, region, blob FROM thread_report_file";

fn read(row: &mut db::Row<'_>) -> Result<Kept, db::Error> {
    let (id, report, message) = (row.next()?, row.next()?, row.next()?);
    Ok(Kept { id, report, message, name: row.next()?, size: row.next()?, region: row.next()?, blob: row.next()? })
}

/// The copies of a report, in the order of their messages' files.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, report: Id<Report>) -> Result<Vec<Kept>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE report = $1 ORDER BY message, n"), values![report], read)
}

/// One of them.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, id: Id<File>) -> Result<Kept, Error> {
    let found = tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?;
    found.ok_or_else(Error::not_found)
}

impl Kept {
    /// Its name.
    ///
    /// # Errors
    /// As [`Key::open`].
    pub fn name(&self, key: &Key) -> Result<String, Error> {
        key.open(&format!("file-name/{}", self.id), &self.name)
    }

    /// What is said of it; the desk can read it.
    ///
    /// # Errors
    /// As [`Key::open`].
    pub fn line(&self, key: &Key, is_desk: bool) -> Result<Line, Error> {
        let path = is_desk.then(|| format!("/desk/report-files/{}", self.id));
        Ok(Line { name: self.name(key)?, size: self.size, path })
    }

    /// Its content.
    ///
    /// # Errors
    /// 503 while its data region cannot be reached; 500 when it was changed there.
    pub async fn open(&self, app: &App, key: &Key) -> Result<Vec<u8>, Error> {
        let sealed = app.fetch(&self.region, &self.blob).await?;
        key.open_bytes(&format!("file/{}", self.id), &sealed)
    }
}
