//! Writes an archive piece by piece, in a thread of its own: whatever it holds, a few pieces of it are in memory.

use aws_lc_rs::digest::{Context as Digest, SHA256};
use bytes::Bytes;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;
use tokio::sync::mpsc::Receiver;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// A file is told as large from here on: more than that has no room in the short form of its header.
const LARGE: i64 = 2 * 1024 * 1024 * 1024;

/// What comes next.
pub enum Piece {
    /// Another file begins: its name, and how many bytes it has. `packed`: whether it is worth while to make it smaller.
    File { name: String, size: i64, packed: bool },
    /// Bytes of the file that has begun.
    Bytes(Bytes),
}

/// Writes what comes until nothing comes any more. Answers the archive's length and SHA-256.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, mut pieces: Receiver<Piece>) -> io::Result<(i64, [u8; 32])> {
    let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
    let mut archive = ZipWriter::new(BufWriter::new(file));
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::File { name, size, packed } => {
                let method = if packed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                let options = SimpleFileOptions::default().compression_method(method).large_file(size > LARGE);
                archive.start_file(name, options).map_err(io::Error::other)?;
            }
            Piece::Bytes(bytes) => archive.write_all(&bytes)?,
        }
    }
    let whole = archive.finish().map_err(io::Error::other)?;
    let mut file = whole.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    file.rewind()?;
    summed(&mut file)
}

/// The length and the SHA-256 of all that can be read.
fn summed(from: &mut impl Read) -> io::Result<(i64, [u8; 32])> {
    let (mut digest, mut size, mut piece) = (Digest::new(&SHA256), 0, vec![0; PIECE]);
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            let sha256: [u8; 32] = digest.finish().as_ref().try_into().map_err(io::Error::other)?;
            return Ok((size, sha256));
        }
        digest.update(&piece[..read]);
        size += i64::try_from(read).map_err(io::Error::other)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::channel;
    use zip::ZipArchive;

    #[test]
    fn what_comes_in_pieces_is_whole_again_and_the_hash_is_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let (sender, receiver) = channel(1);
        let sending = std::thread::spawn(move || {
            for (name, size, packed) in [("a.json", 3, true), ("b/大.bin", LARGE + 1, false)] {
                sender.blocking_send(Piece::File { name: name.to_owned(), size, packed }).ok().unwrap();
                for piece in [&b"on"[..], b"e"] {
                    sender.blocking_send(Piece::Bytes(Bytes::from_static(piece))).ok().unwrap();
                }
            }
        });
        let (size, sha256) = write(&path, receiver).unwrap();
        sending.join().unwrap();
        let mut file = File::open(&path).unwrap();
        assert_eq!(summed(&mut file).unwrap(), (size, sha256));
        assert_eq!(i64::try_from(file.metadata().unwrap().len()).unwrap(), size);
        let mut archive = ZipArchive::new(file).unwrap();
        for name in ["a.json", "b/大.bin"] {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "one", "{name}, whatever length was announced");
        }
    }
}
