//! Who is invited (受邀): companies whose provider's page is public, by their credit codes.

use super::demand::Demand;
use crate::identity::company::Company;
use crate::reach::provider;
use crate::web::{Broken, Buyer, Error, Form};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An invited company, as the demand's own company reads it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DemandInvited")]
pub struct Invited {
    /// The company.
    pub company: Id<Company>,
    /// Its name.
    pub name: String,
    /// Its credit code.
    pub credit_code: String,
}

/// The companies of these codes. Only those with a public page can be invited, so that nobody learns from a code who else is
/// registered.
///
/// # Errors
/// 422 naming the first code that is none of theirs, or the company's own.
pub(super) fn found(tx: &mut Tx, buyer: &Buyer, codes: &[String], form: &Form) -> Result<Vec<Id<Company>>, Error> {
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        let unknown = || form.clone().refuse("invited", Broken::rule("invited-unknown").with("code", code.as_str()));
        let company = provider::of_code(tx, code)?.ok_or_else(unknown)?;
        if company == buyer.company {
            return Err(form.clone().refuse("invited", "invited-own"));
        }
        found.push(company);
    }
    Ok(found)
}

/// Puts these in the place of those before.
///
/// # Errors
/// [`db::Error`].
pub(super) fn set(tx: &mut Tx, demand: Id<Demand>, companies: &[Id<Company>]) -> Result<(), db::Error> {
    tx.execute("DELETE FROM demand_invitation WHERE demand = $1", values![demand])?;
    for company in companies {
        let sql = "INSERT INTO demand_invitation (demand, company) VALUES ($1, $2)";
        tx.execute(sql, values![demand, *company])?;
    }
    Ok(())
}

/// Whether a company is invited.
///
/// # Errors
/// [`db::Error`].
pub(super) fn is_of(tx: &mut Tx, demand: Id<Demand>, company: Id<Company>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM demand_invitation WHERE demand = $1 AND company = $2";
    Ok(tx.first(sql, values![demand, company], |row| row.next::<i64>())?.is_some())
}

/// All of them, by name: for the demand's own company.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<Invited>, db::Error> {
    let sql = "SELECT c.id, c.name, c.credit_code FROM demand_invitation i JOIN company c ON c.id = i.company \
               WHERE i.demand = $1 ORDER BY c.id";
    tx.all(sql, values![demand], |row| {
        Ok(Invited { company: row.next()?, name: row.next()?, credit_code: row.next()? })
    })
}

/// Their ids, for the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn ids(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT company FROM demand_invitation WHERE demand = $1 ORDER BY company";
    tx.all(sql, values![demand], |row| row.next())
}
