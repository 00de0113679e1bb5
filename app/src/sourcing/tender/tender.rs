//! What a tender is, which states it has, and what time does to it: pure rules, no I/O.

use super::hands::Hands;
use super::lot::{self, Lot};
use super::terms::Terms;
use crate::identity::company::Company;
use crate::sourcing::circle::Audience;
use crate::sourcing::profile::{Method, Profile};
use crate::sourcing::regime::Regime;
use crate::web::Instant;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a tender stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TenderState")]
pub enum State {
    /// 草稿: its buyer's own.
    Draft,
    /// 接受投标: public; bids and questions are taken.
    Published,
    /// 截止: the deadline has passed; envelopes are about to be opened.
    Closed,
    /// 竞价: opened; the auctions of its lots come or go on.
    Auction,
    /// 评标: opened; the buyer chooses.
    Evaluation,
    /// 已中标: every lot that did not fail has its award.
    Awarded,
    /// 流标: every lot failed, or the last of them while the others were terminated.
    Failed,
    /// 终止: its buyer ended it before an award, with a reason.
    Terminated,
}

impl State {
    /// All of them, in the order of a tender's life.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Published,
        Self::Closed,
        Self::Auction,
        Self::Evaluation,
        Self::Awarded,
        Self::Failed,
        Self::Terminated,
    ];

    /// Whether its bids are sealed still, and will be opened.
    pub fn is_to_open(self) -> bool {
        matches!(self, Self::Published | Self::Closed)
    }

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Closed => "closed",
            Self::Auction => "auction",
            Self::Evaluation => "evaluation",
            Self::Awarded => "awarded",
            Self::Failed => "failed",
            Self::Terminated => "terminated",
        }
    }

    /// The state that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a tender may go from here to there.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft, Self::Published)
                | (Self::Published, Self::Closed | Self::Failed | Self::Terminated)
                | (Self::Closed, Self::Auction | Self::Evaluation | Self::Failed | Self::Terminated)
                | (Self::Auction, Self::Evaluation | Self::Awarded | Self::Terminated)
                // Too few final offers for its last lots.
                | (Self::Evaluation, Self::Awarded | Self::Terminated | Self::Failed)
        )
    }

    /// Whether nothing happens to it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Awarded | Self::Failed | Self::Terminated)
    }

    /// Whether anybody may read the tender.
    pub fn is_public(self) -> bool {
        self != Self::Draft
    }
}

/// A tender (招标).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tender {
    /// Its id.
    pub id: Id<Tender>,
    /// The buyer.
    pub company: Id<Company>,
    /// The buyer's name.
    pub company_name: String,
    /// The number that people quote.
    pub number: String,
    /// What is wanted, in one line.
    pub title: String,
    /// How it is tendered.
    pub method: Method,
    /// Under whose rules.
    pub regime: Regime,
    /// Who reads it once it is published.
    pub readers: Audience,
    /// Why its buyer names this one provider.
    pub reason: Option<String>,
    /// What it says of every bid.
    #[serde(flatten)]
    pub terms: Terms,
    /// Category code.
    pub category: String,
    /// Division code of the region.
    pub region: String,
    /// What is wanted, in full.
    pub summary: String,
    /// Whether lots show their budget.
    pub budget_shown: bool,
    /// Where it stands.
    pub state: State,
    /// Until when questions are taken.
    #[schemars(with = "Instant")]
    pub questions_until: Timestamp,
    /// The deadline, which is also the hour of the opening (招标投标法 art. 34).
    #[schemars(with = "Instant")]
    pub deadline: Timestamp,
    /// Whether the end of questions has been noted.
    #[serde(skip)]
    pub questions_closed: bool,
    /// When the next standstill of its lots ends, of those whose end has not been noted.
    #[serde(skip)]
    pub standstill: Option<Timestamp>,
    /// When the auctions of its lots are to begin; none where there is no auction.
    #[schemars(with = "Option<Instant>")]
    pub auction_at: Option<Timestamp>,
    /// When time next does something to one of them.
    #[serde(skip)]
    pub auction_check: Option<Timestamp>,
    /// When the next deadline of final offers of its lots is, of those that have not passed.
    #[serde(skip)]
    pub finals: Option<Timestamp>,
    /// The key that envelopes are sealed to; from publication on.
    pub recipient: Option<String>,
    /// Whose shares it takes beside that key; none where that key alone opens.
    pub hands: Option<Hands>,
    /// When it was published.
    #[schemars(with = "Option<Instant>")]
    pub published_at: Option<Timestamp>,
    /// When its envelopes were opened.
    #[schemars(with = "Option<Instant>")]
    pub opened_at: Option<Timestamp>,
    /// The tender whose lots are tendered again with this one.
    pub again_of: Option<Id<Tender>>,
    /// Which time that makes it; 1 for a first tender.
    pub round: i64,
    /// For forms: which version was seen.
    pub version: i64,
}

