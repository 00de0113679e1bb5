//! Openings as a log that anybody can verify takes them: in order of time, each as one canonical text. No value stands in
//! them, so that they outlive the keys of the people they are about.

use crate::{Id, Opening, Subject};
use jiff::Timestamp;
use kit::db::{Error, Row, Tx};
use kit::values;
use serde::Serialize;

/// An opening on record, its fields sorted by name.
#[derive(Serialize)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    bases: String,
    fields: String,
    /// Its id.
    pub id: Id<Opening>,
    opener_company: Option<Id<()>>,
    opener_role: String,
    opener_subject: Option<Id<Subject>>,
    outcome: String,
    policy_version: String,
    purpose: String,
    recipient: String,
    request: Id<()>,
    subjects: String,
}

const COLUMNS: &str = "at, bases, fields, id, opener_company, opener_role, opener_subject, outcome, policy_version, purpose, \
     recipient, request, subjects FROM opening";

impl Recorded {
    /// Canonical JSON: keys sorted, no white space.
    ///
    /// # Panics
    /// Never: texts and ids are JSON.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("texts and ids are JSON")
    }

    /// The openings that are in no log yet, oldest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn waiting(tx: &mut Tx, most: i64) -> Result<Vec<Self>, Error> {
        let sql = format!("SELECT {COLUMNS} WHERE logged IS NULL ORDER BY at, id LIMIT $1");
        tx.all(&sql, values![most], read)
    }

    /// The opening of this id, if it is there.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn find(tx: &mut Tx, id: Id<Opening>) -> Result<Option<Self>, Error> {
        tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
    }

    /// Notes that it is in the log, in this epoch.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn logged(&self, tx: &mut Tx, epoch: i64) -> Result<(), Error> {
        tx.execute("UPDATE opening SET logged = $1 WHERE id = $2", values![epoch, self.id]).map(drop)
    }
}

fn read(row: &mut Row<'_>) -> Result<Recorded, Error> {
    Ok(Recorded {
        at: row.next()?,
        bases: row.next()?,
        fields: row.next()?,
        id: row.next()?,
        opener_company: row.next()?,
        opener_role: row.next()?,
        opener_subject: row.next()?,
        outcome: row.next()?,
        policy_version: row.next()?,
        purpose: row.next()?,
        recipient: row.next()?,
        request: row.next()?,
        subjects: hex::encode(row.next::<Vec<u8>>()?),
    })
}
