//! What the log shows: checkpoints of any size that is shown, and the proof of one event.

use super::producing::shown;
use super::source::of_event;
use super::{Log, store};
use evidence::epoch::Subtree;
use evidence::proof::{inclusion, root_of};
use evidence::{EVENT, Hash, Proof, Signer};
use kit::db::{Error, Tx};
use kit::event::{self, Event};
use kit::id::Id;

/// How many entries are shown now: never one whose epoch has only just ended.
///
/// # Errors
/// [`Error`] of the database.
pub fn size(tx: &mut Tx) -> Result<u64, Error> {
    let last = shown(tx.now());
    store::size_at(tx, last)
}

/// The root of the tree of so many entries.
///
/// # Errors
/// [`Error::Missing`] where the log has fewer; [`Error`] of the database.
pub fn root(tx: &mut Tx, size: u64) -> Result<Hash, Error> {
    if size == 0 {
        return Ok(evidence::Tree::new().root());
    }
    root_of(size, &mut |place| store::node(tx, place))
}

/// The signed checkpoint of so many entries: always the same text, since the signature has no randomness.
///
/// # Errors
/// As [`root`].
pub fn checkpoint(tx: &mut Tx, signer: &Signer, size: u64) -> Result<String, Error> {
    Ok(signer.checkpoint(size, root(tx, size)?))
}

/// The newest signed checkpoint.
///
/// # Errors
/// [`Error`] of the database.
pub fn newest(tx: &mut Tx, signer: &Signer) -> Result<String, Error> {
    let size = size(tx)?;
    checkpoint(tx, signer, size)
}

/// The proof that an event is in the log; `None` while its epoch is not shown.
///
/// # Errors
/// [`Error`] of the database.
pub fn prove(tx: &mut Tx, log: &Log, signer: &Signer, id: Id<Event>) -> Result<Option<Proof>, Error> {
    let Some((epoch, slot)) = store::slot_of(tx, EVENT, *id.as_bytes())? else { return Ok(None) };
    let size = size(tx)?;
    let Some(entry) = store::entry_of(tx, epoch)?.filter(|entry| *entry < size) else { return Ok(None) };
    let event = event::find(tx, id)?.ok_or(Error::Missing)?;
    let taken = store::taken(tx, epoch)?;
    // A row that was changed since would make a proof that does not verify.
    if !taken.contains(&(slot, of_event(&event)?)) {
        return Err(Error::Engine(format!("event {id} is not what the log has; see `ziyun audit`")));
    }
    Ok(Some(Proof {
        event: event.canonical()?,
        salt: hex::encode(event.salt),
        epoch,
        slot,
        path: Subtree::new(log.secret(), epoch, taken).path(slot),
        entry,
        inclusion: inclusion(entry, size, &mut |place| store::node(tx, place))?,
        checkpoint: checkpoint(tx, signer, size)?,
    }))
}
