//! What is told of a tender, to the buyer and to those who have bid or asked, and to nobody else.
//!
//! Until the opening no row says who that is: a job tries each provider's keyed hash. It is left for every such event, whether
//! anybody has bid or not, and what it leaves names its readers by a keyed hash too. Before the opening nothing of it goes by
//! mail, because the opening of an address stays on record.

use super::kind::{self, Kind};
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::account;
use crate::identity::company::Company;
use crate::sourcing::amendment::event::Amended;
use crate::sourcing::candidates::event::{Changed as Objected, Ended, Published};
use crate::sourcing::clarification::{Answered, asked_by, askers};
use crate::sourcing::extension::event::Asked as Extended;
use crate::sourcing::negotiation::event::{Changed, FinalsOpened, Invited};
use crate::sourcing::tender::event::{Closed, Failed, LotAwarded, LotFailed, Opened};
use crate::sourcing::tender::{self, Tender};
use crate::sourcing::termination::event::Terminated;
use crate::sourcing::termination::{self, Termination};
use crate::sourcing::{bid, clarification};
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{self, Event, Fact};
use kit::id::Id;
use kit::job::{self, Job};
use policy::Control;

/// The kind of this job. Payload: the event's id.
pub const KIND: &str = "inbox.tender";

/// The events that it is left for.
pub const KINDS: &[&str] = &[
    Answered::KIND,
    Amended::KIND,
    Terminated::KIND,
    Closed::KIND,
    Opened::KIND,
    LotFailed::KIND,
    Failed::KIND,
    LotAwarded::KIND,
    Published::KIND,
    Ended::KIND,
    Objected::KIND,
    Extended::KIND,
    Changed::KIND,
    Invited::KIND,
    FinalsOpened::KIND,
];

/// A company, and what its people are told.
type Concerned = Vec<(Id<Company>, &'static Kind)>;

/// Leaves an event to the job. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn leave(tx: &mut Tx, event: Id<Event>) -> Result<(), db::Error> {
    let now = tx.now();
    job::enqueue(tx, KIND, event.as_bytes(), now).map(drop)
}

