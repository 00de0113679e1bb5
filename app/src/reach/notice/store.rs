//! Every query over notices. They are public: nobody is asked who they are, and nothing but notices is read.

use super::feed::exactly;
use super::filter::Filter;
use super::row::{Notice, Origin, Published};
use super::source::{Budget, Category, Kind, Moment, Precision, Tax, category};
use crate::reach::region::{self, Region};
use jiff::Timestamp;
use kit::db::{Error, Row, Tx, Value};
use kit::event;
use kit::id::Id;
use kit::values;
use std::collections::BTreeMap;

/// Rows of a page.
pub const PAGE: usize = 20;

/// Most ids that one statement looks up.
const SLOTS: usize = 64;

/// Notices that are there, with the fingerprint of what their source said; ours have none.
pub type Known = BTreeMap<Id<Notice>, Option<[u8; 32]>>;

/// What a list shows of a notice.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its id.
    pub id: Id<Notice>,
    /// What kind of notice it is.
    pub kind: Kind,
    /// The publisher's own word for its kind.
    pub word: String,
    /// Its title.
    pub title: String,
    /// Who buys.
    pub buyer: Option<String>,
    /// The buyer's number of the project.
    pub project_no: Option<String>,
    /// Where.
    pub region: Option<&'static Region>,
    /// What for.
    pub category: &'static Category,
    /// What it may cost.
    pub budget: Option<Budget>,
    /// Whether a program read it in the texts of the notice.
    pub budget_read: bool,
    /// Until when bids are taken.
    pub deadline: Option<Moment>,
    /// Whether a program read it in the texts of the notice.
    pub deadline_read: bool,
    /// When it was published.
    pub published: Moment,
    /// The site that it comes from; none for our own.
    pub source: Option<String>,
}

impl Summary {
    /// What it tells, more exactly than its kind: `clarification`, `candidates`, `failure`, `termination`, or the kind's code.
    pub fn exact(&self) -> &'static str {
        exactly(self.kind, &self.word, &self.title)
    }
}

/// What a notice is called; none where there is none.
///
/// # Errors
/// Of the database.
pub fn titled(tx: &mut Tx, id: Id<Notice>) -> Result<Option<String>, Error> {
    tx.first("SELECT title FROM notice WHERE id = $1", values![id], |row| row.next())
}

/// Makes a notice public, in this unit.
///
/// # Errors
/// Of the database.
pub fn publish(tx: &mut Tx, notice: &Notice) -> Result<(), Error> {
    insert(tx, std::slice::from_ref(notice))
}

/// Makes notices public, with few statements; none of them may be there already.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx, notices: &[Notice]) -> Result<(), Error> {
    let now = tx.now();
    let rows: Vec<_> = notices.iter().map(|notice| columns(notice, now)).collect();
    tx.insert(INSERT, &rows, "")?;
    let facts: Vec<Published> =
        notices.iter().map(|notice| Published { notice: notice.id, kind: notice.kind.code().to_owned() }).collect();
    let events: Vec<_> = notices.iter().zip(&facts).map(|(notice, fact)| (tx.id(), notice.scope(), fact)).collect();
    event::record_many(tx, &events)
}

/// Which of these ids are there.
pub fn known(tx: &mut Tx, ids: &[Id<Notice>]) -> Result<Known, Error> {
    let mut found = Known::new();
    for some in ids.chunks(SLOTS) {
        let sql = format!("SELECT id, fingerprint FROM notice WHERE id IN ({})", slots());
        let pairs =
            tx.all(&sql, &filled(some), |row| Ok((row.next::<Id<Notice>>()?, row.next::<Option<[u8; 32]>>()?)))?;
        found.extend(pairs);
    }
    Ok(found)
}

