//! What is verified, by which steps, and what a reviewer compares in each.

use schemars::JsonSchema;
use serde::Serialize;

/// A kind of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationKind")]
pub enum Kind {
    /// That the company is what it says, and that whoever registered it may act for it.
    Company,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Company];

    /// As it is stored, and as it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Company => "company",
        }
    }

    /// The kind of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its steps, in order.
    pub fn steps(self) -> &'static [Step] {
        match self {
            Self::Company => &[Step::Licence, Step::Letter],
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("verification-kind-{}", self.code())
    }

    /// Key of what it is for, in a sentence.
    pub fn about(self) -> String {
        format!("verification-kind-{}-about", self.code())
    }
}

/// A step of a case: something that is handed in and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationStep")]
pub enum Step {
    /// The business licence (营业执照).
    Licence,
    /// The company's sealed letter that lets this person act for it (授权书).
    Letter,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Licence, Self::Letter];

    /// As it is stored, and as it stands in addresses and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::Letter => "letter",
        }
    }

    /// The step of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// What must hold before it is accepted; each is ticked.
    pub fn checks(self) -> &'static [&'static str] {
        match self {
            Self::Licence => &["name", "code", "valid"],
            Self::Letter => &["seal", "person", "scope"],
        }
    }

    /// The fields of the decision's form: the outcome, the ticks, the reason.
    pub fn fields(self) -> [&'static str; 3] {
        match self {
            Self::Licence => ["licence", "licence_checks", "licence_reason"],
            Self::Letter => ["letter", "letter_checks", "letter_reason"],
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("verification-step-{}", self.code())
    }

    /// Key of what is to be handed in.
    pub fn hint(self) -> String {
        format!("verification-step-{}-hint", self.code())
    }

    /// Key of a check's sentence.
    pub fn check(self, check: &str) -> String {
        format!("verification-check-{}-{check}", self.code())
    }
}
