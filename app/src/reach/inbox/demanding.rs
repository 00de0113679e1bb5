//! What is told of demands, and of tenders to whom they name: to who is invited, to the demand's company, to those who have answered with interest, to who asked.
//! Never what was written. A job finds them, since they may be many.

use super::kind::{self, Kind};
use super::tell::{Telling, tell_company};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::demand::event::{Answered, Asked, Changed, Closed, Interested, Published};
use crate::sourcing::demand::{self, Demand, store};
use crate::sourcing::inviting::Invited;
use crate::sourcing::tender::event::Published as TenderPublished;
use crate::sourcing::tender::named;
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{self, Event, Fact};
use kit::id::Id;
use kit::job::{self, Job};

/// The kind of this job. Payload: the event's id.
pub const KIND: &str = "inbox.demand";

/// The events that it is left for; of a tender's publication, only where a demand became it or where it names providers.
pub const KINDS: &[&str] = &[
    Published::KIND,
    Changed::KIND,
    Closed::KIND,
    Asked::KIND,
    Answered::KIND,
    Interested::KIND,
    TenderPublished::KIND,
    Invited::KIND,
];

/// What people of a company are told: kind, and what it is about.
type Told = Vec<(Id<Company>, &'static Kind, [u8; 16])>;

/// Leaves an event to the job, where there is anything to tell. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn leave(tx: &mut Tx, event: &Event) -> Result<(), db::Error> {
    if event.kind == TenderPublished::KIND {
        let tender = event.read::<TenderPublished>()?.tender;
        if store::of_tender(tx, tender)?.is_none() && named::ids(tx, tender)?.is_empty() {
            return Ok(());
        }
    }
    let now = tx.now();
    job::enqueue(tx, KIND, event.id.as_bytes(), now).map(drop)
}

/// Finds whom it concerns, and tells them in one unit. Run again it tells nobody twice.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let program = app.clone();
        let unit = move |tx: &mut Tx| {
            let Some(event) = event::find(tx, id)? else { return Ok(()) };
            for (company, kind, about) in concerned(tx, &program, &event)? {
                tell_company(tx, &program, company, Telling { kind, about, event: id })?;
            }
            Ok(())
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

fn concerned(tx: &mut Tx, app: &App, event: &Event) -> Result<Told, db::Error> {
    match event.kind.as_str() {
        Published::KIND => {
            let id = event.read::<Published>()?.demand;
            Ok(each(demand::invited(tx, id)?, &kind::DEMAND_INVITED, id))
        }
        Changed::KIND => {
            let Changed { demand: id, invited, .. } = event.read()?;
            let mut told = each(demand::interested(tx, id)?, &kind::DEMAND_CHANGED, id);
            told.extend(each(invited, &kind::DEMAND_INVITED, id));
            Ok(told)
        }
        Closed::KIND => {
            let id = event.read::<Closed>()?.demand;
            Ok(each(demand::interested(tx, id)?, &kind::DEMAND_CLOSED, id))
        }
        Asked::KIND => buyer(tx, event.read::<Asked>()?.demand, &kind::DEMAND_ASKED),
        Interested::KIND => buyer(tx, event.read::<Interested>()?.demand, &kind::DEMAND_INTEREST),
        Answered::KIND => {
            let Answered { demand: id, question } = event.read()?;
            let mut companies = demand::interested(tx, id)?;
            companies.extend(demand::asked_by(tx, app, question)?);
            companies.sort_unstable_by_key(|company| *company.as_bytes());
            companies.dedup();
            Ok(each(companies, &kind::DEMAND_ANSWERED, id))
        }
        Invited::KIND => {
            let Invited { tender, companies } = event.read()?;
            Ok(each(companies, &kind::TENDER_INVITED, tender))
        }
        _ => {
            let tender = event.read::<TenderPublished>()?.tender;
            let named = named::ids(tx, tender)?;
            let mut others = match store::of_tender(tx, tender)? {
                Some(id) if !named::is_closed(tx, tender)? => demand::interested(tx, id)?,
                _ => Vec::new(),
            };
            others.retain(|company| !named.contains(company));
            let mut told = each(named, &kind::TENDER_INVITED, tender);
            told.extend(each(others, &kind::DEMAND_TENDERED, tender));
            Ok(told)
        }
    }
}

fn buyer(tx: &mut Tx, id: Id<Demand>, kind: &'static Kind) -> Result<Told, db::Error> {
    Ok(each(store::buyer(tx, id)?.into_iter().collect(), kind, id))
}

fn each<T>(companies: Vec<Id<Company>>, kind: &'static Kind, about: Id<T>) -> Told {
    companies.into_iter().map(|company| (company, kind, *about.as_bytes())).collect()
}
