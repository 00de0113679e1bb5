//! Threads: two companies and a matter.

use super::Thread;
use super::matter::Matter;
use crate::identity::company::Company;
use crate::sourcing::tender::{self, Tender};
use crate::web::{Error, Member};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::{Deserialize, Serialize};

/// Rows of a page.
pub const PAGE: usize = 30;

/// Two companies have a thread.
#[derive(Serialize, Deserialize)]
pub struct Opened {
    /// Which.
    pub thread: Id<Thread>,
    /// The two.
    pub companies: [Id<Company>; 2],
    /// Whether an award opened it, and no request.
    pub by_award: bool,
}

impl Fact for Opened {
    const KIND: &'static str = "thread.opened";
}

/// A thread as one of its companies has it.
#[derive(Clone, Debug)]
pub struct Side {
    pub thread: Id<Thread>,
    pub company: Id<Company>,
    pub other: Id<Company>,
    pub other_name: String,
    pub matter: Matter,
    /// The title of the tender that it is about.
    pub title: Option<String>,
    /// When something was last said.
    pub at: Timestamp,
    pub closed: Option<(Timestamp, String)>,
    /// Of the company's own postal address: sealed, and since when it is shared.
    pub address: Option<(Vec<u8>, Timestamp)>,
}

const COLUMNS: &str = "s.thread, s.company, s.other, c.name, t.matter, t.tender, n.title, s.at, t.closed_at, \
     t.closed_why, s.address, s.address_at FROM thread_side s JOIN thread t ON t.id = s.thread \
     JOIN company c ON c.id = s.other LEFT JOIN tender n ON n.id = t.tender";

fn read(row: &mut Row<'_>) -> Result<Side, db::Error> {
    let (thread, company, other) = (row.next()?, row.next()?, row.next()?);
    let (other_name, code, tender) = (row.next()?, row.next::<String>()?, row.next::<Option<Id<Tender>>>()?);
    let (title, at) = (row.next()?, row.next()?);
    let closed = row.next::<Option<Timestamp>>()?.zip(row.next::<Option<String>>()?);
    let address = row.next::<Option<Vec<u8>>>()?.zip(row.next::<Option<Timestamp>>()?);
    let matter = Matter::read(&code, tender).ok_or(db::Error::Missing)?;
    Ok(Side { thread, company, other, other_name, matter, title, at, closed, address })
}

impl Side {
    /// Refuses what needs a thread that goes on.
    ///
    /// # Errors
    /// 409 `thread-closed`.
    pub fn goes_on(&self) -> Result<(), Error> {
        if self.closed.is_some() { Err(Error::conflict("thread-closed")) } else { Ok(()) }
    }
}

/// A thread of the member's company.
///
/// # Errors
/// 404 for anybody else's.
pub fn find(tx: &mut Tx, member: &Member, id: Id<Thread>) -> Result<Side, Error> {
    let own = format!("SELECT {COLUMNS} WHERE s.thread = $1 AND s.company = $2");
    let found = tx.first(&own, values![id, member.company], read)?;
    if found.is_none() && !policy::holds(Control::ThreadOfTwo) {
        let any = format!("SELECT {COLUMNS} WHERE s.thread = $1 ORDER BY s.company LIMIT 1");
        return tx.first(&any, values![id], read)?.ok_or_else(Error::not_found);
    }
    found.ok_or_else(Error::not_found)
}

/// The threads of a member's company, the liveliest first, after the one with this time and id; one more than [`PAGE`] when there
/// are more.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, member: &Member, after: Option<(i64, [u8; 16])>) -> Result<Vec<Side>, db::Error> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16]));
    let sql = format!(
        "SELECT {COLUMNS} WHERE s.company = $1 AND (s.at, s.thread) < ($2, $3) ORDER BY s.at DESC, s.thread DESC LIMIT $4"
    );
    tx.all(&sql, values![member.company, at, id, PAGE as i64 + 1], read)
}

/// The thread of a topic, if there is one.
///
/// # Errors
/// [`db::Error`].
pub fn of_topic(tx: &mut Tx, topic: &[u8]) -> Result<Option<Id<Thread>>, db::Error> {
    tx.first("SELECT id FROM thread WHERE topic = $1", values![topic.to_vec()], |row| row.next())
}

/// Opens one, unless the two have one on this matter. Answers which.
///
/// # Errors
/// [`db::Error`].
pub fn open(
    tx: &mut Tx,
    scope: Scope,
    companies: [Id<Company>; 2],
    matter: Matter,
    by_award: bool,
) -> Result<Id<Thread>, db::Error> {
    let [one, other] = companies;
    let (topic, now) = (matter.topic(one, other), tx.now());
    if let Some(known) = of_topic(tx, &topic)? {
        return Ok(known);
    }
    let id: Id<Thread> = tx.id();
    tx.execute(
        "INSERT INTO thread (id, topic, matter, tender, messages, opened_at) VALUES ($1, $2, $3, $4, 0, $5)",
        values![id, topic, matter.code(), matter.tender(), now],
    )?;
    for (company, other) in [(one, other), (other, one)] {
        let sql = "INSERT INTO thread_side (thread, company, other, at) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, values![id, company, other, now])?;
    }
    event::record(tx, scope, &Opened { thread: id, companies, by_award })?;
    Ok(id)
}

/// Titles of the tenders of a company that run: what is asked about them is asked in public.
///
/// # Errors
/// [`db::Error`].
pub fn running(tx: &mut Tx, company: Id<Company>) -> Result<Vec<(Id<Tender>, String)>, db::Error> {
    let running = tender::store::running_of(tx, company)?.into_iter();
    Ok(running.map(|tender| (tender.id, tender.title)).take(5).collect())
}
