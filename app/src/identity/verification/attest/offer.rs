//! What a service is offered to be asked about a case, in words.

use super::Attested;
use crate::identity::verification::case::StepState;
use crate::identity::verification::page::{StepView, View};

impl View {
    /// Whether they may be asked about now, beside this step.
    pub fn may_ask(&self, one: &StepView) -> bool {
        let is_known = |asked: &Attested| asked.counts && (asked.asks_person || !self.asks_person);
        let is_known = self.attestation.as_ref().is_some_and(is_known);
        let lacks = one.state == StepState::Missing && !one.step.is_identity();
        let beside = self.asks_person && matches!(one.state, StepState::Given | StepState::Attested);
        self.is_open() && (lacks || beside) && !is_known && !self.is_being_attested()
    }

    /// Key of what a service is offered to be asked.
    pub fn offer(&self) -> &'static str {
        match (self.kind.attested().is_some(), self.asks_person) {
            (false, _) => "attestation-offer-person",
            (true, true) => "attestation-offer-both",
            (true, false) => "attestation-offer",
        }
    }

    /// Key of what is sent to it.
    pub fn offer_sends(&self) -> String {
        self.offer().replace("attestation-offer", "attestation-offer-sends")
    }

    /// Key of what it has confirmed.
    pub fn confirmed_word(&self) -> &'static str {
        if self.kind.attested().is_some() { "attestation-confirmed" } else { "attestation-confirmed-person" }
    }

    /// Key of what that means.
    pub fn confirmed_text(&self) -> &'static str {
        match &self.attestation {
            Some(asked) if !asked.asks_company => "attestation-confirmed-text-person",
            Some(asked) if asked.asks_person => "attestation-confirmed-text-both",
            _ => "attestation-confirmed-text",
        }
    }
}
