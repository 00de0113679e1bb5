//! What a start finds of a process that was killed before it, what it repairs, and that it says so: one line each.
//!
//! Most of it needs no repair: a unit of work stands whole or not at all, and the embedded database takes in its log when
//! it is opened. Claims on jobs are freed at once, instead of when their leases run out. Files without a row are removed
//! later, when no unit can name them any more ([`crate::sweep`]).

use crate::app::App;
use crate::config::Config;
use kit::{db, job};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file of the node's folder that is there while a process of the node runs.
const MARK: &str = "running";

/// What lies there before anything is opened.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The process that did not end in order, as it wrote it.
    killed: Option<String>,
    /// Logs of embedded databases that had not been taken in: name and bytes.
    logs: Vec<(&'static str, u64)>,
}

impl Found {
    /// Looks; changes nothing.
    pub fn look(config: &Config) -> Self {
        let killed = fs::read_to_string(config.node_dir.join(MARK)).ok().map(|text| text.trim().to_owned());
        let databases =
            [("the database", &config.database_url), ("the key database", &config.key_database_url)].into_iter();
        let logs = databases.filter_map(|(name, url)| Some((name, log_of(url)?))).collect();
        Self { killed, logs }
    }
}

/// The bytes of an embedded database's log, if there are any.
fn log_of(url: &str) -> Option<u64> {
    let log = format!("{}-wal", url.strip_prefix("sqlite:")?);
    fs::metadata(Path::new(&log)).ok().map(|log| log.len()).filter(|bytes| *bytes > 0)
}

/// Stands in the node's folder as long as it lives; what finds it later knows that nobody ended in order.
#[derive(Debug)]
pub struct Running(PathBuf);

impl Running {
    /// Leaves the mark.
    ///
    /// # Errors
    /// What the system says.
    pub fn mark(config: &Config) -> Result<Self, io::Error> {
        let file = config.node_dir.join(MARK);
        fs::write(&file, format!("process {}\n", std::process::id()))?;
        Ok(Self(file))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A mark that stays costs a line in the next log.
        let _ = fs::remove_file(&self.0);
    }
}

impl App {
    /// Repairs what a process of this node left behind that was killed, and says what. On an embedded database nobody else
    /// is at work, and so nobody's claim still holds. Answers how many claims were freed.
    ///
    /// # Errors
    /// [`db::Error`].
    pub async fn recover(&self, found: &Found) -> Result<usize, db::Error> {
        if let Some(process) = &found.killed {
            tracing::info!(process, "the process before this one did not end in order; all that was committed stands");
            for (database, bytes) in &found.logs {
                tracing::info!(database, bytes, "recovered: its log was taken in");
            }
        }
        let (worker, alone) = (self.worker().clone(), self.config().embedded().is_some());
        let freed = self.db().write::<_, db::Error>(move |tx| job::free(tx, &worker, alone)).await?;
        if freed > 0 {
            tracing::info!(jobs = freed, "recovered: jobs that it had begun are begun anew");
        }
        Ok(freed)
    }
}
