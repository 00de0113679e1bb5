//! A verification case (实名认证) as a machine without stores: which act its state allows, and what it becomes.
//!
//! A case is filled in step by step, handed in, claimed by one reviewer for a while, and decided: each step is accepted or
//! refused. A refused step goes back alone; what was accepted stays. Time is an argument, so that a claim ends by itself.

use super::kind::{Kind, Step};
pub use super::state::{State, StepState};
use crate::identity::account::Account;
use crate::web::Error;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use std::collections::{BTreeMap, BTreeSet};

/// How long a reviewer has a case for themselves.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(30);

/// A reviewer who has the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub by: Id<Account>,
    /// Until when nobody else may.
    pub until: Timestamp,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What is verified.
    pub kind: Kind,
    /// How it stands.
    pub state: State,
    /// Every step of its kind.
    pub steps: BTreeMap<Step, StepState>,
    /// Who reviews it.
    pub claim: Option<Claim>,
}

/// Why an act is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is with the reviewers, or decided.
    NotOpen,
    /// The step was accepted and stays so.
    StepAccepted,
    /// The kind has no such step.
    NoStep,
    /// A step is missing or was refused.
    Incomplete,
    /// It does not wait for a decision.
    NotHandedIn,
    /// Another reviewer has it.
    Claimed,
    /// The reviewer has not claimed it, or no longer has it.
    NotClaimed,
    /// Not every step was decided on, or others were.
    Unjudged,
    /// It was not refused.
    NotRefused,
    /// It was not accepted, or not drawn for a second look.
    NotSampled,
    /// It is not decided, or its kind is not shown anew.
    NotDecided,
}

impl Flaw {
    /// Stable code; `error-<code>` is its text.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotOpen => "verification-not-open",
            Self::StepAccepted => "verification-step-accepted",
            Self::NoStep => "not-found",
            Self::Incomplete => "verification-incomplete",
            Self::NotHandedIn => "verification-not-handed-in",
            Self::Claimed => "verification-claimed",
            Self::NotClaimed => "verification-not-claimed",
            Self::Unjudged => "verification-unjudged",
            Self::NotRefused => "verification-not-refused",
            Self::NotSampled => "verification-not-sampled",
            Self::NotDecided => "verification-not-decided",
        }
    }
}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        if flaw == Flaw::NoStep { Self::not_found() } else { Self::conflict(flaw.code()) }
    }
}

impl Case {
    /// An empty one.
    pub fn new(kind: Kind) -> Self {
        let steps = kind.steps().iter().map(|step| (*step, StepState::Missing)).collect();
        Self { kind, state: State::Open, steps, claim: None }
    }

    /// Who has it at this instant.
    pub fn claimed_by(&self, now: Timestamp) -> Option<Id<Account>> {
        self.claim.filter(|claim| now < claim.until).map(|claim| claim.by)
    }

    /// Something was handed in for a step. What was accepted is not touched any more.
    ///
    /// # Errors
    /// [`Flaw::NotOpen`], [`Flaw::NoStep`], [`Flaw::StepAccepted`].
    pub fn give(&mut self, step: Step) -> Result<(), Flaw> {
        if !self.is_open() {
            return Err(Flaw::NotOpen);
        }
        match self.steps.get_mut(&step) {
            None => Err(Flaw::NoStep),
            Some(StepState::Accepted) => Err(Flaw::StepAccepted),
            Some(state) => {
                *state = StepState::Given;
                Ok(())
            }
        }
    }

    /// It goes to the reviewers.
    ///
    /// # Errors
    /// [`Flaw::NotOpen`], [`Flaw::Incomplete`].
    pub fn hand_in(&mut self) -> Result<(), Flaw> {
        if !self.is_open() {
            return Err(Flaw::NotOpen);
        }
        if self.next_step().is_some() {
            return Err(Flaw::Incomplete);
        }
        (self.state, self.claim) = (State::HandedIn, None);
        Ok(())
    }

    /// It comes back before anybody has looked at it.
    ///
    /// # Errors
    /// [`Flaw::NotHandedIn`], [`Flaw::Claimed`].
    pub fn take_back(&mut self, now: Timestamp) -> Result<(), Flaw> {
        if self.state != State::HandedIn {
            return Err(Flaw::NotHandedIn);
        }
        if self.claimed_by(now).is_some() {
            return Err(Flaw::Claimed);
        }
        (self.state, self.claim) = (State::Open, None);
        Ok(())
    }

