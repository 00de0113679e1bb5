//! Reading what was handed in, apart (`crate::apart`), as `ziyun sheet`: out comes the table as JSON, or what is wrong with the file.

use crate::apart::{Ended, confine, decode};
use crate::web::{Broken, Error};
use bytes::Bytes;
use kit::sheet::{Bounds, Flaw, Table, read};
use std::io::{self, Read, Write};
use std::path::Path;

/// The most rows of a list, without its head. A company has two hundred people at most; some stand in it who are there already.
pub const ROWS: usize = 500;

/// How much of a file is read.
const BOUNDS: Bounds =
    Bounds { bytes: 4 * 1024 * 1024, unpacked: 64 * 1024 * 1024, rows: ROWS + 1, columns: 40, cell: 1_000 };

/// Address space of the process, in bytes: what is unpacked at most, several times, beside the gigabyte that the allocator sets
/// aside at once and does not touch.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// Seconds of a processor that it may use.
const SECONDS: u64 = 10;

/// Reads a file by this program.
///
/// # Errors
/// The rule that it breaks; 500 when the program cannot be started.
pub async fn table(program: &Path, content: Bytes) -> Result<Result<Table, Broken>, Error> {
    // What would be refused anyway is not carried to another process.
    if content.len() > BOUNDS.bytes {
        return Ok(Err(broken(Flaw::TooLarge)));
    }
    Ok(match decode(program, &["sheet"], content).await? {
        Ended::Made(made) => serde_json::from_slice(&made).map_err(|_| broken(Flaw::Broken)),
        Ended::Refused(told) => Err(broken(serde_json::from_slice(&told).unwrap_or(Flaw::Broken))),
        Ended::Failed => Err(broken(Flaw::Broken)),
        Ended::Stopped => Err(broken(Flaw::Packed)),
    })
}

fn broken(flaw: Flaw) -> Broken {
    match flaw {
        Flaw::TooLarge => Broken::rule("sheet-too-large").with("most", BOUNDS.bytes / 1024 / 1024),
        Flaw::Kind => Broken::rule("sheet-kind"),
        Flaw::Old => Broken::rule("sheet-old"),
        Flaw::Encrypted => Broken::rule("sheet-encrypted"),
        Flaw::Packed => Broken::rule("sheet-packed"),
        Flaw::Broken => Broken::rule("sheet-broken"),
        Flaw::Encoding => Broken::rule("sheet-encoding"),
        Flaw::TooManyRows => Broken::rule("sheet-too-many-rows").with("most", ROWS),
        Flaw::TooManyColumns => Broken::rule("sheet-too-many-columns").with("most", BOUNDS.columns),
        Flaw::LongCell => Broken::rule("sheet-long-cell").with("most", BOUNDS.cell),
        Flaw::Empty => Broken::rule("sheet-empty"),
    }
}

/// What `ziyun sheet` does: limits itself, reads a file, writes the table. True: it was read.
///
/// # Errors
/// When it cannot limit itself, read or write.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<bool> {
    confine(MEMORY, SECONDS)?;
    let mut content = Vec::new();
    input.take(BOUNDS.bytes as u64 + 1).read_to_end(&mut content)?;
    let table = read(&content, &BOUNDS);
    match &table {
        Ok(table) => serde_json::to_writer(&mut output, table)?,
        Err(flaw) => serde_json::to_writer(&mut output, flaw)?,
    }
    output.flush()?;
    Ok(table.is_ok())
}
