//! Cases on the desk: those that wait for this operator's approval.

use super::store;
use crate::app::App;
use crate::web::{Actor, OperatorDuty, PrivacyOfficer, Queue, Task};
use kit::db::{self, Tx};
use kit::values;

pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(operator) = PrivacyOfficer::of(actor) else { return Ok(Vec::new()) };
    let count = store::waiting(tx, &operator)?;
    let task = |n: i64| Task {
        what: "exception-waiting",
        args: vec![("n", n.into())],
        path: "/desk/exceptions".to_owned(),
        due: None,
        glyph: "warn",
        act: "exception-waiting-act",
    };
    Ok(if count == 0 { Vec::new() } else { vec![task(count)] })
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx) -> Result<Queue, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(MIN(applied_at) AS BIGINT), \
         CAST(MIN(ends_at) AS BIGINT) FROM exception_case WHERE approved_at IS NULL AND revoked_at IS NULL AND ends_at > $1";
    tx.one(sql, values![now], |row| {
        Queue::read(row, ("exceptions-place", "/desk/exceptions", OperatorDuty::PrivacyOfficer))
    })
}
