//! What the reviewers' pages show, and what their JSON says.

use super::case::{State, StepState};
use super::copy::Copy;
use super::document::Seen;
use super::kind::Kind;
use super::page::View;
use super::twin::Twin;
use crate::identity::company::part::{Line, Value};
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The reviewers' queue.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "VerificationQueue")]
#[template(path = "identity/verification/queue.html")]
pub struct Queue {
    /// Which of them.
    pub state: State,
    /// The longest waiting first.
    pub cases: Vec<View>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// What was drawn for a second reviewer.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "VerificationSamples")]
#[template(path = "identity/verification/samples.html")]
pub struct Samples {
    /// The longest waiting first; at most fifty.
    pub cases: Vec<View>,
}

/// A case for a reviewer.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "VerificationReview")]
#[template(path = "identity/verification/review.html")]
pub struct Review {
    pub case: View,
    /// When the company registered.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
    /// The sides it takes.
    pub is_buyer: bool,
    /// The sides it takes.
    pub is_provider: bool,
    /// Companies that are all but the same.
    pub twins: Vec<Twin>,
    /// Cases of other companies with the same picture.
    pub copies: Vec<Copy>,
    /// The bank account as the company has filed it, for the one who has the case.
    pub account: Vec<Line>,
    /// Whether it was drawn for a second reviewer, and waits.
    pub is_sampled: bool,
    /// Whether the reader accepted it, and so is not that second.
    pub is_first: bool,
    /// The name that was confirmed, for the one who has the case: opened on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<String>,
    /// The identity document of who is verified, for the one who has the case: opened on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Seen>,
    /// The kinds of cases of other accounts with the same number, for the one who has the case.
    pub same: Vec<Kind>,
    pub form: Form,
}

impl Review {
    /// The last part of its address.
    fn address(&self) -> String {
        self.case.id.map(|id| id.to_string()).unwrap_or_default()
    }
}
