//! When the time to think is over: one unit looks at the obstacles again and, if there are none, erases. A bid that came
//! in between was stored before this unit, which finds it and stops, or finds its person gone and is not stored.

use super::notice::{self, What};
use super::store::{self, Whole};
use super::{Cancellation, key};
use crate::app::App;
use crate::identity::account::{Account, company_left_alone};
use crate::web::{Error, Gone, Leaving, Obstacle};
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use policy::Control;
use vault::Standing;

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
        let id: [u8; 16] = payload.try_into().map_err(|_| Error::fault("the payload is no id"))?;
        let theirs = app.clone();
        app.db().write::<_, Error>(move |tx| carry_out(tx, &theirs, Id::from_bytes(id))).await
    }
    .boxed()
}

fn carry_out(tx: &mut Tx, app: &App, id: Id<Cancellation>) -> Result<(), Error> {
    let Some(whole) = store::take_up(tx, id)? else { return Ok(()) };
    if policy::holds(Control::ObstaclesAgain) && !obstacles(tx, app, whole.account)?.is_empty() {
        store::stop(tx, &whole)?;
        return Ok(notice::leave(tx, id, What::Stopped)?);
    }
    erase(tx, app, &whole)
}

/// The person's standing ends, so that no process opens anything any more; what the rooms have goes; the keys follow.
fn erase(tx: &mut Tx, app: &App, whole: &Whole) -> Result<(), Error> {
    vault::change_standing(tx, whole.subject, Standing::Destroyed)?;
    let held = vault::hold_keys(tx, whole.subject)?;
    let gone = Gone { account: whole.account, subject: whole.subject };
    let mut erased = Vec::new();
    for delete in app.rooms().iter().filter_map(|room| room.erased) {
        if policy::holds(Control::RowsErased) {
            erased.extend(delete(tx, app, &gone)?);
        }
    }
    store::note_erased(tx, whole, &erased)?;
    let now = tx.now();
    for at in std::iter::once(now).chain(held.iter().map(|one| one.until)) {
        job::enqueue(tx, key::KIND, whole.facts.id.as_bytes(), at)?;
    }
    Ok(())
}
