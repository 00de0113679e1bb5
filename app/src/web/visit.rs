//! Visits (来访) through the public door. A visit is asked for with a phone number or an e-mail, proven by the code that came
//! there, and open once its guest has said what is kept under it is about them. It belongs to the browser that asked: a random
//! token in a cookie of its own, its hash in a row. Another browser has nothing of it, whatever link or code it was forwarded.

use super::guest::Guest;
use super::renewal::Accepted;
use super::session::Token;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{Control, Versions};
use vault::Subject;

/// Marks the ids of visits. A visit shares its id with its codes.
pub struct Visit;

/// How long a visit is open: once for its code to be typed, and anew from when it was right.
pub const LIFE: SignedDuration = SignedDuration::from_mins(30);
/// How long its row is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A visit about to be asked for.
pub struct New {
    /// Its id, and that of its codes.
    pub id: Id<Visit>,
    /// The keyed index of the phone or the e-mail, whether or not anything is kept under it.
    pub named: [u8; 32],
    /// An e-mail, else a phone.
    pub by_mail: bool,
    /// The secret for the cookie.
    pub token: Token,
}

/// Notes a visit. The same for whom we know and for whom we do not.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, new: &New) -> Result<(), db::Error> {
    let now = tx.now();
    let expires = now.checked_add(LIFE).unwrap_or(now);
    tx.execute(
        "INSERT INTO door_visit (id, named, by_mail, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![new.id, new.named, new.by_mail, new.token.hash(), now, expires],
    )
    .map(drop)
}

/// A visit as its browser has it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Of the phone or the e-mail.
    pub named: [u8; 32],
    /// An e-mail, else a phone.
    pub by_mail: bool,
    /// Whether its code was right.
    pub is_proven: bool,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// The visit, for the browser that asked for it; nothing once it has ended or for any other browser.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Visit>, token: &Token) -> Result<Option<Row>, db::Error> {
    let now = tx.now();
    let bound = policy::holds(Control::DoorBoundToBrowser);
    tx.first(
        "SELECT named, by_mail, proven_at, expires_at FROM door_visit \
         WHERE id = $1 AND (token_hash = $2 OR CAST($3 AS BIGINT) = 0) AND ended_at IS NULL AND expires_at > $4",
        values![id, token.hash(), bound, now],
        |row| {
            Ok(Row {
                named: row.next()?,
                by_mail: row.next()?,
                is_proven: row.next::<Option<Timestamp>>()?.is_some(),
                expires_at: row.next()?,
            })
        },
    )
}

/// The code was right: the visit lives on from now, under another secret.
///
/// # Errors
/// [`db::Error`].
pub fn prove(tx: &mut Tx, id: Id<Visit>, token: &Token) -> Result<(), db::Error> {
    let now = tx.now();
    let expires = now.checked_add(LIFE).unwrap_or(now);
    tx.execute(
        "UPDATE door_visit SET proven_at = $1, expires_at = $2, token_hash = $3 WHERE id = $4 AND ended_at IS NULL",
        values![now, expires, token.hash(), id],
    )
    .map(drop)
}

/// The guest has said whom it is about: from now on they see that person's data.
///
/// # Errors
/// [`db::Error`].
pub fn recognise(tx: &mut Tx, id: Id<Visit>, subject: Id<Subject>) -> Result<(), db::Error> {
    let sql = "UPDATE door_visit SET subject = $1 WHERE id = $2 AND proven_at IS NOT NULL AND ended_at IS NULL";
    tx.execute(sql, values![subject, id]).map(drop)
}

/// Ends a visit.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, id: Id<Visit>) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("UPDATE door_visit SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", values![now, id]).map(drop)
}

/// Ends every visit to one person's data, in the unit by which they are not found here any more.
///
/// # Errors
/// [`db::Error`].
pub fn end_of(tx: &mut Tx, subject: Id<Subject>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE door_visit SET ended_at = $1 WHERE subject = $2 AND ended_at IS NULL";
    tx.execute(sql, values![now, subject]).map(drop)
}

/// Ends every visit to one person's data but this one, which is about nobody from now on.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, subject: Id<Subject>, but: Id<Visit>) -> Result<(), db::Error> {
    tx.execute("UPDATE door_visit SET subject = NULL WHERE id = $1 AND subject = $2", values![but, subject])?;
    end_of(tx, subject)
}

/// Ends every visit under way, as a restored database must ([`super::session::end_all`]).
///
/// # Errors
/// [`db::Error`].
pub fn end_all(tx: &mut Tx) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("UPDATE door_visit SET ended_at = $1 WHERE ended_at IS NULL", values![now]).map(drop)
}

/// Who acts with this token, if a visit is open by it and its person's data have not been erased.
///
/// # Errors
/// [`db::Error`].
pub fn guest(tx: &mut Tx, token: &Token, versions: Versions) -> Result<Option<Guest>, db::Error> {
    let now = tx.now();
    tx.first(
        "SELECT v.id, v.subject, s.accepted FROM door_visit v JOIN subject s ON s.id = v.subject \
         WHERE v.token_hash = $1 AND v.proven_at IS NOT NULL AND v.ended_at IS NULL AND v.expires_at > $2 \
         AND s.standing = 'active'",
        values![token.hash(), now],
        |row| {
            let (visit, subject) = (row.next()?, row.next()?);
            Ok(Guest::new(visit, subject, Accepted::of(row.next::<Option<String>>()?.as_deref(), versions)))
        },
    )
}

fn old(tx: &mut Tx) -> Result<Vec<Id<Visit>>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    let sql = "SELECT id FROM door_visit WHERE created_at < $1 ORDER BY created_at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

/// Whether there is a visit to be removed.
///
/// # Errors
/// [`db::Error`].
pub fn is_any_old(tx: &mut Tx) -> Result<bool, db::Error> {
    Ok(!old(tx)?.is_empty())
}

/// Removes visits a day after they were asked for, at most 100. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn sweep(tx: &mut Tx) -> Result<usize, db::Error> {
    let old = old(tx)?;
    for id in &old {
        tx.execute("DELETE FROM door_visit WHERE id = $1", values![*id])?;
    }
    Ok(old.len())
}
