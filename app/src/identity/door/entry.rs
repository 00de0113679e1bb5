//! The entries under a phone or an e-mail: which of them is about the guest, and what becomes of them.

use crate::app::App;
use crate::web::session::Token;
use crate::web::visit::{self, Visit};
use crate::web::{Error, Known};
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use serde::Serialize;
use vault::{Standing, Subject};

/// Something happened at the door. Ids only.
#[derive(Serialize)]
pub struct Moved {
    pub visit: Id<Visit>,
    /// proven, recognised, denied, erased, ended.
    pub act: &'static str,
}

impl Fact for Moved {
    const KIND: &'static str = "door.moved";
}

/// Notes it. `subject`: whom it is about, once that is known.
pub fn record(tx: &mut Tx, subject: Option<Id<Subject>>, moved: &Moved) -> Result<(), db::Error> {
    let scope = Scope { actor: subject.map(|subject| *subject.as_bytes()), ..Scope::default() };
    event::record(tx, scope, moved).map(drop)
}

/// All that rooms keep under an index, of people whose data can be opened.
pub fn known(tx: &mut Tx, app: &App, index: &[u8; 32]) -> Result<Vec<Known>, db::Error> {
    let mut all = Vec::new();
    for door in app.rooms().iter().filter_map(|room| room.door) {
        all.extend((door.find)(tx, index)?);
    }
    let mut active = Vec::new();
    for one in all {
        if vault::standing(tx, one.subject).map_err(|e| db::Error::Engine(e.to_string()))? == Some(Standing::Active) {
            active.push(one);
        }
    }
    Ok(active)
}

/// The index behind a proven visit, if the entry stands under it.
///
/// # Errors
/// 404 for another browser's visit, one without a right code, and an entry that is not there.
fn proven(tx: &mut Tx, app: &App, (id, token): (Id<Visit>, &Token), entry: Id<Subject>) -> Result<[u8; 32], Error> {
    let row = visit::find(tx, id, token)?.filter(|row| row.is_proven).ok_or_else(Error::not_found)?;
    let is_here = known(tx, app, &row.named)?.iter().any(|one| one.subject == entry);
    if is_here { Ok(row.named) } else { Err(Error::not_found()) }
}

/// “This is me”: the visit is about this entry from now on.
pub fn recognise(tx: &mut Tx, app: &App, (id, token): (Id<Visit>, &Token), entry: Id<Subject>) -> Result<(), Error> {
    proven(tx, app, (id, token), entry)?;
    visit::recognise(tx, id, entry)?;
    Ok(record(tx, Some(entry), &Moved { visit: id, act: "recognised" })?)
}

/// “This is not me”: the phone or e-mail leads to it no more, and no visit to it goes on.
pub fn deny(tx: &mut Tx, app: &App, (id, token): (Id<Visit>, &Token), entry: Id<Subject>) -> Result<(), Error> {
    let index = proven(tx, app, (id, token), entry)?;
    for door in app.rooms().iter().filter_map(|room| room.door) {
        if (door.find)(tx, &index)?.iter().any(|one| one.subject == entry) {
            (door.deny)(tx, app, entry, &index)?;
        }
    }
    visit::forget(tx, entry, id)?;
    Ok(record(tx, Some(entry), &Moved { visit: id, act: "denied" })?)
}

/// All that is kept of the guest goes, and every visit to it ends.
pub fn erase(tx: &mut Tx, app: &App, id: Id<Visit>, subject: Id<Subject>) -> Result<(), Error> {
    for door in app.rooms().iter().filter_map(|room| room.door) {
        (door.erase)(tx, app, subject)?;
    }
    visit::end_of(tx, subject)?;
    Ok(record(tx, Some(subject), &Moved { visit: id, act: "erased" })?)
}

/// The guest has seen enough.
pub fn end(tx: &mut Tx, id: Id<Visit>, subject: Id<Subject>) -> Result<(), db::Error> {
    visit::end(tx, id)?;
    record(tx, Some(subject), &Moved { visit: id, act: "ended" })
}

/// Removes what is left of visits after a day.
pub fn sweep(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !app.db().read::<_, db::Error>(visit::is_any_old).await? {
            return Ok(0);
        }
        Ok(app.db().write::<_, db::Error>(visit::sweep).await?)
    }
    .boxed()
}
