//! What is inside an envelope: a line that names the format, one line of JSON (the offer and a list of its files), the
//! files one after the other, and zeros up to a size that many bids share.

use crate::Shut;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Cursor, Read};

const FORMAT: &[u8] = b"ziyun bid v1\n";

/// The smallest size inside an envelope, in bytes.
const LEAST: usize = 4096;

/// The longest second line that is read of a stream: an offer and the names of its files take a tenth of it.
const LONGEST: u64 = 512 * 1024;

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

/// A file as the second line names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub size: usize,
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

/// The same as a stream, of files that are read as it is: its length, and what reads it. A file that gets shorter meanwhile
/// makes it shorter.
///
/// # Panics
/// When the offer is not JSON.
pub fn packed<O: Serialize>(offer: &O, files: Vec<(Entry, Box<dyn Read>)>) -> (u64, Box<dyn Read>) {
    let (entries, contents): (Vec<_>, Vec<_>) = files.into_iter().unzip();
    let mut beginning = FORMAT.to_vec();
    let size: usize = entries.iter().map(|entry: &Entry| entry.size).sum();
    let sizes: Vec<_> = entries.iter().map(|entry| entry.size as u64).collect();
    serde_json::to_writer(&mut beginning, &Head { offer, files: entries }).expect("an offer is JSON");
    beginning.push(b'\n');
    let length = beginning.len() + size;
    let padded = padded(length);
    let mut stream: Box<dyn Read> = Box::new(Cursor::new(beginning));
    for (content, size) in contents.into_iter().zip(sizes) {
        stream = Box::new(stream.chain(content.take(size)));
    }
    (padded as u64, Box::new(stream.chain(io::repeat(0).take((padded - length) as u64))))
}

/// Reads the beginning of what was packed: the offer, and the files whose bytes come next, one after the other.
///
/// # Errors
/// Inside [`Shut::Content`], outside what reading meets.
pub fn begin<O: DeserializeOwned>(plain: &mut impl BufRead) -> io::Result<Result<(O, Vec<Entry>), Shut>> {
    let mut format = [0; FORMAT.len()];
    let mut line = Vec::new();
    match plain.read_exact(&mut format) {
        Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof && cause.get_ref().is_none() => {}
        read => {
            read?;
            plain.take(LONGEST).read_until(b'\n', &mut line)?;
        }
    }
    let head: Option<Head<O>> = match line.pop() {
        Some(b'\n') if format == FORMAT => serde_json::from_slice(&line).ok(),
        _ => None,
    };
    Ok(head.map(|head| (head.offer, head.files)).ok_or(Shut::Content))
}

/// Reads what comes after the files: zeros to the end.
///
/// # Errors
/// Inside [`Shut::Content`], outside what reading meets.
pub fn end(plain: &mut impl BufRead) -> io::Result<Result<(), Shut>> {
    loop {
        let some = plain.fill_buf()?;
        match some {
            [] => return Ok(Ok(())),
            some if some.iter().any(|byte| *byte != 0) => return Ok(Err(Shut::Content)),
            _ => {}
        }
        let read = some.len();
        plain.consume(read);
    }
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
            // As a stream it is the same.
            let open = |file: &File| -> (Entry, Box<dyn Read>) {
                let entry = Entry { name: file.name.clone(), size: file.content.len() };
                (entry, Box::new(Cursor::new(file.content.clone())))
            };
            let (length, mut stream) = super::packed(&note, files.iter().map(open).collect());
            let mut streamed = Vec::new();
            stream.read_to_end(&mut streamed).unwrap();
            prop_assert!(streamed == packed && length == packed.len() as u64);
            let mut reading = &packed[..];
            let (offer, entries) = begin::<String>(&mut reading).unwrap().unwrap();
            prop_assert_eq!(&offer, &note);
            for (entry, file) in entries.iter().zip(&files) {
                let (bytes, rest) = reading.split_at(entry.size);
                prop_assert!(bytes == file.content && entry.name == file.name);
                reading = rest;
            }
            prop_assert_eq!(end(&mut reading).unwrap(), Ok(()));
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
            prop_assert!(begin::<Value>(&mut &bytes[..]).unwrap().is_err());
            let _ = begin::<Value>(&mut &[FORMAT, &bytes].concat()[..]);
            let _ = unpack::<Value>([FORMAT, &bytes].concat().into());
        }
    }
}
