//! What the pages show of a case, and what their JSON says.

use super::Verification;
use super::attest::{Attestation, Attested, Facts, State as Attesting};
use super::bank;
use super::case::{State, StepState};
use super::document::{IdKind, Seen};
use super::kind::{Kind, Step};
use super::leaf::{self, Leaf};
use super::recheck::Recheck;
use super::record::Record;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::people::Duty;
use crate::web::{FUNCTIONS, Form, Instant, Level, Levelled, Member, Reviewer, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A page that was handed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationPage")]
pub struct Sheet {
    /// Its id.
    pub id: Id<Leaf>,
    /// From 1.
    pub number: i64,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// Bytes.
    pub size: i64,
    /// Whether the reader may open it.
    pub may_open: bool,
}

/// A step with what was handed in for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationStepView")]
pub struct StepView {
    /// Which.
    pub step: Step,
    /// Whether the case is complete without it.
    pub is_optional: bool,
    /// How it stands.
    pub state: StepState,
    /// Why it was refused last.
    pub reason: Option<String>,
    /// When it was handed in.
    #[schemars(with = "Option<Instant>")]
    pub given_at: Option<Timestamp>,
    /// When it was decided on.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
    /// What was handed in and is still there.
    pub pages: Vec<Sheet>,
}

/// A case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationCase")]
pub struct View {
    /// Its id; none before it was begun.
    pub id: Option<Id<Verification>>,
    /// Whose.
    pub company: Id<Company>,
    /// Its registered name.
    pub company_name: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// What is verified.
    pub kind: Kind,
    /// How it stands.
    pub state: State,
    /// The steps, in order.
    pub steps: Vec<StepView>,
    /// When it went to the reviewers last.
    #[schemars(with = "Option<Instant>")]
    pub handed_in_at: Option<Timestamp>,
    /// When it was decided on last.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
    /// Whether the public register was enough.
    pub on_register: bool,
    /// Why it was refused as a whole.
    pub reason: Option<String>,
    /// What the company says against a refusal.
    pub appeal: Option<String>,
    /// When it said so; once.
    #[schemars(with = "Option<Instant>")]
    pub appealed_at: Option<Timestamp>,
    /// Until when a reviewer has it.
    #[schemars(with = "Option<Instant>")]
    pub claimed_until: Option<Timestamp>,
    /// Whether that is the reader.
    pub is_mine: bool,
    /// Until when what was accepted holds, where that has an end.
    #[schemars(with = "Option<Instant>")]
    pub valid_until: Option<Timestamp>,
    /// Whether it holds at this instant.
    pub holds: bool,
    /// Whether it can be shown anew: it ends soon or has ended, or it was refused.
    pub may_renew: bool,
    /// Whether its company may say now whether anything has changed: the re-check is due soon, or is overdue.
    pub may_recheck: bool,
    /// What its people say of it while it is looked at again.
    pub recheck: Option<Recheck>,
    /// What an entrusted service says of its facts, where it was asked.
    pub attestation: Option<Attested>,
    /// Whether the service would also be asked whether name and number of the identity document belong to one person.
    pub asks_person: bool,
}

impl View {
    fn of(
        record: Record,
        (leaves, facts): (&[Leaf], &Facts),
        now: Timestamp,
        may_open: impl Fn(&Leaf) -> bool,
    ) -> Self {
        let steps = record.case.steps.iter().map(|(step, state)| {
            let told = record.told.get(step).cloned().unwrap_or_default();
            let pages = leaves.iter().filter(|leaf| leaf.step == *step).map(|leaf| sheet(leaf, may_open(leaf)));
            StepView {
                step: *step,
                is_optional: step.is_optional(),
                state: *state,
                reason: told.reason.filter(|_| *state == StepState::Refused),
                given_at: told.given_at,
                decided_at: told.decided_at,
                pages: pages.collect(),
            }
        });
        let (state, is_whole) = (record.case.state, record.case.kind == Kind::Company);
        let is_over = state == State::Accepted && record.is_near_its_end(now);
        Self {
            steps: steps.collect(),
            valid_until: record.valid_until,
            holds: record.holds(now),
            may_recheck: record.may_recheck(now),
            recheck: record.recheck,
            may_renew: !is_whole && (state == State::Refused || is_over),
            attestation: record.attestation.map(|asked| Attested::of(&asked, facts, now)),
            asks_person: facts.document.is_some(),
            id: Some(record.id),
            company: record.company,
            kind: record.case.kind,
            state: record.case.state,
            handed_in_at: record.handed_in_at,
            decided_at: record.decided_at,
            on_register: record.on_register,
            reason: record.reason.filter(|_| record.case.state == State::Refused),
            appeal: record.appeal,
            appealed_at: record.appealed_at,
            claimed_until: record.case.claim.map(|claim| claim.until).filter(|until| now < *until),
            is_mine: false,
            company_name: record.company_name,
            credit_code: record.credit_code,
        }
    }

    /// A company's case for one of its members.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of_member(tx: &mut Tx, member: &Member, kind: Kind) -> Result<Self, db::Error> {
        let Some(record) = Record::of_member(tx, member, kind)? else { return Self::none(tx, member, kind) };
        let (leaves, facts, now) = (leaf::list(tx, record.id)?, record.facts(tx)?, tx.now());
        let stands = bank::stands(tx, &record)?;
        let view = Self::of(record, (&leaves, &facts), now, |leaf| leaf.subject == member.subject()).standing(stands);
        Ok(Self { attestation: view.attestation.map(Attested::for_its_people), ..view })
    }

    /// One that was never begun.
    fn none(tx: &mut Tx, member: &Member, kind: Kind) -> Result<Self, db::Error> {
        let sql = "SELECT credit_code, reason FROM company WHERE id = $1";
        let (credit_code, reason): (String, Option<String>) =
            tx.one(sql, values![member.company], |row| Ok((row.next()?, row.next()?)))?;
        let is_whole = kind == Kind::Company;
        let state = if is_whole { State::before(member.state) } else { State::Open };
        let steps = kind.steps().iter().map(|step| StepView {
            step: *step,
            is_optional: step.is_optional(),
            state: StepState::Missing,
            reason: None,
            given_at: None,
            decided_at: None,
            pages: Vec::new(),
        });
        Ok(Self {
            id: None,
            company: member.company,
            company_name: member.company_name.clone(),
            credit_code,
            kind,
            state,
            steps: steps.collect(),
            handed_in_at: None,
            decided_at: None,
            on_register: state != State::Open,
            reason: reason.filter(|_| is_whole),
            appeal: None,
            appealed_at: None,
            claimed_until: None,
            is_mine: false,
            valid_until: None,
            holds: state == State::Accepted,
            may_renew: false,
            may_recheck: false,
            recheck: None,
            attestation: None,
            asks_person: false,
        })
    }

    /// A case for a reviewer: its pages open for the one who has it.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of_reviewer(tx: &mut Tx, operator: &Reviewer, record: Record) -> Result<Self, db::Error> {
        let (leaves, facts, now) = (leaf::list(tx, record.id)?, record.facts(tx)?, tx.now());
        let is_mine = record.case.claimed_by(now) == Some(operator.account());
        let stands = bank::stands(tx, &record)?;
        Ok(Self { is_mine, ..Self::of(record, (&leaves, &facts), now, |_| is_mine).standing(stands) })
    }

    /// The same, where what was accepted may not be what the company says any more.
    fn standing(self, stands: bool) -> Self {
        let is_past = !stands && self.state == State::Accepted;
        Self { holds: self.holds && stands, may_renew: self.may_renew || is_past, ..self }
    }

    /// Whether its people may change it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::Returned)
    }

    /// Whether nothing is missing any more.
    pub fn is_complete(&self) -> bool {
        self.lacking() == 0
    }

    /// How many steps need something.
    pub fn lacking(&self) -> usize {
        let waits = |one: &&StepView| match one.state {
            StepState::Missing => !one.is_optional,
            StepState::Refused => true,
            StepState::Given | StepState::Attested | StepState::Accepted => false,
        };
        self.steps.iter().filter(waits).count()
    }

    /// Whether an identity document is compared now: it waits for a decision, or for a second look.
    pub fn compares_identity(&self) -> bool {
        let waits = |state: StepState| state.awaits() || self.state == State::Accepted && state == StepState::Accepted;
        self.steps.iter().any(|one| one.step.is_identity() && waits(one.state))
    }

    /// Whether its company's re-check is overdue.
    pub fn is_overdue(&self) -> bool {
        self.kind == Kind::Company && self.valid_until.is_some() && !self.holds
    }

    /// Whether it is looked at again without papers.
    pub fn is_recheck(&self) -> bool {
        self.recheck == Some(Recheck::Unchanged)
    }

    /// Whether its facts may be asked about in place of the papers of this step.
    pub fn may_be_attested(&self, step: Step) -> bool {
        self.kind.attested() == Some(step) || self.kind == Kind::AuthorisedBidder && step.is_identity()
    }

    /// Whether the service is being asked.
    pub fn is_being_attested(&self) -> bool {
        self.attestation.as_ref().is_some_and(|asked| asked.state == Attesting::Waiting)
    }

    /// Whether what stood for a paper does not any more, now that the case is with the reviewers.
    pub fn lacks_what_was_attested(&self) -> bool {
        let has_lapsed = self.attestation.as_ref().is_some_and(Attested::has_lapsed);
        self.state == State::HandedIn && !self.is_recheck() && self.lacking() > 0 && has_lapsed
    }
}

