//! How much room a folder's disk has.

use std::io;
use std::path::Path;

/// The disk under a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Bytes in all.
    pub size: u64,
    /// Bytes that this program may still use.
    pub free: u64,
}

impl Disk {
    /// What is free, in whole percents: a finer figure would tell how large the last file was.
    pub fn percent_free(self) -> u64 {
        if self.size == 0 {
            0
        } else {
            u64::try_from(u128::from(self.free) * 100 / u128::from(self.size)).unwrap_or(100)
        }
    }
}

/// Asks the file system.
///
/// # Errors
/// What the file system says, for instance that there is no such folder.
pub fn free(folder: &Path) -> io::Result<Disk> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(Disk { size: found.f_blocks * found.f_frsize, free: found.f_bavail * found.f_frsize })
}
