//! A part is found true, or has to be looked at again. Whoever reviews companies calls this in the unit of their decision.

use super::bank::{self, Bank};
use super::identity::Identity;
use super::store::{self, begin, newest};
use super::{Content, Part, Reviewed, Standing};
use crate::identity::company::store as companies;
use crate::identity::company::{Company, State};
use crate::web::Error;
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;

/// A version of a part is found true. `false`: the company has filed a newer one meanwhile, or that one was reviewed already.
/// A reviewed *identity* becomes what the platform knows the company by; if its name is another one, the bank account is
/// looked at again, since its holder is the company.
///
/// # Errors
/// 409 `credit-code-taken` when another company has the code meanwhile.
pub fn review(tx: &mut Tx, company: Id<Company>, part: Part, version: i64) -> Result<bool, Error> {
    begin(tx, company)?;
    let now = tx.now();
    let done = tx.execute(
        "UPDATE company_part SET reviewed = $1, state = 'reviewed', changed_at = $2 \
         WHERE company = $3 AND part = $4 AND version = $1 AND state <> 'reviewed'",
        values![version, now, company, part.code()],
    )?;
    if done == 0 {
        return Ok(false);
    }
    tx.execute(
        "UPDATE company_fact SET reviewed_at = $1 WHERE company = $2 AND part = $3 AND version = $4",
        values![now, company, part.code(), version],
    )?;
    if part == Part::Identity {
        adopt(tx, company)?;
    }
    let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Reviewed { company, part, version })?;
    Ok(true)
}

/// All that a company has filed is found true: the operator has approved it. Its bank account is not: that takes the bank's paper.
///
/// # Errors
/// As [`review`].
pub fn review_all(tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
    begin(tx, company)?;
    for part in Part::ALL.into_iter().filter(|part| *part != Part::Bank) {
        if let Some((version, _)) = store::standing(tx, company, part)? {
            review(tx, company, part, version)?;
        }
    }
    Ok(())
}

/// A part that was found true has to be looked at again, although nothing in it has changed. `false`: it does not stand reviewed.
///
/// # Errors
/// Of the database.
pub fn reopen(tx: &mut Tx, company: Id<Company>, part: Part) -> Result<bool, Error> {
    let now = tx.now();
    let sql = "UPDATE company_part SET state = 'reopened', changed_at = $1 \
               WHERE company = $2 AND part = $3 AND state = 'reviewed'";
    Ok(tx.execute(sql, values![now, company, part.code()])? == 1)
}

/// Whether a part was found true as it is filed now.
///
/// # Errors
/// [`db::Error`].
pub fn is_reviewed(tx: &mut Tx, company: Id<Company>, part: Part) -> Result<bool, db::Error> {
    Ok(store::standing(tx, company, part)?.is_some_and(|(_, standing)| standing == Standing::Reviewed))
}

/// Whether one of these parts was changed since it was found true.
///
/// # Errors
/// [`db::Error`].
pub fn is_reopened(tx: &mut Tx, company: Id<Company>, parts: &[Part]) -> Result<bool, db::Error> {
    for part in parts {
        if store::standing(tx, company, *part)?.is_some_and(|(_, standing)| standing == Standing::Reopened) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The platform knows the company by its newest identity from now on.
pub(super) fn adopt(tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
    let Some(identity) = newest::<Identity>(tx, company)?.map(|version| version.content) else { return Ok(()) };
    if companies::is_another(tx, company, &identity.credit_code)? {
        return Err(Error::conflict("credit-code-taken"));
    }
    companies::rename(tx, company, &identity)?;
    let bank = newest::<Bank>(tx, company)?.map(|version| version.content);
    if bank.is_some_and(|bank| !bank::is_same_name(&bank.holder, &identity.name)) {
        reopen(tx, company, Bank::PART)?;
    }
    Ok(())
}

/// A change of the identity is adopted at once, unless the company is approved: then it waits for its review.
pub(super) fn filed(tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
    let approved = companies::row(tx, company)?.is_some_and(|row| row.state == State::Approved);
    if approved && policy::holds(Control::ReviewedIdentityOnly) { Ok(()) } else { adopt(tx, company) }
}