impl Tender {
    /// The earliest deadline that a material amendment of this instant may leave or set: what the method and the regime ask for.
    pub fn earliest_after_amendment(&self, now: Timestamp) -> Timestamp {
        let days = self.regime.rules().amendment_days_before_deadline;
        let of_regime = now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
        self.method.profile().earliest_after_amendment(now).max(of_regime)
    }

    /// Minutes after the deadline in which ciphertexts may still arrive that were committed to before it. There are none where the
    /// platform seals, since nothing is uploaded then.
    pub fn grace_minutes(&self) -> i64 {
        if self.hands.is_some() { self.method.profile().upload_grace_minutes } else { 0 }
    }

    /// When bids are counted and keys released: the deadline, and the grace for uploads after it.
    pub fn closes_at(&self) -> Timestamp {
        self.would_close_at(self.deadline)
    }

    /// The same for a deadline that it does not have yet.
    pub fn would_close_at(&self, deadline: Timestamp) -> Timestamp {
        deadline.checked_add(SignedDuration::from_mins(self.grace_minutes())).unwrap_or(deadline)
    }
}

/// Something that time does to a tender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Questions are no longer taken.
    QuestionsEnd,
    /// Bids are no longer taken, and their ciphertexts have come; the opening begins.
    Deadline,
    /// The auction of one of its lots begins, goes on to the next turn, or ends.
    Auction,
    /// The standstill of one of its lots is over.
    StandstillEnd,
    /// Final offers for one of its lots are no longer taken; their opening begins.
    FinalOffers,
}

/// Every timed event that is still to come, earliest first. There are no other timers.
pub fn timeline(tender: &Tender) -> impl Iterator<Item = (Timestamp, Due)> {
    let is_published = tender.state == State::Published;
    let questions = (is_published && !tender.questions_closed).then_some((tender.questions_until, Due::QuestionsEnd));
    let deadline = is_published.then_some((tender.closes_at(), Due::Deadline));
    let auction = tender.auction_check.filter(|_| tender.state == State::Auction).map(|at| (at, Due::Auction));
    let standstill = tender.standstill.map(|at| (at, Due::StandstillEnd));
    let finals = tender.finals.map(|at| (at, Due::FinalOffers));
    let mut later = [standstill, finals].map(|one| one.filter(|_| tender.state == State::Evaluation));
    later.sort_by_key(|one| one.map(|(at, _)| at));
    questions.into_iter().chain(deadline).chain(auction).chain(later.into_iter().flatten())
}

/// What time does to a tender next, if its hour has come at this instant.
pub fn come(tender: &Tender, now: Timestamp) -> Option<Due> {
    timeline(tender).next().filter(|(at, _)| *at <= now).map(|(_, what)| what)
}

/// What a tender is once that has happened to it. `lots`: how its lots stand then.
pub fn undergone(tender: &mut Tender, what: Due, lots: &[lot::State]) {
    match what {
        Due::QuestionsEnd => tender.questions_closed = true,
        Due::Deadline => {
            let next = lot::outcome(lots);
            debug_assert!(tender.state.may_become(next), "{:?} does not become {next:?}", tender.state);
            tender.state = next;
        }
        // The engine reads when time does something next.
        Due::Auction => {
            (tender.state, tender.auction_check) = (lot::outcome(lots), None);
        }
        // The engine reads when the next one ends.
        Due::StandstillEnd => tender.standstill = None,
        Due::FinalOffers => {
            let next = lot::outcome(lots);
            debug_assert!(tender.state == next || tender.state.may_become(next), "evaluation does not become {next:?}");
            (tender.finals, tender.state) = (None, next);
        }
    }
}

