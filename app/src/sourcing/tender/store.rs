//! Every query about tenders and lots. What is not the actor's is not found.

use super::approve;
use super::auction;
use super::criteria;
use super::draft;
use super::event::Published;
use super::finals;
use super::form::{Draft, LotDraft};
use super::hands;
pub use super::listed::{all_running, list_closed, list_open, list_own, list_running, running_of, witnessed_by};
use super::lot::{self, Lot};
use super::named;
use super::of_list;
use super::tender::{self, State, Tender, Unready, next_check};
use super::terms::{self, Terms, Tie};
use crate::identity::approval;
use crate::identity::company::Company;
use crate::sourcing::circle::Audience;
use crate::sourcing::profile::Method;
use crate::sourcing::regime::Regime;
use crate::web::{Actor, Buyer, Error, Preparer, Purchaser};
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;

pub(super) const COLUMNS: &str = "t.id, t.company, c.name, t.number, t.title, t.method, t.category, t.region, t.summary, \
     t.budget_shown, t.state, t.questions_until, t.deadline, t.questions_closed, t.standstill, t.auction_at, t.auction_check, t.recipient, t.hands, t.published_at, \
     t.opened_at, t.again_of, t.round, t.regime, t.readers, t.reason, t.validity_days, t.tie, t.consortium_most, t.version, t.finals FROM tender t JOIN company c ON c.id = t.company";

const LOT: &str = "id, tender, position, title, description, budget, ceiling, ceiling_shown, state, amended FROM lot";

/// No lot may have a higher number.
pub const MOST_LOTS: usize = 50;

/// Stores a new draft. The same id again is the same draft.
///
/// # Errors
/// 404 when the id is another company's.
pub fn create(
    tx: &mut Tx,
    buyer: &Preparer,
    id: Id<Tender>,
    number: &str,
    zone: &str,
    draft: &Draft,
) -> Result<(), Error> {
    buyer.still(tx)?;
    match draft::insert(tx, buyer, id, (number, zone), draft, None)? {
        true => Ok(()),
        false => own(tx, buyer, id).map(|_| ()),
    }
}

/// Changes a draft that nobody has changed since `version`.
///
/// # Errors
/// 404, 409 `tender-not-draft`, 412.
pub fn update(tx: &mut Tx, buyer: &Preparer, id: Id<Tender>, version: i64, draft: &Draft) -> Result<(), Error> {
    buyer.still(tx)?;
    let tender = own_draft(tx, buyer, id)?;
    if tender.version != version {
        return Err(Error::stale());
    }
    tx.execute(
        "UPDATE tender SET title = $1, method = $2, category = $3, region = $4, summary = $5, budget_shown = $6, \
         questions_until = $7, deadline = $8, regime = $9, version = version + 1 WHERE id = $10",
        values![
            &draft.title,
            draft.method.code(),
            &draft.category,
            &draft.region,
            &draft.summary,
            draft.budget_shown,
            draft.questions_until,
            draft.deadline,
            draft.regime.code(),
            id
        ],
    )?;
    terms::store(tx, id, &draft.terms)?;
    criteria::keep_least(tx, id, draft.method.profile().committee_least)?;
    auction::keep_allowed(tx, id, draft.method.profile())?;
    approval::changed(tx, buyer, id)
}

/// A tender that this actor may read: published, to everybody or to whom it names; or the own company's.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, actor: &Actor, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = load(tx, id)?;
    let is_own = actor.member().is_some_and(|member| member.company == tender.company);
    let may = is_own || (tender.state.is_public() && named::reads(tx, &tender, actor)?);
    if may { Ok(tender) } else { Err(Error::not_found()) }
}

/// A tender of the buyer's own.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, buyer: &Buyer, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = load(tx, id)?;
    if tender.company == buyer.company { Ok(tender) } else { Err(Error::not_found()) }
}

/// A draft of the buyer's own.
///
/// # Errors
/// 404, 409 `tender-not-draft`.
pub fn own_draft(tx: &mut Tx, buyer: &Buyer, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = own(tx, buyer, id)?;
    if tender.state == State::Draft { Ok(tender) } else { Err(Error::conflict("tender-not-draft")) }
}

/// A tender by its id, whoever asks: for rooms that have their own rule.
///
/// # Errors
/// 404.
pub fn load(tx: &mut Tx, id: Id<Tender>) -> Result<Tender, Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE t.id = $1"), values![id], read)?.ok_or_else(Error::not_found)
}

/// Whose tender it is; none where there is none.
///
/// # Errors
/// [`db::Error`].
pub fn buyer(tx: &mut Tx, id: Id<Tender>) -> Result<Option<Id<Company>>, db::Error> {
    tx.first("SELECT company FROM tender WHERE id = $1", values![id], |row| row.next())
}

