//! Every query about subscriptions. What is wanted passes through here sealed only.

use super::{PURPOSE, Subscription, WANTED};
use crate::identity::account::Account;
use crate::trust::consent::Works;
use crate::web::{Error, Member};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::{Followed, Sealed, Subject};

/// A subscriber's row.
pub struct Row {
    /// Whose it is.
    pub account: Id<Account>,
    /// What is wanted.
    pub wanted: Sealed<Followed>,
    /// Since when: what came before is not told of.
    pub changed_at: Timestamp,
}

/// A person's subscription, if they have said what they want.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Row>, db::Error> {
    let sql = "SELECT id, account, followed, changed_at FROM subscription WHERE subject = $1";
    tx.first(sql, values![subject], |row| {
        let (id, account): (Id<Subscription>, _) = (row.next()?, row.next()?);
        Ok(Row { account, wanted: WANTED.load(row.next()?, subject, id), changed_at: row.next()? })
    })
}

/// Keeps what the member wants, in place of what they wanted before. The consent is compared in this unit: whoever has withdrawn
/// it meanwhile keeps nothing here.
///
/// # Errors
/// 403 `no-consent`.
pub fn keep(tx: &mut Tx, member: &Member, id: Id<Subscription>, wanted: &Sealed<Followed>) -> Result<(), Error> {
    let (subject, now) = (member.subject(), tx.now());
    if Works::read(tx, PURPOSE, subject, Some(member.company))? != Works::On {
        return Err(Error::forbidden("no-consent"));
    }
    forget(tx, subject)?;
    tx.execute(
        "INSERT INTO subscription (id, subject, account, followed, changed_at) VALUES ($1, $2, $3, $4, $5)",
        values![id, subject, member.account(), wanted.bytes(), now],
    )?;
    Ok(())
}

/// Deletes whatever is kept of a person for it, and answers how many rows.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, subject: Id<Subject>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM subscription WHERE subject = $1", values![subject])
}

/// Deletes it if it was last changed at this instant or before. Answers whether there is none any more.
///
/// # Errors
/// [`db::Error`].
pub fn forget_until(tx: &mut Tx, subject: Id<Subject>, at: Timestamp) -> Result<bool, db::Error> {
    tx.execute("DELETE FROM subscription WHERE subject = $1 AND changed_at <= $2", values![subject, at])?;
    Ok(of(tx, subject)?.is_none())
}

/// How far the rounds have come.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Up to when notices have been told of.
    pub since: Timestamp,
    /// Where the round that goes on ends; none between rounds.
    pub until: Option<Timestamp>,
    /// The last subscriber who was left to a job in it.
    pub after: Option<Id<Subscription>>,
}

/// How far they have come.
///
/// # Errors
/// [`db::Error`].
pub fn round(tx: &mut Tx) -> Result<Round, db::Error> {
    tx.one("SELECT since, until, after FROM subscription_round WHERE id = 1", &[], |row| {
        Ok(Round { since: row.next()?, until: row.next()?, after: row.next()? })
    })
}

/// How far they have come now.
///
/// # Errors
/// [`db::Error`].
pub fn set_round(tx: &mut Tx, round: Round) -> Result<(), db::Error> {
    let sql = "UPDATE subscription_round SET since = $1, until = $2, after = $3 WHERE id = 1";
    tx.execute(sql, values![round.since, round.until, round.after]).map(drop)
}

/// A subscription, and whose it is.
pub type Subscriber = (Id<Subscription>, Id<Subject>);

/// The next subscribers in the order of their rows, at most `most`.
///
/// # Errors
/// [`db::Error`].
pub fn subscribers(tx: &mut Tx, after: Option<Id<Subscription>>, most: i64) -> Result<Vec<Subscriber>, db::Error> {
    let after = after.unwrap_or(Id::from_bytes([0; 16]));
    let sql = "SELECT id, subject FROM subscription WHERE id > $1 ORDER BY id LIMIT $2";
    tx.all(sql, values![after, most], |row| Ok((row.next()?, row.next()?)))
}
