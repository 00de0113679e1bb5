//! Every query about what is remembered. It passes through here sealed only.

use super::{CONTENT, PURPOSE};
use crate::trust::consent::Works;
use crate::web::{Error, Person};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::{Sealed, Search, Subject};

/// Marks the ids of documents.
pub struct Remembered;

/// A person's row.
#[derive(Clone)]
pub struct Row {
    /// The document's id; its seal is bound to it.
    pub id: Id<Remembered>,
    /// Counts the changes.
    pub version: i64,
    /// The document.
    pub content: Sealed<Search>,
}

/// How the function stands for a person, and what is remembered of them while it works.
///
/// # Errors
/// [`db::Error`].
pub fn read(tx: &mut Tx, person: Person) -> Result<(Works, Option<Row>), db::Error> {
    let subject = person.subject();
    let works = Works::read(tx, PURPOSE, subject, None)?;
    if works != Works::On {
        return Ok((works, None));
    }
    let sql = "SELECT id, version, content FROM remembered WHERE subject = $1";
    let row = tx.first(sql, values![subject], |row| {
        let (id, version) = (row.next()?, row.next()?);
        Ok(Row { id, version, content: CONTENT.load(row.next()?, subject, id) })
    })?;
    Ok((works, row))
}

/// Puts a document in the place of the one with the version before it, or of none. Answers false when somebody was faster.
/// The consent is compared in this unit: whoever has withdrawn it meanwhile keeps nothing here.
///
/// # Errors
/// 403 `no-consent`.
pub fn replace(tx: &mut Tx, person: Person, row: &Row) -> Result<bool, Error> {
    let (subject, now) = (person.subject(), tx.now());
    if Works::read(tx, PURPOSE, subject, None)? != Works::On {
        return Err(Error::forbidden("no-consent"));
    }
    let changed = if row.version == 1 {
        tx.execute(
            "INSERT INTO remembered (id, subject, content, version, changed_at) VALUES ($1, $2, $3, 1, $4) \
             ON CONFLICT DO NOTHING",
            values![row.id, subject, row.content.bytes(), now],
        )?
    } else {
        tx.execute(
            "UPDATE remembered SET content = $1, version = $2, changed_at = $3 \
             WHERE id = $4 AND subject = $5 AND version = $6",
            values![row.content.bytes(), row.version, now, row.id, subject, row.version - 1],
        )?
    };
    Ok(changed == 1)
}

/// Deletes whatever is remembered of a person.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, subject: Id<Subject>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM remembered WHERE subject = $1", values![subject])
}

/// Deletes it if it was last changed at this instant or before.
///
/// # Errors
/// [`db::Error`].
pub fn forget_until(tx: &mut Tx, subject: Id<Subject>, at: Timestamp) -> Result<(), db::Error> {
    tx.execute("DELETE FROM remembered WHERE subject = $1 AND changed_at <= $2", values![subject, at]).map(drop)
}
