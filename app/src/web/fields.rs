//! The fields of a form, and the typed values that a room makes of them.
//!
//! A room parses by taking every field it knows; [`Fields::finish`] refuses what it did not take. The same parser tells
//! what it takes: run over nothing with its ear open ([`Fields::asked`]) it names every field, its kind and its limits.

use super::error::Error;
use super::field::{Field, Kind};
use super::file_name;
use super::form::{Broken, Form, Upload};
use super::plain::hidden;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::id::Id;
use kit::money;
use policy::Control;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// The fields of a request, being taken one by one.
pub struct Fields {
    zone: TimeZone,
    given: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<Upload>>,
    taken: BTreeSet<String>,
    /// Names that an object gave twice.
    pub(super) twice: BTreeSet<String>,
    form: Form,
    /// What was asked for, when the parser is only listened to.
    asked: Option<Vec<Field>>,
}

impl Fields {
    pub(super) fn new(
        zone: TimeZone,
        given: BTreeMap<String, Vec<String>>,
        files: BTreeMap<String, Vec<Upload>>,
    ) -> Self {
        let (taken, twice) = (BTreeSet::from(["csrf".to_owned()]), BTreeSet::new());
        Self { zone, given, files, taken, twice, form: Form::default(), asked: None }
    }

    /// The cells of a row of a spreadsheet, each under its field's name: the rules are those of the form.
    pub fn of_row(cells: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let given = cells.into_iter().map(|(field, cell)| (field.to_owned(), vec![cell])).collect();
        Self::new(TimeZone::UTC, given, BTreeMap::new())
    }

    /// The fields that a parser asks for: it is run over nothing, and what it takes is noted.
    pub(super) fn asked<T: Parse>() -> Vec<Field> {
        let mut fields = Self::new(TimeZone::UTC, BTreeMap::new(), BTreeMap::new());
        fields.asked = Some(Vec::new());
        T::parse(&mut fields);
        fields.asked.unwrap_or_default()
    }

    /// Says which values a field takes, for the description of the API.
    pub fn one_of(&mut self, field: &'static str, codes: impl IntoIterator<Item = &'static str>) -> &mut Self {
        if self.asked.is_some() {
            self.ask(field, Kind::Choice(codes.into_iter().collect()), true);
        }
        self
    }

    /// Says what a value of a field looks like, for the description of the API: something that the parser takes.
    pub fn like(&mut self, field: &'static str, example: &'static str) -> &mut Self {
        self.ask(field, Kind::Other(example), true);
        self
    }

    /// Notes the first thing that is said of a field.
    fn ask(&mut self, name: &'static str, kind: Kind, required: bool) {
        let Some(asked) = &mut self.asked else { return };
        match asked.iter_mut().find(|field| field.name == name) {
            // Files are first told by who wants some.
            Some(field) => field.required &= required || field.is_file(),
            None => asked.push(Field { name, kind, required }),
        }
    }

    /// A text of so many characters, trimmed. `None` is noted as a problem.
    pub fn text(&mut self, field: &'static str, length: RangeInclusive<usize>) -> Option<String> {
        self.ask(field, Kind::Text { least: *length.start(), most: *length.end() }, true);
        self.parse(field, |text| sized(text, &length))
    }

    /// A name that others read, or a title: one line, of which everybody sees every character, in the order in which they
    /// are written. `None` is noted as a problem.
    pub fn name(&mut self, field: &'static str, length: RangeInclusive<usize>) -> Option<String> {
        self.ask(field, Kind::Text { least: *length.start(), most: *length.end() }, true);
        let plain =
            |text: &str| if text.chars().any(hidden) { Err("hidden-character".into()) } else { Ok(text.to_owned()) };
        self.parse(field, |text| sized(text, &length).and_then(|text| plain(&text)))
    }

    /// A text that others read, of several lines: everybody sees every character, in the order in which they are written. What
    /// joins the parts of an emoji may stand in it. `None` is noted as a problem.
    pub fn passage(&mut self, field: &'static str, length: RangeInclusive<usize>) -> Option<String> {
        self.ask(field, Kind::Text { least: *length.start(), most: *length.end() }, true);
        self.parse(field, |text| sized(text, &length).and_then(|text| seen(&text)))
    }

    /// The same, where it may be left out.
    pub fn optional_passage(&mut self, field: &'static str, most: usize) -> Option<Option<String>> {
        self.ask(field, Kind::Text { least: 0, most }, false);
        self.optional(field, |text| sized(text, &(1..=most)).and_then(|text| seen(&text)))
    }

    /// A text that may be left out.
    pub fn optional_text(&mut self, field: &'static str, most: usize) -> Option<Option<String>> {
        self.ask(field, Kind::Text { least: 0, most }, false);
        self.optional(field, |text| sized(text, &(1..=most)))
    }

