//! Every query about attestations. A case's are its company's; nobody else has them but who reviews it.

use super::facts::{Fact, Facts};
use super::job::KIND;
use super::trouble::Trouble;
use super::wire::Said;
use super::{Attestation, State};
use crate::identity::company::Company;
use crate::identity::verification::Verification;
use crate::identity::verification::case::{Flaw, StepState};
use crate::identity::verification::record::Record;
use crate::web::{Error, Member};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use kit::values;
use policy::{Control, period};

/// Pauses after a try that came to nothing, in seconds; after the last the case goes on by hand (docs/attestation.md).
pub const PAUSES: [i64; 5] = [60, 600, 3600, 14_400, 43_200];

/// An attestation in its row.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: Id<Attestation>,
    pub verification: Id<Verification>,
    pub state: State,
    /// As they were asked.
    pub facts: Facts,
    pub asked_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub tries: i64,
    pub refused: i64,
    pub trouble: Option<Trouble>,
    pub differs: Vec<Fact>,
    pub token: Option<String>,
    pub due_at: Option<Timestamp>,
}

impl Asked {
    /// Whether it is about these facts.
    pub fn is_about(&self, facts: &Facts) -> bool {
        // Who was not asked about the person may give or change their document.
        let document = facts.document.filter(|_| self.facts.document.is_some());
        self.facts == Facts { document, ..facts.clone() } || !policy::holds(Control::AttestedAsItStands)
    }

    /// Whether it was answered so long ago that it tells nothing of today.
    pub fn is_old(&self, now: Timestamp) -> bool {
        let lasts = SignedDuration::from_hours(period::ATTESTATION.hours());
        self.answered_at.is_none_or(|at| now.duration_since(at) >= lasts)
    }

    /// Whether it stands for a paper: confirmed, lately, of the facts as they are.
    pub fn counts(&self, facts: &Facts, now: Timestamp) -> bool {
        self.state == State::Confirmed && self.is_about(facts) && !self.is_old(now)
    }
}

const COLUMNS: &str = "id, verification, name, credit_code, representative, state, asked_at, answered_at, tries, refused, \
     trouble, differs, token, due_at, document FROM verification_attestation";

fn read(row: &mut Row<'_>) -> Result<Asked, db::Error> {
    let (id, verification) = (row.next()?, row.next()?);
    let (name, credit_code, representative) = (row.next()?, row.next()?, Some(row.next()?));
    let facts = Facts { name, credit_code, representative, document: None };
    let asked = Asked {
        id,
        verification,
        facts,
        state: State::of(&row.next::<String>()?),
        asked_at: row.next()?,
        answered_at: row.next()?,
        tries: row.next()?,
        refused: row.next()?,
        trouble: row.next::<Option<String>>()?.and_then(|code| Trouble::of(&code)),
        differs: row.next::<Option<String>>()?.unwrap_or_default().split(' ').filter_map(Fact::of).collect(),
        token: row.next()?,
        due_at: row.next()?,
    };
    let document = row.next()?;
    Ok(Asked { facts: Facts { document, ..asked.facts.clone() }, ..asked })
}

/// The newest of a case.
///
/// # Errors
/// [`db::Error`].
pub fn newest(tx: &mut Tx, verification: Id<Verification>) -> Result<Option<Asked>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE verification = $1 ORDER BY asked_at DESC, id DESC LIMIT 1");
    tx.first(&sql, values![verification], read)
}

/// One that waits for this job, and whether it is worth asking still.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, id: Id<Attestation>, job: Id<Job>) -> Result<Option<Asked>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE id = $1 AND job = $2 AND state = 'waiting'");
    tx.first(&sql, values![id, job], read)
}

/// Leaves a question to a job. The same id again is the same question.
///
/// # Errors
/// 404; 409 `verification-not-open`, `attestation-waiting`, `attestation-holds`, `attestation-not-needed`,
/// `attestation-nobody-filed`, `attestation-no-document`.
pub fn ask(tx: &mut Tx, member: &Member, record: &Record, id: Id<Attestation>) -> Result<bool, Error> {
    let sql = "SELECT verification FROM verification_attestation WHERE id = $1";
    if let Some(of) = tx.first(sql, values![id], |row| row.next::<Id<Verification>>())? {
        return if of == record.id { Ok(false) } else { Err(Error::not_found()) };
    }
    if !record.case.is_open() {
        return Err(Flaw::NotOpen.into());
    }
    let (facts, now) = (record.facts(tx)?, tx.now());
    is_needed(record, &facts, now)?;
    if record.attestation.as_ref().is_some_and(|asked| asked.state == State::Waiting) {
        return Err(Error::conflict("attestation-waiting"));
    }
    let Some(row) = facts.representative else { return Err(Error::conflict("attestation-nobody-filed")) };
    let job = job::enqueue(tx, KIND, id.as_bytes(), now)?;
    tx.execute(
        "INSERT INTO verification_attestation (id, verification, company, asked_by, asked_at, name, credit_code, \
         representative, state, job, tries, refused, due_at, document) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, 0, 0, $5, $10)",
        values![
            id,
            record.id,
            record.company,
            member.account(),
            now,
            &facts.name,
            &facts.credit_code,
            row,
            job,
            facts.document
        ],
    )?;
    Ok(true)
}

