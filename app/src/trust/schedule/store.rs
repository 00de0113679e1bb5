//! Every write of the schedule.

use crate::web::{Calendar, Error, Operator};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// How long before it takes effect a change is public: seven days (电子商务法 art. 34 for rules of a platform; the policy
/// promises it for itself).
pub const NOTICE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the operator wants to announce.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which version; one of this process's.
    pub version: &'static str,
    /// From when.
    pub effective_at: Timestamp,
    /// The number of the last line that the operator has seen.
    pub after: i64,
}

/// A change was announced.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "PolicyAnnounced")]
pub struct Announced {
    /// Its number.
    pub number: i64,
    /// Which version.
    pub version: String,
    /// Whether it asks everybody anew.
    pub is_material: bool,
}

impl Fact for Announced {
    const KIND: &'static str = "policy.announced";
}

/// An announcement was taken back.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "PolicyWithdrawn")]
pub struct Withdrawn {
    /// Its number.
    pub number: i64,
}

impl Fact for Withdrawn {
    const KIND: &'static str = "policy.withdrawn";
}

/// Why nothing was announced.
pub enum Refused {
    /// Less than [`NOTICE`] ahead.
    TooSoon,
    /// The state does not allow it.
    Because(Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Because(error.into())
    }
}

/// Announces a version. `grown`: from an id in force to the wanted one, whether a use is added. The same once more by who
/// did it is the same.
///
/// # Errors
/// [`Refused`].
pub fn announce(
    tx: &mut Tx,
    operator: &Operator,
    wanted: &Wanted,
    grown: impl Fn(&str) -> bool,
) -> Result<Announced, Refused> {
    operator.still(tx).map_err(Refused::Because)?;
    let (calendar, now) = (Calendar::read(tx)?, tx.now());
    let conflict = |code| Err(Refused::Because(Error::conflict(code)));
    let last = calendar.lines().last();
    if let Some(again) = repeated(tx, operator, wanted, &calendar)? {
        return Ok(again);
    }
    if last.map_or(0, |last| last.number) != wanted.after {
        return conflict("policy-scheduled-meanwhile");
    }
    if now < latest(tx)? {
        return conflict("clock-behind");
    }
    if calendar.coming(now).is_some() {
        return conflict("policy-pending");
    }
    let Some(in_force) = calendar.in_force(now).filter(|line| line.version.as_str() < wanted.version) else {
        return conflict("policy-not-newer");
    };
    let soonest = now.checked_add(NOTICE).map_err(|_| Refused::TooSoon)?;
    if wanted.effective_at < soonest && policy::holds(Control::SevenDaysNotice) {
        return Err(Refused::TooSoon);
    }
    let (number, is_material) = (wanted.after + 1, grown(&in_force.version));
    let inserted = tx.execute(
        "INSERT INTO policy_schedule (number, version, material, announced_at, effective_at, announced_by) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING",
        values![number, wanted.version, is_material, now, wanted.effective_at, operator.account()],
    )?;
    if inserted == 0 {
        return conflict("policy-scheduled-meanwhile");
    }
    let announced = Announced { number, version: wanted.version.to_owned(), is_material };
    event::record(tx, own(operator), &announced)?;
    Ok(announced)
}

/// The line that this very announcement has become before.
fn repeated(
    tx: &mut Tx,
    operator: &Operator,
    wanted: &Wanted,
    calendar: &Calendar,
) -> Result<Option<Announced>, db::Error> {
    let Some(line) = calendar.lines().iter().find(|line| line.number == wanted.after + 1) else { return Ok(None) };
    let sql = "SELECT announced_by FROM policy_schedule WHERE number = $1";
    let by: Option<[u8; 16]> = tx.one(sql, values![line.number], |row| row.next())?;
    let same = line.version == wanted.version
        && line.effective_at == wanted.effective_at
        && line.withdrawn_at.is_none()
        && by == Some(*operator.account().as_bytes());
    let announced = || Announced { number: line.number, version: line.version.clone(), is_material: line.is_material };
    Ok(same.then(announced))
}

/// The newest instant that the schedule and the agreements know: a clock behind it was moved back, and its seven days would
/// not be seven.
fn latest(tx: &mut Tx) -> Result<Timestamp, db::Error> {
    let sql = "SELECT CAST(MAX(at) AS BIGINT) FROM (SELECT MAX(announced_at) AS at FROM policy_schedule \
         UNION ALL SELECT MAX(withdrawn_at) FROM policy_schedule UNION ALL SELECT MAX(at) FROM agreement) AS known";
    let latest: Option<Timestamp> = tx.one(sql, &[], |row| row.next())?;
    Ok(latest.unwrap_or(Timestamp::MIN))
}

/// Takes back what has not taken effect. Done already, it is done.
///
/// # Errors
/// 404; 409 `policy-in-force`.
pub fn withdraw(tx: &mut Tx, operator: &Operator, number: i64) -> Result<Withdrawn, Error> {
    operator.still(tx)?;
    let (calendar, now) = (Calendar::read(tx)?, tx.now());
    let line = calendar.lines().iter().find(|line| line.number == number).ok_or_else(Error::not_found)?;
    if line.withdrawn_at.is_some() {
        return Ok(Withdrawn { number });
    }
    if line.effective_at <= now {
        return Err(Error::conflict("policy-in-force"));
    }
    let sql = "UPDATE policy_schedule SET withdrawn_at = $1, withdrawn_by = $2 WHERE number = $3";
    tx.execute(sql, values![now, operator.account(), number])?;
    event::record(tx, own(operator), &Withdrawn { number })?;
    Ok(Withdrawn { number })
}

fn own(operator: &Operator) -> Scope {
    Scope { actor: Some(*operator.subject().as_bytes()), ..Scope::default() }
}
