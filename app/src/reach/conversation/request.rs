//! Contact requests: asked, answered, taken back, or over after a fortnight without an answer.

use super::block;
use super::form::Wanted;
use super::matter::Matter;
use super::thread::{self, PAGE};
use super::{ContactRequest, Thread, rule};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::tender::Tender;
use crate::web::{Actor, Correspondent, Error, Level, Member, Task, Who};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long the other side may take.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Something happened to a request. Ids and codes only.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub request: Id<ContactRequest>,
    /// asked, accepted, declined, withdrawn, expired.
    pub act: String,
    /// Who asked.
    pub asker: Id<Company>,
    /// Who was asked.
    pub asked: Id<Company>,
}

impl Fact for Changed {
    const KIND: &'static str = "contact-request.changed";
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ContactRequestState")]
pub enum State {
    /// It waits for an answer.
    Open,
    /// The two have a thread.
    Accepted,
    /// The other side does not want to.
    Declined,
    /// Nobody has answered for a fortnight.
    Expired,
    /// The asker has taken it back.
    Withdrawn,
}

impl State {
    const ALL: [Self; 5] = [Self::Open, Self::Accepted, Self::Declined, Self::Expired, Self::Withdrawn];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Open => ("warn", "hourglass", "conversation-state-open"),
            Self::Accepted => ("live", "ok", "conversation-state-accepted"),
            Self::Declined => ("bad", "x", "conversation-state-declined"),
            Self::Expired => ("", "clock", "conversation-state-expired"),
            Self::Withdrawn => ("", "back", "conversation-state-withdrawn"),
        }
    }
}

/// A request as it lies.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<ContactRequest>,
    pub asker: Id<Company>,
    pub asker_name: String,
    pub asked: Id<Company>,
    pub asked_name: String,
    pub matter: Matter,
    pub title: Option<String>,
    pub body: Vec<u8>,
    pub state: State,
    pub reason: Option<Vec<u8>>,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    /// The thread of the two on this matter.
    pub thread: Option<Id<Thread>>,
}

const COLUMNS: &str = "r.id, r.asker, a.name, r.asked, b.name, r.matter, r.tender, n.title, r.body, r.state, r.reason, \
     r.made_at, r.expires_at, r.decided_at, t.id FROM contact_request r JOIN company a ON a.id = r.asker \
     JOIN company b ON b.id = r.asked LEFT JOIN tender n ON n.id = r.tender LEFT JOIN thread t ON t.topic = r.topic";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, asker, asker_name) = (row.next()?, row.next()?, row.next()?);
    let (asked, asked_name) = (row.next()?, row.next()?);
    let (code, tender) = (row.next::<String>()?, row.next::<Option<Id<Tender>>>()?);
    let (title, body, state, reason) = (row.next()?, row.next()?, row.next::<String>()?, row.next()?);
    let state = State::ALL.into_iter().find(|one| one.code() == state).ok_or(db::Error::Missing)?;
    let (made_at, expires_at, decided_at, thread) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let matter = Matter::read(&code, tender).ok_or(db::Error::Missing)?;
    Ok(Kept {
        id,
        asker,
        asker_name,
        asked,
        asked_name,
        matter,
        title,
        body,
        state,
        reason,
        made_at,
        expires_at,
        decided_at,
        thread,
    })
}

impl Kept {
    fn is_open(&self, now: Timestamp) -> bool {
        self.state == State::Open && self.expires_at > now
    }

    fn record(&self, tx: &mut Tx, scope: Scope, act: &str) -> Result<(), db::Error> {
        let changed = Changed { request: self.id, act: act.to_owned(), asker: self.asker, asked: self.asked };
        event::record(tx, scope, &changed).map(drop)
    }
}

/// A request that the member's company has made or was sent.
///
/// # Errors
/// 404 for anybody else's.
pub fn find(tx: &mut Tx, member: &Member, id: Id<ContactRequest>) -> Result<Kept, Error> {
    let found = tx.first(&format!("SELECT {COLUMNS} WHERE r.id = $1"), values![id], read)?;
    let is_own = |one: &Kept| [one.asker, one.asked].contains(&member.company) || !policy::holds(Control::ThreadOfTwo);
    found.filter(is_own).ok_or_else(Error::not_found)
}

