//! Releases of other publishers, imported as notices: what `ziyun import ocds FILE…` does.
//!
//! A row is a release: in a release package, in a record (there the compiled release where none is embedded), alone, or in a line
//! of `{path, kind, data}`. Each becomes a notice or is reported with file, line, path, rule and way out; none is lost. Its id
//! follows from ocid and release id, so that importing again changes nothing. However large a file is, few rows of it are in
//! memory at a time. What is personal is dropped before anything is stored, and counted.

mod content;
mod file;
mod personal;
mod read;
mod spread;

use crate::reach::notice::Notice;
use crate::reach::notice::importing::{Fate, Outcome, Sums, keep};
use file::{Item, Unit};
use kit::db::{self, Db, Tx};
use serde::Serialize;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Rows of one unit.
const UNIT: usize = 500;

/// Units that may wait for the database.
const AHEAD: usize = 2;

/// What became of the rows of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In numbers.
    #[serde(flatten)]
    pub sums: Sums,
    /// Releases that records only link to; they are no rows.
    pub linked: usize,
    /// Personal things that were dropped.
    pub personal: usize,
}

/// What is to be said of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowReport {
    /// The file, as it was given.
    pub file: String,
    /// The line in the file, from 1; none where the file is one document.
    pub line: Option<usize>,
    /// Where in the line or document: `data/records/3/releases/0`.
    pub path: String,
    /// What became of the row.
    pub outcome: Outcome,
    /// The field; empty for the row as a whole.
    pub field: &'static str,
    /// The rule that it breaks, if one is broken: the texts are `ocds-rule-…` and `ocds-way-…`.
    pub rule: Option<&'static str>,
}

/// What is wrong with a row, or with a field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// The field; empty for the row as a whole.
    pub field: &'static str,
    /// The rule that it breaks.
    pub rule: Rule,
}

/// The rules of a row. Texts of rule and way out: `ocds-rule-CODE`, `ocds-way-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// It is whole JSON of at most 16 MiB.
    Object,
    /// It is a release, or a package with releases.
    Release,
    /// It holds the releases themselves.
    Linked,
    /// The field must be there and not empty.
    Missing,
    /// The field is a text.
    Text,
    /// The text is too long.
    TooLong,
    /// The time has a zone.
    Date,
    /// The sum is a number, zero or more.
    Amount,
}

impl Rule {
    /// All rules.
    pub const ALL: [Rule; 8] =
        [Rule::Object, Rule::Release, Rule::Linked, Rule::Missing, Rule::Text, Rule::TooLong, Rule::Date, Rule::Amount];

    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Rule::Object => "object",
            Rule::Release => "release",
            Rule::Linked => "linked",
            Rule::Missing => "missing",
            Rule::Text => "text",
            Rule::TooLong => "too-long",
            Rule::Date => "date",
            Rule::Amount => "amount",
        }
    }
}

/// Why an import ended early. Units written before stand; the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("{file}: {why}")]
    File {
        /// Which.
        file: String,
        /// What the system says.
        why: io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Imports a file. `tell` gets, after each unit, what has become of the rows so far and what is to be said of those of the unit.
///
/// # Errors
/// When the file or the database fails; see [`Error`].
pub async fn import(db: &Db, path: &Path, mut tell: impl FnMut(&Report, &[RowReport])) -> Result<Report, Error> {
    let name = path.display().to_string();
    let (sender, mut units) = mpsc::channel(AHEAD);
    let path = path.to_owned();
    let reading =
        tokio::task::spawn_blocking(move || file::read(&path, UNIT, |unit| sender.blocking_send(unit).is_ok()));
    let mut report = Report::default();
    while let Some(Unit { items, linked }) = units.recv().await {
        let items = Arc::new(items);
        let theirs = items.clone();
        let write = move |tx: &mut Tx| {
            let notices: Vec<&Notice> = theirs.iter().filter_map(Item::notice).collect();
            if notices.is_empty() { Ok::<_, db::Error>(Vec::new()) } else { keep(tx, &notices) }
        };
        let fates = db.write(write).await?;
        report.linked += linked;
        let told = report.settle(&name, &items, fates);
        tell(&report, &told);
    }
    let broken = |why| Error::File { file: name.clone(), why };
    reading.await.map_err(|why| broken(io::Error::other(why)))?.map_err(broken)?;
    Ok(report)
}

impl Report {
    /// Adds another file's.
    pub fn add(&mut self, other: &Report) {
        self.sums.add(&other.sums);
        self.linked += other.linked;
        self.personal += other.personal;
    }

    /// Counts what became of the rows of a unit, and answers what is to be said of them. `fates`: of those that are notices.
    fn settle(&mut self, file: &str, items: &[Item], fates: Vec<Fate>) -> Vec<RowReport> {
        let (mut fates, mut told) = (fates.into_iter(), Vec::new());
        for item in items {
            self.sums.read += 1;
            let mut say = |outcome, field, rule: Option<Rule>| {
                let (file, line, path) = (file.to_owned(), item.line, item.path.clone());
                told.push(RowReport { file, line, path, outcome, field, rule: rule.map(Rule::code) });
            };
            let found = match &item.content {
                Ok(found) => found,
                Err(flaw) => {
                    self.sums.refused += 1;
                    say(Outcome::Refused, flaw.field, Some(flaw.rule));
                    continue;
                }
            };
            self.personal += found.personal;
            match fates.next() {
                Some(Fate::Unchanged) => self.sums.unchanged += 1,
                Some(Fate::Conflict) => {
                    self.sums.conflicts += 1;
                    say(Outcome::Conflict, "", None);
                }
                Some(Fate::Imported) | None => {
                    self.sums.imported += 1;
                    self.sums.remarks += found.remarks.len();
                    found.remarks.iter().for_each(|flaw| say(Outcome::Remark, flaw.field, Some(flaw.rule)));
                }
            }
        }
        told
    }
}
