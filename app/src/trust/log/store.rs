//! Every query about the log's own tables.

use evidence::epoch::Entry;
use evidence::tile::{HEIGHT, WIDTH, fold, under};
use evidence::{Hash, Place, Tree};
use kit::db::{Error, Row, Tx, Value};
use kit::values;

/// How far the log has come.
#[derive(Clone, Debug)]
pub struct Head {
    /// The tree.
    pub tree: Tree,
    /// The last epoch that an entry stands for.
    pub epoch: u64,
    /// How many slots of the epoch after it are taken.
    pub filled: u64,
    /// The number of the last event that is in a slot.
    pub seq: i64,
}

/// Numbers of the log as the database takes them. They count tens of seconds and never come near the limit.
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The head, if the log has begun.
///
/// # Errors
/// [`Error`] of the database.
pub fn head(tx: &mut Tx) -> Result<Option<Head>, Error> {
    tx.first("SELECT size, frontier, epoch, filled, seq FROM log_head WHERE id = 1", &[], |row| {
        let (size, frontier): (u64, Vec<u8>) = (row.next()?, row.next()?);
        let hashes = frontier.chunks_exact(32).map(|bytes| <[u8; 32]>::try_from(bytes).map(Hash::from));
        let hashes = hashes.collect::<Result<_, _>>().map_err(|e| Error::Engine(e.to_string()))?;
        let tree = Tree::of(size, hashes).ok_or_else(|| Error::Engine("the log's head is broken".into()))?;
        Ok(Head { tree, epoch: row.next()?, filled: row.next()?, seq: row.next()? })
    })
}

/// The head, for this unit alone to move: of units that run at the same time, one runs again.
///
/// # Errors
/// [`Error`] of the database.
pub fn take(tx: &mut Tx) -> Result<Option<Head>, Error> {
    tx.execute("UPDATE log_head SET size = size WHERE id = 1", &[])?;
    head(tx)
}

/// Begins the log after an epoch. Answers whether nobody had.
///
/// # Errors
/// [`Error`] of the database.
pub fn begin(tx: &mut Tx, epoch: u64) -> Result<bool, Error> {
    let begun = tx.execute(
        "INSERT INTO log_head (id, size, frontier, epoch, filled, seq) VALUES (1, 0, $1, $2, 0, 0) \
         ON CONFLICT (id) DO NOTHING",
        values![Vec::new(), int(epoch)],
    )?;
    Ok(begun == 1)
}

/// Keeps where the log has come to.
///
/// # Errors
/// [`Error`] of the database.
pub fn save(tx: &mut Tx, head: &Head) -> Result<(), Error> {
    let frontier: Vec<u8> = head.tree.frontier().iter().flat_map(|hash| *hash.as_bytes()).collect();
    tx.execute(
        "UPDATE log_head SET size = $1, frontier = $2, epoch = $3, filled = $4, seq = $5 WHERE id = 1",
        values![int(head.tree.size()), frontier, int(head.epoch), int(head.filled), head.seq],
    )?;
    Ok(())
}

/// Appends an entry and what of the tree it completes.
///
/// # Errors
/// [`Error`] of the database.
pub fn append(tx: &mut Tx, head: &mut Head, entry: Entry) -> Result<(), Error> {
    let (first, last) = entry.span();
    let root = match entry {
        Entry::Epoch(_, root) => Some(*root.as_bytes()),
        Entry::Gap(..) => None,
    };
    tx.execute(
        "INSERT INTO log_entry (position, first_epoch, last_epoch, root) VALUES ($1, $2, $3, $4)",
        values![int(head.tree.size()), int(first), int(last), root],
    )?;
    let completed = head.tree.append(entry.hash());
    for (place, hash) in completed.iter().filter(|(place, _)| place.level % HEIGHT == 0) {
        tx.execute(
            "INSERT INTO log_node (level, position, hash) VALUES ($1, $2, $3)",
            values![place.level / HEIGHT, int(place.index), hash.as_bytes()],
        )?;
    }
    (head.epoch, head.filled) = (last, 0);
    Ok(())
}

/// What takes a slot.
pub struct Slot {
    /// `event` or `opening`.
    pub source: &'static str,
    /// Its id.
    pub id: [u8; 16],
    /// Where.
    pub slot: u16,
    /// What stands there.
    pub commitment: Hash,
}

/// Puts these into slots of an epoch.
///
/// # Errors
/// [`Error`] of the database.
pub fn fill(tx: &mut Tx, epoch: u64, slots: &[Slot]) -> Result<(), Error> {
    let row = |one: &Slot| -> Vec<Value> {
        values![int(epoch), i64::from(one.slot), one.source, one.id, one.commitment.as_bytes()].to_vec()
    };
    let rows: Vec<_> = slots.iter().map(row).collect();
    tx.insert("INSERT INTO log_slot (epoch, slot, source, id, commitment)", &rows, "").map(drop)
}

/// The slots of an epoch that are taken.
///
/// # Errors
/// [`Error`] of the database.
pub fn taken(tx: &mut Tx, epoch: u64) -> Result<Vec<(u16, Hash)>, Error> {
    tx.all("SELECT slot, commitment FROM log_slot WHERE epoch = $1 ORDER BY slot", values![int(epoch)], |row| {
        Ok((slot(row)?, hash(row)?))
    })
}

