//! Lists end: what is kept of their rows when their time is over, the rest a month later.

use super::Import;
use super::list::State;
use super::store;
use crate::app::App;
use crate::identity::account;
use crate::identity::company::Company;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use vault::Subject;

/// How long the numbers of a list that is forgotten are shown.
const TOLD: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Addresses that one unit forgets.
const TOGETHER: i64 = 50;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !policy::holds(Control::RosterForgotten) {
            return Ok(0);
        }
        let (over, old) = app.db().read::<_, db::Error>(|tx| Ok((over(tx)?, old(tx)?))).await?;
        let done = over.len() + old.len();
        if done > 0 {
            let unit = move |tx: &mut Tx| {
                over.iter().try_for_each(|(id, company)| forget(tx, *id, *company))?;
                old.iter().try_for_each(|id| drop_all(tx, *id))
            };
            app.db().write::<_, Error>(unit).await?;
        }
        Ok(done)
    }
    .boxed()
}

/// A company that closes takes its lists along.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    for list in store::all(tx, company)? {
        if list.is_open() {
            store::end(tx, &list, company, State::Halted, Some("company-closed"))?;
        }
        let now = tx.now();
        let sql = "UPDATE member_import SET ends_at = $1 WHERE id = $2 AND forgotten_at IS NULL";
        tx.execute(sql, values![now, list.id])?;
    }
    Ok(false)
}

/// A list that is over, and whose it was.
type Over = (Id<Import>, Id<Company>);

fn over(tx: &mut Tx) -> Result<Vec<Over>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id, company FROM member_import WHERE ends_at <= $1 AND forgotten_at IS NULL ORDER BY ends_at, id LIMIT 1";
    tx.all(sql, values![now], |row| Ok((row.next()?, row.next()?)))
}

fn old(tx: &mut Tx) -> Result<Vec<Id<Import>>, db::Error> {
    let before = tx.now().checked_sub(TOLD).unwrap_or(tx.now());
    let sql =
        "SELECT id FROM member_import WHERE forgotten_at IS NOT NULL AND ends_at <= $1 ORDER BY ends_at, id LIMIT 5";
    tx.all(sql, values![before], |row| row.next())
}

/// Some addresses of a list, with their keys; once there is none, its cells.
fn forget(tx: &mut Tx, id: Id<Import>, company: Id<Company>) -> Result<(), Error> {
    let list = store::find(tx, company, id)?;
    if list.is_open() {
        store::end(tx, &list, company, State::Halted, Some("late"))?;
    }
    let sql = "SELECT number, subject FROM member_import_row WHERE import = $1 AND subject IS NOT NULL ORDER BY number LIMIT $2";
    let rows = tx.all(sql, values![id, TOGETHER], |row| Ok((row.next::<i64>()?, row.next::<Id<Subject>>()?)))?;
    for (number, subject) in &rows {
        account::erase(tx, *subject)?;
        let sql = "UPDATE member_import_row SET subject = NULL, email = NULL, email_index = NULL \
                   WHERE import = $1 AND number = $2";
        tx.execute(sql, values![id, *number])?;
    }
    if rows.is_empty() {
        let now = tx.now();
        tx.execute("UPDATE member_import_row SET typed = NULL WHERE import = $1", values![id])?;
        tx.execute("UPDATE member_import SET forgotten_at = $1 WHERE id = $2", values![now, id])?;
    }
    Ok(())
}

fn drop_all(tx: &mut Tx, id: Id<Import>) -> Result<(), Error> {
    tx.execute("DELETE FROM member_import_row WHERE import = $1", values![id])?;
    tx.execute("DELETE FROM member_import WHERE id = $1", values![id])?;
    Ok(())
}
