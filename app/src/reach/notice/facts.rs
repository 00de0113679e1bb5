//! What is told of every notice, in lists and on its own page.

use super::row::{Notice, Origin};
use super::source::category::{self, Group};
use super::source::{Budget, Category, Kind, Moment, Precision};
use super::store::Summary;
use crate::reach::region::Region;
use crate::web::Instant;
use jiff::{Timestamp, ToSpan};
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// What is told of every notice.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeFacts")]
pub struct Facts {
    pub id: Id<Notice>,
    pub address: String,
    #[serde(serialize_with = "code")]
    #[schemars(with = "String")]
    pub kind: Kind,
    /// The publisher's own word for the kind.
    pub word: String,
    pub title: String,
    pub buyer: Option<String>,
    pub project_no: Option<String>,
    pub region: Option<Name>,
    pub category: Name,
    pub budget: Option<Sum>,
    /// A program read the budget in the texts of the notice; nobody compared it.
    pub budget_read: bool,
    #[serde(serialize_with = "instant")]
    #[schemars(with = "Option<Instant>")]
    pub deadline: Option<Moment>,
    pub deadline_date_only: bool,
    /// A program read the deadline in the texts of the notice; nobody compared it.
    pub deadline_read: bool,
    /// The source gives a deadline before the publication, which cannot be.
    pub deadline_doubtful: bool,
    #[serde(serialize_with = "sure_instant")]
    #[schemars(with = "Instant")]
    pub published: Moment,
    pub published_date_only: bool,
    /// The site that it comes from; none for our own.
    pub source: Option<String>,
}

/// Something that has a name in each language.
#[derive(Serialize, JsonSchema)]
pub struct Name {
    /// Its code.
    pub code: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A budget.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeBudget")]
pub struct Sum {
    /// Hundredths of the currency.
    pub minor: i64,
    pub currency: &'static str,
    /// `included`, `excluded` or `unstated`.
    pub tax: &'static str,
    /// The end of a range.
    pub range: bool,
}

impl Facts {
    /// Whether bids are no longer taken.
    pub fn is_closed(&self, now: &Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| deadline.at <= *now)
    }

    /// Whether bids are taken for no more than three days.
    pub fn is_soon(&self, now: &Timestamp) -> bool {
        !self.is_closed(now) && self.deadline.is_some_and(|deadline| deadline.at <= *now + 72.hours())
    }

    /// The colour and the glyph of the kind.
    pub fn kind_mark(&self, now: &Timestamp) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Advance => ("", "ring"),
            Kind::Tender if self.deadline.is_some() && !self.is_closed(now) => ("live", "unlock"),
            Kind::Tender => ("", "notice"),
            Kind::Amendment => ("warn", "edit"),
            Kind::Result => ("", "ok"),
            Kind::Other => ("", "info"),
        }
    }
}

impl From<Summary> for Facts {
    fn from(row: Summary) -> Facts {
        Facts {
            id: row.id,
            address: format!("/notices/{}", row.id),
            kind: row.kind,
            word: row.word,
            title: row.title,
            buyer: row.buyer,
            project_no: row.project_no,
            region: row.region.map(Name::from),
            category: row.category.into(),
            budget: row.budget.map(Sum::from),
            budget_read: row.budget_read,
            deadline: row.deadline,
            deadline_read: row.deadline_read,
            deadline_date_only: row.deadline.is_some_and(|moment| moment.precision == Precision::DateOnly),
            deadline_doubtful: row.deadline.is_some_and(|moment| moment.at < row.published.at),
            published: row.published,
            published_date_only: row.published.precision == Precision::DateOnly,
            source: row.source,
        }
    }
}

impl From<&Notice> for Facts {
    fn from(notice: &Notice) -> Facts {
        let source = match &notice.origin {
            Origin::External { source, .. } => Some(source.clone()),
            Origin::Own { .. } | Origin::List { .. } => None,
        };
        Facts::from(Summary {
            id: notice.id,
            kind: notice.kind,
            word: notice.word.clone(),
            title: notice.title.clone(),
            buyer: notice.buyer.clone(),
            project_no: notice.project_no.clone(),
            region: notice.region,
            category: notice.category,
            budget: notice.budget,
            budget_read: notice.budget_read,
            deadline: notice.deadline,
            deadline_read: notice.deadline_read,
            published: notice.published,
            source,
        })
    }
}

impl Name {
    /// The name of a group or a category.
    pub fn of_category(code: &str) -> Option<Name> {
        let group = category::groups().iter().find(|group| group.code == code);
        group.map(Name::from).or_else(|| category::by_code(code).map(Name::from))
    }
}

impl From<&'static Region> for Name {
    fn from(region: &'static Region) -> Name {
        let zh = if region.code.len() == 2 { region.short_zh() } else { region.name_zh };
        Name { code: region.code, zh, en: region.name_en }
    }
}

impl From<&'static Category> for Name {
    fn from(category: &'static Category) -> Name {
        Name { code: &category.code, zh: &category.zh, en: &category.en }
    }
}

impl From<&'static Group> for Name {
    fn from(group: &'static Group) -> Name {
        Name { code: &group.code, zh: &group.zh, en: &group.en }
    }
}

impl From<Budget> for Sum {
    fn from(budget: Budget) -> Sum {
        Sum { minor: budget.minor, currency: budget.currency, tax: budget.tax.code(), range: budget.range }
    }
}

fn code<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.code())
}

fn instant<S: Serializer>(moment: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(|moment| moment.at).serialize(serializer)
}

fn sure_instant<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    moment.at.serialize(serializer)
}
