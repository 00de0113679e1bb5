//! What becomes of requests and rules when their company closes, and of what another company said when that one does.

use super::content::Shown;
use super::store;
use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Key of what stands where another company's words were.
const ERASED: &str = "approval-erased";

/// They go with it: what was published and awarded is public record by itself, and that it was approved stands in the events.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    let given = "DELETE FROM approval_given WHERE request IN (SELECT id FROM approval_request WHERE company = $1)";
    for sql in
        [given, "DELETE FROM approval_request WHERE company = $1", "DELETE FROM approval_rule WHERE company = $1"]
    {
        tx.execute(sql, values![company])?;
    }
    Ok(false)
}

/// What another company said goes with it from every request about this, whatever became of that: the lines with this label say so. The digest
/// stays that of what was asked for.
///
/// # Errors
/// [`db::Error`].
pub fn erased<T>(tx: &mut Tx, subject: Id<T>, label: &str) -> Result<(), db::Error> {
    for mut request in store::all_of(tx, subject.cast())? {
        let said = request.content.lines.iter_mut().filter(|line| line.label == label);
        said.for_each(|line| line.value = Shown::Word(ERASED.to_owned()));
        store::rewrite(tx, &request)?;
    }
    Ok(())
}
