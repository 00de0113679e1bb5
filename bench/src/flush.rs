//! How long the disk takes to make something durable: the floor under every durable figure.

use crate::load::Sample;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is appended and flushed each time, as a small commit does.
const BYTES: [u8; 4096] = [0x5A; 4096];

/// Appends and flushes (`fdatasync`) for so long, in a file of this folder.
pub fn measure(folder: &Path, time: Duration) -> std::io::Result<Sample> {
    let path = folder.join("flush");
    let mut file = File::create(&path)?;
    let begin = Instant::now();
    let mut took = Vec::new();
    while begin.elapsed() < time {
        let start = Instant::now();
        file.write_all(&BYTES)?;
        file.sync_data()?;
        took.push(start.elapsed());
    }
    std::fs::remove_file(&path)?;
    Ok(Sample::new(took, begin.elapsed()))
}
