//! Lists that are handed in as spreadsheets (名册, 企业名单): what is the same whatever their rows are about.
//!
//! A file is read in a process of its own ([`sheet`]), and not kept. Its rows lie on a [`Shelf`]: shown first, and carried out by
//! a job once somebody has said so ([`carry`]), each row's outcome stored in the unit of its effect. What is still kept of a list
//! goes a day after it is over, or when its time is ([`sweep`]). This is no room: whose a list is, and what its rows do, the rooms
//! say.

mod carry;
mod list;
mod names;
mod sheet;
mod shelf;
mod sweep;

pub use carry::{Carrier, Turn, run};
pub use list::{Counts, State, Summary};
pub use names::{Names, column};
pub use sheet::{ROWS, serve as read_sheet, table};
pub use shelf::Shelf;
pub use sweep::sweep;

use crate::app::App;
use crate::web::attachment::file;
use crate::web::{Context, Error};
use axum::response::Response;
use kit::id::Id;
use kit::sheet::{Cell, Column, Sheet, XLSX, write};
use std::io::Cursor;
use vault::{Sealed, Subject};

/// A list that was handed in.
pub struct Import;

/// Whom a row is about: a subject of their own, their address sealed, and its keyed index.
pub type Whom = (Id<Subject>, Sealed<vault::Email>, [u8; 32]);

/// Rows of one page.
const PAGE: usize = 100;

/// The page of a list's rows that a request asks for, and the address of the next.
///
/// # Errors
/// 400 for a cursor that is none.
pub fn paged<T>(
    app: &App,
    context: &Context,
    (place, id): (&str, Id<Import>),
    rows: Vec<T>,
    number: impl Fn(&T) -> i64,
) -> Result<(Vec<T>, Option<String>), Error> {
    let bound = format!("list {id}");
    let after = match context.parameter("after") {
        Some(cursor) => app.cursors().open(&cursor, &bound)?.0,
        None => 0,
    };
    let mut rows: Vec<_> = rows.into_iter().filter(|row| number(row) > after).collect();
    let is_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| is_more).map(number);
    let next = last.map(|number| format!("{place}/{id}?after={}", app.cursors().seal(number, id.as_bytes(), &bound)));
    Ok((rows, next))
}

/// A workbook with one sheet, to be kept.
///
/// # Errors
/// 500 when it cannot be written.
pub fn handed(sheet: &str, name: &str, columns: Vec<Column>, rows: Vec<Vec<Cell<'static>>>) -> Result<Response, Error> {
    let mut content = Cursor::new(Vec::new());
    write(Sheet { name: sheet.to_owned(), columns, rows }, &mut content).map_err(Error::fault)?;
    Ok(file(XLSX, &format!("{name}.xlsx"), content.into_inner()))
}
