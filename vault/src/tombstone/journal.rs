//! The journal of tombstones: a file that is only ever appended to, one JSON line for each erasure,
//! `{"subject":"…","at":"…","sum":"…"}`. `sum` is the first half of a SHA-256 over the other two.
//!
//! Whoever appends holds a lock on the file, first cuts off a last line that was torn by a kill or a power cut (nobody was
//! told that it stands), and flushes what they wrote. So a line that does not hold and is not the last was damaged later.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Tombstone;

/// Far more than a line has: how far back the end of the last whole line is looked for.
const LINE: u64 = 1024;

/// Where the journal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal(PathBuf);

/// Why the journal cannot be relied on.
#[derive(Debug, Error)]
pub enum JournalError {
    /// There is no such file.
    #[error("the journal of tombstones {} is not there", .0.display())]
    Missing(PathBuf),
    /// A line that is not the last does not hold.
    #[error("the journal of tombstones {}, line {line}, is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// It cannot be read or written.
    #[error("the journal of tombstones {}: {why}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
}

/// A line as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    subject: String,
    at: Timestamp,
    sum: String,
}

impl Line {
    fn of(stone: &Tombstone) -> Line {
        let (subject, at) = (stone.subject.to_string(), stone.at);
        Line { sum: sum(&subject, at), subject, at }
    }

    fn read(text: &str) -> Option<Tombstone> {
        let line: Line = serde_json::from_str(text).ok()?;
        let holds = line.sum == sum(&line.subject, line.at);
        Some(Tombstone { subject: line.subject.parse().ok().filter(|_| holds)?, at: line.at })
    }
}

fn sum(subject: &str, at: Timestamp) -> String {
    let hash = digest(&SHA256, format!("ziyun tombstone\n{subject}\n{at}\n").as_bytes());
    hex::encode(&hash.as_ref()[..16])
}

impl Journal {
    /// The journal in this file, which is made with the first line.
    pub fn at(path: impl Into<PathBuf>) -> Journal {
        Journal(path.into())
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Appends durably. A subject that has a line already may get another. Blocks.
    ///
    /// # Errors
    /// [`JournalError::Io`]; none of these is acknowledged then, and all may be appended again.
    pub fn append(&self, stones: &[Tombstone]) -> Result<(), JournalError> {
        let mut text = String::new();
        for stone in stones {
            text.push_str(&serde_json::to_string(&Line::of(stone)).expect("texts are JSON"));
            text.push('\n');
        }
        self.write(text.as_bytes()).map_err(|why| self.failed(why))
    }

    /// Appends one durably, off the async threads.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn note(&self, stone: Tombstone) -> Result<(), JournalError> {
        let journal = self.clone();
        let written = tokio::task::spawn_blocking(move || journal.append(&[stone]));
        written.await.unwrap_or_else(|why| Err(self.failed(io::Error::other(why))))
    }

    /// What was acknowledged, in the order of the file; a last line without its end was not. Blocks.
    ///
    /// # Errors
    /// [`JournalError::Missing`], [`JournalError::Damaged`], [`JournalError::Io`].
    pub fn read(&self) -> Result<Vec<Tombstone>, JournalError> {
        let file = File::open(&self.0).map_err(|why| self.failed(why))?;
        let (mut lines, mut line, mut stones) = (BufReader::new(file), Vec::new(), Vec::new());
        for number in 1.. {
            line.clear();
            let read = lines.by_ref().take(LINE).read_until(b'\n', &mut line).map_err(|why| self.failed(why))?;
            if read == 0 || (line.last() != Some(&b'\n') && read < LINE as usize) {
                break;
            }
            let stone = std::str::from_utf8(&line).ok().and_then(Line::read);
            stones.push(stone.ok_or_else(|| JournalError::Damaged { path: self.0.clone(), line: number })?);
        }
        Ok(stones)
    }

    fn write(&self, text: &[u8]) -> io::Result<()> {
        let is_new = !self.0.exists();
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.0)?;
        file.lock()?;
        cut_torn(&mut file)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(text)?;
        file.sync_all()?;
        if is_new {
            // The name of a new file is as durable as its content.
            let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn failed(&self, why: io::Error) -> JournalError {
        match why.kind() {
            io::ErrorKind::NotFound => JournalError::Missing(self.0.clone()),
            _ => JournalError::Io { path: self.0.clone(), why },
        }
    }
}

/// Cuts off what stands after the end of the last whole line.
fn cut_torn(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(LINE);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(LINE).read_to_end(&mut tail)?;
    match tail.iter().rposition(|byte| *byte == b'\n') {
        Some(at) if at + 1 == tail.len() => Ok(()),
        Some(at) => file.set_len(from + at as u64 + 1),
        None if from == 0 => file.set_len(0),
        None => Err(io::Error::new(io::ErrorKind::InvalidData, "its last line has no end: it is damaged")),
    }
}