/// The next rows of the list, the newest first, after the one with this time and id. Each filter has a condition of its
/// own, so that the index that fits can be used; the walk begins where the last day ends.
pub fn page(tx: &mut Tx, filter: &Filter, after: Option<(i64, [u8; 16])>, most: usize) -> Result<Vec<Summary>, Error> {
    let (from, until) = filter.between();
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16])).min((until.unwrap_or(i64::MAX), [0; 16]));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut sql = format!("SELECT {SUMMARY} FROM notice WHERE (published_at, id) < ($1, $2)");
    let mut values = vec![Value::from(at), id.into(), most.into()];
    let mut also = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&format!(" AND {condition} ${}", values.len()));
    };
    if let Some(code) = &filter.region {
        also(if is_province(code) { "province =" } else { "region =" }, code.into());
    }
    if let Some(code) = &filter.category {
        also(if is_group(code) { "category_group =" } else { "category =" }, code.into());
    }
    if let Some(from) = from {
        also("published_at >=", from.into());
    }
    if let Some(least) = filter.budget_from {
        also("budget_currency = 'CNY' AND budget >=", least.into());
    }
    if let Some(most) = filter.budget_until {
        also("budget_currency = 'CNY' AND budget <=", most.into());
    }
    let (due_from, due_until) = filter.due();
    if let Some(from) = due_from {
        also("deadline >=", from.into());
    }
    if let Some(until) = due_until {
        also("deadline <", until.into());
    }
    if !filter.kinds.is_empty() {
        let kinds = (0..Kind::ALL.len()).map(|at| filter.kinds.get(at).or(filter.kinds.last()));
        values.extend(kinds.flatten().map(|kind| Value::from(kind.code())));
        let last = values.len();
        sql.push_str(&format!(" AND kind IN (${}, ${}, ${}, ${}, ${last})", last - 4, last - 3, last - 2, last - 1));
    }
    sql.push_str(" ORDER BY published_at DESC, id DESC LIMIT $3");
    tx.all(&sql, &values, summary)
}

fn is_province(code: &str) -> bool {
    region::by_code(code).is_some_and(|region| region.province().code == code)
}

fn is_group(code: &str) -> bool {
    category::groups().iter().any(|group| group.code == code)
}

/// The rows with these ids, at most 64, in this order; ids without a row are left out.
pub fn of_ids(tx: &mut Tx, ids: &[Id<Notice>]) -> Result<Vec<Summary>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {SUMMARY} FROM notice WHERE id IN ({})", slots());
    let mut found = tx.all(&sql, &filled(&ids[..ids.len().min(SLOTS)]), summary)?;
    found.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(found)
}

/// All notices of a tender, the oldest first.
pub fn of_tender(tx: &mut Tx, tender: [u8; 16]) -> Result<Vec<Summary>, Error> {
    let sql = format!("SELECT {SUMMARY} FROM notice WHERE tender = $1 ORDER BY published_at, id LIMIT 200");
    tx.all(&sql, values![tender], summary)
}

/// All notices of a qualified list, the oldest first.
pub fn of_list(tx: &mut Tx, list: [u8; 16]) -> Result<Vec<Summary>, Error> {
    let sql = format!("SELECT {SUMMARY} FROM notice WHERE qualified_list = $1 ORDER BY published_at, id LIMIT 200");
    tx.all(&sql, values![list], summary)
}

/// A notice.
pub fn find(tx: &mut Tx, id: Id<Notice>) -> Result<Option<Notice>, Error> {
    let sql = format!("SELECT {SUMMARY}, {REST} FROM notice WHERE id = $1");
    tx.first(&sql, values![id], whole)
}

/// How far the publications have come: the last number of one, and how many have none yet. Each further publication
/// changes it, in the snapshot that shows the notice. `None` while too many wait for a number to be counted.
///
/// # Errors
/// Of the database.
pub fn published(tx: &mut Tx) -> Result<Option<[i64; 2]>, Error> {
    let sql = "SELECT COALESCE((SELECT seq FROM event WHERE kind = 'notice.published' AND seq IS NOT NULL \
         ORDER BY seq DESC LIMIT 1), 0), (SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM event \
         WHERE seq IS NULL AND kind = 'notice.published' LIMIT 1000) AS waiting)";
    let [last, waiting] = tx.one(sql, &[], |row| Ok([row.next()?, row.next()?]))?;
    Ok((waiting < 1000).then_some([last, waiting]))
}

