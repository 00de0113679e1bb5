//! Tables as text: comma, semicolon or tabulator between the cells (RFC 4180), in the encodings that spreadsheet programs write.

use super::read::{Bounds, Filling, Flaw, Table};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, GB18030, UTF_8};

pub(super) fn read(content: &[u8], bounds: &Bounds) -> Result<Table, Flaw> {
    // The reader counts the line of a row from the first half of the line end before it.
    let text = text(content)?.replace("\r\n", "\n");
    let delimiter = delimiter(&text);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let (mut filling, mut record) = (Filling::new(bounds), StringRecord::new());
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(filling.table()),
            Ok(true) => {}
            Err(error) if matches!(error.kind(), ErrorKind::Utf8 { .. }) => return Err(Flaw::Encoding),
            Err(_) => return Err(Flaw::Broken),
        }
        let number = record.position().map_or(0, csv::Position::line);
        let number = u32::try_from(number).map_err(|_| Flaw::TooManyRows)?;
        for (column, cell) in record.iter().enumerate() {
            filling.put(number, column, cell)?;
        }
    }
}

/// UTF-8 or UTF-16 by their mark, else UTF-8 where it is that, else GB 18030, which Chinese editions of spreadsheets write
/// without saying so.
fn text(content: &[u8]) -> Result<String, Flaw> {
    let (encoding, is_marked) = match Encoding::for_bom(content) {
        Some((encoding, _)) => (encoding, true),
        None if std::str::from_utf8(content).is_ok() => (UTF_8, false),
        None => (GB18030, false),
    };
    // Text has none; other kinds of files have many.
    if !is_marked && content.contains(&0) {
        return Err(Flaw::Kind);
    }
    let (text, _, is_wrong) = encoding.decode(content);
    let is_binary = text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
    match (is_wrong, is_binary) {
        (true, _) => Err(Flaw::Encoding),
        (false, true) => Err(Flaw::Kind),
        (false, false) => Ok(text.into_owned()),
    }
}

/// The one that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let often = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    [b'\t', b';', b','].into_iter().max_by_key(often).unwrap_or(b',')
}
