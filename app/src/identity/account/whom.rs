//! Finding an account for another room, by what an authority knows of somebody. What is looked for is kept nowhere.

use super::session::form::Name;
use super::store;
use super::{Account, Secrets};
use crate::identity::company::Company;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

/// An account and its person.
pub type Owner = (Id<Account>, Id<Subject>);

/// What somebody is looked for by.
#[derive(Clone)]
pub enum Whom {
    /// A keyed index of their phone or e-mail.
    Index([u8; 32]),
    /// Their account.
    Account(Id<Account>),
}

impl Whom {
    /// Never fails: what is no phone, no e-mail and no id is found nowhere.
    pub fn read(secrets: &Secrets, text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Index(Name::read(text).index(secrets)), Self::Account)
    }

    /// The account, unless its person is blocked or erased.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn find(&self, tx: &mut Tx) -> Result<Option<Owner>, db::Error> {
        match self {
            Self::Index(index) => Ok(store::find(tx, index)?.map(|found| (found.account, found.subject))),
            Self::Account(account) => tx.first(
                "SELECT a.id, a.subject FROM account a JOIN subject s ON s.id = a.subject \
                 WHERE a.id = $1 AND s.standing = 'active'",
                values![*account],
                |row| Ok((row.next()?, row.next()?)),
            ),
        }
    }
}

/// Everybody who acts for a company now.
///
/// # Errors
/// [`db::Error`].
pub fn owners_of(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Owner>, db::Error> {
    let sql = "SELECT id, subject FROM account WHERE company = $1 AND ended_at IS NULL ORDER BY id";
    tx.all(sql, values![company], |row| Ok((row.next()?, row.next()?)))
}

/// The next accounts in the order of their ids, whoever they act for.
///
/// # Errors
/// [`db::Error`].
pub fn owners_after(tx: &mut Tx, after: Id<Account>, most: i64) -> Result<Vec<Owner>, db::Error> {
    let sql = "SELECT id, subject FROM account WHERE id > $1 AND ended_at IS NULL ORDER BY id LIMIT $2";
    tx.all(sql, values![after, most], |row| Ok((row.next()?, row.next()?)))
}
