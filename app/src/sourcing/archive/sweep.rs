//! Archives whose time is over go, and what a kill has left of one that was being written.

use super::Archive;
use super::job::folder;
use super::store;
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db;
use kit::id::Id;
use std::io;
use std::path::{Path, PathBuf};

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let old = app.db().read::<_, db::Error>(store::outlived).await?;
        let mut done = old.len();
        if done > 0 {
            let unit = move |tx: &mut db::Tx| old.iter().try_for_each(|id| store::end(tx, *id));
            app.db().write::<_, db::Error>(unit).await?;
        }
        for (id, path) in parts(&folder(&app)).map_err(Error::busy)? {
            if !app.db().read::<_, db::Error>(move |tx| store::is_wanted(tx, id)).await? {
                remove(&path).map_err(Error::busy)?;
                done += 1;
            }
        }
        Ok(done)
    }
    .boxed()
}

/// What lies in the folder of those that are being written.
fn parts(folder: &Path) -> io::Result<Vec<(Id<Archive>, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.extend(name.get(..36).and_then(|id| id.parse().ok()).map(|id| (id, path)));
    }
    Ok(found)
}

/// Removes a file. One that is gone already is as good.
fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
