//! How jobs stand: for figures, and for whoever looks after them.

use super::{ATTEMPTS, Job};
use crate::db::{Error, Row, Tx};
use crate::id::Id;
use crate::values;
use jiff::Timestamp;

/// How many deaths in a row are more than chance.
const DEATHS: i64 = 3;

/// A job that lies dead, for the operator's list.
#[derive(Clone, Debug)]
pub struct Dead {
    /// Its id.
    pub id: Id<Job>,
    /// Which handler ran it.
    pub kind: String,
    /// What the last try said.
    pub error: String,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// A job that is not given up, and does not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Troubled {
    /// Its id.
    pub id: Id<Job>,
    /// Which handler runs it.
    pub kind: String,
    /// How many tries have failed.
    pub failures: i64,
    /// How often in a row the process ended that worked on it.
    pub deaths: i64,
}

/// How the jobs of one kind stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Their kind.
    pub kind: String,
    /// Could be claimed now.
    pub due: i64,
    /// Claimed, the lease not run out.
    pub running: i64,
    /// Their time has not come yet.
    pub waiting: i64,
    /// Failed at least once and will be tried again; counted among due or waiting too.
    pub failed: i64,
    /// Given up.
    pub dead: i64,
    /// Since when the longest due job could have been claimed.
    pub oldest_due: Option<Timestamp>,
}

/// How jobs stand, by kind. Reads the whole table: finished jobs are not in it.
///
/// # Errors
/// [`Error`] of the database.
pub fn standings(tx: &mut Tx) -> Result<Vec<Standing>, Error> {
    let sum = |condition: &str| format!("CAST(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT kind, {}, {}, {}, {}, {}, MIN(CASE WHEN dead = 0 AND run_at <= $1 THEN run_at END) \
         FROM job GROUP BY kind ORDER BY kind",
        sum("dead = 0 AND run_at <= $1"),
        sum("dead = 0 AND run_at > $1 AND lease IS NOT NULL"),
        sum("dead = 0 AND run_at > $1 AND lease IS NULL"),
        sum("dead = 0 AND attempts > 0 AND lease IS NULL"),
        sum("dead = 1"),
    );
    let now = tx.now();
    tx.all(&sql, values![now], |row| {
        Ok(Standing {
            kind: row.next()?,
            due: row.next()?,
            running: row.next()?,
            waiting: row.next()?,
            failed: row.next()?,
            dead: row.next()?,
            oldest_due: row.next()?,
        })
    })
}

/// The jobs that lie dead, oldest first, at most 100.
///
/// # Errors
/// [`Error`] of the database.
pub fn dead(tx: &mut Tx) -> Result<Vec<Dead>, Error> {
    tx.all("SELECT id, kind, error, created_at FROM job WHERE dead = 1 ORDER BY run_at, id LIMIT 100", &[], read_dead)
}

fn read_dead(row: &mut Row<'_>) -> Result<Dead, Error> {
    Ok(Dead {
        id: row.next()?,
        kind: row.next()?,
        error: row.next::<Option<String>>()?.unwrap_or_default(),
        created_at: row.next()?,
    })
}

/// The jobs that go on although another would lie dead, or under which three processes in a row have ended; at most 100.
///
/// # Errors
/// [`Error`] of the database.
pub fn troubled(tx: &mut Tx) -> Result<Vec<Troubled>, Error> {
    let sql = "SELECT id, kind, attempts - CASE WHEN lease IS NULL THEN 0 ELSE 1 END, deaths FROM job WHERE dead = 0 \
               AND (attempts > $1 OR (attempts = $1 AND lease IS NULL) OR deaths >= $2) ORDER BY run_at, id LIMIT 100";
    tx.all(sql, values![ATTEMPTS, DEATHS], |row| {
        Ok(Troubled { id: row.next()?, kind: row.next()?, failures: row.next()?, deaths: row.next()? })
    })
}
