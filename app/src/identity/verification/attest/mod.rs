//! Attestation (核验): a company has an entrusted service confirm its facts, as a step beside documents. What was confirmed by a
//! token need not be shown as a paper: the least data do. A reviewer still decides, and may ask for the paper nevertheless.
//!
//! What is sent is the registered name, the credit code and the name of who stands for the company; a person who is verified may
//! also have it asked whether the name and the number that they typed from their resident identity card belong to one person. What
//! is sealed is opened for that purpose and that recipient alone, on record. The service is asked by a job in the lane that waits for nobody but others' servers, a bounded number of times. Without a
//! service reviewers compare documents, as they do when it does not answer.

mod attestor;
mod facts;
mod handle;
mod job;
mod offer;
mod store;
mod trouble;
mod view;
mod wire;

pub use attestor::{Attestor, Unfit};
pub use facts::Facts;
pub use handle::{ask, withdraw};
pub use job::{KIND, run};
pub use store::{Asked, newest, remove_all};
pub use trouble::Trouble;
pub use view::Attested;

use super::kind::{Kind, Step};
use schemars::JsonSchema;
use serde::Serialize;

/// An attestation.
pub struct Attestation;

/// How one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationAttestationState")]
pub enum State {
    /// The service is being asked, or will be again.
    Waiting,
    /// It has confirmed every fact.
    Confirmed,
    /// Its records differ.
    Differs,
    /// Its records do not tell.
    Unsaid,
    /// It gave no answer that counts, or could not be asked.
    GivenUp,
    /// The company has withdrawn it.
    Withdrawn,
}

impl State {
    const ALL: [Self; 6] =
        [Self::Waiting, Self::Confirmed, Self::Differs, Self::Unsaid, Self::GivenUp, Self::Withdrawn];

    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Confirmed => "confirmed",
            Self::Differs => "differs",
            Self::Unsaid => "unsaid",
            Self::GivenUp => "given-up",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of this code; an unknown one counts as given up.
    fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.code() == code).unwrap_or(Self::GivenUp)
    }

    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Waiting => ("warn", "hourglass", "attestation-waiting"),
            Self::Confirmed => ("live", "ok", "attestation-confirmed"),
            Self::Differs => ("bad", "warn", "attestation-differs"),
            Self::Unsaid => ("", "info", "attestation-unsaid"),
            Self::GivenUp => ("", "info", "attestation-given-up"),
            Self::Withdrawn => ("", "stop", "attestation-withdrawn"),
        }
    }
}

impl Kind {
    /// The step whose papers are not asked for once the facts are confirmed: the licence, and what names the legal
    /// representative. That somebody may act for the company, or uses an account, no register tells.
    pub fn attested(self) -> Option<Step> {
        match self {
            Self::Company => Some(Step::Licence),
            Self::LegalRepresentative => Some(Step::Appointment),
            Self::DemandSide | Self::AuthorisedBidder | Self::BankAccount => None,
        }
    }

    /// Whether there is anything to ask: facts of the company, or of the person whom it is about.
    pub fn is_attestable(self) -> bool {
        self.attested().is_some() || self.is_personal()
    }
}
