//! How a case and its steps stand: as they are stored, and as they are shown.

use crate::identity::company;
use schemars::JsonSchema;
use serde::Serialize;

/// How a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationState")]
pub enum State {
    /// Being filled in.
    #[default]
    Open,
    /// Waits for a reviewer, or is with one.
    HandedIn,
    /// Some step was refused and is to be handed in anew.
    Returned,
    /// Verified.
    Accepted,
    /// Refused as a whole.
    Refused,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationStepState")]
pub enum StepState {
    /// Nothing is there.
    Missing,
    /// Something is there that nobody has decided on.
    Given,
    /// Nothing is there, and nothing needs to be: the facts are confirmed (`attest`). Nobody has decided on it. It is not stored:
    /// it follows from the facts as they stand.
    Attested,
    /// Accepted.
    Accepted,
    /// Refused with a reason.
    Refused,
}

impl State {
    /// How the case of a company stands that was never begun: whoever was decided on before there were cases, was on what the
    /// public register says.
    pub fn before(company: company::State) -> Self {
        match company {
            company::State::Pending => Self::Open,
            company::State::Approved => Self::Accepted,
            company::State::Refused => Self::Refused,
        }
    }

    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HandedIn => "handed-in",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// The state of this code; an unknown one counts as refused (fail closed).
    pub fn of(code: &str) -> Self {
        let all = [Self::Open, Self::HandedIn, Self::Returned, Self::Accepted];
        all.into_iter().find(|state| state.code() == code).unwrap_or(Self::Refused)
    }

    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Open => ("", "edit", "verification-state-open"),
            Self::HandedIn => ("warn", "hourglass", "verification-state-handed-in"),
            Self::Returned => ("bad", "warn", "verification-state-returned"),
            Self::Accepted => ("live", "ok", "verification-state-accepted"),
            Self::Refused => ("bad", "stop", "verification-state-refused"),
        }
    }
}

impl StepState {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing | Self::Attested => "missing",
            Self::Given => "given",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// The state of this code; an unknown one counts as missing.
    pub fn of(code: &str) -> Self {
        let all = [Self::Given, Self::Accepted, Self::Refused];
        all.into_iter().find(|state| state.code() == code).unwrap_or(Self::Missing)
    }

    /// Whether a reviewer has to decide on it.
    pub fn awaits(self) -> bool {
        matches!(self, Self::Given | Self::Attested)
    }

    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Missing => ("", "upload", "verification-step-missing"),
            Self::Given => ("warn", "hourglass", "verification-step-given"),
            Self::Attested => ("live", "ok", "verification-step-attested"),
            Self::Accepted => ("live", "ok", "verification-step-accepted"),
            Self::Refused => ("bad", "warn", "verification-step-refused"),
        }
    }
}
