//! The job that carries a list out, some rows a unit. A row's outcome is stored in the unit of its effect: however often the process
//! ends, each row is done once.

use super::Import;
use super::judge::{Verdict, follow, judge};
use super::list::State;
use super::store::{self, Kept};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company::Company;
use crate::identity::people::{self, Acting, Picture};
use crate::web::{Error, Locale, limit};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use policy::Control;

/// The kind of the job. Payload: the list's id, and the round.
pub const KIND: &str = "roster.carry-out";

/// Rows of one unit: a longer one would delay everybody's.
const TOGETHER: i64 = 20;

/// Leaves a round of a list to a job.
///
/// # Errors
/// [`db::Error`].
pub fn enqueue(tx: &mut Tx, id: Id<Import>, round: i64, at: Timestamp) -> Result<(), db::Error> {
    let payload = [&id.as_bytes()[..], &round.to_be_bytes()].concat();
    job::enqueue(tx, KIND, &payload, at).map(drop)
}

/// Carries a list out until it is over, or a limit makes it wait.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let (id, round) = read(&payload).ok_or_else(|| Error::fault("the payload is no list and its round"))?;
        loop {
            let program = app.clone();
            if !app.db().write::<_, Error>(move |tx| unit(tx, &program, id, round)).await? {
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

/// One list in the course of one unit.
struct Turn {
    import: Id<Import>,
    locale: Locale,
    company: Id<Company>,
    acting: Acting,
}

/// Some rows. False: there is nothing more to do for this job.
fn unit(tx: &mut Tx, app: &App, id: Id<Import>, round: i64) -> Result<bool, Error> {
    let Some((list, company, locale)) = store::of_job(tx, id)? else { return Ok(false) };
    if list.state != State::Running || list.round != round {
        return Ok(false);
    }
    let Some(acting) = Acting::again(tx, company, list.account)? else {
        store::end(tx, &list, company, State::Halted, Some("owner-gone"))?;
        return Ok(false);
    };
    if list.ends_at <= tx.now() {
        store::end(tx, &list, company, State::Halted, Some("late"))?;
        return Ok(false);
    }
    let rows = store::next(tx, id, TOGETHER)?;
    if rows.is_empty() {
        store::end(tx, &list, company, State::Done, None)?;
        let path = format!("{}/{id}", super::PLACE);
        letter::to_account(
            tx,
            acting.account,
            &Letter::new("letter-roster-done").with("path", app.config().address(&path)),
        )?;
        return Ok(false);
    }
    let turn = Turn { import: id, locale, company, acting };
    let mut picture = Picture::read(tx, company)?;
    for row in &rows {
        if let Some(seconds) = turn.carry_out(tx, app, &mut picture, row)? {
            store::wait(tx, &list, seconds)?;
            return Ok(false);
        }
    }
    Ok(true)
}

impl Turn {
    /// One row, as it is judged now. Answers for how many seconds a limit makes it wait.
    fn carry_out(&self, tx: &mut Tx, app: &App, picture: &mut Picture, row: &Kept) -> Result<Option<i64>, Error> {
        let index = row.index.as_deref().ok_or_else(|| Error::fault("a row that waits has no index"))?;
        let verdict = judge(picture, self.acting.account, index, row.duties);
        match verdict {
            Verdict::Invite => {
                let counted = people::counted(app, self.company, index);
                let wait = limit::take_in(tx, &counted)?.filter(|_| policy::holds(Control::GuessingSlowed));
                if wait.is_some() {
                    return Ok(wait);
                }
                store::invite(tx, &self.acting, (self.import, self.locale), row)?;
            }
            Verdict::Change { account, .. } => {
                let one = people::of(tx, self.company, account)?;
                let version = one.version;
                people::assign(tx, &self.acting, &one, version, row.duties)?;
                store::outcome(tx, self.import, row.number, "changed", "")?;
            }
            Verdict::Same => store::outcome(tx, self.import, row.number, "same", "")?,
            Verdict::Refuse { why } => store::outcome(tx, self.import, row.number, "refused", why)?,
        }
        follow(picture, index, row.duties, verdict);
        Ok(None)
    }
}
