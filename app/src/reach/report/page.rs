//! What the pages show, and what their JSON says.

use super::Report;
use super::case::{Kept, State};
use super::file;
use super::ground::{Decision, Ground};
use crate::reach::conversation::{Message, Thread};
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A report without its texts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportLine")]
pub struct Line {
    pub id: Id<Report>,
    /// Name of the company that reported.
    pub reporter: String,
    /// Of the one that it reported.
    pub reported: String,
    pub ground: Ground,
    pub state: State,
    pub decision: Option<Decision>,
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// By when the desk has to decide or answer.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    pub is_claimed: bool,
}

impl Line {
    pub fn new(kept: &Kept) -> Self {
        Self {
            id: kept.id,
            reporter: kept.reporter_name.clone(),
            reported: kept.reported_name.clone(),
            ground: kept.ground,
            state: kept.state,
            decision: kept.decision,
            made_at: kept.made_at,
            due_at: kept.due_at,
            is_claimed: kept.claimed_by.is_some(),
        }
    }
}

/// A message that is, or can be, handed over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportMessage")]
pub struct Copied {
    pub message: Id<Message>,
    /// Whether the reporting company wrote it.
    pub by_reporter: bool,
    /// The writer's number within their company.
    pub member: i64,
    #[schemars(with = "Instant")]
    pub sent_at: Timestamp,
    pub text: String,
    /// Its files, which go with it.
    pub files: Vec<file::Line>,
}

/// The form, with the messages to choose from.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ReportForm")]
#[template(path = "reach/report/form.html")]
pub struct FormPage {
    pub thread: Id<Thread>,
    pub other: String,
    pub messages: Vec<Copied>,
    pub form: Form,
}

impl FormPage {
    fn grounds(&self) -> [Ground; 6] {
        Ground::ALL
    }

    fn is_ticked(&self, message: &Id<Message>) -> bool {
        self.form.checked("message", &message.to_string())
    }
}

/// What the desk has said.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportDecided")]
pub struct Said {
    pub decision: Decision,
    pub reasons: String,
    #[schemars(with = "Option<Instant>")]
    pub at: Option<Timestamp>,
    /// What the reported company says to it.
    pub reply: Option<String>,
    #[schemars(with = "Option<Instant>")]
    pub replied_at: Option<Timestamp>,
    /// Whether the decision stands after the reply.
    pub upheld: Option<bool>,
    pub last_reasons: Option<String>,
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
}

/// A report as its two sides have it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ReportOwn")]
#[template(path = "reach/report/own.html")]
pub struct Own {
    #[serde(flatten)]
    pub line: Line,
    pub thread: Id<Thread>,
    pub is_reporter: bool,
    /// What the reporter has written; for the reporter.
    pub text: Option<String>,
    /// What was handed over.
    pub messages: Vec<Copied>,
    /// When the operator has opened it.
    #[schemars(with = "Vec<Instant>")]
    pub openings: Vec<Timestamp>,
    pub said: Option<Said>,
    pub may_reply: bool,
    pub form: Form,
}

/// The desk's queue.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ReportQueue")]
#[template(path = "reach/report/queue.html")]
pub struct Queue {
    pub reports: Vec<Line>,
}

/// A report on the desk; nothing of it is opened.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ReportCase")]
#[template(path = "reach/report/case.html")]
pub struct Case {
    #[serde(flatten)]
    pub line: Line,
    pub is_mine: bool,
    pub messages: usize,
    #[schemars(with = "Vec<Instant>")]
    pub openings: Vec<Timestamp>,
}

/// What was handed over, opened, and the form that decides.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ReportOpened")]
#[template(path = "reach/report/opened.html")]
pub struct Opened {
    #[serde(flatten)]
    pub line: Line,
    pub text: String,
    pub messages: Vec<Copied>,
    pub said: Option<Said>,
    pub form: Form,
}

impl Opened {
    fn decisions(&self) -> [Decision; 4] {
        Decision::ALL
    }
}
