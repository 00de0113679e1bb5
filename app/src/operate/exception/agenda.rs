//! Cases on the desk: those that wait for this operator's approval.

use super::store;
use crate::app::App;
use crate::web::{Actor, PrivacyOfficer, Task};
use kit::db::{self, Tx};

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
