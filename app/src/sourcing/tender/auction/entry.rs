//! What has happened in a session, entry by entry. The numbers count per lot without a gap: who has seen one knows what is missing.

use super::super::lot::Lot;
use super::lettered;
use super::rule::{Session, What};
use crate::identity::account::Account;
use crate::web::Instant;
use jiff::Timestamp;
use kit::db::{Error, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An entry, as everybody who may follow the session reads it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuctionEntry")]
pub struct Entry {
    /// Its number, from 1.
    pub number: i64,
    /// `started`, `turn`, `offer`, `ended`, `skipped` or `terminated`.
    pub kind: String,
    /// When it happened, or was to.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Of whom: the letter that was drawn.
    pub letter: Option<String>,
    /// Fen.
    pub amount: Option<i64>,
    /// The lowest price then, in fen.
    pub best: i64,
    /// When time does something next: the end of the turn, or of the session.
    #[schemars(with = "Instant")]
    pub until: Timestamp,
}

/// An offer's form.
pub struct Offer;

/// An offer as it was sent: the id of its form, and by whom.
pub type Sent = (Id<Offer>, Id<Account>);

/// An offer that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its number.
    pub number: i64,
    /// Whose.
    pub letter: i64,
    /// Fen.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
}

/// An entry that is not stored yet.
pub struct New {
    /// What; none of what ends a session in another way than by time.
    pub what: Option<What>,
    kind: &'static str,
    at: Timestamp,
    best: i64,
    until: Timestamp,
    sent: Option<Sent>,
}

impl New {
    /// Of what has happened in a session, as it stands after it.
    pub fn of(at: Timestamp, what: What, session: &Session, sent: Option<Sent>) -> Self {
        let kind = match what {
            What::Started => "started",
            What::Turn(_) => "turn",
            What::Offer(..) => "offer",
            What::Ended => "ended",
        };
        Self { what: Some(what), sent, ..Self::bare(kind, at, session) }
    }

    /// Of what ends it in another way.
    pub fn bare(kind: &'static str, at: Timestamp, session: &Session) -> Self {
        let until = session.next().unwrap_or(session.ends_at);
        Self { what: None, kind, at, best: session.best(), until, sent: None }
    }

    /// What it says of an offer, if it is the one of this form.
    pub fn known(&self, number: i64, offer: Id<Offer>) -> Option<Known> {
        match (self.what, self.sent) {
            (Some(What::Offer(letter, amount)), Some((id, _))) if id == offer => {
                Some(Known { number, letter, amount, at: self.at })
            }
            _ => None,
        }
    }
}

/// Stores entries, of which the first has the number after `last`.
///
/// # Errors
/// [`Error`].
pub fn insert(tx: &mut Tx, lot: Id<Lot>, last: i64, new: &[New]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(new.len());
    for (number, one) in (last + 1..).zip(new) {
        let (letter, amount) = match one.what {
            Some(What::Offer(letter, fen)) => (Some(letter), Some(fen)),
            Some(What::Turn(letter)) => (Some(letter), None),
            _ => (None, None),
        };
        let (offer, by) = one.sent.unzip();
        let row = values![lot, number, one.kind, one.at, letter, amount, one.best, one.until, offer, by];
        rows.push(row.to_vec());
    }
    let head = "INSERT INTO auction_entry (lot, number, kind, at, letter, amount, best, until, offer, offered_by)";
    if rows.is_empty() { Ok(()) } else { tx.insert(head, &rows, "").map(drop) }
}

const COLUMNS: &str = "number, kind, at, letter, amount, best, until FROM auction_entry";

/// How many are read at a time.
pub const BATCH: i64 = 500;

/// Those after a number, in their order.
///
/// # Errors
/// [`Error`].
pub fn after(tx: &mut Tx, lot: Id<Lot>, number: i64) -> Result<Vec<Entry>, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE lot = $1 AND number > $2 ORDER BY number LIMIT $3");
    tx.all(&sql, values![lot, number, BATCH], read)
}

/// The newest first, so many at most.
///
/// # Errors
/// [`Error`].
pub fn before(tx: &mut Tx, lot: Id<Lot>, most: i64) -> Result<Vec<Entry>, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE lot = $1 ORDER BY number DESC LIMIT $2");
    tx.all(&sql, values![lot, most], read)
}

/// The offer of a form, with its lot.
///
/// # Errors
/// [`Error`].
pub fn find(tx: &mut Tx, offer: Id<Offer>) -> Result<Option<(Id<Lot>, Known)>, Error> {
    let sql = "SELECT lot, number, letter, amount, at FROM auction_entry WHERE offer = $1";
    tx.first(sql, values![offer], |row| {
        let (lot, number) = (row.next()?, row.next()?);
        Ok((lot, Known { number, letter: row.next()?, amount: row.next()?, at: row.next()? }))
    })
}

fn read(row: &mut Row<'_>) -> Result<Entry, Error> {
    Ok(Entry {
        number: row.next()?,
        kind: row.next()?,
        at: row.next()?,
        letter: row.next::<Option<i64>>()?.map(lettered),
        amount: row.next()?,
        best: row.next()?,
        until: row.next()?,
    })
}
