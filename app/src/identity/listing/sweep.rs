//! Lists end: what is kept of their rows when their time is over, the rest a month later.

use super::Import;
use super::list::State;
use super::shelf::{Holder, Shelf};
use crate::app::App;
use crate::identity::account;
use crate::web::Error;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

/// How long the numbers of a list that is forgotten are shown.
const TOLD: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Addresses that one unit forgets.
const TOGETHER: i64 = 50;

/// One step of a shelf's routine.
///
/// # Errors
/// [`Error`] of the database.
pub async fn sweep(app: &App, shelf: &'static Shelf) -> Result<usize, Error> {
    let (over, old) = app.db().read::<_, db::Error>(move |tx| Ok((shelf.over(tx)?, shelf.old(tx)?))).await?;
    let done = over.len() + old.len();
    if done > 0 {
        let unit = move |tx: &mut Tx| {
            over.iter().try_for_each(|(id, holder)| shelf.forget(tx, *id, *holder))?;
            old.iter().try_for_each(|id| shelf.drop_all(tx, *id))
        };
        app.db().write::<_, Error>(unit).await?;
    }
    Ok(done)
}

/// A list that is over, and whose it was.
type Over = (Id<Import>, Holder);

impl Shelf {
    fn over(&self, tx: &mut Tx) -> Result<Vec<Over>, db::Error> {
        let now = tx.now();
        let sql = format!(
            "SELECT id, {} FROM {} WHERE ends_at <= $1 AND forgotten_at IS NULL ORDER BY ends_at, id LIMIT 1",
            self.holder, self.lists
        );
        tx.all(&sql, values![now], |row| Ok((row.next()?, row.next()?)))
    }

    fn old(&self, tx: &mut Tx) -> Result<Vec<Id<Import>>, db::Error> {
        let before = tx.now().checked_sub(TOLD).unwrap_or(tx.now());
        let sql = format!(
            "SELECT id FROM {} WHERE forgotten_at IS NOT NULL AND ends_at <= $1 ORDER BY ends_at, id LIMIT 5",
            self.lists
        );
        tx.all(&sql, values![before], |row| row.next())
    }

    /// Some addresses of a list, with their keys; once there is none, its cells.
    fn forget(&self, tx: &mut Tx, id: Id<Import>, holder: Holder) -> Result<(), Error> {
        let list = self.find(tx, holder, id)?;
        if list.is_open() {
            self.end(tx, &list, holder, State::Halted, Some("late"))?;
        }
        let sql = format!(
            "SELECT number, subject FROM {} WHERE import = $1 AND subject IS NOT NULL ORDER BY number LIMIT $2",
            self.rows
        );
        let rows = tx.all(&sql, values![id, TOGETHER], |row| Ok((row.next::<i64>()?, row.next::<Id<Subject>>()?)))?;
        for (number, subject) in &rows {
            account::erase(tx, *subject)?;
            self.without_address(tx, id, *number)?;
        }
        if rows.is_empty() {
            let now = tx.now();
            tx.execute(&format!("UPDATE {} SET typed = NULL WHERE import = $1", self.rows), values![id])?;
            tx.execute(&format!("UPDATE {} SET forgotten_at = $1 WHERE id = $2", self.lists), values![now, id])?;
        }
        Ok(())
    }

    fn drop_all(&self, tx: &mut Tx, id: Id<Import>) -> Result<(), Error> {
        tx.execute(&format!("DELETE FROM {} WHERE import = $1", self.rows), values![id])?;
        tx.execute(&format!("DELETE FROM {} WHERE id = $1", self.lists), values![id])?;
        Ok(())
    }
}
