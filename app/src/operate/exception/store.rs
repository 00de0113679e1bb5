//! Every query about cases. They are the operator's alone.

use super::case::{APPROVERS, Applied, Approved, Case, Revoked, Silenced, State};
use super::form::Application;
use crate::identity::account::{Contact, Owner, contact_of};
use crate::web::{Error, Operator};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;

/// How many a page lists.
pub const PAGE: usize = 50;

/// `$1` is the reader's account.
const COLUMNS: &str = "c.id, c.account, c.subject, c.fields, c.basis, c.law, c.authority, c.document, c.document_hash, c.reason, \
     c.applied_at, c.ends_at, c.silent_until, c.silent_law, c.approved_at, c.revoked_at, c.openings, \
     (SELECT count(*) FROM exception_approval a WHERE a.exception_case = c.id), \
     CASE WHEN c.applied_by = $1 THEN 1 ELSE 0 END, \
     (SELECT count(*) FROM exception_approval a WHERE a.exception_case = c.id AND a.approver = $1)";

fn read(row: &mut Row<'_>, now: Timestamp) -> Result<Case, db::Error> {
    let mut case = Case {
        id: row.next()?,
        account: row.next()?,
        subject: row.next()?,
        fields: row.next::<String>()?.split(' ').map(str::to_owned).collect(),
        basis: row.next()?,
        law: row.next()?,
        authority: row.next()?,
        document: row.next()?,
        document_hash: row.next()?,
        reason: row.next()?,
        applied_at: row.next()?,
        ends_at: row.next()?,
        silent_until: row.next()?,
        silent_law: row.next()?,
        approved_at: row.next()?,
        revoked_at: row.next()?,
        openings: row.next()?,
        approvals: row.next()?,
        is_own: row.next()?,
        is_approved_by_reader: row.next::<i64>()? > 0,
        state: State::Waiting,
    };
    case.state = Case::state(now, case.approved_at.is_some(), case.revoked_at.is_some(), case.ends_at);
    Ok(case)
}

/// One by its id.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, operator: &Operator, id: Id<vault::Case>) -> Result<Option<Case>, db::Error> {
    let now = tx.now();
    let sql = format!("SELECT {COLUMNS} FROM exception_case c WHERE c.id = $2");
    tx.first(&sql, values![operator.account(), id], |row| read(row, now))
}

/// The newest first, before this instant (µs) and id; one more than a page when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, operator: &Operator, before: (i64, [u8; 16])) -> Result<Vec<Case>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} FROM exception_case c WHERE (c.applied_at, c.id) < ($2, $3) \
         ORDER BY c.applied_at DESC, c.id DESC LIMIT $4"
    );
    let most = PAGE as i64 + 1;
    tx.all(&sql, values![operator.account(), before.0, before.1, most], |row| read(row, now))
}

/// How many wait for this operator's approval.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, operator: &Operator) -> Result<i64, db::Error> {
    let now = tx.now();
    tx.one(
        "SELECT count(*) FROM exception_case c WHERE c.approved_at IS NULL AND c.revoked_at IS NULL AND c.ends_at > $2 \
         AND c.applied_by <> $1 AND NOT EXISTS (SELECT 1 FROM exception_approval a WHERE a.exception_case = c.id AND \
         a.approver = $1)",
        values![operator.account(), now],
        |row| row.next(),
    )
}

/// Applies for a case about this person. The same id again is the same case.
///
/// # Errors
/// [`db::Error`].
pub fn apply(tx: &mut Tx, operator: &Operator, wanted: &Application, (account, subject): Owner) -> Result<Case, Error> {
    operator.still(tx)?;
    let now = tx.now();
    let after = |days: i64| now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
    let until = wanted.silence.as_ref().map(|silence| after(silence.days));
    let law = wanted.silence.as_ref().map(|silence| &silence.law);
    let inserted = tx.execute(
        "INSERT INTO exception_case (id, account, subject, fields, basis, law, authority, document, document_hash, reason, \
         applied_by, applied_at, ends_at, silent_until, silent_law, openings) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0) ON CONFLICT (id) DO NOTHING",
        values![
            wanted.id,
            account,
            subject,
            wanted.fields.join(" "),
            wanted.basis.id(),
            &wanted.law,
            &wanted.authority,
            &wanted.document,
            &wanted.document_hash,
            &wanted.reason,
            operator.account(),
            now,
            after(wanted.days),
            until,
            law
        ],
    )?;
    if inserted == 1 {
        event::record(tx, by(operator), &Applied { case: wanted.id, basis: wanted.basis.id() })?;
        if let Some(until) = until {
            event::record(tx, by(operator), &Silenced { case: wanted.id, until })?;
        }
    }
    held(tx, operator, wanted.id)
}

/// One of the two approvals: nobody's twice, and not the applicant's.
///
/// # Errors
/// 404; 409 `exception-over`, `exception-own`, `exception-approved`.
pub fn approve(tx: &mut Tx, operator: &Operator, id: Id<vault::Case>) -> Result<Case, Error> {
    operator.still(tx)?;
    let case = held(tx, operator, id)?;
    let strict = policy::holds(Control::TwoApprovers);
    if case.state != State::Waiting {
        return Err(Error::conflict("exception-over"));
    }
    if case.is_own && strict {
        return Err(Error::conflict("exception-own"));
    }
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO exception_approval (exception_case, approver, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        values![id, operator.account(), now],
    )?;
    if inserted == 0 {
        return Err(Error::conflict("exception-approved"));
    }
    let holds = case.approvals + 1 >= if strict { APPROVERS } else { 1 };
    if holds {
        tx.execute("UPDATE exception_case SET approved_at = $1 WHERE id = $2", values![now, id])?;
    }
    event::record(tx, by(operator), &Approved { case: id, holds })?;
    held(tx, operator, id)
}

/// Takes a case back: nothing is opened on it from this unit on.
///
/// # Errors
/// 404; 409 `exception-over`.
pub fn revoke(tx: &mut Tx, operator: &Operator, id: Id<vault::Case>) -> Result<Case, Error> {
    operator.still(tx)?;
    if !held(tx, operator, id)?.is_revocable() {
        return Err(Error::conflict("exception-over"));
    }
    let now = tx.now();
    let sql = "UPDATE exception_case SET revoked_at = $1, revoked_by = $2 WHERE id = $3";
    tx.execute(sql, values![now, operator.account(), id])?;
    event::record(tx, by(operator), &Revoked { case: id })?;
    held(tx, operator, id)
}

/// A case with what it is about, shut.
///
/// # Errors
/// 404 when there is no such case, or its person's account is gone.
pub fn sealed(tx: &mut Tx, operator: &Operator, id: Id<vault::Case>) -> Result<(Case, Contact), Error> {
    let case = held(tx, operator, id)?;
    let contact = contact_of(tx, case.account)?.ok_or_else(Error::not_found)?;
    Ok((case, contact))
}

fn held(tx: &mut Tx, operator: &Operator, id: Id<vault::Case>) -> Result<Case, Error> {
    find(tx, operator, id)?.ok_or_else(Error::not_found)
}

fn by(operator: &Operator) -> Scope {
    Scope { actor: Some(*operator.subject().as_bytes()), ..Scope::default() }
}
