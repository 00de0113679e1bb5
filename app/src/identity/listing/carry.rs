//! The job that carries a list out, some rows a unit. A row's outcome is stored in the unit of its effect: however often the process
//! ends, each row is done once.

use super::Import;
use super::list::{State, Summary};
use super::shelf::{Holder, Shelf};
use crate::app::App;
use crate::web::{Error, Locale};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};

/// Rows of one unit: a longer one would delay everybody's.
const TOGETHER: i64 = 20;

/// A list whose turn it is.
pub struct Turn {
    /// The list.
    pub list: Summary,
    /// Whose it is.
    pub holder: Holder,
    /// In which language it was handed in.
    pub locale: Locale,
}

/// What carries the rows of a kind of list out, in the course of one unit.
pub trait Carrier: Sized {
    /// A row as it lies.
    type Row;

    /// Where its lists lie.
    const SHELF: &'static Shelf;

    /// As things are at this instant; the reason, if nobody may go on in the name of who confirmed the list.
    ///
    /// # Errors
    /// [`Error`] of the database.
    fn begin(tx: &mut Tx, turn: &Turn) -> Result<Result<Self, &'static str>, Error>;

    /// The next rows that wait, so many at most.
    ///
    /// # Errors
    /// [`db::Error`].
    fn next(&self, tx: &mut Tx, turn: &Turn, most: i64) -> Result<Vec<Self::Row>, db::Error>;

    /// Carries a row out, as it is judged now. Answers for how many seconds a limit makes it wait.
    ///
    /// # Errors
    /// [`Error`] of the database.
    fn carry_out(&mut self, tx: &mut Tx, app: &App, turn: &Turn, row: &Self::Row) -> Result<Option<i64>, Error>;

    /// Tells who confirmed it that all rows have their outcome.
    ///
    /// # Errors
    /// [`db::Error`].
    fn done(&self, tx: &mut Tx, app: &App, turn: &Turn) -> Result<(), db::Error>;
}

/// Leaves a round of a list to a job.
pub(super) fn enqueue(tx: &mut Tx, shelf: &Shelf, id: Id<Import>, round: i64, at: Timestamp) -> Result<(), db::Error> {
    let payload = [&id.as_bytes()[..], &round.to_be_bytes()].concat();
    job::enqueue(tx, shelf.job, &payload, at).map(drop)
}

/// Carries a list out until it is over, or a limit makes it wait.
pub fn run<C: Carrier + 'static>(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let (id, round) = read(&payload).ok_or_else(|| Error::fault("the payload is no list and its round"))?;
        loop {
            let program = app.clone();
            if !app.db().write::<_, Error>(move |tx| unit::<C>(tx, &program, id, round)).await? {
                return Ok(());
            }
        }
    }
    .boxed()
}

fn read(payload: &[u8]) -> Option<(Id<Import>, i64)> {
    let (id, round) = payload.split_first_chunk::<16>()?;
    Some((Id::from_bytes(*id), i64::from_be_bytes(round.try_into().ok()?)))
}

/// Some rows. False: there is nothing more to do for this job.
fn unit<C: Carrier>(tx: &mut Tx, app: &App, id: Id<Import>, round: i64) -> Result<bool, Error> {
    let Some((list, holder, locale)) = C::SHELF.of_job(tx, id)? else { return Ok(false) };
    if list.state != State::Running || list.round != round {
        return Ok(false);
    }
    let turn = Turn { list, holder, locale };
    let halt = |tx: &mut Tx, reason| {
        C::SHELF.end(tx, &turn.list, holder, State::Halted, Some(reason)).map(|()| false).map_err(Error::from)
    };
    let mut carrier = match C::begin(tx, &turn)? {
        Ok(carrier) => carrier,
        Err(reason) => return halt(tx, reason),
    };
    if turn.list.ends_at <= tx.now() {
        return halt(tx, "late");
    }
    let rows = carrier.next(tx, &turn, TOGETHER)?;
    if rows.is_empty() {
        C::SHELF.end(tx, &turn.list, holder, State::Done, None)?;
        carrier.done(tx, app, &turn)?;
        return Ok(false);
    }
    for row in &rows {
        if let Some(seconds) = carrier.carry_out(tx, app, &turn, row)? {
            C::SHELF.wait(tx, &turn.list, seconds)?;
            return Ok(false);
        }
    }
    Ok(true)
}
