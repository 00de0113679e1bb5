//! Whether an opening may rest on an exception case (clause 5.4), compared in the transaction that records it. How a case
//! comes to be approved is its room's affair; here only what stands in its row counts.

use jiff::Timestamp;
use kit::{
    db::{self, Tx, Value},
    values,
};
use policy::Control;

use crate::{Id, Refusal, Subject, opening::Outcome};

/// Marks the ids of exception cases.
pub struct Case;

/// What one record asks to open, when it rests on a case.
pub struct Asked<'r> {
    /// The case that the right was made of; none is refused.
    pub case: Option<Id<Case>>,
    pub subjects: &'r [Id<Subject>],
    /// Ids, separated by commas.
    pub fields: &'r str,
}

/// What was found for it.
pub struct Found {
    /// The case, if it is about the person asked for: the attempt is recorded with it.
    pub case: Option<Id<Case>>,
    /// The ground that the case names, one for each field.
    pub bases: String,
}

/// A case, as an opening compares it.
struct Kept {
    subject: Id<Subject>,
    fields: String,
    basis: String,
    approved_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    ends_at: Timestamp,
}

/// Refuses what its case does not hold for: unapproved, revoked, ended, about somebody else, or about other fields. A
/// case that is relied on is changed in this transaction, so that no revocation can come between.
///
/// # Errors
/// [`db::Error`].
pub fn compare(tx: &mut Tx, asked: &Asked<'_>, outcome: &mut Outcome) -> Result<Found, db::Error> {
    let kept = asked.case.map(|case| find(tx, case)).transpose()?.flatten();
    let own = kept.filter(|kept| asked.subjects.iter().all(|subject| *subject == kept.subject));
    let now = tx.now();
    let holds = own.as_ref().is_some_and(|kept| kept.holds_for(asked.fields, now));
    if outcome.is_ok() && !holds && policy::holds(Control::CaseCompared) {
        *outcome = Err(asked.subjects.iter().map(|subject| Refusal::NoCase(*subject)).collect());
    }
    let case = asked.case.filter(|_| own.is_some());
    if let (Some(case), Ok(_)) = (case, &outcome) {
        tx.execute("UPDATE exception_case SET openings = openings + 1 WHERE id = $1", values![case])?;
    }
    let basis = own.map_or_else(|| policy::Basis::Case.id().to_owned(), |kept| kept.basis);
    Ok(Found { case, bases: vec![basis; asked.fields.split(',').count()].join(",") })
}

impl Kept {
    fn holds_for(&self, fields: &str, now: Timestamp) -> bool {
        let in_time = self.approved_at.is_some_and(|at| at <= now) && self.revoked_at.is_none() && now < self.ends_at;
        in_time && fields.split(',').all(|field| self.fields.split(' ').any(|named| named == field))
    }
}

fn find(tx: &mut Tx, case: Id<Case>) -> Result<Option<Kept>, db::Error> {
    let sql = "SELECT subject, fields, basis, approved_at, revoked_at, ends_at FROM exception_case WHERE id = $1";
    tx.first(sql, values![case], |row| {
        Ok(Kept {
            subject: row.next()?,
            fields: row.next()?,
            basis: row.next()?,
            approved_at: row.next()?,
            revoked_at: row.next()?,
            ends_at: row.next()?,
        })
    })
}

/// Notes which openings were made with which case.
///
/// # Errors
/// [`db::Error`].
pub fn link(tx: &mut Tx, links: &[Vec<Value>]) -> Result<(), db::Error> {
    tx.insert("INSERT INTO exception_opening (opening, exception_case)", links, "")?;
    Ok(())
}
