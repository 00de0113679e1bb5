//! Reading a table, whatever it came in.

use super::{csv, xlsx};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// How much of a table is read.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all its parts, unpacked.
    pub unpacked: u64,
    /// Rows with something in them, the head among them.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Characters of a cell.
    pub cell: usize,
}

/// A row with something in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, as the program that wrote it counts: from 1, empty rows too.
    pub number: u32,
    /// Its cells from the first column on, [`plain`]; what is missing at the end is empty.
    pub cells: Vec<String>,
}

impl Line {
    /// A cell, empty where the row has none.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }
}

/// What stands in a file: the rows of its first sheet that one sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// In the order of the file.
    pub lines: Vec<Line>,
}

/// Why a file is no table for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// More bytes than may be sent.
    TooLarge,
    /// Neither xlsx nor csv.
    Kind,
    /// An xls file, of the time before 2007, whatever its name says.
    Old,
    /// It opens with a password only.
    Encrypted,
    /// It unpacks to more than may be held.
    Packed,
    /// It cannot be read.
    Broken,
    /// Text in neither UTF-8, UTF-16 nor GB 18030.
    Encoding,
    /// More rows than are read.
    TooManyRows,
    /// Something stands further to the right than is read.
    TooManyColumns,
    /// A cell with more characters than are read.
    LongCell,
    /// Nothing stands in it.
    Empty,
}

impl Flaw {
    /// Its name.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Kind => "kind",
            Self::Old => "old",
            Self::Encrypted => "encrypted",
            Self::Packed => "packed",
            Self::Broken => "broken",
            Self::Encoding => "encoding",
            Self::TooManyRows => "too-many-rows",
            Self::TooManyColumns => "too-many-columns",
            Self::LongCell => "long-cell",
            Self::Empty => "empty",
        }
    }
}

/// Where compound files begin: xls, and everything that is encrypted by an office program ([MS-CFB] 2.2).
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The stream that an encrypted document stands in ([MS-OFFCRYPTO] 2.3.4.4), as its directory has it.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// Reads a file. What it is, its content says, never its name.
///
/// # Errors
/// The first [`Flaw`].
pub fn read(content: &[u8], bounds: &Bounds) -> Result<Table, Flaw> {
    if content.len() > bounds.bytes {
        return Err(Flaw::TooLarge);
    }
    let table = if content.starts_with(b"PK\x03\x04") {
        xlsx::read(content, bounds)?
    } else if content.starts_with(COMPOUND) {
        let is_encrypted = content.windows(ENCRYPTED.len()).any(|part| part == ENCRYPTED);
        return Err(if is_encrypted { Flaw::Encrypted } else { Flaw::Old });
    } else {
        csv::read(content, bounds)?
    };
    if table.lines.is_empty() { Err(Flaw::Empty) } else { Ok(table) }
}

/// A table in the making, within its bounds.
pub(super) struct Filling<'b> {
    table: Table,
    bounds: &'b Bounds,
}

impl<'b> Filling<'b> {
    pub fn new(bounds: &'b Bounds) -> Self {
        Self { table: Table::default(), bounds }
    }

    /// Puts a text into a cell; rows come in order, columns count from 0. An empty cell is none.
    pub fn put(&mut self, number: u32, column: usize, text: &str) -> Result<(), Flaw> {
        // What is longer in bytes than its bound in characters can be has no need to be looked at.
        if text.len() > self.bounds.cell.saturating_mul(4) {
            return Err(Flaw::LongCell);
        }
        let text = plain(text);
        if text.is_empty() {
            return Ok(());
        }
        if text.chars().count() > self.bounds.cell {
            return Err(Flaw::LongCell);
        }
        if column >= self.bounds.columns {
            return Err(Flaw::TooManyColumns);
        }
        let cells = &mut self.line(number)?.cells;
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
        Ok(())
    }

    fn line(&mut self, number: u32) -> Result<&mut Line, Flaw> {
        if self.table.lines.last().is_none_or(|last| last.number != number) {
            if self.table.lines.len() >= self.bounds.rows {
                return Err(Flaw::TooManyRows);
            }
            self.table.lines.push(Line { number, cells: Vec::new() });
        }
        Ok(self.table.lines.last_mut().expect("one was pushed"))
    }

    pub fn table(self) -> Table {
        self.table
    }
}

/// A cell's text as it was meant: full-width letters and digits as their plain ones (Unicode's compatibility form), blanks of
/// every width as spaces, characters that nobody sees left out, and the apostrophe that keeps a program from computing.
pub fn plain(text: &str) -> String {
    let is_seen = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
    let spaced = |c: char| if c.is_whitespace() || c.is_control() { ' ' } else { c };
    let text: String = text.nfkc().filter(is_seen).map(spaced).collect();
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '|']) => rest.trim().to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
