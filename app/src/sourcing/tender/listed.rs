//! Lists of tenders: what is not for a reader stands in none.

use super::named;
use super::store::{COLUMNS, read};
use super::tender::Tender;
use crate::identity::company::Company;
use crate::web::Buyer;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// The buyer's own tenders, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list_own(tx: &mut Tx, buyer: &Buyer) -> Result<Vec<Tender>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE t.company = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT 200");
    tx.all(&sql, values![buyer.company], read)
}

/// Tenders that take bids now and that this company reads, or anybody, the nearest deadline first.
///
/// # Errors
/// [`db::Error`].
pub fn list_open(tx: &mut Tx, reader: Option<Id<Company>>) -> Result<Vec<Tender>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} WHERE t.state = 'published' AND t.deadline > $1 AND {} ORDER BY t.deadline, t.id LIMIT 200",
        named::read(2)
    );
    tx.all(&sql, values![now, reader.unwrap_or_else(named::nobody)], read)
}

/// Published tenders that are not over and that this company reads: bids are taken, being opened, or evaluated; the nearest deadline first.
///
/// # Errors
/// [`db::Error`].
pub fn list_running(tx: &mut Tx, reader: Id<Company>) -> Result<Vec<Tender>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE t.state IN ('published', 'closed', 'auction', 'evaluation') AND {} \
         ORDER BY t.deadline, t.id LIMIT 200",
        named::read(1)
    );
    tx.all(&sql, values![reader], read)
}

/// All that are not over, for whoever leaves: nothing of theirs may be overlooked.
///
/// # Errors
/// [`db::Error`].
pub fn all_running(tx: &mut Tx) -> Result<Vec<Tender>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE t.state IN ('published', 'closed', 'auction', 'evaluation') ORDER BY t.deadline, t.id"
    );
    tx.all(&sql, &[], read)
}

/// The same of one buyer.
///
/// # Errors
/// [`db::Error`].
pub fn running_of(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Tender>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE t.company = $1 AND t.state IN ('published', 'closed', 'auction', 'evaluation') \
         ORDER BY t.deadline, t.id"
    );
    tx.all(&sql, values![company], read)
}

/// Tenders that wait for their opening, the longest first.
///
/// # Errors
/// [`db::Error`].
pub fn list_closed(tx: &mut Tx) -> Result<Vec<Tender>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE t.state = 'closed' ORDER BY t.deadline, t.id LIMIT 200");
    tx.all(&sql, &[], read)
}

/// Tenders whose opening the holder of this key is asked to witness, as long as they are not opened, the nearest deadline first.
///
/// # Errors
/// [`db::Error`].
pub fn witnessed_by(tx: &mut Tx, recipient: &str) -> Result<Vec<Tender>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE t.id IN (SELECT w.tender FROM tender_witness w WHERE w.recipient = $1) \
         AND t.state IN ('draft', 'published', 'closed') ORDER BY t.deadline, t.id"
    );
    tx.all(&sql, values![recipient], read)
}
