//! Every query of closings.

use super::Closing;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::{Error, Instant, Owner};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::period;
use schemars::JsonSchema;
use serde::Serialize;

/// What a closed company is called once its name is gone.
const NAMELESS: &str = "已注销 · closed";

/// Where a closing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ClosingState")]
pub enum State {
    /// The time to think runs.
    Waiting,
    /// An owner has taken it back.
    Withdrawn,
    /// Something stood against it when its time came.
    Stopped,
    /// The company is closed.
    Closed,
}

impl State {
    fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
            Self::Closed => "closed",
        }
    }

    fn of_code(code: &str) -> Self {
        let all = [Self::Waiting, Self::Withdrawn, Self::Stopped];
        all.into_iter().find(|state| state.code() == code).unwrap_or(Self::Closed)
    }
}

/// What happened. Ids and codes only.
#[derive(Serialize)]
struct Changed {
    company: Id<Company>,
    closing: Option<Id<Closing>>,
    state: State,
}

impl Fact for Changed {
    const KIND: &'static str = "company.closing";
}

/// A closing as the company's owners see it.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "CompanyClosing")]
pub struct Facts {
    pub id: Id<Closing>,
    pub state: State,
    #[schemars(with = "Instant")]
    pub requested_at: Timestamp,
    /// When the time to think is over.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// When it was taken back, stopped or carried out.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    #[serde(skip)]
    pub company: Id<Company>,
}

const COLUMNS: &str = "SELECT id, state, requested_at, due_at, ended_at, company FROM closing";

fn read(row: &mut Row<'_>) -> Result<Facts, db::Error> {
    Ok(Facts {
        id: row.next()?,
        state: State::of_code(&row.next::<String>()?),
        requested_at: row.next()?,
        due_at: row.next()?,
        ended_at: row.next()?,
        company: row.next()?,
    })
}

/// The newest of a company.
///
/// # Errors
/// [`db::Error`].
pub fn newest(tx: &mut Tx, company: Id<Company>) -> Result<Option<Facts>, db::Error> {
    let sql = format!("{COLUMNS} WHERE company = $1 ORDER BY requested_at DESC, id DESC LIMIT 1");
    tx.first(&sql, values![company], read)
}

/// One by its id.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Closing>) -> Result<Option<Facts>, db::Error> {
    tx.first(&format!("{COLUMNS} WHERE id = $1"), values![id], read)
}

/// Begins the time to think; while one waits it is that one. Also answers whether it is new.
///
/// # Errors
/// 404 for an id that was used before.
pub fn request(tx: &mut Tx, owner: &Owner, id: Id<Closing>) -> Result<(Facts, bool), Error> {
    if let Some(waiting) = newest(tx, owner.company)?.filter(|facts| facts.state == State::Waiting) {
        return Ok((waiting, false));
    }
    let now = tx.now();
    let due = now.checked_add(SignedDuration::from_hours(period::COOLING_OFF.hours())).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO closing (id, company, account, state, requested_at, due_at) VALUES ($1, $2, $3, 'waiting', $4, $5) \
         ON CONFLICT (id) DO NOTHING",
        values![id, owner.company, owner.account(), now, due],
    )?;
    if made == 0 {
        return Err(Error::not_found());
    }
    tell(tx, owner.scope(), Some(id), owner.company, State::Waiting)?;
    Ok((find(tx, id)?.ok_or_else(Error::not_found)?, true))
}

/// Ends one that waits; `false`: it does not.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, facts: &Facts, state: State, scope: Scope) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE closing SET state = $1, ended_at = $2 WHERE id = $3 AND state = 'waiting'";
    if tx.execute(sql, values![state.code(), now, facts.id])? == 0 {
        return Ok(false);
    }
    tell(tx, scope, Some(facts.id), facts.company, state)?;
    Ok(true)
}

/// Notes that a company closed for whom nobody acted any more.
///
/// # Errors
/// [`db::Error`].
pub fn note_alone(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    tell(tx, of(company), None, company, State::Closed)
}

fn tell(
    tx: &mut Tx,
    scope: Scope,
    closing: Option<Id<Closing>>,
    company: Id<Company>,
    state: State,
) -> Result<(), db::Error> {
    event::record(tx, scope, &Changed { company, closing, state }).map(drop)
}

/// Whom an event of the program's own about a company concerns.
pub fn of(company: Id<Company>) -> Scope {
    Scope { company: Some(*company.as_bytes()), ..Scope::default() }
}

/// The accounts that act for a company, and its name.
///
/// # Errors
/// [`db::Error`].
pub fn people(tx: &mut Tx, company: Id<Company>) -> Result<(Vec<Id<Account>>, String), db::Error> {
    let sql = "SELECT id FROM account WHERE company = $1 AND ended_at IS NULL ORDER BY id";
    let all = tx.all(sql, values![company], |row| row.next())?;
    let name = tx.one("SELECT name FROM company WHERE id = $1", values![company], |row| row.next())?;
    Ok((all, name))
}

/// Marks a company as closed and frees its credit code.
///
/// # Errors
/// [`db::Error`].
pub fn close(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let (now, place) = (tx.now(), format!("closed:{company}"));
    let sql = "UPDATE company SET closed_at = $1, former_code = credit_code, credit_code = $2, reason = NULL, \
               version = version + 1 WHERE id = $3 AND closed_at IS NULL";
    tx.execute(sql, values![now, place, company]).map(drop)
}

/// Companies, at most 100, whose name has been kept for long enough.
///
/// # Errors
/// [`db::Error`].
pub fn outlived(tx: &mut Tx) -> Result<Vec<Id<Company>>, db::Error> {
    let kept = SignedDuration::from_hours(period::CLOSED_COMPANY.hours());
    let before = tx.now().checked_sub(kept).unwrap_or(tx.now());
    let sql =
        "SELECT id FROM company WHERE closed_at < $1 AND former_code IS NOT NULL ORDER BY closed_at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

/// Name and credit code go; the row stays with its id, since tenders and awards name it.
///
/// # Errors
/// [`db::Error`].
pub fn forget_name(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let sql = "UPDATE company SET name = $1, former_code = NULL, version = version + 1 WHERE id = $2";
    tx.execute(sql, values![NAMELESS, company]).map(drop)
}
