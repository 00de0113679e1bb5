//! Samples (抽查): a share of what one reviewer accepts goes to another, who looks at it as if nobody had. Which, is drawn by a
//! keyed hash of the case and the instant of its acceptance: the first reviewer can neither foresee nor choose it. A
//! difference re-opens the case, and whoever accepted it does not decide again.

use super::Verification;
use super::bank;
use super::case::{Flaw, State};
use super::event::by_reviewer;
use super::kind::Kind;
use super::leaf;
use super::record::Record;
use super::reviewer::untied;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company;
use crate::web::{Error, Reviewer};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use std::collections::BTreeSet;

/// How many the desk lists at a time.
pub const MOST: i64 = 50;

/// Draws whether a case that was accepted at this instant goes to a second reviewer.
pub fn is_drawn(app: &App, id: Id<Verification>, now: Timestamp) -> bool {
    let mark = app.mark("verification/sample", &[id.as_bytes(), &now.as_microsecond().to_be_bytes()]);
    let lot = u32::from_be_bytes([mark[0], mark[1], mark[2], mark[3]]) % 100;
    lot < u32::from(app.config().verification_sample) && policy::holds(Control::SecondLook)
}

/// A case that was drawn and waits for its second reviewer.
pub struct Sample {
    /// Who accepted it.
    pub first: Id<Account>,
    round: Timestamp,
}

/// Notes that a case just accepted was drawn.
///
/// # Errors
/// [`db::Error`].
pub fn put(tx: &mut Tx, record: &Record, first: Id<Account>) -> Result<(), db::Error> {
    let sql = "INSERT INTO verification_sample (verification, round, first) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(sql, values![record.id, record.accepted_at, first]).map(drop)
}

/// The sample of a case that waits.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, record: &Record) -> Result<Option<Sample>, db::Error> {
    let Some(round) = record.accepted_at.filter(|_| record.case.state == State::Accepted) else { return Ok(None) };
    let sql = "SELECT first FROM verification_sample WHERE verification = $1 AND round = $2 AND decided_at IS NULL";
    tx.first(sql, values![record.id, round], |row| Ok(Sample { first: row.next()?, round }))
}

/// Those that wait, the longest waiting first; not those of closed companies.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx) -> Result<Vec<Record>, db::Error> {
    let sql = "SELECT s.verification FROM verification_sample s JOIN verification_case v ON v.id = s.verification \
         AND v.accepted_at = s.round AND v.state = 'accepted' JOIN company c ON c.id = v.company \
         WHERE s.decided_at IS NULL AND c.closed_at IS NULL ORDER BY s.round, s.verification LIMIT $1";
    let ids: Vec<Id<Verification>> = tx.all(sql, values![MOST], |row| row.next())?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(Record::find(tx, id)?);
    }
    Ok(all)
}

/// Whether this reviewer accepted what a second one did not: they do not decide on it again.
///
/// # Errors
/// [`db::Error`].
pub fn is_contested(tx: &mut Tx, record: &Record, reviewer: Id<Account>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM verification_sample WHERE verification = $1 AND first = $2 AND agrees = 0 \
         AND decided_at >= $3";
    let since = record.decided_at.map_or(i64::MIN, Timestamp::as_microsecond);
    Ok(tx.first(sql, values![record.id, reviewer, since], |row| row.next::<i64>())?.is_some())
}

/// The second reviewer takes it up, alone.
///
/// # Errors
/// 409 `verification-own-decision` for who accepted it, `verification-claimed`.
pub fn take_up(tx: &mut Tx, operator: &Reviewer, record: &mut Record, sample: &Sample) -> Result<(), Error> {
    if sample.first == operator.account() && policy::holds(Control::SecondLook) {
        return Err(Error::conflict("verification-own-decision"));
    }
    let now = tx.now();
    record.case.look_again(operator.account(), now)?;
    record.claimed_version = Some(record.company_version);
    record.save(tx)?;
    Ok(by_reviewer(tx, operator, record, "claimed")?)
}

/// The second reviewer says what they think: they agree, or why not. A difference re-opens the case.
///
/// # Errors
/// 401; 403 without the duty; 404; 409 `verification-tied`, `verification-not-sampled`, `verification-not-claimed`.
pub fn say(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>, difference: Option<&str>) -> Result<(), Error> {
    operator.still(tx)?;
    let mut record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
    untied(tx, operator, record.company)?;
    let sample = waiting(tx, &record)?.ok_or_else(|| Error::conflict("verification-not-sampled"))?;
    let now = tx.now();
    if record.case.claimed_by(now) != Some(operator.account()) {
        return Err(Flaw::NotClaimed.into());
    }
    let sql = "UPDATE verification_sample SET second = $1, agrees = $2, reason = $3, decided_at = $4 \
         WHERE verification = $5 AND round = $6";
    tx.execute(sql, values![operator.account(), difference.is_none(), difference, now, id, sample.round])?;
    let Some(reason) = difference else {
        record.case.let_go(operator.account(), now)?;
        record.save(tx)?;
        return Ok(by_reviewer(tx, operator, &record, "confirmed")?);
    };
    let shown: BTreeSet<_> = leaf::list(tx, id)?.iter().map(|page| page.step).collect();
    record.case.contest(&shown)?;
    record.end();
    record.save(tx)?;
    match record.case.kind {
        Kind::Company => company::reopen(tx, record.company)?,
        Kind::BankAccount => bank::decided(tx, &record, false)?,
        _ => {}
    }
    by_reviewer(tx, operator, &record, "reopened")?;
    let told = Letter::new("letter-verification-reopened").with("company", record.company_name.clone());
    Ok(letter::to_company(tx, record.company, &told.with("reason", reason))?)
}
