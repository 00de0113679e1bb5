//! Jobs: work that a unit leaves for later, in the same transaction.
//!
//! A worker claims a job for a lease and renews it while it works, so that another takes over soon after the first has
//! died. Payloads hold ids or sealed bytes, never a personal value.
//!
//! Two things keep a job from being done, and they are counted apart. A try that *fails* is the job's own fault, or that
//! of what it needs: it is tried again with growing pauses. A *death* (the process ended that worked on it) is most often
//! nobody's: the job is taken up at once, and only more deaths in a row slow it down, so that a job that ends every
//! process leaves time for all others. A job lies dead after [`ATTEMPTS`] of either, to be looked at and woken by hand,
//! unless it is of a kind that its worker never gives up.

mod standing;
mod worker;

pub use standing::{Dead, Standing, Troubled, dead, standings, troubled};
pub use worker::Worker;

use crate::db::{Error, Tx, Value};
use crate::id::Id;
use crate::values;
use jiff::{SignedDuration, Timestamp};

/// How long after the last sign of its worker another may claim a job.
pub const LEASE: SignedDuration = SignedDuration::from_secs(20);

/// How often a worker shows that it is alive.
pub const RENEWAL: SignedDuration = SignedDuration::from_secs(5);

/// How many failed tries, or how many deaths in a row, lay a job dead.
pub const ATTEMPTS: i64 = 8;

/// The longest pause of a job that is never given up: what was in its way may be gone the next minute.
pub const LONGEST: SignedDuration = SignedDuration::from_secs(256);

/// How long a job that is never given up rests at most after its process has died: long enough for all others to be done
/// in between, should it be the cause.
const BREATH: SignedDuration = SignedDuration::from_secs(4);

/// A job that somebody has claimed.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id; a job that sends something uses it so that a repeat is recognised.
    pub id: Id<Job>,
    /// Which handler runs it.
    pub kind: String,
    /// What the handler needs, in its own form.
    pub payload: Vec<u8>,
    /// The try under way, from 1; deaths are no tries.
    pub attempts: i64,
    /// Whether it is tried until it succeeds.
    endless: bool,
    /// Proof of the claim.
    lease: [u8; 16],
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

/// The same of the kinds that this worker claims.
///
/// # Errors
/// [`Error`] of the database.
pub fn next_due_for(tx: &mut Tx, worker: &Worker) -> Result<Option<Timestamp>, Error> {
    let mut values = Vec::new();
    let within = worker.within(&mut values);
    let sql = format!("SELECT run_at FROM job WHERE dead = 0{within} ORDER BY run_at, id LIMIT 1");
    tx.first(&sql, &values, |row| row.next())
}

/// Claims the job whose turn it is: of the kinds that are never given up the one that has been due longest, or else of the
/// others, so that an opening does not wait behind a long line of mails. While a job is claimed its `run_at` lies a lease
/// ahead. One whose lease ran out has lost its worker: it gets its pause first, or lies dead.
///
/// # Errors
/// [`Error`] of the database.
pub fn claim(tx: &mut Tx, worker: &Worker) -> Result<Option<Job>, Error> {
    let now = tx.now();
    for kind in worker.endless() {
        let claimed = claim_of(tx, worker, " AND kind = $2", values![now, *kind].to_vec())?;
        if claimed.is_some() {
            return Ok(claimed);
        }
    }
    claim_of(tx, worker, "", values![now].to_vec())
}

fn claim_of(tx: &mut Tx, worker: &Worker, kind: &str, mut values: Vec<Value>) -> Result<Option<Job>, Error> {
    let within = worker.within(&mut values);
    let sql = format!(
        "SELECT id, kind, deaths, lease FROM job WHERE dead = 0 AND run_at <= $1{kind}{within} ORDER BY run_at, id LIMIT 1"
    );
    loop {
        let next = tx.first(&sql, &values, |row| {
            Ok((Claim { id: row.next()?, kind: row.next()?, deaths: row.next()? }, row.next::<Option<Vec<u8>>>()?))
        })?;
        match next {
            None => return Ok(None),
            Some((orphan, Some(_))) => bereave(tx, &orphan, worker)?,
            Some((free, None)) => return take(tx, &free, worker),
        }
    }
}

