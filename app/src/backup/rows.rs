//! Rows of a table as bytes: for each column a tag and, after it, nothing (NULL), eight bytes (BIGINT, little-endian), or a
//! length of four bytes and the content (TEXT, BYTEA).

use super::Error;
use super::summed::{Sum, Writer};
use kit::db::{self, Row, Table, Tx, Value};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// Copies a table into a file. Answers the number of rows.
///
/// # Errors
/// [`Error::Db`], [`Error::File`].
pub fn copy(tx: &mut Tx, table: &Table, path: &Path) -> Result<(u64, Sum), Error> {
    let (mut writer, mut rows, mut bytes) = (Writer::create(path)?, 0, Vec::new());
    let (mut failed, width) = (None, table.columns.len());
    let sql = format!("SELECT {} FROM \"{}\"", names(&table.columns), table.name);
    let walked = tx.each(&sql, |row| {
        bytes.clear();
        encode(row, width, &mut bytes)?;
        rows += 1;
        writer.write(&bytes).map_err(|error| {
            failed = Some(error);
            db::Error::Engine("the copy cannot be written".into())
        })
    });
    match failed {
        Some(error) => Err(error),
        None => walked.map_err(Error::from).and_then(|()| Ok((rows, writer.finish()?))),
    }
}

/// Columns as statements name them.
pub fn names(columns: &[String]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

fn encode(row: &mut Row<'_>, width: usize, out: &mut Vec<u8>) -> Result<(), db::Error> {
    for _ in 0..width {
        match row.next::<Value>()? {
            Value::Null => out.push(NULL),
            Value::Int(number) => {
                out.push(INT);
                out.extend_from_slice(&number.to_le_bytes());
            }
            Value::Text(text) => content(TEXT, text.as_bytes(), out)?,
            Value::Bytes(bytes) => content(BYTES, &bytes, out)?,
        }
    }
    Ok(())
}

fn content(tag: u8, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), db::Error> {
    let length = u32::try_from(bytes.len()).map_err(|_| db::Error::Engine("a value of more than 4 GB".into()))?;
    out.push(tag);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// The rows of a file, one after the other.
pub struct Rows {
    path: PathBuf,
    file: BufReader<File>,
    width: usize,
    left: u64,
}

impl Rows {
    /// Opens it; its checksum was compared before.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn open(path: &Path, width: usize, rows: u64) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::of(path))?;
        Ok(Self { path: path.to_owned(), file: BufReader::with_capacity(1 << 18, file), width, left: rows })
    }

    /// The next rows, at most so many; none at the end.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the file has fewer or other things, [`Error::File`].
    pub fn next(&mut self, most: usize) -> Result<Vec<Vec<Value>>, Error> {
        let mut rows = Vec::new();
        while rows.len() < most && self.left > 0 {
            let row: io::Result<Vec<_>> = (0..self.width).map(|_| decode(&mut self.file)).collect();
            rows.push(row.map_err(|why| match why.kind() {
                io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
                    Error::damaged(&self.path, why.to_string())
                }
                _ => Error::of(&self.path)(why),
            })?);
            self.left -= 1;
        }
        Ok(rows)
    }
}

fn decode(file: &mut impl Read) -> io::Result<Value> {
    let [tag] = array(file)?;
    Ok(match tag {
        NULL => Value::Null,
        INT => Value::Int(i64::from_le_bytes(array(file)?)),
        TEXT => Value::Text(String::from_utf8(bytes(file)?).map_err(|_| io::ErrorKind::InvalidData)?),
        BYTES => Value::Bytes(bytes(file)?),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    })
}

fn array<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes).map(|()| bytes)
}

fn bytes(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = u64::from(u32::from_le_bytes(array(file)?));
    let mut bytes = Vec::new();
    // A length that lies takes no more memory than the file has bytes.
    let read = file.take(length).read_to_end(&mut bytes)?;
    if read as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
