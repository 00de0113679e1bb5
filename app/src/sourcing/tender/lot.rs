//! A lot (标段): what is bid for, evaluated and awarded. Every tender has at least one.

use super::tender::Tender;
use crate::web::Broken;
use kit::id::Id;
use kit::money;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// A lot.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lot {
    /// Its id.
    pub id: Id<Lot>,
    /// The tender.
    pub tender: Id<Tender>,
    /// Its number in the tender, from 1.
    pub position: i64,
    /// What it is, in one line.
    pub title: String,
    /// What it is, in full.
    pub description: String,
    /// The budget in fen, if the buyer has one; hidden from others unless the tender shows it.
    pub budget: Option<i64>,
    /// The ceiling price (最高限价) in fen: a bid above it is rejected. Hidden from others until the opening, unless it is shown.
    pub ceiling: Option<i64>,
    /// Whether others read the ceiling before the opening.
    pub ceiling_shown: bool,
    /// Where it stands.
    pub state: State,
    /// The number of the last material amendment that touches it; 0 for none.
    pub amended: i64,
}

impl Lot {
    /// As its reader may see it: others see a budget only where the tender shows it, a ceiling once it is shown or the bids are open.
    pub fn shown_to(mut self, tender: &Tender, is_own: bool) -> Self {
        if !is_own && !tender.budget_shown {
            self.budget = None;
        }
        if !is_own && !self.ceiling_shown && tender.opened_at.is_none() && policy::holds(Control::CeilingSealed) {
            self.ceiling = None;
        }
        self
    }

    /// Whether a price is above the ceiling, as far as the reader knows one.
    pub fn is_over(&self, price: i64) -> bool {
        self.ceiling.is_some_and(|ceiling| price > ceiling)
    }

    /// The rule that a price breaks which is above the ceiling, as far as the reader knows one.
    pub fn over(&self, price: i64) -> Option<Broken> {
        let ceiling = self.ceiling.filter(|_| self.is_over(price))?;
        Some(Broken::rule("price-over-ceiling").with("ceiling", money::plain(ceiling)))
    }
}

/// Where a lot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "LotState")]
pub enum State {
    /// Bids are taken, or the tender is a draft.
    Open,
    /// The deadline has passed with enough bids.
    Closed,
    /// 竞价: opened; its auction comes or goes on.
    Auction,
    /// 磋商: opened; its buyer negotiates with each who has bid, or waits for the final offers.
    Negotiation,
    /// Opened.
    Evaluation,
    /// 公示中标候选人: its candidates are published; the award waits for the end of the standstill and of what is pending.
    Candidates,
    /// Awarded.
    Awarded,
    /// 流标: too few bids, never opened.
    Failed,
    /// 终止: its buyer ended it.
    Terminated,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::Closed,
        Self::Auction,
        Self::Negotiation,
        Self::Evaluation,
        Self::Candidates,
        Self::Awarded,
        Self::Failed,
        Self::Terminated,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Auction => "auction",
            Self::Negotiation => "negotiation",
            Self::Evaluation => "evaluation",
            Self::Candidates => "candidates",
            Self::Awarded => "awarded",
            Self::Failed => "failed",
            Self::Terminated => "terminated",
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("tender-lot-state-{}", self.code())
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Open => "unlock",
            Self::Closed => "hourglass",
            Self::Auction => "gavel",
            Self::Negotiation | Self::Evaluation | Self::Candidates => "half",
            Self::Awarded => "ok",
            Self::Failed | Self::Terminated => "stop",
        }
    }

    /// Its colour, which comes third.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Open | Self::Auction => "live",
            Self::Failed | Self::Terminated => "bad",
            _ => "",
        }
    }

    /// The state that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing happens to it any more.
    pub fn is_over(self) -> bool {
        self == Self::Awarded || self.is_unawarded()
    }

    /// Whether its bids are open, and nothing is decided about them: negotiated, evaluated, or with candidates.
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Negotiation | Self::Evaluation | Self::Candidates)
    }

    /// Whether it ended without an award.
    pub fn is_unawarded(self) -> bool {
        matches!(self, Self::Failed | Self::Terminated)
    }
}

/// What the deadline makes of a lot that has so many sealed bids, where the method asks for at least so many.
pub fn at_deadline(bids: usize, least: usize) -> State {
    if bids < least { State::Failed } else { State::Closed }
}

/// What becomes of a tender once each of its lots stands where it stands.
pub fn outcome(lots: &[State]) -> super::tender::State {
    use super::tender::State as Of;
    let count = |state| lots.iter().filter(|lot| **lot == state).count();
    if lots.iter().all(|lot| lot.is_over()) {
        if count(State::Awarded) > 0 {
            Of::Awarded
        } else if count(State::Terminated) == lots.len() {
            Of::Terminated
        } else {
            Of::Failed
        }
    } else if count(State::Closed) > 0 {
        Of::Closed
    } else if count(State::Open) > 0 {
        Of::Published
    } else if count(State::Auction) > 0 {
        Of::Auction
    } else {
        Of::Evaluation
    }
}

#[cfg(test)]
mod tests {
    use super::super::tender::State as Of;
    use super::*;

    #[test]
    fn a_failed_lot_does_not_fail_the_tender() {
        assert_eq!(outcome(&[State::Failed, State::Evaluation]), Of::Evaluation);
        assert_eq!(outcome(&[State::Failed, State::Awarded]), Of::Awarded);
        assert_eq!(outcome(&[State::Failed, State::Failed]), Of::Failed);
        assert_eq!(outcome(&[State::Evaluation, State::Awarded]), Of::Evaluation);
        assert_eq!(outcome(&[State::Candidates, State::Awarded]), Of::Evaluation);
        assert_eq!(outcome(&[State::Candidates, State::Failed]), Of::Evaluation);
        assert_eq!(outcome(&[State::Closed, State::Failed]), Of::Closed);
        assert_eq!(outcome(&[State::Auction, State::Evaluation, State::Failed]), Of::Auction);
        assert_eq!(outcome(&[State::Terminated, State::Evaluation]), Of::Evaluation);
        assert_eq!(outcome(&[State::Negotiation, State::Failed]), Of::Evaluation);
        assert_eq!(outcome(&[State::Negotiation, State::Awarded]), Of::Evaluation);
        assert_eq!(outcome(&[State::Terminated, State::Failed]), Of::Failed);
        assert_eq!(outcome(&[State::Terminated, State::Awarded]), Of::Awarded);
        assert_eq!(outcome(&[State::Terminated, State::Terminated]), Of::Terminated);
    }
}
