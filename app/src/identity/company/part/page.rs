//! What the pages of the parts show, and what their JSON says.

use super::choice::Kind;
use super::group::{Group, Related};
use super::permits::{Document, Permits, Valid};
use super::{Content, DocumentKind, Line, Nature, Part, Relation, Role, Standing, Statement, Value, Version, industry};
use crate::identity::company::State;
use crate::identity::company::store::Facts;
use crate::identity::people::Duty;
use crate::reach::region;
use crate::web::{Form, Instant, Member, filters};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::any::Any;

/// Where a part stands, as the answer to filing it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyPartFiled")]
pub struct Stood {
    /// Which.
    pub part: Part,
    /// Its newest version.
    pub version: i64,
    /// Where it stands.
    pub standing: Standing,
}

/// A part with its form.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/company/part/part.html")]
#[schemars(rename = "CompanyPartPage")]
pub struct PartPage {
    /// Which.
    part: Part,
    /// Where it stands; none while nothing was filed.
    standing: Option<Standing>,
    /// The newest version; 0 while nothing was filed.
    version: i64,
    /// When it was filed.
    #[schemars(with = "Option<Instant>")]
    filed_at: Option<Timestamp>,
    /// When it was found true.
    #[schemars(with = "Option<Instant>")]
    reviewed_at: Option<Timestamp>,
    /// What stands in it.
    facts: Vec<Line>,
    /// The name of who stands for the company, on that page alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    representative: Option<String>,
    /// Documents that are listed.
    documents: Vec<DocumentLine>,
    /// Companies that are listed.
    relations: Vec<Related>,
    /// Whether the reader may change it: an owner.
    may_file: bool,
    /// Whether the company is approved, so that a change waits for its review.
    #[serde(skip)]
    approved: bool,
    form: Form,
    /// The form that adds to a list.
    #[serde(skip)]
    item: Form,
}

/// A document of the list, with how it stands today.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyDocumentLine")]
struct DocumentLine {
    #[serde(flatten)]
    document: Document,
    /// How it stands.
    standing: Valid,
}

impl PartPage {
    /// The page of a version, or of nothing yet. `id`: of the row that the page's form may make.
    pub fn new<C: Content>(
        known: Facts,
        version: Option<Version<C>>,
        standing: Option<Standing>,
        today: Date,
        id: Id<()>,
    ) -> Self {
        // A company that is older than its parts has a first identity: what it registered with.
        let none = i64::from(C::PART == Part::Identity);
        let number = version.as_ref().map_or(none, |version| version.number);
        let form = match &version {
            Some(version) => version.content.form(),
            None => Self::blank(C::PART, &known),
        };
        let content = version.as_ref().map(|version| &version.content as &dyn Any);
        let permits = content.and_then(|content| content.downcast_ref::<Permits>());
        let group = content.and_then(|content| content.downcast_ref::<Group>());
        let line = |document: &Document| DocumentLine { standing: document.on(today), document: document.clone() };
        Self {
            part: C::PART,
            standing,
            version: number,
            filed_at: version.as_ref().map(|version| version.filed_at),
            reviewed_at: version.as_ref().and_then(|version| version.reviewed_at),
            facts: version.as_ref().map(|version| version.content.lines()).unwrap_or_default(),
            representative: None,
            documents: permits.map(|permits| permits.documents.iter().map(line).collect()).unwrap_or_default(),
            relations: group.map(|group| group.relations.clone()).unwrap_or_default(),
            may_file: false,
            approved: known.state == State::Approved,
            form: form.with("version", number.to_string()).with("id", id.to_string()),
            item: Form::filled([("id", id.to_string())]),
        }
    }

    /// What is known before a part was filed.
    fn blank(part: Part, known: &Facts) -> Form {
        match part {
            Part::Identity => {
                super::identity::Identity::known(&known.name, &known.credit_code, known.buyer, known.provider).form()
            }
            Part::Bank => Form::filled([("holder", known.name.as_str())]),
            _ => Form::default(),
        }
    }

    /// The same for who may change it, or may not.
    pub fn read_by(self, member: &Member) -> Self {
        Self { may_file: member.duties.has(Duty::Owner), ..self }
    }

    /// The same with the part's form refused.
    pub fn refused(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The same with the form refused that adds to the list.
    pub fn refused_item(self, item: Form) -> Self {
        Self { item, ..self }
    }

    /// The same with the name of who stands for the company, as it was opened.
    pub fn naming(self, name: &str) -> Self {
        let form = self.form.with("representative_name", name);
        let facts = self.facts.into_iter().filter(|line| !matches!(line.value, Value::Sealed)).collect();
        Self { representative: Some(name.to_owned()), form, facts, ..self }
    }

    fn provinces(&self) -> Vec<&'static region::Region> {
        region::provinces().collect()
    }

    /// Whether a region of the form is a known place below a province: a program may have sent it.
    fn is_finer(&self, field: &str) -> bool {
        let code = self.form.value(field);
        code.len() > 2 && region::by_code(code).is_some()
    }

    /// What filing does, as a key.
    fn consequence(&self) -> &'static str {
        match self.standing {
            Some(Standing::Reviewed | Standing::Reopened) => "company-file-reopens",
            _ => "company-file-waits",
        }
    }

    /// Why the page may show what it shows, as a key.
    fn because(&self) -> &'static str {
        match self.part {
            Part::Representative => "company-because-representative",
            Part::Bank => "company-because-bank",
            _ => "company-because-part",
        }
    }
}

/// A company as it stood on a day, and every filing.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/company/part/history.html")]
#[schemars(rename = "CompanyHistory")]
pub struct History {
    /// The day that was asked for.
    pub at: Option<String>,
    /// What stood then; nothing where no day was asked for.
    pub stood: Vec<AsOf>,
    /// The newest filings, the newest first.
    pub filings: Vec<FilingLine>,
    pub form: Form,
}

/// A part as it stood on a day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyPartAsOf")]
pub struct AsOf {
    /// Which.
    pub part: Part,
    /// The version that was the newest then.
    pub version: i64,
    /// What stood in it.
    pub facts: Vec<Line>,
}

/// A filing, and what it changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyFiling")]
pub struct FilingLine {
    /// Of which part.
    pub part: Part,
    /// Its version.
    pub version: i64,
    /// When.
    #[schemars(with = "Instant")]
    pub filed_at: Timestamp,
    /// When it was found true.
    #[schemars(with = "Option<Instant>")]
    pub reviewed_at: Option<Timestamp>,
    /// Whether a later version was filed.
    pub superseded: bool,
    /// What differs from the version before.
    pub changes: Vec<super::Difference>,
}
