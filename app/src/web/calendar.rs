//! From when which version of the privacy policy is in force (clause 10.1): what the operator has scheduled, against what this
//! process was built with.

use super::error::Error;
use crate::app::App;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::values;
use policy::{Version, Versions};
use std::sync::{Arc, Mutex, PoisonError};

/// How old what is known of the schedule may be. Changes are announced seven days ahead.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// A line of the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// 1, 2, 3 … in the order of announcement.
    pub number: i64,
    /// Which version.
    pub version: String,
    /// Whether it permits a use that the version before it does not.
    pub is_material: bool,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// From when it is in force.
    pub effective_at: Timestamp,
    /// It was taken back before it took effect.
    pub withdrawn_at: Option<Timestamp>,
}

/// The schedule, in the order of announcement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar(Vec<Scheduled>);

impl Calendar {
    /// All of it, what was withdrawn included.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx) -> Result<Self, db::Error> {
        let sql = "SELECT number, version, material, announced_at, effective_at, withdrawn_at FROM policy_schedule \
             ORDER BY number";
        tx.all(sql, &[], line).map(Self)
    }

    /// All lines.
    pub fn lines(&self) -> &[Scheduled] {
        &self.0
    }

    /// What holds at an instant: the last that has taken effect; by a clock that is behind the beginning, the first.
    pub fn in_force(&self, now: Timestamp) -> Option<&Scheduled> {
        let begun = self.standing().take_while(|line| line.number == 1 || line.effective_at <= now);
        begun.last()
    }

    /// What is announced and has not taken effect; there is one at most.
    pub fn coming(&self, now: Timestamp) -> Option<&Scheduled> {
        self.standing().find(|line| line.number > 1 && line.effective_at > now)
    }

    /// The line of a version, unless it was withdrawn.
    pub fn of(&self, version: &str) -> Option<&Scheduled> {
        self.standing().find(|line| line.version == version)
    }

    fn standing(&self) -> impl Iterator<Item = &Scheduled> {
        self.0.iter().filter(|line| line.withdrawn_at.is_none())
    }
}

fn line(row: &mut Row<'_>) -> Result<Scheduled, db::Error> {
    Ok(Scheduled {
        number: row.next()?,
        version: row.next()?,
        is_material: row.next()?,
        announced_at: row.next()?,
        effective_at: row.next()?,
        withdrawn_at: row.next()?,
    })
}

/// Begins the schedule of a new installation: nobody has agreed to anything yet, so the newest version holds at once.
///
/// # Errors
/// [`db::Error`].
pub fn found(tx: &mut Tx, versions: Versions) -> Result<(), db::Error> {
    let (now, newest) = (tx.now(), versions.newest().id);
    let sql = "INSERT INTO policy_schedule (number, version, material, announced_at, effective_at) \
         SELECT 1, CAST($1 AS TEXT), 0, CAST($2 AS BIGINT), CAST($2 AS BIGINT) \
         WHERE NOT EXISTS (SELECT 1 FROM policy_schedule) ON CONFLICT (number) DO NOTHING";
    tx.execute(sql, values![newest, now]).map(drop)
}

/// The versions that this process was built with, and what it last read of the schedule.
pub struct Policies {
    versions: Versions,
    known: Mutex<Option<(Timestamp, Arc<Calendar>)>>,
}

impl Policies {
    /// Nothing read yet.
    pub fn new(versions: Versions) -> Self {
        Self { versions, known: Mutex::default() }
    }

    /// What this process was built with.
    pub fn versions(&self) -> Versions {
        self.versions
    }

    /// The schedule, a second old at most by the program's clock.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub async fn calendar(&self, app: &App) -> Result<Arc<Calendar>, Error> {
        let now = app.clock().now();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, calendar)) = known
            && now.duration_since(at).abs() < FRESH
        {
            return Ok(calendar);
        }
        let calendar = Arc::new(app.db().read::<_, db::Error>(Calendar::read).await?);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, calendar.clone()));
        Ok(calendar)
    }

    /// Reads anew the next time: this process has just changed it. Others, and this one if it is cut off, do so within
    /// a second.
    pub fn forget(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The version in force, of which this process must have the text.
    ///
    /// # Errors
    /// 503 `policy-unknown-here` when it was not built with it: another process of the installation was.
    pub fn in_force(&self, calendar: &Calendar, now: Timestamp) -> Result<&'static Version, Error> {
        let line = calendar.in_force(now);
        line.and_then(|line| self.versions.named(&line.version)).ok_or_else(Error::policy_unknown_here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn line(number: i64, effective: i64, withdrawn: bool) -> Scheduled {
        Scheduled {
            number,
            version: format!("2030-0{number}"),
            is_material: true,
            announced_at: at(effective - 1),
            effective_at: at(effective),
            withdrawn_at: withdrawn.then(|| at(effective - 1)),
        }
    }

    #[test]
    fn a_version_holds_from_its_instant_on_and_what_was_withdrawn_never() {
        let calendar = Calendar(vec![line(1, 100, false), line(2, 200, true), line(3, 300, false)]);
        let holds = |second| calendar.in_force(at(second)).map(|line| line.number);
        assert_eq!(
            [holds(99), holds(100), holds(250), holds(299), holds(300)],
            [Some(1), Some(1), Some(1), Some(1), Some(3)]
        );
        let coming = |second| calendar.coming(at(second)).map(|line| line.number);
        assert_eq!([coming(150), coming(299), coming(300)], [Some(3), Some(3), None]);
        assert_eq!(calendar.of("2030-02"), None);
    }
}
