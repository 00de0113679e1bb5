//! Objections (异议): a bidder of the lot objects to its candidates inside the standstill, the buyer answers in writing. They are for
//! the buyer, the objector and the operator's desk; the public learns only that the award is paused.

use super::appeal::{self, Kept as KeptAppeal};
use super::event::Changed;
use super::form::Objected;
use super::publication::{Publication, State};
use super::rule::Waits;
use super::store;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::{self, State as BidState};
use crate::sourcing::profile::days_after;
use crate::sourcing::tender::{self, Lot, Tender};
use crate::web::{Actor, Bidder, Error, Instant, Member, Purchaser};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An objection.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Objection {
    /// Its id.
    pub id: Id<Objection>,
    /// To which publication.
    pub publication: Id<Publication>,
    /// Of which lot.
    pub lot: Id<Lot>,
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Who objects.
    pub company: Id<Company>,
    /// Their name.
    pub company_name: String,
    /// Why.
    pub reason: String,
    /// What is asked for; may be empty.
    pub wanted: String,
    /// When.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// Until when the buyer answers.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// The buyer's answer.
    pub answer: Option<String>,
    /// When it came.
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
    /// Until when it can be appealed against.
    #[schemars(with = "Option<Instant>")]
    pub appeal_until: Option<Timestamp>,
    /// The appeal, if there is one.
    pub appeal: Option<KeptAppeal>,
}

impl Objection {
    /// What it waits for.
    pub fn waits(&self) -> Waits {
        match (&self.appeal, self.appeal_until) {
            (Some(appeal), _) if appeal.outcome.is_some() => Waits::Nothing,
            (Some(_), _) => Waits::Decision,
            (None, Some(until)) => Waits::AppealUntil(until),
            (None, None) => Waits::Answer,
        }
    }

    /// When somebody has to have done something about it.
    pub fn due(&self) -> Option<Timestamp> {
        match self.waits() {
            Waits::Answer => Some(self.due_at),
            Waits::Decision => self.appeal.as_ref().map(|appeal| appeal.due_at),
            Waits::AppealUntil(_) | Waits::Nothing => None,
        }
    }

    /// Colour, icon and key of the word of where it stands.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.waits() {
            Waits::Answer => ("warn", "hourglass", "objection-state-open"),
            Waits::AppealUntil(_) => ("", "ok", "objection-state-answered"),
            Waits::Decision => ("warn", "hourglass", "objection-state-appealed"),
            Waits::Nothing => ("", "ok", "objection-state-decided"),
        }
    }
}

const COLUMNS: &str = "o.id, o.publication, o.lot, o.tender, o.company, c.name, o.reason, o.wanted, o.made_at, o.due_at, \
     o.answer, o.answered_at, o.appeal_until, a.id, a.reason, a.made_at, a.due_at, a.outcome, a.decision, a.decided_at \
     FROM objection o JOIN company c ON c.id = o.company LEFT JOIN appeal a ON a.objection = o.id";

fn read(row: &mut Row<'_>) -> Result<Objection, db::Error> {
    Ok(Objection {
        id: row.next()?,
        publication: row.next()?,
        lot: row.next()?,
        tender: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        reason: row.next()?,
        wanted: row.next()?,
        made_at: row.next()?,
        due_at: row.next()?,
        answer: row.next()?,
        answered_at: row.next()?,
        appeal_until: row.next()?,
        appeal: appeal::read(row)?,
    })
}

/// One objection, whoever asks: for units that compare whose it is.
///
/// # Errors
/// 404.
pub fn load(tx: &mut Tx, id: Id<Objection>) -> Result<Objection, Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE o.id = $1"), values![id], read)?.ok_or_else(Error::not_found)
}

/// One objection, for the members of the objector and of the buyer.
///
/// # Errors
/// 404 to all others.
pub fn find(tx: &mut Tx, member: &Member, id: Id<Objection>) -> Result<Objection, Error> {
    let objection = load(tx, id)?;
    let is_buyer = tender::store::buyer(tx, objection.tender)? == Some(member.company);
    if is_buyer || objection.company == member.company { Ok(objection) } else { Err(Error::not_found()) }
}

/// The objections of a lot that a reader sees: the buyer all, a bidder its own; the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of_lot(tx: &mut Tx, actor: &Actor, tender: &Tender, lot: Id<Lot>) -> Result<Vec<Objection>, db::Error> {
    let company = actor.member().map(|member| member.company);
    company.map_or(Ok(Vec::new()), |company| of_company(tx, company, tender, lot))
}

/// The same for the members of a company, whoever of them asks.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(
    tx: &mut Tx,
    company: Id<Company>,
    tender: &Tender,
    lot: Id<Lot>,
) -> Result<Vec<Objection>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE o.lot = $1 ORDER BY o.made_at DESC, o.id DESC LIMIT 200");
    let all = tx.all(&sql, values![lot], read)?;
    Ok(all.into_iter().filter(|one| company == tender.company || one.company == company).collect())
}

/// What waits of publications that stand, for the operator's desk: what is due first.
///
/// # Errors
/// [`db::Error`].
pub fn pending(tx: &mut Tx) -> Result<Vec<Objection>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} JOIN candidates_publication p ON p.id = o.publication JOIN lot l ON l.id = o.lot \
         WHERE p.state = 'published' AND l.state = 'candidates' AND (o.answer IS NULL OR (a.id IS NOT NULL AND \
         a.outcome IS NULL)) ORDER BY o.made_at, o.id LIMIT 500"
    );
    let mut all = tx.all(&sql, &[], read)?;
    all.sort_by_key(|one| (one.due(), one.id));
    Ok(all)
}

