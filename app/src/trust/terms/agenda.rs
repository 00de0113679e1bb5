//! On an owner's desk: what is in force and waits for the company's word. It has no end: who does not accept is not pressed.

use super::acceptance::Accepted;
use super::calendar::Calendar;
use crate::app::App;
use crate::web::{Actor, OperatorDuty, Owner, Queue, Task};
use kit::db::{self, Tx};

pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(owner) = Owner::of(actor) else { return Ok(Vec::new()) };
    let mut open = 0;
    for terms in policy::TERMS {
        let now = tx.now();
        let calendar = Calendar::read(tx, terms.id)?;
        let Some(line) = calendar.in_force(now) else { continue };
        open += i64::from(Accepted::of(tx, &owner, terms.id, &line.edition)?.is_none());
    }
    let task = || Task {
        what: "terms-waiting",
        args: vec![("n", open.into())],
        path: "/company/agreements".to_owned(),
        due: None,
        glyph: "policy",
        act: "terms-waiting-act",
    };
    Ok((open > 0).then(task).into_iter().collect())
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx) -> Result<Queue, db::Error> {
    let sql = "SELECT count(*), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(MIN(at) AS BIGINT), CAST(NULL AS BIGINT) FROM terms_comment \
         WHERE state = 'waiting'";
    tx.one(sql, &[], |row| Queue::read(row, ("terms-desk-place", "/desk/agreements", OperatorDuty::Publisher)))
}
