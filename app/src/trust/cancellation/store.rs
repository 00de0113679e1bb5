//! Every query about cancellations.

use super::Cancellation;
use crate::identity::account::{Account, alive};
use crate::web::{Erased, Error, Instant, Person};
use evidence::{Hash, Receipt};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, coded};
use kit::event::{self, Event, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::period;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;
use vault::tombstone::Tombstone;

/// Where a cancellation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CancellationState")]
pub enum State {
    /// The time to think runs.
    Waiting,
    /// Taken back by its person.
    Withdrawn,
    /// Stopped when its time came, since something stood against it.
    Stopped,
    /// Carried out.
    Erased,
}

impl State {
    fn from_code(code: &str) -> Option<Self> {
        [
            ("waiting", Self::Waiting),
            ("withdrawn", Self::Withdrawn),
            ("stopped", Self::Stopped),
            ("erased", Self::Erased),
        ]
        .into_iter()
        .find_map(|(known, state)| (known == code).then_some(state))
    }

    /// Glyph and colour of the state.
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("warn", "hourglass"),
            Self::Withdrawn => ("", "x"),
            Self::Stopped => ("bad", "stop"),
            Self::Erased => ("live", "ok"),
        }
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "cancellation-state-waiting",
            Self::Withdrawn => "cancellation-state-withdrawn",
            Self::Stopped => "cancellation-state-stopped",
            Self::Erased => "cancellation-state-erased",
        }
    }
}

/// A cancellation as its person sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Cancellation")]
pub struct Facts {
    /// Its id.
    pub id: Id<Cancellation>,
    /// Where it stands.
    pub state: State,
    /// When it was asked for.
    #[schemars(with = "Instant")]
    pub requested_at: Timestamp,
    /// When the time to think is over.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// When it was taken back, stopped or carried out.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    /// When the keys were destroyed that the law does not have kept.
    #[schemars(with = "Option<Instant>")]
    pub keys_at: Option<Timestamp>,
}

/// A cancellation with whose it is, for the program.
#[derive(Clone, Debug)]
pub struct Whole {
    pub facts: Facts,
    pub account: Id<Account>,
    pub subject: Id<Subject>,
}

/// Somebody asked to be erased.
#[derive(Serialize)]
struct Requested {
    cancellation: Id<Cancellation>,
}
impl Fact for Requested {
    const KIND: &'static str = "cancellation.requested";
}

/// It was taken back.
#[derive(Serialize)]
struct Withdrawn {
    cancellation: Id<Cancellation>,
}
impl Fact for Withdrawn {
    const KIND: &'static str = "cancellation.withdrawn";
}

/// Its time had come and something stood against it.
#[derive(Serialize)]
struct Stopped {
    cancellation: Id<Cancellation>,
}
impl Fact for Stopped {
    const KIND: &'static str = "cancellation.stopped";
}

/// It was carried out.
#[derive(Serialize)]
struct Carried {
    cancellation: Id<Cancellation>,
    account: Id<Account>,
}
impl Fact for Carried {
    const KIND: &'static str = "cancellation.erased";
}

/// Its certificate was signed.
#[derive(Serialize)]
struct Certified {
    cancellation: Id<Cancellation>,
    /// So that the log's commitment to this event is one to the certificate.
    receipt_sha256: Hash,
}
impl Fact for Certified {
    const KIND: &'static str = "cancellation.certified";
}

const COLUMNS: &str = "id, state, requested_at, due_at, ended_at, keys_at, account, subject FROM cancellation";

fn read(row: &mut Row<'_>) -> Result<Whole, db::Error> {
    let id = row.next()?;
    let state = coded(&row.next::<String>()?, State::from_code)?;
    let facts = Facts {
        id,
        state,
        requested_at: row.next()?,
        due_at: row.next()?,
        ended_at: row.next()?,
        keys_at: row.next()?,
    };
    Ok(Whole { facts, account: row.next()?, subject: row.next()? })
}

/// By its id: for the program, and for whoever has the link.
pub fn find(tx: &mut Tx, id: Id<Cancellation>) -> Result<Option<Whole>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

/// An account's newest.
pub fn newest(tx: &mut Tx, account: Id<Account>) -> Result<Option<Facts>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE account = $1 ORDER BY requested_at DESC, id DESC LIMIT 1");
    Ok(tx.first(&sql, values![account], read)?.map(|whole| whole.facts))
}

/// Stores a request; one that waits already is the same request. `bool`: whether it is new.
///
/// # Errors
/// 404 for an id that is another's or was used before.
pub fn request(tx: &mut Tx, account: Id<Account>, id: Id<Cancellation>) -> Result<(Facts, bool), Error> {
    let subject = alive(tx, account)?.ok_or_else(Error::not_found)?;
    let now = tx.now();
    let due = now.checked_add(SignedDuration::from_hours(period::COOLING_OFF.hours())).unwrap_or(now);
    let inserted = tx.execute(
        "INSERT INTO cancellation (id, account, subject, state, requested_at, due_at) \
         VALUES ($1, $2, $3, 'waiting', $4, $5) ON CONFLICT DO NOTHING",
        values![id, account, subject, now, due],
    )?;
    if inserted == 1 {
        event::record(tx, own(subject), &Requested { cancellation: id })?;
    }
    let present = newest(tx, account)?.filter(|facts| facts.state == State::Waiting);
    Ok((present.ok_or_else(Error::not_found)?, inserted == 1))
}

