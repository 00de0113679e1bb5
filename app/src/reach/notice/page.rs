//! What the pages show, and what their JSON says.

use super::facts::{Facts, Name};
use super::filter::Filter;
use super::names as filters;
use super::reading::{Piece, Reading};
use super::row::{Notice, Origin};
use super::source::Kind;
use super::source::category::{self, Group};
use super::store::Summary;
use crate::reach::region;
use crate::web::Instant;
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use kit::search::Fragment;
use schemars::JsonSchema;
use serde::Serialize;

/// The shortcuts for the first day of publication, in days before today.
const DAYS: [i64; 2] = [30, 365];

/// The shortcuts for the least budget, in fen.
const BUDGETS: [i64; 3] = [90_000_000, 500_000_000, 1_000_000_000];

/// The list of notices.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/notice/list.html")]
#[schemars(rename = "NoticeList")]
pub struct List {
    /// What was asked for.
    pub filter: Filter,
    /// How many there are in all; the search index counts, some seconds late at worst.
    pub total: usize,
    /// The notices of this page.
    pub notices: Vec<Line>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether this is the first page.
    #[serde(skip)]
    pub first: bool,
    /// When it was asked for: deadlines are told from then.
    #[serde(skip)]
    pub now: Timestamp,
}

/// A notice in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeLine")]
pub struct Line {
    /// What is told of it.
    #[serde(flatten)]
    pub facts: Facts,
    /// The title with what was searched for marked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marked_title: Vec<Fragment>,
    /// The best part of the text with what was searched for marked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub snippet: Vec<Fragment>,
}

/// A notice with everything that is known of it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/notice/show.html")]
#[schemars(rename = "NoticePage")]
pub struct Show {
    /// What lists tell of it too.
    #[serde(flatten)]
    pub facts: Facts,
    /// Who acts for the buyer.
    pub agent: Option<String>,
    /// What is bought, or what the notice tells.
    pub content: Option<String>,
    /// What is asked of those who take part.
    pub qualification: Option<String>,
    /// What they must have done before.
    pub performance: Option<String>,
    /// The budget in the words of its source.
    pub budget_words: Option<String>,
    /// The deadline in the words of its source.
    pub deadline_words: Option<String>,
    /// From when documents are handed out.
    #[schemars(with = "Option<Instant>")]
    pub sale_from: Option<Timestamp>,
    /// Until when documents are handed out.
    #[schemars(with = "Option<Instant>")]
    pub sale_until: Option<Timestamp>,
    /// The same in the words of its source.
    pub sale_words: Option<String>,
    /// Who won.
    pub winner: Option<String>,
    /// For how much, in fen.
    pub award: Option<i64>,
    /// The address at the site that it comes from.
    pub url: Option<String>,
    /// What a program read in the texts of another site's notice: nobody compared it, and what is not there is unknown.
    pub reading: Option<Reading>,
    /// The tender on this platform.
    pub tender: Option<String>,
    /// The qualified list on this platform.
    pub list: Option<String>,
    /// The notices of the same tender, in order.
    pub series: Vec<Facts>,
    /// When the page is made: whether a deadline has passed is told by it.
    #[serde(skip)]
    pub now: Timestamp,
}

/// A filter that is set: its word, its value, and the list without it.
pub struct Chip {
    pub key: &'static str,
    pub value: ChipValue,
    pub without: String,
}

/// What stands on a chip.
pub enum ChipValue {
    Kind(Kind),
    Name(Name),
    Text(String),
    Fen(i64),
    Most(i64),
}

impl List {
    fn kinds(&self) -> [Kind; 5] {
        Kind::ALL
    }

    fn has_kind(&self, kind: &Kind) -> bool {
        self.filter.kinds.contains(kind)
    }

    fn provinces(&self) -> Vec<Name> {
        region::provinces().map(Name::from).collect()
    }

    /// The groups with their categories.
    fn groups(&self) -> Vec<(Name, Vec<Name>)> {
        let names = |group: &'static Group| group.category.iter().map(Name::from).collect();
        category::groups().iter().map(|group| (group.into(), names(group))).collect()
    }

    fn is_region(&self, code: &str) -> bool {
        self.filter.region.as_deref() == Some(code)
    }

    fn is_category(&self, code: &str) -> bool {
        self.filter.category.as_deref() == Some(code)
    }

    /// The shortcuts for the first day: how many days ago, and which day that is.
    fn days(&self) -> Vec<(i64, String)> {
        let day = |days: i64| Some((days, self.filter.days_before(self.now, days)?.to_string()));
        DAYS.into_iter().filter_map(day).collect()
    }

    fn is_from(&self, day: &str) -> bool {
        self.filter.from.is_some_and(|from| from.to_string() == day)
    }

