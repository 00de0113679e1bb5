//! The files that rows name: linked where disks allow it, else copied.

use super::Error;
use super::manifest::{BlobFile, FILES};
use super::summed::{Sum, Writer, flush, sum};
use crate::app::REGION;
use kit::blobs::{BlobName, place};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// All files that are there now.
pub fn link_all(blobs: &Path, folder: &Path) -> Result<(), Error> {
    for name in present(&blobs.join(REGION))? {
        take(blobs, folder, name)?;
    }
    Ok(())
}

/// Leaves exactly those that rows name, and lists them. Answers the list's sum, and the names of those that are not there.
pub fn keep(blobs: &Path, folder: &Path, named: &BTreeSet<String>) -> Result<(Sum, Vec<String>), Error> {
    let copies = folder.join("blobs");
    for name in present(&copies.join(REGION))?.into_iter().filter(|name| !named.contains(&name.to_string())) {
        let path = place(&copies, REGION, name);
        fs::remove_file(&path).map_err(Error::of(&path))?;
    }
    let (mut list, mut missing) = (Writer::create(&folder.join(FILES))?, Vec::new());
    let mut folders = BTreeSet::new();
    for text in named {
        let Ok(name) = text.parse::<BlobName>() else {
            missing.push(text.clone());
            continue;
        };
        let path = place(&copies, REGION, name);
        if !path.exists() && !take(blobs, folder, name)? {
            missing.push(text.clone());
            continue;
        }
        let line = BlobFile { region: REGION.into(), name: text.clone(), sum: sum(&path)? };
        let line = serde_json::to_string(&line).map_err(|e| Error::Refused(e.to_string()))?;
        list.write(format!("{line}\n").as_bytes())?;
        folders.extend(path.parent().map(Path::to_owned));
    }
    folders.iter().try_for_each(|folder| flush(folder))?;
    Ok((list.finish()?, missing))
}

/// The names of blobs below a region's folder.
pub fn present(region: &Path) -> Result<Vec<BlobName>, Error> {
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

/// Links or copies one file. Answers whether it was there.
fn take(blobs: &Path, folder: &Path, name: BlobName) -> Result<bool, Error> {
    let (from, to) = (place(blobs, REGION, name), place(&folder.join("blobs"), REGION, name));
    put(&from, &to)
}

/// Durably, but for the folder's entry. Answers whether the file was there.
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
