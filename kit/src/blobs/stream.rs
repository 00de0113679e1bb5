//! Blobs that are larger than what memory is for: put, read and copied in pieces, whichever store they lie in.
//!
//! A folder takes a file of this machine by a link, so that nothing is written twice; a bucket takes it in parts, and shows
//! nothing before the last has come.

use super::{BlobName, Blobs, Error, about, place};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt};
use object_store::{ObjectStoreExt, PutMode, WriteMultipart};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What is longer goes to a bucket in parts of this length; S3 asks for 5 MB at least.
const PART: usize = 8 * 1024 * 1024;

/// How much of a file of this machine is read at a time.
const PIECE: usize = 256 * 1024;

/// So many parts are under way at the same time.
const AT_ONCE: usize = 2;

/// The bytes of a blob, piece by piece.
pub type Pieces = BoxStream<'static, Result<Bytes, Error>>;

impl Blobs {
    /// Puts the content of a file of this machine under a name that nobody has: all of it or nothing, durable when this
    /// returns. In a folder both are the same file from then on: the caller removes its own name for it, and changes it no more.
    ///
    /// # Errors
    /// [`Error::UnknownRegion`], [`Error::Exists`], [`Error::Store`].
    pub async fn put_file(&self, region: &str, name: BlobName, from: &Path) -> Result<(), Error> {
        if self.is_folder(region)? {
            let (from, to) = (from.to_owned(), place(&self.root, region, name));
            let linked = tokio::task::spawn_blocking(move || link(&from, &to)).await;
            return linked.map_err(io::Error::other).flatten().map_err(|source| failed(region, name, source));
        }
        let file = tokio::fs::File::open(from).await.map_err(|source| failed(region, name, source))?;
        let read = futures::stream::try_unfold((file, region.to_owned()), move |(mut file, of)| async move {
            let mut piece = BytesMut::with_capacity(PIECE);
            let read = file.read_buf(&mut piece).await.map_err(|source| failed(&of, name, source))?;
            Ok((read > 0).then(|| (piece.freeze(), (file, of))))
        });
        self.put_pieces(region, name, read.boxed()).await
    }

    /// Puts what comes piece by piece under a name that nobody has.
    async fn put_pieces(
        &self,
        region: &str,
        name: BlobName,
        mut pieces: impl Stream<Item = Result<Bytes, Error>> + Send + Unpin,
    ) -> Result<(), Error> {
        let (store, failed) = (self.store(region)?, |source| about(region, name, source));
        let mut first = BytesMut::new();
        while first.len() <= PART {
            let Some(piece) = pieces.try_next().await? else {
                let put = store.put_opts(&name.path(), first.freeze().into(), PutMode::Create.into()).await;
                return put.map(drop).map_err(failed);
            };
            first.extend_from_slice(&piece);
        }
        let upload = store.put_multipart(&name.path()).await.map_err(failed)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        upload.put(first.freeze());
        loop {
            let piece = match pieces.try_next().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => {
                    // What came so far is nobody's; a store that does not take it back sweeps it.
                    upload.abort().await.ok();
                    return Err(error);
                }
            };
            upload.wait_for_capacity(AT_ONCE).await.map_err(failed)?;
            upload.put(piece);
        }
        upload.finish().await.map(drop).map_err(failed)
    }

    /// Its length, and its bytes piece by piece.
    ///
    /// # Errors
    /// [`Error::UnknownRegion`], [`Error::Missing`], [`Error::Store`].
    pub async fn pieces(&self, region: &str, name: BlobName) -> Result<(u64, Pieces), Error> {
        let found = self.store(region)?.get(&name.path()).await.map_err(|source| about(region, name, source))?;
        let (size, region) = (found.meta.size, region.to_owned());
        let pieces = found.into_stream().map_err(move |source| about(&region, name, source));
        Ok((size, pieces.boxed()))
    }

    /// Copies a blob to a name that nobody has, of the same region or another. Answers its length and its SHA-256.
    ///
    /// # Errors
    /// As [`Blobs::pieces`]; [`Error::Exists`].
    pub async fn copy(
        &self,
        (from, old): (&str, BlobName),
        (to, new): (&str, BlobName),
    ) -> Result<(u64, [u8; 32]), Error> {
        let ((_, pieces), mut digest, mut size) = (self.pieces(from, old).await?, Digest::new(&SHA256), 0);
        let read = pieces.inspect_ok(|piece| {
            digest.update(piece);
            size += piece.len() as u64;
        });
        self.put_pieces(to, new, read).await?;
        Ok((size, digest.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")))
    }

    /// The blob as a file of this machine, to be read: itself where it lies in a folder, else a copy in the folder `beside`
    /// that has no name and is gone when it is closed.
    ///
    /// # Errors
    /// As [`Blobs::pieces`].
    pub async fn file(&self, region: &str, name: BlobName, beside: &Path) -> Result<File, Error> {
        if self.is_folder(region)? {
            return File::open(place(&self.root, region, name)).map_err(|source| failed(region, name, source));
        }
        let (_, mut pieces) = self.pieces(region, name).await?;
        let copy = nameless(beside).map_err(|source| failed(region, name, source))?;
        let mut writing = tokio::fs::File::from_std(copy.try_clone().map_err(|source| failed(region, name, source))?);
        while let Some(piece) = pieces.try_next().await? {
            writing.write_all(&piece).await.map_err(|source| failed(region, name, source))?;
        }
        writing.flush().await.map_err(|source| failed(region, name, source))?;
        io::Seek::rewind(&mut &copy).map_err(|source| failed(region, name, source))?;
        Ok(copy)
    }
}

/// Gives a file another name, durably, unless something has it.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    let missing = || io::Error::other("a blob lies in a folder");
    let folder = to.parent().ok_or_else(missing)?;
    let region = folder.parent().ok_or_else(missing)?;
    File::open(from)?.sync_all()?;
    fs::create_dir_all(folder)?;
    match fs::hard_link(from, to) {
        // Another file system: by way of a name that no list shows, as a put does it.
        Err(cause) if cause.kind() == io::ErrorKind::CrossesDevices => {
            let staged = PathBuf::from(format!("{}#0", to.display()));
            fs::copy(from, &staged)?;
            File::open(&staged)?.sync_all()?;
            let linked = fs::hard_link(&staged, to);
            fs::remove_file(&staged)?;
            linked?;
        }
        linked => linked?,
    }
    File::open(folder)?.sync_all()?;
    File::open(region)?.sync_all()
}

