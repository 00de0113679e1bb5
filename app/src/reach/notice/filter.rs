//! Which notices a reader asks for: the parameters of the list's address.

use super::source::{Kind, category, deadline};
use crate::reach::region;
use crate::web::{Context, Day, Error, Param, once, parameters};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kit::search::Query;
use schemars::JsonSchema;
use serde::Serialize;

/// What the list is asked for. Unknown parameters are passed over (links gather them); a known one that makes no sense is
/// refused, since the answer would be to another question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "NoticeFilter")]
pub struct Filter {
    /// What was typed into the search line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Kinds; none means all.
    #[serde(serialize_with = "codes", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub kinds: Vec<Kind>,
    /// Code of a province or a place in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Code of a category or a group of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// First day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Day>")]
    pub from: Option<Date>,
    /// Last day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Day>")]
    pub until: Option<Date>,
    /// Least budget in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_from: Option<i64>,
    /// Greatest budget in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_until: Option<i64>,
    /// First day on which bids may end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Day>")]
    pub deadline_from: Option<Date>,
    /// Last day on which bids may end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Day>")]
    pub deadline_until: Option<Date>,
    /// Whether the list is shown with more lines on a screen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub compact: bool,
    /// The zone whose days are meant.
    #[serde(skip)]
    pub zone: Zone,
}

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] = &[
    Param { name: "words", about: "What is searched for", example: "服务器" },
    Param {
        name: "kind",
        about: "advance, tender, amendment, result or other; may stand several times",
        example: "tender",
    },
    Param { name: "region", about: "Code of a province or of a place in it (GB/T 2260)", example: "44" },
    Param { name: "category", about: "Code of a category or of a group of them", example: "it" },
    Param { name: "from", about: "First day of publication", example: "2026-11-01" },
    Param { name: "until", about: "Last day of publication", example: "2027-01-31" },
    Param { name: "budget_from", about: "Least budget in yuan", example: "900000" },
    Param { name: "budget_until", about: "Greatest budget in yuan", example: "5000000" },
    Param { name: "deadline_from", about: "First day on which bids may end", example: "2026-12-01" },
    Param { name: "deadline_until", about: "Last day on which bids may end", example: "2027-01-31" },
    Param { name: "density", about: "`compact` shows more lines on a screen", example: "compact" },
    Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" },
];

/// The same without the cursor, which comes last: what may be kept of a list and looked for again.
pub const KEPT: &[Param] = PARAMETERS.split_last().expect("there are parameters").1;

/// The installation's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

impl Default for Zone {
    fn default() -> Zone {
        Zone(TimeZone::UTC)
    }
}

impl Filter {
    /// Reads the parameters of a request; the cursor, if there is one, comes beside them.
    ///
    /// # Errors
    /// 400 `notice-filter`, naming the parameter.
    pub fn read(context: &Context, zone: TimeZone) -> Result<(Filter, Option<String>), Error> {
        Self::parse(&context.query, zone)
    }

    /// Reads a query.
    ///
    /// # Errors
    /// 400 `notice-filter`, naming the parameter.
    pub fn parse(query: &str, zone: TimeZone) -> Result<(Filter, Option<String>), Error> {
        let mut filter = Filter { zone: Zone(zone), ..Filter::default() };
        let after = parameters(query, "notice-filter", |name, value| filter.take(name, value))?;
        filter.kinds.sort_unstable();
        filter.kinds.dedup();
        Ok((filter, after))
    }

    /// Takes one parameter. Answers whether it makes sense.
    pub fn take(&mut self, name: &str, value: &str) -> bool {
        let known = |known: bool| known.then(|| value.to_owned());
        match name {
            "words" if !self.words.is_empty() => return false,
            "words" => self.words = value.replace('\0', " ").chars().take(200).collect(),
            "kind" => match Kind::of(value) {
                Some(kind) => self.kinds.push(kind),
                None => return false,
            },
            "region" => return once(&mut self.region, known(region::by_code(value).is_some())),
            "category" => return once(&mut self.category, known(category::is_code(value))),
            "from" => return once(&mut self.from, deadline::date(value)),
            "until" => return once(&mut self.until, deadline::date(value)),
            "deadline_from" => return once(&mut self.deadline_from, deadline::date(value)),
            "deadline_until" => return once(&mut self.deadline_until, deadline::date(value)),
            "density" if self.compact => return false,
            "density" => {
                self.compact = value == "compact";
                return self.compact || value == "comfortable";
            }
            "budget_from" => return once(&mut self.budget_from, fen(value)),
            "budget_until" => return once(&mut self.budget_until, fen(value)),
            _ => {}
        }
        true
    }

