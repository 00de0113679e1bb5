//! The people of a thread, as it knows them: a number within their company. By it the other side tells them apart, and it stays
//! taken when its person is gone.

use super::Thread;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::Member;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// A member's place in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// From 1.
    pub number: i64,
    /// Up to which message they have read.
    pub read_up_to: i64,
    /// How often they have shared something.
    pub shares: i64,
}

/// The member's place, if they have one.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, member: &Member, thread: Id<Thread>) -> Result<Option<Seat>, db::Error> {
    let sql =
        "SELECT number, read_up_to, shares FROM thread_member WHERE thread = $1 AND company = $2 AND account = $3";
    tx.first(sql, values![thread, member.company, member.account()], |row| {
        Ok(Seat { number: row.next()?, read_up_to: row.next()?, shares: row.next()? })
    })
}

/// The member's place; the next number when they have none yet.
///
/// # Errors
/// [`db::Error`].
pub fn take(tx: &mut Tx, member: &Member, thread: Id<Thread>) -> Result<Seat, db::Error> {
    if let Some(seat) = find(tx, member, thread)? {
        return Ok(seat);
    }
    let number = next(tx, thread, member.company)?;
    seat(tx, thread, (member.company, number), member.account())?;
    Ok(Seat { number, read_up_to: 0, shares: 0 })
}

/// A place for somebody of a company, unless they have one: an award that shows what they meant for it seats them.
///
/// # Errors
/// [`db::Error`].
pub fn place(tx: &mut Tx, thread: Id<Thread>, company: Id<Company>, account: Id<Account>) -> Result<(), db::Error> {
    let sql = "SELECT 1 FROM thread_member WHERE thread = $1 AND company = $2 AND account = $3";
    if tx.first(sql, values![thread, company, account], |row| row.next::<i64>())?.is_some() {
        return Ok(());
    }
    let number = next(tx, thread, company)?;
    seat(tx, thread, (company, number), account)
}

fn next(tx: &mut Tx, thread: Id<Thread>, company: Id<Company>) -> Result<i64, db::Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM thread_member WHERE thread = $1 AND company = $2";
    let last: i64 = tx.one(sql, values![thread, company], |row| row.next())?;
    Ok(last + 1)
}

fn seat(
    tx: &mut Tx,
    thread: Id<Thread>,
    (company, number): (Id<Company>, i64),
    account: Id<Account>,
) -> Result<(), db::Error> {
    tx.execute(
        "INSERT INTO thread_member (thread, company, number, account, read_up_to, shares) VALUES ($1, $2, $3, $4, 0, 0)",
        values![thread, company, number, account],
    )
    .map(drop)
}

/// The member has read so far.
///
/// # Errors
/// [`db::Error`].
pub fn read(tx: &mut Tx, member: &Member, thread: Id<Thread>, up_to: i64) -> Result<(), db::Error> {
    let seat = take(tx, member, thread)?;
    let sql = "UPDATE thread_member SET read_up_to = $1 WHERE thread = $2 AND company = $3 AND number = $4 AND read_up_to < $1";
    tx.execute(sql, values![up_to, thread, member.company, seat.number]).map(drop)
}
