//! Files that no row names are removed: a kill between a file and its row leaves one, and so does a bid that came too late.
//!
//! A file is written before its row, so one without a row may belong to a request or a job under way. None lasts as long
//! as [`AGE`]: what is older is nobody's. Rooms say which of their tables name files ([`crate::web::Room::files`]); the
//! age of a file is told by the machine's clock, which wrote it, whatever clock the program has.

use crate::app::App;
use crate::folders::uploads;
use crate::web::Error;
use jiff::{SignedDuration, Timestamp};
use kit::blobs::BlobName;
use kit::clock::Clock;
use kit::db::{self, Tx, Value};
use kit::id::Id;
use kit::values;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// How old a file without a row is when it is removed.
pub const AGE: SignedDuration = SignedDuration::from_hours(24);

/// How often somebody looks.
pub const EVERY: SignedDuration = SignedDuration::from_hours(6);

/// Its name among what is done now and then.
const CHORE: &str = "files.sweep";

/// How many files one statement asks for.
const TOGETHER: usize = 64;

impl App {
    /// Looks for old files without a row, if it is time, and removes them. Answers how many.
    ///
    /// # Errors
    /// 503 when a store cannot be reached; the rest is removed the next time.
    pub(crate) async fn sweep(&self) -> Result<usize, Error> {
        if !self.db().read::<_, db::Error>(is_due).await? || !self.db().write::<_, db::Error>(take).await? {
            return Ok(0);
        }
        let now = Clock::system().now();
        let before = now.checked_sub(AGE).unwrap_or(now);
        let (mut removed, mut failed) = (0, None);
        for region in self.blobs().regions() {
            // One store that is away does not keep the others from being swept.
            match self.sweep_region(region, before).await {
                Ok(count) => removed += count,
                Err(error) => failed = Some(error),
            }
        }
        match self.sweep_uploads(before).await {
            Ok(count) => removed += count,
            Err(error) => failed = Some(error),
        }
        failed.map_or(Ok(removed), Err)
    }

    /// What a kill has left of uploads and of openings: old, and not of an upload that goes on.
    async fn sweep_uploads(&self, before: Timestamp) -> Result<usize, Error> {
        let folder = uploads(self.config());
        let old = tokio::task::spawn_blocking(move || older(&folder, before));
        let mut removed = 0;
        for path in old.await.map_err(Error::fault)?.map_err(Error::busy)? {
            let upload = path.file_name().and_then(|name| name.to_str()?.parse::<Id<()>>().ok());
            let goes_on = match upload {
                Some(upload) => self.db().read::<_, db::Error>(move |tx| is_under_way(tx, upload)).await?,
                None => false,
            };
            if !goes_on {
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                gone.map_err(Error::busy)?;
                removed += 1;
            }
        }
        if removed > 0 {
            tracing::info!(files = removed, "recovered: old parts of uploads are removed");
        }
        Ok(removed)
    }

    async fn sweep_region(&self, region: &str, before: Timestamp) -> Result<usize, Error> {
        let old = self.blobs().older(region, before).await.map_err(Error::busy)?;
        let mut removed = 0;
        for names in old.chunks(TOGETHER) {
            let named = self.named(names).await?;
            for name in names.iter().filter(|name| !named.contains(&name.to_string())) {
                self.blobs().delete(region, *name).await.map_err(Error::busy)?;
                removed += 1;
            }
        }
        let cut_off = self.blobs().remove_cut_off(region, before).await.map_err(Error::busy)?;
        if removed + cut_off > 0 {
            tracing::info!(region, files = removed, cut_off, "recovered: old files that no row names are removed");
        }
        Ok(removed + cut_off)
    }

    /// Which of these a row names.
    async fn named(&self, names: &[BlobName]) -> Result<HashSet<String>, db::Error> {
        let tables: Vec<_> = self.rooms().iter().flat_map(|room| room.files).copied().collect();
        let asked: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.db()
            .read(move |tx| {
                let mut named = HashSet::new();
                for table in &tables {
                    named.extend(named_in(tx, table, &asked)?);
                }
                Ok(named)
            })
            .await
    }
}

/// What lies in a folder since before this instant.
fn older(folder: &Path, before: Timestamp) -> io::Result<Vec<PathBuf>> {
    let mut old = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let written = Timestamp::try_from(entry.metadata()?.modified()?).map_err(io::Error::other)?;
        if written < before {
            old.push(entry.path());
        }
    }
    Ok(old)
}

/// Whether an upload is not whole, and goes on as soon as its bidder does.
fn is_under_way(tx: &mut Tx, upload: Id<()>) -> Result<bool, db::Error> {
    let sql = "SELECT u.id FROM bid_upload u JOIN bid b ON b.id = u.bid \
               WHERE u.id = $1 AND u.received < u.length AND b.state = 'sealed'";
    Ok(tx.first(sql, values![upload], |row| row.next::<Id<()>>())?.is_some())
}

fn named_in(tx: &mut Tx, table: &str, names: &[String]) -> Result<Vec<String>, db::Error> {
    let places: Vec<_> = (1..=TOGETHER).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT blob FROM {table} WHERE blob IN ({})", places.join(", "));
    // Fixed sizes keep the statement cached: the last name stands for those that are missing.
    let filled = (0..TOGETHER).filter_map(|at| names.get(at).or(names.last()));
    let filled: Vec<Value> = filled.map(|name| Value::from(name.as_str())).collect();
    tx.all(&sql, &filled, |row| row.next())
}

fn is_due(tx: &mut Tx) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "SELECT name FROM chore WHERE name = $1 AND due <= $2";
    Ok(tx.first(sql, values![CHORE, now], |row| row.next::<String>())?.is_some())
}

/// Of several processes one is the first.
fn take(tx: &mut Tx) -> Result<bool, db::Error> {
    let now = tx.now();
    let next = now.checked_add(EVERY).unwrap_or(now);
    Ok(tx.execute("UPDATE chore SET due = $1 WHERE name = $2 AND due <= $3", values![next, CHORE, now])? == 1)
}
