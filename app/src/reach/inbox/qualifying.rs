//! What is told of qualified lists: to the list's company that there is something to review or to answer, to applicants how they stand, to
//! them and to who asked that there is an answer. Never
//! what was written. A job finds them, since they may be many. Before the deadline of applications nothing is told of any.

use super::kind::{self, Kind};
use super::tell::{Telling, tell_company};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::qualified::event::{
    Answered, Appealed, Applied, Asked, Closed, Concluded, Decided, Ended, Failed, Judged, Objected, Replied,
};
use crate::sourcing::qualified::{QualifiedList, application, objection, question, store};
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{self, Event, Fact};
use kit::id::Id;
use kit::job::{self, Job};

/// The kind of this job. Payload: the event's id.
pub const KIND: &str = "inbox.qualified";

/// The events that it is left for.
pub const KINDS: &[&str] = &[
    Closed::KIND,
    Applied::KIND,
    Concluded::KIND,
    Failed::KIND,
    Decided::KIND,
    Objected::KIND,
    Answered::KIND,
    Appealed::KIND,
    Judged::KIND,
    Asked::KIND,
    Replied::KIND,
    Ended::KIND,
];

/// What people of these companies are told.
type Told = (Vec<Id<Company>>, &'static Kind, Id<QualifiedList>);

/// Leaves an event to the job, where there is anything to tell. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn leave(tx: &mut Tx, event: &Event) -> Result<(), db::Error> {
    // Of a list with a deadline nobody learns that there is an application, not even by a job that finds nobody to tell.
    if event.kind == Applied::KIND && !is_standing(tx, event.read::<Applied>()?.list)? {
        return Ok(());
    }
    let now = tx.now();
    job::enqueue(tx, KIND, event.id.as_bytes(), now).map(drop)
}

fn is_standing(tx: &mut Tx, list: Id<QualifiedList>) -> Result<bool, db::Error> {
    Ok(store::kind(tx, list)?.is_some_and(|kind| !kind.has_deadline()))
}

/// Finds whom it concerns, and tells them in one unit. Run again it tells nobody twice.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let program = app.clone();
        let unit = move |tx: &mut Tx| {
            let Some(event) = event::find(tx, id)? else { return Ok(()) };
            let (companies, kind, list) = concerned(tx, &program, &event)?;
            for company in companies {
                tell_company(tx, &program, company, Telling { kind, about: *list.as_bytes(), event: id })?;
            }
            Ok(())
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

fn concerned(tx: &mut Tx, app: &App, event: &Event) -> Result<Told, db::Error> {
    let buyer = |tx: &mut Tx, list| Ok::<Vec<_>, db::Error>(store::buyer(tx, list)?.into_iter().collect());
    Ok(match event.kind.as_str() {
        Closed::KIND => {
            let list = event.read::<Closed>()?.list;
            (buyer(tx, list)?, &kind::QUALIFIED_TO_REVIEW, list)
        }
        Applied::KIND => {
            let list = event.read::<Applied>()?.list;
            (buyer(tx, list)?, &kind::QUALIFIED_TO_REVIEW, list)
        }
        Concluded::KIND => {
            let list = event.read::<Concluded>()?.list;
            (application::applicants(tx, list)?, &kind::QUALIFIED_RESULT, list)
        }
        Failed::KIND => {
            let list = event.read::<Failed>()?.list;
            let mut all = application::applicants(tx, list)?;
            all.extend(store::buyer(tx, list)?);
            (all, &kind::QUALIFIED_FAILED, list)
        }
        Decided::KIND => {
            let Decided { list, application, act } = event.read()?;
            match act.as_str() {
                "left" => (buyer(tx, list)?, &kind::QUALIFIED_LEFT, list),
                _ => {
                    let applicant = application::applicant(tx, application)?;
                    (applicant.into_iter().collect(), &kind::QUALIFIED_RESULT, list)
                }
            }
        }
        Objected::KIND => {
            let list = event.read::<Objected>()?.list;
            (buyer(tx, list)?, &kind::QUALIFIED_OBJECTED, list)
        }
        Answered::KIND => {
            let Answered { list, objection } = event.read()?;
            (objection::objector(tx, objection)?.into_iter().collect(), &kind::QUALIFIED_ANSWERED, list)
        }
        Appealed::KIND => {
            let list = event.read::<Appealed>()?.list;
            (buyer(tx, list)?, &kind::QUALIFIED_APPEAL, list)
        }
        Judged::KIND => {
            let Judged { list, objection } = event.read()?;
            let mut both = buyer(tx, list)?;
            both.extend(objection::objector(tx, objection)?);
            (both, &kind::QUALIFIED_APPEAL, list)
        }
        Asked::KIND => {
            let list = event.read::<Asked>()?.list;
            (buyer(tx, list)?, &kind::QUALIFIED_ASKED, list)
        }
        Replied::KIND => {
            let Replied { list, question } = event.read()?;
            let mut all = application::applicants(tx, list)?;
            all.extend(question::asked_by(tx, app, question)?);
            all.sort_unstable_by_key(|company| *company.as_bytes());
            all.dedup();
            (all, &kind::QUALIFIED_REPLIED, list)
        }
        _ => {
            let list = event.read::<Ended>()?.list;
            (application::applicants(tx, list)?, &kind::QUALIFIED_ENDED, list)
        }
    })
}
