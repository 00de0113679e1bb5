//! Experts (评审专家): people who offer to evaluate for other companies. It is their own choice, and they end it themselves; buyers
//! do not learn who they are.

use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Agent, Erased, Error, Fields, Gone, Member, Parse};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Whether somebody offers it from now on.
pub struct Offer {
    pub available: bool,
}

impl Parse for Offer {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { available: fields.ticked("available") })
    }
}

/// Begins or ends an offer. Twice is once.
///
/// # Errors
/// 401; 403 `duties-changed`.
pub fn offer(tx: &mut Tx, member: &Agent, given: &Offer) -> Result<(), Error> {
    member.still(tx)?;
    let now = tx.now();
    tx.execute("DELETE FROM expert WHERE account = $1", values![member.account()])?;
    if given.available {
        let sql = "INSERT INTO expert (account, company, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        tx.execute(sql, values![member.account(), member.company, now])?;
    }
    Ok(())
}

/// Whether a member offers it.
///
/// # Errors
/// [`db::Error`].
pub fn offers(tx: &mut Tx, member: &Member) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM expert WHERE account = $1 AND company = $2";
    let found = tx.first(sql, values![member.account(), member.company], |row| row.next::<i64>())?;
    Ok(found.is_some())
}

/// An offer goes with its person.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    tx.execute("DELETE FROM expert WHERE account = $1", values![gone.account])?;
    Ok(Vec::new())
}

/// And with the company for which it was made.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    tx.execute("DELETE FROM expert WHERE company = $1", values![company])?;
    Ok(false)
}
