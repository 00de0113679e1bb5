//! A qualified list: its row, and who may see what of it.

use super::rule::{Kind, State, Times};
use crate::identity::company::Company;
use crate::sourcing::regime::Regime;
use crate::web::Instant;
use jiff::Timestamp;
use kit::event::Scope;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// What a call for applications says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedContent")]
pub struct Content {
    /// What it is for.
    pub kind: Kind,
    /// Under whose rules.
    pub regime: Regime,
    /// In one line: 4 to 120 characters.
    pub title: String,
    /// In full: 10 to 20,000 characters.
    pub summary: String,
    /// Category code.
    pub category: String,
    /// Division code of the region.
    pub region: String,
    /// What an applicant has to meet: 1 to 20 sentences, known by their numbers from 1.
    pub requirements: Vec<String>,
    /// Until when applications are taken; none where they are as long as the pool lasts.
    #[schemars(with = "Option<Instant>")]
    pub applications_until: Option<Timestamp>,
    /// For how many days the qualification, or the pool, lasts.
    pub valid_days: i64,
    /// So many are on the list, at most; none: all who qualify.
    pub most: Option<i64>,
}

/// A qualified list (资格预审、入围名单).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct QualifiedList {
    /// Its id.
    pub id: Id<QualifiedList>,
    /// Whose it is.
    pub company: Id<Company>,
    /// The company's name.
    pub company_name: String,
    /// What the call says.
    #[serde(flatten)]
    pub content: Content,
    /// Where it stands.
    pub state: State,
    /// Whether the end of applications was noted.
    #[serde(skip)]
    pub applications_closed: bool,
    /// When it was published.
    #[schemars(with = "Option<Instant>")]
    pub published_at: Option<Timestamp>,
    /// When its result was settled.
    #[schemars(with = "Option<Instant>")]
    pub concluded_at: Option<Timestamp>,
    /// When the qualification, or the pool's term, is over.
    #[schemars(with = "Option<Instant>")]
    pub valid_until: Option<Timestamp>,
    /// Until when applicants can object to the result.
    #[schemars(with = "Option<Instant>")]
    pub objections_until: Option<Timestamp>,
    /// When it ended.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    /// Why its buyer ended it.
    pub reason: Option<String>,
    /// The earlier list that it was copied of.
    #[serde(skip)]
    pub copied_of: Option<Id<QualifiedList>>,
    /// For forms: which version was seen.
    pub version: i64,
}

impl QualifiedList {
    /// Whether it is of the reader's own company.
    pub fn is_of(&self, company: Option<Id<Company>>) -> bool {
        company == Some(self.company)
    }

    /// What time does to it.
    pub fn times(&self) -> Times {
        Times {
            state: self.state,
            applications_until: self.content.applications_until,
            applications_closed: self.applications_closed,
            valid_until: self.valid_until,
        }
    }

    /// Whether an application of this instant is in time.
    pub fn takes_applications(&self, now: Timestamp) -> bool {
        let is_late = |until: Option<Timestamp>| until.is_some_and(|until| now >= until);
        self.state == State::Published && !is_late(self.content.applications_until) && !is_late(self.valid_until)
    }

    /// Whether its buyer may read the applications at this instant: of a pool that stays open at once, of any other not before the deadline,
    /// whether the clock engine was punctual or not; nobody ever, where the call ended before.
    pub fn shows_applications(&self, now: Timestamp) -> bool {
        let is_over = self.content.applications_until.is_none_or(|until| until <= now);
        self.state != State::Draft && (is_over || !policy::holds(Control::ApplicationsClosed))
    }

    /// Whether its applications are being reviewed at this instant, to be decided on together.
    pub fn is_in_review(&self, now: Timestamp) -> bool {
        self.content.kind.has_deadline() && self.state == State::Published && !self.takes_applications(now)
    }

    /// Whether tenders can be made of it at this instant.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        let lasts = match self.content.kind {
            Kind::Standing => self.state == State::Published,
            Kind::Single | Kind::Framework => self.state == State::Concluded,
        };
        lasts && self.valid_until.is_none_or(|until| now < until)
    }

    /// Whom an event of this list concerns: its company, and no person.
    pub fn scope(&self) -> Scope {
        Scope { company: Some(*self.company.as_bytes()), ..Scope::default() }
    }

    /// Where its company finds it: a draft at its draft page.
    pub fn href(&self) -> String {
        let draft = if self.state == State::Draft { "/draft" } else { "" };
        format!("/qualified-lists/{}{draft}", self.id)
    }
}
