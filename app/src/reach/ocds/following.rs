//! Releases follow from what happens to tenders, each in the unit that moves the follower's cursor, and stay as they were made.

use super::making::Making;
use super::release::Release;
use super::store::{self, New};
use super::value::Stamp;
use crate::app::App;
use crate::sourcing::amendment;
use crate::sourcing::amendment::event::Amended;
use crate::sourcing::award;
use crate::sourcing::candidates::event::{Ended, Published as Proposed};
use crate::sourcing::candidates::{self, Publication};
use crate::sourcing::circle::Audience;
use crate::sourcing::clarification::{self, Answered};
use crate::sourcing::opening::record::{is_nameless, ranked};
use crate::sourcing::tender::event::{AuctionsOver, Closed, FinalsClosed, LotAwarded, Opened, Published};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Tender};
use crate::sourcing::termination;
use crate::sourcing::termination::event::Terminated;
use crate::web::Error;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::Tx;
use kit::event::{Event, Fact};
use kit::follower;
use kit::id::Id;
use policy::Control;

/// Publishes what the next events make known.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let program = app.clone();
        follower::step(app.db(), "ocds", move |tx, event| follow(tx, &program, event)).await
    })
}

fn follow(tx: &mut Tx, app: &App, event: &Event) -> Result<(), Error> {
    let tender = match event.kind.as_str() {
        Published::KIND => event.read::<Published>()?.tender,
        Amended::KIND => event.read::<Amended>()?.tender,
        Answered::KIND => event.read::<Answered>()?.tender,
        Closed::KIND => event.read::<Closed>()?.tender,
        FinalsClosed::KIND => event.read::<FinalsClosed>()?.tender,
        Opened::KIND => event.read::<Opened>()?.tender,
        AuctionsOver::KIND => event.read::<AuctionsOver>()?.tender,
        LotAwarded::KIND => event.read::<LotAwarded>()?.tender,
        Terminated::KIND => event.read::<Terminated>()?.tender,
        Proposed::KIND => event.read::<Proposed>()?.tender,
        Ended::KIND => event.read::<Ended>()?.tender,
        _ => return Ok(()),
    };
    let tender = tender::store::load(tx, tender)?;
    if tender.readers == Audience::Named && event.kind != LotAwarded::KIND && policy::holds(Control::InvitedAlone) {
        return Ok(());
    }
    let ocid = store::ocid(tx, app, tender.id)?;
    let last = store::last(tx, tender.id)?;
    let making = Making {
        app,
        tender: &tender,
        ocid: &ocid,
        id: release_id(event).to_string(),
        at: Stamp(after(event, last.as_ref())),
        before: last.map(|last| last.id.to_string()),
    };
    match made(tx, &making, event)? {
        Some(release) => insert(tx, &tender, event, &making, &release),
        None => Ok(()),
    }
}

/// When it happened; within a process no release is as old as the one before, since the order of dates is that of merging.
fn after(event: &Event, last: Option<&store::Last>) -> jiff::Timestamp {
    let next = last.and_then(|last| last.at.checked_add(SignedDuration::from_micros(1)).ok());
    next.map_or(event.at, |next| event.at.max(next))
}

/// The same for the same event, wherever and whenever it is followed; and it names no event.
fn release_id(event: &Event) -> Id<Release> {
    Id::named(&[b"ocds release\n", &event.id.as_bytes()[..]].concat())
}

