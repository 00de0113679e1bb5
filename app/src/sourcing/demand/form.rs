//! What comes in.

use super::demand::{Audience, Content, Demand};
use super::interest::{Interest, Offered};
use crate::identity::company::Company;
use crate::reach::{category, region};
use crate::sourcing::guests::lines;
use crate::sourcing::profile::Method;
use crate::sourcing::tender::Tender;
use crate::web::{Fields, Form, Parse};
use jiff::civil::Date;
use kit::id::Id;
use kit::money;

/// No demand invites more.
pub const MOST_INVITED: usize = 50;

/// A demand as its company drafts it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What is needed.
    pub content: Content,
    /// Who may read it and answer.
    pub audience: Audience,
    /// The names or credit codes of the invited companies; none where it is for all.
    pub invited: Vec<String>,
}

impl Parse for Draft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let title = fields.name("title", 4..=120);
        fields.like("category", "it-software").like("region", "44");
        let category =
            fields.parse("category", |code| category::by_code(code).map(|one| one.code.clone()).ok_or("choice"));
        let region =
            fields.parse("region", |code| region::by_code(code).map(|one| one.code.to_string()).ok_or("choice"));
        let summary = fields.passage("summary", 10..=20_000);
        let (budget, budget_shown) = (fields.optional_money("budget"), fields.ticked("budget_shown"));
        let wanted_on = optional_day(fields, "wanted_on");
        fields.one_of("audience", Audience::ALL.map(Audience::code));
        let audience = fields.parse("audience", |code| Audience::from_code(code).ok_or("choice"));
        let invited = fields.optional_text("invited", 4000).map(|text| lines(&text.unwrap_or_default()));
        let invited = match invited {
            Some(codes) if codes.len() > MOST_INVITED => fields.wrong("invited", "too-many-invited"),
            Some(_) if audience == Some(Audience::All) => Some(Vec::new()),
            other => other,
        };
        let content = Content {
            title: title?,
            summary: summary?,
            category: category?,
            region: region?,
            budget: budget?,
            budget_shown,
            wanted_on: wanted_on?,
        };
        Some(Self { content, audience: audience?, invited: invited? })
    }
}

/// A calendar day that may be left out.
fn optional_day(fields: &mut Fields, field: &'static str) -> Option<Option<Date>> {
    fields
        .like(field, "2099-12-31")
        .optional(field, |text| text.parse::<Date>().ok().filter(|day| (2000..2200).contains(&day.year())).ok_or("day"))
}

/// A new draft, with the id that its form was given.
pub struct NewDraft {
    /// The id of the row to be made.
    pub id: Id<Demand>,
    /// Its content.
    pub draft: Draft,
}

impl Parse for NewDraft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, draft) = (fields.id("id"), Draft::parse(fields));
        Some(Self { id: id?, draft: draft? })
    }
}

/// What is to stand in the place of what stands there, with the version that the form was filled from.
#[derive(Clone)]
pub struct Changed {
    /// The version that was seen.
    pub version: i64,
    /// The content.
    pub draft: Draft,
}

impl Parse for Changed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, draft) = (fields.version(), Draft::parse(fields));
        Some(Self { version: version?, draft: draft? })
    }
}

/// A tender is made of a demand.
#[derive(Clone)]
pub struct Tendered {
    /// The id of the tender's draft to be made.
    pub id: Id<Tender>,
    /// The version that was seen.
    pub version: i64,
    /// How it is to be tendered: openly, unless the form says otherwise.
    pub method: Method,
    /// Of a direct order: from whom.
    pub provider: Option<Id<Company>>,
}

impl Parse for Tendered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version) = (fields.id("id"), fields.version());
        let method = fields.optional("method", |code| Method::from_code(code).ok_or("choice"));
        let provider = fields.optional("provider", |id| id.parse::<Id<Company>>().map_err(|_| "choice"));
        Some(Self { id: id?, version: version?, method: method?.unwrap_or(Method::Open), provider: provider? })
    }
}

/// An answer with interest.
#[derive(Clone)]
pub struct Given {
    /// The id that this form carries; the first one is that of the row.
    pub id: Id<Interest>,
    /// The version that was seen; 0 while there is none.
    pub version: i64,
    /// What is answered.
    pub offered: Offered,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version) = (fields.id("id"), fields.version());
        let (text, price) = (fields.passage("text", 5..=5000), fields.optional_money("price"));
        let earliest_on = optional_day(fields, "earliest_on");
        let offered = Offered { text: text?, price: price?, earliest_on: earliest_on? };
        Some(Self { id: id?, version: version?, offered })
    }
}

/// The fields of a demand as it stands; `invited`: credit codes.
pub fn fields(content: &Content, audience: Audience, invited: &[String], version: i64) -> Vec<(&'static str, String)> {
    vec![
        ("title", content.title.clone()),
        ("category", content.category.clone()),
        ("region", content.region.clone()),
        ("summary", content.summary.clone()),
        ("budget", content.budget.map(money::short).unwrap_or_default()),
        ("budget_shown", if content.budget_shown { "1" } else { "" }.to_owned()),
        ("wanted_on", content.wanted_on.map(|day| day.to_string()).unwrap_or_default()),
        ("audience", audience.code().to_owned()),
        ("invited", invited.join("\n")),
        ("version", version.to_string()),
    ]
}

/// A form filled from a demand.
pub fn filled(demand: &Demand, invited: &[String]) -> Form {
    Form::filled(fields(&demand.content, demand.audience, invited, demand.version))
}