    /// The first day, if it is none of the shortcuts.
    fn own_from(&self) -> Option<String> {
        let from = self.filter.from?.to_string();
        (!self.days().iter().any(|(_, day)| *day == from)).then_some(from)
    }

    fn budgets(&self) -> [i64; 3] {
        BUDGETS
    }

    fn is_budget(&self, fen: &i64) -> bool {
        self.filter.budget_from == Some(*fen)
    }

    /// A bound that is typed, as the form shows it.
    fn typed(&self, name: &str) -> String {
        let mut pairs = self.filter.pairs().into_iter();
        pairs.find(|(pair, _)| *pair == name).map_or(String::new(), |(_, value)| value)
    }

    /// The filters without the words, as hidden fields beside the search line.
    fn beside_words(&self) -> Vec<(&'static str, String)> {
        Filter { words: String::new(), ..self.filter.clone() }.pairs()
    }

    /// The same list shown the other way.
    fn other_density(&self) -> String {
        Filter { compact: !self.filter.compact, ..self.filter.clone() }.address(None)
    }

    /// The filters that are set.
    fn chips(&self) -> Vec<Chip> {
        let filter = &self.filter;
        let mut chips = Vec::new();
        let mut chip = |key, value, without: Filter| chips.push(Chip { key, value, without: without.address(None) });
        if !filter.words.is_empty() {
            let without = Filter { words: String::new(), ..filter.clone() };
            chip("notice-words", ChipValue::Text(filter.words.clone()), without);
        }
        for kind in &filter.kinds {
            let kinds = filter.kinds.iter().filter(|other| *other != kind).copied().collect();
            chip("notice-kind", ChipValue::Kind(*kind), Filter { kinds, ..filter.clone() });
        }
        if let Some(region) = filter.region.as_deref().and_then(region::by_code) {
            chip("notice-region", ChipValue::Name(region.into()), Filter { region: None, ..filter.clone() });
        }
        if let Some(category) = filter.category.as_deref().and_then(Name::of_category) {
            chip("notice-category", ChipValue::Name(category), Filter { category: None, ..filter.clone() });
        }
        if let Some(from) = filter.from {
            chip("notice-from", ChipValue::Text(from.to_string()), Filter { from: None, ..filter.clone() });
        }
        if let Some(until) = filter.until {
            chip("notice-until", ChipValue::Text(until.to_string()), Filter { until: None, ..filter.clone() });
        }
        if let Some(fen) = filter.budget_from {
            chip("notice-budget-from", ChipValue::Fen(fen), Filter { budget_from: None, ..filter.clone() });
        }
        if let Some(fen) = filter.budget_until {
            chip("notice-budget-until", ChipValue::Most(fen), Filter { budget_until: None, ..filter.clone() });
        }
        if let Some(day) = filter.deadline_from {
            chip(
                "notice-deadline-from",
                ChipValue::Text(day.to_string()),
                Filter { deadline_from: None, ..filter.clone() },
            );
        }
        if let Some(day) = filter.deadline_until {
            let without = Filter { deadline_until: None, ..filter.clone() };
            chip("notice-deadline-until", ChipValue::Text(day.to_string()), without);
        }
        chips
    }
}

impl Line {
    /// A notice in a list, with the marks of a search if there was one.
    pub fn new(summary: Summary, marks: Option<(Vec<Fragment>, Vec<Fragment>)>) -> Line {
        let (marked_title, snippet) = marks.unwrap_or_default();
        Line { facts: summary.into(), marked_title, snippet }
    }
}

impl Show {
    /// A text in pieces, so that what was read in it can be pointed at.
    fn pieces(&self, place: usize, text: &str) -> Vec<Piece> {
        let whole = || vec![Piece { text: text.to_owned(), anchor: None }];
        self.reading.as_ref().map_or_else(whole, |reading| reading.texts[place].clone())
    }

    /// A notice, with the others of its tender.
    pub fn new(notice: Notice, series: Vec<Summary>, now: Timestamp) -> Show {
        let facts = Facts::from(&notice);
        let reading = Reading::of(&notice);
        let (url, tender, list) = match notice.origin {
            Origin::External { url, .. } => (url, None, None),
            Origin::Own { tender, .. } => (None, Some(format!("/tenders/{}", Id::<()>::from_bytes(tender))), None),
            Origin::List { list, .. } => (None, None, Some(format!("/qualified-lists/{}", Id::<()>::from_bytes(list)))),
        };
        Show {
            facts,
            agent: notice.agent,
            content: notice.content,
            qualification: notice.qualification,
            performance: notice.performance,
            budget_words: notice.budget_words,
            deadline_words: notice.deadline_words,
            sale_from: notice.sale_from,
            sale_until: notice.sale_until,
            sale_words: notice.sale_words,
            winner: notice.winner,
            award: notice.award,
            url,
            tender,
            list,
            reading,
            series: series.into_iter().map(Facts::from).collect(),
            now,
        }
    }
}
