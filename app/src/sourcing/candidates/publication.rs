//! A publication of candidates (中标候选人公示): the first of a committee's ranking, as everybody reads them.

use crate::identity::company::Company;
use crate::sourcing::bid::Bid;
use crate::sourcing::evaluation::rule::shown;
use crate::sourcing::evaluation::{Judged, Report};
use crate::sourcing::tender::{Lot, Tender};
use crate::web::Instant;
use crate::web::text::Arg;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A publication, which is public.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CandidatesPublication")]
pub struct Publication {
    /// Its id.
    pub id: Id<Publication>,
    /// The lot.
    pub lot: Id<Lot>,
    /// The tender.
    pub tender: Id<Tender>,
    /// Which report of the committee it rests on: 1, and more where it was evaluated again.
    pub round: i64,
    /// The hash of that report, to which the log commits.
    pub report_sha256: String,
    /// In the order of the report; at most three.
    pub candidates: Vec<Candidate>,
    /// Why it came later than it should have.
    pub lateness: Option<String>,
    /// Where it stands.
    pub state: State,
    /// When it was published.
    #[schemars(with = "Instant")]
    pub published_at: Timestamp,
    /// When its standstill ends: objections are taken before, and nothing is awarded.
    #[schemars(with = "Instant")]
    pub until: Timestamp,
    /// When it ended before an award.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    /// Why its buyer withdrew it.
    pub ended_reason: Option<String>,
}

/// Where a publication stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CandidatesState")]
pub enum State {
    /// It stands.
    Published,
    /// 撤回: its buyer took it back, with a reason.
    Withdrawn,
    /// 失效: the operator upheld an appeal.
    Void,
}

impl State {
    const ALL: [Self; 3] = [Self::Published, Self::Withdrawn, Self::Void];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Void => "void",
        }
    }

    /// The state that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A candidate. Points are hundredths; no person stands here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AwardCandidate")]
pub struct Candidate {
    /// Its place in the report; equal ones share one.
    pub rank: usize,
    /// The bid.
    pub bid: Id<Bid>,
    /// The bidder.
    pub company: Id<Company>,
    /// The bidder's name.
    pub company_name: String,
    /// Fen.
    pub price: i64,
    /// For the price.
    pub price_points: i64,
    /// The mean of the technical points.
    pub technical: i64,
    /// Both.
    pub total: i64,
}

impl Candidate {
    /// The reason that the report gives, for a sentence: place and points.
    pub fn said(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("rank", self.rank.into()),
            ("total", shown(self.total).into()),
            ("price", shown(self.price_points).into()),
            ("technical", shown(self.technical).into()),
        ]
    }

    /// Points as they are shown.
    pub fn points(&self) -> String {
        shown(self.total)
    }
}

/// The candidates that a report gives: its first, so many at most, in its order. `company` tells whose a bid is; one that names
/// nobody, or was rejected, is none.
pub fn first(report: &Report, most: usize, company: impl Fn(&Judged) -> Option<Id<Company>>) -> Vec<Candidate> {
    let candidate = |one: &Judged| {
        Some(Candidate {
            rank: one.rank?,
            bid: one.bid,
            company: company(one)?,
            company_name: one.company_name.clone(),
            price: one.price,
            price_points: one.price_points?,
            technical: one.technical?,
            total: one.total?,
        })
    };
    report.bids.iter().filter_map(candidate).take(most).collect()
}