/// When the clock engine has to look at a tender next.
pub fn next_check(tender: &Tender) -> Option<Timestamp> {
    timeline(tender).next().map(|(at, _)| at)
}

/// Why a draft cannot be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "rule")]
pub enum Unready {
    /// It has no lot (rule 1).
    NoLot,
    /// The deadline leaves less than the method's minimum; the earliest is named.
    DeadlineTooSoon {
        /// The earliest deadline that publication at once would allow.
        #[schemars(with = "Instant")]
        earliest: Timestamp,
    },
    /// Questions would end after the latest that the deadline allows.
    QuestionsTooLate {
        /// The latest end of questions.
        #[schemars(with = "Instant")]
        latest: Timestamp,
    },
    /// Questions would end before they begin.
    QuestionsPast,
    /// It names fewer providers than its method asks for.
    NamedTooFew {
        /// So many, at least.
        least: usize,
    },
    /// It names more than its method permits.
    NamedTooMany {
        /// So many, at most.
        most: usize,
    },
    /// One whom it names has no public page any more.
    NamedGone,
    /// It does not say why it names this provider.
    NoReason,
    /// Questions and objections would be taken for less time than the method asks for.
    NoticeTooShort {
        /// The earliest end of questions.
        #[schemars(with = "Instant")]
        earliest: Timestamp,
    },
    /// Equal bids are to be told apart by technical points, and nobody gives any.
    Tie,
    /// A lot's ceiling is above its budget.
    Ceiling {
        /// The lot's number.
        position: i64,
    },
    /// Its regime does not know its method, or is not supported.
    Regime,
    /// Its auction would begin too soon after the opening.
    AuctionTooSoon {
        /// The earliest that the deadline allows.
        #[schemars(with = "Instant")]
        earliest: Timestamp,
    },
    /// A key that its bids would be sealed to does not hold any more, or its holder has left.
    Hands,
    /// It is negotiated, and final offers are not sealed to many hands.
    HandsNegotiated,
    /// It is negotiated, and does not say by which points final offers are evaluated.
    Unscored,
    /// It was made of a qualified list, and does not name exactly who is on that.
    NotOfList,
    /// Objections to the list's result are still taken, or one waits for its answer.
    ListWaits,
    /// The list that it was made of is over.
    ListOver,
    /// It was made of a pre-qualification and takes consortia: who qualified alone cannot join others afterwards.
    ListConsortium,
}

/// What stands between a draft and its publication at this instant.
pub fn unready(tender: &Tender, lots: &[Lot], now: Timestamp) -> Vec<Unready> {
    let profile = tender.method.profile();
    let (earliest, latest) = (profile.earliest_deadline(now), profile.latest_questions(tender.deadline));
    let mut reasons = Vec::new();
    if lots.is_empty() {
        reasons.push(Unready::NoLot);
    }
    if tender.regime.refusal().is_some() || !tender.regime.knows(tender.method) {
        reasons.push(Unready::Regime);
    }
    let too_high = |lot: &&Lot| matches!((lot.ceiling, lot.budget), (Some(ceiling), Some(budget)) if ceiling > budget);
    reasons.extend(lots.iter().filter(too_high).map(|lot| Unready::Ceiling { position: lot.position }));
    if tender.deadline < earliest {
        reasons.push(Unready::DeadlineTooSoon { earliest });
    }
    if tender.questions_until > latest {
        reasons.push(Unready::QuestionsTooLate { latest });
    }
    if tender.questions_until <= now {
        reasons.push(Unready::QuestionsPast);
    }
    if let Some(earliest) = auction_too_soon(tender.auction_at, tender.closes_at(), profile) {
        reasons.push(Unready::AuctionTooSoon { earliest });
    }
    reasons
}

/// The earliest that an auction may begin with this deadline, if this hour is earlier.
pub fn auction_too_soon(at: Option<Timestamp>, deadline: Timestamp, profile: &Profile) -> Option<Timestamp> {
    let earliest = super::auction::earliest(profile.auction.as_ref()?, deadline);
    (at? < earliest).then_some(earliest)
}
