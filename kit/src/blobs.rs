//! Files beside the database: written once under a random name, each in the region where it belongs: a folder, or a bucket
//! of an object store elsewhere.
//!
//! The order of a caller is: `put`, then the row that names the blob and holds its hash. A crash in between leaves a
//! blob without a row, which costs space and nothing else. A name is never written twice, so a reader sees all of a
//! blob or none of it.

mod old;
mod s3;
mod stream;

pub use s3::Bucket;
pub use stream::Pieces;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path as Folder, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode};

use crate::random::Random;

/// The name of one blob: 16 random bytes, written as 32 hexadecimal digits. It says nothing about content or owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName([u8; 16]);

impl BlobName {
    /// A fresh name.
    pub fn new(random: &Random) -> BlobName {
        BlobName(random.bytes())
    }

    /// The name that lies at this path, if it is one of ours.
    fn at(path: &Path) -> Option<BlobName> {
        path.as_ref().replace('/', "").parse().ok()
    }

    /// Two digits of folder keep every folder small; the rest is the file.
    fn path(self) -> Path {
        let name = self.to_string();
        Path::from_iter([&name[..2], &name[2..]])
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// The text is not 32 lower-case hexadecimal digits.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a blob name is 32 lower-case hexadecimal digits")]
pub struct BadName;

impl FromStr for BlobName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<BlobName, BadName> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadName)?;
        let name = BlobName(bytes);
        if name.to_string() == text { Ok(name) } else { Err(BadName) }
    }
}

/// What can go wrong with a blob; each names region and blob.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The region was not configured.
    #[error("region {region} keeps no blobs here; those that do: {known}")]
    UnknownRegion {
        /// As asked for.
        region: String,
        /// Those that exist, separated by commas.
        known: String,
    },
    /// A region's name cannot be a folder of its own.
    #[error("region {0:?} is no name for a folder: use small letters, digits and hyphens")]
    RegionName(String),
    /// The bucket of a region cannot be spoken to as it is described.
    #[error("the bucket {bucket} for blobs of region {region} cannot be used")]
    Bucket {
        /// The region.
        region: String,
        /// Its address and name.
        bucket: String,
        /// What is wrong with it.
        source: object_store::Error,
    },
    /// The folder of a region cannot be made or opened.
    #[error("the folder {folder} for blobs of region {region} cannot be opened")]
    Folder {
        /// The region.
        region: String,
        /// Its folder.
        folder: PathBuf,
        /// The file system's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A blob has this name already; nothing was written.
    #[error("blob {name} exists in region {region}; a blob is never overwritten, draw another name")]
    Exists {
        /// The region.
        region: String,
        /// The blob.
        name: BlobName,
    },
    /// No blob has this name.
    #[error("blob {name} is not in region {region}")]
    Missing {
        /// The region.
        region: String,
        /// The blob.
        name: BlobName,
    },
    /// The store failed; for a `put` nothing can be read under the name.
    #[error("blob {name} in region {region}: the store failed")]
    Store {
        /// The region.
        region: String,
        /// The blob.
        name: BlobName,
        /// The store's reason.
        source: object_store::Error,
    },
    /// The names in a region cannot be listed.
    #[error("the blobs of region {region} cannot be listed")]
    List {
        /// The region.
        region: String,
        /// The store's reason.
        source: object_store::Error,
    },
}

/// The blob stores of all regions.
#[derive(Clone, Debug)]
pub struct Blobs {
    stores: Arc<BTreeMap<String, Kept>>,
    /// Where the regions' folders are.
    root: PathBuf,
}

/// What a region's blobs lie in.
#[derive(Debug)]
struct Kept {
    store: Arc<dyn ObjectStore>,
    is_folder: bool,
}

impl Blobs {
    /// A folder `root/REGION` for each region, made when absent. Writes are on the disk when they return.
    ///
    /// # Errors
    /// [`Error::RegionName`], [`Error::Folder`].
    pub fn local(root: &Folder, regions: &[&str]) -> Result<Blobs, Error> {
        Self::open(root, regions.iter().map(|region| (*region, None)))
    }

