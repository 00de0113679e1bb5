//! Followers: what happens because of events, each at its own pace, at least once, in order.
//!
//! A follower that writes to the same database does so in the unit that moves its cursor, and so exactly once.

use crate::db::{Db, Error, Tx};
use crate::event::{self, Event};
use crate::values;

/// Numbers waiting events. Answers how many.
///
/// # Errors
/// [`Error`] of the database.
pub async fn sequence(db: &Db) -> Result<usize, Error> {
    if !db.read(event::any_unsequenced).await? {
        return Ok(0);
    }
    db.write(event::sequence).await
}

/// Hands the next events to `handle` and moves the follower's cursor in the same unit. Answers how many.
///
/// # Errors
/// What `handle` returns; then nothing of the batch stands and the next step tries it again.
pub async fn step<E>(
    db: &Db,
    name: &'static str,
    handle: impl Fn(&mut Tx, &Event) -> Result<(), E> + Clone + Send + 'static,
) -> Result<usize, E>
where
    E: From<Error> + Send + 'static,
{
    if !db.read::<_, Error>(move |tx| is_behind(tx, name)).await? {
        return Ok(0);
    }
    db.write(move |tx| {
        let seq = cursor(tx, name)?;
        let events = event::after(tx, seq)?;
        for event in &events {
            handle(tx, event)?;
        }
        if let Some(last) = events.last() {
            move_to(tx, name, last.seq)?;
        }
        Ok(events.len())
    })
    .await
}

/// The number of the last event that this follower has handled.
///
/// # Errors
/// [`Error`] of the database.
pub fn cursor(tx: &mut Tx, name: &str) -> Result<i64, Error> {
    let cursor = tx.first("SELECT seq FROM follower WHERE name = $1", values![name], |row| row.next())?;
    Ok(cursor.unwrap_or(0))
}

/// The number of the last event that has one.
///
/// # Errors
/// [`Error`] of the database.
pub fn last(tx: &mut Tx) -> Result<i64, Error> {
    tx.one("SELECT last FROM sequencer WHERE id = 1", &[], |row| row.next())
}

/// How many events each follower has still to handle, by name. One that has never handled any is not listed.
///
/// # Errors
/// [`Error`] of the database.
pub fn lags(tx: &mut Tx) -> Result<Vec<(String, i64)>, Error> {
    let last = last(tx)?;
    tx.all("SELECT name, seq FROM follower ORDER BY name", &[], |row| Ok((row.next()?, last - row.next::<i64>()?)))
}

fn is_behind(tx: &mut Tx, name: &str) -> Result<bool, Error> {
    let last = last(tx)?;
    Ok(cursor(tx, name)? < last)
}

fn move_to(tx: &mut Tx, name: &str, seq: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO follower (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        values![name, seq],
    )?;
    Ok(())
}
