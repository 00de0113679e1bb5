//! The steps of cases: what is handed in, and what a reviewer compares in each.

use schemars::JsonSchema;
use serde::Serialize;

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
    /// The person's identity document: a page of it beside the name and number on it (身份证件).
    Identity,
    /// What names the person as legal representative: an extract of the register, an appointment (任职证明).
    Appointment,
    /// The person's own signed statement that this account is theirs (本人声明).
    Statement,
    /// The company's sealed statement that the person works for it (在职证明).
    Employment,
    /// A scan of the signed letter of authorisation (授权委托书扫描件); may be left out.
    Mandate,
    /// The bank's paper about the company's account (开户证明).
    Account,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Licence,
        Self::Letter,
        Self::Need,
        Self::Undertaking,
        Self::Identity,
        Self::Appointment,
        Self::Statement,
        Self::Employment,
        Self::Mandate,
        Self::Account,
    ];

    /// As it is stored, and as it stands in addresses and forms.
    pub fn code(self) -> &'static str {
        self.fields()[0]
    }

    /// The step of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Whether its person types what stands on it, beside its pages.
    pub fn is_identity(self) -> bool {
        self == Self::Identity
    }

    /// Whether a case is complete without it.
    pub fn is_optional(self) -> bool {
        self == Self::Mandate
    }

    /// What must hold before it is accepted; each is ticked.
    pub fn checks(self) -> &'static [&'static str] {
        match self {
            Self::Licence => &["name", "code", "valid"],
            Self::Letter => &["seal", "person", "scope"],
            Self::Need => &["name", "purchase", "recent"],
            Self::Undertaking => &["seal", "use", "deletion"],
            Self::Identity => &["person", "number", "valid", "adult"],
            Self::Appointment => &["name", "register", "recent"],
            Self::Statement => &["signed", "same", "account"],
            Self::Employment => &["seal", "person", "recent"],
            Self::Mandate => &["seal", "person", "scope"],
            Self::Account => &["holder", "number", "bank"],
        }
    }

    /// The fields of the decision's form: the outcome, the ticks, the reason.
    pub fn fields(self) -> [&'static str; 3] {
        match self {
            Self::Licence => ["licence", "licence_checks", "licence_reason"],
            Self::Letter => ["letter", "letter_checks", "letter_reason"],
            Self::Need => ["need", "need_checks", "need_reason"],
            Self::Undertaking => ["undertaking", "undertaking_checks", "undertaking_reason"],
            Self::Identity => ["identity", "identity_checks", "identity_reason"],
            Self::Appointment => ["appointment", "appointment_checks", "appointment_reason"],
            Self::Statement => ["statement", "statement_checks", "statement_reason"],
            Self::Employment => ["employment", "employment_checks", "employment_reason"],
            Self::Mandate => ["mandate", "mandate_checks", "mandate_reason"],
            Self::Account => ["account", "account_checks", "account_reason"],
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
