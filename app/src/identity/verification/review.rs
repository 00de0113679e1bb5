//! What reviewers do, each in one unit: the case, the company's state where it follows, the event, the letter.

use super::Verification;
use super::case::State;
use super::event::by_reviewer;
use super::form::Decision;
use super::kind::{Kind, Step};
use super::recheck::Recheck;
use super::record::Record;
use super::reviewer::{tie, untied};
use super::{bank, decided, document, sample};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company::{self, Company};
use crate::web::{Error, Reviewer};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

pub fn found(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>) -> Result<Record, Error> {
    operator.still(tx)?;
    let record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
    untied(tx, operator, record.company)?;
    Ok(record)
}

/// Refuses who has refused it before the appeal, or accepted what another reviewer did not: four eyes look at what is contested.
fn unbiased(tx: &mut Tx, operator: &Reviewer, record: &Record) -> Result<(), Error> {
    if sample::is_contested(tx, record, operator.account())? && policy::holds(Control::SecondLook) {
        return Err(Error::conflict("verification-own-decision"));
    }
    let is_contested = record.appealed_at.zip(record.decided_at).is_some_and(|(appeal, decision)| decision <= appeal);
    let is_own = is_contested && record.decided_by == Some(operator.account());
    if is_own && policy::holds(Control::AppealToAnother) {
        return Err(Error::conflict("verification-own-decision"));
    }
    Ok(())
}

/// Refuses a decision on a company that is not the one that the reviewer claimed: until it is verified, it may correct what it
/// says of itself at any time, and must not do so between the reviewer's look and their decision.
pub fn as_claimed(record: &Record) -> Result<(), Error> {
    let is_same = record.claimed_version == Some(record.company_version);
    if is_same || !policy::holds(Control::DecisionOnWhatWasSeen) {
        return Ok(());
    }
    Err(Error::conflict("verification-company-changed"))
}

/// Takes a case up, alone.
///
/// # Errors
/// 404; 409 `verification-tied`, `verification-not-handed-in`, `verification-claimed`.
pub fn claim(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>) -> Result<(), Error> {
    let (mut record, now) = (found(tx, operator, id)?, tx.now());
    if let Some(sample) = sample::waiting(tx, &record)? {
        return sample::take_up(tx, operator, &mut record, &sample);
    }
    unbiased(tx, operator, &record)?;
    record.case.take_up(operator.account(), now)?;
    record.claimed_version = Some(record.company_version);
    record.save(tx)?;
    Ok(by_reviewer(tx, operator, &record, "claimed")?)
}

/// Lets it go.
///
/// # Errors
/// 404; 409 `verification-not-claimed`.
pub fn release(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>) -> Result<(), Error> {
    let (mut record, now) = (found(tx, operator, id)?, tx.now());
    record.case.let_go(operator.account(), now)?;
    record.save(tx)?;
    Ok(by_reviewer(tx, operator, &record, "released")?)
}

/// Says that they have to do with the company; a claim of theirs ends.
///
/// # Errors
/// 404.
pub fn recuse(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>) -> Result<(), Error> {
    operator.still(tx)?;
    let mut record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
    let now = tx.now();
    tie(tx, operator, record.company)?;
    if record.case.let_go(operator.account(), now).is_ok() {
        record.save(tx)?;
    }
    Ok(by_reviewer(tx, operator, &record, "tied")?)
}

/// Decides on the steps. All accepted: verified. One refused: that one goes back, with its reason.
///
/// # Errors
/// 404; 409 `verification-tied`, `verification-not-claimed`, `verification-not-handed-in`, `verification-unjudged`,
/// `verification-company-changed`.
pub fn decide(
    tx: &mut Tx,
    app: &App,
    operator: &Reviewer,
    id: Id<Verification>,
    decision: &Decision,
) -> Result<(), Error> {
    let (mut record, now) = (found(tx, operator, id)?, tx.now());
    if record.recheck == Some(Recheck::Unchanged) {
        return Err(Error::conflict("recheck-asked"));
    }
    record.case.decide(operator.account(), now, &decision.outcomes())?;
    as_claimed(&record)?;
    bank::as_handed_in(tx, &record)?;
    document::as_typed(tx, operator, &record, decision)?;
    for (step, reason) in &decision.0 {
        let told = record.told.entry(*step).or_default();
        (told.reason, told.decided_at) = (reason.clone(), Some(now));
    }
    (record.decided_at, record.decided_by, record.on_register) = (Some(now), Some(operator.account()), false);
    let was_recheck = record.recheck.is_some();
    if record.case.state == State::Accepted {
        record.begin(now);
        record.recheck = None;
    }
    record.save(tx)?;
    if record.case.state == State::Accepted {
        if sample::is_drawn(app, id, now) {
            sample::put(tx, &record, operator.account())?;
        }
        return if was_recheck { rechecked(tx, operator, &record) } else { verified(tx, operator, &record) };
    }
    by_reviewer(tx, operator, &record, "returned")?;
    let reasons = decision.0.values().flatten().map(String::as_str).collect::<Vec<_>>().join("；");
    decided::note(tx, operator, &record, "returned", &reasons)?;
    let letter = Letter::new("letter-verification-returned").with("company", record.company_name.clone());
    let letter = letter.with("reason", reasons);
    Ok(letter::to_company(tx, record.company, &letter)?)
}

