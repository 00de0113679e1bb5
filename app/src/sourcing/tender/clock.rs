//! The clock engine: one routine wakes at each tender's next check and applies every timed event whose hour has come.

use super::auction::session;
use super::event::{AuctionsOver, Closed, Failed, LotFailed, QuestionsEnded};
use super::finals;
use super::lot::{self, Lot};
use super::standstill;
use super::store::{self, due};
use super::tender::{Due, State, Tender, come, next_check, undergone};
use super::unopened;
use crate::app::App;
use crate::web::{Error, Routine};
use kit::db::Tx;
use kit::event;
use kit::id::Id;
use kit::{job, values};

/// How many tenders one step looks at.
const BATCH: i64 = 50;

/// The job that opens a tender's envelopes after its deadline. Payload: the tender's id.
pub const OPENING: &str = "opening.open";

/// The routine.
pub const ROUTINE: Routine = Routine { name: "tender.clock", step: |app| Box::pin(step(app)) };

/// One tender that cannot be read does not keep the others from their hour.
async fn step(app: App) -> Result<usize, Error> {
    let due = app.db().read::<_, Error>(|tx| Ok(due_now(tx)?)).await?;
    let (mut done, mut failed) = (0, None);
    for id in due {
        match app.db().write(move |tx| catch_up(tx, id)).await {
            Ok(()) => done += 1,
            Err(error) => drop(failed.get_or_insert(error)),
        }
    }
    failed.map_or(Ok(done), Err)
}

fn due_now(tx: &mut Tx) -> Result<Vec<Id<Tender>>, kit::db::Error> {
    let now = tx.now();
    let sql = "SELECT id FROM tender WHERE next_check <= $1 ORDER BY next_check, id LIMIT $2";
    tx.all(sql, values![now, BATCH], |row| row.next())
}

/// Since when an event of a tender has been due that nobody has applied yet: a moment while somebody works, longer when
/// nobody does.
///
/// # Errors
/// [`kit::db::Error`].
pub fn overdue_since(tx: &mut Tx) -> Result<Option<jiff::Timestamp>, kit::db::Error> {
    let now = tx.now();
    let sql = "SELECT next_check FROM tender WHERE next_check <= $1 ORDER BY next_check, id LIMIT 1";
    tx.first(sql, values![now], |row| row.next())
}

/// Applies all events of a tender whose time has come, earliest first, in one unit. Another process may have been faster:
/// then nothing is due any more, and nothing is written.
///
/// # Errors
/// 404; [`Error`] of the database.
pub fn catch_up(tx: &mut Tx, id: Id<Tender>) -> Result<(), Error> {
    let now = tx.now();
    let mut tender = store::load(tx, id)?;
    let (seen, before) = (next_check(&tender), tender.state);
    while let Some(what) = come(&tender, now) {
        let lots = match what {
            Due::QuestionsEnd => {
                event::record(tx, tender.scope(), &QuestionsEnded { tender: id })?;
                Vec::new()
            }
            Due::Deadline => close(tx, &tender)?,
            Due::Auction => session::advance(tx, &tender, now)?,
            Due::StandstillEnd => {
                standstill::note(tx, &tender, now)?;
                Vec::new()
            }
            Due::FinalOffers => finals::close(tx, &tender)?,
        };
        undergone(&mut tender, what, &lots);
        match what {
            Due::Deadline => conclude(tx, &tender)?,
            Due::FinalOffers => finals::conclude(tx, &tender)?,
            Due::Auction if tender.state != State::Auction => {
                event::record(tx, tender.scope(), &AuctionsOver { tender: id })?;
            }
            Due::Auction | Due::StandstillEnd | Due::QuestionsEnd => {}
        }
        tender = with_hours(tx, &tender)?;
    }
    if next_check(&tender) == seen {
        return Ok(());
    }
    // What has changed in a session counts there.
    if (before, tender.state) == (State::Auction, State::Auction) {
        return Ok(session::reckon(tx, id)?);
    }
    Ok(keep(tx, &tender)?)
}