/// Takes back what waits; `None` when nothing does.
pub fn withdraw(tx: &mut Tx, person: &Person) -> Result<Option<Facts>, db::Error> {
    let now = tx.now();
    let sql = "UPDATE cancellation SET state = 'withdrawn', ended_at = $1 WHERE account = $2 AND state = 'waiting' \
               RETURNING id";
    let withdrawn: Option<Id<Cancellation>> = tx.first(sql, values![now, person.account()], |row| row.next())?;
    let Some(cancellation) = withdrawn else { return Ok(None) };
    event::record(tx, own(person.subject()), &Withdrawn { cancellation })?;
    newest(tx, person.account())
}

/// One whose time to think is over becomes what is to be carried out: by one process, once.
pub fn take_up(tx: &mut Tx, id: Id<Cancellation>) -> Result<Option<Whole>, db::Error> {
    let now = tx.now();
    let sql =
        "UPDATE cancellation SET state = 'erased', ended_at = $1 WHERE id = $2 AND state = 'waiting' AND due_at <= $1";
    if tx.execute(sql, values![now, id])? == 0 {
        return Ok(None);
    }
    find(tx, id)
}

/// Stops one that was taken up in this unit: something stands against it.
pub fn stop(tx: &mut Tx, whole: &Whole) -> Result<(), db::Error> {
    let cancellation = whole.facts.id;
    tx.execute("UPDATE cancellation SET state = 'stopped' WHERE id = $1", values![cancellation])?;
    event::record(tx, own(whole.subject), &Stopped { cancellation }).map(drop)
}

/// Notes what was deleted.
pub fn note_erased(tx: &mut Tx, whole: &Whole, erased: &[Erased]) -> Result<(), Error> {
    let text = serde_json::to_string(erased).map_err(Error::fault)?;
    let cancellation = whole.facts.id;
    tx.execute("UPDATE cancellation SET erased = $1 WHERE id = $2", values![text, cancellation])?;
    event::record(tx, own(whole.subject), &Carried { cancellation, account: whole.account })?;
    Ok(())
}

/// The one of a person that was carried out and has no certificate yet, with what was deleted.
pub fn uncertified(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<(Whole, Vec<Erased>)>, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE subject = $1 AND state = 'erased' AND receipt IS NULL");
    let Some(whole) = tx.first(&sql, values![subject], read)? else { return Ok(None) };
    let sql = "SELECT erased FROM cancellation WHERE id = $1";
    let erased: Option<String> = tx.one(sql, values![whole.facts.id], |row| row.next())?;
    let erased = erased.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text)).map_err(Error::fault)?;
    Ok(Some((whole, erased)))
}

/// Notes that the keys are gone, and the certificate of it, with the event that names it by its hash.
pub fn certify(tx: &mut Tx, whole: &Whole, keys_at: Timestamp, receipt: &Receipt) -> Result<(), Error> {
    let (cancellation, event) = (whole.facts.id, tx.id::<Event>());
    let text = serde_json::to_string(receipt).map_err(Error::fault)?;
    let sql = "UPDATE cancellation SET keys_at = $1, receipt = $2, event = $3 WHERE id = $4";
    tx.execute(sql, values![keys_at, text, event, cancellation])?;
    let fact = Certified { cancellation, receipt_sha256: receipt.sha256().map_err(Error::fault)? };
    event::record_many(tx, &[(event, own(whole.subject), &fact)])?;
    Ok(())
}

/// The certificate and its event, once there is one.
pub fn certificate(tx: &mut Tx, id: Id<Cancellation>) -> Result<Option<(Receipt, Id<Event>)>, Error> {
    let sql = "SELECT receipt, event FROM cancellation WHERE id = $1 AND receipt IS NOT NULL";
    let found = tx.first(sql, values![id], |row| Ok((row.next::<String>()?, row.next()?)))?;
    let read = |(text, event): (String, _)| Ok((serde_json::from_str(&text).map_err(Error::fault)?, event));
    found.map(read).transpose()
}

/// What waits in an older back-up of the database was carried out before it was restored.
pub fn overtake(tx: &mut Tx, stone: Tombstone) -> Result<(), db::Error> {
    let sql = "UPDATE cancellation SET state = 'erased', ended_at = $1 WHERE subject = $2 AND state = 'waiting'";
    tx.execute(sql, values![stone.at, stone.subject]).map(drop)
}

/// Whom an event of a person's own concerns.
fn own(subject: Id<Subject>) -> Scope {
    Scope { actor: Some(*subject.as_bytes()), ..Scope::default() }
}
