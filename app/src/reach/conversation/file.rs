//! Files of messages: sealed like the message's text, in the data region of the company that wrote it, before the unit that
//! names them; gone with the message that is withdrawn, shut while it is taken down.

use super::message::{self, Kept as Message};
use super::seal::{Keys, Place};
use super::{Thread, thread};
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::web::{Error, Member, Upload};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A file of a message.
pub struct File;

/// The most files of a message.
pub const MOST: usize = 5;

/// A file that lies in the store and has no row yet.
#[derive(Clone)]
pub struct Written {
    id: Id<File>,
    name: Vec<u8>,
    size: i64,
    region: String,
    pub blob: String,
}

/// A file as its row has it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<File>,
    /// The message's number in its thread.
    pub n: i64,
    pub company: Id<Company>,
    pub name: Vec<u8>,
    pub size: i64,
    pub region: String,
    pub blob: String,
}

/// A file that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// What pages and JSON say of one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ThreadFile")]
pub struct Line {
    /// Which.
    pub id: Id<File>,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

const COLUMNS: &str = "f.id, m.n, m.company, f.name, f.size, f.region, f.blob FROM thread_file f \
     JOIN thread_message m ON m.id = f.message";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, n, company) = (row.next()?, row.next()?, row.next()?);
    let (name, size) = (row.next()?, row.next()?);
    Ok(Kept { id, n, company, name, size, region: row.next()?, blob: row.next()? })
}

/// Seals files of a company and puts them into the store of a data region.
///
/// # Errors
/// 503.
pub async fn write(
    app: &App,
    keys: &Keys,
    (company, region): (Id<Company>, &str),
    files: Vec<Upload>,
) -> Result<Vec<Written>, Error> {
    let mut written = Vec::with_capacity(files.len());
    for file in files {
        let id: Id<File> = app.random().id();
        let sealed = keys.seal_bytes(company, Place::File, id, &file.content)?;
        let name = keys.seal(company, Place::FileName, id, &file.name)?;
        let blob = app.lay(region, sealed).await?;
        let size = i64::try_from(file.content.len()).unwrap_or(i64::MAX);
        written.push(Written { id, name, size, region: region.to_owned(), blob });
    }
    Ok(written)
}

/// Gives the files of a message that was just written their rows.
///
/// # Errors
/// [`db::Error`].
pub fn put(tx: &mut Tx, message: Id<super::Message>, files: &[Written]) -> Result<(), db::Error> {
    for (n, file) in (1_i64..).zip(files) {
        tx.execute(
            "INSERT INTO thread_file (id, message, n, name, size, region, blob) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![file.id, message, n, file.name.clone(), file.size, &file.region, &file.blob],
        )?;
    }
    Ok(())
}

/// Files that were written for a message which is there already: sent twice, it has those that came first.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, files: &[Written]) -> Result<(), db::Error> {
    files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))
}

/// The files of a page of messages, in their order.
///
/// # Errors
/// [`db::Error`].
pub fn of_messages(tx: &mut Tx, thread: Id<Thread>, messages: &[Message]) -> Result<Vec<Kept>, db::Error> {
    let numbers = || messages.iter().map(|one| one.n);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return Ok(Vec::new()) };
    let sql = format!("SELECT {COLUMNS} WHERE m.thread = $1 AND m.n >= $2 AND m.n <= $3 ORDER BY m.n, f.n");
    tx.all(&sql, values![thread, first, last], read)
}

/// The files of one message, by its number.
///
/// # Errors
/// [`db::Error`].
pub fn of_message(tx: &mut Tx, thread: Id<Thread>, n: i64) -> Result<Vec<Kept>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE m.thread = $1 AND m.n = $2 ORDER BY f.n"), values![thread, n], read)
}

/// A file that a member may read: of a thread of their company's, and of a message that stands.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, member: &Member, id: Id<File>) -> Result<Kept, Error> {
    let sql = "SELECT m.id FROM thread_file f JOIN thread_message m ON m.id = f.message WHERE f.id = $1";
    let of = tx.first(sql, values![id], |row| row.next())?.ok_or_else(Error::not_found)?;
    let message = message::find(tx, of)?.ok_or_else(Error::not_found)?;
    thread::find(tx, member, message.thread)?;
    if message.taken_down_at.is_some() {
        return Err(Error::not_found());
    }
    tx.first(&format!("SELECT {COLUMNS} WHERE f.id = $1"), values![id], read)?.ok_or_else(Error::not_found)
}

/// Takes the files of a message out, for good.
///
/// # Errors
/// [`db::Error`].
pub fn remove(tx: &mut Tx, message: Id<super::Message>) -> Result<(), db::Error> {
    let sql = "DELETE FROM thread_file WHERE message = $1 RETURNING region, blob";
    let gone = tx.all(sql, values![message], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
    gone.iter().try_for_each(|(region, blob)| discard(tx, region, blob))
}

impl Kept {
    /// What is said of it.
    ///
    /// # Errors
    /// As [`Keys::open`].
    pub fn line(&self, keys: &Keys) -> Result<Line, Error> {
        let name = keys.open(self.company, Place::FileName, self.id, &self.name)?;
        Ok(Line { id: self.id, name, size: self.size })
    }

    /// Name and content.
    ///
    /// # Errors
    /// 503 while its data region cannot be reached; 500 when it was changed there.
    pub async fn open(&self, app: &App, keys: &Keys) -> Result<Opened, Error> {
        let name = keys.open(self.company, Place::FileName, self.id, &self.name)?;
        let sealed = app.fetch(&self.region, &self.blob).await?;
        Ok(Opened { name, content: keys.open_bytes(self.company, Place::File, self.id, &sealed)? })
    }
}
