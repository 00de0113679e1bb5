//! What is old: blobs that may have lost their row, and what a put that was cut off has left.
//!
//! Both are told by the time that the store gave them, which is the machine's.

use super::{BlobName, Blobs, Error};
use futures::TryStreamExt;
use jiff::Timestamp;
use std::fs;
use std::io;
use std::path::Path;

impl Blobs {
    /// The names of the blobs of a region that were written before this instant, sorted.
    ///
    /// # Errors
    /// [`Error::UnknownRegion`], [`Error::List`].
    pub async fn older(&self, region: &str, before: Timestamp) -> Result<Vec<BlobName>, Error> {
        let failed = |source| Error::List { region: region.to_owned(), source };
        let (mut found, mut names) = (self.store(region)?.list(None), Vec::new());
        while let Some(meta) = found.try_next().await.map_err(failed)? {
            if meta.last_modified.timestamp_micros() < before.as_microsecond() {
                names.extend(BlobName::at(&meta.location));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Removes what puts have left that were cut off before this instant: files beside the blobs that no list shows. A
    /// bucket keeps a whole object or none. Answers how many.
    ///
    /// # Errors
    /// [`Error::UnknownRegion`], [`Error::Folder`].
    pub async fn remove_cut_off(&self, region: &str, before: Timestamp) -> Result<usize, Error> {
        if !self.is_folder(region)? {
            return Ok(0);
        }
        let folder = self.root.join(region);
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| Error::Folder {
            region: region.to_owned(),
            folder: folder.clone(),
            source,
        };
        let work = tokio::task::spawn_blocking({
            let folder = folder.clone();
            move || cut_off(&folder, before)
        });
        work.await.map_err(|e| failed(e.into()))?.map_err(|e| failed(e.into()))
    }
}

/// A local store writes `NAME#1` and then links it to `NAME`.
fn cut_off(region: &Path, before: Timestamp) -> io::Result<usize> {
    let mut removed = 0;
    for folder in fs::read_dir(region)? {
        let folder = folder?;
        if !folder.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let written = Timestamp::try_from(file.metadata()?.modified()?).map_err(io::Error::other)?;
            if file.file_name().to_string_lossy().contains('#') && written < before {
                fs::remove_file(file.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}
