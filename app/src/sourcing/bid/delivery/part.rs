//! The file that an upload is appended to. One request at a time writes to it, whichever process serves it; what lies beyond the offset
//! that was told is nobody's, and is cut off by the next.

use super::Delivery;
use crate::app::App;
use crate::folders::uploads;
use crate::web::Error;
use bytes::Bytes;
use http::StatusCode;
use kit::id::Id;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of an upload, held by one request. It is let go of when this is dropped.
pub struct Part {
    file: Arc<File>,
    path: PathBuf,
}

/// The path of an upload's file.
pub fn path(app: &App, id: Id<Delivery>) -> PathBuf {
    uploads(app.config()).join(id.to_string())
}

/// How much of an upload lies on the disk, as far as its row has told.
pub fn present(app: &App, id: Id<Delivery>, told: u64) -> u64 {
    // Brought back from a back-up the row may be there without the file.
    std::fs::metadata(path(app, id)).map_or(0, |file| file.len()).min(told)
}

impl Part {
    /// Opens it, or makes it.
    ///
    /// # Errors
    /// 423 `upload-under-way` while another request writes to it; 503, 507.
    pub async fn open(app: &App, id: Id<Delivery>) -> Result<Self, Error> {
        let path = path(app, id);
        let opened = tokio::task::spawn_blocking(move || opened(&path).map(|file| (file, path)));
        match opened.await.map_err(Error::fault)? {
            Ok((Some(file), path)) => Ok(Self { file: Arc::new(file), path }),
            Ok((None, _)) => Err(Error::of(StatusCode::LOCKED, "upload-under-way")),
            Err(cause) => Err(failed(&cause)),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file, for who reads it.
    pub fn file(&self) -> Arc<File> {
        self.file.clone()
    }

    /// Writes bytes at their place.
    ///
    /// # Errors
    /// 503, 507.
    pub async fn write(&self, at: u64, bytes: Bytes) -> Result<(), Error> {
        self.work(move |file| file.write_all_at(&bytes, at)).await
    }

    /// Waits until all that was written is on the disk.
    ///
    /// # Errors
    /// 503, 507.
    pub async fn settle(&self) -> Result<(), Error> {
        self.work(File::sync_data).await
    }

    /// Cuts off what lies beyond this.
    ///
    /// # Errors
    /// 503.
    pub async fn cut(&self, length: u64) -> Result<(), Error> {
        self.work(move |file| file.set_len(length)).await
    }

    async fn work(&self, what: impl FnOnce(&File) -> io::Result<()> + Send + 'static) -> Result<(), Error> {
        let file = self.file.clone();
        let done = tokio::task::spawn_blocking(move || what(&file)).await;
        done.map_err(Error::fault)?.map_err(|cause| failed(&cause))
    }
}

/// None while another has it.
fn opened(path: &Path) -> io::Result<Option<File>> {
    let is_new = !path.exists();
    let Some(file) = held(path)? else { return Ok(None) };
    // Cut off between link and row it is a blob as well, and a row whose fate was unknown may name that by now: it is changed no more.
    let is_shared = file.metadata()?.nlink() > 1;
    let file = if is_shared { apart(&file, path)? } else { Some(file) };
    if let (true, Some(folder)) = (is_new || is_shared, path.parent()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

fn held(path: &Path) -> io::Result<Option<File>> {
    let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        // Who held it until now may have put another in its place: this one is a blob then, and nothing else.
        Ok(()) => Ok(is_at(&file, path)?.then_some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => Err(cause),
    }
}

/// Whether a path still leads to this file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match std::fs::metadata(path) {
        Ok(there) => file.metadata().map(|own| (own.dev(), own.ino()) == (there.dev(), there.ino())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// Puts a copy in the place of a file that is held, and holds that.
fn apart(file: &File, path: &Path) -> io::Result<Option<File>> {
    let beside = path.with_extension("copy");
    let Some(copy) = held(&beside)? else { return Ok(None) };
    copy.set_len(0)?;
    io::copy(&mut &*file, &mut &copy)?;
    copy.sync_all()?;
    std::fs::rename(beside, path)?;
    Ok(Some(copy))
}

/// A disk without room is said to be that: who uploads goes on later, where the offset says.
fn failed(cause: &io::Error) -> Error {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Error::of(StatusCode::INSUFFICIENT_STORAGE, "upload-no-room")
        }
        _ => Error::busy(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_a_blob_as_well_is_changed_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let (path, blob) = (folder.path().join("part"), folder.path().join("blob"));
        std::fs::write(&path, b"whole").unwrap();
        std::fs::hard_link(&path, &blob).unwrap();
        let file = opened(&path).unwrap().unwrap();
        assert!(opened(&path).unwrap().is_none(), "it is held");
        file.set_len(2).unwrap();
        assert_eq!((std::fs::read(&path).unwrap(), std::fs::read(&blob).unwrap()), (b"wh".to_vec(), b"whole".to_vec()));
        drop(file);
        assert!(opened(&path).unwrap().is_some(), "and let go of");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
