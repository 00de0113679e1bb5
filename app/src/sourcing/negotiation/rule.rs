//! How far a negotiation is, and when it may go on: pure rules, no I/O.

use crate::sourcing::bid::Bid;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// Where the negotiation of a lot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "NegotiationPhase")]
pub enum Phase {
    /// 磋商: the buyer negotiates with each bidder apart.
    Talks,
    /// 最后报价: final offers are taken, sealed.
    Invited,
    /// Their deadline has passed; they are about to be opened.
    Closed,
    /// They are open: the lot is evaluated.
    Opened,
    /// They were too few, and were never opened.
    Failed,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Talks, Self::Invited, Self::Closed, Self::Opened, Self::Failed];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Talks => "talks",
            Self::Invited => "invited",
            Self::Closed => "closed",
            Self::Opened => "opened",
            Self::Failed => "failed",
        }
    }

    /// The phase that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("negotiation-phase-{}", self.code())
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Talks => "half",
            Self::Invited => "lock",
            Self::Closed => "hourglass",
            Self::Opened => "unlock",
            Self::Failed => "stop",
        }
    }
}

/// How many minutes with one bidder are kept in a round at most. A page shows all that there are, so that none is ever cut; who has so many
/// in a round was heard in it.
pub const MOST_MINUTES: i64 = 10;
/// The last round: nothing is changed any more.
pub const LAST_ROUND: i64 = 20;

/// How many of the bidders that remain were left out of a round: nothing is changed, and no final offer invited, before each had the same
/// opportunity (214号 art. 19). In the first round all are heard; of a later one that nobody was heard in, none is left out.
pub fn left_out(round: i64, remaining: &[Id<Bid>], heard: &[Id<Bid>]) -> usize {
    let is_void = round > 1 && !remaining.iter().any(|bid| heard.contains(bid));
    if is_void || !policy::holds(Control::NegotiatedAlike) {
        return 0;
    }
    remaining.iter().filter(|bid| !heard.contains(bid)).count()
}

/// The earliest deadline of final offers that are invited at this instant.
pub fn earliest(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::random::Random;
    use proptest::prelude::*;

    fn bids(numbers: &[u64]) -> Vec<Id<Bid>> {
        numbers.iter().map(|number| Id::v4(&Random::seeded(*number))).collect()
    }

    proptest! {
        /// Whoever remains, and whoever was heard, however often: it goes on exactly when everybody was, or in a later round nobody.
        #[test]
        fn nobody_who_remains_is_left_out_of_a_round(
            round in 1i64..5,
            remaining in prop::collection::btree_set(0u64..8, 0..6),
            heard in prop::collection::vec(0u64..8, 0..12),
        ) {
            let of: Vec<_> = remaining.iter().copied().collect();
            let count = left_out(round, &bids(&of), &bids(&heard));
            let missing = of.iter().filter(|one| !heard.contains(one)).count();
            let nobody = missing == of.len();
            prop_assert_eq!(count == 0, missing == 0 || (round > 1 && nobody));
            prop_assert!(count == 0 || count == missing);
            // Who has left is owed nothing, and who was heard twice counts once.
            let twice: Vec<_> = heard.iter().chain(&heard).copied().collect();
            prop_assert_eq!(left_out(round, &bids(&of), &bids(&twice)), count);
        }

        #[test]
        fn codes_mean_what_they_were_made_of(text in "[a-z]{0,8}") {
            prop_assert!(Phase::from_code(&text).is_none_or(|phase| phase.code() == text));
            prop_assert!(Phase::ALL.into_iter().all(|phase| Phase::from_code(phase.code()) == Some(phase)));
        }
    }
}
