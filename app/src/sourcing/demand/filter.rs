//! Which demands a reader asks for: the parameters of the list's address.

use super::demand::stored;
use crate::reach::{category, region};
use crate::web::{Context, Day, Error, Param, address, once, parameters};
use jiff::civil::Date;
use kit::db::Value;
use schemars::JsonSchema;
use serde::Serialize;

/// What the list is asked for. Unknown parameters are passed over; a known one that makes no sense is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DemandFilter")]
pub struct Filter {
    /// What was typed into the search line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Code of a category or a group of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Code of a province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Least budget in fen. A demand whose budget is not shown is never found by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_from: Option<i64>,
    /// Greatest budget in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_until: Option<i64>,
    /// First day by which it may be wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Day>")]
    pub wanted_from: Option<Date>,
    /// Last day by which it may be wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Day>")]
    pub wanted_until: Option<Date>,
}

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] = &[
    Param { name: "words", about: "What is searched for", example: "班车" },
    Param { name: "category", about: "Code of a category or of a group of them", example: "it" },
    Param { name: "region", about: "Code of a province (GB/T 2260)", example: "33" },
    Param { name: "budget_from", about: "Least budget in yuan, among those that are shown", example: "100000" },
    Param { name: "budget_until", about: "Greatest budget in yuan, among those that are shown", example: "5000000" },
    Param { name: "wanted_from", about: "First day by which it may be wanted", example: "2026-12-01" },
    Param { name: "wanted_until", about: "Last day by which it may be wanted", example: "2027-06-30" },
    Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" },
];

impl Filter {
    /// Reads the parameters of a request; the cursor, if there is one, comes beside them.
    ///
    /// # Errors
    /// 400 `demand-filter`, naming the parameter.
    pub fn read(context: &Context) -> Result<(Self, Option<String>), Error> {
        Self::parse(&context.query)
    }

    fn parse(query: &str) -> Result<(Self, Option<String>), Error> {
        let mut filter = Self::default();
        let after = parameters(query, "demand-filter", |name, value| filter.take(name, value))?;
        Ok((filter, after))
    }

    /// Takes one parameter. Answers whether it makes sense.
    fn take(&mut self, name: &str, value: &str) -> bool {
        let known = |known: bool| known.then(|| value.to_owned());
        match name {
            "words" if !self.words.is_empty() => false,
            "words" => {
                self.words = value.replace('\0', " ").chars().take(200).collect();
                true
            }
            "category" => once(&mut self.category, known(category::is_code(value))),
            "region" => once(&mut self.region, known(region::by_code(value).is_some_and(|one| one.code.len() == 2))),
            "budget_from" => once(&mut self.budget_from, kit::money::parse_yuan(value).ok()),
            "budget_until" => once(&mut self.budget_until, kit::money::parse_yuan(value).ok()),
            "wanted_from" => once(&mut self.wanted_from, day(value)),
            "wanted_until" => once(&mut self.wanted_until, day(value)),
            _ => true,
        }
    }

    /// The parameters, in a fixed order.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend((!self.words.is_empty()).then(|| ("words", self.words.clone())));
        pairs.extend(self.category.iter().map(|code| ("category", code.clone())));
        pairs.extend(self.region.iter().map(|code| ("region", code.clone())));
        pairs.extend(self.budget_from.map(|fen| ("budget_from", kit::money::short(fen))));
        pairs.extend(self.budget_until.map(|fen| ("budget_until", kit::money::short(fen))));
        pairs.extend(self.wanted_from.map(|day| ("wanted_from", day.to_string())));
        pairs.extend(self.wanted_until.map(|day| ("wanted_until", day.to_string())));
        pairs
    }

    /// The value of one, as its field takes it.
    pub fn value(&self, name: &str) -> String {
        self.pairs().into_iter().find(|(one, _)| *one == name).map(|(_, value)| value).unwrap_or_default()
    }

    /// The same without one of its parameters.
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        match name {
            "words" => other.words.clear(),
            "category" => other.category = None,
            "region" => other.region = None,
            "budget_from" => other.budget_from = None,
            "budget_until" => other.budget_until = None,
            "wanted_from" => other.wanted_from = None,
            _ => other.wanted_until = None,
        }
        other
    }

    /// The list's address with these parameters and one more.
    pub fn address(&self, more: Option<(&str, &str)>) -> String {
        address("/demands", self.pairs(), more)
    }

    /// The address of the feed that tells the same.
    pub fn feed(&self) -> String {
        address(super::feed::PLACE, self.pairs(), None)
    }

    /// What the rows have to fulfil, beside being public, with its values; the first three are taken by the page.
    pub fn conditions(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        let mut and = |condition: &str, value: Value| {
            values.push(value);
            sql.push_str(&format!(" AND {}", condition.replace('?', &format!("${}", values.len() + 3))));
        };
        if let Some(code) = &self.region {
            and("d.region = ?", code.as_str().into());
        }
        // What is not shown is not found by it either: an answer would tell it.
        self.budget_from.into_iter().for_each(|fen| and("d.budget_shown = 1 AND d.budget >= ?", fen.into()));
        self.budget_until.into_iter().for_each(|fen| and("d.budget_shown = 1 AND d.budget <= ?", fen.into()));
        self.wanted_from.into_iter().for_each(|day| and("d.wanted_on >= ?", stored(day).into()));
        self.wanted_until.into_iter().for_each(|day| and("d.wanted_on <= ?", stored(day).into()));
        if let Some(code) = &self.category {
            let places: Vec<_> = category::within(code)
                .map(|one| {
                    values.push(one.into());
                    format!("${}", values.len() + 3)
                })
                .collect();
            sql.push_str(&format!(" AND d.category IN ({})", places.join(", ")));
        }
        (sql, values)
    }
}

fn day(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|day| (2000..2200).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_makes_no_sense_is_refused_and_what_is_unknown_passed_over() {
        let read = |query: &str| Filter::parse(query).map(|(filter, _)| filter);
        for query in ["category=cats", "region=99", "region=33&region=44", "budget_from=-1", "wanted_from=soon"] {
            assert_eq!(read(query).unwrap_err().code, "demand-filter", "{query}");
        }
        assert_eq!(read("utm_source=x&category=&after=x").unwrap(), Filter::default());
    }

    proptest! {
        #[test]
        fn an_address_asks_for_what_it_was_made_of(
            it in any::<bool>(), from in proptest::option::of(1i64..10_000_000), days in proptest::option::of(0i32..900),
        ) {
            let wanted_until = days.map(|days| Date::constant(2026, 11, 30) + jiff::Span::new().days(days));
            let category = it.then(|| "it".to_owned());
            let filter = Filter { category, budget_from: from, wanted_until, ..Filter::default() };
            let address = filter.address(None);
            let query = address.split_once('?').map_or("", |(_, query)| query);
            prop_assert_eq!(Filter::parse(query).unwrap().0, filter);
        }
    }
}
