//! What comes in.

use super::application::Application;
use super::list::{Content, QualifiedList};
use super::objection::Outcome;
use super::rule::{Kind, MOST_DAYS};
use crate::identity::company::Company;
use crate::reach::{category, region};
use crate::sourcing::profile::Method;
use crate::sourcing::regime::Regime;
use crate::sourcing::tender::{Tender, local};
use crate::web::{Broken, Fields, Form, NewRow, Parse, Upload};
use jiff::tz::TimeZone;
use kit::id::Id;

pub use crate::web::{Explained, Seen};

/// A draft is made of an earlier list.
pub type Copied = NewRow<QualifiedList>;

/// No call asks for more.
const MOST_REQUIREMENTS: usize = 20;

/// No application has more files.
pub const MOST_FILES: usize = 20;

impl Parse for Content {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("kind", Kind::ALL.map(Kind::code));
        let kind = fields.parse("kind", |code| Kind::from_code(code).ok_or("choice"));
        let regime = fields.optional("regime", |code| {
            let regime = Regime::from_code(code).ok_or("choice")?;
            regime.refusal().map_or(Ok(regime), Err)
        });
        let title = fields.name("title", 4..=120);
        fields.like("category", "it-software").like("region", "44");
        let category =
            fields.parse("category", |code| category::by_code(code).map(|one| one.code.clone()).ok_or("choice"));
        let region =
            fields.parse("region", |code| region::by_code(code).map(|one| one.code.to_string()).ok_or("choice"));
        let summary = fields.passage("summary", 10..=20_000);
        let requirements = requirements(fields);
        let until = fields.optional_instant("applications_until");
        let until = match (kind, until) {
            (Some(kind), Some(None)) if kind.has_deadline() => {
                fields.wrong("applications_until", "qualified-until-needed")
            }
            (Some(Kind::Standing), Some(_)) => Some(None),
            (_, until) => until,
        };
        fields.like("valid_days", "365").like("most", "5");
        let valid_days = fields.parse("valid_days", |text| {
            text.parse::<i64>().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or("qualified-days")
        });
        let most = fields.optional("most", |text| {
            text.parse::<i64>().ok().filter(|most| (3..=50).contains(most)).ok_or("qualified-most")
        });
        Some(Self {
            kind: kind?,
            regime: regime?.unwrap_or(Regime::Enterprise),
            title: title?,
            summary: summary?,
            category: category?,
            region: region?,
            requirements: requirements?,
            applications_until: until?,
            valid_days: valid_days?,
            most: most?.filter(|_| kind.is_some_and(Kind::has_deadline)),
        })
    }
}

/// One a line; empty lines count for nothing.
fn requirements(fields: &mut Fields) -> Option<Vec<String>> {
    let text = fields.passage("requirements", 4..=10_000)?;
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    match lines.len() {
        0 => fields.wrong("requirements", "required"),
        1..=MOST_REQUIREMENTS => Some(lines),
        _ => fields
            .wrong("requirements", Broken::rule("qualified-too-many-requirements").with("most", MOST_REQUIREMENTS)),
    }
}

/// A new draft, with the id that its form was given.
pub struct NewDraft {
    /// The id of the row to be made.
    pub id: Id<QualifiedList>,
    /// Its content.
    pub content: Content,
}

impl Parse for NewDraft {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, content) = (fields.id("id"), Content::parse(fields));
        Some(Self { id: id?, content: content? })
    }
}

/// What is to stand in the place of a draft's content.
pub struct Changed {
    /// The version that was seen.
    pub version: i64,
    /// The content.
    pub content: Content,
}

impl Parse for Changed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, content) = (fields.version(), Content::parse(fields));
        Some(Self { version: version?, content: content? })
    }
}

/// An application.
pub struct Given {
    /// The id that this form carries; the first one is that of the row.
    pub id: Id<Application>,
    /// The version that was seen; 0 while there is none.
    pub version: i64,
    /// How the company meets the requirements.
    pub statement: String,
    /// What shows it; none: those that were sent before stay.
    pub files: Vec<Upload>,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version) = (fields.id("id"), fields.version());
        let statement = fields.passage("statement", 5..=20_000);
        let files = fields.files("files", MOST_FILES);
        Some(Self { id: id?, version: version?, statement: statement?, files: files? })
    }
}

