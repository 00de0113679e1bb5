//! Where a back-up is being made: `TO/part`, renamed when it is whole. What a kill left there is removed by the next.

use super::Error;
use super::manifest::Manifest;
use super::summed::flush;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Begun, and not yet a back-up.
pub struct Stage {
    to: PathBuf,
    part: PathBuf,
    _lock: File,
}

impl Stage {
    /// Makes room below `to`, for the program's own user alone.
    pub fn begin(to: &Path) -> Result<Self, Error> {
        let made = |path: &Path| DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(Error::of(path));
        made(to)?;
        let lock = to.join("lock");
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(&lock).map_err(Error::of(&lock))?;
        if file.try_lock().is_err() {
            return Err(Error::Refused(format!("another back-up is being made in {}", to.display())));
        }
        let part = to.join("part");
        if part.exists() {
            fs::remove_dir_all(&part).map_err(Error::of(&part))?;
        }
        made(&part.join("tables"))?;
        Ok(Self { to: to.to_owned(), part, _lock: file })
    }

    /// Where its files go.
    pub fn folder(&self) -> &Path {
        &self.part
    }

    /// Writes the manifest and gives the folder its name.
    pub fn finish(self, manifest: &Manifest) -> Result<PathBuf, Error> {
        flush(&self.part.join("tables"))?;
        manifest.write(&self.part)?;
        flush(&self.part)?;
        let folder = self.to.join(manifest.folder());
        fs::rename(&self.part, &folder).map_err(Error::of(&folder))?;
        flush(&self.to)?;
        Ok(folder)
    }
}
