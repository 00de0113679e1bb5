//! Every query about maintenance windows. They are public.

use super::window::{Announced, Window};
use crate::web::{Error, Publisher};
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// Announces a window. The same id again is the same window.
///
/// # Errors
/// 409 `maintenance-past`.
pub fn announce(tx: &mut Tx, publisher: &Publisher, window: &Window) -> Result<(), Error> {
    publisher.still(tx)?;
    let now = tx.now();
    if window.starts_at <= now {
        return Err(Error::conflict("maintenance-past"));
    }
    let inserted = tx.execute(
        "INSERT INTO maintenance (id, starts_at, ends_at, reason, announced_by, announced_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        values![window.id, window.starts_at, window.ends_at, &window.reason, publisher.account(), now],
    )?;
    if inserted == 1 {
        let scope = Scope { actor: Some(*publisher.subject().as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Announced { window: window.id })?;
    }
    Ok(())
}

/// The windows that have not ended, the next first.
///
/// # Errors
/// [`db::Error`].
pub fn coming(tx: &mut Tx) -> Result<Vec<Window>, db::Error> {
    let now = tx.now();
    let sql =
        "SELECT id, starts_at, ends_at, reason FROM maintenance WHERE ends_at > $1 ORDER BY ends_at, id LIMIT 100";
    tx.all(sql, values![now], |row| {
        Ok(Window { id: row.next::<Id<Window>>()?, starts_at: row.next()?, ends_at: row.next()?, reason: row.next()? })
    })
}