    /// The first instant of publication that counts, and the first that does not any more, in µs.
    pub fn between(&self) -> (Option<i64>, Option<i64>) {
        self.span(self.from, self.until)
    }

    /// The first deadline that counts, and the first that does not any more, in µs.
    pub fn due(&self) -> (Option<i64>, Option<i64>) {
        self.span(self.deadline_from, self.deadline_until)
    }

    fn span(&self, from: Option<Date>, until: Option<Date>) -> (Option<i64>, Option<i64>) {
        let start = |date: Date| {
            date.to_zoned_datetime(self.zone.0.clone()).ok().map(|zoned| zoned.timestamp().as_microsecond())
        };
        let after = |date: Date| date.checked_add(1.day()).ok().and_then(start);
        (from.and_then(start), until.and_then(after))
    }

    /// The same question to the search index.
    pub fn query(&self) -> Query {
        let ((from, until), (due_from, due_until)) = (self.between(), self.due());
        let mut labels: Vec<Vec<String>> = Vec::new();
        if !self.kinds.is_empty() {
            labels.push(self.kinds.iter().map(|kind| format!("kind:{}", kind.code())).collect());
        }
        labels.extend(self.region.as_ref().map(|code| vec![format!("region:{code}")]));
        labels.extend(self.category.as_ref().map(|code| vec![format!("category:{code}")]));
        let (amount_from, amount_until) = (self.budget_from, self.budget_until);
        let span = Query { from, until, amount_from, amount_until, due_from, due_until, ..Query::default() };
        Query { words: self.words.clone(), labels, ..span }
    }

    /// The parameters, in a fixed order.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend((!self.words.is_empty()).then(|| ("words", self.words.clone())));
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.code().to_owned())));
        pairs.extend(self.region.iter().map(|code| ("region", code.clone())));
        pairs.extend(self.category.iter().map(|code| ("category", code.clone())));
        pairs.extend(self.from.iter().map(|date| ("from", date.to_string())));
        pairs.extend(self.until.iter().map(|date| ("until", date.to_string())));
        pairs.extend(self.budget_from.iter().map(|fen| ("budget_from", (fen / 100).to_string())));
        pairs.extend(self.budget_until.iter().map(|fen| ("budget_until", (fen / 100).to_string())));
        pairs.extend(self.deadline_from.iter().map(|date| ("deadline_from", date.to_string())));
        pairs.extend(self.deadline_until.iter().map(|date| ("deadline_until", date.to_string())));
        pairs.extend(self.compact.then(|| ("density", "compact".to_owned())));
        pairs
    }

    /// Whether every notice is asked for, however it is shown.
    pub fn is_everything(&self) -> bool {
        Filter { compact: false, ..self.clone() }.pairs().is_empty()
    }

    /// The query of the address, for who remembers the search.
    pub fn query_text(&self) -> String {
        self.address(None).split_once('?').map_or(String::new(), |(_, query)| query.to_owned())
    }

    /// The parameters and some more as a query.
    pub fn query_with<'a>(&self, more: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.extend_pairs(more);
        query.finish()
    }

    /// The address of the feed that tells the same.
    pub fn feed(&self) -> String {
        let query = Filter { compact: false, ..self.clone() }.query_with([]);
        let place = super::feed::PLACE;
        if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") }
    }

    /// The list's address with these parameters and one more.
    pub fn address(&self, more: Option<(&str, &str)>) -> String {
        let query = self.query_with(more);
        if query.is_empty() { "/notices".to_owned() } else { format!("/notices?{query}") }
    }

    /// The day so many days before an instant.
    pub fn days_before(&self, now: Timestamp, days: i64) -> Option<Date> {
        now.to_zoned_datetime(self.zone.0.clone()).date().checked_sub(days.days()).ok()
    }
}

fn fen(yuan: &str) -> Option<i64> {
    yuan.parse().ok().filter(|yuan: &i64| *yuan >= 0)?.checked_mul(100)
}

fn codes<S: serde::Serializer>(kinds: &[Kind], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(kinds.iter().map(|kind| kind.code()))
}
