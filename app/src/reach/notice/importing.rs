//! Importing other sites' notices from files of JSON lines: what `ziyun import notices FILE…` does.
//!
//! Rows are written in units of at most 500, so that nobody waits for a whole file. A notice is known by its source and
//! its id there: reading a file again changes nothing, which is also how an interrupted import is resumed. A row that
//! cannot be a notice is reported and left out; the others stand.

use super::row::{Notice, Origin};
use super::source::{Flaw, Rule, SourceNotice, read};
use super::store;
use kit::db::{self, Db, Tx};
use kit::id::Id;
use serde::Serialize;
use std::io::{self, BufRead};

/// Rows of one unit.
const UNIT: usize = 500;

/// Bytes of a line that are kept; what is longer is refused by its length.
const LONGEST: u64 = (1 << 20) + 2;

/// What became of the rows of an import, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Rows read; blank lines are none. The sum of the four below.
    pub read: usize,
    /// Rows that are public notices now.
    pub imported: usize,
    /// Rows whose notice was there already, saying the same.
    pub unchanged: usize,
    /// Rows whose notice was there already, saying something else: the older stands, since notices are immutable.
    pub conflicts: usize,
    /// Rows that are no notices.
    pub refused: usize,
    /// Fields of imported rows that could not be read; the notices stand without them.
    pub remarks: usize,
}

impl Sums {
    /// Adds another file's.
    pub fn add(&mut self, other: &Sums) {
        self.read += other.read;
        self.imported += other.imported;
        self.unchanged += other.unchanged;
        self.conflicts += other.conflicts;
        self.refused += other.refused;
        self.remarks += other.remarks;
    }

    /// Whether every row is a notice now.
    pub fn is_whole(&self) -> bool {
        self.refused + self.conflicts == 0
    }
}

/// What became of the rows of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In numbers.
    #[serde(flatten)]
    pub sums: Sums,
    /// Fields that nobody reads, over all rows.
    pub unknown_fields: usize,
    /// The rows that need somebody's eye, in order.
    pub rows: Vec<RowReport>,
}

/// What is to be said of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowReport {
    /// The file, as it was given.
    pub file: String,
    /// The line in the file, from 1.
    pub line: usize,
    /// What became of the row.
    pub outcome: Outcome,
    /// The field; empty for the row as a whole.
    pub field: &'static str,
    /// The rule that it breaks, if one is broken: the texts are `import-rule-…` and `import-way-…`.
    pub rule: Option<&'static str>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is a public notice now, without the field named.
    Remark,
    /// Another version of the same notice stands.
    Conflict,
    /// It is no notice.
    Refused,
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

/// Imports a file. `progress` is told after each unit what has become of the rows so far.
///
/// # Errors
/// When the file or the database fails; see [`Error`].
pub async fn import(
    db: &Db,
    file: &str,
    reader: impl BufRead,
    mut progress: impl FnMut(&Report),
) -> Result<Report, Error> {
    let mut lines = Lines { reader, number: 0 };
    let mut report = Report::default();
    loop {
        let unit = lines.unit().map_err(|why| Error::File { file: file.to_owned(), why })?;
        if unit.is_empty() {
            return Ok(report);
        }
        report.sums.read += unit.len();
        let rows = report.sort(file, unit);
        let unit = move |tx: &mut Tx| {
            let notices: Vec<_> = rows.iter().map(|row| &row.notice).collect();
            Ok::<_, Error>((keep(tx, &notices)?, rows.clone()))
        };
        report.settle(file, db.write(unit).await?);
        progress(&report);
    }
}

/// A row that is a notice, with its line.
#[derive(Clone)]
struct Row {
    line: usize,
    notice: Notice,
    remarks: Vec<Flaw>,
}

/// What became of a notice that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is public now.
    Imported,
    /// It was there already, saying the same.
    Unchanged,
    /// It was there already, saying something else, which stands.
    Conflict,
}

/// Keeps those that are new, in this unit.
///
/// # Errors
/// [`db::Error`].
pub fn keep(tx: &mut Tx, notices: &[&Notice]) -> Result<Vec<Fate>, db::Error> {
    let ids: Vec<Id<Notice>> = notices.iter().map(|notice| notice.id).collect();
    let mut known = store::known(tx, &ids)?;
    let mut fates = Vec::with_capacity(notices.len());
    let mut fresh = Vec::new();
    for notice in notices {
        let print = fingerprint(notice);
        fates.push(match known.get(&notice.id) {
            None => Fate::Imported,
            Some(before) if *before == print => Fate::Unchanged,
            Some(_) => Fate::Conflict,
        });
        if known.insert(notice.id, print).is_none() {
            fresh.push((*notice).clone());
        }
    }
    store::insert(tx, &fresh)?;
    Ok(fates)
}

