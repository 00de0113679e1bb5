//! Every query about publications of candidates.

use super::event::{Ended, Published};
use super::form::{Given, Withdrawn};
use super::objection;
use super::publication::{Candidate, Publication, State, first};
use super::rule::{Gate, gate};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::approval;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::evaluation::{self, Outcome, Report};
use crate::sourcing::opening::record;
use crate::sourcing::profile::{Profile, days_after};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Tender, standstill};
use crate::web::{Actor, Broken, Error, Form, Purchaser};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;

const COLUMNS: &str = "id, lot, tender, round, report_sha256, candidates, lateness, state, published_at, until, ended_at, \
     ended_reason FROM candidates_publication";

/// What a report that nothing was published of asks for.
pub struct Proposed {
    /// The candidates that it gives.
    pub candidates: Vec<Candidate>,
    /// Until when they should be published.
    pub due_at: Timestamp,
}

/// A lot of the buyer's own that a committee evaluates, with its tender.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, buyer: &Purchaser, id: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let (lot, tender) = tender::store::lot(tx, &Actor::Member((***buyer).clone()), id)?;
    let is_own = tender.company == buyer.company && tender::criteria::find(tx, tender.id)?.is_some();
    if is_own { Ok((lot, tender)) } else { Err(Error::not_found()) }
}

/// The candidates that the report of a lot gives, and until when they are due; none while there is no report.
///
/// # Errors
/// [`Error`] of the database.
pub fn proposed(tx: &mut Tx, tender: &Tender, lot: &Lot, zone: &TimeZone) -> Result<Option<Proposed>, Error> {
    let Outcome::Concluded(report) = evaluation::outcome(tx, tender.id, lot.id)? else { return Ok(None) };
    let profile = tender.method.profile();
    let candidates = candidates(tx, lot, &report, profile)?;
    Ok(report_due(tx, tender, lot.id, zone)?.map(|due_at| Proposed { candidates, due_at }))
}

/// Until when the candidates of a lot should be published, if its report is there.
///
/// # Errors
/// [`db::Error`].
pub fn report_due(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, zone: &TimeZone) -> Result<Option<Timestamp>, db::Error> {
    let days = tender.method.profile().candidates_within_days;
    Ok(evaluation::concluded(tx, lot)?.map(|(at, _)| days_after(at, days, zone)))
}

fn candidates(tx: &mut Tx, lot: &Lot, report: &Report, profile: &Profile) -> Result<Vec<Candidate>, Error> {
    let opened = record::ranked(tx, lot.id)?;
    Ok(first(report, profile.candidates_most, |judged| {
        opened.iter().find(|bid| bid.id == judged.bid && bid.void.is_none()).and_then(|bid| bid.company)
    }))
}

/// Publishes the candidates of a lot: the first of its report, whoever they are. The same form again is the same publication.
///
/// # Errors
/// 401, 403, 404; 409 `candidates-published`, `lot-not-in-evaluation`, `evaluation-not-concluded`, `candidates-none`; 422 with the rule
/// that is broken.
pub fn publish(
    tx: &mut Tx,
    app: &App,
    buyer: &Purchaser,
    id: Id<Lot>,
    (given, form): (&Given, &Form),
) -> Result<(), Error> {
    buyer.still(tx)?;
    let (lot, tender) = own(tx, buyer, id)?;
    mandate::may(tx, buyer, Act::Award, &Target::of(app, buyer.company, tender.id, Some(lot.id)))?;
    match find(tx, given.id)? {
        Some(same) if same.lot == id => return Ok(()),
        Some(_) => return Err(Error::not_found()),
        None => {}
    }
    let report = report_of(tx, &tender, &lot)?;
    let profile = tender.method.profile();
    if given.days < profile.standstill_days {
        let least = Broken::rule("candidates-days").with("least", profile.standstill_days);
        return Err(form.clone().refuse("days", least));
    }
    let late = report_due(tx, &tender, id, &app.zone())?.filter(|due| *due <= tx.now());
    if let Some(due) = late.filter(|_| given.lateness.is_none()) {
        return Err(form.clone().refuse("lateness", Broken::rule("candidates-late").with("due", due)));
    }
    let candidates = candidates(tx, &lot, &report, profile)?;
    if candidates.is_empty() {
        return Err(Error::conflict("candidates-none"));
    }
    // Who has approved a choice approved it among others.
    approval::changed(tx, buyer, id)?;
    let lateness = given.lateness.clone().filter(|_| late.is_some());
    insert(tx, (app, buyer, &tender), &lot, (given, lateness), (&report, candidates.as_slice()))
}

/// The report whose candidates can be published now.
fn report_of(tx: &mut Tx, tender: &Tender, lot: &Lot) -> Result<Report, Error> {
    match lot.state {
        LotState::Evaluation => {}
        LotState::Candidates => return Err(Error::conflict("candidates-published")),
        _ => return Err(Error::conflict("lot-not-in-evaluation")),
    }
    match evaluation::outcome(tx, tender.id, lot.id)? {
        Outcome::Concluded(report) => Ok(*report),
        _ => Err(Error::conflict("evaluation-not-concluded")),
    }
}

