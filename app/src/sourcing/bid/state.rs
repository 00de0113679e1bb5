//! Where a bid stands, and how pages show it.

use super::store::{self, Bid};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::tender::Lot;
use crate::sourcing::tender::lot::State as LotState;
use crate::web::Sign;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

impl Bid {
    /// Whether a company has sealed it, alone or as the lead of a consortium.
    pub fn is_led(&self, app: &App, company: Id<Company>) -> bool {
        self.bidder == store::bidder(app, self.tender, company)
    }

    /// Where it stands beside its lot: a sealed one of a terminated lot is never opened, whether a job has destroyed its
    /// envelope yet or not.
    pub fn standing(&self, lot: &Lot) -> State {
        if self.state == State::Sealed && lot.state == LotState::Terminated { State::Terminated } else { self.state }
    }

    /// Whether its lot was amended since, so that it lapses at the deadline unless it is confirmed or replaced.
    pub fn is_behind(&self, lot: &Lot) -> bool {
        self.standing(lot) == State::Sealed && self.answers < lot.amended
    }

    /// How it is shown beside its lot.
    pub fn sign(&self, lot: &Lot) -> Sign {
        if self.is_behind(lot) {
            return Sign { kind: "warn", glyph: "warn", word: "bid-state-behind".into() };
        }
        if self.awaits_ciphertext && self.standing(lot) == State::Sealed {
            return Sign { kind: "warn", glyph: "hourglass", word: "bid-state-awaited".into() };
        }
        let state = self.standing(lot);
        Sign { kind: state.kind(), glyph: state.glyph(), word: state.word() }
    }
}

/// Where a bid stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "BidState")]
pub enum State {
    /// 已密封.
    Sealed,
    /// 已撤回.
    Withdrawn,
    /// 已开标.
    Opened,
    /// The envelope did not open.
    Unreadable,
    /// 未确认，已失效: its lot was amended, and it was neither confirmed nor replaced until the deadline.
    Lapsed,
    /// 已退出磋商: its bidder gave no final offer.
    Retired,
    /// 标段已终止，未打开: its buyer ended the lot, and its envelope was destroyed unopened.
    Terminated,
    /// 密文未传完，不计入: it was committed to, and its ciphertext had not come when bids were counted.
    Incomplete,
}

impl State {
    /// The state that a code means.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        match code {
            "sealed" => Some(Self::Sealed),
            "withdrawn" => Some(Self::Withdrawn),
            "opened" => Some(Self::Opened),
            "unreadable" => Some(Self::Unreadable),
            "lapsed" => Some(Self::Lapsed),
            "retired" => Some(Self::Retired),
            "terminated" => Some(Self::Terminated),
            "incomplete" => Some(Self::Incomplete),
            _ => None,
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("bid-state-{}", self.code())
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Sealed => "lock",
            Self::Withdrawn | Self::Retired => "back",
            Self::Opened => "unlock",
            Self::Unreadable | Self::Lapsed | Self::Terminated | Self::Incomplete => "stop",
        }
    }

    /// Its colour, which comes third.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Sealed => "live",
            Self::Unreadable | Self::Lapsed | Self::Incomplete => "bad",
            Self::Withdrawn | Self::Opened | Self::Retired | Self::Terminated => "",
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Withdrawn => "withdrawn",
            Self::Opened => "opened",
            Self::Unreadable => "unreadable",
            Self::Lapsed => "lapsed",
            Self::Retired => "retired",
            Self::Terminated => "terminated",
            Self::Incomplete => "incomplete",
        }
    }
}
