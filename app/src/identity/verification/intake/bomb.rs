//! A PDF that is small on the disk and fills the memory: its packed parts are unpacked here first, within a limit, and
//! whatever is packed twice once more.

use flate2::read::ZlibDecoder;
use std::io::Read;

/// All that the parts of a document may unpack to, in bytes. A4 in colour at 300 dots an inch is 25 MB.
pub const MOST: u64 = 192 * 1024 * 1024;

/// How often something may be packed within something packed.
const DEPTH: usize = 3;

/// Whether the parts of a document unpack to more than so many bytes.
pub fn is_one(content: &[u8], most: u64) -> bool {
    let mut left = most;
    memchr::memmem::find_iter(content, b"stream").any(|at| {
        let rest = &content[at + b"stream".len()..];
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest.strip_prefix(b"\n").is_some_and(|part| !fits(part, &mut left, DEPTH))
    })
}

/// Unpacks a part as far as it is one; false when nothing is left of the limit.
fn fits(part: &[u8], left: &mut u64, depth: usize) -> bool {
    if !looks_packed(part) || depth == 0 {
        return true;
    }
    let mut unpacked = Vec::new();
    // What breaks off is drawn as far as it goes, and counts as far.
    let _ = ZlibDecoder::new(part).take(*left + 1).read_to_end(&mut unpacked);
    match left.checked_sub(unpacked.len() as u64) {
        None => false,
        Some(rest) => {
            *left = rest;
            fits(&unpacked, left, depth - 1)
        }
    }
}

/// The head of RFC 1950: deflate, and a check over both bytes.
fn looks_packed(part: &[u8]) -> bool {
    part.first_chunk::<2>().is_some_and(|head| head[0] & 0x0f == 8 && u16::from_be_bytes(*head) % 31 == 0)
}