/// Those of the member's company, both ways, the newest first, after the one with this time and id.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, member: &Member, after: Option<(i64, [u8; 16])>) -> Result<Vec<Kept>, db::Error> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16]));
    let mut all = Vec::new();
    for side in ["r.asker", "r.asked"] {
        let sql = format!(
            "SELECT {COLUMNS} WHERE {side} = $1 AND (r.made_at, r.id) < ($2, $3) \
             ORDER BY r.made_at DESC, r.id DESC LIMIT $4"
        );
        all.extend(tx.all(&sql, values![member.company, at, id, PAGE as i64 + 1], read)?);
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.made_at, *one.id.as_bytes())));
    all.truncate(PAGE + 1);
    Ok(all)
}

/// Asks. The same id again is the same request.
///
/// # Errors
/// 404; 409 as [`rule`] says, `request-open`, `thread-exists`.
pub fn ask(tx: &mut Tx, member: &Correspondent, wanted: &Wanted, body: &[u8]) -> Result<Kept, Error> {
    member.still(tx)?;
    if is_known(tx, wanted.id)? {
        let same = find(tx, member, wanted.id)?;
        let is_same = same.asker == member.company && same.asked == wanted.company;
        return if is_same { Ok(same) } else { Err(Error::not_found()) };
    }
    let asked = rule::asked(tx, member, wanted.company)?;
    rule::matter(tx, member, &asked, wanted.matter)?;
    rule::write(tx, member.company, asked.id, wanted.matter)?;
    let topic = wanted.matter.topic(member.company, asked.id);
    if thread::of_topic(tx, &topic)?.is_some() {
        return Err(Error::conflict("thread-exists"));
    }
    let now = tx.now();
    let expires_at = now.checked_add(PATIENCE).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO contact_request (id, asker, asked, matter, tender, topic, live, body, state, made_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7, 'open', $8, $9) ON CONFLICT DO NOTHING",
        values![
            wanted.id,
            member.company,
            asked.id,
            wanted.matter.code(),
            wanted.matter.tender(),
            topic,
            body.to_vec(),
            now,
            expires_at
        ],
    )?;
    if made == 0 {
        return Err(Error::conflict("request-open"));
    }
    let kept = find(tx, member, wanted.id)?;
    kept.record(tx, member.scope(), "asked")?;
    Ok(kept)
}

fn is_known(tx: &mut Tx, id: Id<ContactRequest>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM contact_request WHERE id = $1";
    Ok(tx.first(sql, values![id], |row| row.next::<i64>())?.is_some())
}

/// The company that was asked accepts: the two have a thread. Done twice it is done once.
///
/// # Errors
/// 404; 409 `request-over`, or as [`rule::write`].
pub fn accept(tx: &mut Tx, member: &Correspondent, id: Id<ContactRequest>) -> Result<Id<Thread>, Error> {
    let kept = received(tx, member, id)?;
    if let (true, Some(thread)) = (kept.state == State::Accepted, kept.thread) {
        return Ok(thread);
    }
    rule::write(tx, kept.asked, kept.asker, kept.matter)?;
    end(tx, member, &kept, State::Accepted, None)?;
    Ok(thread::open(tx, member.scope(), [kept.asker, kept.asked], kept.matter, false)?)
}

/// The company that was asked declines, and may block the asker. Done twice it is done once.
///
/// # Errors
/// 404; 409 `request-over`.
pub fn decline(
    tx: &mut Tx,
    member: &Correspondent,
    id: Id<ContactRequest>,
    reason: Option<&Vec<u8>>,
    blocks: bool,
) -> Result<Kept, Error> {
    let kept = received(tx, member, id)?;
    if kept.state != State::Declined {
        end(tx, member, &kept, State::Declined, reason)?;
    }
    if blocks {
        block::set(tx, member, kept.asker)?;
    }
    find(tx, member, id)
}

