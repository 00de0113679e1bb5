//! Queries of passkeys.

use super::super::Account;
use super::super::whom::Owner;
use super::relying::Handle;
use super::{MOST, NAME, challenge};
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use vault::{PasskeyName, Sealed};
use webauthn_rs::prelude::Passkey as Key;

/// A passkey (通行密钥) that a person has registered.
pub struct Passkey;

/// One as an answer is compared with it.
pub struct Kept {
    /// Which.
    pub id: Id<Passkey>,
    /// Whose.
    pub owner: Owner,
    /// What its authenticator knows that person by.
    pub handle: Id<Handle>,
    /// Its public half, and what it last said of itself.
    pub key: Key,
    /// Whether its counter went back.
    pub is_doubted: bool,
    /// Whether it signs nobody in by itself.
    pub is_paused: bool,
}

/// The one that a credential's id names, of somebody who is neither blocked nor gone.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, credential: &[u8]) -> Result<Option<Kept>, db::Error> {
    let sql = "SELECT p.id, a.id, a.subject, h.handle, p.key, p.doubted_at, p.paused_at FROM passkey p \
         JOIN account a ON a.id = p.account JOIN subject s ON s.id = a.subject JOIN passkey_handle h ON h.account = a.id \
         WHERE p.credential = $1 AND s.standing = 'active' AND a.ended_at IS NULL";
    tx.first(sql, values![credential.to_vec()], |row| {
        Ok(Kept {
            id: row.next()?,
            owner: (row.next()?, row.next()?),
            handle: row.next()?,
            key: read(row)?,
            is_doubted: row.next::<Option<Timestamp>>()?.is_some(),
            is_paused: row.next::<Option<Timestamp>>()?.is_some(),
        })
    })
}

fn read(row: &mut Row<'_>) -> Result<Key, db::Error> {
    let key: Vec<u8> = row.next()?;
    serde_json::from_slice(&key).map_err(|cause| db::Error::Engine(format!("a passkey that cannot be read: {cause}")))
}

/// Keys of an account; the doubted ones too when `all`.
///
/// # Errors
/// [`db::Error`].
pub fn keys(tx: &mut Tx, account: Id<Account>, all: bool) -> Result<Vec<Key>, db::Error> {
    let sql = "SELECT key FROM passkey WHERE account = $1 AND (doubted_at IS NULL OR $2 = 1) ORDER BY made_at, id";
    tx.all(sql, values![account, i64::from(all)], read)
}

/// What authenticators know a person by; `new` becomes it the first time.
///
/// # Errors
/// [`db::Error`].
pub fn handle(tx: &mut Tx, account: Id<Account>, new: Id<Handle>) -> Result<Id<Handle>, db::Error> {
    let sql = "INSERT INTO passkey_handle (account, handle) VALUES ($1, $2) ON CONFLICT (account) DO NOTHING";
    tx.execute(sql, values![account, new])?;
    tx.one("SELECT handle FROM passkey_handle WHERE account = $1", values![account], |row| row.next())
}

/// A passkey about to be added.
pub struct New {
    /// Its id.
    pub id: Id<Passkey>,
    /// SHA-256 of its credential's id.
    pub credential: Vec<u8>,
    /// As it is kept.
    pub key: Vec<u8>,
    /// The counter that it sent.
    pub counter: i64,
    /// What its person calls it.
    pub name: Sealed<PasskeyName>,
}

/// Adds one. Answers whether it is new: a credential is of one account.
///
/// # Errors
/// 409 `passkeys-enough`.
pub fn add(tx: &mut Tx, account: Id<Account>, new: &New) -> Result<bool, Error> {
    if count(tx, account)? >= MOST {
        return Err(Error::conflict("passkeys-enough"));
    }
    let now = tx.now();
    let added = tx.execute(
        "INSERT INTO passkey (id, account, credential, key, name, counter, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (credential) DO NOTHING",
        values![new.id, account, &new.credential, &new.key, new.name.bytes(), new.counter, now],
    )?;
    Ok(added == 1)
}

