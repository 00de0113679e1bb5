//! Back-ups of keys whose days are over are removed.

use super::Error;
use super::manifest::Manifest;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fs;
use std::path::{Path, PathBuf};

/// What the names of their folders begin with, and what stands before the day.
const KEYS: &str = "ziyun-keys-";
const BY: &str = "-delete-by-";

/// Removes, below `to`, back-ups of keys that may not be kept at this instant. Answers their folders. Whose manifest cannot
/// be read is told by the day in its name.
///
/// # Errors
/// [`Error::File`].
pub fn prune(to: &Path, now: Timestamp) -> Result<Vec<PathBuf>, Error> {
    let mut gone = Vec::new();
    for entry in fs::read_dir(to).map_err(Error::of(to))? {
        let path = entry.map_err(Error::of(to))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with(KEYS) || !path.is_dir() {
            continue;
        }
        let until = Manifest::read(&path).ok().and_then(|manifest| manifest.delete_by).or_else(|| day(&name));
        if until.is_some_and(|until| until <= now) {
            fs::remove_dir_all(&path).map_err(Error::of(&path))?;
            gone.push(path);
        }
    }
    gone.sort();
    Ok(gone)
}

fn day(name: &str) -> Option<Timestamp> {
    let (_, day) = name.split_once(BY)?;
    TimeZone::UTC.to_timestamp(Date::strptime("%Y%m%d", day).ok()?.at(0, 0, 0, 0)).ok()
}
