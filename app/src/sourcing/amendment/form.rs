//! The form of an amendment.

use super::rule::{Class, Content, LotContent};
use super::store::Amendment;
use crate::sourcing::tender::document::MOST;
use crate::sourcing::tender::{Tender, local};
use crate::web::{Fields, Form, Parse, Upload};
use jiff::tz::TimeZone;
use kit::id::Id;

/// An amendment as its buyer gives it: everything that can be amended, as it is to stand.
pub struct Amended {
    /// The id of the row to be made.
    pub id: Id<Amendment>,
    /// The tender's version that was seen.
    pub version: i64,
    /// What it is to those who have bid.
    pub class: Class,
    /// Why; public.
    pub reason: String,
    /// The numbers of the lots that a material one touches.
    pub lots: Vec<i64>,
    /// The tender's content.
    pub content: Content,
    /// A lot that is changed, too.
    pub lot: Option<LotContent>,
    /// Further documents.
    pub documents: Vec<Upload>,
}

impl Parse for Amended {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version) = (fields.id("id"), fields.version());
        fields.one_of("class", Class::ALL.map(Class::code));
        let class = fields.parse("class", |code| Class::from_code(code).ok_or("choice"));
        let reason = fields.text("reason", 5..=2000);
        fields.like("deadline", "2027-01-12T01:30:00Z").like("questions_until", "2027-01-10T01:30:00Z");
        let (deadline, questions_until) = (fields.instant("deadline"), fields.instant("questions_until"));
        let auction_at = fields.optional_instant("auction_at");
        let summary = fields.text("summary", 10..=20_000);
        let given = fields.several("lots", &["1"]);
        let lots: Option<Vec<i64>> = given.iter().map(|number| number.parse().ok()).collect();
        let lots = lots.or_else(|| fields.wrong("lots", "choice"));
        let documents = fields.files("documents", MOST);
        let lot = lot(fields);
        if class == Some(Class::Material) && given.is_empty() {
            fields.wrong::<()>("lots", "amendment-no-lot");
        }
        if let (Some(questions), Some(deadline)) = (questions_until, deadline)
            && questions >= deadline
        {
            fields.wrong::<()>("questions_until", "questions-after-deadline");
        }
        let content = Content {
            summary: summary?,
            questions_until: questions_until?,
            deadline: deadline?,
            auction_at: auction_at?,
        };
        Some(Self {
            id: id?,
            version: version?,
            class: class?,
            reason: reason?,
            lots: lots?,
            content,
            lot: lot?,
            documents: documents?,
        })
    }
}

/// A lot that is changed: what is left empty stays as it is.
fn lot(fields: &mut Fields) -> Option<Option<LotContent>> {
    let number =
        fields.like("lot_number", "1").optional("lot_number", |text| text.parse::<i64>().map_err(|_| "choice"));
    let description = fields.optional_text("lot_description", 5000);
    let (budget, ceiling) = (fields.optional_money("lot_budget"), fields.optional_money("lot_ceiling"));
    let (description, budget, ceiling) = (description?, budget?, ceiling?);
    let is_empty = description.is_none() && budget.is_none() && ceiling.is_none();
    match number? {
        Some(position) if !is_empty => Some(Some(LotContent { position, description, budget, ceiling })),
        None if !is_empty => fields.wrong("lot_number", "required"),
        _ => Some(None),
    }
}

/// The form as the tender stands.
pub fn filled(id: Id<Amendment>, tender: &Tender, zone: &TimeZone) -> Form {
    Form::filled([
        ("id", id.to_string()),
        ("version", tender.version.to_string()),
        ("deadline", local(tender.deadline, zone)),
        ("questions_until", local(tender.questions_until, zone)),
        ("summary", tender.summary.clone()),
        ("auction_at", tender.auction_at.map_or_else(String::new, |at| local(at, zone))),
    ])
}
