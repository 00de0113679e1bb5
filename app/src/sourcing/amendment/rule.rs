//! What may be amended, and what bidders must be left: pure rules, no I/O.

use crate::sourcing::tender::{Lot, Tender, auction_too_soon};
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
    /// When its auction is to begin; none to leave that as it is.
    pub auction_at: Option<Timestamp>,
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
    /// When the auction is to begin.
    AuctionAt,
    /// What is wanted.
    Summary,
    /// A document that is new.
    Document,
    /// What a lot is, in full.
    LotDescription,
    /// The budget of a lot, in fen.
    LotBudget,
    /// The ceiling price of a lot, in fen.
    LotCeiling,
}

impl Field {
    /// Whether its values are instants.
    pub fn is_instant(self) -> bool {
        matches!(self, Self::Deadline | Self::QuestionsUntil | Self::AuctionAt)
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deadline => "tender-deadline",
            Self::QuestionsUntil => "tender-questions_until",
            Self::AuctionAt => "auction-at",
            Self::Summary => "tender-summary",
            Self::Document => "amendment-document",
            Self::LotDescription => "tender-lot_description",
            Self::LotBudget => "tender-lot_budget",
            Self::LotCeiling => "tender-lot_ceiling",
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
    /// What stands there now; nothing where the reader does not see it.
    pub after: String,
    /// The number of the lot that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<i64>,
    /// Whether the buyer alone sees what it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Change {
    /// As others than the buyer see it.
    pub fn shown(self) -> Self {
        if self.hidden { Self { before: None, after: String::new(), ..self } } else { self }
    }
}

/// What is to stand of a lot; what is not given stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotContent {
    /// Its number.
    pub position: i64,
    /// What it is, in full.
    pub description: Option<String>,
    /// Fen.
    pub budget: Option<i64>,
    /// Fen.
    pub ceiling: Option<i64>,
}

impl LotContent {
    /// The lot as it is to stand.
    pub fn of(&self, lot: &Lot) -> Lot {
        Lot {
            description: self.description.clone().unwrap_or_else(|| lot.description.clone()),
            budget: self.budget.or(lot.budget),
            ceiling: self.ceiling.or(lot.ceiling),
            ..lot.clone()
        }
    }
}

/// What differs of a lot, in the order of [`Field`].
pub fn lot_changes(tender: &Tender, lot: &Lot, after: &Lot) -> Vec<Change> {
    let of = |field, before: Option<String>, after: String, hidden| Change {
        field,
        before,
        after,
        lot: Some(lot.position),
        hidden,
    };
    let fen = |fen: Option<i64>| fen.map(|fen| fen.to_string());
    let mut changes = Vec::new();
    if lot.description != after.description {
        let before = Some(lot.description.clone());
        changes.push(of(Field::LotDescription, before, after.description.clone(), false));
    }
    for (field, before, after, hidden) in [
        (Field::LotBudget, lot.budget, after.budget, !tender.budget_shown),
        (Field::LotCeiling, lot.ceiling, after.ceiling, !lot.ceiling_shown),
    ] {
        if before != after {
            changes.push(of(field, fen(before), fen(after).unwrap_or_default(), hidden));
        }
    }
    changes
}

/// What stands against changing a lot: a ceiling binds bidders, and a material amendment touches the lots that it changes.
pub fn lot_refused(class: Class, touched: &[i64], after: &Lot, changes: &[Change]) -> Vec<(&'static str, Broken)> {
    let mut refused = Vec::new();
    if changes.iter().any(|change| change.field == Field::LotCeiling) && class != Class::Material {
        refused.push(("class", "amendment-ceiling-material".into()));
    }
    if class == Class::Material && !changes.is_empty() && !touched.contains(&after.position) {
        refused.push(("lots", "amendment-lot-untouched".into()));
    }
    if matches!((after.ceiling, after.budget), (Some(ceiling), Some(budget)) if ceiling > budget) {
        refused.push(("lot_ceiling", "ceiling-over-budget".into()));
    }
    refused
}

/// What differs, in the order of [`Field`].
pub fn changes(tender: &Tender, after: &Content, documents: &[String]) -> Vec<Change> {
    let plain = |field, before, after| Change { field, before, after, lot: None, hidden: false };
    let of = |field, before: String, after: String| plain(field, Some(before), after);
    let mut changes = Vec::new();
    if tender.deadline != after.deadline {
        changes.push(of(Field::Deadline, tender.deadline.to_string(), after.deadline.to_string()));
    }
    if tender.questions_until != after.questions_until {
        changes.push(of(Field::QuestionsUntil, tender.questions_until.to_string(), after.questions_until.to_string()));
    }
    if let (Some(before), Some(at)) = (tender.auction_at, after.auction_at)
        && before != at
    {
        changes.push(of(Field::AuctionAt, before.to_string(), at.to_string()));
    }
    if tender.summary != after.summary {
        changes.push(of(Field::Summary, tender.summary.clone(), after.summary.clone()));
    }
    let new = documents.iter().map(|name| plain(Field::Document, None, name.clone()));
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
    let earliest = tender.earliest_after_amendment(now);
    if class == Class::Material && after.deadline < earliest {
        refused.push(("deadline", Broken::rule("amendment-too-soon").with("earliest", earliest)));
    }
    if after.auction_at.is_some() && tender.auction_at.is_none() {
        refused.push(("auction_at", "amendment-no-auction".into()));
    }
    let begins = tender.auction_at.map(|at| after.auction_at.unwrap_or(at));
    if let Some(earliest) = auction_too_soon(begins, tender.would_close_at(after.deadline), profile) {
        refused.push(("auction_at", Broken::rule("auction-too-soon").with("earliest", earliest)));
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
    tender.auction_at = tender.auction_at.map(|at| after.auction_at.unwrap_or(at));
    (tender.summary, tender.questions_until, tender.deadline) = (after.summary, after.questions_until, after.deadline);
    tender
}
