//! A case, as the operator's people see it. It names its person by the account only.

use crate::identity::account::Account;
use crate::web::Instant;
use jiff::Timestamp;
use kit::event::Fact;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;

/// The fields that a case may name, as in the policy's matrix.
pub const FIELDS: [&str; 2] = ["phone", "email"];

/// How many others approve a case before it holds.
pub const APPROVERS: i64 = 2;

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ExceptionState")]
pub enum State {
    /// Fewer than two have approved it.
    Waiting,
    /// It can be carried out.
    Approved,
    /// Its time is over.
    Ended,
    /// Taken back before its end.
    Revoked,
}

impl State {
    /// Glyph and colour.
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("warn", "hourglass"),
            Self::Approved => ("live", "unlock"),
            Self::Ended => ("", "check"),
            Self::Revoked => ("bad", "stop"),
        }
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "exception-state-waiting",
            Self::Approved => "exception-state-approved",
            Self::Ended => "exception-state-ended",
            Self::Revoked => "exception-state-revoked",
        }
    }
}

/// An exception case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExceptionCase")]
pub struct Case {
    /// Its id.
    pub id: Id<vault::Case>,
    /// Whose data it is about.
    pub account: Id<Account>,
    #[serde(skip)]
    pub subject: Id<Subject>,
    /// Which of them: `phone`, `email`.
    pub fields: Vec<String>,
    /// The ground of PIPL 13(1), items 2 to 7, as in the policy's matrix.
    pub basis: String,
    /// Law and article that oblige or allow it.
    pub law: String,
    /// Who asked.
    pub authority: String,
    /// The number of the document.
    pub document: String,
    /// SHA-256 of the document, hexadecimal.
    pub document_hash: String,
    /// Why it is needed.
    pub reason: String,
    /// When it was applied for.
    #[schemars(with = "Instant")]
    pub applied_at: Timestamp,
    /// From when on nothing is opened any more.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// Until when a law forbids to tell the person.
    #[schemars(with = "Option<Instant>")]
    pub silent_until: Option<Timestamp>,
    /// Which law.
    pub silent_law: Option<String>,
    /// How many have approved it.
    pub approvals: i64,
    /// Since when it holds.
    #[schemars(with = "Option<Instant>")]
    pub approved_at: Option<Timestamp>,
    /// When it was taken back.
    #[schemars(with = "Option<Instant>")]
    pub revoked_at: Option<Timestamp>,
    /// How often it was opened on.
    pub openings: i64,
    /// How it stands.
    pub state: State,
    /// Whether the reader applied for it, and so does not approve it.
    pub is_own: bool,
    /// Whether the reader has approved it.
    pub is_approved_by_reader: bool,
}

impl Case {
    /// How a case with these times stands.
    pub fn state(now: Timestamp, approved: bool, revoked: bool, ends_at: Timestamp) -> State {
        match (revoked, ends_at <= now, approved) {
            (true, ..) => State::Revoked,
            (_, true, _) => State::Ended,
            (.., true) => State::Approved,
            _ => State::Waiting,
        }
    }

    /// The key of the name of its ground.
    pub fn ground(&self) -> String {
        format!("exception-basis-{}", self.basis)
    }

    /// Whether the reader's approval is missing.
    pub fn is_awaiting_reader(&self) -> bool {
        self.state == State::Waiting && !self.is_own && !self.is_approved_by_reader
    }

    /// Whether it can be taken back.
    pub fn is_revocable(&self) -> bool {
        matches!(self.state, State::Waiting | State::Approved)
    }
}

/// A case was applied for.
#[derive(Serialize)]
pub struct Applied {
    pub case: Id<vault::Case>,
    pub basis: &'static str,
}

impl Fact for Applied {
    const KIND: &'static str = "exception.applied";
}

/// It was said that a law forbids to tell its person until then.
#[derive(Serialize)]
pub struct Silenced {
    pub case: Id<vault::Case>,
    pub until: Timestamp,
}

impl Fact for Silenced {
    const KIND: &'static str = "exception.silenced";
}

/// One approved it; with the last of the approvals it holds.
#[derive(Serialize)]
pub struct Approved {
    pub case: Id<vault::Case>,
    pub holds: bool,
}

impl Fact for Approved {
    const KIND: &'static str = "exception.approved";
}

/// It was taken back.
#[derive(Serialize)]
pub struct Revoked {
    pub case: Id<vault::Case>,
}

impl Fact for Revoked {
    const KIND: &'static str = "exception.revoked";
}
