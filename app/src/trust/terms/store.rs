//! Every write of the schedule.

use super::calendar::Calendar;
use crate::web::{Error, Operator};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// How long the public may comment at the least: a whole day. The law asks for a period and names no length.
pub const COMMENTS: SignedDuration = SignedDuration::from_hours(24);

/// How long what was commented on stands unchanged before it takes effect: seven days (电子商务法 art. 34).
pub const NOTICE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the operator wants to announce.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of which agreement.
    pub terms: &'static str,
    /// Which edition; one of this process's.
    pub edition: &'static str,
    /// Until when comments are taken.
    pub comments_until: Timestamp,
    /// From when.
    pub effective_at: Timestamp,
    /// The number of the last line that the operator has seen.
    pub after: i64,
}

/// A change was announced.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsAnnounced")]
pub struct Announced {
    /// Of which agreement.
    pub terms: String,
    /// Its number.
    pub number: i64,
    /// Which edition.
    pub edition: String,
}

impl Fact for Announced {
    const KIND: &'static str = "terms.announced";
}

/// An announcement was taken back.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsWithdrawn")]
pub struct Withdrawn {
    /// Of which agreement.
    pub terms: String,
    /// Its number.
    pub number: i64,
}

impl Fact for Withdrawn {
    const KIND: &'static str = "terms.withdrawn";
}

/// Why nothing was announced.
pub enum Refused {
    /// This field breaks this rule.
    Field(&'static str, &'static str),
    /// The state does not allow it.
    Because(Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Because(error.into())
    }
}

/// Announces an edition. The same once more is the same.
///
/// # Errors
/// [`Refused`].
pub fn announce(tx: &mut Tx, operator: &Operator, wanted: &Wanted) -> Result<Announced, Refused> {
    operator.still(tx).map_err(Refused::Because)?;
    let (calendar, now) = (Calendar::read(tx, wanted.terms)?, tx.now());
    let number = wanted.after.saturating_add(1);
    let announced = Announced { terms: wanted.terms.to_owned(), number, edition: wanted.edition.to_owned() };
    let again = calendar.lines().iter().find(|line| line.number == number).is_some_and(|line| {
        let same = line.edition == wanted.edition && line.effective_at == wanted.effective_at;
        same && line.comments_until == Some(wanted.comments_until) && line.withdrawn_at.is_none()
    });
    if again {
        return Ok(announced);
    }
    allowed(&calendar, wanted, now).map_err(|code| Refused::Because(Error::conflict(code)))?;
    timely(wanted, now)?;
    let inserted = tx.execute(
        "INSERT INTO terms_schedule (terms, number, edition, announced_at, comments_until, effective_at, announced_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (terms, number) DO NOTHING",
        values![
            wanted.terms,
            number,
            wanted.edition,
            now,
            wanted.comments_until,
            wanted.effective_at,
            operator.account()
        ],
    )?;
    if inserted == 0 {
        return Err(Refused::Because(Error::conflict("terms-scheduled-meanwhile")));
    }
    event::record(tx, own(operator), &announced)?;
    Ok(announced)
}

/// Whether the schedule takes another line now; the code of what stands against it.
fn allowed(calendar: &Calendar, wanted: &Wanted, now: Timestamp) -> Result<(), &'static str> {
    if calendar.lines().last().map_or(0, |last| last.number) != wanted.after {
        return Err("terms-scheduled-meanwhile");
    }
    // A clock behind what is on record was moved back: its seven days would not be seven.
    let known = calendar.lines().iter().flat_map(|line| [Some(line.announced_at), line.withdrawn_at]).flatten();
    if known.max().is_some_and(|latest| now < latest) {
        return Err("clock-behind");
    }
    if calendar.coming(now).is_some() {
        return Err("terms-pending");
    }
    let newer = calendar.in_force(now).is_some_and(|line| line.edition.as_str() < wanted.edition);
    if newer { Ok(()) } else { Err("terms-not-newer") }
}

/// Comments first, and seven days after them at the least.
fn timely(wanted: &Wanted, now: Timestamp) -> Result<(), Refused> {
    let late = |at: Timestamp, by, than| at.checked_add(by).is_ok_and(|soonest| than >= soonest);
    if !policy::holds(Control::TermsNotice) {
        return Ok(());
    }
    if !late(now, COMMENTS, wanted.comments_until) {
        return Err(Refused::Field("comments_until", "comments-one-day"));
    }
    if !late(wanted.comments_until, NOTICE, wanted.effective_at) {
        return Err(Refused::Field("effective_at", "seven-days-after-comments"));
    }
    Ok(())
}

/// Takes back what has not taken effect. Done already, it is done.
///
/// # Errors
/// 404; 409 `terms-edition-in-force`.
pub fn withdraw(tx: &mut Tx, operator: &Operator, terms: &str, number: i64) -> Result<Withdrawn, Error> {
    operator.still(tx)?;
    let (calendar, now) = (Calendar::read(tx, terms)?, tx.now());
    let line = calendar.lines().iter().find(|line| line.number == number).ok_or_else(Error::not_found)?;
    let withdrawn = Withdrawn { terms: terms.to_owned(), number };
    if line.withdrawn_at.is_some() {
        return Ok(withdrawn);
    }
    if line.number == 1 || line.effective_at <= now {
        return Err(Error::conflict("terms-edition-in-force"));
    }
    let sql = "UPDATE terms_schedule SET withdrawn_at = $1, withdrawn_by = $2 WHERE terms = $3 AND number = $4";
    tx.execute(sql, values![now, operator.account(), terms, number])?;
    event::record(tx, own(operator), &withdrawn)?;
    Ok(withdrawn)
}

/// Whom an event of the operator's concerns.
pub(super) fn own(operator: &Operator) -> Scope {
    Scope { actor: Some(*operator.subject().as_bytes()), ..Scope::default() }
}
