//! What has been kept for its time ends: rows are deleted, and a day's key is destroyed with its subject.

use super::store::last_hour;
use crate::app::App;
use crate::identity::account::erase;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::values;
use policy::Control;
use vault::{Id, Subject};

/// How many rows one step deletes.
const STEP: i64 = 500;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !policy::holds(Control::UseLogEnds) {
            return Ok(0);
        }
        let (rows, day) = app.db().read::<_, db::Error>(|tx| Ok((outlived(tx)?, over(tx)?))).await?;
        let done = rows.len() + usize::from(day.is_some());
        if done > 0 {
            app.db().write::<_, Error>(move |tx| end(tx, &rows, day)).await?;
        }
        Ok(done)
    }
    .boxed()
}

fn outlived(tx: &mut Tx) -> Result<Vec<[u8; 16]>, db::Error> {
    let hour = last_hour(tx.now());
    let sql = "SELECT id FROM use_log WHERE hour <= $1 ORDER BY hour, id LIMIT $2";
    tx.all(sql, values![hour, STEP], |row| row.next())
}

type Day = (i64, Id<Subject>);

/// The oldest day whose last hour is over for long enough.
fn over(tx: &mut Tx) -> Result<Option<Day>, db::Error> {
    let last = (last_hour(tx.now()) + 1).div_euclid(24) - 1;
    let sql = "SELECT day, subject FROM use_day WHERE ended_at IS NULL AND day <= $1 ORDER BY day LIMIT 1";
    tx.first(sql, values![last], |row| Ok((row.next()?, row.next()?)))
}

fn end(tx: &mut Tx, rows: &[[u8; 16]], day: Option<Day>) -> Result<(), Error> {
    for id in rows {
        tx.execute("DELETE FROM use_log WHERE id = $1", values![id])?;
    }
    let Some((day, subject)) = day else { return Ok(()) };
    let now = tx.now();
    tx.execute("UPDATE use_day SET ended_at = $1 WHERE day = $2", values![now, day])?;
    erase(tx, subject)
}
