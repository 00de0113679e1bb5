//! A report as it lies.

use super::Report;
use super::ground::{Decision, Ground};
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::reach::conversation::Thread;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ReportState")]
pub enum State {
    /// The desk has to decide.
    Open,
    /// It has; the other side may reply.
    Decided,
    /// The other side has replied; the desk has to answer.
    Replied,
    /// Answered.
    Final,
}

impl State {
    /// What a code means.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "open" => Some(Self::Open),
            "decided" => Some(Self::Decided),
            "replied" => Some(Self::Replied),
            "final" => Some(Self::Final),
            _ => None,
        }
    }

    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Open => ("warn", "hourglass", "report-state-open"),
            Self::Decided => ("live", "ok", "report-state-decided"),
            Self::Replied => ("warn", "half", "report-state-replied"),
            Self::Final => ("live", "ok", "report-state-final"),
        }
    }

    /// Whether the desk has something to do.
    pub fn waits(self) -> bool {
        matches!(self, Self::Open | Self::Replied)
    }
}

/// A report; its texts are sealed.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<Report>,
    pub thread: Id<Thread>,
    pub reporter: Id<Company>,
    pub reporter_name: String,
    pub reported: Id<Company>,
    pub reported_name: String,
    pub ground: Ground,
    pub body: Vec<u8>,
    pub state: State,
    pub claimed_by: Option<Id<Account>>,
    pub decision: Option<Decision>,
    pub reasons: Option<Vec<u8>>,
    pub reply: Option<Vec<u8>>,
    pub upheld: Option<bool>,
    pub last_reasons: Option<Vec<u8>>,
    pub made_at: Timestamp,
    pub due_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub replied_at: Option<Timestamp>,
    pub final_at: Option<Timestamp>,
}
