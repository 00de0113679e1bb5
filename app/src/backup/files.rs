//! The files that rows name: of a folder linked where disks allow it, else copied; of a bucket linked from the newest back-up
//! beside this one, since a file never changes, else fetched.

use super::check::files;
use super::manifest::{BlobFile, FILE, FILES};
use super::summed::{Sum, Writer, flush, sum};
use super::{Error, Kind};
use futures::TryStreamExt;
use kit::blobs::{self, BlobName, Blobs, place};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Region and name of a file, as a row has them.
pub type Named = (String, String);

/// From where and to where files are taken.
pub struct Taking<'t> {
    blobs: &'t Blobs,
    /// The folder `blobs` of the back-up being made.
    copies: PathBuf,
    /// What the newest whole back-up has, and where.
    earlier: Earlier,
}

/// By region and name: where a file lies in a back-up, and its sum.
type Earlier = BTreeMap<(String, BlobName), (PathBuf, Sum)>;

impl<'t> Taking<'t> {
    /// Into the folder of a back-up below `to`.
    pub fn new(blobs: &'t Blobs, folder: &Path, to: &Path) -> Result<Self, Error> {
        let has_bucket = blobs.regions().any(|region| !blobs.is_folder(region).unwrap_or(true));
        let earlier = if has_bucket { earlier(to)? } else { BTreeMap::new() };
        Ok(Self { blobs, copies: folder.join("blobs"), earlier })
    }

    /// All files that are there now.
    pub async fn all(&self) -> Result<(), Error> {
        for region in self.blobs.regions() {
            for name in stored(self.blobs, region).await? {
                self.take(region, name).await?;
            }
        }
        Ok(())
    }

    /// Leaves exactly those that rows name, and lists them in `list`. Answers the list's sum, and the names of those that are
    /// not there.
    pub async fn keep(&self, named: &BTreeSet<Named>, list: &Path) -> Result<(Sum, Vec<String>), Error> {
        for region in self.blobs.regions() {
            for name in present(&self.copies.join(region))? {
                if !named.contains(&(region.to_owned(), name.to_string())) {
                    let path = place(&self.copies, region, name);
                    fs::remove_file(&path).map_err(Error::of(&path))?;
                }
            }
        }
        let (mut list, mut missing, mut folders) = (Writer::create(list)?, Vec::new(), BTreeSet::new());
        for (region, text) in named {
            let Ok(name) = text.parse::<BlobName>() else {
                missing.push(text.clone());
                continue;
            };
            let path = place(&self.copies, region, name);
            if !path.exists() && !self.take(region, name).await? {
                missing.push(text.clone());
                continue;
            }
            let line = BlobFile { region: region.clone(), name: text.clone(), sum: sum(&path)? };
            let line = serde_json::to_string(&line).map_err(|e| Error::Refused(e.to_string()))?;
            list.write(format!("{line}\n").as_bytes())?;
            folders.extend(path.parent().map(Path::to_owned));
        }
        folders.iter().try_for_each(|folder| flush(folder))?;
        Ok((list.finish()?, missing))
    }

    /// Takes one file. Answers whether it was there.
    async fn take(&self, region: &str, name: BlobName) -> Result<bool, Error> {
        let to = place(&self.copies, region, name);
        if self.blobs.is_folder(region)? {
            return put(&place(self.blobs.root(), region, name), &to);
        }
        if let Some((from, sum)) = self.earlier.get(&(region.to_owned(), name))
            && sum.check(from).is_ok()
        {
            return put(from, &to);
        }
        match self.blobs.pieces(region, name).await {
            Ok((_, mut pieces)) => {
                let above = to.parent().unwrap_or(&to);
                fs::create_dir_all(above).map_err(Error::of(above))?;
                let mut file = Writer::create(&to)?;
                while let Some(piece) = pieces.try_next().await? {
                    file.write(&piece)?;
                }
                file.finish().map(|_| true)
            }
            // It was removed meanwhile, as no row names it any more.
            Err(blobs::Error::Missing { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// The files of the newest back-up of data below `to`, each with its sum.
fn earlier(to: &Path) -> Result<Earlier, Error> {
    let prefix = format!("ziyun-{}-", Kind::Data.code());
    let is_one = |folder: &PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(&prefix) && folder.join(FILE).is_file() && folder.join(FILES).is_file()
    };
    let Some(newest) = entries(to)?.into_iter().filter(is_one).max() else { return Ok(BTreeMap::new()) };
    let mut found = BTreeMap::new();
    for file in files(&newest)? {
        let (file, name) = file?;
        let path = place(&newest.join("blobs"), &file.region, name);
        found.insert((file.region, name), (path, file.sum));
    }
    Ok(found)
}

/// The names of the files of a region.
pub async fn stored(blobs: &Blobs, region: &str) -> Result<Vec<BlobName>, Error> {
    if blobs.is_folder(region)? { present(&blobs.root().join(region)) } else { Ok(blobs.list(region).await?) }
}

/// The names of blobs below a region's folder.
fn present(region: &Path) -> Result<Vec<BlobName>, Error> {
    let mut names = Vec::new();
    for folder in entries(region)? {
        for file in entries(&folder)? {
            let parts =
                [&folder, &file].map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
            names.extend(parts.concat().parse::<BlobName>());
        }
    }
    Ok(names)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    match fs::read_dir(folder) {
        Err(why) if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(why) => Err(Error::of(folder)(why)),
        Ok(read) => read.map(|entry| entry.map(|entry| entry.path()).map_err(Error::of(folder))).collect(),
    }
}

/// Links or copies a file durably, but for the folder's entry. Answers whether the file was there.
pub fn put(from: &Path, to: &Path) -> Result<bool, Error> {
    let above = to.parent().unwrap_or(to);
    fs::create_dir_all(above).map_err(Error::of(above))?;
    match fs::hard_link(from, to) {
        Ok(()) => return Ok(true),
        Err(why) if why.kind() == io::ErrorKind::NotFound && !from.exists() => return Ok(false),
        Err(_) => {}
    }
    match fs::copy(from, to).and_then(|_| File::open(to)?.sync_all()) {
        Ok(()) => Ok(true),
        // It was removed meanwhile, as no row names it any more.
        Err(why) if why.kind() == io::ErrorKind::NotFound && !from.exists() => Ok(false),
        Err(why) => Err(Error::of(to)(why)),
    }
}
