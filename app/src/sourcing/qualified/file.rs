//! The files of an application: sealed like what it says, in the data region of the company that applies, before the unit that names them; gone
//! with the application that is withdrawn, or that others take the place of.

use super::application::{self, Application};
use super::rule::Standing;
use super::store;
use crate::app::App;
use crate::business::Keys;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::web::{At, Error, Member, Upload, attachment};
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A file of an application.
pub struct File;

/// A file that lies in the store and has no row yet.
pub struct Written {
    id: Id<File>,
    name: Vec<u8>,
    size: i64,
    region: String,
    pub(super) blob: String,
}

/// A file as its row has it.
#[derive(Clone)]
pub struct Kept {
    id: Id<File>,
    pub(super) application: Id<Application>,
    company: Id<Company>,
    name: Vec<u8>,
    size: i64,
    region: String,
    blob: String,
}

/// What pages and JSON say of one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedFile")]
pub struct Line {
    /// Which.
    pub id: Id<File>,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

const COLUMNS: &str = "f.id, f.application, a.company, f.name, f.size, f.region, f.blob FROM qualified_file f \
     JOIN qualified_application a ON a.id = f.application";

/// Seals files of a company and puts them into the store of a data region.
///
/// # Errors
/// 503.
pub(super) async fn write(
    app: &App,
    keys: &Keys,
    (company, region): (Id<Company>, &str),
    files: Vec<Upload>,
) -> Result<Vec<Written>, Error> {
    let mut written = Vec::with_capacity(files.len());
    for file in files {
        let id: Id<File> = app.random().id();
        let sealed = keys.seal(company, &place("blob", id), &file.content)?;
        let name = keys.seal(company, &place("name", id), file.name.as_bytes())?;
        let blob = app.lay(region, sealed).await?;
        let size = i64::try_from(file.content.len()).unwrap_or(i64::MAX);
        written.push(Written { id, name, size, region: region.to_owned(), blob });
    }
    Ok(written)
}

/// Gives files of an application their rows.
///
/// # Errors
/// [`db::Error`].
pub(super) fn put(tx: &mut Tx, application: Id<Application>, files: &[Written]) -> Result<(), db::Error> {
    for (n, file) in (1_i64..).zip(files) {
        tx.execute(
            "INSERT INTO qualified_file (id, application, n, name, size, region, blob) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![file.id, application, n, &file.name, file.size, &file.region, &file.blob],
        )?;
    }
    Ok(())
}

/// Files that were written for an application that is there already: sent twice, it has those that came first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn forget(tx: &mut Tx, files: &[Written]) -> Result<(), db::Error> {
    files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))
}

/// The files of applications, those of each in their order.
///
/// # Errors
/// [`db::Error`].
pub(super) fn of(tx: &mut Tx, applications: &[Id<Application>]) -> Result<Vec<Kept>, db::Error> {
    let sql = |places: &str| format!("SELECT {COLUMNS} WHERE f.application IN ({places}) ORDER BY f.application, f.n");
    tx.among(applications, sql, read)
}

/// Takes the files of an application out, for good.
///
/// # Errors
/// [`db::Error`].
pub(super) fn remove(tx: &mut Tx, application: Id<Application>) -> Result<(), db::Error> {
    let sql = "DELETE FROM qualified_file WHERE application = $1 RETURNING region, blob";
    let gone = tx.all(sql, values![application], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
    gone.iter().try_for_each(|(region, blob)| discard(tx, region, blob))
}

/// `GET /qualified-files/{id}`: the file, for the two sides of its application, for the list's as soon as it may read that.
pub(super) async fn show(State(app): State<App>, member: Member, At(id): At<Id<File>>) -> Result<Response, Error> {
    let kept = app.db().read(move |tx| find(tx, &member, id)).await?;
    let keys = Keys::of(&app, [kept.company]).await?;
    let name = kept.line(&keys)?.name;
    let sealed = app.fetch(&kept.region, &kept.blob).await?;
    Ok(attachment(&name, keys.open(kept.company, &place("blob", kept.id), &sealed)?))
}

fn find(tx: &mut Tx, member: &Member, id: Id<File>) -> Result<Kept, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE f.id = $1");
    let kept = tx.first(&sql, values![id], read)?.ok_or_else(Error::not_found)?;
    if kept.company == member.company {
        return Ok(kept);
    }
    let of = application::load(tx, kept.application)?;
    let list = store::load(tx, of.list)?;
    let is_shown = list.is_of(Some(member.company)) && list.shows_applications(tx.now());
    if is_shown && of.state != Standing::Withdrawn { Ok(kept) } else { Err(Error::not_found()) }
}

impl Kept {
    /// What is said of it.
    ///
    /// # Errors
    /// 500 when it was changed.
    pub(super) fn line(&self, keys: &Keys) -> Result<Line, Error> {
        let name = keys.open(self.company, &place("name", self.id), &self.name)?;
        Ok(Line { id: self.id, name: String::from_utf8(name).map_err(Error::fault)?, size: self.size })
    }
}

/// Where it lies: a row's ciphertext opens nowhere else.
fn place(column: &str, row: Id<File>) -> String {
    format!("qualified_file.{column}/{row}")
}

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, application, company) = (row.next()?, row.next()?, row.next()?);
    let (name, size) = (row.next()?, row.next()?);
    Ok(Kept { id, application, company, name, size, region: row.next()?, blob: row.next()? })
}
