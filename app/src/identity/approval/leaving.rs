//! What becomes of requests and rules when their company closes.

use crate::app::App;
use crate::identity::company::Company;
use crate::web::Error;
use kit::db::Tx;
use kit::id::Id;
use kit::values;

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
