//! Every query of lists of companies. A list is that of who handed it in: another administrator's is not there.

use crate::identity::company::prepared::{self, Entry, Prepared};
use crate::identity::listing::{Import, Shelf, Turn, Whom};
use crate::web::Error;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{Email, Sealed, Subject};

/// Where the lists lie: their holder is an account of the operator's.
pub static SHELF: Shelf = Shelf {
    lists: "company_import",
    rows: "company_import_row",
    holder: "operator",
    job: super::job::KIND,
    record: |tx, _, import, act| event::record(tx, event::Scope::default(), &Changed { import, act }).map(drop),
};

/// Something happened to a list. An id only.
#[derive(Serialize)]
struct Changed {
    import: Id<Import>,
    /// A state.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "company-list.changed";
}

/// A row about to be stored.
pub struct New {
    pub number: i64,
    pub prepared: Id<Prepared>,
    /// Who is asked, and for what; why not for a row that cannot be read.
    pub read: Result<(Whom, Entry), String>,
}

/// Puts rows into a list, and where their addresses were published.
///
/// # Errors
/// [`Error`] of the database.
pub fn fill(tx: &mut Tx, import: Id<Import>, source: &str, rows: &[New]) -> Result<(), Error> {
    tx.execute("UPDATE company_import SET source = $1 WHERE id = $2", values![source, import])?;
    rows.iter().try_for_each(|row| put(tx, import, row))
}

fn put(tx: &mut Tx, import: Id<Import>, row: &New) -> Result<(), Error> {
    let sql = "INSERT INTO company_import_row (import, number, prepared, subject, email, email_index, typed, outcome, why) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    match &row.read {
        Ok(((subject, email, index), entry)) => {
            vault::enrol(tx, *subject)?;
            let entry = serde_json::to_vec(entry).map_err(Error::fault)?;
            let (number, prepared) = (row.number, row.prepared);
            tx.execute(sql, values![import, number, prepared, *subject, email.bytes(), index, entry, "waiting", ""])?;
        }
        Err(why) => {
            let (none, number, prepared) = (None::<Vec<u8>>, row.number, row.prepared);
            let none = || none.clone();
            tx.execute(sql, values![import, number, prepared, none(), none(), none(), none(), "broken", why])?;
        }
    }
    Ok(())
}

/// Where the addresses of a list were published.
///
/// # Errors
/// [`db::Error`].
pub fn source(tx: &mut Tx, id: Id<Import>) -> Result<String, db::Error> {
    let sql = "SELECT source FROM company_import WHERE id = $1";
    tx.one(sql, values![id], |row| Ok(row.next::<Option<String>>()?.unwrap_or_default()))
}

/// A row as it lies.
pub struct Kept {
    pub number: i64,
    pub prepared: Id<Prepared>,
    /// Whose address it is, that, and its index; none once it stands somewhere else, or is forgotten.
    pub whom: Option<(Id<Subject>, Sealed<Email>, Vec<u8>)>,
    /// What it says; none where it could not be read, or is forgotten.
    pub entry: Option<Entry>,
    pub outcome: String,
    pub why: String,
}

const ROWS: &str = "SELECT number, prepared, subject, email, email_index, typed, outcome, why FROM company_import_row";

fn kept(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (number, prepared, subject): (_, Id<Prepared>, Option<Id<Subject>>) = (row.next()?, row.next()?, row.next()?);
    let (email, index): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.next()?, row.next()?);
    let typed: Option<Vec<u8>> = row.next()?;
    let whom = subject.zip(email).zip(index);
    let whom = whom.map(|((subject, email), index)| (subject, prepared::EMAIL.load(email, subject, prepared), index));
    // A row that a later version of the program cannot read any more is told by its number.
    let entry = typed.and_then(|typed| serde_json::from_slice(&typed).ok());
    Ok(Kept { number, prepared, whom, entry, outcome: row.next()?, why: row.next()? })
}

/// All rows of a list, in order: five hundred at most.
///
/// # Errors
/// [`db::Error`].
pub fn rows(tx: &mut Tx, id: Id<Import>) -> Result<Vec<Kept>, db::Error> {
    tx.all(&format!("{ROWS} WHERE import = $1 ORDER BY number"), values![id], kept)
}

/// The next rows whose turn it is.
///
/// # Errors
/// [`db::Error`].
pub fn next(tx: &mut Tx, id: Id<Import>, most: i64) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("{ROWS} WHERE import = $1 AND outcome = 'waiting' ORDER BY number LIMIT $2");
    tx.all(&sql, values![id, most], kept)
}

/// The row becomes the prepared registration that its address was sealed for: nothing is opened, the address changes its place.
///
/// # Errors
/// [`Error`] of the database.
pub fn prepare(tx: &mut Tx, turn: &Turn, row: &Kept) -> Result<(), Error> {
    let (Some((subject, email, email_index)), Some(entry)) = (row.whom.clone(), row.entry.clone()) else {
        return Err(Error::fault("a row that waits has no address"));
    };
    let (import, locale) = (turn.list.id, turn.locale);
    let source = source(tx, import)?;
    prepared::prepare(tx, &prepared::New { id: row.prepared, source, entry, subject, email, email_index, locale })?;
    SHELF.without_address(tx, import, row.number)?;
    Ok(SHELF.outcome(tx, import, row.number, "invited", "")?)
}