/// A tender with the hours of its lots as their rows say them; what its own row has of them is a copy, by which the engine finds it.
fn with_hours(tx: &mut Tx, tender: &Tender) -> Result<Tender, kit::db::Error> {
    Ok(Tender {
        standstill: standstill::next(tx, tender.id)?,
        auction_check: session::next(tx, tender.id)?,
        finals: finals::next(tx, tender.id)?,
        ..tender.clone()
    })
}

/// Stores the state that a tender has come to, and when time does something to it next, which follows from the rows of its lots.
///
/// # Errors
/// [`kit::db::Error`].
pub fn move_on(tx: &mut Tx, tender: &Tender) -> Result<(), kit::db::Error> {
    let tender = with_hours(tx, tender)?;
    keep(tx, &tender)
}

fn keep(tx: &mut Tx, tender: &Tender) -> Result<(), kit::db::Error> {
    tx.execute(
        "UPDATE tender SET state = $1, questions_closed = $2, standstill = $3, auction_check = $4, finals = $5, next_check = $6, \
         version = version + 1 WHERE id = $7",
        values![
            tender.state.code(),
            tender.questions_closed,
            tender.standstill,
            tender.auction_check,
            tender.finals,
            due(tender),
            tender.id
        ],
    )
    .map(drop)
}

/// The deadline: lots with too few bids fail unopened, those that were terminated stay so. Answers how all stand.
fn close(tx: &mut Tx, tender: &Tender) -> Result<Vec<lot::State>, Error> {
    event::record(tx, tender.scope(), &Closed { tender: tender.id })?;
    let least = tender.method.profile().minimum_bids;
    let mut states = Vec::new();
    for lot in store::lots(tx, tender.id)? {
        if lot.state == lot::State::Terminated {
            states.push(lot.state);
            continue;
        }
        unopened::forget_drafts(tx, lot.id)?;
        lapse(tx, &lot)?;
        leave_out(tx, &lot)?;
        let state = lot::at_deadline(sealed_bids(tx, lot.id)?, least);
        set_lot(tx, lot.id, state)?;
        if state == lot::State::Failed {
            event::record(tx, tender.scope(), &LotFailed { tender: tender.id, lot: lot.id })?;
        }
        states.push(state);
    }
    Ok(states)
}

/// Bids that were not confirmed after a material amendment lapse, and those of consortia that a member has left: they are not counted, never
/// opened, and their envelopes are forgotten.
fn lapse(tx: &mut Tx, lot: &Lot) -> Result<(), Error> {
    unopened::destroy(tx, "lapsed", "lot = $1 AND answers < $2", values![lot.id, lot.amended])?;
    // A consortium that somebody has left is not the bidder that had bid; in ordinary tenders there is none.
    let broken = "lot = $1 AND consortium IN (SELECT m.consortium FROM consortium_member m WHERE m.lot = $1 AND m.standing <> 'accepted')";
    Ok(unopened::destroy(tx, "lapsed", broken, values![lot.id])?)
}

/// Bids that were committed to and whose ciphertexts have not come are not counted.
fn leave_out(tx: &mut Tx, lot: &Lot) -> Result<(), Error> {
    let awaited = "lot = $1 AND envelope IS NULL AND blob IS NULL";
    Ok(unopened::destroy(tx, "incomplete", awaited, values![lot.id])?)
}

/// After the deadline: the tender has failed, or its envelopes are opened by a job.
fn conclude(tx: &mut Tx, tender: &Tender) -> Result<(), Error> {
    if tender.state == State::Failed {
        event::record(tx, tender.scope(), &Failed { tender: tender.id })?;
    } else {
        let now = tx.now();
        job::enqueue(tx, OPENING, tender.id.as_bytes(), now)?;
    }
    Ok(())
}

/// The one place that counts sealed bids, and only inside the unit that closes the tender.
fn sealed_bids(tx: &mut Tx, lot: Id<Lot>) -> Result<usize, Error> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM bid WHERE lot = $1 AND state = 'sealed'";
    let count: i64 = tx.one(sql, values![lot], |row| row.next())?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Moves a lot to a state.
///
/// # Errors
/// [`kit::db::Error`].
pub fn set_lot(tx: &mut Tx, lot: Id<Lot>, state: lot::State) -> Result<(), kit::db::Error> {
    tx.execute("UPDATE lot SET state = $1, version = version + 1 WHERE id = $2", values![state.code(), lot])?;
    Ok(())
}
