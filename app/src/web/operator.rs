//! Somebody of the operator who acts, in the duty that a route names.

use super::actor::Person;
use super::error::Error;
use super::operator_duty::{OperatorDuties, OperatorDuty};
use crate::identity::account::operator;
use kit::db::Tx;
use policy::Control;
use std::ops::Deref;
use vault::Standing;

/// A person of the operator (运营方), whatever their duties.
#[derive(Clone, Debug)]
pub struct Operator {
    pub(super) person: Person,
    /// What they may do now.
    pub duties: OperatorDuties,
    /// The duty that they act in: the one that the route names.
    acting: Option<OperatorDuty>,
}

impl Operator {
    pub(super) fn new(person: Person, duties: OperatorDuties) -> Self {
        Self { person, duties, acting: None }
    }

    /// The same, acting in this duty.
    pub(super) fn acting(self, duty: OperatorDuty) -> Self {
        Self { acting: Some(duty), ..self }
    }

    /// Refuses, in the unit of an act, who was erased or has lost the duty that they act in since the request was read.
    ///
    /// # Errors
    /// 401; 403 with the duty's code; 503 when the database cannot be asked.
    pub fn still(&self, tx: &mut Tx) -> Result<(), Error> {
        if vault::standing(tx, self.person.subject())? != Some(Standing::Active) {
            return Err(Error::unauthenticated());
        }
        let Some(duty) = self.acting.filter(|_| policy::holds(Control::DutiesAgain)) else { return Ok(()) };
        let (held, now) = (operator::held_by(tx, self.person.account())?, tx.now());
        let holds = held.is_some_and(|held| held.has(duty, now));
        if holds { Ok(()) } else { Err(Error::forbidden(duty.missing())) }
    }
}

impl Deref for Operator {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}