/// The epoch and slot of something, if it has one.
///
/// # Errors
/// [`Error`] of the database.
pub fn slot_of(tx: &mut Tx, source: &str, id: [u8; 16]) -> Result<Option<(u64, u16)>, Error> {
    let sql = "SELECT epoch, slot FROM log_slot WHERE source = $1 AND id = $2";
    tx.first(sql, values![source, id], |row| Ok((row.next()?, slot(row)?)))
}

/// How many entries stand for epochs up to and with this one.
///
/// # Errors
/// [`Error`] of the database.
pub fn size_at(tx: &mut Tx, epoch: u64) -> Result<u64, Error> {
    let sql = "SELECT position FROM log_entry WHERE last_epoch <= $1 ORDER BY last_epoch DESC LIMIT 1";
    let last: Option<u64> = tx.first(sql, values![int(epoch)], |row| row.next())?;
    Ok(last.map_or(0, |last| last + 1))
}

/// The number of the entry of an epoch, if it has one of its own or is in a gap.
///
/// # Errors
/// [`Error`] of the database.
pub fn entry_of(tx: &mut Tx, epoch: u64) -> Result<Option<u64>, Error> {
    let sql = "SELECT position FROM log_entry WHERE last_epoch >= $1 ORDER BY last_epoch LIMIT 1";
    tx.first(sql, values![int(epoch)], |row| row.next())
}

/// The entries from a number on, in order.
///
/// # Errors
/// [`Error`] of the database.
pub fn entries(tx: &mut Tx, from: u64, most: u64) -> Result<Vec<(u64, Entry)>, Error> {
    tx.all(
        "SELECT position, first_epoch, last_epoch, root FROM log_entry WHERE position >= $1 ORDER BY position LIMIT $2",
        values![int(from), int(most)],
        |row| {
            let (position, first, last): (u64, u64, u64) = (row.next()?, row.next()?, row.next()?);
            let root: Option<[u8; 32]> = row.next()?;
            Ok((position, root.map_or(Entry::Gap(first, last), |root| Entry::Epoch(last, root.into()))))
        },
    )
}

/// The hashes of a level of tiles from a number on: all that there are, `most` at most.
///
/// # Errors
/// [`Error`] of the database.
pub fn hashes(tx: &mut Tx, level: u32, from: u64, most: u64) -> Result<Vec<Hash>, Error> {
    if level == 0 {
        return Ok(entries(tx, from, most)?.into_iter().map(|(_, entry)| entry.hash()).collect());
    }
    let sql = "SELECT hash FROM log_node WHERE level = $1 AND position >= $2 ORDER BY position LIMIT $3";
    tx.all(sql, values![level, int(from), int(most)], hash)
}

/// The root of a perfect subtree.
///
/// # Errors
/// [`Error::Missing`] where the tree does not have it; [`Error`] of the database.
pub fn node(tx: &mut Tx, place: Place) -> Result<Hash, Error> {
    let (level, first, count) = under(place);
    let hashes = hashes(tx, level, first, count)?;
    if hashes.len() as u64 == count { Ok(fold(hashes)) } else { Err(Error::Missing) }
}

/// Keeps the checkpoint of a size that audits compare with, if it is one. What was signed first stays.
///
/// # Errors
/// [`Error`] of the database.
pub fn keep_checkpoint(tx: &mut Tx, tree: &Tree, sign: impl Fn(u64, Hash) -> String) -> Result<(), Error> {
    if tree.size().is_multiple_of(WIDTH) {
        let note = sign(tree.size(), tree.root());
        tx.execute(
            "INSERT INTO log_checkpoint (size, note) VALUES ($1, $2) ON CONFLICT (size) DO NOTHING",
            values![int(tree.size()), note],
        )?;
    }
    Ok(())
}

/// The checkpoint that was kept of a size.
///
/// # Errors
/// [`Error`] of the database.
pub fn kept_checkpoint(tx: &mut Tx, size: u64) -> Result<Option<String>, Error> {
    tx.first("SELECT note FROM log_checkpoint WHERE size = $1", values![int(size)], |row| row.next())
}

/// A slot as it stands in the table.
pub struct Standing {
    /// The epoch.
    pub epoch: u64,
    /// The slot.
    pub slot: u16,
    /// `event` or `opening`.
    pub source: String,
    /// Of which.
    pub id: [u8; 16],
    /// What stands there.
    pub commitment: Hash,
}

/// The slots that are taken of these epochs, in order.
///
/// # Errors
/// [`Error`] of the database.
pub fn standing(tx: &mut Tx, first: u64, last: u64) -> Result<Vec<Standing>, Error> {
    let sql = "SELECT epoch, slot, source, id, commitment FROM log_slot WHERE epoch >= $1 AND epoch <= $2 \
         ORDER BY epoch, slot";
    tx.all(sql, values![int(first), int(last)], |row| {
        Ok(Standing {
            epoch: row.next()?,
            slot: slot(row)?,
            source: row.next()?,
            id: row.next()?,
            commitment: hash(row)?,
        })
    })
}

fn slot(row: &mut Row<'_>) -> Result<u16, Error> {
    let slot: i64 = row.next()?;
    u16::try_from(slot).map_err(|e| Error::Engine(e.to_string()))
}

fn hash(row: &mut Row<'_>) -> Result<Hash, Error> {
    row.next::<[u8; 32]>().map(Hash::from)
}
