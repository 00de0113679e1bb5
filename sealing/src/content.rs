//! What is inside an envelope: a line that names the format, one line of JSON (the offer and a list of its files), the
//! files one after the other, and zeros up to a size that many bids share.

use crate::Shut;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const FORMAT: &[u8] = b"ziyun bid v1\n";

/// The smallest size inside an envelope, in bytes.
const LEAST: usize = 4096;

/// A file in an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Bytes,
}

#[derive(Serialize, Deserialize)]
struct Head<O> {
    offer: O,
    files: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    size: usize,
}

/// Packs an offer with its files, and pads them.
///
/// # Panics
/// When the offer is not JSON.
pub fn pack<O: Serialize>(offer: &O, files: &[File]) -> Vec<u8> {
    let entries = files.iter().map(|file| Entry { name: file.name.clone(), size: file.content.len() }).collect();
    let mut packed = FORMAT.to_vec();
    serde_json::to_writer(&mut packed, &Head { offer, files: entries }).expect("an offer is JSON");
    packed.push(b'\n');
    for file in files {
        packed.extend_from_slice(&file.content);
    }
    packed.resize(padded(packed.len()), 0);
    packed
}

/// Reads what was packed.
///
/// # Errors
/// [`Shut::Content`].
pub fn unpack<O: DeserializeOwned>(plain: Bytes) -> Result<(O, Vec<File>), Shut> {
    read(plain).ok_or(Shut::Content)
}

fn read<O: DeserializeOwned>(plain: Bytes) -> Option<(O, Vec<File>)> {
    let rest = plain.strip_prefix(FORMAT)?;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head: Head<O> = serde_json::from_slice(&rest[..end]).ok()?;
    let mut at = FORMAT.len() + end + 1;
    let mut files = Vec::new();
    for entry in head.files {
        let end = at.checked_add(entry.size).filter(|end| *end <= plain.len())?;
        files.push(File { name: entry.name, content: plain.slice(at..end) });
        at = end;
    }
    plain[at..].iter().all(|byte| *byte == 0).then_some((head.offer, files))
}

/// The next of eight steps between a power of two and the next: what a size tells is at most an eighth.
pub fn padded(size: usize) -> usize {
    let size = size.max(LEAST);
    let step = (size.next_power_of_two() / 16).max(1);
    size.div_ceil(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_packed_is_unpacked(
            note in ".{0,300}",
            files in prop::collection::vec((".{0,20}", prop::collection::vec(any::<u8>(), 0..9000)), 0..4),
        ) {
            let files: Vec<_> = files.into_iter().map(|(name, content)| File { name, content: content.into() }).collect();
            let packed = pack(&note, &files);
            prop_assert_eq!(packed.len(), padded(packed.len()));
            let (unpacked, unpacked_files) = unpack::<String>(packed.into()).unwrap();
            prop_assert_eq!((unpacked, unpacked_files), (note, files));
        }

        #[test]
        fn sizes_are_padded_to_few_steps(size in 0usize..40_000_000) {
            let padded = padded(size);
            prop_assert!(padded >= size.max(LEAST));
            prop_assert!(padded - size.max(LEAST) <= size.max(LEAST) / 8 + 1);
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack::<Value>(bytes.clone().into());
            let _ = unpack::<Value>([FORMAT, &bytes].concat().into());
        }
    }
}
