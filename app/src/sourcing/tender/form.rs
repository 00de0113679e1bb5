//! Forms of a tender's draft.

use super::lot::Lot;
use super::tender::Tender;
use super::terms::Terms;
use crate::reach::category;
use crate::reach::region;
use crate::sourcing::profile::Method;
use crate::sourcing::regime::Regime;
use crate::web::{Fields, Form, Parse};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::id::Id;

/// How long a title may be, in characters.
pub(super) const TITLE: usize = 120;

/// A tender as its buyer drafts it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// 4 to 120 characters.
    pub title: String,
    /// How it is tendered.
    pub method: Method,
    /// Under whose rules: the parties' own unless the form says otherwise.
    pub regime: Regime,
    /// A known category code.
    pub category: String,
    /// A known division code.
    pub region: String,
    /// 10 to 20,000 characters.
    pub summary: String,
    /// Whether lots show their budget.
    pub budget_shown: bool,
    /// Until when questions are taken.
    pub questions_until: Timestamp,
    /// The deadline.
    pub deadline: Timestamp,
    /// What it says of every bid.
    pub terms: Terms,
}

impl Parse for Draft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let title = fields.name("title", 4..=TITLE);
        fields.one_of("method", Method::ALL.map(Method::code));
        fields.like("category", "it-software").like("region", "44");
        fields.like("questions_until", "2027-01-08T01:30:00Z");
        let method = fields.parse("method", |code| Method::from_code(code).ok_or("choice"));
        let regime = regime(fields, method);
        let category =
            fields.parse("category", |code| category::by_code(code).map(|c| c.code.to_owned()).ok_or("choice"));
        let region = fields.parse("region", |code| region::by_code(code).map(|r| r.code.to_string()).ok_or("choice"));
        let summary = fields.text("summary", 10..=20_000);
        let budget_shown = fields.ticked("budget_shown");
        let questions_until = fields.instant("questions_until");
        let deadline = fields.instant("deadline");
        let terms = Terms::parse(fields);
        if let (Some(questions), Some(deadline)) = (questions_until, deadline)
            && questions >= deadline
        {
            fields.wrong::<()>("questions_until", "questions-after-deadline");
        }
        Some(Self {
            title: title?,
            method: method?,
            regime: regime?,
            category: category?,
            region: region?,
            summary: summary?,
            budget_shown,
            questions_until: questions_until?,
            deadline: deadline?,
            terms: terms?,
        })
    }
}

/// Under whose rules, if the program can run a tender under them and they know the method.
fn regime(fields: &mut Fields, method: Option<Method>) -> Option<Regime> {
    let given = fields.optional("regime", |code| {
        let regime = Regime::from_code(code).ok_or("choice")?;
        regime.refusal().map_or(Ok(regime), Err)
    });
    let regime = given?.unwrap_or(Regime::Enterprise);
    match method {
        Some(method) if !regime.knows(method) => fields.wrong("method", "regime-method"),
        _ => Some(regime),
    }
}

/// A new draft, with the id that its form was given.
pub struct NewDraft {
    /// The id of the row to be made.
    pub id: Id<Tender>,
    /// Its content.
    pub draft: Draft,
}

impl Parse for NewDraft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, draft) = (fields.id("id"), Draft::parse(fields));
        Some(Self { id: id?, draft: draft? })
    }
}

/// A changed draft, with the version it was filled from.
pub struct ChangedDraft {
    /// The version that was seen.
    pub version: i64,
    /// Its content.
    pub draft: Draft,
}

impl Parse for ChangedDraft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, draft) = (fields.version(), Draft::parse(fields));
        Some(Self { version: version?, draft: draft? })
    }
}

/// A lot as its buyer drafts it.
pub struct LotDraft {
    /// The id of the row to be made.
    pub id: Id<Lot>,
    /// 2 to 120 characters.
    pub title: String,
    /// Up to 5,000 characters.
    pub description: String,
    /// Fen.
    pub budget: Option<i64>,
    /// Fen: a bid above it is rejected.
    pub ceiling: Option<i64>,
    /// Whether others read the ceiling before the opening.
    pub ceiling_shown: bool,
}

impl Parse for LotDraft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("lot_id");
        let title = fields.name("lot_title", 2..=120);
        let description = fields.optional_text("lot_description", 5000);
        let budget = fields.optional_money("lot_budget");
        let (ceiling, ceiling_shown) = (fields.optional_money("lot_ceiling"), fields.ticked("lot_ceiling_shown"));
        if let (Some(Some(ceiling)), Some(Some(budget))) = (ceiling, budget)
            && ceiling > budget
        {
            return fields.wrong("lot_ceiling", "ceiling-over-budget");
        }
        Some(Self {
            id: id?,
            title: title?,
            description: description?.unwrap_or_default(),
            budget: budget?,
            ceiling: ceiling?,
            ceiling_shown,
        })
    }
}

/// An instant as a form's field takes it, in this zone.
pub fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A form filled from a draft.
pub fn filled(tender: &Tender, zone: &TimeZone) -> Form {
    let local = |at| local(at, zone);
    let form = Form::filled([
        ("title", tender.title.clone()),
        ("method", tender.method.code().to_owned()),
        ("regime", tender.regime.code().to_owned()),
        ("category", tender.category.clone()),
        ("region", tender.region.clone()),
        ("summary", tender.summary.clone()),
        ("budget_shown", if tender.budget_shown { "1" } else { "" }.to_owned()),
        ("questions_until", local(tender.questions_until)),
        ("deadline", local(tender.deadline)),
        ("version", tender.version.to_string()),
    ]);
    tender.terms.fill(form)
}
