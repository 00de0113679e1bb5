//! Decisions on a company as they were made: appended, so that the company's history can say what was decided on any day.

use super::record::Record;
use crate::identity::company::Company;
use crate::web::{Instant, Reviewer};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A decision on a company.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CompanyDecision")]
pub struct Decided {
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// `accepted`, `returned` or `refused`.
    pub outcome: String,
    /// Why, in words for the company's people; empty where nothing had to be said.
    pub reason: String,
    /// Whether it was decided on what the public register says.
    pub on_register: bool,
    /// The post of who decided; empty where it has no name.
    pub by: String,
}

/// Notes a decision, as part of the unit that makes it.
///
/// # Errors
/// [`db::Error`].
pub fn note(
    tx: &mut Tx,
    operator: &Reviewer,
    record: &Record,
    outcome: &'static str,
    reason: &str,
) -> Result<(), db::Error> {
    let (id, now) = (tx.id::<Decided>(), tx.now());
    tx.execute(
        "INSERT INTO company_decision (id, company, verification, outcome, reason, on_register, by_account, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![id, record.company, record.id, outcome, reason, record.on_register, operator.account(), now],
    )
    .map(drop)
}

/// What was decided on a company until an instant, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn decided(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<Decided>, db::Error> {
    let sql = "SELECT d.at, d.outcome, d.reason, d.on_register, a.post FROM company_decision d \
               LEFT JOIN account a ON a.id = d.by_account WHERE d.company = $1 AND d.at <= $2 ORDER BY d.at DESC, d.id DESC";
    tx.all(sql, values![company, at], |row| {
        let (at, outcome, reason, on_register) = (row.next()?, row.next()?, row.next()?, row.next()?);
        Ok(Decided { at, outcome, reason, on_register, by: row.next::<Option<String>>()?.unwrap_or_default() })
    })
}
