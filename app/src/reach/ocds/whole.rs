//! The record of one tender, for whoever keeps everything about it together.

use super::{package, store};
use crate::app::App;
use crate::sourcing::tender::Tender;
use crate::web::Error;
use kit::db::Tx;
use kit::id::Id;
use kit::values;

/// The record of a tender as it is served now; none of one that nothing was released of.
///
/// # Errors
/// [`Error`] of the database; 500 when a stored release is no JSON.
pub fn record_of(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Option<String>, Error> {
    let sql = "SELECT ocid FROM ocds_process WHERE tender = $1";
    let Some(ocid) = tx.first(sql, values![tender], |row| row.next::<String>())? else { return Ok(None) };
    let found = store::of_process(tx, &ocid)?;
    if found.is_empty() {
        return Ok(None);
    }
    package::record(app, &format!("/ocds/records/{ocid}"), &ocid, found).map(Some)
}
