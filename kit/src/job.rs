//! Jobs: work that a unit leaves for later, in the same transaction.
//!
//! A worker claims a job for a lease and renews it while it works, so that another takes over soon after the first has
//! died; a job that fails is tried
//! again with growing pauses and lies dead in the end, to be looked at and woken by hand. Payloads hold ids or sealed
//! bytes, never a personal value.

use crate::db::{Error, Row, Tx};
use crate::id::Id;
use crate::values;
use jiff::{SignedDuration, Timestamp};

/// How long after the last sign of its worker another may claim a job.
pub const LEASE: SignedDuration = SignedDuration::from_secs(20);

/// How often a worker shows that it is alive.
pub const RENEWAL: SignedDuration = SignedDuration::from_secs(5);

/// How often a job is tried before it lies dead.
pub const ATTEMPTS: i64 = 8;

/// A job that somebody has claimed.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id; a job that sends something uses it so that a repeat is recognised.
    pub id: Id<Job>,
    /// Which handler runs it.
    pub kind: String,
    /// What the handler needs, in its own form.
    pub payload: Vec<u8>,
    /// The try under way, from 1.
    pub attempts: i64,
    /// Proof of the claim.
    lease: [u8; 16],
}

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

/// Leaves a job to be run at `run_at` or later. Part of this unit.
///
/// # Errors
/// [`Error`] of the database.
pub fn enqueue(tx: &mut Tx, kind: &str, payload: &[u8], run_at: Timestamp) -> Result<Id<Job>, Error> {
    let id = tx.id();
    tx.execute(
        "INSERT INTO job (id, kind, payload, run_at, attempts, dead, created_at) VALUES ($1, $2, $3, $4, 0, 0, $5)",
        values![id, kind, payload, run_at, tx.now()],
    )?;
    Ok(id)
}

/// When the next job is due, if any waits.
///
/// # Errors
/// [`Error`] of the database.
pub fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, Error> {
    tx.first("SELECT run_at FROM job WHERE dead = 0 ORDER BY run_at, id LIMIT 1", &[], |row| row.next())
}

/// Claims the job that has been due longest. While it is claimed its `run_at` lies a lease ahead. A job under which every
/// worker so far has died lies dead instead, so that it does not end them all.
///
/// # Errors
/// [`Error`] of the database.
pub fn claim(tx: &mut Tx) -> Result<Option<Job>, Error> {
    let Some(job) = next(tx)? else { return Ok(None) };
    if job.attempts <= ATTEMPTS {
        return Ok(Some(job));
    }
    fail(tx, &job, "the process ended during the last try")?;
    Ok(None)
}

fn next(tx: &mut Tx) -> Result<Option<Job>, Error> {
    let (now, lease) = (tx.now(), tx.random::<16>());
    let until = now.checked_add(LEASE).unwrap_or(now);
    tx.first(
        "UPDATE job SET run_at = $1, attempts = attempts + 1, lease = $2 WHERE id = \
         (SELECT id FROM job WHERE dead = 0 AND run_at <= $3 ORDER BY run_at, id LIMIT 1) \
         RETURNING id, kind, payload, attempts, lease",
        values![until, lease, now],
        |row| {
            Ok(Job {
                id: row.next()?,
                kind: row.next()?,
                payload: row.next()?,
                attempts: row.next()?,
                lease: row.next()?,
            })
        },
    )
}

/// Keeps a claim for another lease. Answers whether it was still the worker's own.
///
/// # Errors
/// [`Error`] of the database.
pub fn renew(tx: &mut Tx, job: &Job) -> Result<bool, Error> {
    let until = tx.now().checked_add(LEASE).unwrap_or(tx.now());
    let kept =
        tx.execute("UPDATE job SET run_at = $1 WHERE id = $2 AND lease = $3", values![until, job.id, job.lease])?;
    Ok(kept == 1)
}

/// Removes a finished job. A worker whose lease ran out and was taken over removes nothing.
///
/// # Errors
/// [`Error`] of the database.
pub fn finish(tx: &mut Tx, job: &Job) -> Result<(), Error> {
    tx.execute("DELETE FROM job WHERE id = $1 AND lease = $2", values![job.id, job.lease])?;
    Ok(())
}

/// Notes a failed try: again after 1 s, 4 s, 16 s … (at most an hour), or dead after [`ATTEMPTS`].
///
/// # Errors
/// [`Error`] of the database.
pub fn fail(tx: &mut Tx, job: &Job, why: &str) -> Result<(), Error> {
    let exponent = u32::try_from(job.attempts.clamp(1, 7) - 1).unwrap_or(0);
    let pause = SignedDuration::from_secs(4i64.pow(exponent).min(3600));
    let again = tx.now().checked_add(pause).unwrap_or(tx.now());
    tx.execute(
        "UPDATE job SET run_at = $1, dead = $2, error = $3, lease = NULL WHERE id = $4 AND lease = $5",
        values![again, job.attempts >= ATTEMPTS, why, job.id, job.lease],
    )?;
    Ok(())
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

/// Gives a dead job another round of tries, at once. Answers whether there was one.
///
/// # Errors
/// [`Error`] of the database.
pub fn wake(tx: &mut Tx, id: Id<Job>) -> Result<bool, Error> {
    let now = tx.now();
    let woken =
        tx.execute("UPDATE job SET dead = 0, attempts = 0, run_at = $1 WHERE id = $2 AND dead = 1", values![now, id])?;
    Ok(woken == 1)
}
