//! Queries of links.

use super::super::Account;
use super::super::session::step;
use super::super::whom::Owner;
use super::{IDENTITY, Link, Linked, order};
use crate::web::session;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::{LinkedIdentity, Sealed, Subject};

/// One that somebody arrives by.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Which.
    pub link: Id<Link>,
    /// Whose.
    pub owner: Owner,
    /// Whether it signs nobody in.
    pub is_paused: bool,
}

/// The link of an identity, of somebody who is neither blocked nor gone.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, index: &[u8; 32]) -> Result<Option<Found>, db::Error> {
    let sql = "SELECT l.id, a.id, a.subject, l.paused_at FROM account_link l JOIN account a ON a.id = l.account \
         JOIN subject s ON s.id = a.subject \
         WHERE l.identity_index = $1 AND s.standing = 'active' AND a.ended_at IS NULL";
    tx.first(sql, values![index], |row| {
        let (link, owner) = (row.next()?, (row.next()?, row.next()?));
        Ok(Found { link, owner, is_paused: row.next::<Option<Timestamp>>()?.is_some() })
    })
}

/// The link of an identity with an issuer, whoever's account it is: what the issuer says of it ends sessions even of who is blocked.
///
/// # Errors
/// [`db::Error`].
fn of_identity(tx: &mut Tx, index: &[u8; 32]) -> Result<Option<Id<Link>>, db::Error> {
    tx.first("SELECT id FROM account_link WHERE identity_index = $1", values![index], |row| row.next())
}

/// A link about to be made.
pub struct New {
    /// Its id.
    pub id: Id<Link>,
    /// The issuer's code.
    pub issuer: String,
    /// What it is found by.
    pub index: [u8; 32],
    /// Issuer and identifier.
    pub identity: Sealed<LinkedIdentity>,
    /// What an affiliate that takes orders finds the person by.
    pub order_mark: Option<Vec<u8>>,
}

/// What came of making one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is made.
    Now(Id<Link>),
    /// This account had it already.
    Before(Id<Link>),
    /// That identity is linked with another account.
    Taken,
    /// This account is linked with another identity of that issuer.
    Another,
}

/// Makes one. An identity is of one account, and an account has one with each issuer.
///
/// # Errors
/// [`db::Error`].
pub fn add(tx: &mut Tx, account: Id<Account>, new: &New) -> Result<Added, db::Error> {
    let now = tx.now();
    let added = tx.execute(
        "INSERT INTO account_link (id, account, issuer, identity_index, identity, made_at, order_mark) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        values![new.id, account, &new.issuer, &new.index, new.identity.bytes(), now, new.order_mark.as_deref()],
    )?;
    if added == 1 {
        return Ok(Added::Now(new.id));
    }
    let sql = "SELECT id, account FROM account_link WHERE identity_index = $1";
    let holder: Option<(Id<Link>, Id<Account>)> =
        tx.first(sql, values![&new.index], |row| Ok((row.next()?, row.next()?)))?;
    Ok(match holder {
        Some((link, holder)) if holder == account => Added::Before(link),
        Some(_) => Added::Taken,
        None => Added::Another,
    })
}

/// Notes that one signs in. `order_mark`: what an affiliate that takes orders finds the person by, as it is now. Answers whether it may.
///
/// # Errors
/// [`db::Error`].
pub fn take(tx: &mut Tx, link: Id<Link>, order_mark: Option<&[u8]>) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE account_link SET used_at = $1, order_mark = $2 WHERE id = $3 AND paused_at IS NULL";
    Ok(tx.execute(sql, values![now, order_mark, link])? == 1)
}

/// Those of an account, without names.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, account: Id<Account>) -> Result<Vec<Linked>, db::Error> {
    let sql =
        "SELECT id, issuer, made_at, used_at, paused_at FROM account_link WHERE account = $1 ORDER BY made_at, id";
    tx.all(sql, values![account], |row| {
        Ok(Linked {
            id: row.next()?,
            issuer: row.next()?,
            name: String::new(),
            account_url: None,
            since: row.next()?,
            used_at: row.next()?,
            paused_at: row.next()?,
        })
    })
}

