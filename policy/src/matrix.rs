//! What the compiled matrix is made of.

use serde::Serialize;

use crate::{FIELDS, Mark, PURPOSES, RECIPIENTS, RETENTIONS, ROWS, Retention};

pub(crate) mod sealed {
    /// Cannot be named outside this crate, so that no other crate adds fields, purposes or recipients.
    pub trait Sealed {}
}

/// A kind of personal datum. Implemented by the types of [`crate::field`] only.
pub trait Field: sealed::Sealed + Send + Sync + 'static {
    /// As in `matrix.toml`.
    const ID: &'static str;
    /// Ordinary or sensitive (PIPL 28).
    const CLASS: Class;
    /// Decides under which of the subject's keys the field is sealed.
    const RETENTION: Retention;
}

/// A named function of the platform. Implemented by the types of [`crate::purpose`] only.
pub trait Purpose: sealed::Sealed + Send + Sync + 'static {
    /// As in `matrix.toml`.
    const ID: &'static str;
    /// Whether the company that a person belongs to must have authorised it beside the person's own consent.
    const COMPANY_AUTHORISES: bool;
}

/// Who gets the datum. Implemented by the types of [`crate::recipient`] only.
pub trait Recipient: sealed::Sealed + Send + Sync + 'static {
    /// As in `matrix.toml`.
    const ID: &'static str;
}

/// "This purpose may show field `F` to recipient `R`": one implementation per row of the matrix, none elsewhere.
#[diagnostic::on_unimplemented(
    message = "the policy does not permit purpose `{Self}` to open field `{F}` for recipient `{R}`",
    note = "permitted uses are the rows of policy/matrix.toml"
)]
pub trait Permits<F: Field, R: Recipient>: Purpose {
    /// On which ground of PIPL art. 13(1).
    const BASIS: Basis;
}

/// The grounds of PIPL art. 13(1). There is no "legitimate interest".
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Item 1.
    Consent,
    /// Item 2, first half: needed for a contract to which the individual is party.
    Contract,
    /// Item 2, second half: human resources under lawful labour rules or a collective contract.
    #[serde(rename = "hr")]
    HumanResources,
    /// Item 3: statutory duty.
    LegalDuty,
    /// Item 4: public health, or life, health and property in an emergency.
    Emergency,
    /// Item 5: news reporting and supervision by public opinion.
    News,
    /// Item 6: published by the individual or otherwise lawfully, within reason.
    Published,
    /// Item 7: other laws and administrative regulations.
    OtherLaw,
    /// None by itself: whichever of items 2 to 7 an approved exception case names (clause 5.4). An opening that rests on it
    /// is refused without such a case, and is recorded with what the case names.
    Case,
}

impl Basis {
    /// As in `matrix.toml`.
    pub const fn id(self) -> &'static str {
        match self {
            Basis::Consent => "consent",
            Basis::Contract => "contract",
            Basis::HumanResources => "hr",
            Basis::LegalDuty => "legal-duty",
            Basis::Emergency => "emergency",
            Basis::News => "news",
            Basis::Published => "published",
            Basis::OtherLaw => "other-law",
            Basis::Case => "case",
        }
    }

    /// The item of PIPL art. 13(1), 1 to 7; none where a case names it.
    pub const fn item(self) -> Option<u8> {
        Some(match self {
            Basis::Consent => 1,
            Basis::Contract | Basis::HumanResources => 2,
            Basis::LegalDuty => 3,
            Basis::Emergency => 4,
            Basis::News => 5,
            Basis::Published => 6,
            Basis::OtherLaw => 7,
            Basis::Case => return None,
        })
    }

    /// The grounds that need no consent, items 2 to 7: one of them is what an exception case names (clause 5.4).
    pub const WITHOUT_CONSENT: [Basis; 7] = [
        Basis::Contract,
        Basis::HumanResources,
        Basis::LegalDuty,
        Basis::Emergency,
        Basis::News,
        Basis::Published,
        Basis::OtherLaw,
    ];

    /// The ground of this id among [`Basis::WITHOUT_CONSENT`].
    pub fn without_consent(id: &str) -> Option<Basis> {
        Basis::WITHOUT_CONSENT.into_iter().find(|basis| basis.id() == id)
    }
}

/// PIPL 28.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Any personal datum that is not sensitive.
    Ordinary,
    /// Its leak easily harms dignity, person or property; needs an assessment.
    Sensitive,
}

/// Clauses 2.1, 2.2 and 5.4.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Without it there is no service.
    Basic,
    /// Agreed one by one; refusing it harms nothing else.
    Additional,
    /// No function at all: only for an approved case, each time.
    Exception,
}

/// What the months of a retention class are counted from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Starts {
    /// The account's cancellation.
    AccountEnd,
    /// The moment the datum was recorded.
    Recorded,
    /// The end of the consent that it was kept by.
    ConsentEnd,
}

