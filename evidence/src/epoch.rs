//! Epochs: what the log's entries stand for, and how they hide how much happened.
//!
//! Every ten seconds the log grows by one entry, whether anything happened or not. An entry holds the root of a subtree of
//! depth 16 with a slot for each thing that happened. The slots are taken by a keyed permutation, and what is empty has a
//! keyed pseudorandom hash of its own, so that without the key a path tells nothing of its neighbours and a root nothing
//! of how many there are. An empty subtree of any height has one such hash: an epoch costs sixteen hashes for each thing
//! that happened, and not 65,536.

use crate::hash::Hash;
use aws_lc_rs::hmac;

/// How long an epoch lasts, in seconds.
pub const SECONDS: i64 = 10;

/// How deep the subtree of an epoch is.
pub const DEPTH: u32 = 16;

/// How many slots an epoch has.
pub const SLOTS: u64 = 1 << DEPTH;

/// Rounds of the permutation. Four make a pseudorandom permutation where few points are seen (Luby and Rackoff 1988); with
/// halves of eight bits that bound is small, so there are more, as FF1 (NIST SP 800-38G) has ten.
const ROUNDS: u8 = 10;

/// How many bytes an entry has.
pub const ENTRY: usize = 49;

/// An entry of the log. All are equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An epoch, by the number of tens of seconds since 1970, and the root of its subtree.
    Epoch(u64, Hash),
    /// From the first to the last epoch of a time in which the log stood still. Nothing is in it.
    Gap(u64, u64),
}

impl Entry {
    /// What is appended to the log: one byte (1 an epoch, 2 a gap), the first and the last epoch in eight bytes each, the
    /// root (of a gap: zeros).
    pub fn bytes(self) -> [u8; ENTRY] {
        let (kind, first, last, root) = match self {
            Self::Epoch(number, root) => (1, number, number, root.into()),
            Self::Gap(first, last) => (2, first, last, [0; 32]),
        };
        let mut bytes = [0; ENTRY];
        bytes[0] = kind;
        bytes[1..9].copy_from_slice(&first.to_be_bytes());
        bytes[9..17].copy_from_slice(&last.to_be_bytes());
        bytes[17..].copy_from_slice(&root);
        bytes
    }

    /// Its hash in the tree.
    pub fn hash(self) -> Hash {
        Hash::leaf(&self.bytes())
    }

    /// The first and the last epoch that it stands for.
    pub fn span(self) -> (u64, u64) {
        match self {
            Self::Epoch(number, _) => (number, number),
            Self::Gap(first, last) => (first, last),
        }
    }
}

/// What only the log knows: which slots are taken and what the empty ones are.
#[derive(Clone)]
pub struct Secret {
    slots: hmac::Key,
    empty: hmac::Key,
    salts: hmac::Key,
}

impl Secret {
    /// From 32 random bytes; each use has a key of its own.
    pub fn new(secret: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let key = |of: &str| hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, of.as_bytes()).as_ref());
        Self { slots: key("ziyun log slots"), empty: key("ziyun log empty"), salts: key("ziyun log salts") }
    }

    /// The slot of the n-th thing of an epoch: a permutation of 0 to 65,535 for each epoch. A Feistel network over two
    /// bytes, its round function HMAC-SHA-256 of epoch, round and one half.
    pub fn slot(&self, epoch: u64, n: u16) -> u16 {
        let [mut left, mut right] = n.to_be_bytes();
        for round in 0..ROUNDS {
            let mut context = hmac::Context::with_key(&self.slots);
            context.update(&epoch.to_be_bytes());
            context.update(&[round, right]);
            (left, right) = (right, left ^ context.sign().as_ref()[0]);
        }
        u16::from_be_bytes([left, right])
    }

    /// A salt for what has none of its own: sixteen bytes of the HMAC of its kind and id.
    pub fn salt(&self, kind: &str, id: &[u8]) -> [u8; 16] {
        let mut context = hmac::Context::with_key(&self.salts);
        context.update(&[kind.len() as u8]);
        context.update(kind.as_bytes());
        context.update(id);
        context.sign().as_ref()[..16].try_into().expect("HMAC-SHA-256 has 32 bytes")
    }

    /// The hash of an empty subtree.
    fn empty(&self, epoch: u64, height: u32, position: u32) -> Hash {
        let mut context = hmac::Context::with_key(&self.empty);
        context.update(&epoch.to_be_bytes());
        context.update(&height.to_be_bytes());
        context.update(&position.to_be_bytes());
        let hash: [u8; 32] = context.sign().as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes");
        hash.into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What stands in a slot: HMAC-SHA-256 of what happened, under its salt. Who knows both can show that it was this; who
/// knows neither learns nothing, and cannot test guesses.
pub fn commitment(salt: &[u8; 16], kind: &str, content: &str) -> Hash {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt);
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("ziyun commitment v1\n{kind}\n").as_bytes());
    context.update(content.as_bytes());
    let hash: [u8; 32] = context.sign().as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes");
    hash.into()
}

/// The subtree of an epoch.
#[derive(Debug)]
pub struct Subtree<'a> {
    secret: &'a Secret,
    epoch: u64,
    /// Slots that are taken, ascending, with what stands in them.
    taken: Vec<(u16, Hash)>,
}

impl<'a> Subtree<'a> {
    /// Of these commitments by their slots, in any order.
    pub fn new(secret: &'a Secret, epoch: u64, mut taken: Vec<(u16, Hash)>) -> Self {
        taken.sort_unstable();
        Self { secret, epoch, taken }
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        self.hash(DEPTH, 0, &self.taken)
    }

    /// The siblings on the way from a slot to the root: sixteen.
    pub fn path(&self, slot: u16) -> Vec<Hash> {
        let sibling = |height: u32| {
            let position = (u32::from(slot) >> height) ^ 1;
            let (first, after) = (position << height, (position + 1) << height);
            let from = self.taken.partition_point(|(slot, _)| u32::from(*slot) < first);
            let to = self.taken.partition_point(|(slot, _)| u32::from(*slot) < after);
            self.hash(height, position, &self.taken[from..to])
        };
        (0..DEPTH).map(sibling).collect()
    }

    fn hash(&self, height: u32, position: u32, taken: &[(u16, Hash)]) -> Hash {
        match taken {
            [] => self.secret.empty(self.epoch, height, position),
            [(_, commitment), ..] if height == 0 => Hash::leaf(commitment.as_bytes()),
            _ => {
                let middle = (2 * position + 1) << (height - 1);
                let (left, right) = taken.split_at(taken.partition_point(|(slot, _)| u32::from(*slot) < middle));
                let hash = |side, taken| self.hash(height - 1, 2 * position + side, taken);
                Hash::node(hash(0, left), hash(1, right))
            }
        }
    }
}

/// The root that a path leads to from a commitment in a slot; `None` for a path of another length.
pub fn climb(slot: u16, commitment: Hash, path: &[Hash]) -> Option<Hash> {
    let step = |hash, (height, sibling): (u32, &Hash)| {
        if slot >> height & 1 == 1 { Hash::node(*sibling, hash) } else { Hash::node(hash, *sibling) }
    };
    (path.len() == DEPTH as usize).then(|| (0..).zip(path).fold(Hash::leaf(commitment.as_bytes()), step))
}
