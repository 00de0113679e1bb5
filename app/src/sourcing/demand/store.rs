//! Every query about demands themselves. What is not the actor's to read is not found.

use super::approve;
use super::demand::{self, Audience, Content, Demand, Outcome, Reader, State, Unready};
use super::edition;
use super::event::{Changed, Closed, Drafted, Published};
use super::form::{self, Draft};
use super::invitation::INVITED;
use crate::identity::approval;
use crate::sourcing::attached::Holder;
use crate::sourcing::guests;
use crate::sourcing::tender::Tender;
use crate::web::{Actor, Buyer, Error, Explained, Form, Preparer, Purchaser};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;

pub(super) const COLUMNS: &str = "d.id, d.company, c.name, d.title, d.summary, d.category, d.region, d.budget, d.budget_shown, \
     d.wanted_on, d.audience, d.state, d.edition, d.published_at, d.changed_at, d.closed_at, d.outcome, d.reason, d.tender, \
     d.copied_of, d.version FROM demand d JOIN company c ON c.id = d.company";

/// Stores a new draft. The same id again is the same draft.
///
/// # Errors
/// 404 when the id is another company's; 422 where an invited company is none that can be.
pub fn create(tx: &mut Tx, buyer: &Preparer, id: Id<Demand>, draft: &Draft, form: &Form) -> Result<(), Error> {
    buyer.still(tx)?;
    let invited = guests::found(tx, buyer, &draft.invited, ("invited", form))?;
    match insert(tx, buyer, id, (&draft.content, draft.audience), None)? {
        true => Ok(INVITED.set(tx, id, &invited)?),
        false => own(tx, buyer, id).map(drop),
    }
}

/// Inserts a draft and says so. Answers whether it was not there.
pub(super) fn insert(
    tx: &mut Tx,
    buyer: &Buyer,
    id: Id<Demand>,
    (content, audience): (&Content, Audience),
    copied_of: Option<Id<Demand>>,
) -> Result<bool, Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO demand (id, company, title, summary, category, region, budget, budget_shown, wanted_on, audience, state, \
         edition, created_at, copied_of, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', 0, $11, $12, 1) \
         ON CONFLICT (id) DO NOTHING",
        values![
            id,
            buyer.company,
            &content.title,
            &content.summary,
            &content.category,
            &content.region,
            content.budget,
            content.budget_shown,
            content.wanted_on.map(demand::stored),
            audience.code(),
            now,
            copied_of
        ],
    )?;
    if inserted == 1 {
        event::record(tx, buyer.scope(), &Drafted { demand: id })?;
    }
    Ok(inserted == 1)
}

/// Changes a draft that nobody has changed since it was seen.
///
/// # Errors
/// 404, 409 `demand-not-draft`, 412, 422.
pub fn update(tx: &mut Tx, buyer: &Preparer, id: Id<Demand>, given: &form::Changed, form: &Form) -> Result<(), Error> {
    buyer.still(tx)?;
    let found = own_draft(tx, buyer, id)?;
    if found.version != given.version {
        return Err(Error::stale());
    }
    let invited = guests::found(tx, buyer, &given.draft.invited, ("invited", form))?;
    write(tx, id, &given.draft)?;
    INVITED.set(tx, id, &invited)?;
    approval::changed(tx, buyer, id)
}

fn write(tx: &mut Tx, id: Id<Demand>, draft: &Draft) -> Result<(), db::Error> {
    let content = &draft.content;
    tx.execute(
        "UPDATE demand SET title = $1, summary = $2, category = $3, region = $4, budget = $5, budget_shown = $6, wanted_on = $7, \
         audience = $8, version = version + 1 WHERE id = $9",
        values![
            &content.title,
            &content.summary,
            &content.category,
            &content.region,
            content.budget,
            content.budget_shown,
            content.wanted_on.map(demand::stored),
            draft.audience.code(),
            id
        ],
    )
    .map(drop)
}

/// A draft is another one once its documents are: who approved it before approved something else.
pub(super) fn touch(tx: &mut Tx, buyer: &Buyer, id: Id<Demand>) -> Result<(), Error> {
    tx.execute("UPDATE demand SET version = version + 1 WHERE id = $1", values![id])?;
    approval::changed(tx, buyer, id)
}

/// A demand that this actor may read, as they may: without a budget that is not shown to them.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, actor: &Actor, id: Id<Demand>) -> Result<Demand, Error> {
    let company = actor.member().map(|member| member.company);
    let is_invited = company.map_or(Ok(false), |company| INVITED.has(tx, id, company))?;
    let demand = load(tx, id)?;
    match demand.is_readable(Reader { company, is_invited }) {
        true => Ok(demand.read_by(company)),
        false => Err(Error::not_found()),
    }
}

