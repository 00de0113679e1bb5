//! How a list stands: what its row says, and how many of its rows have come how far.

use super::Import;
use crate::identity::account::Account;
use crate::web::Instant;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The stage that a list is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RosterState")]
pub enum State {
    /// It is shown, and waits for a word.
    Ready,
    /// A job carries it out.
    Running,
    /// Every row has its outcome.
    Done,
    /// It was stopped, or another list has taken its place.
    Stopped,
    /// It could not go on: `reason` says why.
    Halted,
}

impl State {
    const ALL: [Self; 5] = [Self::Ready, Self::Running, Self::Done, Self::Stopped, Self::Halted];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Halted => "halted",
        }
    }

    /// The one that a code means; an unknown one goes on with nothing.
    pub fn of_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.code() == code).unwrap_or(Self::Halted)
    }

    /// Colour, glyph and word of its sign.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Ready => ("warn", "eye", "roster-state-ready"),
            Self::Running => ("warn", "hourglass", "roster-state-running"),
            Self::Done => ("live", "ok", "roster-state-done"),
            Self::Stopped => ("", "stop", "roster-state-stopped"),
            Self::Halted => ("bad", "stop", "roster-state-halted"),
        }
    }
}

/// How many rows have come how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RosterCounts")]
pub struct Counts {
    /// Not carried out yet.
    pub waiting: i64,
    /// Could not be read.
    pub broken: i64,
    /// Got an invitation.
    pub invited: i64,
    /// Got other duties; only of a list of colleagues.
    pub changed: i64,
    /// Were as the list has them.
    pub same: i64,
    /// Could not be done when their turn came.
    pub refused: i64,
    /// Were left when the list ended before its end.
    pub left: i64,
}

impl Counts {
    /// The count of an outcome.
    pub(super) fn of(&mut self, outcome: &str) -> &mut i64 {
        match outcome {
            "waiting" => &mut self.waiting,
            "broken" => &mut self.broken,
            "invited" => &mut self.invited,
            "changed" => &mut self.changed,
            "same" => &mut self.same,
            "refused" => &mut self.refused,
            _ => &mut self.left,
        }
    }

    /// All rows that could be read.
    pub fn sound(self) -> i64 {
        self.waiting + self.done() + self.left
    }

    /// Those that have their outcome.
    pub fn done(self) -> i64 {
        self.invited + self.changed + self.same + self.refused
    }
}

/// A list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Roster")]
pub struct Summary {
    /// Its id.
    pub id: Id<Import>,
    /// Who handed it in; once it is confirmed, who did that.
    pub account: Id<Account>,
    /// The stage that it is in.
    pub state: State,
    /// Why it did not go on: `replaced`, `stopped`, `owner-gone`, `company-closed`, `late`.
    pub reason: Option<String>,
    /// How many of its rows have come how far.
    pub counts: Counts,
    /// Columns that were not asked for, and left out.
    pub ignored: i64,
    /// When it was handed in.
    #[schemars(with = "Instant")]
    pub created_at: Timestamp,
    /// When it was confirmed.
    #[schemars(with = "Option<Instant>")]
    pub confirmed_at: Option<Timestamp>,
    /// Until when a limit makes it wait.
    #[schemars(with = "Option<Instant>")]
    pub next_at: Option<Timestamp>,
    /// When it was over.
    #[schemars(with = "Option<Instant>")]
    pub over_at: Option<Timestamp>,
    /// When what is kept of its rows is deleted.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// When it was.
    #[schemars(with = "Option<Instant>")]
    pub forgotten_at: Option<Timestamp>,
    /// Which job carries it out.
    #[serde(skip)]
    pub round: i64,
}

impl Summary {
    /// Whether it waits for a word, or for its end.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Ready | State::Running)
    }
}
