//! The audit: the whole log again from what is in the tables, compared with what was signed.
//!
//! It goes through the entries in order, makes each slot's commitment from the row that it is of, each root from the slots,
//! the tree from the roots, and tells the first difference. Rows outlive the keys of the people they are about, since they
//! hold ids only, so that erasure changes nothing here.

mod job;
mod walk;

pub use job::{KIND, enqueue, last, run};

use super::{Log, store};
use crate::app::App;
use evidence::checkpoint::{Checkpoint, Note};
use evidence::{Hash, PublicKey};
use kit::db::{Error, Tx};
use kit::values;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use walk::Walk;

/// What an audit found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether everything is as it was signed.
    pub ok: bool,
    /// How many entries the log has.
    pub size: u64,
    /// How many commitments were made again.
    pub slots: u64,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// A difference.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// What kind.
    pub kind: Kind,
    /// The number of the entry where it shows.
    pub entry: u64,
    /// In a sentence.
    pub what: String,
}

/// What was done to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A row, a slot or an entry is not what it was.
    Changed,
    /// A row or an entry in the middle is gone.
    Missing,
    /// Something is there that the log never had.
    Added,
    /// Entries stand in another order.
    Reordered,
    /// Entries at the end are gone.
    Truncated,
    /// The tree does not go on from a checkpoint that was signed before.
    Inconsistent,
}

impl Difference {
    fn new(kind: Kind, entry: u64, what: impl Into<String>) -> Self {
        Self { kind, entry, what: what.into() }
    }
}

/// What the audit compares with.
struct Known {
    log: Arc<Log>,
    key: PublicKey,
    /// Roots that were signed, by size.
    roots: BTreeMap<u64, Hash>,
}

/// Goes through the whole log. `earlier` is a checkpoint that somebody has kept; it must be signed by this log.
///
/// # Errors
/// [`Error`] of the database.
pub async fn audit(app: &App, earlier: Option<&Checkpoint>) -> Result<Report, Error> {
    let mut known = Known { log: app.log().clone(), key: app.signer().key(), roots: BTreeMap::new() };
    known.roots.extend(earlier.map(|checkpoint| (checkpoint.size, checkpoint.root)));
    let Some(head) = app.db().read::<_, Error>(store::head).await? else {
        let lacks = earlier.filter(|checkpoint| checkpoint.size > 0);
        let lacks =
            lacks.map(|_| Difference::new(Kind::Truncated, 0, "the log has not begun, but there is a checkpoint"));
        return Ok(Report { ok: lacks.is_none(), size: 0, slots: 0, difference: lacks });
    };
    let (known, head, mut walk) = (Arc::new(known), Arc::new(head), Walk::default());
    while walk.is_under_way(&head) {
        let (known, head, from) = (known.clone(), head.clone(), walk.clone());
        walk = app.db().read::<_, Error>(move |tx| from.clone().page(tx, &head, &known)).await?;
    }
    if walk.difference.is_none() {
        let (theirs, at_head) = (known.clone(), head.clone());
        let found = app.db().read::<_, Error>(move |tx| beside(tx, &at_head)).await?;
        walk.difference = walk.end(&head, &theirs).or(found);
    }
    let (size, slots) = (head.tree.size(), walk.slots);
    Ok(Report { ok: walk.difference.is_none(), size, slots, difference: walk.difference })
}

/// What the entries themselves cannot show: events that were numbered and are in no slot, checkpoints that are gone.
fn beside(tx: &mut Tx, head: &store::Head) -> Result<Option<Difference>, Error> {
    let size = head.tree.size();
    let sql = "SELECT e.id FROM event e LEFT JOIN log_slot s ON s.source = 'event' AND s.id = e.id \
         WHERE e.seq <= $1 AND s.id IS NULL LIMIT 1";
    if let Some(id) = tx.first(sql, values![head.seq], |row| row.next::<kit::id::Id<kit::event::Event>>())? {
        return Ok(Some(Difference::new(Kind::Added, size, format!("event {id} is in no slot"))));
    }
    let sql = "SELECT o.id FROM opening o LEFT JOIN log_slot s ON s.source = 'opening' AND s.id = o.id \
         WHERE o.logged IS NOT NULL AND s.id IS NULL LIMIT 1";
    let opening = tx.first(sql, &[], |row| row.next::<kit::id::Id<vault::Opening>>())?;
    Ok(opening.map(|id| Difference::new(Kind::Added, size, format!("opening {id} is in no slot"))))
}

/// A checkpoint of this log that somebody has kept.
///
/// # Errors
/// A sentence.
pub fn kept(app: &App, note: &str) -> Result<Checkpoint, &'static str> {
    let note = Note::parse(note).ok_or("this is no checkpoint")?;
    if note.is_of(&app.signer().key()) { Ok(note.checkpoint) } else { Err("this log has not signed this checkpoint") }
}
