//! The files of a back-up go back to the regions that they were in: by name, so that one that is there already is compared
//! and any other that is there is refused.

use crate::backup::summed::{sum, sum_of_pieces};
use crate::backup::{Error, files, put, stored};
use crate::config::Config;
use kit::blobs::{BlobName, Blobs, place};
use std::collections::BTreeSet;
use std::path::Path;

/// Copies all of them. Killed at any moment, it goes on where it was.
pub async fn copy(config: &Config, from: &Path) -> Result<(), Error> {
    let blobs = crate::folders::blobs(config)?;
    let mut known = BTreeSet::new();
    for file in files(from)? {
        let (file, name) = file?;
        let source = place(&from.join("blobs"), &file.region, name);
        if blobs.is_folder(&file.region).map_err(|_| unknown(&file.region))? {
            let target = place(blobs.root(), &file.region, name);
            if !target.exists() {
                put(&source, &target)?;
            }
            file.sum.check(&target)?;
        } else {
            bring(&blobs, (&file.region, name), &source).await?;
        }
        known.insert((file.region, name));
    }
    for region in blobs.regions() {
        let others = stored(&blobs, region).await?;
        if let Some(name) = others.into_iter().find(|name| !known.contains(&(region.to_owned(), *name))) {
            let what = if blobs.is_folder(region)? {
                place(blobs.root(), region, name).display().to_string()
            } else {
                format!("file {name} in the bucket of region {region}")
            };
            let todo = "restore into an empty data_dir, and into empty buckets";
            return Err(Error::Refused(format!("{what} is not of this back-up: {todo}")));
        }
    }
    Ok(())
}

/// Into a bucket. The file was compared with the back-up's list before.
async fn bring(blobs: &Blobs, (region, name): (&str, BlobName), source: &Path) -> Result<(), Error> {
    if !blobs.has(region, name).await? {
        return Ok(blobs.put_file(region, name, source).await?);
    }
    if sum_of_pieces(blobs.pieces(region, name).await?.1).await? == sum(source)? {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "file {name} of region {region} is there with another content: restore into an empty bucket"
    )))
}

fn unknown(region: &str) -> Error {
    Error::Refused(format!(
        "the back-up has files of region {region}, which data_regions does not name; name it, with a folder or a bucket of its own"
    ))
}
