//! How a drill ended, as it is recorded.

use jiff::Timestamp;
use kit::db::{Error, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How a drill ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DrillOutcome")]
pub enum Outcome {
    /// The erased person stayed unreadable, the living one readable.
    Held,
    /// The erased person came back.
    ErasedBack,
    /// The living person could not be read.
    LivingLost,
    /// It did not come to its end.
    Failed,
}

impl Outcome {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::ErasedBack => "erased-back",
            Self::LivingLost => "living-lost",
            Self::Failed => "failed",
        }
    }

    fn of_code(code: &str) -> Self {
        [Self::Held, Self::ErasedBack, Self::LivingLost]
            .into_iter()
            .find(|one| one.code() == code)
            .unwrap_or(Self::Failed)
    }
}

/// A drill.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its id.
    pub id: Id<Report>,
    /// When it began.
    pub at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How.
    pub outcome: Outcome,
    /// Rows restored of the running installation.
    pub rows: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What went wrong; empty when nothing did. No personal value.
    pub told: String,
}

impl Report {
    /// Whole seconds that it took.
    pub fn seconds(&self) -> i64 {
        self.ended_at.duration_since(self.at).as_secs()
    }

    /// Writes it down.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn record(&self, tx: &mut Tx) -> Result<(), Error> {
        let [rows, bytes] = [self.rows, self.bytes].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
        tx.execute(
            "INSERT INTO drill (id, at, ended_at, outcome, row_count, byte_count, told) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![self.id, self.at, self.ended_at, self.outcome.code(), rows, bytes, &self.told],
        )
        .map(drop)
    }
}

/// The newest drills first, at most so many.
///
/// # Errors
/// [`Error`] of the database.
pub fn newest(tx: &mut Tx, most: i64) -> Result<Vec<Report>, Error> {
    let sql =
        "SELECT id, at, ended_at, outcome, row_count, byte_count, told FROM drill ORDER BY at DESC, id DESC LIMIT $1";
    tx.all(sql, values![most], read)
}

fn read(row: &mut Row<'_>) -> Result<Report, Error> {
    Ok(Report {
        id: row.next()?,
        at: row.next()?,
        ended_at: row.next()?,
        outcome: Outcome::of_code(&row.next::<String>()?),
        rows: row.next()?,
        bytes: row.next()?,
        told: row.next()?,
    })
}
