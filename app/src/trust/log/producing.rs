//! The producer: every ten seconds an entry, whether anything happened or not.
//!
//! One unit takes the head, gives slots to what happened before the end of the open epoch, and closes it. Of two processes
//! one waits or runs again, and then finds nothing to do. What does not fit goes into the next epoch.

use super::audit;
use super::source::{Filling, OPENING, of_event, of_opening};
use super::store::{self, Head, Slot};
use crate::app::App;
use crate::web::Error;
use evidence::epoch::{Entry, SECONDS, SLOTS, Secret, Subtree};
use evidence::{EVENT, Signer};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event;
use vault::Recorded;

/// An outage, or a jump of the clock, of more epochs than this is closed by one entry.
const MOST: u64 = 60;

/// How long after its end an epoch's entry is shown at the earliest, so that nobody sees how long the producer took for it.
pub const LATER: SignedDuration = SignedDuration::from_secs(5);

/// The epoch that an instant is in.
pub fn epoch_of(instant: Timestamp) -> u64 {
    u64::try_from(instant.as_second().div_euclid(SECONDS)).unwrap_or(0)
}

/// The instant at which an epoch ends.
pub fn end_of(epoch: u64) -> Timestamp {
    let seconds = store::int(epoch).saturating_add(1).saturating_mul(SECONDS);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// The last epoch whose entry may be shown now.
pub fn shown(now: Timestamp) -> u64 {
    epoch_of(now.checked_sub(LATER).unwrap_or(now)).saturating_sub(1)
}

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let now = epoch_of(app.clock().now());
        let head = app.db().read::<_, db::Error>(store::head).await?;
        if head.is_some_and(|head| head.epoch + 1 >= now) {
            return Ok(0);
        }
        let (log, signer, zone) = (app.log().clone(), app.signer().clone(), app.zone());
        Ok(app.db().write::<_, db::Error>(move |tx| advance(tx, log.secret(), &signer, &zone)).await?)
    }
    .boxed()
}

/// Closes every epoch that has ended. Answers how much was done.
fn advance(tx: &mut Tx, secret: &Secret, signer: &Signer, zone: &TimeZone) -> Result<usize, db::Error> {
    let now = epoch_of(tx.now());
    let Some(mut head) = store::take(tx)? else {
        if store::begin(tx, now.saturating_sub(1))? {
            audit::enqueue(tx, zone)?;
        }
        return Ok(1);
    };
    let is_long = now.saturating_sub(head.epoch + 1) > MOST;
    let (mut done, mut found) = (0, Found::Some);
    while head.epoch + 1 < now {
        if found != Found::Nothing {
            found = gather(tx, secret, &mut head)?;
        }
        done += 1;
        if found == Found::More && head.filled < SLOTS {
            break;
        }
        let epoch = head.epoch + 1;
        let taken = if head.filled == 0 { Vec::new() } else { store::taken(tx, epoch)? };
        append(tx, &mut head, Entry::Epoch(epoch, Subtree::new(secret, epoch, taken).root()), signer)?;
        if is_long && head.epoch + 1 < now {
            let gap = Entry::Gap(head.epoch + 1, now - 1);
            append(tx, &mut head, gap, signer)?;
        }
    }
    store::save(tx, &head)?;
    Ok(done)
}

fn append(tx: &mut Tx, head: &mut Head, entry: Entry, signer: &Signer) -> Result<(), db::Error> {
    store::append(tx, head, entry)?;
    store::keep_checkpoint(tx, &head.tree, |size, root| signer.checkpoint(size, root))
}

/// What there was to gather.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing, and nothing waits for a later epoch.
    Nothing,
    /// All of it.
    Some,
    /// There may be more.
    More,
}

/// Gives slots of the open epoch to what happened before its end, so much as one step reads.
fn gather(tx: &mut Tx, secret: &Secret, head: &mut Head) -> Result<Found, db::Error> {
    let mut open = Filling { secret, epoch: head.epoch + 1, filled: head.filled };
    let end = end_of(open.epoch);
    let events = event::after(tx, head.seq)?;
    let mut slots: Vec<Slot> = Vec::new();
    for event in events.iter().take_while(|event| event.at < end) {
        let Some(slot) = open.next(EVENT, *event.id.as_bytes(), of_event(event)?) else { break };
        slots.push(slot);
        head.seq = event.seq;
    }
    let is_full = slots.len() as i64 == event::BATCH;
    let openings = Recorded::waiting(tx, event::BATCH)?;
    let earlier = slots.len();
    for opening in openings.iter().take_while(|opening| opening.at < end) {
        let Some(slot) = open.next(OPENING, *opening.id.as_bytes(), of_opening(secret, opening)) else { break };
        slots.push(slot);
        opening.logged(tx, store::int(open.epoch))?;
    }
    let is_more = is_full || (slots.len() - earlier) as i64 == event::BATCH;
    store::fill(tx, open.epoch, &slots)?;
    head.filled = open.filled;
    Ok(match (events.len(), is_more) {
        (_, true) => Found::More,
        (0, _) if openings.is_empty() => Found::Nothing,
        _ => Found::Some,
    })
}