    /// A reviewer takes it up, alone; again by the same, it lasts anew.
    ///
    /// # Errors
    /// [`Flaw::NotHandedIn`], [`Flaw::Claimed`].
    pub fn take_up(&mut self, by: Id<Account>, now: Timestamp) -> Result<(), Flaw> {
        if self.state != State::HandedIn {
            return Err(Flaw::NotHandedIn);
        }
        if self.claimed_by(now).is_some_and(|other| other != by) && policy::holds(policy::Control::OneReviewer) {
            return Err(Flaw::Claimed);
        }
        self.claim = Some(Claim { by, until: now.checked_add(CLAIM).unwrap_or(now) });
        Ok(())
    }

    /// A second reviewer takes up what was accepted, alone.
    ///
    /// # Errors
    /// [`Flaw::NotSampled`], [`Flaw::Claimed`].
    pub fn look_again(&mut self, by: Id<Account>, now: Timestamp) -> Result<(), Flaw> {
        if self.state != State::Accepted {
            return Err(Flaw::NotSampled);
        }
        if self.claimed_by(now).is_some_and(|other| other != by) && policy::holds(policy::Control::OneReviewer) {
            return Err(Flaw::Claimed);
        }
        self.claim = Some(Claim { by, until: now.checked_add(CLAIM).unwrap_or(now) });
        Ok(())
    }

    /// A reviewer lets it go.
    ///
    /// # Errors
    /// [`Flaw::NotClaimed`].
    pub fn let_go(&mut self, by: Id<Account>, now: Timestamp) -> Result<(), Flaw> {
        if self.claimed_by(now) != Some(by) {
            return Err(Flaw::NotClaimed);
        }
        self.claim = None;
        Ok(())
    }

    /// What one reviewer accepted another does not: it waits for a decision again, on each step whose papers are there.
    ///
    /// # Errors
    /// [`Flaw::NotSampled`].
    pub fn contest(&mut self, shown: &BTreeSet<Step>) -> Result<(), Flaw> {
        if self.state != State::Accepted {
            return Err(Flaw::NotSampled);
        }
        for (step, state) in &mut self.steps {
            if *state == StepState::Accepted && shown.contains(step) {
                *state = StepState::Given;
            }
        }
        // What was accepted before identity documents were asked for goes back for one: nobody could accept it without.
        let lacks_identity = self.steps.get(&Step::Identity) == Some(&StepState::Missing);
        (self.state, self.claim) = (if lacks_identity { State::Returned } else { State::HandedIn }, None);
        Ok(())
    }

    /// What a step would show is confirmed: nothing needs to be handed in for it. What is there, or was decided on, stays.
    pub fn attest(&mut self, step: Step) {
        if let Some(state) = self.steps.get_mut(&step).filter(|state| **state == StepState::Missing) {
            *state = StepState::Attested;
        }
    }

    /// Decides on every step that was given or attested: true accepts. One that is refused sends the case back.
    ///
    /// # Errors
    /// [`Flaw::NotHandedIn`], [`Flaw::NotClaimed`], [`Flaw::Incomplete`], [`Flaw::Unjudged`].
    pub fn decide(&mut self, by: Id<Account>, now: Timestamp, outcomes: &BTreeMap<Step, bool>) -> Result<(), Flaw> {
        self.with(by, now)?;
        // An appeal may come without documents: then the public register decides.
        if self.next_step().is_some() {
            return Err(Flaw::Incomplete);
        }
        let given = self.steps.iter().filter(|(_, state)| state.awaits()).map(|(step, _)| step);
        if !given.eq(outcomes.keys()) {
            return Err(Flaw::Unjudged);
        }
        for (step, accepted) in outcomes {
            self.steps.insert(*step, if *accepted { StepState::Accepted } else { StepState::Refused });
        }
        let is_whole = outcomes.values().all(|accepted| *accepted);
        (self.state, self.claim) = (if is_whole { State::Accepted } else { State::Returned }, None);
        Ok(())
    }

    /// Decides on the whole without documents: what the public register says is enough, or speaks against it.
    ///
    /// # Errors
    /// [`Flaw::NotOpen`] once it is decided, [`Flaw::Claimed`] while another has it.
    pub fn decide_whole(&mut self, by: Id<Account>, now: Timestamp, accepted: bool) -> Result<(), Flaw> {
        if matches!(self.state, State::Accepted | State::Refused) {
            return Err(Flaw::NotOpen);
        }
        if self.claimed_by(now).is_some_and(|other| other != by) {
            return Err(Flaw::Claimed);
        }
        (self.state, self.claim) = (if accepted { State::Accepted } else { State::Refused }, None);
        Ok(())
    }

