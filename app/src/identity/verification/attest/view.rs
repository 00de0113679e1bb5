//! What the pages show of an attestation, and what their JSON says.

use super::facts::{Fact, Facts};
use super::store::Asked;
use super::{State, Trouble};
use crate::web::Instant;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// An attestation beside the case that it is for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationAttestation")]
pub struct Attested {
    /// How it stands.
    pub state: State,
    /// Whether it stands for a paper: confirmed, lately, of the facts as they are.
    pub counts: bool,
    /// Whether the facts are others than those that were asked.
    pub is_of_others: bool,
    /// Whether it asks whether name and number of an identity document belong to one person.
    pub asks_person: bool,
    /// Whether it asks about the company.
    pub asks_company: bool,
    /// When it was asked for.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// When the service answered.
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
    /// How often the service was asked.
    pub tries: i64,
    /// When it is asked again.
    #[schemars(with = "Option<Instant>")]
    pub due_at: Option<Timestamp>,
    /// Why the last try came to nothing.
    pub trouble: Option<Trouble>,
    /// Which facts its records have otherwise.
    pub differs: Vec<Fact>,
    /// How many answers did not count; for reviewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<i64>,
    /// By which the service knows its answer again; for reviewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl Attested {
    /// One beside the facts as they stand, for a reviewer.
    pub fn of(asked: &Asked, facts: &Facts, now: Timestamp) -> Self {
        Self {
            state: asked.state,
            counts: asked.counts(facts, now),
            is_of_others: !asked.is_about(facts),
            asks_person: asked.facts.document.is_some(),
            asks_company: asked.facts.ask_company(),
            asked_at: asked.asked_at,
            answered_at: asked.answered_at,
            tries: asked.tries,
            due_at: asked.due_at,
            trouble: asked.trouble,
            differs: asked.differs.clone(),
            refused: Some(asked.refused),
            token: asked.token.clone(),
        }
    }

    /// The same for the company's people.
    pub fn for_its_people(self) -> Self {
        Self { refused: None, token: None, ..self }
    }

    /// Key of why it was given up, for its people: what was wrong with an answer is not theirs to mend.
    pub fn why(&self) -> String {
        match self.trouble {
            Some(trouble @ (Trouble::Off | Trouble::Contract | Trouble::Changed | Trouble::Shut)) => trouble.word(),
            _ => "attestation-no-answer".to_owned(),
        }
    }

    /// Whether it was confirmed once and stands for no paper any more.
    pub fn has_lapsed(&self) -> bool {
        self.state == State::Confirmed && !self.counts
    }
}