fn sheet(leaf: &Leaf, may_open: bool) -> Sheet {
    let Leaf { id, number, width, height, size, .. } = *leaf;
    Sheet { id, number, width, height, size, may_open }
}

/// The company's level, what each function needs, and where the cases stand.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "VerificationOverview")]
#[template(path = "identity/verification/overview.html")]
pub struct Overview {
    /// The level that the company has.
    pub level: Level,
    /// What it may do at which level.
    pub functions: Vec<Levelled>,
    /// Its cases, and the reader's own.
    pub cases: Vec<View>,
    /// Whether the reader may act on those of the company: an owner.
    pub may_act: bool,
}

impl Overview {
    /// Of a member's company.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, member: &Member) -> Result<Self, db::Error> {
        let is_theirs = |kind: &Kind| !kind.is_personal() || kind.admits(member).is_ok();
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_of_side(member)).filter(is_theirs);
        let cases = kinds.map(|kind| View::of_member(tx, member, kind)).collect::<Result<_, _>>()?;
        let may_act = member.duties.has(Duty::Owner);
        Ok(Self { level: member.level(), functions: FUNCTIONS.to_vec(), cases, may_act })
    }

    fn levels(&self) -> [Level; 4] {
        Level::ALL
    }
}

/// A case for the company's people.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "VerificationShown")]
#[template(path = "identity/verification/show.html")]
pub struct Shown {
    /// The case.
    pub case: View,
    /// Whether the reader may act on it.
    pub may_act: bool,
    /// The reader's own identity document as they have given it, the number masked: opened on record.
    pub document: Option<Seen>,
    /// Who can be asked whether its facts are so; none where nobody is entrusted.
    pub attestor: Option<String>,
    /// The question that the page's form would ask.
    #[serde(skip)]
    pub question: Id<Attestation>,
    /// As typed.
    pub form: Form,
}

impl Shown {
    /// For this member.
    pub fn to(app: &App, member: &Member, case: View, form: Form) -> Self {
        let open = app.attestor().filter(|attestor| attestor.is_entrusted(app.clock().now(), app.zone()));
        let attestor = open.filter(|_| case.kind.is_attestable()).map(|attestor| attestor.name().to_owned());
        let question = app.random().id();
        Self { may_act: case.kind.admits(member).is_ok(), document: None, attestor, question, case, form }
    }
}
