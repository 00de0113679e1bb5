//! Whom a method's tenders are for: who reads them, who may bid, how many providers are named, whether the choice is explained.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everybody, or the providers that a tender names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TenderAudience")]
pub enum Audience {
    /// Everybody; of bidding: every verified provider.
    All,
    /// The buyer, and whom the tender names.
    Named,
}

impl Audience {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Named => "named",
        }
    }

    /// The audience that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::All, Self::Named].into_iter().find(|audience| audience.code() == code)
    }
}

/// Whom a method's tenders are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TenderCircle")]
pub struct Circle {
    /// Who reads the tender, its documents and what happens to it.
    pub reads: Audience,
    /// Who may bid.
    pub bids: Audience,
    /// So many providers are named, at least.
    pub least: usize,
    /// And at most.
    pub most: usize,
    /// Whether the buyer says for everybody why it names them.
    pub reason: bool,
    /// From the publication on, questions and objections are taken for so many working days, at least.
    pub notice_working_days: u32,
}

impl Default for Circle {
    fn default() -> Self {
        Self { reads: Audience::All, bids: Audience::All, least: 0, most: 0, reason: false, notice_working_days: 0 }
    }
}

impl Circle {
    /// Whether a tender names providers.
    pub fn names(&self) -> bool {
        self.bids == Audience::Named
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sourcing::profile::Method;

    #[test]
    fn who_alone_reads_alone_bids_and_each_circle_can_be_filled() {
        for circle in Method::ALL.map(|method| &method.profile().circle) {
            assert!(circle.reads == Audience::All || circle.names(), "what nobody else reads, nobody else bids for");
            assert!(!circle.names() || (1..=circle.most).contains(&circle.least));
        }
        assert_eq!(Method::Open.profile().circle, Circle::default());
        assert!(Method::Invited.profile().circle.least >= 3, "招标投标法 art. 17");
    }
}
