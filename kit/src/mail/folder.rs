//! The folder sink: one file a message, all of it or none, durable when this returns.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Error;

static ATTEMPT: AtomicU64 = AtomicU64::new(0);

/// Writes `folder/name` unless it is there already. Off the async threads.
pub(super) async fn deliver(folder: PathBuf, name: String, content: Vec<u8>) -> Result<(), Error> {
    let written = {
        let folder = folder.clone();
        tokio::task::spawn_blocking(move || write(&folder, &name, &content)).await
    };
    written.unwrap_or_else(|broken| Err(io::Error::other(broken))).map_err(|source| Error::Folder { folder, source })
}

/// Codes and addresses lie in these files: only their owner may read them.
fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let target = folder.join(name);
    if target.exists() {
        return Ok(());
    }
    let attempt = ATTEMPT.fetch_add(1, Ordering::Relaxed);
    let staged = folder.join(format!(".{name}.{}.{attempt}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&staged)?;
    let published = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&staged, &target));
    if published.is_err() {
        // The reason of the failure is what the caller needs; a left-over with a dot is never listed.
        let _ = fs::remove_file(&staged);
    }
    published?;
    File::open(folder)?.sync_all()
}
