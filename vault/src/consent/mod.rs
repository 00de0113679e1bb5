//! The consent ledger: what a person agreed to, what their company authorised, and how both stand now.
//!
//! Events are appended, never changed; the present state is changed in the same unit. An opening whose basis is consent
//! compares that state in the transaction that records it ([`crate::Vault::open`]), so that a withdrawal binds every
//! process, queued job and running export from the moment it is durable.

mod check;
mod entry;
mod lapse;
mod ledger;
mod rule;
mod state;

pub(crate) use check::{Need, refused};
pub use entry::{Act, Entry, Holder, Kind, Method, Told};
pub use lapse::{Lapsed, invalidate, lapse};
pub use ledger::{Event, Recorded, history, record};
pub use state::{State, at_present, given};

use crate::{Error, Id, Subject};
use kit::{db::Tx, values};

/// Marks the ids of consent events.
pub struct Consent;

/// The company that a person acts for, as a holder of authorisations.
///
/// # Errors
/// [`kit::db::Error`].
pub fn company_of(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Holder>, kit::db::Error> {
    let company = tx.first("SELECT company FROM subject WHERE id = $1", values![subject], |row| row.next())?;
    Ok(company.flatten().map(Holder::Company))
}

/// Says for which company a person acts from now on; `None` for none. What needs the company's authorisation needs that
/// one's.
///
/// # Errors
/// [`Error::NotEnrolled`], [`Error::Db`].
pub fn belong<C>(tx: &mut Tx, subject: Id<Subject>, company: Option<Id<C>>) -> Result<(), Error> {
    let company = company.map(|company| *company.as_bytes());
    match tx.execute("UPDATE subject SET company = $1 WHERE id = $2", values![company, subject])? {
        1 => Ok(()),
        _ => Err(Error::NotEnrolled(subject)),
    }
}