    /// A required value, parsed. `None` is noted as a problem.
    pub fn parse<T, B: Into<Broken>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, B>,
    ) -> Option<T> {
        self.ask(field, Kind::Other(""), true);
        match self.given_or_not(field, parse)? {
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
        self.ask(field, Kind::Other(""), false);
        self.given_or_not(field, parse)
    }

    fn given_or_not<T, B: Into<Broken>>(
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
        self.ask(field, Kind::Instant, true);
        let zone = self.zone.clone();
        self.parse(field, move |text| instant(text, &zone))
    }

    /// The same, where it may be left out.
    pub fn optional_instant(&mut self, field: &'static str) -> Option<Option<Timestamp>> {
        self.ask(field, Kind::Instant, false);
        let zone = self.zone.clone();
        self.optional(field, move |text| instant(text, &zone))
    }

    /// An amount in yuan that may be left out, in fen.
    pub fn optional_money(&mut self, field: &'static str) -> Option<Option<i64>> {
        self.ask(field, Kind::Money, false);
        self.optional(field, |text| money::parse_yuan(text).map_err(money::Flaw::code))
    }

    /// An amount in yuan, in fen.
    pub fn money(&mut self, field: &'static str) -> Option<i64> {
        self.ask(field, Kind::Money, true);
        self.parse(field, |text| money::parse_yuan(text).map_err(money::Flaw::code))
    }

    /// The id of a row, as the form carries it.
    pub fn id<T>(&mut self, field: &'static str) -> Option<Id<T>> {
        self.ask(field, Kind::Id, true);
        self.parse(field, |text| text.parse().map_err(|_| "id"))
    }

    /// The version of a row that the form was filled from.
    pub fn version(&mut self) -> Option<i64> {
        self.ask("version", Kind::Version, true);
        self.parse("version", |text| text.parse().map_err(|_| "version"))
    }

    /// A secret: required, not trimmed, never shown again.
    pub fn secret<T, B: Into<Broken>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(String) -> Result<T, B>,
    ) -> Option<T> {
        self.ask(field, Kind::Secret, true);
        let text = self.single(field)?;
        if text.is_empty() {
            return self.wrong(field, "required");
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(rule) => self.wrong(field, rule),
        }
    }

    /// A secret that may be left out. The outer `None` is noted as a problem.
    pub fn optional_secret<T, B: Into<Broken>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(String) -> Result<T, B>,
    ) -> Option<Option<T>> {
        self.ask(field, Kind::Secret, false);
        match self.single(field)? {
            text if text.is_empty() => Some(None),
            text => match parse(text) {
                Ok(value) => Some(Some(value)),
                Err(rule) => self.wrong(field, rule),
            },
        }
    }

    /// Whether a box is ticked (`1`, `on` or `true`).
    pub fn ticked(&mut self, field: &'static str) -> bool {
        self.ask(field, Kind::Tick, false);
        let text = self.single(field).unwrap_or_default();
        self.form.values.insert(field.to_owned(), text.clone());
        matches!(text.as_str(), "1" | "on" | "true")
    }

    /// A field that may stand several times: all its values. `example`: some that its parser takes.
    pub fn several(&mut self, field: &'static str, example: &'static [&'static str]) -> Vec<String> {
        self.ask(field, Kind::Several(example), false);
        self.taken.insert(field.to_owned());
        let values = self.given.get(field).cloned().unwrap_or_default();
        self.form.values.insert(field.to_owned(), values.join("\n"));
        values
    }

    /// The files of a field, one at least.
    pub fn some_files(&mut self, field: &'static str, most: usize) -> Option<Vec<Upload>> {
        self.ask(field, Kind::Files { most }, true);
        let files = self.files(field, most)?;
        if files.is_empty() { self.wrong(field, "required") } else { Some(files) }
    }

    /// The files of a field; an empty file field sends none.
    pub fn files(&mut self, field: &'static str, most: usize) -> Option<Vec<Upload>> {
        self.ask(field, Kind::Files { most }, false);
        self.taken.insert(field.to_owned());
        let files = self.files.remove(field).unwrap_or_default();
        if files.len() > most {
            return self.wrong(field, Broken::rule("too-many-files").with("most", most));
        }
        if !files.iter().all(|file| file_name::is_plain(&file.name)) {
            return self.wrong(field, "hidden-character");
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
        for name in unknown.into_iter().filter(|_| policy::holds(Control::NothingElseAsked)) {
            self.form.note(&name.chars().take(40).collect::<String>(), Broken::rule("unknown-field"));
        }
        for name in self.twice.iter().filter(|name| self.taken.contains(*name)) {
            if self.form.problem(name).is_none_or(|problem| problem.code != "repeated") {
                self.form.note(name, Broken::rule("repeated"));
            }
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

fn sized(text: &str, length: &RangeInclusive<usize>) -> Result<String, Broken> {
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

fn seen(text: &str) -> Result<String, Broken> {
    let is_seen = |c: char| matches!(c, '\n' | '\t' | '\u{200d}') || !hidden(c);
    if text.chars().all(is_seen) { Ok(text.to_owned()) } else { Err(Broken::rule("hidden-character")) }
}

fn instant(text: &str, zone: &TimeZone) -> Result<Timestamp, &'static str> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| "instant")?;
    zone.to_timestamp(local).map_err(|_| "instant")
}

/// A form that a room can parse.
pub trait Parse: Sized {
    /// Takes every field of the form, so that all problems are found at once.
    fn parse(fields: &mut Fields) -> Option<Self>;
}