fn take(tx: &mut Tx, free: &Claim, worker: &Worker) -> Result<Option<Job>, Error> {
    let (now, lease) = (tx.now(), tx.random::<16>());
    let until = now.checked_add(LEASE).unwrap_or(now);
    tx.first(
        "UPDATE job SET run_at = $1, attempts = attempts + 1, lease = $2, worker = $3 WHERE id = $4 \
         RETURNING id, kind, payload, attempts, lease",
        values![until, lease, worker.node(), free.id],
        |row| {
            let (id, kind, payload) = (row.next()?, row.next::<String>()?, row.next()?);
            let endless = worker.never_gives_up(&kind);
            Ok(Job { id, kind, payload, attempts: row.next()?, endless, lease: row.next()? })
        },
    )
}

/// A claim that somebody left behind.
struct Claim {
    id: Id<Job>,
    kind: String,
    deaths: i64,
}

/// Counts a death: the claim ends, the try was none. The first time the job is free at once.
fn bereave(tx: &mut Tx, orphan: &Claim, worker: &Worker) -> Result<(), Error> {
    let deaths = orphan.deaths + 1;
    let endless = worker.never_gives_up(&orphan.kind);
    let again = tx.now().checked_add(pause_of_deaths(deaths, endless)).unwrap_or(tx.now());
    let is_dead = deaths >= ATTEMPTS && !endless;
    tx.execute(
        "UPDATE job SET run_at = $1, attempts = attempts - 1, deaths = $2, dead = $3, lease = NULL, worker = NULL, \
         error = $4 WHERE id = $5",
        values![again, deaths, is_dead, format!("the process ended during the try, {deaths} in a row"), orphan.id],
    )?;
    Ok(())
}

/// 0 s, then 1 s, 2 s, 4 s … up to [`LONGEST`]; for a job that is never given up only to [`BREATH`], since whoever waits for
/// it waits through the deaths of a process that others end, too.
fn pause_of_deaths(deaths: i64, endless: bool) -> SignedDuration {
    let longest = if endless { BREATH } else { LONGEST };
    match u32::try_from(deaths) {
        Ok(0 | 1) | Err(_) => SignedDuration::ZERO,
        Ok(deaths) => SignedDuration::from_secs(1 << (deaths - 2).min(30)).min(longest),
    }
}

/// Ends the claims that a process before this one left behind when it was killed, instead of letting their leases run
/// out. With `all` those of every node: for a database that nobody else works on. Answers how many.
///
/// # Errors
/// [`Error`] of the database.
pub fn free(tx: &mut Tx, worker: &Worker, all: bool) -> Result<usize, Error> {
    let sql = "SELECT id, kind, deaths FROM job WHERE dead = 0 AND lease IS NOT NULL AND (worker = $1 OR \
               CAST($2 AS BIGINT) = 1) ORDER BY run_at, id";
    let orphans = tx.all(sql, values![worker.node(), all], |row| {
        Ok(Claim { id: row.next()?, kind: row.next()?, deaths: row.next()? })
    })?;
    orphans.iter().try_for_each(|orphan| bereave(tx, orphan, worker))?;
    Ok(orphans.len())
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

/// Notes a failed try: again after 1 s, 4 s, 16 s …, at most an hour, and dead after [`ATTEMPTS`]; or for ever, at most
/// [`LONGEST`] apart. The worker has outlived the try: deaths before it are forgotten.
///
/// # Errors
/// [`Error`] of the database.
pub fn fail(tx: &mut Tx, job: &Job, why: &str) -> Result<(), Error> {
    let exponent = u32::try_from(job.attempts.clamp(1, 7) - 1).unwrap_or(0);
    let longest = if job.endless { LONGEST } else { SignedDuration::from_hours(1) };
    let pause = SignedDuration::from_secs(4i64.pow(exponent)).min(longest);
    let again = tx.now().checked_add(pause).unwrap_or(tx.now());
    let is_dead = job.attempts >= ATTEMPTS && !job.endless;
    tx.execute(
        "UPDATE job SET run_at = $1, dead = $2, error = $3, deaths = 0, lease = NULL, worker = NULL \
         WHERE id = $4 AND lease = $5",
        values![again, is_dead, why, job.id, job.lease],
    )?;
    Ok(())
}

/// Gives a dead job another round of tries, at once. Answers whether there was one.
///
/// # Errors
/// [`Error`] of the database.
pub fn wake(tx: &mut Tx, id: Id<Job>) -> Result<bool, Error> {
    let now = tx.now();
    let woken = tx.execute(
        "UPDATE job SET dead = 0, attempts = 0, deaths = 0, run_at = $1 WHERE id = $2 AND dead = 1",
        values![now, id],
    )?;
    Ok(woken == 1)
}
