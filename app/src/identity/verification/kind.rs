//! What is verified, by which steps, and what a reviewer compares in each.

use crate::web::{Error, Level, Member};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Serialize;

/// How long what was accepted holds before it is looked at again.
const A_YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

/// How long before its end a re-check may begin, and its people are told that it ends.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A kind of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationKind")]
pub enum Kind {
    /// That the company is what it says, and that whoever registered it may act for it.
    Company,
    /// That it buys, and how it uses what it learns of others (需求方): the contacts of providers are for such companies only.
    DemandSide,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Company, Self::DemandSide];

    /// As it is stored, and as it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::DemandSide => "demand-side",
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
            Self::DemandSide => &[Step::Need, Step::Undertaking],
        }
    }

    /// For how long it holds; without end where none is named. A re-check may begin [`AHEAD`] of the end.
    pub fn lasts(self) -> Option<SignedDuration> {
        match self {
            Self::Company => None,
            Self::DemandSide => Some(A_YEAR),
        }
    }

    /// Refuses a company that has no such case: not on that side, or not verified as a company yet.
    ///
    /// # Errors
    /// 403 `buyers-only`, `company-pending`, `company-refused`.
    pub fn concerns(self, member: &Member) -> Result<(), Error> {
        if !self.is_of_side(member) {
            return Err(Error::forbidden("buyers-only"));
        }
        member.reaches(self.after())
    }

    /// Whether companies of its side have such cases.
    pub fn is_of_side(self, member: &Member) -> bool {
        self == Self::Company || member.is_buyer
    }

    /// The level that comes before it.
    pub fn after(self) -> Level {
        if self == Self::Company { Level::Contact } else { Level::Company }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("verification-kind-{}", self.code())
    }

    /// Key of what a company has once it is accepted, in a sentence.
    pub fn accepted(self) -> String {
        format!("verification-kind-{}-accepted", self.code())
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
    /// What shows that it buys: an approved project, budget or purchase plan (采购需求证明).
    Need,
    /// Its sealed undertaking to use contacts for purchasing only (需求方承诺书).
    Undertaking,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Licence, Self::Letter, Self::Need, Self::Undertaking];

    /// As it is stored, and as it stands in addresses and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::Letter => "letter",
            Self::Need => "need",
            Self::Undertaking => "undertaking",
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
            Self::Need => &["name", "purchase", "recent"],
            Self::Undertaking => &["seal", "use", "deletion"],
        }
    }

    /// The fields of the decision's form: the outcome, the ticks, the reason.
    pub fn fields(self) -> [&'static str; 3] {
        match self {
            Self::Licence => ["licence", "licence_checks", "licence_reason"],
            Self::Letter => ["letter", "letter_checks", "letter_reason"],
            Self::Need => ["need", "need_checks", "need_reason"],
            Self::Undertaking => ["undertaking", "undertaking_checks", "undertaking_reason"],
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
