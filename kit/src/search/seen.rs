//! What an index is known to hold without opening it.

use super::Error;
use std::io;
use std::path::Path;

/// The cursor of the last commit in this folder, without taking it from the process that uses it; `None` where there is
/// no index yet.
///
/// # Errors
/// [`Error::Folder`] when the folder cannot be read or is damaged.
pub fn committed(dir: &Path) -> Result<Option<i64>, Error> {
    let metas = dir.join("files").join("meta.json");
    if !metas.exists() {
        return Ok(None);
    }
    let metas: serde_json::Value = serde_json::from_slice(&std::fs::read(metas)?).map_err(io::Error::other)?;
    Ok(Some(metas["payload"].as_str().and_then(|cursor| cursor.parse().ok()).unwrap_or(0)))
}