fn insert(
    tx: &mut Tx,
    (app, buyer, tender): (&App, &Purchaser, &Tender),
    lot: &Lot,
    (given, lateness): (&Given, Option<String>),
    (report, candidates): (&Report, &[Candidate]),
) -> Result<(), Error> {
    let now = tx.now();
    let until = days_after(now, given.days, &app.zone());
    let concluded = evaluation::concluded(tx, lot.id)?;
    let (_, sha256) = concluded.ok_or_else(|| Error::fault("a report without its hash"))?;
    let text = serde_json::to_string(candidates).map_err(Error::fault)?;
    tx.execute(
        "INSERT INTO candidates_publication (id, lot, tender, round, report_sha256, candidates, lateness, state, \
         published_by, published_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7, 'published', $8, $9, $10)",
        values![
            given.id,
            lot.id,
            tender.id,
            report.round,
            sha256.as_bytes(),
            text,
            lateness,
            buyer.account(),
            now,
            until
        ],
    )?;
    standstill::begin(tx, tender, lot.id, until)?;
    let published = Published { tender: tender.id, lot: lot.id, publication: given.id };
    event::record(tx, tender.scope(), &published)?;
    Ok(())
}

/// Takes a publication back, with a reason that is public: the lot is in evaluation again, and its buyer replaces a member of the
/// committee, or publishes anew. Once more it is done already.
///
/// # Errors
/// 401, 403, 404; 409 `candidates-over` once it is awarded or void.
pub fn withdraw(tx: &mut Tx, app: &App, buyer: &Purchaser, id: Id<Lot>, given: &Withdrawn) -> Result<(), Error> {
    buyer.still(tx)?;
    let (lot, tender) = own(tx, buyer, id)?;
    mandate::may(tx, buyer, Act::Award, &Target::of(app, buyer.company, tender.id, Some(lot.id)))?;
    let publication = find(tx, given.publication)?.filter(|one| one.lot == id).ok_or_else(Error::not_found)?;
    if publication.state == State::Withdrawn {
        return Ok(());
    }
    if publication.state != State::Published || lot.state != LotState::Candidates {
        return Err(Error::conflict("candidates-over"));
    }
    approval::changed(tx, buyer, id)?;
    end(tx, &tender, &publication, (State::Withdrawn, Some(given.reason.as_str())), buyer.account())
}

/// Ends a publication that stands: its lot is in evaluation again.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn end(
    tx: &mut Tx,
    tender: &Tender,
    publication: &Publication,
    (state, reason): (State, Option<&str>),
    by: Id<Account>,
) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE candidates_publication SET state = $1, ended_reason = $2, ended_by = $3, ended_at = $4 WHERE id = $5",
        values![state.code(), reason.map(str::to_owned), by, now, publication.id],
    )?;
    standstill::end(tx, tender, publication.lot)?;
    let (lot, state) = (publication.lot, state.code().to_owned());
    event::record(tx, tender.scope(), &Ended { tender: tender.id, lot, publication: publication.id, state })?;
    Ok(())
}

/// The publication of a lot that stands.
///
/// # Errors
/// [`db::Error`].
pub fn standing(tx: &mut Tx, lot: Id<Lot>) -> Result<Option<Publication>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE lot = $1 AND state = 'published'"), values![lot], read)
}

/// What stands between a publication and an award now.
///
/// # Errors
/// [`db::Error`].
pub fn gate_of(tx: &mut Tx, publication: &Publication) -> Result<Gate, db::Error> {
    let waits = objection::waits(tx, publication.id)?;
    let until = (publication.state == State::Published).then_some(publication.until);
    Ok(gate(until, &waits, tx.now()))
}

/// The publication of a lot that may be awarded now: to one of its candidates, and to nobody else.
///
/// # Errors
/// 409 `candidates-unpublished`, `award-paused`, `award-standstill` or `award-appealable` with the earliest instant.
pub fn awardable(tx: &mut Tx, lot: Id<Lot>) -> Result<Publication, Error> {
    let Some(publication) = standing(tx, lot)? else { return Err(Error::conflict("candidates-unpublished")) };
    match gate_of(tx, &publication)? {
        Gate::Open => Ok(publication),
        Gate::Unpublished => Err(Error::conflict("candidates-unpublished")),
        Gate::Paused => Err(Error::conflict("award-paused")),
        Gate::Standstill(at) => Err(Error::conflict("award-standstill").with("earliest", at)),
        Gate::Appealable(at) => Err(Error::conflict("award-appealable").with("earliest", at)),
    }
}

/// The publications of a lot, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Publication>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE lot = $1 ORDER BY published_at DESC, id DESC LIMIT 50"), values![lot], read)
}

/// One of them.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Publication>) -> Result<Option<Publication>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

fn read(row: &mut Row<'_>) -> Result<Publication, db::Error> {
    Ok(Publication {
        id: row.next()?,
        lot: row.next()?,
        tender: row.next()?,
        round: row.next()?,
        report_sha256: hex::encode(row.next::<Vec<u8>>()?),
        candidates: serde_json::from_str(&row.next::<String>()?).map_err(|e| db::Error::Engine(e.to_string()))?,
        lateness: row.next()?,
        state: coded(&row.next::<String>()?, State::from_code)?,
        published_at: row.next()?,
        until: row.next()?,
        ended_at: row.next()?,
        ended_reason: row.next()?,
    })
}
