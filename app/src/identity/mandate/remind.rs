//! A letter that ends soon is told of, once, to its holder and to the company.

use super::Mandate;
use super::store::{Changed, find};
use crate::app::App;
use crate::web::Error;
use crate::work;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// How many letters a step tells of.
const STEP: i64 = 50;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    work::where_due(app, due, tell)
}

fn due(tx: &mut Tx) -> Result<Vec<Id<Mandate>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id FROM mandate WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at, id LIMIT $2";
    tx.all(sql, values![now, STEP], |row| row.next())
}

fn tell(tx: &mut Tx) -> Result<usize, db::Error> {
    let (due, now) = (due(tx)?, tx.now());
    for id in &due {
        tx.execute("UPDATE mandate SET remind_at = NULL WHERE id = $1", values![*id])?;
        let Some(letter) = find(tx, *id)?.filter(|letter| letter.is_member && now < letter.valid_until) else {
            continue;
        };
        let scope = Scope { company: Some(*letter.company.as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Changed { mandate: *id, account: letter.account, act: "ends-soon" })?;
    }
    Ok(due.len())
}
