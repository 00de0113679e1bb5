//! Every query of companies.

use super::part::identity::Identity;
use super::{Application, Company, State};
use crate::web::{Instant, Member, Operator};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::identifier::Uscc;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many a page lists.
pub const PAGE: usize = 50;

/// A company as its own people and the operator see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Company")]
pub struct Facts {
    /// Its id.
    pub id: Id<Company>,
    /// The registered name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Publishes demands and tenders.
    pub buyer: bool,
    /// Offers and bids.
    pub provider: bool,
    /// Whether it is approved.
    pub state: State,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When the operator decided.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
    /// When it registered.
    #[schemars(with = "Instant")]
    pub created_at: Timestamp,
    /// For forms: which version was seen.
    pub version: i64,
}

const COLUMNS: &str = "id, name, credit_code, buyer, provider, state, reason, decided_at, created_at, version";

fn facts(row: &mut Row<'_>) -> Result<Facts, db::Error> {
    Ok(Facts {
        id: row.next()?,
        name: row.next()?,
        credit_code: row.next()?,
        buyer: row.next()?,
        provider: row.next()?,
        state: State::from_code(&row.next::<String>()?),
        reason: row.next()?,
        decided_at: row.next()?,
        created_at: row.next()?,
        version: row.next()?,
    })
}

/// Whether a company with this code is registered, in whatever state.
///
/// # Errors
/// [`db::Error`].
pub fn is_known(tx: &mut Tx, code: &Uscc) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM company WHERE credit_code = $1";
    Ok(tx.first(sql, values![code.as_str()], |row| row.next::<i64>())?.is_some())
}

/// Makes a company that waits for the operator. `false`: its credit code is taken.
///
/// # Errors
/// [`db::Error`].
pub fn create(tx: &mut Tx, id: Id<Company>, wanted: &Application) -> Result<bool, db::Error> {
    let now = tx.now();
    let made = tx.execute(
        "INSERT INTO company (id, name, credit_code, buyer, provider, state, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, 'pending', $6, 1) ON CONFLICT (credit_code) DO NOTHING",
        values![id, &wanted.name, wanted.credit_code.as_str(), wanted.buyer, wanted.provider, now],
    )?;
    Ok(made == 1)
}

/// Whether a company is closed.
///
/// # Errors
/// [`db::Error`].
pub fn is_closed(tx: &mut Tx, id: Id<Company>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM company WHERE id = $1 AND closed_at IS NOT NULL";
    Ok(tx.first(sql, values![id], |row| row.next::<i64>())?.is_some())
}

/// How a company stands.
///
/// # Errors
/// [`db::Error`].
pub fn state_of(tx: &mut Tx, id: Id<Company>) -> Result<State, db::Error> {
    tx.one("SELECT state FROM company WHERE id = $1", values![id], |row| Ok(State::from_code(&row.next::<String>()?)))
}

/// How many wait for the operator.
///
/// # Errors
/// [`db::Error`].
pub fn pending(tx: &mut Tx, _: &Operator) -> Result<i64, db::Error> {
    tx.one("SELECT count(*) FROM company WHERE state = 'pending' AND closed_at IS NULL", &[], |row| row.next())
}

/// How many are in a state and have not closed.
///
/// # Errors
/// [`db::Error`].
pub fn count(tx: &mut Tx, state: State) -> Result<i64, db::Error> {
    let sql = "SELECT count(*) FROM company WHERE state = $1 AND closed_at IS NULL";
    tx.one(sql, values![state.code()], |row| row.next())
}

/// A member's own company.
pub fn own(tx: &mut Tx, member: &Member) -> Result<Facts, db::Error> {
    tx.one(&format!("SELECT {COLUMNS} FROM company WHERE id = $1"), values![member.company], facts)
}

/// Any company, for the operator.
pub fn find(tx: &mut Tx, _: &Operator, id: Id<Company>) -> Result<Option<Facts>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} FROM company WHERE id = $1"), values![id], facts)
}

