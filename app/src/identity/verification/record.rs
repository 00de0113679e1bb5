//! A case as it lies in its rows: the machine's state, when what happened, and why.

use super::Verification;
use super::attest::{self, Asked, Facts};
use super::case::{Case, Claim, State, StepState};
use super::kind::{Kind, Step};
use super::recheck::Recheck;
use crate::identity::account::Account;
use crate::identity::company::{self, Company};
use crate::web::{Error, Member};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use std::collections::BTreeMap;

/// When something was given for a step and decided on, and why it was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub reason: Option<String>,
    pub given_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
}

/// A case in its rows.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: Id<Verification>,
    pub company: Id<Company>,
    /// Whose it is: the company's, or the person's that it is about.
    pub holder: [u8; 16],
    pub company_name: String,
    pub credit_code: String,
    pub case: Case,
    pub told: BTreeMap<Step, Told>,
    pub handed_in_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<Id<Account>>,
    pub on_register: bool,
    /// Why it was refused as a whole.
    pub reason: Option<String>,
    /// What the company says against a refusal.
    pub appeal: Option<String>,
    pub appealed_at: Option<Timestamp>,
    /// The version of the company's row as it is, and as it was when the reviewer who has the case claimed it.
    pub company_version: i64,
    pub claimed_version: Option<i64>,
    /// When what holds was accepted.
    pub accepted_at: Option<Timestamp>,
    /// Until when what was accepted holds; longer than a re-check that was begun before.
    pub valid_until: Option<Timestamp>,
    /// When its people are to be told next that it ends, or has ended.
    pub remind_at: Option<Timestamp>,
    /// The newest attestation of its facts.
    pub attestation: Option<Asked>,
    /// What its people say of it while it is looked at again.
    pub recheck: Option<Recheck>,
    pub version: i64,
}

/// How the case of a company stood before there were any: its state, who decided, when, and why not.
type Before = (State, Option<Id<Account>>, Option<Timestamp>, Option<String>);

/// What was decided before there were cases stands, and who decided it: they do not decide on an appeal.
fn before(tx: &mut Tx, company: Id<Company>) -> Result<Before, db::Error> {
    let sql = "SELECT state, decided_by, decided_at, reason FROM company WHERE id = $1";
    tx.one(sql, values![company], |row| {
        let standing = company::State::from_code(&row.next::<String>()?);
        Ok((State::before(standing), row.next()?, row.next()?, row.next()?))
    })
}

const COLUMNS: &str = "v.id, v.company, v.holder, c.name, c.credit_code, c.state, v.kind, v.state, v.claimed_by, v.claimed_until, \
     v.handed_in_at, v.decided_at, v.decided_by, v.on_register, v.reason, v.appeal, v.appealed_at, \
     c.version, v.claimed_version, v.accepted_at, v.valid_until, v.remind_at, v.recheck, v.version \
     FROM verification_case v JOIN company c ON c.id = v.company";

fn read(row: &mut Row<'_>) -> Result<Record, db::Error> {
    let (id, company, holder) = (row.next()?, row.next()?, row.next()?);
    let (company_name, credit_code) = (row.next()?, row.next()?);
    let standing = company::State::from_code(&row.next::<String>()?);
    let kind = Kind::of(&row.next::<String>()?).ok_or(db::Error::Missing)?;
    let mut case = Case { state: State::of(&row.next::<String>()?), ..Case::new(kind) };
    let (by, until): (Option<Id<Account>>, Option<Timestamp>) = (row.next()?, row.next()?);
    case.claim = by.zip(until).map(|(by, until)| Claim { by, until });
    // A refused company that has corrected what it says of itself goes on with what it had handed in.
    if kind == Kind::Company && standing == company::State::Pending {
        case.reopen();
    }
    Ok(Record {
        id,
        company,
        holder,
        company_name,
        credit_code,
        case,
        told: BTreeMap::new(),
        handed_in_at: row.next()?,
        decided_at: row.next()?,
        decided_by: row.next()?,
        on_register: row.next()?,
        reason: row.next()?,
        appeal: row.next()?,
        appealed_at: row.next()?,
        company_version: row.next()?,
        claimed_version: row.next()?,
        accepted_at: row.next()?,
        valid_until: row.next()?,
        remind_at: row.next()?,
        recheck: row.next::<Option<String>>()?.and_then(|code| Recheck::of(&code)),
        attestation: None,
        version: row.next()?,
    })
}

