//! Why a try to ask came to nothing, or nothing is sent at all.

use kit::outgoing::Error as Unsent;
use schemars::JsonSchema;
use serde::Serialize;

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationTrouble")]
pub enum Trouble {
    /// Nobody is there, or the connection broke.
    #[error("the service cannot be reached")]
    Unreachable,
    /// It cannot prove who it is.
    #[error("the service's certificate is not that of its host")]
    Certificate,
    /// No answer in time.
    #[error("the service did not answer in time")]
    Slow,
    /// It leads elsewhere, and nobody follows.
    #[error("the service leads to another address, which is not followed")]
    Redirect,
    /// Another status than success: it does not know the key, or is not well.
    #[error("the service answered with another status than 200")]
    Status,
    /// More than an answer may have.
    #[error("the answer is longer than 16 KiB")]
    Oversized,
    /// The signature is missing, or not that of the secret.
    #[error("the answer is not signed with the secret")]
    Forged,
    /// It answers another request.
    #[error("the answer is that to another request")]
    Replayed,
    /// Its time is not now.
    #[error("the answer's time differs from ours by more than five minutes: look at both clocks")]
    Stale,
    /// It is about another question.
    #[error("the answer is about another question")]
    AnotherQuestion,
    /// It is about other values than those asked.
    #[error("the answer is about other values than those asked")]
    OtherValues,
    /// No answer as the format has it.
    #[error("the answer has not the form of docs/attestation.md")]
    Malformed,
    /// Nothing is sent: no service is configured any more.
    #[error("no service is configured")]
    Off,
    /// Nothing is sent: the contract with who runs it is over.
    #[error("the contract with who runs the service is over")]
    Contract,
    /// Nothing is sent: the case was decided, or its facts have changed.
    #[error("there is nothing to ask any more")]
    Changed,
    /// Nothing is sent: the vault does not open the name.
    #[error("the name does not open any more")]
    Shut,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Unreachable,
        Self::Certificate,
        Self::Slow,
        Self::Redirect,
        Self::Status,
        Self::Oversized,
        Self::Forged,
        Self::Replayed,
        Self::Stale,
        Self::AnotherQuestion,
        Self::OtherValues,
        Self::Malformed,
        Self::Off,
        Self::Contract,
        Self::Changed,
        Self::Shut,
    ];

    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Certificate => "certificate",
            Self::Slow => "slow",
            Self::Redirect => "redirect",
            Self::Status => "status",
            Self::Oversized => "oversized",
            Self::Forged => "forged",
            Self::Replayed => "replayed",
            Self::Stale => "stale",
            Self::AnotherQuestion => "another-question",
            Self::OtherValues => "other-values",
            Self::Malformed => "malformed",
            Self::Off => "off",
            Self::Contract => "contract",
            Self::Changed => "changed",
            Self::Shut => "shut",
        }
    }

    /// The trouble of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }

    /// Whether something came back, and was refused.
    pub fn is_refusal(self) -> bool {
        use Trouble::{AnotherQuestion, Forged, Malformed, OtherValues, Oversized, Redirect, Replayed, Stale};
        matches!(self, Redirect | Oversized | Forged | Replayed | Stale | AnotherQuestion | OtherValues | Malformed)
    }

    /// Key of its sentence.
    pub fn word(self) -> String {
        format!("attestation-trouble-{}", self.code())
    }
}

impl From<Unsent> for Trouble {
    fn from(unsent: Unsent) -> Self {
        match unsent {
            Unsent::Slow => Self::Slow,
            Unsent::Certificate => Self::Certificate,
            Unsent::Malformed => Self::Malformed,
            Unsent::Address | Unsent::Unknown | Unsent::Forbidden | Unsent::Unreachable => Self::Unreachable,
        }
    }
}
