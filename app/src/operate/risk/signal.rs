//! A signal as it is kept, read and shown.

use super::judge::Judgement;
use crate::identity::company::Company;
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::Lot;
use crate::web::{Instant, Sign};
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use screens::Kind;
use screens::measured;
use serde::Serialize;

/// Where a signal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RiskSignalState")]
pub enum State {
    /// 待判断: nobody has said anything.
    Open,
    /// 已排除: there is an innocent explanation, or nothing to it.
    Dismissed,
    /// 待查: somebody is to look closer.
    ToExamine,
}

impl State {
    /// What a judgement may come to.
    pub const OUTCOMES: [Self; 2] = [Self::Dismissed, Self::ToExamine];

    /// As it is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Dismissed => "dismissed",
            Self::ToExamine => "to-examine",
        }
    }

    /// The state with this code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Open, Self::Dismissed, Self::ToExamine].into_iter().find(|state| state.code() == code)
    }

    /// Kind, glyph and word.
    pub fn sign(self) -> Sign {
        let (kind, glyph) = match self {
            Self::Open => ("warn", "hourglass"),
            Self::Dismissed => ("", "x"),
            Self::ToExamine => ("bad", "eye"),
        };
        Sign { kind, glyph, word: format!("risk-state-{}", self.code()) }
    }
}

/// A number that a signal rests on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "RiskFact")]
pub struct Fact {
    /// Its name; `risk-fact-NAME` is the key of its word.
    pub name: String,
    /// How much.
    pub value: f64,
}

impl Fact {
    /// The key of its word.
    pub fn word(&self) -> String {
        format!("risk-fact-{}", self.name.to_lowercase())
    }

    /// The number, short.
    pub fn told(&self) -> String {
        let whole = self.value.fract() == 0.0 && self.value.abs() < 1e15;
        if whole { format!("{:.0}", self.value) } else { format!("{:.3}", self.value) }
    }
}

/// A bid that a signal is about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskBid")]
pub struct About {
    /// The bid.
    pub bid: Id<Bid>,
    /// Whose.
    pub company: Id<Company>,
    /// Its name, as it was read out.
    pub company_name: String,
    /// Fen.
    pub price: i64,
    /// When the envelope came.
    #[schemars(with = "Instant")]
    pub received_at: Timestamp,
}

/// How good the screen behind a signal was on a data set whose truth is known.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskMeasured")]
pub struct Measured {
    /// The data set; `risk-set-NAME` is the key of its word.
    pub set: &'static str,
    /// Of ten lots that the screen put first, how many were rigged.
    pub right_in_ten: i64,
    /// Of ten lots drawn by chance, how many were.
    pub base_in_ten: i64,
    /// Area under the curve; 0.5 is chance.
    pub auc: f64,
}

impl Measured {
    /// The key of its word.
    pub fn word(&self) -> String {
        format!("risk-set-{}", self.set.to_lowercase().replace('_', "-"))
    }

    /// The area, with two places.
    pub fn area(&self) -> String {
        format!("{:.2}", self.auc)
    }

    /// Whether it is no better there than a draw.
    pub fn is_no_better(&self) -> bool {
        self.auc <= 0.55
    }
}

/// A hint about bids of a lot. Never a verdict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskSignal")]
pub struct Signal {
    /// Its id.
    pub id: Id<Signal>,
    /// The lot.
    pub lot: Id<Lot>,
    /// What was seen: its code.
    pub kind: String,
    /// The measure.
    pub value: f64,
    /// The threshold that it passed.
    pub threshold: f64,
    /// What else it rests on.
    pub facts: Vec<Fact>,
    /// Which bids.
    pub bids: Vec<About>,
    /// Where it stands.
    pub state: State,
    /// Grows with each judgement.
    pub version: i64,
    /// How good its method is where that is known; empty where nobody has measured it.
    pub measured: Vec<Measured>,
    /// What was said of it, the newest first.
    pub judgements: Vec<Judgement>,
}

impl Signal {
    /// The key of its name.
    pub fn word(&self) -> String {
        format!("risk-kind-{}", self.kind)
    }

    /// The key of what it means, and of what may be innocent about it.
    pub fn reason_word(&self) -> String {
        format!("risk-kind-{}-reason", self.kind)
    }

    /// Values as they are told: shares in percent.
    pub fn value_told(&self) -> String {
        self.told(self.value)
    }

    /// The threshold in the same way.
    pub fn threshold_told(&self) -> String {
        self.told(self.threshold)
    }

    fn told(&self, value: f64) -> String {
        match Kind::of(&self.kind) {
            Some(Kind::EqualPrices | Kind::EqualFile | Kind::EqualFileData | Kind::SamePerson) => format!("{value:.0}"),
            Some(Kind::LoneWinner) | None => format!("{value:.2}"),
            Some(_) => format!("{:.1} %", value * 100.0),
        }
    }
}

/// What was measured of the method behind a kind of signal.
pub fn quality(kind: &str) -> Vec<Measured> {
    let in_ten = |share: f64| (share * 10.0).round() as i64;
    let told = |one: &measured::Measured| Measured {
        set: one.set,
        right_in_ten: in_ten(one.precision),
        base_in_ten: in_ten(one.base),
        auc: one.auc,
    };
    Kind::of(kind).map(|kind| measured::of(kind).map(told).collect()).unwrap_or_default()
}