impl Retention {
    /// Its line in [`RETENTIONS`].
    pub fn entry(self) -> &'static RetentionEntry {
        RETENTIONS.iter().find(|entry| entry.retention == self).expect("build.rs writes one entry per variant")
    }

    /// As in `matrix.toml`, and as stored beside keys.
    pub fn id(self) -> &'static str {
        self.entry().id
    }
}

/// A retention class, for pages and checks.
#[derive(Debug, Serialize)]
pub struct RetentionEntry {
    /// The class.
    #[serde(skip)]
    pub retention: Retention,
    /// As in `matrix.toml`.
    pub id: &'static str,
    /// In plain Chinese.
    pub zh: &'static str,
    /// In plain English.
    pub en: &'static str,
    /// Counted from.
    pub starts: Starts,
    /// Months from there; 0 is "at once".
    pub months: u32,
    /// The law that gives the number.
    pub source: &'static str,
    /// The same in Chinese.
    pub source_zh: &'static str,
}

/// A personal field, for pages and checks.
#[derive(Debug, Serialize)]
pub struct FieldEntry {
    /// As in `matrix.toml`.
    pub id: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Ordinary or sensitive.
    pub class: Class,
    /// How long.
    pub retention: Retention,
}

/// A purpose, for pages and checks.
#[derive(Debug, Serialize)]
pub struct PurposeEntry {
    /// As in `matrix.toml`.
    pub id: &'static str,
    /// Basic or additional.
    pub kind: Kind,
    /// The clause of the policy that announces it.
    pub clause: &'static str,
    /// In plain Chinese.
    pub zh: &'static str,
    /// In plain English.
    pub en: &'static str,
    /// Why PIPL 55 asks for an impact assessment, if it does.
    pub marks: &'static [Mark],
    /// Of an additional one: for how many months a consent holds before it is asked anew.
    pub consent_months: Option<u32>,
    /// Whether the person's company must have authorised it too.
    pub company_authorises: bool,
}

impl PurposeEntry {
    /// Its rows of the matrix: which fields, for whom.
    pub fn rows(&self) -> impl Iterator<Item = &'static RowEntry> + use<> {
        let id = self.id;
        ROWS.iter().filter(move |row| row.purpose == id)
    }

    /// What a consent to it covers, one use a word, in a fixed order: `field:recipient:retention`. A word that a consent
    /// did not have is a use that was never agreed to.
    pub fn scope(&self) -> String {
        let words: std::collections::BTreeSet<_> = self
            .rows()
            .filter_map(|row| {
                Some(format!("{}:{}:{}", row.field, row.recipient, field_named(row.field)?.retention.id()))
            })
            .collect();
        words.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// The functions that are agreed to one by one (clause 2.2), in the order of the matrix.
pub fn additional() -> impl Iterator<Item = &'static PurposeEntry> {
    PURPOSES.iter().filter(|purpose| purpose.kind == Kind::Additional)
}

/// The field of this id.
pub fn field_named(id: &str) -> Option<&'static FieldEntry> {
    FIELDS.iter().find(|field| field.id == id)
}

/// The recipient of this id.
pub fn recipient_named(id: &str) -> Option<&'static RecipientEntry> {
    RECIPIENTS.iter().find(|recipient| recipient.id == id)
}

/// A recipient, for pages and checks.
#[derive(Debug, Serialize)]
pub struct RecipientEntry {
    /// As in `matrix.toml`.
    pub id: &'static str,
    /// What it is to the operator.
    pub relation: Relation,
    /// In plain Chinese.
    pub zh: &'static str,
    /// In plain English.
    pub en: &'static str,
}

/// What a recipient is to the operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The person whose datum it is.
    #[serde(rename = "self")]
    Own,
    /// The company that the person stands for, and that brought the datum.
    Company,
    /// Who runs the platform.
    Operator,
    /// Processes for the operator (PIPL 21).
    Entrusted,
    /// Another processor (PIPL 23).
    Provided,
    /// Anybody (PIPL 25).
    Public,
    /// Outside the country (PIPL 38).
    Abroad,
}

/// A permitted use, for pages and checks.
#[derive(Debug, Serialize)]
pub struct RowEntry {
    /// Id in [`crate::FIELDS`].
    pub field: &'static str,
    /// Id in [`PURPOSES`].
    pub purpose: &'static str,
    /// The ground.
    pub basis: Basis,
    /// Id in [`crate::RECIPIENTS`].
    pub recipient: &'static str,
    /// The law or agreement that gives the ground.
    pub source: &'static str,
}

/// The purpose of this id; `None` is a purpose that was never declared, which a start-up check refuses.
pub fn purpose_named(id: &str) -> Option<&'static PurposeEntry> {
    PURPOSES.iter().find(|purpose| purpose.id == id)
}
