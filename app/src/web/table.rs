//! Tables as files that a spreadsheet opens: workbooks, and CSV (RFC 4180) in UTF-8 with the mark that tells spreadsheets so.

use super::attachment::file;
use super::error::Error;
use super::text::Words;
use axum::response::Response;
use kit::sheet::{Cell, Column, Sheet, WriteError, XLSX, write};
use std::borrow::Cow;
use std::io::Cursor;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// What tells a spreadsheet that a file is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A table in the making, row by row.
pub struct Text(csv::Writer<Vec<u8>>);

impl Text {
    /// One with this head.
    ///
    /// # Errors
    /// 500.
    pub fn new<S: AsRef<str>>(head: &[S]) -> Result<Self, Error> {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(MARK.to_vec());
        writer.write_record(head.iter().map(AsRef::as_ref)).map_err(Error::fault)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    ///
    /// # Errors
    /// 500 when it has another number of cells than the head.
    pub fn push<S: AsRef<str>>(&mut self, row: &[S]) -> Result<(), Error> {
        self.0.write_record(row.iter().map(|cell| inert(cell.as_ref()).into_owned())).map_err(Error::fault)
    }

    /// As a file of this name.
    ///
    /// # Errors
    /// 500.
    pub fn finish(self, name: &str) -> Result<Response, Error> {
        let content = self.0.into_inner().map_err(Error::fault)?;
        Ok(file("text/csv; charset=utf-8", &format!("{name}.csv"), content))
    }
}

/// A table as a file of this name.
///
/// # Errors
/// 500 when a row has another number of cells than the head.
pub fn csv(name: &str, head: &[&str], rows: &[Vec<String>]) -> Result<Response, Error> {
    let mut table = Text::new(head)?;
    rows.iter().try_for_each(|row| table.push(row))?;
    table.finish(name)
}

/// Columns by the keys of their titles, and how many characters wide they are.
pub fn columns(words: &Words, all: &[(&str, u16)]) -> Vec<Column> {
    let column =
        |(key, width): &(&str, u16)| Column { title: words.text(key, &[]), width: *width, ..Column::default() };
    all.iter().map(column).collect()
}

/// Rows that go into a workbook together.
type Rows = Vec<Vec<Cell<'static>>>;

/// A workbook of one sheet in the making. Rows come some at a time, and are written as they come: what has been read waits for the
/// writer, and the reader for it, so that any number of rows takes little memory.
pub struct Book {
    rows: mpsc::Sender<Rows>,
    writing: JoinHandle<Result<Vec<u8>, WriteError>>,
}

impl Book {
    /// One with a sheet of this name.
    pub fn new(sheet: String, columns: Vec<Column>) -> Self {
        let (rows, mut receive) = mpsc::channel::<Rows>(1);
        let writing = tokio::task::spawn_blocking(move || {
            let rows = std::iter::from_fn(|| receive.blocking_recv()).flatten();
            let mut content = Cursor::new(Vec::new());
            write(Sheet { name: sheet, columns, rows }, &mut content).map(|()| content.into_inner())
        });
        Self { rows, writing }
    }

    /// Adds rows. Why they cannot be written is told at the end.
    pub async fn push(&mut self, rows: Rows) {
        let _ = self.rows.send(rows).await;
    }

    /// As a file of this name.
    ///
    /// # Errors
    /// 500 when it cannot be written.
    pub async fn finish(self, name: &str) -> Result<Response, Error> {
        drop(self.rows);
        let content = self.writing.await.map_err(Error::fault)?.map_err(Error::fault)?;
        Ok(file(XLSX, &format!("{name}.xlsx"), content))
    }
}

/// A cell that no spreadsheet takes for a formula: what begins like one stands behind an apostrophe (OWASP, CSV injection).
/// Blanks and the mark of byte order before it are looked through, as some spreadsheets do.
fn inert(cell: &str) -> Cow<'_, str> {
    let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let acts = start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|']);
    let steers = cell.starts_with(['\t', '\r', '\n']);
    if acts || steers { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in
            ["=1+1", "+1", "-2", "@SUM(A1)", " =cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1", "\u{feff}=1", "|x"]
        {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        for plain in ["", "PIPL 13(1)(2)", "手机号", "a=b", "2026-11-20", "'=1"] {
            assert_eq!(inert(plain), plain);
        }
    }
}