impl Record {
    /// By its id.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn find(tx: &mut Tx, id: Id<Verification>) -> Result<Option<Self>, db::Error> {
        let found = tx.first(&format!("SELECT {COLUMNS} WHERE v.id = $1"), values![id], read)?;
        found.map(|record| record.with_steps(tx)).transpose()
    }

    /// A company's case of a kind with this holder ([`Kind::holder`]), if it was begun.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, company: Id<Company>, kind: Kind, holder: [u8; 16]) -> Result<Option<Self>, db::Error> {
        let sql = format!("SELECT {COLUMNS} WHERE v.company = $1 AND v.kind = $2 AND v.holder = $3");
        let found = tx.first(&sql, values![company, kind.code(), holder], read)?;
        found.map(|record| record.with_steps(tx)).transpose()
    }

    /// The same, begun if it was not.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn begun(tx: &mut Tx, company: Id<Company>, kind: Kind, holder: [u8; 16]) -> Result<Self, db::Error> {
        let (id, now): (Id<Verification>, _) = (tx.id(), tx.now());
        let (state, by, at, reason) = if kind == Kind::Company { before(tx, company)? } else { Before::default() };
        let begun = tx.execute(
            "INSERT INTO verification_case (id, company, kind, holder, state, opened_at, on_register, decided_by, \
             decided_at, reason, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) \
             ON CONFLICT (company, kind, holder) DO NOTHING",
            values![id, company, kind.code(), holder, state.code(), now, state != State::Open, by, at, reason],
        )?;
        if begun == 1 {
            for step in kind.steps() {
                let sql = "INSERT INTO verification_step (verification, step, state) VALUES ($1, $2, 'missing')";
                tx.execute(sql, values![id, step.code()])?;
            }
        }
        Self::of(tx, company, kind, holder)?.ok_or(db::Error::Missing)
    }

    /// A member's: their company's, or their own.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of_member(tx: &mut Tx, member: &Member, kind: Kind) -> Result<Option<Self>, db::Error> {
        Self::of(tx, member.company, kind, kind.holder(member.company, member.account()))
    }

    /// The same, begun if it was not.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn begun_by(tx: &mut Tx, member: &Member, kind: Kind) -> Result<Self, db::Error> {
        Self::begun(tx, member.company, kind, kind.holder(member.company, member.account()))
    }

    /// The company's own.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn begun_of(tx: &mut Tx, company: Id<Company>) -> Result<Self, db::Error> {
        Self::begun(tx, company, Kind::Company, *company.as_bytes())
    }

    /// Cases in this state that were handed in after this place in the order, the longest waiting first; not those of
    /// companies that have closed.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn list(tx: &mut Tx, state: State, after: (i64, [u8; 16]), most: i64) -> Result<Vec<Self>, db::Error> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE v.state = $1 AND c.closed_at IS NULL AND (v.handed_in_at > $2 OR (v.handed_in_at = $2 \
             AND v.id > $3)) ORDER BY v.handed_in_at, v.id LIMIT $4"
        );
        let found = tx.all(&sql, values![state.code(), after.0, after.1, most], read)?;
        found.into_iter().map(|record| record.with_steps(tx)).collect()
    }

    /// Stores what the machine has become; false when somebody else has changed it meanwhile.
    fn store(&self, tx: &mut Tx) -> Result<bool, db::Error> {
        let claim = self.case.claim;
        let changed = tx.execute(
            "UPDATE verification_case SET state = $1, claimed_by = $2, claimed_until = $3, handed_in_at = $4, \
             decided_at = $5, decided_by = $6, on_register = $7, reason = $8, appeal = $9, appealed_at = $10, \
             claimed_version = $11, accepted_at = $12, valid_until = $13, remind_at = $14, \
             recheck = $15, version = version + 1 WHERE id = $16 AND version = $17",
            values![
                self.case.state.code(),
                claim.map(|claim| claim.by),
                claim.map(|claim| claim.until),
                self.handed_in_at,
                self.decided_at,
                self.decided_by,
                self.on_register,
                self.reason.as_ref(),
                self.appeal.as_ref(),
                self.appealed_at,
                self.claimed_version.filter(|_| claim.is_some()),
                self.accepted_at,
                self.valid_until,
                self.remind_at,
                self.recheck.map(Recheck::code),
                self.id,
                self.version
            ],
        )?;
        for (step, state) in &self.case.steps {
            let told = self.told.get(step).cloned().unwrap_or_default();
            tx.execute(
                "UPDATE verification_step SET state = $1, reason = $2, given_at = $3, decided_at = $4 \
                 WHERE verification = $5 AND step = $6",
                values![state.code(), told.reason, told.given_at, told.decided_at, self.id, step.code()],
            )?;
        }
        Ok(changed == 1)
    }

    /// The same, or an error that says that it is stale.
    ///
    /// # Errors
    /// 412 `stale`.
    pub fn save(&mut self, tx: &mut Tx) -> Result<(), Error> {
        if !self.store(tx)? {
            return Err(Error::stale());
        }
        self.version += 1;
        Ok(())
    }

    /// The facts that it is about, as they stand.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn facts(&self, tx: &mut Tx) -> Result<Facts, db::Error> {
        Facts::of(tx, self)
    }

    fn with_steps(mut self, tx: &mut Tx) -> Result<Self, db::Error> {
        let sql = "SELECT step, state, reason, given_at, decided_at FROM verification_step WHERE verification = $1";
        let rows = tx.all(sql, values![self.id], |row| {
            let (step, state): (String, String) = (row.next()?, row.next()?);
            let told = Told { reason: row.next()?, given_at: row.next()?, decided_at: row.next()? };
            Ok((Step::of(&step), StepState::of(&state), told))
        })?;
        for (step, state, told) in rows.into_iter().filter_map(|(step, state, told)| Some((step?, state, told))) {
            self.case.steps.insert(step, state);
            self.told.insert(step, told);
        }
        if self.case.kind.is_attestable() {
            self.attestation = attest::newest(tx, self.id)?;
            let (facts, now) = (self.facts(tx)?, tx.now());
            let counts = self.attestation.as_ref().is_some_and(|asked| asked.counts(&facts, now));
            if let Some(step) = self.case.kind.attested().filter(|_| counts) {
                self.case.attest(step);
            }
        }
        Ok(self)
    }
}
