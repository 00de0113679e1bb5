//! What the log commits to: events, and openings of personal data.

use super::store::Slot;
use evidence::epoch::{Secret, commitment};
use evidence::{EVENT, Hash};
use kit::db::{Error, Tx};
use kit::event::{self, Event};
use kit::id::Id;
use vault::Recorded;

/// The kind of commitments to openings.
pub const OPENING: &str = "opening";

/// The commitment to an event, under its own salt.
///
/// # Errors
/// [`Error::Engine`] when its body is no JSON.
pub fn of_event(event: &Event) -> Result<Hash, Error> {
    Ok(commitment(&event.salt, EVENT, &event.canonical()?))
}

/// The commitment to an opening, under a salt that the log's secret makes of its id.
pub fn of_opening(secret: &Secret, opening: &Recorded) -> Hash {
    commitment(&secret.salt(OPENING, opening.id.as_bytes()), OPENING, &opening.text())
}

/// The commitment to what is in the tables now; `None` when it is gone.
///
/// # Errors
/// [`Error`] of the database.
pub fn now(tx: &mut Tx, secret: &Secret, source: &str, id: [u8; 16]) -> Result<Option<Hash>, Error> {
    if source == OPENING {
        return Ok(Recorded::find(tx, Id::from_bytes(id))?.map(|opening| of_opening(secret, &opening)));
    }
    event::find(tx, Id::from_bytes(id))?.as_ref().map(of_event).transpose()
}

/// The slots of an epoch, handed out one after the other.
pub struct Filling<'a> {
    /// By which they are permuted.
    pub secret: &'a Secret,
    /// Of which epoch.
    pub epoch: u64,
    /// How many are taken.
    pub filled: u64,
}

impl Filling<'_> {
    /// The next slot; `None` when all are taken.
    pub fn next(&mut self, source: &'static str, id: [u8; 16], commitment: Hash) -> Option<Slot> {
        let n = u16::try_from(self.filled).ok()?;
        self.filled += 1;
        Some(Slot { source, id, slot: self.secret.slot(self.epoch, n), commitment })
    }
}
