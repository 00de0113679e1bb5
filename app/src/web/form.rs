//! Forms: what was typed, what is wrong with it, and the typed values that a room makes of it.
//!
//! A room parses by taking every field it knows; [`Fields::finish`] refuses what it did not take. A refused form keeps
//! what was typed, for this response only; secrets are never kept.

use super::error::Error;
use super::text::{Arg, Words};
use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::id::Id;
use kit::money;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A file that came with a form.
#[derive(Clone)]
pub struct Upload {
    /// The name its sender gave it, without folders.
    pub name: String,
    /// Its content.
    pub content: Bytes,
}

/// What is wrong with a field. The text is `field-<code>`, with the rule and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Default, Serialize)]
pub struct Form {
    /// What the fields hold; secrets are not among them. Not part of any JSON: the sender knows what it sent.
    #[serde(skip)]
    values: BTreeMap<String, String>,
    /// What is wrong, in the order of parsing.
    problems: Vec<Problem>,
}

impl Form {
    /// A form filled in beforehand.
    pub fn filled<V: Into<String>>(values: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self { values, problems: Vec::new() }
    }

    /// What a field holds.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
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

    fn note(&mut self, field: &str, rule: Broken) {
        self.problems.push(Problem { field: field.to_owned(), code: rule.code, args: rule.args });
    }
}

/// The fields of a request, being taken one by one.
pub struct Fields {
    zone: TimeZone,
    given: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<Upload>>,
    taken: BTreeSet<String>,
    form: Form,
}

impl Fields {
    pub(super) fn new(
        zone: TimeZone,
        given: BTreeMap<String, Vec<String>>,
        files: BTreeMap<String, Vec<Upload>>,
    ) -> Self {
        Self { zone, given, files, taken: BTreeSet::from(["csrf".to_owned()]), form: Form::default() }
    }

    /// A text of so many characters, trimmed. `None` is noted as a problem.
    pub fn text(&mut self, field: &'static str, length: std::ops::RangeInclusive<usize>) -> Option<String> {
        self.parse(field, |text| sized(text, &length))
    }

    /// A text that may be left out.
    pub fn optional_text(&mut self, field: &'static str, most: usize) -> Option<Option<String>> {
        self.optional(field, |text| sized(text, &(1..=most)))
    }

    /// A required value, parsed. `None` is noted as a problem.
    pub fn parse<T, B: Into<Broken>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, B>,
    ) -> Option<T> {
        match self.optional(field, parse)? {
            Some(value) => Some(value),
            None => self.wrong(field, "required"),
        }
    }

    /// A value that may be left out, parsed when it is there. The outer `None` is noted as a problem.
    pub fn optional<T, B: Into<Broken>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, B>,
    ) -> Option<Option<T>> {
        let text = self.single(field)?;
        self.form.values.insert(field.to_owned(), text.clone());
        if text.trim().is_empty() {
            return Some(None);
        }
        match parse(text.trim()) {
            Ok(value) => Some(Some(value)),
            Err(rule) => self.wrong(field, rule),
        }
    }

    /// An instant: `2026-12-07T09:30` in the installation's zone, or RFC 3339 with a zone of its own.
    pub fn instant(&mut self, field: &'static str) -> Option<Timestamp> {
        let zone = self.zone.clone();
        self.parse(field, move |text| {
            if let Ok(instant) = text.parse::<Timestamp>() {
                return Ok(instant);
            }
            let local: jiff::civil::DateTime = text.parse().map_err(|_| "instant")?;
            zone.to_timestamp(local).map_err(|_| "instant")
        })
    }

    /// An amount in yuan that may be left out, in fen.
    pub fn optional_money(&mut self, field: &'static str) -> Option<Option<i64>> {
        self.optional(field, |text| money::parse_yuan(text).map_err(money::Flaw::code))
    }

    /// An amount in yuan, in fen.
    pub fn money(&mut self, field: &'static str) -> Option<i64> {
        self.parse(field, |text| money::parse_yuan(text).map_err(money::Flaw::code))
    }

    /// The id of a row, as the form carries it.
    pub fn id<T>(&mut self, field: &'static str) -> Option<Id<T>> {
        self.parse(field, |text| text.parse().map_err(|_| "id"))
    }

    /// The version of a row that the form was filled from.
    pub fn version(&mut self) -> Option<i64> {
        self.parse("version", |text| text.parse().map_err(|_| "version"))
    }

    /// A secret: required, not trimmed, never shown again.
    pub fn secret<T, B: Into<Broken>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(String) -> Result<T, B>,
    ) -> Option<T> {
        let text = self.single(field)?;
        if text.is_empty() {
            return self.wrong(field, "required");
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(rule) => self.wrong(field, rule),
        }
    }

    /// Whether a box is ticked (`1`, `on` or `true`).
    pub fn ticked(&mut self, field: &'static str) -> bool {
        let text = self.single(field).unwrap_or_default();
        self.form.values.insert(field.to_owned(), text.clone());
        matches!(text.as_str(), "1" | "on" | "true")
    }

    /// A field that may stand several times: all its values.
    pub fn several(&mut self, field: &'static str) -> Vec<String> {
        self.taken.insert(field.to_owned());
        let values = self.given.get(field).cloned().unwrap_or_default();
        self.form.values.insert(field.to_owned(), values.join("\n"));
        values
    }

    /// The files of a field; an empty file field sends none.
    pub fn files(&mut self, field: &'static str, most: usize) -> Option<Vec<Upload>> {
        self.taken.insert(field.to_owned());
        let files = self.files.remove(field).unwrap_or_default();
        if files.len() > most {
            return self.wrong(field, Broken::rule("too-many-files").with("most", most));
        }
        Some(files)
    }

    /// Notes a problem that concerns several fields, at one of them. Always `None`.
    pub fn wrong<T>(&mut self, field: &str, rule: impl Into<Broken>) -> Option<T> {
        self.form.note(field, rule.into());
        None
    }

    /// The parsed form, or everything that is wrong with it: also fields nobody knows.
    ///
    /// # Errors
    /// 422 with the refused form.
    pub fn finish<T>(mut self, parsed: Option<T>) -> Result<(T, Form), Error> {
        let unknown: Vec<_> =
            self.given.keys().chain(self.files.keys()).filter(|name| !self.taken.contains(*name)).cloned().collect();
        for name in unknown {
            self.form.note(&name.chars().take(40).collect::<String>(), Broken::rule("unknown-field"));
        }
        match parsed {
            Some(parsed) if self.form.problems.is_empty() => Ok((parsed, self.form)),
            _ => Err(Error::invalid(self.form)),
        }
    }

    fn single(&mut self, field: &'static str) -> Option<String> {
        self.taken.insert(field.to_owned());
        match self.given.get(field).map_or(&[][..], Vec::as_slice) {
            [] => Some(String::new()),
            [one] if one.contains('\0') => self.wrong(field, "control-character"),
            [one] => Some(one.clone()),
            _ => self.wrong(field, "repeated"),
        }
    }
}

fn sized(text: &str, length: &std::ops::RangeInclusive<usize>) -> Result<String, Broken> {
    let text = text.replace("\r\n", "\n");
    let count = text.chars().count();
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Broken::rule("control-character"));
    }
    if count < *length.start() {
        return Err(Broken::rule("too-short").with("least", *length.start()));
    }
    if count > *length.end() {
        return Err(Broken::rule("too-long").with("most", *length.end()).with("given", count));
    }
    Ok(text)
}

/// A form that a room can parse.
pub trait Parse: Sized {
    /// Takes every field of the form, so that all problems are found at once.
    fn parse(fields: &mut Fields) -> Option<Self>;
}
