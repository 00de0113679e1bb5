//! How correspondence ends: a person's part in it with their account, a company's with the company.

use super::request;
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Erased, Error, Gone};
use kit::db::Tx;
use kit::id::Id;
use kit::values;

/// What a person has shared goes; what they have written is their company's, and stays under a number that is nobody's name.
///
/// # Errors
/// [`Error`] of the database.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let shared = tx.execute("DELETE FROM thread_sharing WHERE subject = $1", values![gone.subject])?;
    let meant = tx.execute("DELETE FROM award_contact WHERE subject = $1", values![gone.subject])?;
    tx.execute("UPDATE thread_member SET account = NULL WHERE account = $1", values![gone.account])?;
    Ok(vec![Erased::new("erased-sharings", shared), Erased::new("erased-award-contacts", meant)])
}

/// Of a company that closes nothing is shown any more, and its threads are read only: they are the other side's records, too.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    let now = tx.now();
    request::closed(tx, company)?;
    tx.execute("DELETE FROM company_block WHERE company = $1 OR blocked = $1", values![company])?;
    let of = "IN (SELECT thread FROM thread_side WHERE company = $1)";
    tx.execute(&format!("DELETE FROM thread_sharing WHERE thread {of}"), values![company])?;
    tx.execute("DELETE FROM award_contact WHERE company = $1", values![company])?;
    let sql = format!("UPDATE thread_side SET address = NULL, address_at = NULL WHERE thread {of}");
    tx.execute(&sql, values![company])?;
    let sql = format!("UPDATE thread SET closed_at = $2, closed_why = 'company' WHERE closed_at IS NULL AND id {of}");
    tx.execute(&sql, values![company, now])?;
    let sql = "SELECT 1 FROM contact_request WHERE asker = $1 OR asked = $1 UNION \
         SELECT 1 FROM thread_side WHERE company = $1 LIMIT 1";
    Ok(tx.first(sql, values![company], |row| row.next::<i64>())?.is_some())
}