/// What a reviewer finds.
pub struct Review {
    /// The version of the application that was seen.
    pub version: i64,
    /// Numbers of the requirements that it does not meet.
    pub unmet: Vec<i64>,
    /// Points, where the list has a greatest number.
    pub points: Option<i64>,
    /// Why; asked for where something is unmet.
    pub reason: Option<String>,
}

impl Parse for Review {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.version();
        let given = fields.several("unmet", &["1"]);
        let numbers: Option<Vec<i64>> = given.iter().map(|text| text.trim().parse().ok()).collect();
        let unmet = match numbers {
            Some(mut numbers) => {
                numbers.sort_unstable();
                numbers.dedup();
                Some(numbers)
            }
            None => fields.wrong("unmet", "choice"),
        };
        fields.like("points", "85");
        let points = fields.optional("points", |text| {
            text.parse::<i64>().ok().filter(|points| (0..=100).contains(points)).ok_or("qualified-points")
        });
        let reason = fields.optional_passage("reason", 2000);
        if unmet.as_ref().is_some_and(|unmet| !unmet.is_empty()) && matches!(reason, Some(None)) {
            fields.wrong::<()>("reason", "qualified-reason-needed");
        }
        Some(Self { version: version?, unmet: unmet?, points: points?, reason: reason? })
    }
}

/// An objection, or an appeal against its answer.
pub struct Objecting<T> {
    /// The id of what is to be made.
    pub id: Id<T>,
    /// What is said against the decision.
    pub text: String,
}

impl<T> Parse for Objecting<T> {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, text) = (fields.id("id"), fields.passage("text", 5..=5000));
        Some(Self { id: id?, text: text? })
    }
}

/// The answer to it.
pub struct Answering {
    /// Whether the objection is right.
    pub outcome: Outcome,
    /// Why.
    pub answer: String,
}

impl Parse for Answering {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("outcome", Outcome::ALL.map(Outcome::code));
        let outcome = fields.parse("outcome", |code| Outcome::from_code(code).ok_or("choice"));
        let answer = fields.passage("answer", 5..=5000);
        Some(Self { outcome: outcome?, answer: answer? })
    }
}

/// The operator's decision on an appeal.
pub struct Deciding {
    /// Whether the objection is right.
    pub outcome: Outcome,
    /// Why.
    pub decision: String,
}

impl Parse for Deciding {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("outcome", Outcome::ALL.map(Outcome::code));
        let outcome = fields.parse("outcome", |code| Outcome::from_code(code).ok_or("choice"));
        let decision = fields.passage("decision", 5..=5000);
        Some(Self { outcome: outcome?, decision: decision? })
    }
}

/// A tender is made of a list.
#[derive(Clone)]
pub struct Tendered {
    /// The id of the tender's draft to be made.
    pub id: Id<Tender>,
    /// How: among all who are on the list, unless the form says otherwise.
    pub method: Method,
    /// Of a direct order: from whom.
    pub provider: Option<Id<Company>>,
}

impl Parse for Tendered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let method = fields.optional("method", |code| Method::from_code(code).ok_or("choice"));
        let provider = fields.optional("provider", |id| id.parse::<Id<Company>>().map_err(|_| "choice"));
        Some(Self { id: id?, method: method?.unwrap_or(Method::Invited), provider: provider? })
    }
}

/// A form filled from a list.
pub fn filled(list: &QualifiedList, zone: &TimeZone) -> Form {
    let content = &list.content;
    Form::filled([
        ("kind", content.kind.code().to_owned()),
        ("regime", content.regime.code().to_owned()),
        ("title", content.title.clone()),
        ("category", content.category.clone()),
        ("region", content.region.clone()),
        ("summary", content.summary.clone()),
        ("requirements", content.requirements.join("\n")),
        ("applications_until", content.applications_until.map(|at| local(at, zone)).unwrap_or_default()),
        ("valid_days", content.valid_days.to_string()),
        ("most", content.most.map(|most| most.to_string()).unwrap_or_default()),
        ("version", list.version.to_string()),
    ])
}
