//! Who claims jobs, and what it never gives up.

use crate::random::Random;
use std::fs;
use std::io;
use std::path::Path;

/// The file of a node's folder that holds its name.
const FILE: &str = "worker";

/// Who claims jobs: a node, which has one process at a time. A process that starts again is the same worker, and so may
/// free what its predecessor had claimed.
#[derive(Clone, Debug)]
pub struct Worker {
    node: [u8; 16],
    endless: Vec<&'static str>,
}

impl Worker {
    /// The worker of this node. `endless`: the kinds of job that it never gives up.
    pub fn new(node: [u8; 16], endless: impl IntoIterator<Item = &'static str>) -> Self {
        Self { node, endless: endless.into_iter().collect() }
    }

    /// The worker of the node in this folder, under the name that the folder holds; a name that is missing or damaged is
    /// made anew. The caller sees to it that no other process works there.
    ///
    /// # Errors
    /// What the system says.
    pub fn of(
        folder: &Path,
        random: &Random,
        endless: impl IntoIterator<Item = &'static str>,
    ) -> Result<Self, io::Error> {
        let (file, mut node) = (folder.join(FILE), [0; 16]);
        let known = fs::read_to_string(&file).ok().and_then(|text| hex::decode_to_slice(text.trim(), &mut node).ok());
        if known.is_none() {
            node = random.bytes();
            fs::write(&file, format!("{}\n", hex::encode(node)))?;
        }
        Ok(Self::new(node, endless))
    }

    pub(super) fn node(&self) -> [u8; 16] {
        self.node
    }

    pub(super) fn endless(&self) -> &[&'static str] {
        &self.endless
    }

    pub(super) fn never_gives_up(&self, kind: &str) -> bool {
        self.endless.contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_keeps_its_name_and_a_damaged_one_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let random = Random::system();
        let worker = || Worker::of(folder.path(), &random, []).unwrap().node();
        let first = worker();
        assert_eq!(worker(), first);
        for damaged in ["", "0123", &"z".repeat(32)] {
            fs::write(folder.path().join(FILE), damaged).unwrap();
            let anew = worker();
            assert_ne!(anew, first);
            assert_eq!(worker(), anew);
        }
    }
}