/// The publications after an event's number, with the last number that there is.
pub fn published_after(tx: &mut Tx, seq: i64) -> Result<(Vec<(i64, Notice)>, i64), Error> {
    let last = tx.one("SELECT last FROM sequencer WHERE id = 1", &[], |row| row.next())?;
    let bodies: Vec<(i64, String)> = tx.all(
        "SELECT seq, body FROM event WHERE kind = 'notice.published' AND seq > $1 ORDER BY seq LIMIT 1000",
        values![seq],
        |row| Ok((row.next()?, row.next()?)),
    )?;
    let mut found = Vec::with_capacity(bodies.len());
    for (seq, body) in bodies {
        let fact: Published = serde_json::from_str(&body).map_err(|error| Error::Engine(error.to_string()))?;
        found.extend(find(tx, fact.notice)?.map(|notice| (seq, notice)));
    }
    Ok((found, last))
}

const INSERT: &str = "INSERT INTO notice (id, kind, word, title, buyer, agent, project_no, province, region, \
     category_group, category, content, qualification, performance, budget, budget_currency, budget_tax, \
     budget_range, budget_read, budget_words, deadline, deadline_date_only, deadline_range, deadline_read, deadline_words, sale_from, \
     sale_until, sale_words, winner, award, published_at, published_date_only, company, tender, source, source_id, url, \
     fingerprint, created_at, qualified_list)";

pub(super) const SUMMARY: &str = "id, kind, word, title, buyer, project_no, region, category, budget, budget_currency, \
     budget_tax, budget_range, budget_read, deadline, deadline_date_only, deadline_range, deadline_read, published_at, \
     published_date_only, source";

const REST: &str = "agent, content, qualification, performance, budget_words, deadline_words, sale_from, sale_until, \
     sale_words, winner, award, company, tender, source_id, url, fingerprint, qualified_list";

fn columns(notice: &Notice, now: Timestamp) -> Vec<Value> {
    let list = match &notice.origin {
        Origin::List { list, .. } => Some(*list),
        Origin::Own { .. } | Origin::External { .. } => None,
    };
    let (company, tender, source, source_id, url, fingerprint) = match &notice.origin {
        Origin::Own { company, tender } => (Some(*company), Some(*tender), None, None, None, None),
        Origin::List { company, .. } => (Some(*company), None, None, None, None, None),
        Origin::External { source, source_id, url, fingerprint } => {
            (None, None, Some(source), Some(source_id), url.as_ref(), Some(*fingerprint))
        }
    };
    let (budget, deadline) = (notice.budget, notice.deadline);
    vec![
        notice.id.into(),
        notice.kind.code().into(),
        (&notice.word).into(),
        (&notice.title).into(),
        notice.buyer.as_ref().into(),
        notice.agent.as_ref().into(),
        notice.project_no.as_ref().into(),
        notice.region.map(|region| region.province().code).into(),
        notice.region.map(|region| region.code).into(),
        notice.category.group().into(),
        notice.category.code.as_str().into(),
        notice.content.as_ref().into(),
        notice.qualification.as_ref().into(),
        notice.performance.as_ref().into(),
        budget.map(|budget| budget.minor).into(),
        budget.map(|budget| budget.currency).into(),
        budget.map(|budget| budget.tax.code()).into(),
        budget.map(|budget| budget.range).into(),
        budget.map(|_| notice.budget_read).into(),
        notice.budget_words.as_ref().into(),
        deadline.map(|deadline| deadline.at).into(),
        deadline.map(|deadline| deadline.precision == Precision::DateOnly).into(),
        deadline.map(|deadline| deadline.range).into(),
        deadline.map(|_| notice.deadline_read).into(),
        notice.deadline_words.as_ref().into(),
        notice.sale_from.into(),
        notice.sale_until.into(),
        notice.sale_words.as_ref().into(),
        notice.winner.as_ref().into(),
        notice.award.into(),
        notice.published.at.into(),
        (notice.published.precision == Precision::DateOnly).into(),
        company.into(),
        tender.into(),
        source.into(),
        source_id.into(),
        url.into(),
        fingerprint.into(),
        now.into(),
        list.into(),
    ]
}