/// The companies in a state, the longest waiting first; one more than a page when there are more.
pub fn list(tx: &mut Tx, _: &Operator, state: State, after: (i64, [u8; 16])) -> Result<Vec<Facts>, db::Error> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM company WHERE state = $1 AND closed_at IS NULL AND (created_at > $2 OR (created_at = $2 AND id > $3)) \
             ORDER BY created_at, id LIMIT $4"
        ),
        values![state.code(), after.0, after.1, PAGE as i64 + 1],
        facts,
    )
}

/// Another company has this code.
pub fn is_taken(tx: &mut Tx, member: &Member, code: &Uscc) -> Result<bool, db::Error> {
    is_another(tx, member.company, code.as_str())
}

/// A company other than this one has this code.
pub fn is_another(tx: &mut Tx, company: Id<Company>, code: &str) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM company WHERE credit_code = $1 AND id <> $2";
    Ok(tx.first(sql, values![code, company], |row| row.next::<i64>())?.is_some())
}

/// A company's row, for the unit of an act whose right was checked.
pub fn row(tx: &mut Tx, id: Id<Company>) -> Result<Option<Facts>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} FROM company WHERE id = $1"), values![id], facts)
}

/// The platform knows a company by this from now on.
pub fn rename(tx: &mut Tx, id: Id<Company>, known: &Identity) -> Result<(), db::Error> {
    tx.execute(
        "UPDATE company SET name = $1, credit_code = $2, buyer = $3, provider = $4, version = version + 1 WHERE id = $5",
        values![&known.name, &known.credit_code, known.buyer, known.provider, id],
    )
    .map(drop)
}

/// A refused company is corrected and waits again. `false`: it was not refused.
pub fn apply_again(tx: &mut Tx, member: &Member, wanted: &Application) -> Result<bool, db::Error> {
    let changed = tx.execute(
        "UPDATE company SET name = $1, credit_code = $2, buyer = $3, provider = $4, state = 'pending', reason = NULL, \
         decided_by = NULL, decided_at = NULL, version = version + 1 WHERE id = $5 AND state = 'refused'",
        values![&wanted.name, wanted.credit_code.as_str(), wanted.buyer, wanted.provider, member.company],
    )?;
    Ok(changed == 1)
}

/// A refused company waits again as it is, for somebody else to decide.
///
/// # Errors
/// [`db::Error`].
pub fn wait_again(tx: &mut Tx, member: &Member) -> Result<(), db::Error> {
    let sql = "UPDATE company SET state = 'pending', reason = NULL, decided_by = NULL, decided_at = NULL, \
         version = version + 1 WHERE id = $1 AND state = 'refused'";
    tx.execute(sql, values![member.company]).map(drop)
}

/// An approved company waits again: a second reviewer differs from the first.
///
/// # Errors
/// [`db::Error`].
pub fn reopen(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let sql = "UPDATE company SET state = 'pending', reason = NULL, decided_by = NULL, decided_at = NULL, \
         version = version + 1 WHERE id = $1 AND state = 'approved'";
    tx.execute(sql, values![company]).map(drop)
}

/// Decides on a waiting company. `false`: it does not wait (any more).
pub fn decide(
    tx: &mut Tx,
    operator: &Operator,
    id: Id<Company>,
    state: State,
    reason: Option<&String>,
) -> Result<bool, db::Error> {
    let now = tx.now();
    let decided = tx.execute(
        "UPDATE company SET state = $1, reason = $2, decided_by = $3, decided_at = $4, version = version + 1 \
         WHERE id = $5 AND state = 'pending' AND closed_at IS NULL",
        values![state.code(), reason, operator.account(), now, id],
    )?;
    Ok(decided == 1)
}

/// Its name, and why it was refused if it was: for its own people.
///
/// # Errors
/// [`db::Error`].
pub fn told(tx: &mut Tx, id: Id<Company>) -> Result<Option<(String, Option<String>)>, db::Error> {
    tx.first("SELECT name, reason FROM company WHERE id = $1", values![id], |row| Ok((row.next()?, row.next()?)))
}

/// Every company that bids, by id: who tries each one's keyed hash finds those behind sealed bids, and tells nobody else.
///
/// # Errors
/// [`db::Error`].
pub fn providers(tx: &mut Tx) -> Result<Vec<Id<Company>>, db::Error> {
    tx.all("SELECT id FROM company WHERE provider = 1 ORDER BY id", &[], |row| row.next())
}
