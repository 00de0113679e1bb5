//! A queue of the operator's (队列): what waits for a duty, how much of it somebody has taken up, how much is late. Numbers only;
//! each room that has one says how it stands ([`Room::queue`](super::Room)).

use super::operator_duty::OperatorDuty;
use super::schema::Instant;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// How a queue stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Queue {
    /// Key of its word.
    #[serde(skip)]
    pub word: &'static str,
    /// Where it is worked on.
    pub path: &'static str,
    /// Whose it is.
    pub duty: OperatorDuty,
    /// How many wait.
    pub waiting: i64,
    /// How many of them somebody has taken up.
    pub claimed: i64,
    /// How many of them are late.
    pub overdue: i64,
    /// Since when the longest waits.
    #[schemars(with = "Option<Instant>")]
    pub oldest: Option<Timestamp>,
    /// When the next is due, where there is a day.
    #[schemars(with = "Option<Instant>")]
    pub due_at: Option<Timestamp>,
}

/// Reads how a room's queue stands.
pub type Queued = fn(&mut Tx) -> Result<Queue, db::Error>;

impl Queue {
    /// A queue with the five figures of a row: waiting, claimed, overdue, the oldest, the next that is due.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(
        row: &mut Row<'_>,
        (word, path, duty): (&'static str, &'static str, OperatorDuty),
    ) -> Result<Self, db::Error> {
        let (waiting, claimed, overdue) = (row.next()?, row.next::<Option<i64>>()?, row.next::<Option<i64>>()?);
        let (oldest, due_at) = (row.next()?, row.next()?);
        let (claimed, overdue) = (claimed.unwrap_or(0), overdue.unwrap_or(0));
        Ok(Self { word, path, duty, waiting, claimed, overdue, oldest, due_at })
    }
}
