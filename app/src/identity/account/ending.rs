//! The end of an account: what stands against it, what of it goes. The row stays with ids only, since agreements, which are
//! evidence, name it; nothing in it finds or reaches a person any more.

use super::operator::held_by;
use super::session::step;
use super::{Account, contact, device, factor, link, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Erased, Error, Gone, Leaving, Obstacle, OperatorDuties, OperatorDuty, session};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use vault::Subject;

/// The account of a person, whether it has ended or not.
///
/// # Errors
/// [`db::Error`].
pub fn account_of(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Id<Account>>, db::Error> {
    tx.first("SELECT id FROM account WHERE subject = $1", values![subject], |row| row.next())
}

/// The person of an account that has not ended.
///
/// # Errors
/// [`db::Error`].
pub fn alive(tx: &mut Tx, account: Id<Account>) -> Result<Option<Id<Subject>>, db::Error> {
    let sql = "SELECT subject FROM account WHERE id = $1 AND ended_at IS NULL";
    tx.first(sql, values![account], |row| row.next())
}

/// The account that is found by the index of a phone or an e-mail ([`super::Name`]).
///
/// # Errors
/// [`db::Error`].
pub fn named(tx: &mut Tx, index: &[u8; 32]) -> Result<Option<Id<Account>>, db::Error> {
    Ok(store::find(tx, index)?.map(|found| found.account))
}

/// The company of an account, if nobody else acts for it: it would be left without anybody.
///
/// # Errors
/// [`db::Error`].
pub fn company_left_alone(tx: &mut Tx, account: Id<Account>) -> Result<Option<Id<Company>>, db::Error> {
    let sql = "SELECT company FROM account WHERE id = $1 AND company IS NOT NULL";
    let company: Option<Id<Company>> = tx.first(sql, values![account], |row| row.next())?;
    let Some(company) = company else { return Ok(None) };
    let others = store::of_company(tx, company)?.into_iter().any(|other| other != account);
    Ok((!others).then_some(company))
}

/// The platform's last operator stays until there is another, and so does its last administrator: nobody could approve a
/// company, answer a request or appoint anybody.
pub(super) fn obstacles(tx: &mut Tx, _: &App, leaving: &Leaving) -> Result<Vec<Obstacle>, db::Error> {
    let Some(held) = leaving.account.map(|account| held_by(tx, account)).transpose()?.flatten() else {
        return Ok(Vec::new());
    };
    // Who stays for a time only is nobody to rely on.
    let sql = "SELECT operator_duties FROM account WHERE operator = 1 AND ended_at IS NULL AND operator_until IS NULL \
               AND id <> $1";
    let others = tx.all(sql, values![leaving.account], |row| Ok(OperatorDuties::kept(&row.next::<String>()?)))?;
    let appoints = |duties: &OperatorDuties| duties.has(OperatorDuty::Administrator);
    if !others.is_empty() && (!appoints(&held.duties) || others.iter().any(appoints)) {
        return Ok(Vec::new());
    }
    let (what, ends) = ("account-obstacle-operator", "account-obstacle-operator-ends");
    Ok(vec![Obstacle { what, args: Vec::new(), path: "/me".to_owned(), ends_at: None, ends }])
}

pub(super) fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    if !policy::holds(Control::ServiceEnds) {
        return Ok(Vec::new());
    }
    let account = gone.account;
    let sessions = session::bury(tx, account)?;
    let of_resets = "DELETE FROM code_pair WHERE id IN (SELECT id FROM password_reset WHERE account = $1)";
    tx.execute(of_resets, values![account])?;
    let resets = tx.execute("DELETE FROM password_reset WHERE account = $1", values![account])?;
    let changes = contact::forget(tx, account)?;
    let factors = factor::forget(tx, account)?;
    step::forget(tx, account)?;
    let devices = device::forget(tx, account)?;
    let links = if policy::holds(Control::LinksEnd) { link::forget(tx, account)? } else { Vec::new() };
    let (now, nothing) = (tx.now(), Vec::<u8>::new());
    // No hash of a phone or an e-mail is as short as an id: nobody is found by these any more, and both are free.
    let contacts = tx.execute(
        "UPDATE account SET phone = $1, phone_index = id, email = $1, email_index = id, password = '', ended_at = $2, \
         version = version + 1 WHERE id = $3 AND ended_at IS NULL",
        values![nothing, now, account],
    )?;
    let mut erased = vec![
        Erased::new("erased-phone", contacts),
        Erased::new("erased-email", contacts),
        Erased::new("erased-indexes", 2 * contacts),
        Erased::new("erased-password", contacts),
        Erased::new("erased-sessions", sessions),
        Erased::new("erased-resets", resets),
        Erased::new("erased-changes", changes),
        Erased::new("erased-factors", factors),
        Erased::new("erased-devices", devices),
    ];
    // Which third parties they were, the certificate says: the person may want to see them, too (clause 8.2).
    erased.extend(links.iter().map(|issuer| Erased { what: format!("{}{issuer}", link::ERASED), count: 1 }));
    Ok(erased)
}