/// A demand of the company's own.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, buyer: &Buyer, id: Id<Demand>) -> Result<Demand, Error> {
    let demand = load(tx, id)?;
    if demand.company == buyer.company { Ok(demand) } else { Err(Error::not_found()) }
}

/// A draft of the company's own.
///
/// # Errors
/// 404, 409 `demand-not-draft`.
pub fn own_draft(tx: &mut Tx, buyer: &Buyer, id: Id<Demand>) -> Result<Demand, Error> {
    let demand = own(tx, buyer, id)?;
    if demand.state == State::Draft { Ok(demand) } else { Err(Error::conflict("demand-not-draft")) }
}

/// A published one of the company's own.
///
/// # Errors
/// 404, 409 `demand-not-open`.
pub fn own_open(tx: &mut Tx, buyer: &Buyer, id: Id<Demand>) -> Result<Demand, Error> {
    let demand = own(tx, buyer, id)?;
    if demand.state == State::Published { Ok(demand) } else { Err(Error::conflict("demand-not-open")) }
}

/// A demand by its id, whoever asks: for what has its own rule.
///
/// # Errors
/// 404.
pub(super) fn load(tx: &mut Tx, id: Id<Demand>) -> Result<Demand, Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE d.id = $1"), values![id], read)?.ok_or_else(Error::not_found)
}

/// What a demand is called, and whose it is; none where there is none. For the program that tells of it.
///
/// # Errors
/// [`db::Error`].
pub fn titled(tx: &mut Tx, id: Id<Demand>) -> Result<Option<String>, db::Error> {
    tx.first("SELECT title FROM demand WHERE id = $1", values![id], |row| row.next())
}

/// Whose demand it is; none where there is none.
///
/// # Errors
/// [`db::Error`].
pub fn buyer(tx: &mut Tx, id: Id<Demand>) -> Result<Option<Id<crate::identity::company::Company>>, db::Error> {
    tx.first("SELECT company FROM demand WHERE id = $1", values![id], |row| row.next())
}

/// The demand that became this tender.
///
/// # Errors
/// [`db::Error`].
pub fn of_tender(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Id<Demand>>, db::Error> {
    tx.first("SELECT id FROM demand WHERE tender = $1", values![tender], |row| row.next())
}

/// The company's own, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list_own(tx: &mut Tx, buyer: &Buyer) -> Result<Vec<Demand>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE d.company = $1 ORDER BY d.created_at DESC, d.id DESC LIMIT 200");
    tx.all(&sql, values![buyer.company], read)
}

/// What stands against publishing a demand now.
///
/// # Errors
/// [`db::Error`].
pub fn unready(tx: &mut Tx, demand: &Demand, today: Date) -> Result<Vec<Unready>, db::Error> {
    let invited = INVITED.list(tx, demand.id)?.len();
    Ok(demand::unready(&demand.content, demand.audience, invited, today))
}

/// Today, where the installation is.
pub(super) fn today(tx: &Tx, zone: &TimeZone) -> Date {
    tx.now().to_zoned_datetime(zone.clone()).date()
}

/// Publishes a draft as it was seen. The same form again finds it published.
///
/// # Errors
/// 403 where approval is asked for and not given; 404, 409 `demand-not-draft` or `demand-unready`, 412. That the buyer still may is
/// compared before, in this unit.
pub fn publish(tx: &mut Tx, buyer: &Purchaser, id: Id<Demand>, version: i64, zone: &TimeZone) -> Result<(), Error> {
    let found = own(tx, buyer, id)?;
    if found.state == State::Published && found.edition == 1 && found.version == version + 1 {
        return Ok(());
    }
    if found.state != State::Draft {
        return Err(Error::conflict("demand-not-draft"));
    }
    let ask = approve::publication(tx, &found, version, zone)?;
    approval::may(tx, buyer, &ask)?;
    let now = tx.now();
    tx.execute(
        "UPDATE demand SET state = 'published', edition = 1, published_at = $1, version = version + 1 WHERE id = $2",
        values![now, id],
    )?;
    edition::keep(tx, id)?;
    event::record(tx, buyer.scope(), &Published { demand: id })?;
    Ok(())
}

