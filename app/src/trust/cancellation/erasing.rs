//! When the time to think is over: one unit looks at the obstacles again and, if there are none, erases. A bid that came
//! in between was stored before this unit, which finds it and stops, or finds its person gone and is not stored.

use super::notice::{self, What};
use super::store::{self, Whole};
use super::{Cancellation, key};
use crate::app::App;
use crate::identity::account::{Account, account_of, company_left_alone};
use crate::trust::closing;
use crate::web::{Erased, Error, Gone, Leaving, Obstacle};
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use policy::Control;
use vault::tombstone::Tombstone;
use vault::{Standing, Subject};

/// The kind of the job. Payload: the cancellation's id.
pub const KIND: &str = "cancellation.erase";

/// What stands against the end of an account, in the order of the rooms. `None` is the company that goes on.
///
/// # Errors
/// [`db::Error`].
pub fn obstacles(tx: &mut Tx, app: &App, account: Id<Account>) -> Result<Vec<Obstacle>, db::Error> {
    let leaving = Leaving { account: Some(account), company: company_left_alone(tx, account)? };
    let mut found = Vec::new();
    for ask in app.rooms().iter().filter_map(|room| room.obstacles) {
        found.extend(ask(tx, app, &leaving)?);
    }
    Ok(found)
}

/// Runs the job. One that was taken back, or carried out already, is left alone.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let theirs = app.clone();
        app.db().write::<_, Error>(move |tx| carry_out(tx, &theirs, id)).await
    }
    .boxed()
}

fn carry_out(tx: &mut Tx, app: &App, id: Id<Cancellation>) -> Result<(), Error> {
    let Some(whole) = store::take_up(tx, id)? else { return Ok(()) };
    if policy::holds(Control::ObstaclesAgain) && !obstacles(tx, app, whole.account)?.is_empty() {
        store::stop(tx, &whole)?;
        return Ok(notice::leave(tx, id, What::Stopped)?);
    }
    erase_for(tx, app, &whole)
}

/// Notes what was deleted with the request that it was deleted for.
fn erase_for(tx: &mut Tx, app: &App, whole: &Whole) -> Result<(), Error> {
    let (gone, now) = (Gone { account: whole.account, subject: whole.subject }, tx.now());
    let erased = erase(tx, app, &gone, now)?;
    store::note_erased(tx, whole, &erased)
}

/// The person's standing ends, so that no process opens anything any more; what the rooms have goes; jobs destroy the keys,
/// class by class, counted from `at`.
fn erase(tx: &mut Tx, app: &App, gone: &Gone, at: Timestamp) -> Result<Vec<Erased>, Error> {
    vault::change_standing(tx, gone.subject, Standing::Destroyed)?;
    let held = vault::hold_keys(tx, gone.subject, at)?;
    if let Some(company) = company_left_alone(tx, gone.account)? {
        closing::left_alone(tx, company)?;
    }
    let mut erased = Vec::new();
    for delete in app.rooms().iter().filter_map(|room| room.erased) {
        if policy::holds(Control::RowsErased) {
            erased.extend(delete(tx, app, gone)?);
        }
    }
    for at in std::iter::once(at).chain(held.iter().map(|one| one.until)) {
        job::enqueue(tx, key::KIND, gone.subject.as_bytes(), at)?;
    }
    Ok(erased)
}

/// Erases somebody who has no account: all that rooms keep of them, their consents and their keys, as part of this unit.
///
/// # Errors
/// [`Error`] of the database; 500 when there is no such living subject.
pub fn erase_guest(tx: &mut Tx, app: &App, subject: Id<Subject>) -> Result<(), Error> {
    let now = tx.now();
    erase(tx, app, &Gone { account: subject.cast(), subject }, now).map(drop)
}

/// Erases again whom an older back-up of the database has brought back, rows and all. Dates count from the first time.
///
/// # Errors
/// [`Error`] of the database; 500 when there is no such living subject.
pub fn erase_again(tx: &mut Tx, app: &App, stone: Tombstone) -> Result<(), Error> {
    // Who never finished registering, and who was a company's contact, has no account.
    let Some(account) = account_of(tx, stone.subject)? else {
        erase(tx, app, &Gone { account: stone.subject.cast(), subject: stone.subject }, stone.at)?;
        return Ok(());
    };
    store::overtake(tx, stone)?;
    erase(tx, app, &Gone { account, subject: stone.subject }, stone.at).map(drop)
}
