//! Tombstones: "this subject was erased at". Whoever is erased stays so although an older back-up of the database is
//! restored, and an older one of the keys with it.
//!
//! The unit that destroys a standing sets the tombstone in the table; the [`Journal`], a file apart from data and keys and
//! from their back-ups, has it before the keys are destroyed. After a restore the journal knows more than the table, and
//! what it knows is done again before anything is served. A tombstone holds an id that was drawn at random and an instant,
//! nothing of the person.

pub mod evidence;
mod journal;

pub use journal::{Journal, JournalError};

use jiff::Timestamp;
use kit::{db::Row, db::Tx, values};

use crate::{Error, Id, Subject};

/// One subject's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Who.
    pub subject: Id<Subject>,
    /// When, in whole microseconds.
    pub at: Timestamp,
}

impl Tombstone {
    /// Sets it, unless the subject has one already: the first instant holds. Says nothing of the subject's standing.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub fn set(self, tx: &mut Tx) -> Result<(), Error> {
        tx.execute(
            "INSERT INTO tombstone (subject, at) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING",
            values![self.subject, self.at],
        )?;
        Ok(())
    }
}

/// A subject's tombstone, if it has one.
///
/// # Errors
/// [`Error::Db`].
pub fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Tombstone>, Error> {
    Ok(tx.first("SELECT subject, at FROM tombstone WHERE subject = $1", values![subject], read)?)
}

/// Those that come after this subject in the order of ids, at most `most`. The first ones after `None`.
///
/// # Errors
/// [`Error::Db`].
pub fn following(tx: &mut Tx, after: Option<Id<Subject>>, most: i64) -> Result<Vec<Tombstone>, Error> {
    let after = after.map_or_else(Vec::new, |subject| subject.as_bytes().to_vec());
    let sql = "SELECT subject, at FROM tombstone WHERE subject > $1 ORDER BY subject LIMIT $2";
    Ok(tx.all(sql, values![after, most], read)?)
}

fn read(row: &mut Row<'_>) -> Result<Tombstone, kit::db::Error> {
    Ok(Tombstone { subject: row.next()?, at: row.next()? })
}