fn made(tx: &mut Tx, making: &Making<'_>, event: &Event) -> Result<Option<Release>, Error> {
    match event.kind.as_str() {
        Published::KIND => making.published(tx).map(Some),
        Amended::KIND => match amendment::store::find(tx, event.read::<Amended>()?.amendment)? {
            Some(amendment) => making.amended(tx, &amendment).map(Some),
            None => Ok(None),
        },
        Answered::KIND => match clarification::find(tx, event.read::<Answered>()?.question)? {
            Some(question) => making.answered(tx, question),
            None => Ok(None),
        },
        Closed::KIND => making.closed(tx),
        // Until its auctions are over the record of an opening names nobody: the bids follow with the last offers.
        Opened::KIND if making.tender.auction_at.is_some() && has_auction(tx, making)? => Ok(None),
        FinalsClosed::KIND if event.read::<FinalsClosed>()?.failed => fell(tx, making, event),
        Opened::KIND | AuctionsOver::KIND => {
            let mut bids = Vec::new();
            for lot in tender::store::lots(tx, making.tender.id)? {
                if !is_nameless(tx, &lot)? {
                    bids.push((lot.id, ranked(tx, lot.id)?));
                }
            }
            making.opened(tx, bids)
        }
        LotAwarded::KIND => awarded(tx, making, event),
        Proposed::KIND => proposed(tx, making, event.read::<Proposed>()?.publication, false),
        Ended::KIND => proposed(tx, making, event.read::<Ended>()?.publication, true),
        Terminated::KIND => {
            let happened: Terminated = event.read()?;
            match termination::store::find(tx, happened.termination)? {
                Some(ended) => making.terminated(tx, &ended, &happened).map(Some),
                None => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// A lot has failed for too few final offers. Where it was the last, and others were awarded before, the tender is complete with it.
fn fell(tx: &mut Tx, making: &Making<'_>, event: &Event) -> Result<Option<Release>, Error> {
    let (lots, awards) = (tender::store::lots(tx, making.tender.id)?, award::list(tx, making.tender.id)?);
    let is_awarded = |lot: &tender::Lot| awards.iter().any(|award| award.lot == lot.id && award.decided_at <= event.at);
    let is_complete = lots.iter().any(is_awarded) && lots.iter().all(|lot| lot.state.is_unawarded() || is_awarded(lot));
    let release = making.closed(tx)?;
    Ok(release.map(|mut release| {
        release.tender.status = release.tender.status.or(is_complete.then_some("complete"));
        release
    }))
}

/// The candidates of a lot, as they were published; or that the publication stands no more.
fn proposed(tx: &mut Tx, making: &Making<'_>, id: Id<Publication>, has_ended: bool) -> Result<Option<Release>, Error> {
    let Some(publication) = candidates::find(tx, id)? else { return Ok(None) };
    let bids = ranked(tx, publication.lot)?;
    making.candidates(tx, &publication, &bids, has_ended).map(Some)
}

/// Whether some lot of it went from the opening to an auction.
fn has_auction(tx: &mut Tx, making: &Making<'_>) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM auction WHERE tender = $1 AND phase <> 'skipped' LIMIT 1";
    Ok(tx.first(sql, kit::values![making.tender.id], |row| row.next::<i64>())?.is_some())
}

/// The lot's award. How many awards there were by then is told by the releases, which follow in order.
fn awarded(tx: &mut Tx, making: &Making<'_>, event: &Event) -> Result<Option<Release>, Error> {
    let id = event.read::<LotAwarded>()?.lot;
    let lots = tender::store::lots(tx, making.tender.id)?;
    let awards = award::list(tx, making.tender.id)?;
    let (Some(lot), Some(award)) = (lots.iter().find(|lot| lot.id == id), awards.iter().find(|award| award.lot == id))
    else {
        return Ok(None);
    };
    let ended = termination::store::list(tx, making.tender.id)?;
    let was_ended =
        |lot: &tender::Lot| ended.iter().any(|one| one.decided_at <= event.at && one.lots.contains(&lot.position));
    let waiting = lots.iter().filter(|lot| lot.state != LotState::Failed && !was_ended(lot)).count();
    let before = store::awards(tx, making.tender.id)?;
    making.awarded(tx, award, lot, before + 1 >= waiting).map(Some)
}

fn insert(tx: &mut Tx, tender: &Tender, event: &Event, making: &Making<'_>, release: &Release) -> Result<(), Error> {
    let body = serde_json::to_string(release).map_err(Error::fault)?;
    let new = New {
        id: release_id(event),
        tender: tender.id,
        at: making.at.0,
        is_award: !release.awards.is_empty(),
        body: &body,
    };
    Ok(store::insert(tx, &new)?)
}
