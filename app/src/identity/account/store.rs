//! Queries of accounts.

use super::{Account, EMAIL, PHONE};
use crate::identity::company::Company;
use crate::web::Locale;
use kit::db::{self, Tx};
use kit::event::{Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{Email, Phone, Sealed, Subject};

/// Something happened to an account. No body but ids.
#[derive(Serialize)]
pub struct Registered {
    pub account: Id<Account>,
    pub company: Option<Id<Company>>,
}

impl Fact for Registered {
    const KIND: &'static str = "account.registered";
}

/// A password was changed; all other sessions ended with it.
#[derive(Serialize)]
pub struct PasswordChanged {
    pub account: Id<Account>,
    /// By codes, not by the old password.
    pub reset: bool,
}

impl Fact for PasswordChanged {
    const KIND: &'static str = "account.password-changed";
}

/// Whom an event of a person's own concerns.
pub fn own(subject: Id<Subject>) -> Scope {
    Scope { actor: Some(*subject.as_bytes()), ..Scope::default() }
}

/// Keyed indexes of what somebody may be found by.
#[derive(Clone, Copy)]
pub struct Indexes {
    pub phone: [u8; 32],
    pub email: [u8; 32],
}

/// Whether phone and e-mail have an account.
pub fn known(tx: &mut Tx, indexes: &Indexes) -> Result<[bool; 2], db::Error> {
    let mut is_known =
        |sql: &str, index: &[u8; 32]| Ok(tx.first(sql, values![index], |row| row.next::<i64>())?.is_some());
    Ok([
        is_known("SELECT 1 FROM account WHERE phone_index = $1", &indexes.phone)?,
        is_known("SELECT 1 FROM account WHERE email_index = $1", &indexes.email)?,
    ])
}

/// What signing in compares.
#[derive(Clone)]
pub struct Found {
    pub account: Id<Account>,
    pub subject: Id<Subject>,
    pub password: String,
}

/// The account of a phone's or e-mail's index. (The two never meet: they are under different keys.)
pub fn find(tx: &mut Tx, index: &[u8; 32]) -> Result<Option<Found>, db::Error> {
    tx.first(
        // Whoever is blocked or erased is as one who has no account.
        "SELECT a.id, a.subject, a.password FROM account a JOIN subject s ON s.id = a.subject \
         WHERE (a.phone_index = $1 OR a.email_index = $1) AND s.standing = 'active'",
        values![index],
        |row| Ok(Found { account: row.next()?, subject: row.next()?, password: row.next()? }),
    )
}

/// The account of a person who is signed in.
pub fn own_password(tx: &mut Tx, account: Id<Account>) -> Result<String, db::Error> {
    tx.one("SELECT password FROM account WHERE id = $1", values![account], |row| row.next())
}

/// Whether it has not ended.
pub fn is_alive(tx: &mut Tx, account: Id<Account>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM account WHERE id = $1 AND ended_at IS NULL";
    Ok(tx.first(sql, values![account], |row| row.next::<i64>())?.is_some())
}

/// Sets a new hash.
pub fn set_password(tx: &mut Tx, account: Id<Account>, hash: &str) -> Result<(), db::Error> {
    let sql = "UPDATE account SET password = $1, version = version + 1 WHERE id = $2 AND ended_at IS NULL";
    tx.execute(sql, values![hash, account])?;
    Ok(())
}

/// A person's own data, sealed, and how to write to them.
pub struct Contact {
    /// Who.
    pub subject: Id<Subject>,
    /// Shut.
    pub phone: Sealed<Phone>,
    /// Shut.
    pub email: Sealed<Email>,
    /// In which language they are written to.
    pub locale: Locale,
}

/// How to reach an account; nobody once it has ended.
///
/// # Errors
/// [`db::Error`].
pub fn contact(tx: &mut Tx, account: Id<Account>) -> Result<Option<Contact>, db::Error> {
    tx.first(
        "SELECT subject, phone, email, locale FROM account WHERE id = $1 AND ended_at IS NULL",
        values![account],
        |row| {
            let subject: Id<Subject> = row.next()?;
            Ok(Contact {
                subject,
                phone: PHONE.load(row.next()?, subject, account),
                email: EMAIL.load(row.next()?, subject, account),
                locale: Locale::of(&row.next::<String>()?).unwrap_or_default(),
            })
        },
    )
}

/// The accounts that act for a company now.
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Id<Account>>, db::Error> {
    tx.all("SELECT id FROM account WHERE company = $1 AND ended_at IS NULL ORDER BY id", values![company], |row| {
        row.next()
    })
}
