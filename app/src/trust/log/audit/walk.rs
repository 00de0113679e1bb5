//! The way through the entries, a page at a time.

use super::super::source;
use super::super::store::{self, Head, Standing};
use super::{Difference, Kind, Known};
use evidence::checkpoint::Note;
use evidence::epoch::{Entry, Subtree};
use evidence::tile::{HEIGHT, WIDTH};
use evidence::{Hash, Place, Tree};
use kit::db::{Error, Tx};

/// How far an audit has come.
#[derive(Clone, Default)]
pub struct Walk {
    tree: Tree,
    /// The epoch after the last entry; unknown before the first.
    next: Option<u64>,
    /// How many commitments were made again.
    pub slots: u64,
    /// What was found.
    pub difference: Option<Difference>,
    is_over: bool,
}

impl Walk {
    /// Whether there is more to go through.
    pub fn is_under_way(&self, head: &Head) -> bool {
        self.difference.is_none() && !self.is_over && self.tree.size() < head.tree.size()
    }

    /// One page of entries. The log goes on while it is audited: what comes after `head` is not part of the audit.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn page(mut self, tx: &mut Tx, head: &Head, known: &Known) -> Result<Self, Error> {
        let (done, expected) = (self.tree.size(), head.tree.size());
        let entries = store::entries(tx, done, WIDTH.min(expected.saturating_sub(done)))?;
        self.is_over = entries.is_empty();
        let span = entries.first().zip(entries.last()).map(|(first, last)| (first.1.span().0, last.1.span().1));
        let mut standing = span.map_or(Ok(Vec::new()), |(first, last)| store::standing(tx, first, last))?;
        for (position, entry) in entries {
            self.difference = self.step(tx, known, position, entry, &mut standing)?;
            if self.difference.is_some() {
                break;
            }
        }
        Ok(self)
    }

    fn step(
        &mut self,
        tx: &mut Tx,
        known: &Known,
        position: u64,
        entry: Entry,
        standing: &mut Vec<Standing>,
    ) -> Result<Option<Difference>, Error> {
        let at = self.tree.size();
        let (first, last) = entry.span();
        if position != at {
            return Ok(Some(Difference::new(Kind::Missing, at, "the entry is gone")));
        }
        if self.next.is_some_and(|next| next != first) || last < first {
            return Ok(Some(Difference::new(Kind::Reordered, at, format!("epoch {first} does not follow"))));
        }
        let after = standing.iter().position(|one| one.epoch > last).unwrap_or(standing.len());
        let own: Vec<_> = standing.drain(..after).collect();
        if let Some(difference) = self.slots(tx, known, at, entry, &own)? {
            return Ok(Some(difference));
        }
        self.next = Some(last + 1);
        for (place, hash) in self.tree.append(entry.hash()) {
            if place.level % HEIGHT == 0 && !is_kept(tx, place, hash)? {
                return Ok(Some(Difference::new(Kind::Changed, at, "a tile is not what its entries make it")));
            }
        }
        self.compare(tx, known)
    }

    /// Each commitment again from its row, and the entry's root from the commitments.
    fn slots(
        &mut self,
        tx: &mut Tx,
        known: &Known,
        at: u64,
        entry: Entry,
        own: &[Standing],
    ) -> Result<Option<Difference>, Error> {
        for one in own {
            let now = match source::now(tx, known.log.secret(), &one.source, one.id) {
                // A body that is no JSON any more was changed; the unit goes on, since no statement has failed.
                Err(Error::Engine(_)) => Some(Hash::leaf(b"")),
                now => now?,
            };
            let name = format!("{} {}", one.source, kit::id::Id::<()>::from_bytes(one.id));
            match now {
                None => return Ok(Some(Difference::new(Kind::Missing, at, format!("{name} is gone")))),
                Some(now) if now != one.commitment => {
                    return Ok(Some(Difference::new(
                        Kind::Changed,
                        at,
                        format!("{name} is not what was committed to"),
                    )));
                }
                Some(_) => self.slots += 1,
            }
        }
        let root = match entry {
            Entry::Epoch(epoch, root) => {
                let taken = own.iter().map(|one| (one.slot, one.commitment)).collect();
                root == Subtree::new(known.log.secret(), epoch, taken).root()
            }
            Entry::Gap(..) => own.is_empty(),
        };
        let what = "the slots of its epoch do not make its root";
        Ok((!root).then(|| Difference::new(Kind::Changed, at, what)))
    }

    /// The tree against the checkpoints of its size.
    fn compare(&self, tx: &mut Tx, known: &Known) -> Result<Option<Difference>, Error> {
        let (size, root) = (self.tree.size(), self.tree.root());
        let inconsistent = |what: &str| Some(Difference::new(Kind::Inconsistent, size - 1, what));
        if known.roots.get(&size).is_some_and(|told| *told != root) {
            return Ok(inconsistent("the tree does not go on from the checkpoint that was given"));
        }
        if size % WIDTH != 0 {
            return Ok(None);
        }
        let note = store::kept_checkpoint(tx, size)?.and_then(|note| Note::parse(&note));
        let holds = note
            .is_some_and(|note| note.is_of(&known.key) && note.checkpoint.size == size && note.checkpoint.root == root);
        Ok(if holds { None } else { inconsistent("the tree does not go on from the checkpoint that was signed") })
    }

    /// What shows at the end only.
    pub fn end(&self, head: &Head, known: &Known) -> Option<Difference> {
        let (size, expected) = (self.tree.size(), head.tree.size());
        let given = known.roots.last_key_value().map_or(0, |(size, _)| *size);
        if size < expected {
            return Some(Difference::new(Kind::Truncated, size, format!("{expected} entries should be there")));
        }
        if given > expected {
            let what = format!("the checkpoint that was given has {given} entries");
            return Some(Difference::new(Kind::Truncated, size, what));
        }
        let is_head = self.tree == head.tree && self.next.is_none_or(|next| next == head.epoch + 1);
        (!is_head).then(|| Difference::new(Kind::Inconsistent, size, "the head is not the tree of its entries"))
    }
}

fn is_kept(tx: &mut Tx, place: Place, hash: Hash) -> Result<bool, Error> {
    let kept = store::hashes(tx, place.level / HEIGHT, place.index, 1)?;
    Ok(kept.first() == Some(&hash))
}