/// Puts another edition in the place of a published one. The same form again changes nothing.
///
/// # Errors
/// 403 where approval is asked for and not given; 404, 409 `demand-not-open` or `demand-unready`, 412; 422 with the rule that is
/// broken. That the buyer still may is compared before, in this unit.
pub fn change(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Demand>,
    given: &form::Changed,
    (form, zone): (&Form, &TimeZone),
) -> Result<(), Error> {
    let found = own_open(tx, buyer, id)?;
    let draft = &given.draft;
    if found.version == given.version + 1 && found.content == draft.content && found.edition > 1 {
        return Ok(());
    }
    let (ask, invited) = approve::change(tx, buyer, &found, given, (form, zone))?;
    approval::may(tx, buyer, &ask)?;
    let before = INVITED.ids(tx, id)?;
    let now = tx.now();
    write(tx, id, draft)?;
    tx.execute("UPDATE demand SET edition = edition + 1, changed_at = $1 WHERE id = $2", values![now, id])?;
    INVITED.set(tx, id, &invited)?;
    edition::keep(tx, id)?;
    let invited = invited.into_iter().filter(|one| !before.contains(one)).collect();
    event::record(tx, found.scope(), &Changed { demand: id, edition: found.edition + 1, invited })?;
    Ok(())
}

/// Closes a published demand. The same form again changes nothing.
///
/// # Errors
/// 404, 409 `demand-not-open`, 412. That the buyer still may is compared before, in this unit.
pub fn close(tx: &mut Tx, buyer: &Purchaser, id: Id<Demand>, ended: &Explained) -> Result<(), Error> {
    let found = own(tx, buyer, id)?;
    if found.state == State::Closed
        && found.version == ended.version + 1
        && found.reason.as_ref() == Some(&ended.reason)
    {
        return Ok(());
    }
    if own_open(tx, buyer, id)?.version != ended.version {
        return Err(Error::stale());
    }
    end(tx, buyer, &found, (Outcome::Ended, Some(&ended.reason), None))
}

/// Closes a demand that is open. Part of the unit that compared everything.
pub(super) fn end(
    tx: &mut Tx,
    buyer: &Buyer,
    demand: &Demand,
    (outcome, reason, tender): (Outcome, Option<&str>, Option<Id<Tender>>),
) -> Result<(), Error> {
    debug_assert!(demand.state.may_become(State::Closed), "{:?} is not closed", demand.state);
    let now = tx.now();
    tx.execute(
        "UPDATE demand SET state = 'closed', closed_at = $1, outcome = $2, reason = $3, tender = $4, version = version + 1 \
         WHERE id = $5",
        values![now, outcome.code(), reason, tender, demand.id],
    )?;
    approval::changed(tx, buyer, demand.id)?;
    event::record(tx, demand.scope(), &Closed { demand: demand.id, tender })?;
    Ok(())
}

pub(super) fn read(row: &mut Row<'_>) -> Result<Demand, db::Error> {
    Ok(Demand {
        id: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        content: read_content(row)?,
        audience: coded(&row.next::<String>()?, Audience::from_code)?,
        state: coded(&row.next::<String>()?, State::from_code)?,
        edition: row.next()?,
        published_at: row.next()?,
        changed_at: row.next()?,
        closed_at: row.next()?,
        outcome: row.next::<Option<String>>()?.map(|code| coded(&code, Outcome::from_code)).transpose()?,
        reason: row.next()?,
        tender: row.next()?,
        copied_of: row.next()?,
        version: row.next()?,
    })
}

/// Title, summary, category, region, budget, whether it is shown, wanted day: in this order.
pub(super) fn read_content(row: &mut Row<'_>) -> Result<Content, db::Error> {
    Ok(Content {
        title: row.next()?,
        summary: row.next()?,
        category: row.next()?,
        region: row.next()?,
        budget: row.next()?,
        budget_shown: row.next()?,
        wanted_on: row.next::<Option<i64>>()?.and_then(demand::day),
    })
}

impl Holder for Demand {
    const TABLE: &'static str = "demand_document";
    const COLUMN: &'static str = "demand";

    fn own_draft(tx: &mut Tx, buyer: &Buyer, id: Id<Self>) -> Result<(), Error> {
        own_draft(tx, buyer, id).map(drop)
    }

    fn touch(tx: &mut Tx, buyer: &Buyer, id: Id<Self>) -> Result<(), Error> {
        touch(tx, buyer, id)
    }

    fn readable(tx: &mut Tx, actor: &Actor, id: Id<Self>) -> Result<(), Error> {
        find(tx, actor, id).map(drop)
    }
}
