//! Tables as Office Open XML has them (ECMA-376). The archive is unpacked once into nothing, to see how much it holds; then
//! cells are read one by one, and only those that stand in the first sheet that one sees.

use super::read::{Bounds, Filling, Flaw, Table};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::{Cursor, Read, copy, sink};
use zip::ZipArchive;

/// The most parts of a workbook: one with a hundred sheets and as many pictures has some five hundred.
const PARTS: usize = 1_000;

pub(super) fn read(content: &[u8], bounds: &Bounds) -> Result<Table, Flaw> {
    measure(content, bounds.unpacked)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(content)).map_err(flaw)?;
    let sheets = book.sheets_metadata().iter();
    let mut seen = sheets.filter(|one| one.visible == SheetVisible::Visible && one.typ == SheetType::WorkSheet);
    let name = seen.next().ok_or(Flaw::Empty)?.name.clone();
    let mut cells = book.worksheet_cells_reader(&name).map_err(flaw)?;
    let mut filling = Filling::new(bounds);
    let mut last = 0;
    while let Some(cell) = cells.next_cell().map_err(flaw)? {
        let (row, column) = cell.get_position();
        // A file that no program has written: rows stand in order.
        if row < last {
            return Err(Flaw::Broken);
        }
        last = row;
        if let Some(text) = text(cell.get_value()) {
            filling.put(row.saturating_add(1), column as usize, &text)?;
        }
    }
    Ok(filling.table())
}

/// Unpacks all parts into nothing, within a limit: what the archive says of their sizes is only said.
fn measure(content: &[u8], most: u64) -> Result<(), Flaw> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| Flaw::Broken)?;
    if archive.len() > PARTS {
        return Err(Flaw::Packed);
    }
    let is_workbook = archive.index_for_name("xl/workbook.xml").is_some();
    let mut left = most;
    for at in 0..archive.len() {
        if archive.by_index_raw(at).map_err(|_| Flaw::Broken)?.encrypted() {
            return Err(Flaw::Encrypted);
        }
        let part = archive.by_index(at).map_err(|_| Flaw::Broken)?;
        let size = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| Flaw::Broken)?;
        left = left.checked_sub(size).ok_or(Flaw::Packed)?;
    }
    if is_workbook { Ok(()) } else { Err(Flaw::Kind) }
}

fn text(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        // Without an exponent, as a number that was typed: Rust writes none.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn flaw(error: XlsxError) -> Flaw {
    match error {
        XlsxError::Password => Flaw::Encrypted,
        _ => Flaw::Broken,
    }
}
