//! A back-up is read whole and compared before anything is done with it.

use super::Error;
use super::manifest::{BlobFile, FILES, Kind, Manifest};
use kit::blobs::{BlobName, place};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Checks every file of the back-up in this folder, which must be of this kind.
///
/// # Errors
/// [`Error::Damaged`] with the name of the first file that is not what was written; [`Error::Refused`] for another kind.
pub fn check(folder: &Path, kind: Kind) -> Result<Manifest, Error> {
    let manifest = Manifest::read(folder)?;
    if manifest.kind != kind {
        let (is, wanted) = (manifest.kind.code(), kind.code());
        return Err(Error::Refused(format!("{} is a back-up of {is}, not of {wanted}", folder.display())));
    }
    for table in &manifest.tables {
        if !table.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(Error::damaged(&folder.join(super::manifest::FILE), "a table's name that is none of ours"));
        }
        table.sum.check(&table_file(folder, &table.name))?;
    }
    if let Some(list) = &manifest.files {
        list.check(&folder.join(FILES))?;
        for file in files(folder)? {
            let (file, name) = file?;
            file.sum.check(&place(&folder.join("blobs"), &file.region, name))?;
        }
    }
    Ok(manifest)
}

/// Where a table's rows are.
pub(crate) fn table_file(folder: &Path, name: &str) -> PathBuf {
    folder.join("tables").join(format!("{name}.rows"))
}

/// The list of files, line by line.
pub(crate) fn files(folder: &Path) -> Result<impl Iterator<Item = Result<(BlobFile, BlobName), Error>>, Error> {
    let path = folder.join(FILES);
    let lines = BufReader::new(File::open(&path).map_err(Error::of(&path))?).lines();
    Ok(lines.map(move |line| {
        let line = line.map_err(Error::of(&path))?;
        let file: BlobFile = serde_json::from_str(&line).map_err(|e| Error::damaged(&path, e.to_string()))?;
        let name = file.name.parse().map_err(|_| Error::damaged(&path, "a name that is none of ours"))?;
        let sound = !file.region.is_empty() && file.region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if sound { Ok((file, name)) } else { Err(Error::damaged(&path, "a region that is none of ours")) }
    }))
}