/// A file for reading and writing that no name leads to.
fn nameless(folder: &Path) -> io::Result<File> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("copy-{}-{number}", std::process::id()));
        match File::options().read(true).write(true).create_new(true).open(&path) {
            // Of one that was killed, or in a container of its own, where it has the same number.
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                let file = made?;
                fs::remove_file(&path)?;
                return Ok(file);
            }
        }
    }
}

fn failed(region: &str, name: BlobName, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::NotFound => Error::Missing { region: region.to_owned(), name },
        io::ErrorKind::AlreadyExists => Error::Exists { region: region.to_owned(), name },
        _ => about(region, name, object_store::Error::Generic { store: "files", source: Box::new(source) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blobs::Kept;
    use crate::random::Random;
    use aws_lc_rs::digest::digest;
    use object_store::memory::InMemory;
    use std::collections::BTreeMap;
    use std::io::Read;
    use std::sync::Arc;

    /// A folder, and what behaves as a bucket does.
    fn regions(root: &Path) -> Blobs {
        let folder = super::super::folder(root, "folder").unwrap();
        let stores: BTreeMap<_, _> = [
            ("folder".to_owned(), Kept { store: Arc::new(folder), is_folder: true }),
            ("bucket".to_owned(), Kept { store: Arc::new(InMemory::new()), is_folder: false }),
        ]
        .into();
        Blobs { stores: Arc::new(stores), root: root.to_owned() }
    }

    async fn all(blobs: &Blobs, region: &str, name: BlobName) -> Vec<u8> {
        let (size, mut pieces) = blobs.pieces(region, name).await.unwrap();
        let mut read = Vec::new();
        while let Some(piece) = pieces.try_next().await.unwrap() {
            read.extend_from_slice(&piece);
        }
        assert_eq!(read.len() as u64, size);
        read
    }

    #[tokio::test]
    async fn what_is_put_as_a_file_is_read_copied_and_opened_in_either_kind_of_store() {
        let root = tempfile::tempdir().unwrap();
        let blobs = regions(root.path());
        for (seed, length) in [(1, 0), (2, 70_000), (3, PART), (4, 2 * PART + 12_345)] {
            let content: Vec<u8> = (0..length).map(|at| (at % 253) as u8).collect();
            let from = root.path().join("part");
            fs::write(&from, &content).unwrap();
            let random = Random::seeded(seed);
            let (name, copied) = (BlobName::new(&random), BlobName::new(&random));
            for (region, other) in [("folder", "bucket"), ("bucket", "folder")] {
                blobs.put_file(region, name, &from).await.unwrap();
                assert!(all(&blobs, region, name).await == content, "{region} {length}");
                let told = blobs.copy((region, name), (other, copied)).await.unwrap();
                assert!(told.0 == length as u64 && told.1[..] == *digest(&SHA256, &content).as_ref());
                assert!(all(&blobs, other, copied).await == content, "{other} {length}");
                let mut read = Vec::new();
                blobs.file(region, name, root.path()).await.unwrap().read_to_end(&mut read).unwrap();
                assert!(read == content, "{region} {length}");
            }
            let again = blobs.put_file("folder", name, &from).await;
            assert!(matches!(again, Err(Error::Exists { .. })), "{again:?}");
            fs::remove_file(&from).unwrap();
        }
        let nobody = BlobName::new(&Random::seeded(9));
        for region in ["folder", "bucket"] {
            assert!(matches!(blobs.pieces(region, nobody).await.err(), Some(Error::Missing { .. })));
            assert!(matches!(blobs.file(region, nobody, root.path()).await.err(), Some(Error::Missing { .. })));
        }
        let names: Vec<_> = fs::read_dir(root.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(names, ["folder"], "nothing is left beside it");
    }
}
