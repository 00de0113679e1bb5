//! The auction (竞价) of a tender: a choice of its draft, within what its method's profile allows. After the opening a live session
//! takes place for each lot, among those whose bids were read out; the opened price is each one's first offer. What is decided by time
//! and by offers is a pure function ([`rule`]); its rows are kept here, so that the clock engine can apply it ([`session`]). The pages are a room of their own.

pub mod entry;
mod form;
mod handle;
pub mod rule;
pub mod session;
mod store;

#[cfg(test)]
mod tests;

pub use form::Given;
pub(super) use handle::{FormPage, edit, update};
pub(super) use store::{copy, keep_allowed};
pub use store::{find, forget};

use crate::sourcing::profile::AuctionBounds;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// The condition on a lot `l` that no auction keeps its bidders' names closed: none comes or goes on, and none was ended with the lot.
pub const NAMES_TOLD: &str = "l.state <> 'auction' \
    AND NOT EXISTS (SELECT 1 FROM auction k WHERE k.lot = l.id AND k.phase = 'terminated')";

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AuctionTerms")]
pub struct Terms {
    /// The least step, in thousandths of the lowest opened price.
    pub step: i64,
    /// How it goes.
    pub course: Course,
}

/// How a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "mode")]
#[schemars(rename = "AuctionCourse")]
pub enum Course {
    /// 轮流报价: in each round the bidders offer in turn, from the highest to the lowest; who does not keeps the last offer.
    Turns {
        /// How many rounds.
        rounds: i64,
        /// How long a turn takes.
        turn_minutes: i64,
    },
    /// 自由报价: everybody may offer at any time.
    Open {
        /// How long it takes.
        minutes: i64,
        /// An offer in the last so many minutes puts the end off by as many.
        extension_minutes: i64,
        /// After so many minutes it ends in any case.
        hard_minutes: i64,
    },
}

impl Course {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Turns { .. } => "turns",
            Self::Open { .. } => "open",
        }
    }
}

impl Terms {
    /// By how much an offer is lower at least, in fen: the share of the lowest opened price, rounded up to a whole fen.
    pub fn step_of(&self, best: i64) -> i64 {
        let fen = (i128::from(best.max(0)) * i128::from(self.step) + 999) / 1000;
        i64::try_from(fen).unwrap_or(i64::MAX).max(1)
    }

    /// The step in percent, as it is shown.
    pub fn percent(&self) -> String {
        percent(self.step)
    }

    /// In one line, as a notice has it.
    pub fn line_zh(&self) -> String {
        let step = format!("每次降价不少于最低开标报价的{}%（按分向上取整）", self.percent());
        match self.course {
            Course::Turns { rounds, turn_minutes } => {
                format!("轮流报价，共{rounds}轮，每次{turn_minutes}分钟；{step}")
            }
            Course::Open { minutes, extension_minutes, hard_minutes } => format!(
                "自由报价，共{minutes}分钟，最后{extension_minutes}分钟内有报价则顺延{extension_minutes}分钟，最长{hard_minutes}分钟；{step}"
            ),
        }
    }

    /// The same in English.
    pub fn line_en(&self) -> String {
        let step = format!("each step {} % of the lowest opened price, rounded up to a fen", self.percent());
        match self.course {
            Course::Turns { rounds, turn_minutes } => {
                format!("in turns, {rounds} rounds, {turn_minutes} minutes a turn; {step}")
            }
            Course::Open { minutes, extension_minutes, hard_minutes } => format!(
                "open, {minutes} minutes; an offer in the last {extension_minutes} puts the end off by as many, up to {hard_minutes}; {step}"
            ),
        }
    }
}

/// Thousandths as percent: `1.5`, `2`.
pub fn percent(thousandths: i64) -> String {
    match thousandths % 10 {
        0 => (thousandths / 10).to_string(),
        part => format!("{}.{part}", thousandths / 10),
    }
}

/// The earliest beginning of a session whose bids are opened at this instant.
pub fn earliest(bounds: &AuctionBounds, opened_at: Timestamp) -> Timestamp {
    opened_at.checked_add(SignedDuration::from_mins(bounds.lead_minutes)).unwrap_or(opened_at)
}

/// What a letter is called: A to Z, then AA, AB …
pub fn lettered(letter: i64) -> String {
    let (mut rest, mut name) = (letter, Vec::new());
    while rest >= 0 {
        name.push(char::from(b'A' + (rest % 26) as u8));
        rest = rest / 26 - 1;
    }
    name.into_iter().rev().collect()
}
