//! Who acts for a company. A row of `account` names its company and the duties there; nothing else does.

use super::duty::{Duties, Duty};
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::{Error, Member};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{Email, Sealed, Subject};

/// How many people and open invitations a company may have.
pub const MOST: usize = 200;

/// What happened to somebody's place in a company. Ids and codes only.
#[derive(Serialize)]
pub struct Changed {
    pub account: Id<Account>,
    pub company: Id<Company>,
    /// `joined`, `duties`, `left`, `removed`.
    pub what: &'static str,
    /// The duties that they have now.
    pub duties: String,
}

impl Fact for Changed {
    const KIND: &'static str = "people.changed";
}

/// Somebody who acts for a company.
pub struct Colleague {
    /// Their account.
    pub account: Id<Account>,
    /// The person, as the vault knows them.
    pub subject: Id<Subject>,
    /// What they may do.
    pub duties: Duties,
    /// Since when they act for the company.
    pub since: Timestamp,
    /// Grows with each change of the account.
    pub version: i64,
    /// By which they are reached.
    pub email: Sealed<Email>,
}

/// For which company an account acts now, and with which duties; `None` for none.
///
/// # Errors
/// [`db::Error`].
pub fn standing(tx: &mut Tx, account: Id<Account>) -> Result<Option<(Id<Company>, Duties)>, db::Error> {
    let sql = "SELECT company, duties FROM account WHERE id = $1 AND ended_at IS NULL";
    let found = tx.first(sql, values![account], |row| {
        let company: Option<Id<Company>> = row.next()?;
        Ok(company.map(|company| (company, row.next::<String>())))
    })?;
    let Some((company, codes)) = found.flatten() else { return Ok(None) };
    Ok(Some((company, Duties::of_codes(&codes?))))
}

const COLLEAGUES: &str = "SELECT id, subject, duties, joined_at, created_at, version, email FROM account \
     WHERE company = $1 AND ended_at IS NULL";

fn colleague(row: &mut Row<'_>) -> Result<Colleague, db::Error> {
    let (account, subject): (Id<Account>, Id<Subject>) = (row.next()?, row.next()?);
    let duties = Duties::of_codes(&row.next::<String>()?);
    let (joined, created): (Option<Timestamp>, Timestamp) = (row.next()?, row.next()?);
    Ok(Colleague {
        account,
        subject,
        duties,
        since: joined.unwrap_or(created),
        version: row.next()?,
        email: crate::identity::account::EMAIL.load(row.next()?, subject, account),
    })
}

/// All who act for a company.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Colleague>, db::Error> {
    tx.all(COLLEAGUES, values![company], colleague)
}

/// All who act for a member's company, the longest there first.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx, member: &Member) -> Result<Vec<Colleague>, db::Error> {
    let mut all = of_company(tx, member.company)?;
    all.sort_by_key(|one| (one.since, one.account));
    Ok(all)
}

/// One of them.
///
/// # Errors
/// 404.
pub fn one(tx: &mut Tx, member: &Member, account: Id<Account>) -> Result<Colleague, Error> {
    of(tx, member.company, account)
}

/// Somebody of a company.
///
/// # Errors
/// 404.
pub fn of(tx: &mut Tx, company: Id<Company>, account: Id<Account>) -> Result<Colleague, Error> {
    let sql = format!("{COLLEAGUES} AND id = $2");
    tx.first(&sql, values![company, account], colleague)?.ok_or_else(Error::not_found)
}

/// Whether the e-mail with this index is that of somebody in a member's company.
///
/// # Errors
/// [`db::Error`].
pub fn is_colleague(tx: &mut Tx, member: &Member, email_index: &[u8; 32]) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM account WHERE company = $1 AND email_index = $2 AND ended_at IS NULL";
    Ok(tx.first(sql, values![member.company, email_index], |row| row.next::<i64>())?.is_some())
}

/// Whether a company has invited whoever has this account, and they have not answered.
///
/// # Errors
/// [`db::Error`].
pub fn is_invited(tx: &mut Tx, account: Id<Account>, company: Id<Company>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM invitation i JOIN account a ON a.email_index = i.email_index \
         WHERE a.id = $1 AND i.company = $2 AND i.state = 'waiting' LIMIT 1";
    Ok(tx.first(sql, values![account, company], |row| row.next::<i64>())?.is_some())
}

/// The accounts of a company's owners.
///
/// # Errors
/// [`db::Error`].
pub fn owners(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Id<Account>>, db::Error> {
    let all = of_company(tx, company)?;
    Ok(all.into_iter().filter(|one| one.duties.has(Duty::Owner)).map(|one| one.account).collect())
}

/// Refuses what would leave people without anybody who answers for their company.
///
/// # Errors
/// 409 `last-owner`.
pub fn keep_an_owner(tx: &mut Tx, company: Id<Company>, but: Id<Account>) -> Result<(), Error> {
    let others = owners(tx, company)?.into_iter().any(|owner| owner != but);
    if others { Ok(()) } else { Err(Error::conflict("last-owner")) }
}

/// Sets a colleague's duties, if nobody has changed them since `version`.
///
/// # Errors
/// 404, 412.
pub fn set_duties(tx: &mut Tx, one: &Colleague, version: i64, duties: Duties) -> Result<(), Error> {
    let sql = "UPDATE account SET duties = $1, version = version + 1 WHERE id = $2 AND version = $3";
    if tx.execute(sql, values![duties.codes(), one.account, version])? == 1 { Ok(()) } else { Err(Error::stale()) }
}

/// Whom an event of a company's people concerns. The acting person is named, whom it is about stands in the body.
pub fn scope(company: Id<Company>, actor: Option<Id<Subject>>) -> Scope {
    let actor = actor.map(|actor| *actor.as_bytes());
    Scope { company: Some(*company.as_bytes()), actor, ..Scope::default() }
}
