//! The right of a reviewer (审核人员). Who may review, and whom, is decided here and nowhere else.

use super::case::Flaw;
use super::record::Record;
use crate::identity::company::Company;
use crate::identity::people;
use crate::web::{Error, Reviewer};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{Control, recipient};
use vault::{Opener, Proof, Scope, Subject};

/// The one who has a case, about one person who has handed something in.
pub struct OnCase {
    reviewer: Id<Subject>,
    about: Id<Subject>,
}

impl OnCase {
    /// The right to open what this person has handed in for the case, while the operator has claimed it.
    ///
    /// # Errors
    /// 409 `verification-not-claimed`.
    pub fn of(operator: &Reviewer, record: &Record, now: jiff::Timestamp, about: Id<Subject>) -> Result<Self, Error> {
        let has_it = record.case.claimed_by(now) == Some(operator.account());
        if !has_it && policy::holds(Control::OnlyTheReviewerOpens) {
            return Err(Flaw::NotClaimed.into());
        }
        Ok(Self { reviewer: operator.subject(), about })
    }
}

impl Proof for OnCase {
    type Recipient = recipient::Reviewer;

    fn opener(&self) -> Opener {
        Opener::person(self.reviewer, "reviewer")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.about)
    }
}

/// Refuses who has to do with the company: who has said so, and whom it has invited. Whoever acts for a company is no
/// operator to begin with (an account is the one or the other).
///
/// # Errors
/// 409 `verification-tied`.
pub fn untied(tx: &mut Tx, operator: &Reviewer, company: Id<Company>) -> Result<(), Error> {
    let has_said = "SELECT 1 FROM verification_tie WHERE account = $1 AND company = $2";
    let has_said = tx.first(has_said, values![operator.account(), company], |row| row.next::<i64>())?.is_some();
    let is_tied = has_said || people::is_invited(tx, operator.account(), company)?;
    if is_tied && policy::holds(Control::ReviewerUntied) {
        return Err(Error::conflict("verification-tied"));
    }
    Ok(())
}

/// The reviewer says that they have to do with a company. Nobody takes that back.
///
/// # Errors
/// [`db::Error`].
pub fn tie(tx: &mut Tx, operator: &Reviewer, company: Id<Company>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "INSERT INTO verification_tie (account, company, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(sql, values![operator.account(), company, now]).map(drop)
}