/// What the objections to a publication wait for.
///
/// # Errors
/// [`db::Error`].
pub fn waits(tx: &mut Tx, publication: Id<Publication>) -> Result<Vec<Waits>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE o.publication = $1 ORDER BY o.made_at, o.id");
    Ok(tx.all(&sql, values![publication], read)?.iter().map(Objection::waits).collect())
}

/// Whether a company has bid for a lot, and its envelope was opened, readable or not.
///
/// # Errors
/// [`db::Error`].
pub fn has_bid(
    tx: &mut Tx,
    app: &App,
    (tender, lot): (Id<Tender>, Id<Lot>),
    company: Id<Company>,
) -> Result<bool, db::Error> {
    let bid = bid::joint::bid_of_lot(tx, app, (tender, lot), company)?;
    Ok(bid.is_some_and(|bid| matches!(bid.state, BidState::Opened | BidState::Unreadable)))
}

/// Notes an objection. The same form again is the same objection. Inside this unit the instant decides.
///
/// # Errors
/// 401, 403; 404 to who has not bid for the lot; 409 `objection-early`, `objection-closed` with both times, `objection-open` while
/// the last of the same company has no answer, `objection-over`.
pub fn make(tx: &mut Tx, app: &App, bidder: &Bidder, id: Id<Lot>, given: &Objected) -> Result<(), Error> {
    bidder.still(tx)?;
    let (lot, tender) = tender::store::lot(tx, &Actor::Member((***bidder).clone()), id)?;
    if !has_bid(tx, app, (tender.id, lot.id), bidder.company)? {
        return Err(Error::not_found());
    }
    mandate::may(tx, bidder, Act::Ask, &Target::of(app, bidder.company, tender.id, Some(lot.id)))?;
    let same = tx.first(&format!("SELECT {COLUMNS} WHERE o.id = $1"), values![given.id], read)?;
    match same {
        Some(same) if same.lot == id && same.company == bidder.company => return Ok(()),
        Some(_) => return Err(Error::not_found()),
        None => {}
    }
    let publication = window(tx, &lot)?;
    let sql = "SELECT 1 FROM objection WHERE publication = $1 AND company = $2 AND answer IS NULL LIMIT 1";
    if tx.first(sql, values![publication.id, bidder.company], |row| row.next::<i64>())?.is_some() {
        return Err(Error::conflict("objection-open"));
    }
    let now = tx.now();
    let due_at = days_after(now, tender.method.profile().objection_answer_days, &app.zone());
    tx.execute(
        "INSERT INTO objection (id, publication, lot, tender, company, reason, wanted, made_by, made_at, due_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            given.id,
            publication.id,
            id,
            tender.id,
            bidder.company,
            &given.reason,
            given.wanted.clone().unwrap_or_default(),
            bidder.account(),
            now,
            due_at
        ],
    )?;
    let made = load(tx, given.id)?;
    record(tx, tender.scope(), &made, "made")
}

/// The publication of a lot, inside whose window it is now.
///
/// # Errors
/// 409 `objection-early`, `objection-closed`, `objection-over`.
fn window(tx: &mut Tx, lot: &Lot) -> Result<Publication, Error> {
    let (now, last) = (tx.now(), store::list(tx, lot.id)?.into_iter().next());
    match last {
        Some(last) if last.state != State::Published || now >= last.until => {
            let until = last.ended_at.map_or(last.until, |ended| ended.min(last.until));
            let closed = Error::conflict("objection-closed");
            Err(closed.with("from", last.published_at).with("until", until).with("now", now))
        }
        _ if lot.state.is_over() => Err(Error::conflict("objection-over")),
        last => last.ok_or_else(|| Error::conflict("objection-early")),
    }
}

/// Answers an objection, once; the same form again is fine. With that it can be appealed against for some days.
///
/// # Errors
/// 401, 403, 404, 409 `objection-answered`.
pub fn answer(tx: &mut Tx, app: &App, buyer: &Purchaser, id: Id<Objection>, answer: &str) -> Result<(), Error> {
    buyer.still(tx)?;
    let objection = load(tx, id)?;
    let tender = tender::store::own(tx, buyer, objection.tender)?;
    mandate::may(tx, buyer, Act::Answer, &Target::of(app, buyer.company, tender.id, Some(objection.lot)))?;
    match objection.answer.as_deref() {
        Some(same) if same == answer => return Ok(()),
        Some(_) => return Err(Error::conflict("objection-answered")),
        None => {}
    }
    let now = tx.now();
    let until = days_after(now, tender.method.profile().appeal_days, &app.zone());
    tx.execute(
        "UPDATE objection SET answer = $1, answered_by = $2, answered_at = $3, appeal_until = $4 WHERE id = $5",
        values![answer, buyer.account(), now, until, id],
    )?;
    record(tx, tender.scope(), &objection, "answered")
}

/// Records what happened to an objection.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn record(tx: &mut Tx, scope: Scope, objection: &Objection, act: &str) -> Result<(), Error> {
    let Objection { tender, lot, id, company, .. } = *objection;
    event::record(tx, scope, &Changed { tender, lot, objection: id, company, act: act.to_owned() })?;
    Ok(())
}
