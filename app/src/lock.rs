//! One process at a time writes to an embedded database: whoever does holds a lock on a file beside it.

use crate::config::Config;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How long a command waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);

/// Held until dropped. A process that dies loses it.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

/// Why the folder cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process works there.
    #[error(
        "{folder} is in use by {holder}: an embedded database has one process at a time; stop that one, or use \
         PostgreSQL (database_url), where any number may run (waited 5 s)",
        folder = folder.display()
    )]
    Held {
        /// The data folder.
        folder: PathBuf,
        /// As the other process wrote it.
        holder: String,
    },
    /// The folder cannot be used.
    #[error("{path}: {why}", path = path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
}

/// Takes the lock of the embedded database's folder, which is made if need be; waits 5 s for it. A server needs none.
///
/// # Errors
/// [`Error::Held`] when another process keeps it, [`Error::Folder`].
pub fn hold(config: &Config, command: &str) -> Result<Lock, Error> {
    let Some(folder) = config.embedded() else { return Ok(Lock { _file: None }) };
    let path = folder.join("lock");
    let failed = |why| Error::Folder { path: path.clone(), why };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    if !take(&file).map_err(failed)? {
        return Err(Error::Held { folder: folder.to_owned(), holder: holder(&path) });
    }
    let line = format!("`ziyun {command}`, process {}\n", std::process::id());
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(line.as_bytes())).map_err(failed)?;
    Ok(Lock { _file: Some(file) })
}

fn take(file: &File) -> Result<bool, std::io::Error> {
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
    match text.trim() {
        line if read.is_ok() && !line.is_empty() => line.to_owned(),
        _ => "another process".to_owned(),
    }
}
