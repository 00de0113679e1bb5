//! Files with their length and SHA-256, written durably and read in constant memory.

use super::Error;
use aws_lc_rs::digest::{Context, SHA256, digest};
use futures::TryStreamExt;
use kit::blobs::Pieces;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Length and hash of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// Of bytes in memory.
pub fn sum_of(bytes: &[u8]) -> Sum {
    Sum { bytes: bytes.len() as u64, sha256: hex::encode(digest(&SHA256, bytes)) }
}

/// Of a blob, read piece by piece.
///
/// # Errors
/// What its store says.
pub async fn sum_of_pieces(mut pieces: Pieces) -> Result<Sum, Error> {
    let (mut hash, mut bytes) = (Context::new(&SHA256), 0);
    while let Some(piece) = pieces.try_next().await? {
        hash.update(&piece);
        bytes += piece.len() as u64;
    }
    Ok(Sum { bytes, sha256: hex::encode(hash.finish()) })
}

/// Of a file.
///
/// # Errors
/// [`Error::File`].
pub fn sum(path: &Path) -> Result<Sum, Error> {
    let mut file = File::open(path).map_err(Error::of(path))?;
    let (mut hash, mut bytes, mut part) = (Context::new(&SHA256), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut part).map_err(Error::of(path))?;
        if read == 0 {
            return Ok(Sum { bytes, sha256: hex::encode(hash.finish()) });
        }
        hash.update(&part[..read]);
        bytes += read as u64;
    }
}

impl Sum {
    /// Whether a file is what was written.
    ///
    /// # Errors
    /// [`Error::Damaged`] with the file's name, [`Error::File`].
    pub fn check(&self, path: &Path) -> Result<(), Error> {
        let found = match sum(path) {
            Err(Error::File { why, .. }) if why.kind() == io::ErrorKind::NotFound => {
                return Err(Error::damaged(path, "it is not there"));
            }
            found => found?,
        };
        match () {
            () if found.bytes != self.bytes => {
                Err(Error::damaged(path, format!("it has {} bytes instead of {}", found.bytes, self.bytes)))
            }
            () if found.sha256 != self.sha256 => Err(Error::damaged(path, "its checksum is another")),
            () => Ok(()),
        }
    }
}

/// A file being written, for its owner only.
pub struct Writer {
    path: PathBuf,
    out: BufWriter<File>,
    hash: Context,
    bytes: u64,
}

impl Writer {
    /// Begins the file anew.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn create(path: &Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(Error::of(path))?;
        let out = BufWriter::with_capacity(1 << 18, file);
        Ok(Self { path: path.to_owned(), out, hash: Context::new(&SHA256), bytes: 0 })
    }

    /// Goes on.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write(&mut self, part: &[u8]) -> Result<(), Error> {
        self.hash.update(part);
        self.bytes += part.len() as u64;
        self.out.write_all(part).map_err(Error::of(&self.path))
    }

    /// Ends it, durably.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn finish(self) -> Result<Sum, Error> {
        let Self { path, out, hash, bytes } = self;
        let file = out.into_inner().map_err(|error| Error::of(&path)(error.into_error()))?;
        file.sync_all().map_err(Error::of(&path))?;
        Ok(Sum { bytes, sha256: hex::encode(hash.finish()) })
    }
}

/// Writes a small file durably.
///
/// # Errors
/// [`Error::File`].
pub fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    let mut writer = Writer::create(path)?;
    writer.write(content)?;
    writer.finish().map(drop)
}

/// Names in a folder are as durable as the files.
///
/// # Errors
/// [`Error::File`].
pub fn flush(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::of(folder))
}
