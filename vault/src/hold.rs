//! What outlives a person's erasure: classes of keys that the law has kept for a time. Nothing opens with them, since the
//! person's standing is destroyed; they are there for an order of an authority, and end on their own date.

use jiff::{Span, Timestamp, tz::TimeZone};
use kit::{
    db::{self, Tx},
    values,
};
use policy::{Control, RETENTIONS, Retention};

use crate::{Id, Subject};

/// A class of keys that is held, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which keys.
    pub class: Retention,
    /// When they are destroyed.
    pub until: Timestamp,
}

/// Holds, in the unit that destroys a person's standing, each class that is kept for some months, counted from the erasure:
/// what was recorded last was recorded no later. Run again it changes nothing. Answers what is held, the earliest end first.
///
/// # Errors
/// [`db::Error`].
pub fn hold_keys(tx: &mut Tx, subject: Id<Subject>, erased_at: Timestamp) -> Result<Vec<Held>, db::Error> {
    for entry in RETENTIONS.iter().filter(|entry| entry.months > 0 && policy::holds(Control::LawHoldsKeys)) {
        tx.execute(
            "INSERT INTO key_hold (subject, class, until) VALUES ($1, $2, $3) ON CONFLICT (subject, class) DO NOTHING",
            values![subject, entry.id, months_after(erased_at, entry.months)],
        )?;
    }
    held(tx, subject)
}

/// What is held of a person, the earliest end first.
///
/// # Errors
/// [`db::Error`].
pub fn held(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Held>, db::Error> {
    let sql = "SELECT class, until FROM key_hold WHERE subject = $1 ORDER BY until, class";
    let rows = tx.all(sql, values![subject], |row| Ok((row.next::<String>()?, row.next::<Timestamp>()?)))?;
    // A class that this version does not know is not held: what nobody can name the law for goes.
    let known = |(id, until): (String, Timestamp)| {
        let entry = RETENTIONS.iter().find(|entry| entry.id == id)?;
        Some(Held { class: entry.retention, until })
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The instant so many months later, by the calendar in UTC.
fn months_after(from: Timestamp, months: u32) -> Timestamp {
    let later = from.to_zoned_datetime(TimeZone::UTC).checked_add(Span::new().months(i64::from(months)));
    later.map_or(Timestamp::MAX, |at| at.timestamp())
}
