//! Leaving a company: the person's place in it ends at once, in this unit, with all that acts through it. The account stays.

use super::invitation::{self, State};
use super::ownership;
use super::store::{self, Changed, Colleague};
use super::substitution;
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::account::{Account, company_left_alone};
use crate::identity::company::Company;
use crate::web::{Error, Leaving, Obstacle, revoke_all_tokens, revoke_tokens};
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use vault::Subject;

/// Ends a colleague's place in a company: no request, token, letter or authorisation of the company reaches them any more.
/// Their login sessions are the caller's to end.
///
/// # Errors
/// 404 when they are in it no more.
pub fn end(
    tx: &mut Tx,
    one: &Colleague,
    company: Id<Company>,
    by: Option<Id<Subject>>,
    what: &'static str,
) -> Result<(), Error> {
    let sql = "UPDATE account SET company = NULL, duties = '', joined_at = NULL, version = version + 1 \
               WHERE id = $1 AND company = $2";
    if tx.execute(sql, values![one.account, company])? == 0 {
        return Err(Error::not_found());
    }
    revoke_tokens(tx, one.account, company)?;
    ownership::end_of(tx, one.account)?;
    substitution::end_of(tx, one.account)?;
    vault::consent::belong::<Company>(tx, one.subject, None)?;
    let changed = Changed { account: one.account, company, what, duties: String::new() };
    event::record(tx, store::scope(company, by), &changed)?;
    Ok(())
}

/// Ends everybody's place in a company that closes, with its invitations; who asked for that stands in the closing.
///
/// # Errors
/// [`Error`] of the database.
pub fn end_all(tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
    for one in store::of_company(tx, company)? {
        end(tx, &one, company, None, "closed")?;
    }
    for kept in invitation::store::of_company(tx, company)? {
        invitation::store::end(tx, &kept, State::Revoked, None)?;
    }
    // What an account that has ended had made.
    revoke_all_tokens(tx, company)?;
    Ok(())
}

/// Tells somebody by mail what has become of their place; the letter names nobody but the company.
///
/// # Errors
/// [`db::Error`].
pub fn tell(tx: &mut Tx, account: Id<Account>, key: &str, company: &str) -> Result<(), db::Error> {
    letter::to_account(tx, account, &Letter::new(key).with("company", company))
}

/// The last owner of a company in which others go on: somebody has to answer for it.
pub fn obstacles(tx: &mut Tx, _: &App, leaving: &Leaving) -> Result<Vec<Obstacle>, db::Error> {
    let Some(account) = leaving.account else { return Ok(Vec::new()) };
    let Some((company, _)) = store::standing(tx, account)? else { return Ok(Vec::new()) };
    let owners = store::owners(tx, company)?;
    if owners != [account] || company_left_alone(tx, account)?.is_some() {
        return Ok(Vec::new());
    }
    let (what, ends) = ("people-obstacle-owner", "people-obstacle-owner-ends");
    Ok(vec![Obstacle { what, args: Vec::new(), path: "/company/people".to_owned(), ends_at: None, ends }])
}
