//! Queries of authenticator apps. An account has one that holds, and one that waits for its first code.

use super::super::Account;
use super::super::whom::Owner;
use super::AUTHENTICATOR;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use vault::{AuthenticatorSecret, Sealed};

/// An authenticator app (验证器) that a person has registered.
pub struct Authenticator;

/// How long one waits for its first code.
const WAITS: SignedDuration = SignedDuration::from_mins(30);

/// The one that holds: which, and since when.
///
/// # Errors
/// [`db::Error`].
pub fn own(tx: &mut Tx, account: Id<Account>) -> Result<Option<(Id<Authenticator>, Timestamp)>, db::Error> {
    let sql = "SELECT id, confirmed_at FROM authenticator WHERE account = $1 AND confirmed_at IS NOT NULL";
    tx.first(sql, values![account], |row| Ok((row.next()?, row.next()?)))
}

/// The one that holds, with its secret.
///
/// # Errors
/// [`db::Error`].
pub fn holding(tx: &mut Tx, owner: Owner) -> Result<Option<Kept>, db::Error> {
    let sql = "SELECT id, secret FROM authenticator WHERE account = $1 AND confirmed_at IS NOT NULL";
    tx.first(sql, values![owner.0], |row| Kept::read(row, owner))
}

/// One that waits for its first code.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, owner: Owner, id: Id<Authenticator>) -> Result<Option<Kept>, db::Error> {
    let since = tx.now().checked_sub(WAITS).unwrap_or(tx.now());
    let sql = "SELECT id, secret FROM authenticator WHERE account = $1 AND id = $2 AND confirmed_at IS NULL \
         AND begun_at > $3";
    tx.first(sql, values![owner.0, id, since], |row| Kept::read(row, owner))
}

/// One with its secret, shut.
pub struct Kept {
    /// Which.
    pub id: Id<Authenticator>,
    /// Shut.
    pub secret: Sealed<AuthenticatorSecret>,
}

impl Kept {
    fn read(row: &mut db::Row<'_>, (_, subject): Owner) -> Result<Self, db::Error> {
        let id: Id<Authenticator> = row.next()?;
        Ok(Self { id, secret: AUTHENTICATOR.load(row.next()?, subject, id) })
    }
}

/// Stores a new one, which waits for its first code. It replaces another that waits.
///
/// # Errors
/// [`db::Error`].
pub fn begin(
    tx: &mut Tx,
    account: Id<Account>,
    id: Id<Authenticator>,
    secret: &Sealed<AuthenticatorSecret>,
) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("DELETE FROM authenticator WHERE account = $1 AND confirmed_at IS NULL", values![account])?;
    tx.execute(
        "INSERT INTO authenticator (id, account, secret, last_step, begun_at) VALUES ($1, $2, $3, 0, $4)",
        values![id, account, secret.bytes(), now],
    )?;
    Ok(())
}

/// Lets one hold from now on, in the place of the one before. `period`: of the code that came back. Answers whether it was waiting.
///
/// # Errors
/// [`db::Error`].
pub fn confirm(tx: &mut Tx, account: Id<Account>, id: Id<Authenticator>, period: i64) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE authenticator SET confirmed_at = $1, last_step = $2 \
         WHERE id = $3 AND account = $4 AND confirmed_at IS NULL";
    if tx.execute(sql, values![now, period, id, account])? == 0 {
        return Ok(false);
    }
    tx.execute("DELETE FROM authenticator WHERE account = $1 AND id <> $2", values![account, id])?;
    Ok(true)
}

/// Takes the code of a period: once, and none of an earlier period after it, whatever the clock says.
///
/// # Errors
/// [`db::Error`].
pub fn take(tx: &mut Tx, account: Id<Account>, id: Id<Authenticator>, period: i64) -> Result<bool, db::Error> {
    let again = i64::from(!policy::holds(Control::SecondFactorOnce));
    let sql = "UPDATE authenticator SET last_step = $1 \
         WHERE id = $2 AND account = $3 AND confirmed_at IS NOT NULL AND (last_step < $1 OR $4 = 1)";
    Ok(tx.execute(sql, values![period, id, account, again])? == 1)
}

/// Removes one. Answers whether it was there.
///
/// # Errors
/// [`db::Error`].
pub fn remove(tx: &mut Tx, account: Id<Account>, id: Id<Authenticator>) -> Result<bool, db::Error> {
    let sql = "DELETE FROM authenticator WHERE id = $1 AND account = $2 AND confirmed_at IS NOT NULL";
    Ok(tx.execute(sql, values![id, account])? == 1)
}

/// Forgets all of an account, and answers how many there were.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM authenticator WHERE account = $1", values![account])
}

/// Forgets those whose first code never came. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn sweep(tx: &mut Tx) -> Result<u64, db::Error> {
    let before = tx.now().checked_sub(WAITS).unwrap_or(tx.now());
    tx.execute("DELETE FROM authenticator WHERE confirmed_at IS NULL AND begun_at <= $1", values![before])
}