    /// A refused one goes on, with what it had: the company has corrected what it says of itself.
    pub fn reopen(&mut self) {
        if self.state == State::Refused {
            self.state = State::Open;
        }
    }

    /// A refused one goes to the reviewers once more, as it is.
    ///
    /// # Errors
    /// [`Flaw::NotRefused`].
    pub fn appeal(&mut self) -> Result<(), Flaw> {
        if self.state != State::Refused {
            return Err(Flaw::NotRefused);
        }
        (self.state, self.claim) = (State::HandedIn, None);
        Ok(())
    }

    /// All of it is shown anew: what was accepted comes to its end, or what was refused is tried again. A company is no such
    /// case: it corrects what it says of itself.
    ///
    /// # Errors
    /// [`Flaw::NotDecided`].
    pub fn renew(&mut self) -> Result<(), Flaw> {
        if self.kind == Kind::Company || !matches!(self.state, State::Accepted | State::Refused) {
            return Err(Flaw::NotDecided);
        }
        *self = Self::new(self.kind);
        Ok(())
    }

    /// A company's own case is looked at again, and nothing has changed: it goes to the reviewers without papers.
    ///
    /// # Errors
    /// [`Flaw::NotDecided`].
    pub fn recheck(&mut self) -> Result<(), Flaw> {
        if self.kind != Kind::Company || self.state != State::Accepted {
            return Err(Flaw::NotDecided);
        }
        (self.state, self.claim) = (State::HandedIn, None);
        Ok(())
    }

    /// The same, and something has changed, or a reviewer wants to see papers: all of it is shown anew.
    ///
    /// # Errors
    /// [`Flaw::NotDecided`].
    pub fn show_again(&mut self) -> Result<(), Flaw> {
        if self.kind != Kind::Company || self.state != State::Accepted {
            return Err(Flaw::NotDecided);
        }
        *self = Self::new(self.kind);
        Ok(())
    }

    /// A reviewer has looked: it is so still, or papers are wanted.
    ///
    /// # Errors
    /// [`Flaw::NotHandedIn`], [`Flaw::NotClaimed`].
    pub fn look(&mut self, by: Id<Account>, now: Timestamp, is_so: bool) -> Result<(), Flaw> {
        self.with(by, now)?;
        if is_so {
            (self.state, self.claim) = (State::Accepted, None);
        } else {
            *self = Self { state: State::Returned, ..Self::new(self.kind) };
        }
        Ok(())
    }

    /// It is taken back before anybody has looked at it: what was accepted stands.
    ///
    /// # Errors
    /// [`Flaw::NotHandedIn`], [`Flaw::Claimed`].
    pub fn recheck_later(&mut self, now: Timestamp) -> Result<(), Flaw> {
        self.take_back(now)?;
        self.state = State::Accepted;
        Ok(())
    }

    /// What was given for a step is gone again: its time is over, or its person has left.
    pub fn lose(&mut self, step: Step) {
        if let Some(state) = self.steps.get_mut(&step).filter(|state| **state != StepState::Accepted) {
            *state = StepState::Missing;
            if self.state == State::HandedIn {
                (self.state, self.claim) = (State::Open, None);
            }
        }
    }

    /// What a step rests on is gone or has changed: it is given anew, whatever was decided on it. What was accepted as a whole, or
    /// waits for a decision, is not touched.
    pub fn forget(&mut self, step: Step) {
        if let Some(state) =
            self.steps.get_mut(&step).filter(|_| !matches!(self.state, State::Accepted | State::HandedIn))
        {
            *state = StepState::Missing;
        }
    }

    /// The first step that its people have to do something about.
    pub fn next_step(&self) -> Option<Step> {
        let waits = |(step, state): &(&Step, &StepState)| match state {
            StepState::Missing => !step.is_optional(),
            StepState::Refused => true,
            StepState::Given | StepState::Attested | StepState::Accepted => false,
        };
        self.steps.iter().find(waits).map(|(step, _)| *step)
    }

    /// Whether its people may change it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::Returned)
    }

    fn with(&self, by: Id<Account>, now: Timestamp) -> Result<(), Flaw> {
        match (self.state, self.claimed_by(now)) {
            (State::HandedIn, Some(reviewer)) if reviewer == by => Ok(()),
            (State::HandedIn, _) => Err(Flaw::NotClaimed),
            _ => Err(Flaw::NotHandedIn),
        }
    }
}

#[cfg(test)]
mod tests;