pub(super) fn summary(row: &mut Row<'_>) -> Result<Summary, Error> {
    Ok(Summary {
        id: row.next()?,
        kind: Kind::of(&row.next::<String>()?).unwrap_or(Kind::Other),
        word: row.next()?,
        title: row.next()?,
        buyer: row.next()?,
        project_no: row.next()?,
        region: row.next::<Option<String>>()?.and_then(|code| region::by_code(&code)),
        category: category::by_code(&row.next::<String>()?).unwrap_or(category::other()),
        budget: budget(row)?,
        budget_read: row.next::<Option<bool>>()?.unwrap_or(false),
        deadline: moment(row)?,
        deadline_read: row.next::<Option<bool>>()?.unwrap_or(false),
        published: Moment { at: row.next()?, precision: precision(row.next()?), range: false },
        source: row.next()?,
    })
}

fn whole(row: &mut Row<'_>) -> Result<Notice, Error> {
    let summary = summary(row)?;
    let mut notice = Notice {
        buyer: summary.buyer,
        project_no: summary.project_no,
        region: summary.region,
        category: summary.category,
        budget: summary.budget,
        budget_read: summary.budget_read,
        deadline: summary.deadline,
        deadline_read: summary.deadline_read,
        published: summary.published,
        agent: row.next()?,
        content: row.next()?,
        qualification: row.next()?,
        performance: row.next()?,
        budget_words: row.next()?,
        deadline_words: row.next()?,
        sale_from: row.next()?,
        sale_until: row.next()?,
        sale_words: row.next()?,
        winner: row.next()?,
        award: row.next()?,
        ..Notice::own(
            summary.id,
            summary.kind,
            &summary.word,
            &summary.title,
            summary.published.at,
            Origin::Own { company: [0; 16], tender: [0; 16] },
        )
    };
    let (company, tender) = (row.next::<Option<[u8; 16]>>()?, row.next::<Option<[u8; 16]>>()?);
    let (source_id, url, fingerprint) = (row.next()?, row.next()?, row.next::<Option<[u8; 32]>>()?);
    let list = row.next::<Option<[u8; 16]>>()?;
    notice.origin = match (company, tender.or(list), summary.source, source_id, url, fingerprint) {
        (Some(company), Some(tender), ..) if list.is_none() => Origin::Own { company, tender },
        (Some(company), Some(list), ..) => Origin::List { company, list },
        (_, _, Some(source), Some(source_id), url, Some(fingerprint)) => {
            Origin::External { source, source_id, url, fingerprint }
        }
        _ => return Err(Error::Engine(format!("notice {} has no origin", notice.id))),
    };
    Ok(notice)
}

fn budget(row: &mut Row<'_>) -> Result<Option<Budget>, Error> {
    let (minor, currency) = (row.next::<Option<i64>>()?, row.next::<Option<String>>()?);
    let (tax, range) = (row.next::<Option<String>>()?, row.next::<Option<bool>>()?);
    let currency = currency.and_then(|code| Budget::CURRENCIES.into_iter().find(|known| *known == code));
    Ok(minor.zip(currency).map(|(minor, currency)| Budget {
        minor,
        currency,
        tax: tax.map_or(Tax::Unstated, |code| Tax::of(&code)),
        range: range.unwrap_or(false),
    }))
}

fn moment(row: &mut Row<'_>) -> Result<Option<Moment>, Error> {
    let (at, date_only, range) =
        (row.next::<Option<Timestamp>>()?, row.next::<Option<bool>>()?, row.next::<Option<bool>>()?);
    let moment = |at| Moment { at, precision: precision(date_only.unwrap_or(false)), range: range.unwrap_or(false) };
    Ok(at.map(moment))
}

fn precision(date_only: bool) -> Precision {
    if date_only { Precision::DateOnly } else { Precision::Time }
}

pub(super) fn slots() -> String {
    (1..=SLOTS).map(|slot| format!("${slot}")).collect::<Vec<_>>().join(", ")
}

/// So many ids as there are slots; the last one repeats.
pub(super) fn filled(ids: &[Id<Notice>]) -> Vec<Value> {
    let last = ids.len().saturating_sub(1);
    (0..SLOTS).filter_map(|slot| ids.get(slot.min(last))).map(|id| Value::from(*id)).collect()
}