/// What is sealed of a person's links, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn held(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<(Timestamp, Sealed<LinkedIdentity>)>, db::Error> {
    let sql = "SELECT l.id, l.made_at, l.identity FROM account_link l JOIN account a ON a.id = l.account \
         WHERE a.subject = $1 ORDER BY l.made_at DESC, l.id DESC";
    tx.all(sql, values![subject], |row| {
        let (id, since): (Id<Link>, Timestamp) = (row.next()?, row.next()?);
        Ok((since, IDENTITY.load(row.next()?, subject, id)))
    })
}

/// How many an account has.
///
/// # Errors
/// [`db::Error`].
pub fn count(tx: &mut Tx, account: Id<Account>) -> Result<usize, db::Error> {
    Ok(list(tx, account)?.len())
}

/// Removes one, and what waits for a second factor through it. Answers its issuer's code, if it was there.
///
/// # Errors
/// [`db::Error`].
pub fn remove(tx: &mut Tx, account: Id<Account>, link: Id<Link>) -> Result<Option<String>, db::Error> {
    step::forget_through(tx, link, None)?;
    let sql = "DELETE FROM account_link WHERE id = $1 AND account = $2 RETURNING issuer";
    tx.first(sql, values![link, account], |row| row.next())
}

/// Lets none of an account sign in until its person says so again, and has affiliates sign them out.
///
/// # Errors
/// [`db::Error`].
pub fn pause(tx: &mut Tx, account: Id<Account>) -> Result<(), db::Error> {
    order::leave(tx, account, order::Kind::SignOut)?;
    let now = tx.now();
    let sql = "UPDATE account_link SET paused_at = $1 WHERE account = $2 AND paused_at IS NULL";
    tx.execute(sql, values![now, account]).map(drop)
}

/// Lets one sign in again. Answers its issuer's code, if it was paused.
///
/// # Errors
/// [`db::Error`].
pub fn resume(tx: &mut Tx, account: Id<Account>, link: Id<Link>) -> Result<Option<String>, db::Error> {
    let sql = "UPDATE account_link SET paused_at = NULL WHERE id = $1 AND account = $2 AND paused_at IS NOT NULL \
         RETURNING issuer";
    tx.first(sql, values![link, account], |row| row.next())
}

/// Ends what was opened through the link of an identity: all, or what its issuer calls so. Answers how many sessions.
///
/// # Errors
/// [`db::Error`].
pub fn end_sessions(tx: &mut Tx, index: &[u8; 32], called: Option<&[u8]>) -> Result<u64, db::Error> {
    let Some(link) = of_identity(tx, index)? else { return Ok(0) };
    step::forget_through(tx, link, called)?;
    session::end_through(tx, link, called)
}

/// Forgets those of a person that were made at this instant or before.
///
/// # Errors
/// [`db::Error`].
pub fn forget_until(tx: &mut Tx, subject: Id<Subject>, at: Timestamp) -> Result<(), db::Error> {
    let sql = "DELETE FROM account_link WHERE account IN (SELECT id FROM account WHERE subject = $1) AND made_at <= $2 \
         RETURNING id";
    let gone: Vec<Id<Link>> = tx.all(sql, values![subject, at], |row| row.next())?;
    gone.into_iter().try_for_each(|link| step::forget_through(tx, link, None).map(drop))
}

/// Forgets all of an account that ends, and leaves affiliates the order to do so, too. Answers the codes of their issuers.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<Vec<String>, db::Error> {
    order::leave(tx, account, order::Kind::Deletion)?;
    let issuers = list(tx, account)?.into_iter().map(|linked| linked.issuer).collect();
    tx.execute("DELETE FROM link_attempt WHERE account = $1", values![account])?;
    tx.execute("DELETE FROM account_link WHERE account = $1", values![account])?;
    Ok(issuers)
}
