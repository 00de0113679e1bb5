//! Every query about qualified lists themselves. What is not the actor's to read is not found.

use super::applying;
use super::approve;
use super::event::{Drafted, Ended, Failed, Published};
use super::list::{Content, QualifiedList};
use super::rule::{self, Kind, State, timeline};
use crate::identity::approval;
use crate::identity::company::Company;
use crate::sourcing::attached::Holder;
use crate::sourcing::profile::days_after;
use crate::sourcing::regime::Regime;
use crate::sourcing::tender::Tender;
use crate::web::{Actor, Buyer, Error, Preparer, Purchaser};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;

const COLUMNS: &str = "q.id, q.company, c.name, q.kind, q.regime, q.title, q.summary, q.category, q.region, q.requirements, \
     q.applications_until, q.valid_days, q.most, q.state, q.applications_closed, q.published_at, q.concluded_at, \
     q.valid_until, q.objections_until, q.ended_at, q.reason, q.copied_of, q.version \
     FROM qualified_list q JOIN company c ON c.id = q.company";

/// How many a page of the public list shows.
pub(super) const PAGE: usize = 20;

/// Stores a new draft. The same id again is the same draft.
///
/// # Errors
/// 404 when the id is another company's.
pub fn create(tx: &mut Tx, buyer: &Preparer, id: Id<QualifiedList>, content: &Content) -> Result<(), Error> {
    buyer.still(tx)?;
    match insert(tx, buyer, id, content, None)? {
        true => Ok(()),
        false => own(tx, buyer, id).map(drop),
    }
}

/// Inserts a draft and says so. Answers whether it was not there.
pub(super) fn insert(
    tx: &mut Tx,
    buyer: &Buyer,
    id: Id<QualifiedList>,
    content: &Content,
    copied_of: Option<Id<QualifiedList>>,
) -> Result<bool, Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO qualified_list (id, company, kind, regime, title, summary, category, region, requirements, \
         applications_until, valid_days, most, state, applications_closed, created_at, copied_of, next_check, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'draft', 0, $13, $14, $15, 1) \
         ON CONFLICT (id) DO NOTHING",
        values![
            id,
            buyer.company,
            content.kind.code(),
            content.regime.code(),
            &content.title,
            &content.summary,
            &content.category,
            &content.region,
            content.requirements.join("\n"),
            content.applications_until,
            content.valid_days,
            content.most,
            now,
            copied_of,
            i64::MAX
        ],
    )?;
    if inserted == 1 {
        event::record(tx, buyer.scope(), &Drafted { list: id })?;
    }
    Ok(inserted == 1)
}

/// Changes a draft that nobody has changed since it was seen.
///
/// # Errors
/// 404, 409 `qualified-not-draft`, 412.
pub fn update(
    tx: &mut Tx,
    buyer: &Preparer,
    id: Id<QualifiedList>,
    (version, content): (i64, &Content),
) -> Result<(), Error> {
    buyer.still(tx)?;
    if own_draft(tx, buyer, id)?.version != version {
        return Err(Error::stale());
    }
    tx.execute(
        "UPDATE qualified_list SET kind = $1, regime = $2, title = $3, summary = $4, category = $5, region = $6, \
         requirements = $7, applications_until = $8, valid_days = $9, most = $10, version = version + 1 WHERE id = $11",
        values![
            content.kind.code(),
            content.regime.code(),
            &content.title,
            &content.summary,
            &content.category,
            &content.region,
            content.requirements.join("\n"),
            content.applications_until,
            content.valid_days,
            content.most,
            id
        ],
    )?;
    approval::changed(tx, buyer, id)
}

/// A draft is another one once its documents are: who reviewed or approved it before publishes nothing unseen.
pub(super) fn touch(tx: &mut Tx, buyer: &Buyer, id: Id<QualifiedList>) -> Result<(), Error> {
    tx.execute("UPDATE qualified_list SET version = version + 1 WHERE id = $1", values![id])?;
    approval::changed(tx, buyer, id)
}

/// A list that this actor may read: a draft is its company's own.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, actor: &Actor, id: Id<QualifiedList>) -> Result<QualifiedList, Error> {
    let list = load(tx, id)?;
    let is_own = list.is_of(actor.member().map(|member| member.company));
    if is_own || list.state != State::Draft { Ok(list) } else { Err(Error::not_found()) }
}

