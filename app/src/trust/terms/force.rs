//! What binds a company.

use crate::identity::company::Company;
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// The edition of an agreement that binds a company at an instant: of those that it had accepted by then, the newest that
/// had taken effect. None: it had accepted none, and nothing of it binds. An edition that is in force and that it has not
/// accepted does not bind it (电子商务法 art. 34: the earlier text applies until it leaves).
///
/// # Errors
/// [`db::Error`].
pub fn in_force_for(
    tx: &mut Tx,
    company: Id<Company>,
    terms: &str,
    at: Timestamp,
) -> Result<Option<String>, db::Error> {
    tx.first(
        "SELECT s.edition FROM terms_acceptance a \
         JOIN terms_schedule s ON s.terms = a.terms AND s.edition = a.edition AND s.withdrawn_at IS NULL \
         WHERE a.company = $1 AND a.terms = $2 AND a.at <= $3 AND s.effective_at <= $3 \
         ORDER BY s.number DESC LIMIT 1",
        values![company, terms, at],
        |row| row.next(),
    )
}

/// Refuses what rests on an edition that did not bind the company when it happened. Each processing or penalty that names
/// an agreement asks here, in its own unit.
///
/// # Errors
/// 409 `terms-not-binding`, or the database's.
pub fn governs(tx: &mut Tx, company: Id<Company>, terms: &str, edition: &str, at: Timestamp) -> Result<(), Error> {
    let binding = in_force_for(tx, company, terms, at)?;
    if binding.as_deref() == Some(edition) || !policy::holds(Control::TermsInForce) {
        return Ok(());
    }
    Err(Error::conflict("terms-not-binding"))
}
