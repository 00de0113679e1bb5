//! Writing a workbook that every spreadsheet program opens. Rows are taken one by one and go to a file on the disk, so that
//! a table of any length is written in little memory.

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, ExcelDateTime, Format, FormatAlign, Note, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::io::{Seek, Write};

/// Why a workbook could not be written: the disk is full, or it has more rows than a sheet can hold.
#[derive(Debug, thiserror::Error)]
#[error("a workbook could not be written")]
pub struct WriteError(#[from] XlsxError);

/// A value in a cell. Text stays text, whatever it begins with: none is a formula, and leading zeros stay.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'t> {
    /// Nothing.
    Empty,
    /// Text.
    Text(Cow<'t, str>),
    /// A whole number, as a number.
    Number(i64),
    /// A day and a time by the clock on the wall, as a date that can be computed with.
    When(DateTime),
}

impl<'t, T: Into<Cow<'t, str>>> From<T> for Cell<'t> {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A column, and what its cells should be.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// What stands in the first row.
    pub title: String,
    /// How many characters wide.
    pub width: u16,
    /// What the program shows beside the title.
    pub note: Option<String>,
    /// What the program offers in its cells.
    pub rule: Option<Rule>,
}

/// What a program offers in the cells of a column. It takes other values too, and says so.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The values; together at most 255 characters, as programs have it.
    pub offered: Vec<String>,
    /// What it says of others.
    pub told: String,
}

/// A sheet: its name, columns, and rows in order.
pub struct Sheet<I> {
    /// At most 31 characters, none of `[]:*?/\`.
    pub name: String,
    /// From left to right.
    pub columns: Vec<Column>,
    /// The rows below the head.
    pub rows: I,
}

/// How many rows of an empty sheet have a [`Rule`].
const RULED: u32 = 1_000;

/// What a cell with an instant looks like.
const WHEN: &str = "yyyy-mm-dd hh:mm";

/// Writes a workbook with one sheet.
///
/// # Errors
/// [`WriteError`].
pub fn write<'t, I, R, W>(sheet: Sheet<I>, to: W) -> Result<(), WriteError>
where
    I: IntoIterator<Item = R>,
    R: IntoIterator<Item = Cell<'t>>,
    W: Write + Seek + Send,
{
    let mut book = Workbook::new();
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name(&sheet.name)?;
    page.set_freeze_panes(1, 0)?;
    let (head, when) = (Format::new().set_bold(), Format::new().set_num_format(WHEN).set_align(FormatAlign::Left));
    for (at, column) in (0..).zip(&sheet.columns) {
        page.set_column_width(at, f64::from(column.width))?;
        page.write_string_with_format(0, at, &column.title, &head)?;
        help(page, at, column)?;
    }
    for (row, cells) in (1..).zip(sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) => page.write_string(row, column, text)?,
                Cell::Number(number) => page.write_number(row, column, number as f64)?,
                Cell::When(at) => page.write_datetime_with_format(row, column, &instant(at)?, &when)?,
            };
        }
    }
    book.save_to_writer(to)?;
    Ok(())
}

/// As the format has it: a day before its first, 1900-01-01, is refused.
fn instant(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| u8::try_from(number).unwrap_or(0);
    let day = ExcelDateTime::from_ymd(u16::try_from(at.year()).unwrap_or(0), part(at.month()), part(at.day()))?;
    day.and_hms(at.hour().unsigned_abs().into(), part(at.minute()), part(at.second()))
}

fn help(page: &mut Worksheet, at: u16, column: &Column) -> Result<(), WriteError> {
    if let Some(note) = &column.note {
        page.insert_note(0, at, &Note::new(note).set_width(320).set_height(120))?;
    }
    if let Some(rule) = &column.rule {
        let offer = DataValidation::new()
            .allow_list_strings(&rule.offered)?
            .set_error_style(DataValidationErrorStyle::Information)
            .set_error_message(&rule.told)?;
        page.add_data_validation(1, at, RULED, at, &offer)?;
    }
    Ok(())
}