/// Finds whom it concerns, and tells them in one unit. Run again it tells nobody twice.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let program = app.clone();
        let find = move |tx: &mut Tx| {
            let Some(event) = event::find(tx, id)? else { return Ok(None) };
            let (tender, concerned) = concerned(tx, &program, &event)?;
            Ok::<_, Error>(Some((tender, concerned)))
        };
        let Some((tender, concerned)) = app.db().read(find).await? else { return Ok(()) };
        let program = app.clone();
        let unit = move |tx: &mut Tx| {
            for (company, kind) in &concerned {
                let telling = Telling { kind, about: *tender.as_bytes(), event: id };
                for owner in account::owners_of(tx, *company)? {
                    tell(tx, &program, owner, telling)?;
                }
            }
            Ok(())
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

fn concerned(tx: &mut Tx, app: &App, event: &Event) -> Result<(Id<Tender>, Concerned), Error> {
    let (tender, concerned) = match event.kind.as_str() {
        Answered::KIND => {
            let Answered { tender, question } = event.read()?;
            let told = of_answer(tx, app, tender, question)?;
            (tender, with_named(tx, tender, told, &kind::QUESTION_ANSWERED)?)
        }
        Amended::KIND => {
            let tender = event.read::<Amended>()?.tender;
            let told = of_amendment(tx, app, tender)?;
            (tender, with_named(tx, tender, told, &kind::TENDER_AMENDED)?)
        }
        Terminated::KIND => {
            let Terminated { tender, termination, .. } = event.read()?;
            let told = of_termination(tx, app, tender, termination)?;
            (tender, with_named(tx, tender, told, &kind::TENDER_TERMINATED)?)
        }
        Closed::KIND => {
            let tender = event.read::<Closed>()?.tender;
            let mut all: Concerned = each(bid::lapsed(tx, app, tender)?, |_, _| Some(&kind::BID_LAPSED));
            all.extend(each(bid::incomplete(tx, app, tender)?, |_, _| Some(&kind::BID_INCOMPLETE)));
            (tender, all)
        }
        Opened::KIND => {
            let tender = event.read::<Opened>()?.tender;
            let mut all = buyer(tx, tender, &kind::TENDER_OPENED)?;
            all.extend(bidders(tx, app, tender, |_, _| Some(&kind::TENDER_OPENED))?);
            (tender, all)
        }
        Failed::KIND => {
            let tender = event.read::<Failed>()?.tender;
            (tender, buyer(tx, tender, &kind::OWN_TENDER_FAILED)?)
        }
        LotFailed::KIND => {
            let LotFailed { tender, lot } = event.read()?;
            (tender, bidders(tx, app, tender, |of, _| (of == lot).then_some(&kind::TENDER_FAILED))?)
        }
        Published::KIND => {
            let Published { tender, lot, .. } = event.read()?;
            (tender, bidders(tx, app, tender, |of, _| (of == lot).then_some(&kind::CANDIDATES_PUBLISHED))?)
        }
        Ended::KIND => {
            let Ended { tender, lot, .. } = event.read()?;
            (tender, bidders(tx, app, tender, |of, _| (of == lot).then_some(&kind::CANDIDATES_ENDED))?)
        }
        Objected::KIND => of_objection(tx, &event.read()?)?,
        Extended::KIND => {
            let tender = event.read::<Extended>()?.tender;
            (tender, of_extension(tx, app, tender)?)
        }
        // To all that remain: no row could say to whom else, or to whom not.
        Changed::KIND => {
            let Changed { tender, lot, .. } = event.read()?;
            (tender, each(bid::remaining(tx, app, tender)?, |of, _| (of == lot).then_some(&kind::NEGOTIATION_CHANGED)))
        }
        Invited::KIND => {
            let Invited { tender, lot } = event.read()?;
            (tender, each(bid::remaining(tx, app, tender)?, |of, _| (of == lot).then_some(&kind::FINAL_OFFERS_INVITED)))
        }
        FinalsOpened::KIND => {
            let FinalsOpened { tender, lot } = event.read()?;
            let told =
                each(bid::responding(tx, app, tender)?, |of, _| (of == lot).then_some(&kind::FINAL_OFFERS_OPENED));
            let buyer = tender::store::load(tx, tender)?.company;
            (tender, with(told, vec![buyer], &kind::FINAL_OFFERS_OPENED))
        }
        _ => {
            let LotAwarded { tender, lot, company } = event.read()?;
            let outcome = |winner| if winner { &kind::TENDER_AWARDED } else { &kind::TENDER_REGRET };
            let won = bid::joint::winners(tx, lot, company)?;
            (tender, bidders(tx, app, tender, |of, by| (of == lot).then(|| outcome(won.contains(&by))))?)
        }
    };
    Ok((tender, concerned))
}

/// The buyer is told of an objection and of an appeal, who objects of the answer, both of the decision.
fn of_objection(tx: &mut Tx, happened: &Objected) -> Result<(Id<Tender>, Concerned), Error> {
    let Objected { tender, company, act, .. } = happened;
    let told = match act.as_str() {
        "made" => buyer(tx, *tender, &kind::OBJECTION_MADE)?,
        "answered" => vec![(*company, &kind::OBJECTION_ANSWERED)],
        "appealed" => buyer(tx, *tender, &kind::APPEAL_MADE)?,
        _ => {
            let mut both = buyer(tx, *tender, &kind::APPEAL_DECIDED)?;
            both.push((*company, &kind::APPEAL_DECIDED));
            both
        }
    };
    Ok((*tender, told))
}

/// Those whose bids are asked for: of lots that are not decided, and not void.
fn of_extension(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Concerned, Error> {
    let lots = tender::store::lots(tx, tender)?.into_iter();
    let undecided: Vec<_> = lots.filter(|lot| lot.state.is_undecided()).map(|lot| lot.id).collect();
    let is_asked = |of| undecided.contains(&of).then_some(&kind::VALIDITY_ASKED);
    Ok(each(bid::remaining(tx, app, tender)?, |of, _| is_asked(of)))
}

fn buyer(tx: &mut Tx, tender: Id<Tender>, kind: &'static Kind) -> Result<Concerned, Error> {
    Ok(vec![(tender::store::load(tx, tender)?.company, kind)])
}

/// Those whose bids for some lot stand.
fn bidders(
    tx: &mut Tx,
    app: &App,
    tender: Id<Tender>,
    kind: impl Fn(Id<tender::Lot>, Id<Company>) -> Option<&'static Kind>,
) -> Result<Concerned, Error> {
    Ok(each(bid::bidders(tx, app, tender)?, kind))
}

/// Each company once, with what `kind` says of lot and company.
fn each(all: Vec<bid::Bidder>, kind: impl Fn(Id<tender::Lot>, Id<Company>) -> Option<&'static Kind>) -> Concerned {
    let mut told: Concerned =
        all.into_iter().filter_map(|(lot, company)| kind(lot, company).map(|kind| (company, kind))).collect();
    told.sort_by_key(|(company, _)| *company.as_bytes());
    told.dedup_by_key(|(company, _)| *company);
    told
}

fn of_answer(
    tx: &mut Tx,
    app: &App,
    tender: Id<Tender>,
    question: Id<clarification::Question>,
) -> Result<Concerned, Error> {
    let mut told = bidders(tx, app, tender, |_, _| Some(&kind::QUESTION_ANSWERED))?;
    if let Some(asker) = asked_by(tx, app, question)?
        && !told.iter().any(|(company, _)| *company == asker)
    {
        told.push((asker, &kind::QUESTION_ANSWERED));
    }
    Ok(told)
}

fn of_amendment(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Concerned, Error> {
    if !policy::holds(Control::AmendmentTold) {
        return Ok(Vec::new());
    }
    let told = bidders(tx, app, tender, |_, _| Some(&kind::TENDER_AMENDED))?;
    with_askers(tx, app, tender, told, &kind::TENDER_AMENDED)
}

/// Those who had bid for a lot that was ended, and those who asked about the tender.
fn of_termination(
    tx: &mut Tx,
    app: &App,
    tender: Id<Tender>,
    termination: Id<Termination>,
) -> Result<Concerned, Error> {
    let ended = termination::store::find(tx, termination)?.map(|one| one.lots).unwrap_or_default();
    let lots = tender::store::lots(tx, tender)?;
    let is_ended = |id| lots.iter().any(|lot| lot.id == id && ended.contains(&lot.position));
    let told = each(bid::all_bidders(tx, app, tender)?, |lot, _| is_ended(lot).then_some(&kind::TENDER_TERMINATED));
    with_askers(tx, app, tender, told, &kind::TENDER_TERMINATED)
}

/// The same with those whom the tender names, who may have bid or not, each company once.
fn with_named(tx: &mut Tx, tender: Id<Tender>, told: Concerned, kind: &'static Kind) -> Result<Concerned, Error> {
    let named = tender::named::ids(tx, tender)?;
    Ok(with(told, named, kind))
}

/// The same with these, each company once.
fn with(mut told: Concerned, others: Vec<Id<Company>>, kind: &'static Kind) -> Concerned {
    for one in others {
        if !told.iter().any(|(company, _)| *company == one) {
            told.push((one, kind));
        }
    }
    told
}

/// The same with those who asked about the tender, each company once.
fn with_askers(
    tx: &mut Tx,
    app: &App,
    tender: Id<Tender>,
    told: Concerned,
    kind: &'static Kind,
) -> Result<Concerned, Error> {
    Ok(with(told, askers(tx, app, tender)?, kind))
}
