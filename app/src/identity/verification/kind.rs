//! What is verified, of whom, and who hands it in; by which steps, see [`super::step`].

pub use super::step::Step;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::identity::people::Duty;
use crate::web::{Error, Level, Member};
use jiff::SignedDuration;
use kit::id::Id;
use policy::period;
use schemars::JsonSchema;
use serde::Serialize;

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
    /// That an owner is the company's legal representative (法定代表人), through whom it acts.
    LegalRepresentative,
    /// That a member who bids for it is who they say, and works for it (授权投标人).
    AuthorisedBidder,
    /// That the account it has filed is its own, on a paper of the bank's (对公账户).
    BankAccount,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Company, Self::DemandSide, Self::BankAccount, Self::LegalRepresentative, Self::AuthorisedBidder];

    /// As it is stored, and as it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::DemandSide => "demand-side",
            Self::LegalRepresentative => "legal-representative",
            Self::AuthorisedBidder => "authorised-bidder",
            Self::BankAccount => "bank-account",
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
            Self::LegalRepresentative => &[Step::Identity, Step::Appointment, Step::Statement],
            Self::AuthorisedBidder => &[Step::Identity, Step::Employment, Step::Mandate],
            Self::BankAccount => &[Step::Account],
        }
    }

    /// For how long it holds before it is looked at again, which may begin [`AHEAD`] of the end.
    pub fn lasts(self) -> SignedDuration {
        SignedDuration::from_hours(period::VERIFICATION.hours())
    }

    /// Whether it is about a person, who alone hands it in.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::LegalRepresentative | Self::AuthorisedBidder)
    }

    /// Whose case it is among those of a company: the company's, or the person's.
    pub fn holder(self, company: Id<Company>, account: Id<Account>) -> [u8; 16] {
        if self.is_personal() { *account.as_bytes() } else { *company.as_bytes() }
    }

    /// Refuses a company that has no such case: not on that side, or not verified as a company yet.
    ///
    /// # Errors
    /// 403 `buyers-only`, `providers-only`, `company-pending`, `company-refused`.
    pub fn concerns(self, member: &Member) -> Result<(), Error> {
        if !self.is_of_side(member) {
            return Err(Error::forbidden(if self == Self::DemandSide { "buyers-only" } else { "providers-only" }));
        }
        member.reaches(self.after())
    }

    /// Whether companies of its side have such cases.
    pub fn is_of_side(self, member: &Member) -> bool {
        match self {
            Self::Company | Self::LegalRepresentative | Self::BankAccount => true,
            Self::DemandSide => member.is_buyer,
            Self::AuthorisedBidder => member.is_provider,
        }
    }

    /// The level that comes before it.
    pub fn after(self) -> Level {
        if self == Self::Company { Level::Contact } else { Level::Overdue }
    }

    /// Refuses who does not act on it: an owner does, and on their own case whoever bids.
    ///
    /// # Errors
    /// 403 `duty-owner`, `duty-bidder`.
    pub fn admits(self, member: &Member) -> Result<(), Error> {
        let (duty, code) = match self {
            Self::AuthorisedBidder => (Duty::Bidder, "duty-bidder"),
            _ => (Duty::Owner, "duty-owner"),
        };
        // A person's own case is theirs: nobody is verified as a bidder by standing in for one.
        if member.own_duties.has(duty) { Ok(()) } else { Err(Error::forbidden(code)) }
    }

    /// Its icon.
    pub fn glyph(self) -> &'static str {
        if self.is_personal() { "user" } else { "company" }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("verification-kind-{}", self.code())
    }

    /// Key of what is had once it is accepted, in a sentence.
    pub fn accepted(self) -> String {
        format!("verification-kind-{}-accepted", self.code())
    }

    /// Key of what it is for, in a sentence.
    pub fn about(self) -> String {
        format!("verification-kind-{}-about", self.code())
    }

    /// Key of who acts on it, in a sentence.
    pub fn actor(self) -> String {
        format!("verification-kind-{}-actor", self.code())
    }
}
