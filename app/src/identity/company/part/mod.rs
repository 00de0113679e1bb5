//! What a company says of itself, part by part (企业信息, clauses 3.2 and 6.5): one part, one form. Each filing is a version,
//! and none is rewritten, so that the company as it was on any day can be read.
//!
//! A change re-opens the review of its own part and of no other. What the rest of the platform knows a company by (name, credit
//! code, sides: the row in `company`) follows the part *identity* as it was reviewed last; before a company is approved it
//! follows each filing, since the whole of it waits for the operator anyway.
//!
//! Everything here is company data but the name of who stands for the company, which is sealed ([`representative`]).

pub mod addresses;
pub mod bank;
mod choice;
mod file;
pub mod group;
mod history;
pub mod identity;
pub mod industry;
mod line;
mod listed;
mod operation;
mod page;
pub mod permits;
mod remind;
pub mod representative;
mod review;
mod store;
mod sweep;

pub use bank::Bank;
pub(crate) use choice::choices;
pub use choice::{DocumentKind, Kind, Nature, Relation, Role, Statement};
pub use file::named;
pub use history::stood_shut;
pub use line::{Difference, Line, Value, differences};
pub use operation::routes;
pub use page::{AsOf, Stood};
pub use remind::{soon, step as remind};
pub use review::{is_reopened, is_reviewed, reopen, review, review_all};
pub use store::{Overview, closed, newest, overview, prepared, registered, reviewed};
pub use sweep::{SWEEP, step as sweep};

use crate::web::Form;
use jiff::Timestamp;
use kit::event::Fact;
use kit::id::Id;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CompanyPart")]
pub enum Part {
    /// What it is, its name and code, its industry, its sides.
    Identity,
    /// Who stands for it.
    Representative,
    /// Where it is registered, and where post reaches it.
    Addresses,
    /// Permits, or that none is needed; documents that end.
    Permits,
    /// Its group, and who controls whom.
    Group,
    /// Its own bank account.
    Bank,
}

impl Part {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Identity, Self::Representative, Self::Addresses, Self::Permits, Self::Group, Self::Bank];

    /// The stored code, which is also the end of its path.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Representative => "representative",
            Self::Addresses => "addresses",
            Self::Permits => "permits",
            Self::Group => "group",
            Self::Bank => "bank",
        }
    }

    /// The part of this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identity => "company-part-identity",
            Self::Representative => "company-part-representative",
            Self::Addresses => "company-part-addresses",
            Self::Permits => "company-part-permits",
            Self::Group => "company-part-group",
            Self::Bank => "company-part-bank",
        }
    }

    /// Its own page.
    pub fn path(self) -> String {
        format!("/company/{}", self.code())
    }
}

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CompanyPartState")]
pub enum Standing {
    /// Filed, and never found true yet.
    Filed,
    /// Found true as it stands.
    Reviewed,
    /// Was found true, and has been changed or has to be looked at again.
    Reopened,
}

impl Standing {
    /// The standing that a code means; an unknown one counts as not reviewed.
    fn of_code(code: &str) -> Self {
        match code {
            "reviewed" => Self::Reviewed,
            "reopened" => Self::Reopened,
            _ => Self::Filed,
        }
    }

    /// Colour, glyph and the key of the word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Filed => ("warn", "hourglass", "company-standing-filed"),
            Self::Reviewed => ("live", "ok", "company-standing-reviewed"),
            Self::Reopened => ("warn", "hourglass", "company-standing-reopened"),
        }
    }
}

/// What stands in a part, without what is sealed.
pub trait Content: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static {
    /// Which part.
    const PART: Part;

    /// Its facts, for pages and for what differs between two versions.
    fn lines(&self) -> Vec<Line>;

    /// Its form, filled in.
    fn form(&self) -> Form;
}

/// A version of a part.
#[derive(Clone, Debug)]
pub struct Version<C> {
    /// Its number, from 1.
    pub number: i64,
    /// What stands in it.
    pub content: C,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it was found true, if it was.
    pub reviewed_at: Option<Timestamp>,
}

/// A company filed a part anew.
#[derive(Serialize, Deserialize)]
pub struct Filed {
    /// Which company.
    pub company: Id<super::Company>,
    /// Which part.
    pub part: Part,
    /// Which version of it.
    pub version: i64,
}

impl Fact for Filed {
    const KIND: &'static str = "company.part-filed";
}

/// A part was found true.
#[derive(Serialize, Deserialize)]
pub struct Reviewed {
    /// Which company.
    pub company: Id<super::Company>,
    /// Which part.
    pub part: Part,
    /// Which version of it.
    pub version: i64,
}

impl Fact for Reviewed {
    const KIND: &'static str = "company.part-reviewed";
}

/// The lines of what a company registered with, before it has filed anything.
pub fn known(name: &str, credit_code: &str, buyer: bool, provider: bool) -> Vec<Line> {
    identity::Identity::known(name, credit_code, buyer, provider).lines()
}

/// The lines of a stored part, whichever it is; none where its form is not known any more.
fn lines(part: Part, content: &str) -> Vec<Line> {
    fn of<C: Content>(content: &str) -> Vec<Line> {
        serde_json::from_str::<C>(content).map(|content| content.lines()).unwrap_or_default()
    }
    match part {
        Part::Identity => of::<identity::Identity>(content),
        Part::Representative => of::<representative::Representative>(content),
        Part::Addresses => of::<addresses::Addresses>(content),
        Part::Permits => of::<permits::Permits>(content),
        Part::Group => of::<group::Group>(content),
        Part::Bank => of::<Bank>(content),
    }
}
