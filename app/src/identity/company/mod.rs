//! A company (公司): a demand side, a provider, or both, approved by the operator.

use serde::Serialize;

/// A company.
pub struct Company;

/// Whether the operator has approved a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waiting for the operator.
    Pending,
    /// May publish, bid and answer.
    Approved,
    /// Refused with a reason; may be corrected and handed in again.
    Refused,
}

impl State {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// The state that a code means; an unknown one counts as refused (fail closed).
    pub fn from_code(code: &str) -> Self {
        match code {
            "pending" => Self::Pending,
            "approved" => Self::Approved,
            _ => Self::Refused,
        }
    }
}