    /// The same, but for regions that have a bucket. Nothing is asked of a bucket yet.
    ///
    /// # Errors
    /// As [`Blobs::local`]; [`Error::Bucket`].
    pub fn open<'r>(
        root: &Folder,
        regions: impl IntoIterator<Item = (&'r str, Option<&'r Bucket>)>,
    ) -> Result<Blobs, Error> {
        let mut stores = BTreeMap::new();
        for (region, bucket) in regions {
            let store: Arc<dyn ObjectStore> = match bucket {
                Some(bucket) => Arc::new(bucket.store(region)?),
                None => Arc::new(folder(root, region)?),
            };
            stores.insert(region.to_owned(), Kept { store, is_folder: bucket.is_none() });
        }
        Ok(Blobs { stores: Arc::new(stores), root: root.to_owned() })
    }

    /// The regions, sorted.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.stores.keys().map(String::as_str)
    }

    /// Where the regions' folders are; of one that has a bucket there is none.
    pub fn root(&self) -> &Folder {
        &self.root
    }

    /// Whether a region's blobs lie in a folder.
    ///
    /// # Errors
    /// [`Error::UnknownRegion`].
    pub fn is_folder(&self, region: &str) -> Result<bool, Error> {
        Ok(self.kept(region)?.is_folder)
    }

    /// Writes a blob that does not exist yet: all of it or nothing, durable when this returns.
    pub async fn put(&self, region: &str, name: BlobName, content: Bytes) -> Result<(), Error> {
        let store = self.store(region)?;
        let written = store.put_opts(&name.path(), content.into(), PutMode::Create.into()).await;
        written.map(|_| ()).map_err(|source| about(region, name, source))
    }

    /// The whole content.
    pub async fn get(&self, region: &str, name: BlobName) -> Result<Bytes, Error> {
        let found = self.store(region)?.get(&name.path()).await.map_err(|source| about(region, name, source))?;
        found.bytes().await.map_err(|source| about(region, name, source))
    }

    /// Whether it is there.
    pub async fn has(&self, region: &str, name: BlobName) -> Result<bool, Error> {
        match self.store(region)?.head(&name.path()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(source) => Err(about(region, name, source)),
        }
    }

    /// Removes a blob. One that is gone already is no error, so that a repeated job ends well.
    pub async fn delete(&self, region: &str, name: BlobName) -> Result<(), Error> {
        match self.store(region)?.delete(&name.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(about(region, name, source)),
        }
    }

    /// Whether the names of a region can be listed: asks for the first ones alone.
    pub async fn can_list(&self, region: &str) -> Result<(), Error> {
        let first = self.store(region)?.list(None).try_next().await;
        first.map(drop).map_err(|source| Error::List { region: region.to_owned(), source })
    }

    /// The names of all blobs of a region, sorted. Files that are not ours by name are left out.
    pub async fn list(&self, region: &str) -> Result<Vec<BlobName>, Error> {
        let found: Result<Vec<_>, _> = self.store(region)?.list(None).try_collect().await;
        let found = found.map_err(|source| Error::List { region: region.to_owned(), source })?;
        let mut names: Vec<BlobName> = found.iter().filter_map(|meta| BlobName::at(&meta.location)).collect();
        names.sort();
        Ok(names)
    }

    fn store(&self, region: &str) -> Result<&Arc<dyn ObjectStore>, Error> {
        Ok(&self.kept(region)?.store)
    }

    fn kept(&self, region: &str) -> Result<&Kept, Error> {
        self.stores.get(region).ok_or_else(|| {
            let known = self.stores.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            Error::UnknownRegion { region: region.to_owned(), known }
        })
    }
}

/// Whether a folder under this root has a blob, without opening the store.
pub fn is_there(root: &Folder, region: &str, name: BlobName) -> bool {
    place(root, region, name).is_file()
}

/// The file of a blob in a region's folder under this root.
pub fn place(root: &Folder, region: &str, name: BlobName) -> PathBuf {
    root.join(region).join(name.path().as_ref())
}

fn folder(root: &Folder, region: &str) -> Result<LocalFileSystem, Error> {
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if region.is_empty() || !region.bytes().all(sound) {
        return Err(Error::RegionName(region.to_owned()));
    }
    let folder = root.join(region);
    let failed = |source| Error::Folder { region: region.to_owned(), folder: folder.clone(), source };
    std::fs::create_dir_all(&folder).map_err(|e| failed(e.into()))?;
    // The folder's own entry must outlive a power cut as its blobs do.
    std::fs::File::open(root).and_then(|root| root.sync_all()).map_err(|e| failed(e.into()))?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|e| failed(e.into()))?;
    Ok(store.with_fsync(true))
}

fn about(region: &str, name: BlobName, source: object_store::Error) -> Error {
    let region = region.to_owned();
    match source {
        object_store::Error::AlreadyExists { .. } => Error::Exists { region, name },
        object_store::Error::NotFound { .. } => Error::Missing { region, name },
        source => Error::Store { region, name, source },
    }
}

#[cfg(test)]
mod tests;
