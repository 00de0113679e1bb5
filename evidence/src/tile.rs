//! Tiles: how the tree is served, by C2SP tlog-tiles. A tile holds up to 256 hashes of every eighth level; a bundle holds
//! the entries of a tile of level 0. Full ones never change.

use crate::hash::Hash;
use crate::tree::Place;

/// How many levels of the tree a tile stands for.
pub const HEIGHT: u32 = 8;

/// How many hashes or entries a full tile has.
pub const WIDTH: u64 = 1 << HEIGHT;

/// The highest level of tiles that the specification knows.
const HIGHEST: u32 = 5;

/// The media type of checkpoints.
pub const CHECKPOINT_TYPE: &str = "text/plain; charset=utf-8";

/// The media type of tiles and bundles.
pub const TILE_TYPE: &str = "application/octet-stream";

/// What a path under `tile/` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Hashes of this level of tiles, or entries.
    pub content: Content,
    /// Which tile of its level, from 0.
    pub index: u64,
    /// How many hashes or entries, 1 to 256.
    pub width: u64,
}

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The hashes of subtrees of `256^level` leaves.
    Hashes(u32),
    /// Entries.
    Entries,
}

impl Tile {
    /// What a path names, such as `0/x001/234.p/17` or `entries/000`; `None` for a path in any other form.
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.split_once('/')?;
        let content = match kind {
            "entries" => Content::Entries,
            level => Content::Hashes(number(level).filter(|level| *level <= u64::from(HIGHEST))? as u32),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, number(width).filter(|width| (1..WIDTH).contains(width))?),
            None => (rest, WIDTH),
        };
        let tile = Self { content, index: index_of(index)?, width };
        // One path for each tile: `x000/001` is none.
        (tile.to_string() == path).then_some(tile)
    }

    /// Whether a tree of `size` leaves has all of it.
    pub fn is_within(&self, size: u64) -> bool {
        let level = match self.content {
            Content::Hashes(level) => level,
            Content::Entries => 0,
        };
        self.end().is_some_and(|end| end <= size >> (level * HEIGHT))
    }

    /// The first hash or entry that it holds.
    pub fn start(&self) -> u64 {
        self.index * WIDTH
    }

    /// The one after the last; `None` beyond all trees.
    fn end(&self) -> Option<u64> {
        self.index.checked_mul(WIDTH)?.checked_add(self.width)
    }

    /// Whether it never changes.
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }
}

impl std::fmt::Display for Tile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.content {
            Content::Hashes(level) => write!(f, "{level}/")?,
            Content::Entries => f.write_str("entries/")?,
        }
        let digits = self.index.to_string();
        let digits = format!("{digits:0>width$}", width = digits.len().div_ceil(3) * 3);
        for (at, three) in digits.as_bytes().chunks(3).enumerate() {
            let is_last = (at + 1) * 3 == digits.len();
            let three = std::str::from_utf8(three).expect("digits");
            write!(f, "{}{three}{}", if is_last { "" } else { "x" }, if is_last { "" } else { "/" })?;
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// A decimal number without leading zeros.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Groups of three digits; all but the last begin with an x.
fn index_of(text: &str) -> Option<u64> {
    let mut digits = String::new();
    let mut groups = text.split('/').peekable();
    while let Some(group) = groups.next() {
        let three = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
        if three.len() != 3 || !three.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.push_str(three);
    }
    digits.parse().ok()
}

/// The hashes of the lowest level of a tile that the subtree at `place` is made of: the tile's level, the first of them,
/// how many.
pub fn under(place: Place) -> (u32, u64, u64) {
    let within = place.level % HEIGHT;
    (place.level / HEIGHT, place.index << within, 1 << within)
}

/// The root over as many hashes as a power of two.
///
/// # Panics
/// When there is none.
pub fn fold(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes.chunks(2).map(|pair| if let [a, b] = pair { Hash::node(*a, *b) } else { pair[0] }).collect();
    }
    hashes[0]
}

/// A bundle: each entry after its length in two bytes.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).expect("our entries are short");
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    bundle
}
