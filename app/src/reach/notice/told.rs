//! The notices of one tender, for whoever keeps everything about it together.

use super::page::Show;
use super::store;
use kit::db::{Error, Tx};
use kit::id::Id;

/// The notices of a tender as everybody reads them, the oldest first.
///
/// # Errors
/// [`Error`] of the database.
pub fn told_of<T>(tx: &mut Tx, tender: Id<T>) -> Result<Vec<Show>, Error> {
    let (series, now) = (store::of_tender(tx, *tender.as_bytes())?, tx.now());
    let mut told = Vec::new();
    for one in &series {
        told.extend(store::find(tx, one.id)?.map(|notice| Show::new(notice, Vec::new(), now)));
    }
    Ok(told)
}
