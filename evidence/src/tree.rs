//! The tree while it grows: its size, and the roots of the perfect subtrees that it falls into.

use crate::hash::Hash;

/// Where a perfect subtree stands: its height (0 for a leaf), and how many of that height are left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The height; the subtree has two to that power leaves.
    pub level: u32,
    /// Counted from the left, from 0.
    pub index: u64,
}

/// A Merkle tree (RFC 9162, section 2.1.1) that only grows. It holds what the next leaf needs, not the leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// One for each bit of the size, the largest subtree first.
    frontier: Vec<Hash>,
}

impl Tree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of this size with this frontier; `None` where they do not fit each other.
    pub fn of(size: u64, frontier: Vec<Hash>) -> Option<Self> {
        (size.count_ones() as usize == frontier.len()).then_some(Self { size, frontier })
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its perfect subtrees, the largest first: with its size all that it is.
    pub fn frontier(&self) -> &[Hash] {
        &self.frontier
    }

    /// Appends a leaf. Answers the perfect subtrees of more than one leaf that it completes, the smallest first.
    pub fn append(&mut self, leaf: Hash) -> Vec<(Place, Hash)> {
        let mut completed = Vec::new();
        let mut right = leaf;
        for level in 1..=self.size.trailing_ones() {
            let left = self.frontier.pop().expect("a subtree for each bit of the size");
            right = Hash::node(left, right);
            completed.push((Place { level, index: self.size >> level }, right));
        }
        self.frontier.push(right);
        self.size += 1;
        completed
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut subtrees = self.frontier.iter().rev().copied();
        let last = subtrees.next().unwrap_or_else(|| Hash::of(&[]));
        subtrees.fold(last, |right, left| Hash::node(left, right))
    }
}
