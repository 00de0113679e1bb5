//! A signal: what was seen, by which measure, against which threshold.

use serde::{Deserialize, Serialize};

/// What a signal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 报价过于集中: the coefficient of variation is low.
    LowVariation,
    /// 第一名与其余拉开: the lowest stands further from the second than the losers from each other.
    LoneWinner,
    /// 报价相同.
    EqualPrices,
    /// 报价呈规律性差异: neighbours stand the same distance apart.
    RegularGaps,
    /// 文字雷同.
    SimilarText,
    /// 文件相同.
    EqualFile,
    /// 文件属性相同: author, program and instant that the file itself tells.
    EqualFileData,
    /// 同一人: one verified person acts for several of the bidders.
    SamePerson,
    /// 多次同场: the same companies meet far more often than not.
    Meeting,
    /// 历次报价之比不变.
    SteadyRatio,
    /// 轮流中标.
    Rotation,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::LowVariation,
        Self::LoneWinner,
        Self::EqualPrices,
        Self::RegularGaps,
        Self::SimilarText,
        Self::EqualFile,
        Self::EqualFileData,
        Self::SamePerson,
        Self::Meeting,
        Self::SteadyRatio,
        Self::Rotation,
    ];

    /// As it is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LowVariation => "low-variation",
            Self::LoneWinner => "lone-winner",
            Self::EqualPrices => "equal-prices",
            Self::RegularGaps => "regular-gaps",
            Self::SimilarText => "similar-text",
            Self::EqualFile => "equal-file",
            Self::EqualFileData => "equal-file-data",
            Self::SamePerson => "same-person",
            Self::Meeting => "meeting",
            Self::SteadyRatio => "steady-ratio",
            Self::Rotation => "rotation",
        }
    }

    /// The kind with this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One number that a signal rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What it counts or measures; a word of the reader's language has this key.
    pub name: String,
    /// How much.
    pub value: f64,
}

impl Fact {
    /// A fact.
    pub fn new(name: &str, value: f64) -> Self {
        Self { name: name.to_owned(), value }
    }
}

/// A hint with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Signal {
    /// What was seen.
    pub kind: Kind,
    /// The measure; finite.
    pub value: f64,
    /// The threshold that it passed.
    pub threshold: f64,
    /// Which bids of the lot it is about, by their place in what was given; ascending.
    pub bids: Vec<usize>,
    /// What it rests on.
    pub facts: Vec<Fact>,
}
