//! Joining a company by an invitation: with the account that one has, or as the account that a registration becomes.

use super::duty::Duties;
use super::invitation::{Invitation, Kept, take_up};
use super::leave;
use super::page::Place;
use super::store::{self, Changed};
use crate::identity::account::Account;
use crate::web::{Error, Person};
use kit::db::Tx;
use kit::event;
use kit::id::Id;
use kit::values;
use vault::{Standing, Subject};

/// Joins with an account that acts for nobody.
///
/// # Errors
/// As [`take_up`]; 409 `member-elsewhere`.
pub fn by_account(tx: &mut Tx, person: &Person, id: Id<Invitation>, email_index: &[u8]) -> Result<Place, Error> {
    if vault::standing(tx, person.subject())? != Some(Standing::Active) {
        return Err(Error::unauthenticated());
    }
    if store::standing(tx, person.account())?.is_some() {
        return Err(Error::conflict("member-elsewhere"));
    }
    let kept = take_up(tx, id, email_index, person.subject())?;
    let now = tx.now();
    let sql = "UPDATE account SET company = $1, duties = $2, joined_at = $3, version = version + 1 \
               WHERE id = $4 AND company IS NULL AND operator = 0 AND ended_at IS NULL";
    if tx.execute(sql, values![kept.company, kept.duties.codes(), now, person.account()])? == 0 {
        return Err(Error::conflict("member-elsewhere"));
    }
    joined(tx, person.account(), person.subject(), &kept)?;
    Ok(Place { account: person.account(), duties: kept.duties })
}

/// What follows once an account acts for the company of an invitation: the event, the ledger of consents, and a letter to
/// the owners.
///
/// # Errors
/// [`Error`] of the database.
pub fn joined(tx: &mut Tx, account: Id<Account>, subject: Id<Subject>, kept: &Kept) -> Result<(), Error> {
    vault::consent::belong(tx, subject, Some(kept.company))?;
    let duties: Duties = kept.duties;
    let changed = Changed { account, company: kept.company, what: "joined", duties: duties.codes() };
    event::record(tx, store::scope(kept.company, Some(subject)), &changed)?;
    for owner in store::owners(tx, kept.company)? {
        if owner != account {
            leave::tell(tx, owner, "letter-people-joined", &kept.company_name)?;
        }
    }
    Ok(())
}
