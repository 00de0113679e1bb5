//! Witnesses (见证方): others who have seen that the log only grows, and say so under its checkpoints.

use super::proving;
use super::store::int;
use crate::web::Error;
use evidence::checkpoint::{Note, Witness};
use kit::db::{self, Tx};
use kit::values;

/// A checkpoint may be signed for so many entries after it was the newest: a minute.
const LATE: u64 = 6;

/// Cosignatures are kept for so many entries: a day.
const KEPT: u64 = 8_640;

/// Why a cosignature is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not a checkpoint of this log, as it is or was.
    NotOurs,
    /// Older than a minute, or not shown yet.
    NotCurrent,
    /// No line of a configured witness that holds.
    NoWitness,
}

/// Keeps what configured witnesses have put under a checkpoint of this log. Answers how many lines hold.
///
/// # Errors
/// 503; as [`Refused`].
pub fn keep(tx: &mut Tx, witnesses: &[Witness], note: &Note) -> Result<Result<usize, Refused>, Error> {
    let (newest, size) = (proving::size(tx)?, note.checkpoint.size);
    if size == 0 || size > newest || newest - size > LATE {
        return Ok(Err(Refused::NotCurrent));
    }
    if proving::root(tx, size)? != note.checkpoint.root {
        return Ok(Err(Refused::NotOurs));
    }
    let now = tx.now();
    let mut kept = 0;
    for witness in witnesses {
        let Some(cosignature) = note.cosignatures(witness).into_iter().next() else { continue };
        kept += 1;
        tx.execute(
            "INSERT INTO log_cosignature (size, witness, line, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            values![int(size), &witness.name, cosignature.line, now],
        )?;
    }
    let old = newest.saturating_sub(KEPT);
    tx.execute("DELETE FROM log_cosignature WHERE size < $1", values![int(old)])?;
    Ok(if kept == 0 { Err(Refused::NoWitness) } else { Ok(kept) })
}

/// The lines under the checkpoint of a size.
///
/// # Errors
/// [`db::Error`].
pub fn lines(tx: &mut Tx, size: u64) -> Result<Vec<String>, db::Error> {
    let sql = "SELECT line FROM log_cosignature WHERE size = $1 ORDER BY at, size";
    tx.all(sql, values![int(size)], |row| row.next())
}

/// The largest size that a witness has signed.
///
/// # Errors
/// [`db::Error`].
pub fn newest(tx: &mut Tx) -> Result<Option<u64>, db::Error> {
    tx.first("SELECT size FROM log_cosignature ORDER BY size DESC LIMIT 1", &[], |row| row.next())
}