/// What a tender is called; none where there is none.
///
/// # Errors
/// [`db::Error`].
pub fn titled(tx: &mut Tx, id: Id<Tender>) -> Result<Option<String>, db::Error> {
    tx.first("SELECT title FROM tender WHERE id = $1", values![id], |row| row.next())
}

/// The lots of a tender, by number.
///
/// # Errors
/// [`db::Error`].
pub fn lots(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Lot>, db::Error> {
    tx.all(&format!("SELECT {LOT} WHERE tender = $1 ORDER BY position"), values![tender], read_lot)
}

/// A lot and its tender, if this actor may read it.
///
/// # Errors
/// 404.
pub fn lot(tx: &mut Tx, actor: &Actor, id: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let sql = format!("SELECT {LOT} WHERE id = $1");
    let lot = tx.first(&sql, values![id], read_lot)?.ok_or_else(Error::not_found)?;
    let tender = find(tx, actor, lot.tender)?;
    let is_own = actor.member().is_some_and(|member| member.company == tender.company);
    Ok((lot.shown_to(&tender, is_own), tender))
}

/// A lot and its tender, whoever asks: for rooms that have their own rule.
///
/// # Errors
/// 404.
pub fn load_lot(tx: &mut Tx, id: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let sql = format!("SELECT {LOT} WHERE id = $1");
    let lot = tx.first(&sql, values![id], read_lot)?.ok_or_else(Error::not_found)?;
    let tender = load(tx, lot.tender)?;
    Ok((lot.shown_to(&tender, false), tender))
}

/// Adds a lot to a draft. The same id again is the same lot.
///
/// # Errors
/// 404, 409 `tender-not-draft` or `too-many-lots`.
pub fn add_lot(tx: &mut Tx, buyer: &Preparer, tender: Id<Tender>, draft: &LotDraft) -> Result<(), Error> {
    buyer.still(tx)?;
    own_draft(tx, buyer, tender)?;
    let lots = lots(tx, tender)?;
    if lots.iter().any(|lot| lot.id == draft.id) {
        return Ok(());
    }
    if lots.len() >= MOST_LOTS {
        return Err(Error::conflict("too-many-lots").with("most", MOST_LOTS));
    }
    let position = lots.last().map_or(1, |lot| lot.position + 1);
    touch(tx, buyer, tender)?;
    let inserted = tx.execute(
        "INSERT INTO lot (id, tender, position, title, description, budget, ceiling, ceiling_shown, state, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 1) ON CONFLICT (id) DO NOTHING",
        values![
            draft.id,
            tender,
            position,
            &draft.title,
            &draft.description,
            draft.budget,
            draft.ceiling,
            draft.ceiling_shown
        ],
    )?;
    if inserted == 1 { Ok(()) } else { Err(Error::not_found()) }
}

/// Takes a lot out of a draft and closes the gap in the numbers.
///
/// # Errors
/// 404, 409 `tender-not-draft`.
pub fn remove_lot(tx: &mut Tx, buyer: &Preparer, id: Id<Lot>) -> Result<Id<Tender>, Error> {
    buyer.still(tx)?;
    let tender: Option<Id<Tender>> = tx.first("SELECT tender FROM lot WHERE id = $1", values![id], |row| row.next())?;
    let tender = own_draft(tx, buyer, tender.ok_or_else(Error::not_found)?)?;
    touch(tx, buyer, tender.id)?;
    tx.execute("DELETE FROM lot WHERE id = $1", values![id])?;
    for (position, lot) in (1i64..).zip(lots(tx, tender.id)?) {
        tx.execute("UPDATE lot SET position = $1 WHERE id = $2", values![position, lot.id])?;
    }
    Ok(tender.id)
}

/// A draft is another one once its lots or documents are: who reviewed or approved it before publishes nothing unseen.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn touch(tx: &mut Tx, buyer: &Buyer, tender: Id<Tender>) -> Result<(), Error> {
    tx.execute("UPDATE tender SET version = version + 1 WHERE id = $1", values![tender])?;
    approval::changed(tx, buyer, tender)
}

/// What stands between a draft and its publication at this instant.
///
/// # Errors
/// [`db::Error`].
pub fn unready(tx: &mut Tx, tender: &Tender, lots: &[Lot], now: Timestamp) -> Result<Vec<Unready>, db::Error> {
    let mut reasons = tender::unready(tender, lots, now);
    reasons.extend(named::unready(tx, tender, now)?);
    reasons.extend(of_list::unready(tx, tender, now)?);
    if tender.terms.tie == Tie::Technical && criteria::find(tx, tender.id)?.is_none() {
        reasons.push(Unready::Tie);
    }
    if !hands::hold(tx, tender)? {
        reasons.push(Unready::Hands);
    }
    reasons.extend(finals::unready(tx, tender)?);
    Ok(reasons)
}

