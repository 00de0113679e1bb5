//! A part's facts as lines, for the pages, the history and what differs between two versions.

use crate::reach::region;
use schemars::JsonSchema;
use serde::Serialize;

/// A line of a part: the key of its label, and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CompanyFact")]
pub struct Line {
    /// The field; `company-<field>` is the key of its label.
    pub field: &'static str,
    /// What stands there.
    pub value: Value,
}

/// A value as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "form", content = "value", rename_all = "kebab-case")]
#[schemars(rename = "CompanyValue")]
pub enum Value {
    /// As it was typed.
    Text(String),
    /// Keys of words.
    Words(Vec<&'static str>),
    /// Code of a division (GB/T 2260).
    Region(String),
    /// Code of an industry (GB/T 4754): a section's letter, and digits where they were given.
    Industry(String),
    /// A person's name: sealed, and opened on the part's own page only.
    Sealed,
}

/// A line that two versions have differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CompanyDifference")]
pub struct Difference {
    /// The field.
    pub field: &'static str,
    /// What stood there; none where there was nothing.
    pub before: Option<Value>,
    /// What stands there; none where there is nothing any more.
    pub after: Option<Value>,
}

impl Line {
    /// A line with a text, unless there is none.
    pub fn text(field: &'static str, text: Option<impl Into<String>>) -> Option<Self> {
        text.map(|text| Self { field, value: Value::Text(text.into()) })
    }

    /// A line with words.
    pub fn words(field: &'static str, words: impl IntoIterator<Item = &'static str>) -> Self {
        Self { field, value: Value::Words(words.into_iter().collect()) }
    }

    /// The key of its label.
    pub fn label(&self) -> String {
        format!("company-{}", self.field)
    }
}

impl Difference {
    /// The key of the field's label.
    pub fn label(&self) -> String {
        format!("company-{}", self.field)
    }
}

impl Value {
    /// The place that a region's code names; the code itself where the table does not have it any more.
    pub fn place(code: &str) -> String {
        region::by_code(code).map_or_else(|| code.to_owned(), region::Region::full_name_zh)
    }

    /// The key of a section's word, and the digits after its letter.
    pub fn industry(code: &str) -> (String, &str) {
        let (section, digits) = code.split_at_checked(1).unwrap_or(("", ""));
        (format!("company-industry-{}", section.to_ascii_lowercase()), digits)
    }
}

/// What differs, field by field, in the order of the later version. Of lines of the same field the first stand for each other.
pub fn differences(before: &[Line], after: &[Line]) -> Vec<Difference> {
    let mut gone: Vec<&Line> = before.iter().filter(|line| !after.contains(line)).collect();
    let mut found = Vec::new();
    for line in after.iter().filter(|line| !before.contains(line)) {
        let same = gone.iter().position(|one| one.field == line.field);
        let before = same.map(|at| gone.remove(at).value.clone());
        found.push(Difference { field: line.field, before, after: Some(line.value.clone()) });
    }
    found.extend(gone.into_iter().map(|line| Difference {
        field: line.field,
        before: Some(line.value.clone()),
        after: None,
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(field: &'static str, text: &str) -> Line {
        Line { field, value: Value::Text(text.to_owned()) }
    }

    #[test]
    fn what_differs_is_told_once_and_with_its_counterpart() {
        let before = [line("company", "甲"), line("document", "一"), line("document", "二")];
        let after = [line("company", "乙"), line("document", "二"), line("nature", "丙")];
        let found: Vec<_> = differences(&before, &after)
            .into_iter()
            .map(|one| (one.field, one.before.is_some(), one.after.is_some()))
            .collect();
        assert_eq!(found, [("company", true, true), ("nature", false, true), ("document", true, false)]);
        assert!(differences(&before, &before).is_empty());
    }

    #[test]
    fn codes_are_told_as_names_where_they_have_one() {
        assert_eq!(Value::place("330106"), "浙江省杭州市西湖区");
        assert_eq!(Value::place("990000"), "990000");
        assert_eq!(Value::industry("I6513"), ("company-industry-i".to_owned(), "6513"));
    }
}