/// Takes an answer's use of one: its counter is higher than that of every use before, unless it does not count at all. `alone`: it
/// signs in by itself. Answers whether it may.
///
/// # Errors
/// [`db::Error`].
pub fn take(tx: &mut Tx, used: &super::Used) -> Result<bool, db::Error> {
    let now = tx.now();
    let lax = i64::from(!policy::holds(Control::PasskeyCounter));
    let sql = "UPDATE passkey SET counter = $1, key = $2, used_at = $3 WHERE id = $4 AND account = $5 \
         AND doubted_at IS NULL AND (counter < $1 OR (counter = 0 AND $1 = 0) OR $6 = 1) AND (paused_at IS NULL OR $7 = 0)";
    let (id, account, alone) = (used.id, used.owner.0, i64::from(used.alone));
    Ok(tx.execute(sql, values![used.counter, &used.key, now, id, account, lax, alone])? == 1)
}

/// Doubts one whose counter went back. Answers whether it was not doubted before.
///
/// # Errors
/// [`db::Error`].
pub fn doubt(tx: &mut Tx, id: Id<Passkey>) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE passkey SET doubted_at = $1 WHERE id = $2 AND doubted_at IS NULL";
    Ok(tx.execute(sql, values![now, id])? == 1)
}

/// Lets none of an account sign in by itself until its person says so again, and ends what waits for an answer. As the second factor
/// they stay.
///
/// # Errors
/// [`db::Error`].
pub fn pause(tx: &mut Tx, account: Id<Account>) -> Result<(), db::Error> {
    challenge::forget(tx, account)?;
    if !policy::holds(Control::PasskeysPaused) {
        return Ok(());
    }
    let now = tx.now();
    let sql = "UPDATE passkey SET paused_at = $1 WHERE account = $2 AND paused_at IS NULL";
    tx.execute(sql, values![now, account]).map(drop)
}

/// Lets one sign in by itself again. Answers whether it was paused.
///
/// # Errors
/// [`db::Error`].
pub fn resume(tx: &mut Tx, account: Id<Account>, id: Id<Passkey>) -> Result<bool, db::Error> {
    let sql = "UPDATE passkey SET paused_at = NULL WHERE id = $1 AND account = $2 AND paused_at IS NOT NULL \
         AND doubted_at IS NULL";
    Ok(tx.execute(sql, values![id, account])? == 1)
}

/// Removes one. Answers whether it was there.
///
/// # Errors
/// [`db::Error`].
pub fn remove(tx: &mut Tx, account: Id<Account>, id: Id<Passkey>) -> Result<bool, db::Error> {
    Ok(tx.execute("DELETE FROM passkey WHERE id = $1 AND account = $2", values![id, account])? == 1)
}

/// How many an account has.
///
/// # Errors
/// [`db::Error`].
pub fn count(tx: &mut Tx, account: Id<Account>) -> Result<usize, db::Error> {
    let sql = "SELECT id FROM passkey WHERE account = $1";
    Ok(tx.all(sql, values![account], |row| row.next::<Id<Passkey>>())?.len())
}

/// Whether it has one that is not doubted.
///
/// # Errors
/// [`db::Error`].
pub fn is_one_sound(tx: &mut Tx, account: Id<Account>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM passkey WHERE account = $1 AND doubted_at IS NULL LIMIT 1";
    Ok(tx.first(sql, values![account], |row| row.next::<i64>())?.is_some())
}

/// One as its person sees it listed.
pub struct Listed {
    /// Which.
    pub id: Id<Passkey>,
    /// What its person calls it, shut.
    pub name: Sealed<PasskeyName>,
    /// When it was registered.
    pub made_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
    /// When its counter went back.
    pub doubted_at: Option<Timestamp>,
    /// Since when it signs nobody in by itself.
    pub paused_at: Option<Timestamp>,
}

/// Those of a person, in the order in which they were registered.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, (account, subject): Owner) -> Result<Vec<Listed>, db::Error> {
    let sql = "SELECT id, name, made_at, used_at, doubted_at, paused_at FROM passkey WHERE account = $1 \
         ORDER BY made_at, id";
    tx.all(sql, values![account], |row| {
        let id: Id<Passkey> = row.next()?;
        Ok(Listed {
            id,
            name: NAME.load(row.next()?, subject, id),
            made_at: row.next()?,
            used_at: row.next()?,
            doubted_at: row.next()?,
            paused_at: row.next()?,
        })
    })
}

/// Forgets all of an account, and answers how many there were.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    challenge::forget(tx, account)?;
    tx.execute("DELETE FROM passkey_handle WHERE account = $1", values![account])?;
    tx.execute("DELETE FROM passkey WHERE account = $1", values![account])
}
