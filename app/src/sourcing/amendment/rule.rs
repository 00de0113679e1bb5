//! What may be amended, and what bidders must be left: pure rules, no I/O.

use crate::sourcing::tender::Tender;
use crate::web::Broken;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an amendment is to those who have bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AmendmentClass")]
pub enum Class {
    /// 只改时间: what is wanted stays; bids stand.
    Dates,
    /// 文字更正: nothing that a bid rests on; bids stand.
    Editorial,
    /// 实质变更: bids for the lots it touches are to be confirmed.
    Material,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dates, Self::Editorial, Self::Material];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dates => "dates",
            Self::Editorial => "editorial",
            Self::Material => "material",
        }
    }

    /// The class that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }
}

/// A tender's content as an amendment leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What is wanted.
    pub summary: String,
    /// Until when questions are taken.
    pub questions_until: Timestamp,
    /// The deadline.
    pub deadline: Timestamp,
}

/// What is amended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AmendmentField")]
pub enum Field {
    /// The deadline, which is the hour of the opening.
    Deadline,
    /// The end of questions.
    QuestionsUntil,
    /// What is wanted.
    Summary,
    /// A document that is new.
    Document,
}

impl Field {
    /// Whether its values are instants.
    pub fn is_instant(self) -> bool {
        matches!(self, Self::Deadline | Self::QuestionsUntil)
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deadline => "tender-deadline",
            Self::QuestionsUntil => "tender-questions_until",
            Self::Summary => "tender-summary",
            Self::Document => "amendment-document",
        }
    }
}

/// A field with what stood there and what stands there now: texts, names of files, or instants by RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AmendmentChange")]
pub struct Change {
    /// Which field.
    pub field: Field,
    /// What stood there; none for a document that is new.
    pub before: Option<String>,
    /// What stands there now.
    pub after: String,
}

/// What differs, in the order of [`Field`].
pub fn changes(tender: &Tender, after: &Content, documents: &[String]) -> Vec<Change> {
    let of = |field, before: String, after: String| Change { field, before: Some(before), after };
    let mut changes = Vec::new();
    if tender.deadline != after.deadline {
        changes.push(of(Field::Deadline, tender.deadline.to_string(), after.deadline.to_string()));
    }
    if tender.questions_until != after.questions_until {
        changes.push(of(Field::QuestionsUntil, tender.questions_until.to_string(), after.questions_until.to_string()));
    }
    if tender.summary != after.summary {
        changes.push(of(Field::Summary, tender.summary.clone(), after.summary.clone()));
    }
    let new = documents.iter().map(|name| Change { field: Field::Document, before: None, after: name.clone() });
    changes.extend(new);
    changes
}

/// What stands against an amendment at this instant: the form's field, and the rule it breaks.
pub fn refused(
    tender: &Tender,
    after: &Content,
    class: Class,
    changes: &[Change],
    now: Timestamp,
) -> Vec<(&'static str, Broken)> {
    let profile = tender.method.profile();
    let mut refused = Vec::new();
    if changes.is_empty() {
        refused.push(("summary", "amendment-nothing".into()));
    }
    if class == Class::Dates && changes.iter().any(|change| !change.field.is_instant()) {
        refused.push(("class", "amendment-more-than-dates".into()));
    }
    if after.deadline < tender.deadline {
        refused.push(("deadline", Broken::rule("amendment-earlier").with("deadline", tender.deadline)));
    }
    let earliest = profile.earliest_after_amendment(now);
    if class == Class::Material && after.deadline < earliest {
        refused.push(("deadline", Broken::rule("amendment-too-soon").with("earliest", earliest)));
    }
    if after.questions_until != tender.questions_until {
        let latest = profile.latest_questions(after.deadline);
        if after.questions_until > latest {
            refused.push(("questions_until", Broken::rule("amendment-questions-late").with("latest", latest)));
        }
        if after.questions_until <= now {
            refused.push(("questions_until", "amendment-questions-past".into()));
        }
    }
    refused
}

/// The tender as it is amended. Questions that had ended are taken again where their end has moved on.
pub fn amended(mut tender: Tender, after: Content) -> Tender {
    let reopened = after.questions_until != tender.questions_until;
    tender.questions_closed &= !reopened;
    (tender.summary, tender.questions_until, tender.deadline) = (after.summary, after.questions_until, after.deadline);
    tender
}