/// Refuses a case as a whole: no step can mend it.
///
/// # Errors
/// As [`decide`].
pub fn refuse(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>, reason: String) -> Result<(), Error> {
    let (mut record, now) = (found(tx, operator, id)?, tx.now());
    if record.case.state != State::HandedIn {
        return Err(super::case::Flaw::NotHandedIn.into());
    }
    if record.case.claimed_by(now) != Some(operator.account()) {
        return Err(super::case::Flaw::NotClaimed.into());
    }
    whole(tx, operator, &mut record, Some(reason))
}

/// Decides on a company by what the public register says of it, without documents: `reason` refuses.
///
/// # Errors
/// 404; 409 `company-decided`, `verification-tied`, `verification-claimed`, `verification-returned`; 412 where the company is not what was
/// seen.
pub fn on_register(
    tx: &mut Tx,
    operator: &Reviewer,
    company: Id<Company>,
    (seen, reason): (i64, Option<String>),
) -> Result<company::Facts, Error> {
    operator.still(tx)?;
    let facts = company::find(tx, operator, company)?.ok_or_else(Error::not_found)?;
    if facts.state != company::State::Pending {
        return Err(Error::conflict("company-decided"));
    }
    if facts.version != seen {
        return Err(Error::stale());
    }
    untied(tx, operator, company)?;
    let mut record = Record::begun_of(tx, company)?;
    if reason.is_none() && record.case.state == State::Returned {
        return Err(Error::conflict("verification-returned"));
    }
    unbiased(tx, operator, &record)?;
    record.on_register = true;
    whole(tx, operator, &mut record, reason)?;
    company::find(tx, operator, company)?.ok_or_else(Error::not_found)
}

fn whole(tx: &mut Tx, operator: &Reviewer, record: &mut Record, reason: Option<String>) -> Result<(), Error> {
    let now = tx.now();
    record.case.decide_whole(operator.account(), now, reason.is_none())?;
    (record.decided_at, record.decided_by) = (Some(now), Some(operator.account()));
    record.reason.clone_from(&reason);
    // What a re-check refuses holds no longer, whenever it would have ended.
    record.end();
    record.recheck = None;
    if reason.is_none() {
        record.begin(now);
    }
    record.save(tx)?;
    match reason {
        None => verified(tx, operator, record),
        Some(reason) => {
            // After an appeal nothing is left to compare a number with.
            if record.appealed_at.is_some() {
                document::remove(tx, record.id)?;
            }
            by_reviewer(tx, operator, record, "refused")?;
            decided::note(tx, operator, record, "refused", &reason)?;
            follow(tx, operator, record, company::State::Refused, Some(&reason))
        }
    }
}

/// A re-check with papers was accepted: the company stays what it is, and what it has filed since is found true.
fn rechecked(tx: &mut Tx, operator: &Reviewer, record: &Record) -> Result<(), Error> {
    by_reviewer(tx, operator, record, "rechecked")?;
    decided::note(tx, operator, record, "accepted", "")?;
    company::part::review_all(tx, record.company)
}

/// What follows from a case that was accepted.
fn verified(tx: &mut Tx, operator: &Reviewer, record: &Record) -> Result<(), Error> {
    by_reviewer(tx, operator, record, "accepted")?;
    decided::note(tx, operator, record, "accepted", "")?;
    follow(tx, operator, record, company::State::Approved, None)
}

/// A company's own case decides on the company; who is its legal representative follows whoever was. Of the other kinds the
/// case is all there is.
fn follow(
    tx: &mut Tx,
    operator: &Reviewer,
    record: &Record,
    state: company::State,
    reason: Option<&String>,
) -> Result<(), Error> {
    match record.case.kind {
        Kind::Company => {
            // What a re-check refuses was approved before.
            if state == company::State::Refused {
                company::reopen(tx, record.company)?;
            }
            company::decide(tx, operator, record.company, state, reason)
        }
        Kind::BankAccount => bank::decided(tx, record, state == company::State::Approved),
        Kind::LegalRepresentative if state == company::State::Approved => Ok(succeed(tx, record)?),
        _ => Ok(()),
    }
}

/// A company has one legal representative (法定代表人): whoever was one before is no more.
fn succeed(tx: &mut Tx, record: &Record) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE verification_case SET valid_until = $1, remind_at = NULL, version = version + 1 \
         WHERE company = $2 AND kind = $3 AND holder <> $4 AND valid_until > $1";
    tx.execute(sql, values![now, record.company, record.case.kind.code(), record.holder]).map(drop)
}

/// A step's pages are gone: its time is over, or its person has left.
///
/// # Errors
/// [`Error`] of the database.
pub fn lost(tx: &mut Tx, id: Id<Verification>, steps: &[Step]) -> Result<(), Error> {
    let Some(mut record) = Record::find(tx, id)? else { return Ok(()) };
    let before = record.case.clone();
    steps.iter().for_each(|step| record.case.lose(*step));
    if record.case == before {
        return Ok(());
    }
    record.save(tx)?;
    Ok(super::event::by_time(tx, &record, "gone")?)
}
