//! Who claims jobs, and what it never gives up.

use crate::db::Value;
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
    lane: Lane,
}

/// Which kinds of job a worker claims.
#[derive(Clone, Debug)]
enum Lane {
    All,
    Only(Vec<&'static str>),
    Without(Vec<&'static str>),
}

impl Worker {
    /// The worker of this node. `endless`: the kinds of job that it never gives up.
    pub fn new(node: [u8; 16], endless: impl IntoIterator<Item = &'static str>) -> Self {
        Self { node, endless: endless.into_iter().collect(), lane: Lane::All }
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

    /// The same worker, for jobs of these kinds alone.
    pub fn only(&self, kinds: Vec<&'static str>) -> Self {
        Self { lane: Lane::Only(kinds), ..self.clone() }
    }

    /// The same worker, for jobs of all kinds but these.
    pub fn without(&self, kinds: Vec<&'static str>) -> Self {
        Self { lane: Lane::Without(kinds), ..self.clone() }
    }

    /// What a statement's condition ends in so that it finds this worker's kinds alone; what it binds is added to `values`.
    pub(super) fn within(&self, values: &mut Vec<Value>) -> String {
        let (word, kinds) = match &self.lane {
            Lane::Only(kinds) if kinds.is_empty() => return " AND 1 = 0".to_owned(),
            Lane::Only(kinds) => ("IN", kinds),
            Lane::Without(kinds) if !kinds.is_empty() => ("NOT IN", kinds),
            Lane::All | Lane::Without(_) => return String::new(),
        };
        let places: Vec<_> = (1..=kinds.len()).map(|n| format!("${}", values.len() + n)).collect();
        values.extend(kinds.iter().map(|kind| Value::from(*kind)));
        format!(" AND kind {word} ({})", places.join(", "))
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
