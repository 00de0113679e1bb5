//! How consents stand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kit::{
    db::{self, Row, Tx},
    values,
};

use super::{Act, Consent, Holder};
use crate::{Id, Subject};

/// How one consent stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The event that brought it about.
    pub event: Id<Consent>,
    /// That event's number.
    pub number: i64,
    /// What happened last.
    pub act: Act,
    /// When.
    pub at: Timestamp,
    /// Until when a yes holds.
    pub ends_at: Option<Timestamp>,
    /// What was agreed to: see [`policy::PurposeEntry::scope`].
    pub scope: String,
    /// How many openings have rested on it.
    pub relied: i64,
}

impl State {
    /// Whether it is a yes that holds at this instant.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.act == Act::Given && self.ends_at.is_some_and(|end| now < end)
    }
}

/// All of a holder's, by purpose. A purpose that is missing was never spoken about.
///
/// # Errors
/// [`db::Error`].
pub fn at_present(tx: &mut Tx, holder: Holder) -> Result<BTreeMap<String, State>, db::Error> {
    let sql = format!("SELECT purpose, {COLUMNS} FROM consent_state WHERE holder = $1");
    let rows = tx.all(&sql, values![holder.id()], |row| Ok((row.next::<String>()?, read(row)?)))?;
    Ok(rows.into_iter().collect())
}

pub(super) fn of(tx: &mut Tx, holder: Holder, purpose: &str) -> Result<Option<State>, db::Error> {
    let sql = format!("SELECT {COLUMNS} FROM consent_state WHERE holder = $1 AND purpose = $2");
    tx.first(&sql, values![holder.id(), purpose], read)
}

/// The people whose yes to a function was given before an instant and has not ended yet, at most `most`, after this one in
/// the order of their ids. Whether their company authorises it is compared when something is opened.
///
/// # Errors
/// [`db::Error`].
pub fn given(
    tx: &mut Tx,
    purpose: &str,
    before: Timestamp,
    after: Id<Subject>,
    most: i64,
) -> Result<Vec<Id<Subject>>, db::Error> {
    let now = tx.now();
    tx.all(
        "SELECT holder FROM consent_state WHERE act = 'given' AND purpose = $1 AND holder > $2 AND party = 'subject' \
         AND at < $3 AND ends_at > $4 ORDER BY holder LIMIT $5",
        values![purpose, after, before, now, most],
        |row| row.next(),
    )
}

const COLUMNS: &str = "event, number, act, at, ends_at, scope, relied";

fn read(row: &mut Row<'_>) -> Result<State, db::Error> {
    Ok(State {
        event: row.next()?,
        number: row.next()?,
        act: act(&row.next::<String>()?)?,
        at: row.next()?,
        ends_at: row.next()?,
        scope: row.next()?,
        relied: row.next()?,
    })
}

pub(super) fn act(code: &str) -> Result<Act, db::Error> {
    Act::of_code(code).ok_or_else(|| db::Error::Engine(format!("no act of consent is called {code}")))
}