fn fingerprint(notice: &Notice) -> Option<[u8; 32]> {
    match &notice.origin {
        Origin::External { fingerprint, .. } => Some(*fingerprint),
        Origin::Own { .. } | Origin::List { .. } => None,
    }
}

impl Report {
    /// Adds another file's.
    pub fn add(&mut self, other: Report) {
        self.sums.add(&other.sums);
        self.unknown_fields += other.unknown_fields;
        self.rows.extend(other.rows);
    }

    /// Notes the rows that are no notices and hands on the others.
    fn sort(&mut self, file: &str, unit: Vec<Line>) -> Vec<Row> {
        let mut rows = Vec::with_capacity(unit.len());
        for line in unit {
            match line.text.and_then(|text| read(&text)) {
                Ok(notice) => rows.push(self.row(line.number, notice)),
                Err(flaw) => {
                    self.sums.refused += 1;
                    self.note(file, line.number, Outcome::Refused, flaw.field, Some(flaw.rule));
                }
            }
        }
        rows
    }

    fn row(&mut self, line: usize, notice: SourceNotice) -> Row {
        self.unknown_fields += notice.unknown_fields;
        Row { line, remarks: notice.remarks.clone(), notice: notice.into() }
    }

    /// Counts what became of the rows of a unit.
    fn settle(&mut self, file: &str, (fates, rows): (Vec<Fate>, Vec<Row>)) {
        for (fate, row) in fates.into_iter().zip(rows) {
            match fate {
                Fate::Unchanged => self.sums.unchanged += 1,
                Fate::Conflict => {
                    self.sums.conflicts += 1;
                    self.note(file, row.line, Outcome::Conflict, "", None);
                }
                Fate::Imported => {
                    self.sums.imported += 1;
                    self.sums.remarks += row.remarks.len();
                    for flaw in row.remarks {
                        self.note(file, row.line, Outcome::Remark, flaw.field, Some(flaw.rule));
                    }
                }
            }
        }
        self.rows.sort_by_key(|row| row.line);
    }

    fn note(&mut self, file: &str, line: usize, outcome: Outcome, field: &'static str, rule: Option<Rule>) {
        self.rows.push(RowReport { file: file.to_owned(), line, outcome, field, rule: rule.map(Rule::code) });
    }
}

struct Line {
    number: usize,
    text: Result<String, Flaw>,
}

struct Lines<R> {
    reader: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next rows, as many as a unit takes; none at the end of the file.
    fn unit(&mut self) -> io::Result<Vec<Line>> {
        let mut unit = Vec::new();
        while unit.len() < UNIT {
            let Some(line) = self.next()? else { break };
            unit.extend(Some(line).filter(|line| line.text.as_ref().map_or(true, |text| !text.trim().is_empty())));
        }
        Ok(unit)
    }

    fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let length = io::Read::take(&mut self.reader, LONGEST).read_until(b'\n', &mut bytes)?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        let whole = bytes.ends_with(b"\n") || (length as u64) < LONGEST;
        if !whole {
            self.reader.skip_until(b'\n')?;
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").filter(|_| self.number == 1).unwrap_or(&bytes);
        let text = std::str::from_utf8(bytes).ok().filter(|_| whole).map(str::to_owned);
        Ok(Some(Line { number: self.number, text: text.ok_or(Flaw { field: "", rule: Rule::Object }) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(usize, bool)> {
        let mut lines = Lines { reader: text, number: 0 };
        lines.unit().expect("readable").into_iter().map(|line| (line.number, line.text.is_ok())).collect()
    }

    #[test]
    fn lines_are_numbered_and_blank_ones_are_no_rows() {
        assert_eq!(lines(b"\xEF\xBB\xBF{}\r\n\n  \n{}"), [(1, true), (4, true)]);
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n\n"), []);
    }

    #[test]
    fn a_line_too_long_or_not_text_is_one_refused_row() {
        let long = [vec![b'a'; 3 << 20], b"\n{}\n".to_vec()].concat();
        assert_eq!(lines(&long), [(1, false), (2, true)]);
        assert_eq!(lines(b"\xFF\xFE\n{}\n"), [(1, false), (2, true)]);
    }
}
