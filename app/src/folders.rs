//! The folders of an installation, and the stores of its files.

use crate::app::StartError;
use crate::config::Config;
use kit::blobs::{Blobs, Bucket};
use std::path::{Path, PathBuf};

/// Makes the folders that the program keeps its stores in.
///
/// # Errors
/// Names the folder and what is wrong with it.
pub fn make(config: &Config) -> Result<(), StartError> {
    let folders = [&config.data_dir, &config.node_dir, &config.outbox_dir, &config.key_dir];
    for folder in folders.map(PathBuf::as_path).into_iter().chain(config.tombstone_journal.parent()) {
        std::fs::create_dir_all(folder)
            .map_err(|e| StartError::new("a folder", format!("{} cannot be made: {e}", folder.display())))?;
    }
    std::fs::create_dir_all(uploads(config))
        .map_err(|e| StartError::new("a folder", format!("{} cannot be made: {e}", uploads(config).display())))?;
    private(&config.key_dir)
}

/// Where what is being uploaded lies until it is whole, and what is being opened until it is put away. All processes share it.
pub fn uploads(config: &Config) -> PathBuf {
    config.data_dir.join("uploads")
}

/// Opens the stores of files, region by region. No bucket is asked for anything yet.
///
/// # Errors
/// Names the region and what is wrong with it.
pub fn blobs(config: &Config) -> Result<Blobs, StartError> {
    let mut regions: Vec<(&str, Option<Bucket>)> = Vec::new();
    for region in &config.data_regions {
        let bucket = region.bucket.as_ref().map(crate::config::BucketAt::open).transpose();
        regions.push((&region.name, bucket.map_err(|e| StartError::new("a region of files (data_regions)", e))?));
    }
    let all = regions.iter().map(|(name, bucket)| (*name, bucket.as_ref()));
    Blobs::open(&config.data_dir.join("blobs"), all).map_err(|e| StartError::new("the store of files", e))
}

/// Keys are for the program's own user alone.
fn private(folder: &Path) -> Result<(), StartError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
            .map_err(|e| StartError::new("the key folder", format!("{} cannot be closed: {e}", folder.display())))?;
    }
    Ok(())
}
