//! Every query about digests. What is followed passes through here sealed only.

use super::{Digest, FOLLOWED, PURPOSE};
use crate::identity::account::Account;
use crate::trust::consent::Works;
use crate::web::{Error, Member};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::{Followed, Sealed, Standing, Subject};

/// A reader's row.
pub struct Row {
    /// The digest.
    pub id: Id<Digest>,
    /// Whose it is.
    pub account: Id<Account>,
    /// What is followed.
    pub followed: Sealed<Followed>,
}

/// A person's digest, if they have said what they follow.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Row>, db::Error> {
    tx.first("SELECT id, account, followed FROM digest WHERE subject = $1", values![subject], |row| {
        let (id, account) = (row.next()?, row.next()?);
        Ok(Row { id, account, followed: FOLLOWED.load(row.next()?, subject, id) })
    })
}

/// Keeps what the member follows, in place of what they followed before. The consent is compared in this unit: whoever has
/// withdrawn it meanwhile keeps nothing here.
///
/// # Errors
/// 403 `no-consent`.
pub fn keep(tx: &mut Tx, member: &Member, id: Id<Digest>, followed: &Sealed<Followed>) -> Result<(), Error> {
    let (subject, now) = (member.subject(), tx.now());
    if Works::read(tx, PURPOSE, subject, Some(member.company))? != Works::On {
        return Err(Error::forbidden("no-consent"));
    }
    // The seal is bound to the row's id, so both change together or not at all.
    tx.execute(
        "INSERT INTO digest (id, subject, account, followed, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (subject) DO UPDATE SET id = excluded.id, followed = excluded.followed, \
         changed_at = excluded.changed_at",
        values![id, subject, member.account(), followed.bytes(), now],
    )?;
    Ok(())
}

/// Deletes whatever is kept of a person for the digest, and answers how many rows.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, subject: Id<Subject>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM digest WHERE subject = $1", values![subject])
}

/// Deletes it if it was last changed at this instant or before.
///
/// # Errors
/// [`db::Error`].
pub fn forget_until(tx: &mut Tx, subject: Id<Subject>, at: Timestamp) -> Result<(), db::Error> {
    tx.execute("DELETE FROM digest WHERE subject = $1 AND changed_at <= $2", values![subject, at]).map(drop)
}

/// Whose digest this is; none when it has ended.
///
/// # Errors
/// [`db::Error`].
pub fn reader(tx: &mut Tx, id: Id<Digest>) -> Result<Option<Id<Subject>>, db::Error> {
    tx.first("SELECT subject FROM digest WHERE id = $1", values![id], |row| row.next())
}

/// How far the week's mailing has come.
#[derive(Clone, Copy, Debug)]
pub struct Week {
    /// When the next digests go out; the epoch before the first start.
    pub due_at: Timestamp,
    /// From when on notices are new.
    pub since: Timestamp,
    /// The last reader who has been thought of; none when all have been.
    pub after: Option<Id<Digest>>,
}

/// How far it has come.
///
/// # Errors
/// [`db::Error`].
pub fn week(tx: &mut Tx) -> Result<Week, db::Error> {
    tx.one("SELECT due_at, since, after FROM digest_week WHERE id = 1", &[], |row| {
        Ok(Week { due_at: row.next()?, since: row.next()?, after: row.next()? })
    })
}

/// How far it has come now.
///
/// # Errors
/// [`db::Error`].
pub fn set_week(tx: &mut Tx, week: Week) -> Result<(), db::Error> {
    let sql = "UPDATE digest_week SET due_at = $1, since = $2, after = $3 WHERE id = 1";
    tx.execute(sql, values![week.due_at, week.since, week.after]).map(drop)
}

/// The row of a reader's choice, and who it is.
pub type Reader = (Id<Digest>, Id<Subject>);

/// The next readers in the order of their rows, at most `most`.
///
/// # Errors
/// [`db::Error`].
pub fn readers(tx: &mut Tx, after: Option<Id<Digest>>, most: i64) -> Result<Vec<Reader>, db::Error> {
    let after = after.unwrap_or(Id::from_bytes([0; 16]));
    let sql = "SELECT id, subject FROM digest WHERE id > $1 ORDER BY id LIMIT $2";
    tx.all(sql, values![after, most], |row| Ok((row.next()?, row.next()?)))
}

/// Whether nothing of a person can be opened ever again; what is left of theirs has no use.
///
/// # Errors
/// [`Error`] of the database.
pub fn is_erased(tx: &mut Tx, subject: Id<Subject>) -> Result<bool, Error> {
    Ok(vault::standing(tx, subject)? == Some(Standing::Destroyed))
}