/// A list of the company's own.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, buyer: &Buyer, id: Id<QualifiedList>) -> Result<QualifiedList, Error> {
    let list = load(tx, id)?;
    if list.company == buyer.company { Ok(list) } else { Err(Error::not_found()) }
}

/// A draft of the company's own.
///
/// # Errors
/// 404, 409 `qualified-not-draft`.
pub fn own_draft(tx: &mut Tx, buyer: &Buyer, id: Id<QualifiedList>) -> Result<QualifiedList, Error> {
    let list = own(tx, buyer, id)?;
    if list.state == State::Draft { Ok(list) } else { Err(Error::conflict("qualified-not-draft")) }
}

/// A list by its id, whoever asks: for what has its own rule.
///
/// # Errors
/// 404.
pub fn load(tx: &mut Tx, id: Id<QualifiedList>) -> Result<QualifiedList, Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE q.id = $1"), values![id], read)?.ok_or_else(Error::not_found)
}

/// The lists with these ids, in this order.
///
/// # Errors
/// [`db::Error`].
pub(super) fn of_ids(tx: &mut Tx, ids: &[Id<QualifiedList>]) -> Result<Vec<QualifiedList>, db::Error> {
    let mut found = tx.among(ids, |places| format!("SELECT {COLUMNS} WHERE q.id IN ({places})"), read)?;
    found.sort_by_key(|list| ids.iter().position(|id| *id == list.id));
    Ok(found)
}

/// What a list is called; none where there is none. For the program that tells of it.
///
/// # Errors
/// [`db::Error`].
pub fn titled(tx: &mut Tx, id: Id<QualifiedList>) -> Result<Option<String>, db::Error> {
    tx.first("SELECT title FROM qualified_list WHERE id = $1", values![id], |row| row.next())
}

/// Of which kind a list is; none where there is none. For the program that tells of it.
///
/// # Errors
/// [`db::Error`].
pub fn kind(tx: &mut Tx, id: Id<QualifiedList>) -> Result<Option<Kind>, db::Error> {
    let kind: Option<String> =
        tx.first("SELECT kind FROM qualified_list WHERE id = $1", values![id], |row| row.next())?;
    kind.map(|kind| coded(&kind, Kind::from_code)).transpose()
}

/// Whose list it is; none where there is none.
///
/// # Errors
/// [`db::Error`].
pub fn buyer(tx: &mut Tx, id: Id<QualifiedList>) -> Result<Option<Id<Company>>, db::Error> {
    tx.first("SELECT company FROM qualified_list WHERE id = $1", values![id], |row| row.next())
}

/// The tenders that were made of a list, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn tenders(tx: &mut Tx, id: Id<QualifiedList>) -> Result<Vec<Id<Tender>>, db::Error> {
    let sql = "SELECT tender FROM qualified_tender WHERE list = $1 ORDER BY created_at DESC, tender DESC LIMIT 100";
    tx.all(sql, values![id], |row| row.next())
}

/// The company's own, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list_own(tx: &mut Tx, buyer: &Buyer) -> Result<Vec<QualifiedList>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE q.company = $1 ORDER BY q.created_at DESC, q.id DESC LIMIT 200");
    tx.all(&sql, values![buyer.company], read)
}

/// Those that were published, newest first, after the one with this time and id; one more than [`PAGE`] when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn list_public(tx: &mut Tx, after: Option<(i64, [u8; 16])>) -> Result<Vec<QualifiedList>, db::Error> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16]));
    let sql = format!(
        "SELECT {COLUMNS} WHERE q.state <> 'draft' AND (q.published_at, q.id) < ($1, $2) \
         ORDER BY q.published_at DESC, q.id DESC LIMIT $3"
    );
    tx.all(&sql, values![at, id, PAGE as i64 + 1], read)
}

