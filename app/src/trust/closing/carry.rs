//! When the time to think is over: one unit looks at the obstacles again and, if there are none, closes. A tender or a bid that
//! came in between was stored before this unit, which finds it and stops, or finds its person without the company and is not
//! stored.

use super::Closing;
use super::store::{self, Facts, State};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company::Company;
use crate::identity::people;
use crate::web::{Error, Leaving, Obstacle};
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use policy::Control;

/// The kind of the job that closes. Payload: the closing's id.
pub const KIND: &str = "closing.close";
/// The kind of the job that closes a company for which nobody acts. Payload: the company's id.
pub const ALONE: &str = "closing.alone";

/// How soon a company that is left alone is looked at again, when something stands against its closing.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// What stands against the end of a company, in the order of the rooms.
///
/// # Errors
/// [`db::Error`].
pub fn obstacles(tx: &mut Tx, app: &App, company: Id<Company>) -> Result<Vec<Obstacle>, db::Error> {
    let leaving = Leaving { account: None, company: Some(company) };
    let mut found = Vec::new();
    for ask in app.rooms().iter().filter_map(|room| room.obstacles) {
        found.extend(ask(tx, app, &leaving)?);
    }
    Ok(found)
}

/// Runs the job. One that was taken back, or carried out already, is left alone.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: Id<Closing> = work::named(payload)?;
        let theirs = app.clone();
        app.db().write::<_, Error>(move |tx| carry_out(tx, &theirs, id)).await
    }
    .boxed()
}

fn carry_out(tx: &mut Tx, app: &App, id: Id<Closing>) -> Result<(), Error> {
    let now = tx.now();
    let due = store::find(tx, id)?.filter(|facts| facts.state == State::Waiting && facts.due_at <= now);
    let Some(facts) = due else { return Ok(()) };
    if policy::holds(Control::ClosingObstaclesAgain) && !obstacles(tx, app, facts.company)?.is_empty() {
        return stop(tx, &facts);
    }
    let (people, name) = store::people(tx, facts.company)?;
    store::end(tx, &facts, State::Closed, store::of(facts.company))?;
    close(tx, app, facts.company)?;
    let letter = Letter::new("letter-closing-closed").with("company", name);
    Ok(people.into_iter().try_for_each(|account| letter::to_account(tx, account, &letter))?)
}

fn stop(tx: &mut Tx, facts: &Facts) -> Result<(), Error> {
    store::end(tx, facts, State::Stopped, store::of(facts.company))?;
    let (_, name) = store::people(tx, facts.company)?;
    letter::to_company(tx, facts.company, &Letter::new("letter-closing-stopped").with("company", name))?;
    Ok(())
}

/// Everybody's place ends, each room deletes what nobody needs, the credit code is free.
fn close(tx: &mut Tx, app: &App, company: Id<Company>) -> Result<(), Error> {
    people::end_all(tx, company)?;
    store::close(tx, company)?;
    let mut keeps_name = false;
    for closed in app.rooms().iter().filter_map(|room| room.closed) {
        keeps_name |= closed(tx, app, company)?;
    }
    if !keeps_name {
        store::forget_name(tx, company)?;
    }
    Ok(())
}

/// Has a company close whose last person goes, in the unit in which they do. The obstacles were theirs, too, and are looked at
/// again.
///
/// # Errors
/// [`db::Error`].
pub fn left_alone(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let now = tx.now();
    job::enqueue(tx, ALONE, company.as_bytes(), now).map(drop)
}

/// Runs that job. Somebody may have come to the company again, by an invitation that waited.
pub fn run_alone(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let company: Id<Company> = work::named(payload)?;
        let theirs = app.clone();
        app.db().write::<_, Error>(move |tx| close_alone(tx, &theirs, company)).await
    }
    .boxed()
}

fn close_alone(tx: &mut Tx, app: &App, company: Id<Company>) -> Result<(), Error> {
    if !store::people(tx, company)?.0.is_empty() {
        return Ok(());
    }
    if !obstacles(tx, app, company)?.is_empty() {
        let again = tx.now().checked_add(AGAIN).unwrap_or(tx.now());
        job::enqueue(tx, ALONE, company.as_bytes(), again)?;
        return Ok(());
    }
    close(tx, app, company)?;
    Ok(store::note_alone(tx, company)?)
}
