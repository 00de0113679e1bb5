//! SQLite's log is put into its file beside the writer. SQLite itself does so within a commit, and whoever writes waits until
//! the disk has all of it: tens of milliseconds again and again under load.
//!
//! A thread copies most of the log while commits go on. What they added meanwhile, a few pages, the writer copies after its
//! next commit: only where nothing is left does the log begin anew.

use crossbeam_channel::{Sender, unbounded};
use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

/// How many pages of 4 KB the log holds before they are put into the file. Pages that many commits change, as those of
/// indexes are, are put there once.
pub const LOG: u32 = 8_000;

/// The log has grown to so many times that size although somebody copies it: the writer waits and does it itself.
const TIMES: u32 = 8;

/// Nobody copies.
const RESTS: u8 = 0;
/// The thread copies.
const COPIES: u8 = 1;
/// The thread has copied: the rest is the writer's.
const COPIED: u8 = 2;

/// Has the log of this writer copied as described. The thread ends with the connection, and has none open while it waits.
pub fn beside(writer: &mut Connection, path: &Path) -> Result<(), rusqlite::Error> {
    at(LOG, writer, path)
}

/// The same with a log of so many pages.
fn at(full: u32, writer: &mut Connection, path: &Path) -> Result<(), rusqlite::Error> {
    let stage = Arc::new(AtomicU8::new(RESTS));
    let begin = copier(path.to_owned(), stage.clone());
    writer.wal_hook(Some(move |log: &mut Wal, pages: std::ffi::c_int| {
        let pages = u32::try_from(pages).unwrap_or(0);
        let stands = stage.load(Ordering::Acquire);
        if pages >= full && (stands == COPIED || pages >= full * TIMES) {
            // Where it fails the log stays as it is, and the next commit tries again. The commit itself has happened.
            log.checkpoint().ok();
            stage.compare_exchange(COPIED, RESTS, Ordering::AcqRel, Ordering::Acquire).ok();
        } else if pages >= full && stands == RESTS {
            stage.store(COPIES, Ordering::Release);
            if begin.send(()).is_err() {
                stage.store(COPIED, Ordering::Release);
            }
        }
        Ok(())
    }))
}

/// Copies each time that it is told to. Without the thread the writer copies everything.
fn copier(path: PathBuf, stage: Arc<AtomicU8>) -> Sender<()> {
    let (begin, told) = unbounded();
    let run = move || {
        let mut failed = false;
        while told.recv().is_ok() {
            let copied = copy(&path);
            if let Err(why) = &copied
                && !failed
            {
                tracing::warn!(%why, "the database's log could not be put into its file; the writer tries it");
            }
            failed = copied.is_err();
            stage.store(COPIED, Ordering::Release);
        }
    };
    drop(thread::Builder::new().name("sqlite-log".into()).spawn(run));
    begin
}

fn copy(path: &Path) -> Result<(), rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    /// What the log of these tests holds.
    const FULL: u32 = 100;

    fn writer(path: &Path) -> Connection {
        let mut writer = Connection::open(path).expect("a database");
        writer
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE filled (bytes BYTEA)")
            .expect("a table");
        at(FULL, &mut writer, path).expect("a hook");
        writer
    }

    /// A row of ten pages and some.
    fn fill(writer: &Connection) {
        writer.execute("INSERT INTO filled (bytes) VALUES (zeroblob(40960))", []).expect("a row");
    }

    fn rows(connection: &Connection) -> i64 {
        connection.query_row("SELECT count(*) FROM filled", [], |row| row.get(0)).expect("a number")
    }

    /// How often the log has begun anew: its header counts that.
    fn beginnings(path: &Path) -> u32 {
        let log = std::fs::read(format!("{}-wal", path.display())).expect("a log");
        u32::from_be_bytes(log[12..16].try_into().expect("four bytes"))
    }

    #[test]
    fn the_log_is_copied_and_begins_anew_while_commits_go_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.db");
        let writer = writer(&path);
        let (mut written, end) = (0, Instant::now() + Duration::from_secs(60));
        while beginnings(&path) < 3 && Instant::now() < end {
            fill(&writer);
            written += 1;
        }
        assert!(beginnings(&path) >= 3, "after {written} rows the log has begun {} times", beginnings(&path));
        drop(writer);
        assert_eq!(rows(&Connection::open(&path).expect("it opens")), written);
    }

    #[test]
    fn a_reader_that_stays_holds_nobody_up_and_sees_what_it_saw() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.db");
        let writer = writer(&path);
        fill(&writer);
        let reader = Connection::open(&path).expect("a reader");
        reader.execute_batch("BEGIN").expect("a snapshot");
        let before = rows(&reader);
        (0..4 * FULL / 10).for_each(|_| fill(&writer));
        assert_eq!(rows(&reader), before);
        reader.execute_batch("ROLLBACK").expect("the snapshot ends");
        assert_eq!(rows(&reader), 1 + i64::from(4 * FULL / 10));
    }
}
