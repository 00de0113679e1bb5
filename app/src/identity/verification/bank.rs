//! A company's bank account (对公账户, clause 3.2) is confirmed by a reviewer on a paper of the bank's: corporate accounts have no
//! check digit. What is confirmed is the account as it was filed when the case was handed in; another one is not confirmed by it.

use super::kind::Kind;
use super::record::Record;
use crate::identity::company::part::{self, Bank, Content, Line, Part, newest};
use crate::web::Error;
use kit::db::{self, Tx};
use policy::Control;

/// What the company has filed, beside which the paper is held; nothing for other kinds.
///
/// # Errors
/// [`db::Error`].
pub fn lines(tx: &mut Tx, record: &Record) -> Result<Vec<Line>, db::Error> {
    if record.case.kind != Kind::BankAccount {
        return Ok(Vec::new());
    }
    Ok(newest::<Bank>(tx, record.company)?.map(|filed| filed.content.lines()).unwrap_or_default())
}

/// Refuses to hand in a paper about no account.
///
/// # Errors
/// 409 `bank-account-missing`.
pub fn is_filed(tx: &mut Tx, record: &Record) -> Result<(), Error> {
    if record.case.kind == Kind::BankAccount && newest::<Bank>(tx, record.company)?.is_none() {
        return Err(Error::conflict("bank-account-missing"));
    }
    Ok(())
}

/// Refuses a decision about another account than was handed in.
///
/// # Errors
/// 409 `verification-company-changed`.
pub fn as_handed_in(tx: &mut Tx, record: &Record) -> Result<(), Error> {
    if record.case.kind != Kind::BankAccount || !policy::holds(Control::AccountAsShown) {
        return Ok(());
    }
    let filed = newest::<Bank>(tx, record.company)?.map(|filed| filed.filed_at);
    let is_same = filed.zip(record.handed_in_at).is_some_and(|(filed, handed_in)| filed <= handed_in);
    if is_same { Ok(()) } else { Err(Error::conflict("verification-company-changed")) }
}

/// The account is found true, or no more.
///
/// # Errors
/// Of the database.
pub fn decided(tx: &mut Tx, record: &Record, is_true: bool) -> Result<(), Error> {
    let Some(filed) = newest::<Bank>(tx, record.company)? else { return Ok(()) };
    if is_true {
        part::review(tx, record.company, Part::Bank, filed.number)?;
    } else {
        part::reopen(tx, record.company, Part::Bank)?;
    }
    Ok(())
}

/// Whether what was accepted is still what the company has filed. Always, for other kinds.
///
/// # Errors
/// [`db::Error`].
pub fn stands(tx: &mut Tx, record: &Record) -> Result<bool, db::Error> {
    Ok(record.case.kind != Kind::BankAccount || part::is_reviewed(tx, record.company, Part::Bank)?)
}
