//! The transparency log (透明日志): proof that nothing that happened here is changed or taken away afterwards.
//!
//! Every event of the spine and every opening of personal data stands, as a salted commitment, in a slot of an epoch of ten
//! seconds; the log has one entry for each epoch, whether anything happened or not, so that its growth tells nothing
//! (`docs/log.md`). Everybody can follow it; who holds a receipt can show that it is in it.

pub mod audit;
mod page;
mod producing;
mod proving;
pub mod serve;
mod source;
mod store;
mod witness;

pub use proving::{newest, prove};

use crate::web::{Op, Room, Routes, Routine, Texts, Who, Work};
use evidence::Hash;
use evidence::checkpoint::Witness;
use evidence::epoch::{Entry, Secret};
use kit::db::{self, Tx};
use kit::event::Event;
use kit::id::Id;
use kit::values;

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::new(audit::KIND, audit::run)],
    routines: &[Routine { name: "log.produce", step: producing::step }],
    ..Room::new("log", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<page::Show>("log.show", "透明日志 · The transparency log and how to verify it");
    Routes::new().get("/log", Who::Anyone, show, page::show)
}

/// What the log needs beside the database.
pub struct Log {
    secret: Secret,
    witnesses: Vec<Witness>,
}

impl Log {
    /// From its secret and the witnesses whose cosignatures it takes.
    pub fn new(secret: &[u8; 32], witnesses: &[Witness]) -> Self {
        Self { secret: Secret::new(secret), witnesses: witnesses.to_vec() }
    }

    /// What hides which slots are taken.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Whose cosignatures are taken.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }
}

/// The first entry of an epoch after the one in which an event has its slot: its number, and its hash in the log's tree. None until it
/// is there. Nobody who caused the event can know it before.
///
/// # Errors
/// [`db::Error`].
pub fn entry_after(tx: &mut Tx, event: Id<Event>) -> Result<Option<(i64, Hash)>, db::Error> {
    let Some((epoch, _)) = store::slot_of(tx, "event", *event.as_bytes())? else { return Ok(None) };
    let sql = "SELECT position, last_epoch, root FROM log_entry WHERE first_epoch > $1 AND root IS NOT NULL \
               ORDER BY first_epoch LIMIT 1";
    tx.first(sql, values![store::int(epoch)], |row| {
        let (position, number, root) = (row.next::<i64>()?, row.next::<u64>()?, row.next::<[u8; 32]>()?);
        Ok((position, Entry::Epoch(number, root.into()).hash()))
    })
}
