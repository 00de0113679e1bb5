//! What ends is told: thirty days before, and when it is over.

use super::{Changed, Document};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use crate::work;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// How many documents a step tells of.
const STEP: i64 = 50;

/// A document that is to be told of: which, whose, when its last day is over.
type Due = (Id<Document>, Id<Company>, Option<Timestamp>);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    work::where_due(app, due, tell)
}

fn due(tx: &mut Tx) -> Result<Vec<Due>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id, company, over_at FROM library_document WHERE remind_at IS NOT NULL AND remind_at <= $1 \
               ORDER BY remind_at, id LIMIT $2";
    tx.all(sql, values![now, STEP], |row| Ok((row.next()?, row.next()?, row.next()?)))
}

fn tell(tx: &mut Tx) -> Result<usize, db::Error> {
    let (due, now) = (due(tx)?, tx.now());
    for (document, company, over) in &due {
        let next = over.filter(|at| now < *at);
        tx.execute("UPDATE library_document SET remind_at = $1 WHERE id = $2", values![next, *document])?;
        let act = if next.is_some() { "ends-soon" } else { "ended" };
        let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Changed { document: *document, act: act.to_owned() })?;
    }
    Ok(due.len())
}
