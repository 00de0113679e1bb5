//! What a demand is, which states it has and who may read it: pure rules, no I/O.

use crate::identity::company::Company;
use crate::sourcing::tender::Tender;
use crate::web::{Day, Instant};
use jiff::Timestamp;
use jiff::civil::Date;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a demand stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DemandState")]
pub enum State {
    /// 草稿: its company's own.
    Draft,
    /// 征集中: providers answer and ask.
    Published,
    /// 已关闭: its company closed it, or made a tender of it.
    Closed,
}

impl State {
    /// All of them, in the order of a demand's life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Closed];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Closed => "closed",
        }
    }

    /// The state that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a demand may go from here to there.
    pub fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Draft, Self::Published) | (Self::Published, Self::Closed))
    }
}

/// Who may read it and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DemandAudience")]
pub enum Audience {
    /// Anybody reads it, signed in or not; every provider may answer.
    All,
    /// The invited companies, and nobody else.
    Invited,
}

impl Audience {
    /// Both.
    pub const ALL: [Self; 2] = [Self::All, Self::Invited];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Invited => "invited",
        }
    }

    /// The audience that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "demand-audience-all",
            Self::Invited => "demand-audience-invited",
        }
    }
}

/// Why a demand is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DemandOutcome")]
pub enum Outcome {
    /// Its company closed it, and says why.
    Ended,
    /// It became a tender.
    Tender,
}

impl Outcome {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Tender => "tender",
        }
    }

    /// The outcome that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Ended, Self::Tender].into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What is needed, as one edition says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DemandContent")]
pub struct Content {
    /// In one line: 4 to 120 characters.
    pub title: String,
    /// In full: 10 to 20,000 characters.
    pub summary: String,
    /// Category code.
    pub category: String,
    /// Division code of the region.
    pub region: String,
    /// Fen, if there is a budget; of one that is not shown nobody else learns anything.
    pub budget: Option<i64>,
    /// Whether others see the budget.
    #[serde(skip)]
    pub budget_shown: bool,
    /// By which day it is wanted.
    #[schemars(with = "Option<Day>")]
    pub wanted_on: Option<Date>,
}

impl Content {
    /// As somebody outside the company reads it.
    pub fn shown(self) -> Self {
        let is_hidden = !self.budget_shown && policy::holds(Control::DemandShownTo);
        Self { budget: self.budget.filter(|_| !is_hidden), ..self }
    }
}

/// A demand (需求).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Demand {
    /// Its id.
    pub id: Id<Demand>,
    /// Whose it is.
    pub company: Id<Company>,
    /// The company's name.
    pub company_name: String,
    /// What is needed, as its newest edition says it.
    #[serde(flatten)]
    pub content: Content,
    /// Who may read it and answer.
    pub audience: Audience,
    /// Where it stands.
    pub state: State,
    /// The number of the newest edition; 0 for a draft.
    pub edition: i64,
    /// When it was published.
    #[schemars(with = "Option<Instant>")]
    pub published_at: Option<Timestamp>,
    /// When the newest edition was, if there was one before.
    #[schemars(with = "Option<Instant>")]
    pub changed_at: Option<Timestamp>,
    /// When it was closed.
    #[schemars(with = "Option<Instant>")]
    pub closed_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why its company closed it.
    pub reason: Option<String>,
    /// The tender that was made of it; it has its page when it is published.
    #[serde(skip)]
    pub tender: Option<Id<Tender>>,
    /// The earlier demand that it was copied of.
    #[serde(skip)]
    pub copied_of: Option<Id<Demand>>,
    /// For forms: which version was seen.
    pub version: i64,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// For which company, if for one.
    pub company: Option<Id<Company>>,
    /// Whether that one is invited.
    pub is_invited: bool,
}

impl Demand {
    /// Whether it is of the reader's own company.
    pub fn is_of(&self, company: Option<Id<Company>>) -> bool {
        company == Some(self.company)
    }

    /// Whether somebody may read it.
    pub fn is_readable(&self, reader: Reader) -> bool {
        if self.is_of(reader.company) {
            return true;
        }
        let is_open = self.audience == Audience::All || !policy::holds(Control::DemandShownTo);
        self.state != State::Draft && (is_open || reader.is_invited)
    }

    /// As somebody reads it who may.
    pub fn read_by(self, company: Option<Id<Company>>) -> Self {
        if self.is_of(company) { self } else { Self { content: self.content.shown(), ..self } }
    }
}

/// Why a demand cannot be published as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "rule")]
#[schemars(rename = "DemandUnready")]
pub enum Unready {
    /// The day by which it is wanted is past.
    WantedPast,
    /// It is for invited companies only, and none is.
    NobodyInvited,
}

/// What stands against publishing this today.
pub fn unready(content: &Content, audience: Audience, invited: usize, today: Date) -> Vec<Unready> {
    let past = content.wanted_on.is_some_and(|day| day < today).then_some(Unready::WantedPast);
    let alone = (audience == Audience::Invited && invited == 0).then_some(Unready::NobodyInvited);
    past.into_iter().chain(alone).collect()
}

/// A day as it is stored: yyyymmdd, which has the order of days.
pub fn stored(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day that is stored so.
pub fn day(stored: i64) -> Option<Date> {
    let part = |value: i64| i8::try_from(value).ok();
    Date::new(i16::try_from(stored / 10_000).ok()?, part(stored / 100 % 100)?, part(stored % 100)?).ok()
}