/// Publishes a draft, sealed to this key from now on. The same form again finds it published.
///
/// # Errors
/// 403 where approval is asked for and not given; 404, 409 `tender-not-draft` or `tender-unready`, 412. That the buyer still may is
/// compared before, in this unit.
pub fn publish(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>, version: i64, recipient: &str) -> Result<(), Error> {
    let mut tender = own(tx, buyer, id)?;
    if tender.state == State::Published && !tender.questions_closed && tender.version == version + 1 {
        return Ok(());
    }
    if tender.state != State::Draft {
        return Err(Error::conflict("tender-not-draft"));
    }
    if tender.version != version {
        return Err(Error::stale());
    }
    let now = tx.now();
    let lots = lots(tx, id)?;
    if !unready(tx, &tender, &lots, now)?.is_empty() {
        return Err(Error::conflict("tender-unready"));
    }
    let publication = approve::publication(tx, &tender, &lots)?;
    approval::may(tx, buyer, &publication)?;
    named::fix(tx, &tender)?;
    tender.state = State::Published;
    tx.execute(
        "UPDATE tender SET state = 'published', recipient = $1, published_at = $2, next_check = $3, \
         version = version + 1 WHERE id = $4",
        values![recipient, now, due(&tender), id],
    )?;
    let mut scope = buyer.scope();
    scope.tender = Some(*id.as_bytes());
    event::record(tx, scope, &Published { tender: id })?;
    Ok(())
}

/// Stores what an amendment has changed, and when time does something next. Part of the unit that compared everything.
///
/// # Errors
/// [`db::Error`].
pub fn amend(tx: &mut Tx, tender: &Tender) -> Result<(), db::Error> {
    tx.execute(
        "UPDATE tender SET summary = $1, questions_until = $2, deadline = $3, questions_closed = $4, next_check = $5, \
         auction_at = $6, version = version + 1 WHERE id = $7",
        values![
            &tender.summary,
            tender.questions_until,
            tender.deadline,
            tender.questions_closed,
            due(tender),
            tender.auction_at,
            tender.id
        ],
    )
    .map(drop)
}

/// Stores what an amendment has changed of a lot.
///
/// # Errors
/// [`db::Error`].
pub fn amend_lot(tx: &mut Tx, lot: &Lot) -> Result<(), db::Error> {
    let sql = "UPDATE lot SET description = $1, budget = $2, ceiling = $3, version = version + 1 WHERE id = $4";
    tx.execute(sql, values![&lot.description, lot.budget, lot.ceiling, lot.id]).map(drop)
}

/// Notes the number of the material amendment that touches a lot.
///
/// # Errors
/// [`db::Error`].
pub fn touch_lot(tx: &mut Tx, lot: Id<Lot>, amendment: i64) -> Result<(), db::Error> {
    tx.execute("UPDATE lot SET amended = $1, version = version + 1 WHERE id = $2", values![amendment, lot]).map(drop)
}

/// When time next does something to any tender.
///
/// # Errors
/// [`db::Error`].
pub fn next_event(tx: &mut Tx) -> Result<Option<Timestamp>, db::Error> {
    let sql = "SELECT next_check FROM tender WHERE next_check < $1 ORDER BY next_check, id LIMIT 1";
    tx.first(sql, values![i64::MAX], |row| row.next())
}

/// The stored form of the next check.
pub(super) fn due(tender: &Tender) -> i64 {
    next_check(tender).map_or(i64::MAX, Timestamp::as_microsecond)
}

pub(super) fn read(row: &mut Row<'_>) -> Result<Tender, db::Error> {
    Ok(Tender {
        id: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        number: row.next()?,
        title: row.next()?,
        method: coded(&row.next::<String>()?, Method::from_code)?,
        category: row.next()?,
        region: row.next()?,
        summary: row.next()?,
        budget_shown: row.next()?,
        state: coded(&row.next::<String>()?, State::from_code)?,
        questions_until: row.next()?,
        deadline: row.next()?,
        questions_closed: row.next()?,
        standstill: row.next()?,
        auction_at: row.next()?,
        auction_check: row.next()?,
        recipient: row.next()?,
        hands: hands::read(row.next()?)?,
        published_at: row.next()?,
        opened_at: row.next()?,
        again_of: row.next()?,
        round: row.next()?,
        regime: coded(&row.next::<String>()?, Regime::from_code)?,
        readers: coded(&row.next::<String>()?, Audience::from_code)?,
        reason: row.next()?,
        terms: Terms {
            validity_days: row.next()?,
            tie: coded(&row.next::<String>()?, Tie::from_code)?,
            consortium_most: row.next()?,
        },
        version: row.next()?,
        finals: row.next()?,
    })
}

fn read_lot(row: &mut Row<'_>) -> Result<Lot, db::Error> {
    Ok(Lot {
        id: row.next()?,
        tender: row.next()?,
        position: row.next()?,
        title: row.next()?,
        description: row.next()?,
        budget: row.next()?,
        ceiling: row.next()?,
        ceiling_shown: row.next()?,
        state: coded(&row.next::<String>()?, lot::State::from_code)?,
        amended: row.next()?,
    })
}
