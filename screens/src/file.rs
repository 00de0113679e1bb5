//! The same file, or a file from the same desk, in the bids of different companies (Regulation on the Implementation of the Tendering
//! Law, art. 40: prepared by the same unit or person, mixed-up documents).

use crate::signal::{Fact, Kind, Signal};
use std::collections::{BTreeMap, BTreeSet};

/// A file of a bid.
#[derive(Clone, Debug)]
pub struct File {
    /// The bid's place.
    pub bid: usize,
    /// Of its content.
    pub sha256: [u8; 32],
    /// Bytes; an empty file is like any other and says nothing.
    pub size: u64,
    /// What the file tells of its making: author, program, instant; empty where it tells nothing.
    pub data: BTreeMap<String, String>,
}

/// Files that come again in another bid. What is in `given`, the tender's own documents, says nothing: all have it.
pub fn signals(files: &[File], given: &BTreeSet<[u8; 32]>) -> Vec<Signal> {
    let own = || files.iter().filter(|file| file.size > 0 && !given.contains(&file.sha256));
    let mut by_content: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut by_data: BTreeMap<_, Vec<&File>> = BTreeMap::new();
    for file in own() {
        by_content.entry(file.sha256).or_default().push(file.bid);
        if file.data.len() > 1 {
            by_data.entry(&file.data).or_default().push(file);
        }
    }
    let equal = by_content.into_values().filter_map(|bids| shared(Kind::EqualFile, bids));
    // The same content has the same data; that it was seen already says it.
    let differ = |files: &Vec<&File>| files.iter().any(|file| file.sha256 != files[0].sha256);
    let alike = by_data.into_values().filter(differ);
    let alike = alike.filter_map(|files| shared(Kind::EqualFileData, files.iter().map(|file| file.bid).collect()));
    equal.chain(alike).collect()
}

fn shared(kind: Kind, bids: Vec<usize>) -> Option<Signal> {
    let files = bids.len() as f64;
    let bids: Vec<_> = bids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let signal =
        Signal { kind, value: bids.len() as f64, threshold: 2.0, facts: vec![Fact::new("files", files)], bids };
    (signal.bids.len() > 1).then_some(signal)
}
