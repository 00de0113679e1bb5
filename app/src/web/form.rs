//! Forms: what was typed and what is wrong with it. A refused form keeps what was typed, for this response only; secrets
//! are never kept.

use super::error::Error;
use super::text::{Arg, Words};
use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A file that came with a form.
#[derive(Clone)]
pub struct Upload {
    /// The name its sender gave it, without folders.
    pub name: String,
    /// Its content.
    pub content: Bytes,
}

/// What is wrong with a field. The text is `field-<code>`, with the rule and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FieldProblem")]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// Stable code of the rule.
    pub code: &'static str,
    /// Values inside the text.
    #[serde(skip)]
    pub args: Vec<(&'static str, Arg)>,
}

impl Problem {
    /// The sentence for the reader.
    pub fn told(&self, words: &Words) -> String {
        words.text(&format!("field-{}", self.code), &self.args)
    }
}

/// A rule that a value breaks: its code and the values of its text.
#[derive(Clone, Debug)]
pub struct Broken {
    code: &'static str,
    args: Vec<(&'static str, Arg)>,
}

impl Broken {
    /// A rule by its code (`field-<code>` is its text).
    pub fn rule(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }

    /// The same with a value for its text.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl From<&'static str> for Broken {
    fn from(code: &'static str) -> Self {
        Self::rule(code)
    }
}

/// A form as a page shows it: empty, filled from a row, or refused.
#[derive(Clone, Default, Serialize, JsonSchema)]
pub struct Form {
    /// What the fields hold; secrets are not among them. Not part of any JSON: the sender knows what it sent.
    #[serde(skip)]
    pub(super) values: BTreeMap<String, String>,
    /// What is wrong, in the order of parsing.
    pub(super) problems: Vec<Problem>,
}

impl Form {
    /// A form filled in beforehand.
    pub fn filled<V: Into<String>>(values: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self { values, problems: Vec::new() }
    }

    /// The same with this in a field.
    pub fn with(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    /// What a field holds.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// Whether the field came with the form, with whatever in it.
    pub fn is_typed(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// Whether a box is ticked, or a choice is the one taken.
    pub fn checked(&self, field: &str, value: &str) -> bool {
        self.value(field).split('\n').any(|one| one == value)
    }

    /// The first thing wrong with a field.
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }

    /// All that is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The same with one more thing wrong, for rules that only the database can check.
    pub fn refuse(mut self, field: &str, rule: impl Into<Broken>) -> Error {
        self.note(field, rule.into());
        Error::invalid(self)
    }

    /// The same with all of these.
    pub fn refuse_all(mut self, broken: impl IntoIterator<Item = (&'static str, Broken)>) -> Error {
        broken.into_iter().for_each(|(field, rule)| self.note(field, rule));
        Error::invalid(self)
    }

    pub(super) fn note(&mut self, field: &str, rule: Broken) {
        self.problems.push(Problem { field: field.to_owned(), code: rule.code, args: rule.args });
    }
}