/// Publishes a draft as it was seen. The same form again finds it published.
///
/// # Errors
/// 403 where approval is asked for and not given; 404, 409 `qualified-not-draft` or `qualified-too-soon` with the earliest deadline, 412. That the buyer still may is compared before, in
/// this unit.
pub fn publish(tx: &mut Tx, buyer: &Purchaser, id: Id<QualifiedList>, version: i64) -> Result<(), Error> {
    let mut list = own(tx, buyer, id)?;
    if list.state == State::Published && list.version == version + 1 {
        return Ok(());
    }
    if list.state != State::Draft {
        return Err(Error::conflict("qualified-not-draft"));
    }
    let ask = approve::publication(tx, &list, version)?;
    approval::may(tx, buyer, &ask)?;
    let now = tx.now();
    list.state = State::Published;
    list.valid_until = (!list.content.kind.has_deadline()).then(|| valid_until(&list, now));
    move_on(tx, &list)?;
    tx.execute("UPDATE qualified_list SET published_at = $1 WHERE id = $2", values![now, id])?;
    event::record(tx, buyer.scope(), &Published { list: id })?;
    Ok(())
}

/// When what begins at this instant is over.
pub(super) fn valid_until(list: &QualifiedList, now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * list.content.valid_days)).unwrap_or(now)
}

/// Stores where a list stands, and when time does something to it next.
///
/// # Errors
/// [`db::Error`].
pub(super) fn move_on(tx: &mut Tx, list: &QualifiedList) -> Result<(), db::Error> {
    let due = timeline(list.times()).next().map_or(i64::MAX, |(at, _)| at.as_microsecond());
    tx.execute(
        "UPDATE qualified_list SET state = $1, applications_closed = $2, concluded_at = $3, valid_until = $4, \
         objections_until = $5, ended_at = $6, reason = $7, next_check = $8, version = version + 1 WHERE id = $9",
        values![
            list.state.code(),
            list.applications_closed,
            list.concluded_at,
            list.valid_until,
            list.objections_until,
            list.ended_at,
            list.reason.as_deref(),
            due,
            list.id
        ],
    )
    .map(drop)
}

/// Notes that too few have applied, or qualified.
pub(super) fn fail(tx: &mut Tx, list: &mut QualifiedList, now: Timestamp) -> Result<(), Error> {
    (list.state, list.concluded_at) = (State::Failed, Some(now));
    event::record(tx, list.scope(), &Failed { list: list.id })?;
    Ok(())
}

/// Ends a list with a reason that everybody reads; applications that nobody may have read yet are destroyed. The same form again changes nothing.
///
/// # Errors
/// 404, 409 `qualified-over`, 412. That the buyer still may is compared before, in this unit.
pub fn end(tx: &mut Tx, buyer: &Purchaser, id: Id<QualifiedList>, (version, reason): (i64, &str)) -> Result<(), Error> {
    let mut list = own(tx, buyer, id)?;
    if list.state == State::Ended && list.version == version + 1 && list.reason.as_deref() == Some(reason) {
        return Ok(());
    }
    if !matches!(list.state, State::Published | State::Concluded) {
        return Err(Error::conflict("qualified-over"));
    }
    if list.version != version {
        return Err(Error::stale());
    }
    let now = tx.now();
    if list.content.kind.has_deadline() && list.takes_applications(now) {
        applying::destroy(tx, id)?;
    }
    (list.state, list.ended_at, list.reason) = (State::Ended, Some(now), Some(reason.to_owned()));
    move_on(tx, &list)?;
    event::record(tx, list.scope(), &Ended { list: id })?;
    Ok(())
}

/// The end of a day's worth of days for objections, in this zone.
pub(super) fn objections_until(now: Timestamp, zone: &TimeZone) -> Timestamp {
    days_after(now, rule::OBJECTION_DAYS, zone)
}

fn read(row: &mut Row<'_>) -> Result<QualifiedList, db::Error> {
    Ok(QualifiedList {
        id: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        content: Content {
            kind: coded(&row.next::<String>()?, Kind::from_code)?,
            regime: coded(&row.next::<String>()?, Regime::from_code)?,
            title: row.next()?,
            summary: row.next()?,
            category: row.next()?,
            region: row.next()?,
            requirements: row.next::<String>()?.lines().map(str::to_owned).collect(),
            applications_until: row.next()?,
            valid_days: row.next()?,
            most: row.next()?,
        },
        state: coded(&row.next::<String>()?, State::from_code)?,
        applications_closed: row.next()?,
        published_at: row.next()?,
        concluded_at: row.next()?,
        valid_until: row.next()?,
        objections_until: row.next()?,
        ended_at: row.next()?,
        reason: row.next()?,
        copied_of: row.next()?,
        version: row.next()?,
    })
}

impl Holder for QualifiedList {
    const TABLE: &'static str = "qualified_document";
    const COLUMN: &'static str = "list";

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
