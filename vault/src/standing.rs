//! Whether a person's data may be processed at all.

use kit::{db::Tx, values};

use crate::{Error, Id, keys::FIRST_GENERATION, tombstone::Tombstone};

/// Marks the ids of natural persons: UUIDv4, never reused, they tell no time.
pub struct Subject;

/// Compared in the transaction of every opening, so that a change binds every process at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Data may be opened.
    Active,
    /// Nothing is opened for now.
    Blocked,
    /// Erased; for good.
    Destroyed,
}

impl Standing {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Standing::Active => "active",
            Standing::Blocked => "blocked",
            Standing::Destroyed => "destroyed",
        }
    }

    /// An unknown word counts as blocked: fail closed.
    pub(crate) fn of_code(code: &str) -> Standing {
        match code {
            "active" => Standing::Active,
            "destroyed" => Standing::Destroyed,
            _ => Standing::Blocked,
        }
    }
}

/// Enters a new subject in the unit that stores its first seal. The same subject twice is refused by the database.
///
/// # Errors
/// [`Error::Db`].
pub fn enrol(tx: &mut Tx, subject: Id<Subject>) -> Result<(), Error> {
    enter(tx, subject, None)
}

/// The same for somebody who enters by accepting a version of the policy.
///
/// # Errors
/// As [`enrol`].
pub fn enrol_accepting(tx: &mut Tx, subject: Id<Subject>, version: &str) -> Result<(), Error> {
    enter(tx, subject, Some(version))
}

fn enter(tx: &mut Tx, subject: Id<Subject>, version: Option<&str>) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO subject (id, standing, generation, enrolled_at, changed_at, accepted) VALUES ($1, $2, $3, $4, $5, $6)",
        values![subject, Standing::Active.code(), FIRST_GENERATION, now, now, version],
    )?;
    Ok(())
}

/// A subject's standing; `None` if it was never enrolled. A unit that stores a new seal checks it.
///
/// # Errors
/// [`Error::Db`].
pub fn standing(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Standing>, Error> {
    let code: Option<String> =
        tx.first("SELECT standing FROM subject WHERE id = $1", values![subject], |row| row.next())?;
    Ok(code.map(|code| Standing::of_code(&code)))
}

/// Blocks, unblocks or destroys. A destroyed subject stays destroyed; its keys' generation ends with it, and it has a
/// tombstone.
///
/// # Errors
/// [`Error::NotEnrolled`] if there is no such living subject, [`Error::Db`].
pub fn change_standing(tx: &mut Tx, subject: Id<Subject>, to: Standing) -> Result<(), Error> {
    let now = tx.now();
    let ended = i64::from(to == Standing::Destroyed);
    let changed = tx.execute(
        "UPDATE subject SET standing = $1, generation = generation + $2, changed_at = $3
         WHERE id = $4 AND standing <> 'destroyed'",
        values![to.code(), ended, now, subject],
    )?;
    match changed {
        1 if to == Standing::Destroyed => Tombstone { subject, at: now }.set(tx),
        1 => Ok(()),
        _ => Err(Error::NotEnrolled(subject)),
    }
}
