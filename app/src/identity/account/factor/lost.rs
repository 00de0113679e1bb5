//! A person of the operator who has lost authenticator, passkeys and recovery codes: whoever runs the program removes the second factor
//! on the command line, as they made the account. Members ask the personal information officer.

use super::super::passkey;
use super::super::session::form::Name;
use super::super::store;
use super::{authenticator, recovery, tell};
use crate::app::App;
use crate::web::{Error, session};
use kit::db::Tx;
use kit::id::Id;
use kit::values;

/// Removes the second factor of an operator's account, ends its login sessions, and tells its person. Answers whether there was one.
///
/// # Errors
/// 404 when no account of the operator goes by this phone or e-mail.
pub async fn forget_operators_factor(app: &App, name: &str) -> Result<bool, Error> {
    let index = Name::read(name).index(app.accounts());
    app.db().write::<_, Error>(move |tx| forget(tx, &index)).await
}

fn forget(tx: &mut Tx, index: &[u8; 32]) -> Result<bool, Error> {
    let found = store::find(tx, index)?.ok_or_else(Error::not_found)?;
    let sql = "SELECT 1 FROM account WHERE id = $1 AND operator = 1 AND ended_at IS NULL";
    tx.first(sql, values![found.account], |row| row.next::<i64>())?.ok_or_else(Error::not_found)?;
    let there = authenticator::forget(tx, found.account)? + passkey::forget(tx, found.account)?;
    recovery::forget(tx, found.account)?;
    session::end_others(tx, found.account, Id::from_bytes([0; 16]))?;
    if there > 0 {
        tell(tx, found.account, found.subject, ("removed", "letter-factor-removed"))?;
    }
    Ok(there > 0)
}