/// The asker takes it back. Done twice it is done once.
///
/// # Errors
/// 404; 409 `request-over`.
pub fn withdraw(tx: &mut Tx, member: &Correspondent, id: Id<ContactRequest>) -> Result<Kept, Error> {
    member.still(tx)?;
    let kept = find(tx, member, id)?;
    if kept.asker != member.company {
        return Err(Error::not_found());
    }
    if kept.state != State::Withdrawn {
        end(tx, member, &kept, State::Withdrawn, None)?;
    }
    find(tx, member, id)
}

fn received(tx: &mut Tx, member: &Correspondent, id: Id<ContactRequest>) -> Result<Kept, Error> {
    member.still(tx)?;
    let kept = find(tx, member, id)?;
    if kept.asked == member.company { Ok(kept) } else { Err(Error::not_found()) }
}

fn end(tx: &mut Tx, member: &Correspondent, kept: &Kept, state: State, reason: Option<&Vec<u8>>) -> Result<(), Error> {
    let now = tx.now();
    if !kept.is_open(now) {
        return Err(Error::conflict("request-over"));
    }
    let sql = "UPDATE contact_request SET state = $1, reason = $2, decided_at = $3, live = NULL \
         WHERE id = $4 AND state = 'open'";
    if tx.execute(sql, values![state.code(), reason.cloned(), now, kept.id])? == 0 {
        return Err(Error::conflict("request-over"));
    }
    Ok(kept.record(tx, member.scope(), state.code())?)
}

/// Ends, at most 50 at a time, what nobody has answered: both sides are told by what follows the event.
pub fn sweep(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let late = app.db().read::<_, db::Error>(late).await?;
        if late.is_empty() {
            return Ok(0);
        }
        app.db().write::<_, Error>(move |tx| expire(tx, &late)).await
    }
    .boxed()
}

fn late(tx: &mut Tx) -> Result<Vec<Id<ContactRequest>>, db::Error> {
    let now = tx.now();
    let sql =
        "SELECT id FROM contact_request WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at, id LIMIT 50";
    tx.all(sql, values![now], |row| row.next())
}

fn expire(tx: &mut Tx, late: &[Id<ContactRequest>]) -> Result<usize, Error> {
    for id in late {
        let sql = "UPDATE contact_request SET state = 'expired', decided_at = expires_at, live = NULL \
             WHERE id = $1 AND state = 'open'";
        if tx.execute(sql, values![*id])? == 1 {
            let kept = tx.one(&format!("SELECT {COLUMNS} WHERE r.id = $1"), values![*id], read)?;
            kept.record(tx, Scope::default(), "expired")?;
        }
    }
    Ok(late.len())
}

/// Ends what is open of a company that closes.
///
/// # Errors
/// [`db::Error`].
pub fn closed(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE contact_request SET state = CASE WHEN asker = $1 THEN 'withdrawn' ELSE 'declined' END, \
         decided_at = $2, live = NULL WHERE state = 'open' AND (asker = $1 OR asked = $1)";
    tx.execute(sql, values![company, now]).map(drop)
}

/// On the desk: requests that wait for an answer.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let member = actor.member().filter(|member| member.level() >= Level::Overdue);
    let Some(member) = member.filter(|_| Who::Correspondent.admits(actor).is_ok()) else { return Ok(Vec::new()) };
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} WHERE r.asked = $1 AND r.state = 'open' AND r.expires_at > $2 \
         ORDER BY r.expires_at, r.id LIMIT 20"
    );
    let open = tx.all(&sql, values![member.company, now], read)?;
    let task = |kept: Kept| Task {
        what: "conversation-waiting",
        args: vec![("company", kept.asker_name.into())],
        path: format!("/contact-requests/{}", kept.id),
        due: Some(kept.expires_at),
        glyph: "mail",
        act: "conversation-waiting-act",
    };
    Ok(open.into_iter().map(task).collect())
}
