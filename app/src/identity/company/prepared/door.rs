//! Who is asked to register a company sees at the public door where their address came from, and refuses.

use super::store;
use crate::app::App;
use crate::web::{Door, Error, Known, Said};
use futures::FutureExt;
use kit::db::{self, Tx};
use kit::id::Id;
use vault::Subject;

/// Prepared registrations at the public door.
pub static DOOR: Door = Door {
    find,
    deny: |tx, app, subject, _| refuse(tx, app, subject),
    erase: refuse,
    // They were written to once, and are not again.
    call: |_, _, _| async { Ok(false) }.boxed(),
};

fn find(tx: &mut Tx, index: &[u8; 32]) -> Result<Vec<Known>, db::Error> {
    let known = |kept: store::Kept| Known {
        subject: kept.subject,
        told: Said::new("prepared-at-door").with("company", kept.entry.identity.name).with("source", kept.source),
        since: kept.created_at,
    };
    Ok(store::of_index(tx, index)?.into_iter().map(known).collect())
}

fn refuse(tx: &mut Tx, _: &App, subject: Id<Subject>) -> Result<(), Error> {
    store::of_subject(tx, subject)?.map_or(Ok(()), |kept| store::refuse(tx, &kept))
}