/// Refuses to ask what is known, or what a paper was given for; about a person beside their papers, once.
fn is_needed(record: &Record, facts: &Facts, now: Timestamp) -> Result<(), Error> {
    if facts.document.is_some() {
        let is_known = |asked: &Asked| asked.facts.document == facts.document && asked.counts(facts, now);
        let holds = record.attestation.as_ref().is_some_and(is_known);
        return if holds { Err(Error::conflict("attestation-holds")) } else { Ok(()) };
    }
    let state = record.case.kind.attested().and_then(|step| record.case.steps.get(&step));
    match state.ok_or_else(|| Error::conflict("attestation-no-document"))? {
        StepState::Attested => Err(Error::conflict("attestation-holds")),
        StepState::Missing => Ok(()),
        _ => Err(Error::conflict("attestation-not-needed")),
    }
}

/// The company asks no more; what was sent is sent. `false`: nothing waits.
///
/// # Errors
/// [`db::Error`].
pub fn withdraw(tx: &mut Tx, verification: Id<Verification>) -> Result<bool, db::Error> {
    let sql = "UPDATE verification_attestation SET state = 'withdrawn', job = NULL, due_at = NULL \
         WHERE verification = $1 AND state = 'waiting'";
    Ok(tx.execute(sql, values![verification])? > 0)
}

/// Notes an answer, if this job is still the one that asks.
///
/// # Errors
/// [`db::Error`].
pub fn answered(tx: &mut Tx, asked: &Asked, job: Id<Job>, said: &Said) -> Result<bool, db::Error> {
    let (state, token, differs) = match said {
        Said::Confirmed(token) => (State::Confirmed, Some(token.clone()), None),
        Said::Differs(facts) => {
            let codes: Vec<_> = facts.iter().map(|fact| fact.code()).collect();
            (State::Differs, None, Some(codes.join(" ")))
        }
        Said::Unsaid => (State::Unsaid, None, None),
    };
    let now = tx.now();
    let noted = tx.execute(
        "UPDATE verification_attestation SET state = $1, token = $2, differs = $3, answered_at = $4, tries = tries + 1, \
         trouble = NULL, job = NULL, due_at = NULL WHERE id = $5 AND job = $6 AND state = 'waiting'",
        values![state.code(), token, differs, now, asked.id, job],
    )?;
    if noted == 1 {
        count(tx, state.code())?;
    }
    Ok(noted == 1)
}

/// Notes that a try came to nothing: another follows after a pause, until they are used up. Answers whether that was the last.
///
/// # Errors
/// [`db::Error`].
pub fn failed(tx: &mut Tx, asked: &Asked, job: Id<Job>, trouble: Trouble) -> Result<bool, db::Error> {
    let (now, refused) = (tx.now(), i64::from(trouble.is_refusal()));
    let pause = usize::try_from(asked.tries).ok().and_then(|tries| PAUSES.get(tries));
    let again = pause.map(|pause| now.checked_add(SignedDuration::from_secs(*pause)).unwrap_or(now));
    let state = if again.is_some() { State::Waiting } else { State::GivenUp };
    let noted = tx.execute(
        "UPDATE verification_attestation SET state = $1, job = NULL, due_at = $2, trouble = $3, tries = tries + 1, \
         refused = refused + $4 WHERE id = $5 AND job = $6 AND state = 'waiting'",
        values![state.code(), again, trouble.code(), refused, asked.id, job],
    )?;
    if noted == 0 {
        return Ok(false);
    }
    count(tx, trouble.code())?;
    let Some(at) = again else { return Ok(true) };
    let next = job::enqueue(tx, KIND, asked.id.as_bytes(), at)?;
    tx.execute("UPDATE verification_attestation SET job = $1 WHERE id = $2", values![next, asked.id])?;
    Ok(false)
}

/// Nothing is sent, and nothing will be.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, asked: &Asked, job: Id<Job>, trouble: Trouble) -> Result<bool, db::Error> {
    let noted = tx.execute(
        "UPDATE verification_attestation SET state = 'given-up', job = NULL, due_at = NULL, trouble = $1 \
         WHERE id = $2 AND job = $3 AND state = 'waiting'",
        values![trouble.code(), asked.id, job],
    )?;
    Ok(noted == 1)
}

fn count(tx: &mut Tx, outcome: &str) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "INSERT INTO attestation_count (outcome, n, last_at) VALUES ($1, 1, $2) \
         ON CONFLICT (outcome) DO UPDATE SET n = attestation_count.n + 1, last_at = $2";
    tx.execute(sql, values![outcome, now]).map(drop)
}

/// All of a company go when it closes.
///
/// # Errors
/// [`db::Error`].
pub fn remove_all(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM verification_attestation WHERE company = $1", values![company]).map(drop)
}
