//! A chain (审批链): from which amount on which steps are asked for. Pure rules, no I/O.

use super::act::Act;
use crate::identity::people::{Duties, Duty};
use schemars::JsonSchema;
use serde::Serialize;

/// A step. They are given in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalStep")]
pub enum Step {
    /// Another person with the duty that the act needs: the two-person rule (双人复核).
    Colleague,
    /// Who keeps the accounts (财务).
    Finance,
    /// An owner (所有者).
    Owner,
}

impl Step {
    /// All of them, in the order in which they are given.
    pub const ALL: [Self; 3] = [Self::Colleague, Self::Finance, Self::Owner];

    /// Their codes.
    pub const CODES: [&str; 3] = ["colleague", "finance", "owner"];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    /// The step of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("approval-step-{}", self.code())
    }

    /// Whether somebody with these duties may give it for such an act.
    pub fn is_given_by(self, duties: Duties, act: Act) -> bool {
        duties.has(self.duty(act))
    }

    /// The duty that it needs for such an act.
    pub fn duty(self, act: Act) -> Duty {
        match self {
            Self::Colleague => act.duty(),
            Self::Finance => Duty::Finance,
            Self::Owner => Duty::Owner,
        }
    }
}

/// From an amount on, these steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalTier")]
pub struct Tier {
    /// Fen; 0 for every amount.
    pub from: i64,
    /// In their order, each once.
    pub steps: Vec<Step>,
}

/// Tiers with rising thresholds, each with all the steps of the one before it. None: nothing is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalChain")]
pub struct Chain(Vec<Tier>);

/// Why tiers are no chain: the tier's place, from 0, and the rule.
pub type Flaw = (usize, &'static str);

impl Chain {
    /// How many tiers one may have.
    pub const MOST: usize = 3;

    /// A chain of these tiers.
    ///
    /// # Errors
    /// `approval-rising`, `approval-fewer`.
    pub fn new(mut tiers: Vec<Tier>) -> Result<Self, Flaw> {
        for tier in &mut tiers {
            tier.steps.sort_unstable();
            tier.steps.dedup();
        }
        for (at, pair) in tiers.windows(2).enumerate() {
            if pair[1].from <= pair[0].from {
                return Err((at + 1, "approval-rising"));
            }
            // A higher amount never needs less: else the highest tier would not be the strictest.
            if pair[0].steps.iter().any(|step| !pair[1].steps.contains(step)) {
                return Err((at + 1, "approval-fewer"));
            }
        }
        Ok(Self(tiers))
    }

    /// The tiers.
    pub fn tiers(&self) -> &[Tier] {
        &self.0
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The steps for an amount; one that is not known needs what the highest does.
    pub fn steps(&self, amount: Option<i64>) -> &[Step] {
        let reached = |tier: &&Tier| amount.is_none_or(|amount| tier.from <= amount);
        self.0.iter().rfind(reached).map_or(&[], |tier| &tier.steps)
    }

    /// Whether it asks for all that the other asks for, whatever the amount.
    pub fn covers(&self, other: &Self) -> bool {
        let mut froms = self.0.iter().chain(&other.0).map(|tier| tier.from);
        froms.all(|from| other.steps(Some(from)).iter().all(|step| self.steps(Some(from)).contains(step)))
    }

    /// As it is stored.
    pub fn code(&self) -> String {
        let codes = |steps: &[Step]| steps.iter().map(|step| step.code()).collect::<Vec<_>>().join(",");
        self.0.iter().map(|tier| format!("{}:{}", tier.from, codes(&tier.steps))).collect::<Vec<_>>().join(";")
    }

    /// The chain that was stored so.
    pub fn of(code: &str) -> Option<Self> {
        let tiers = code.split(';').filter(|tier| !tier.is_empty()).map(|tier| {
            let (from, steps) = tier.split_once(':')?;
            Some(Tier { from: from.parse().ok()?, steps: steps.split(',').map(Step::of).collect::<Option<_>>()? })
        });
        Self::new(tiers.collect::<Option<_>>()?).ok()
    }
}

/// Whether different people can give all these steps, `able` being those who can give each (Hall's theorem: any of the steps
/// have at least as many people between them).
pub fn is_possible(able: &[Vec<usize>]) -> bool {
    (1u32..1 << able.len()).all(|some| {
        let chosen = able.iter().enumerate().filter(|(at, _)| some & (1 << at) != 0).map(|(_, people)| people);
        let mut between: Vec<_> = chosen.flatten().collect();
        between.sort_unstable();
        between.dedup();
        between.len() >= some.count_ones() as usize
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(code: &str) -> Chain {
        Chain::of(code).unwrap()
    }

    #[test]
    fn the_amount_decides_and_an_unknown_one_needs_the_most() {
        let chain = chain("1000:colleague;5000:colleague,finance");
        assert_eq!(chain.steps(Some(999)), []);
        assert_eq!(chain.steps(Some(1000)), [Step::Colleague]);
        assert_eq!(chain.steps(Some(4999)), [Step::Colleague]);
        for most in [Some(5000), Some(i64::MAX), None] {
            assert_eq!(chain.steps(most), [Step::Colleague, Step::Finance]);
        }
        assert_eq!(Chain::default().steps(None), []);
    }

    #[test]
    fn tiers_rise_and_never_ask_for_less() {
        let tier = |from, steps: &[Step]| Tier { from, steps: steps.to_vec() };
        let flat = vec![tier(5, &[Step::Owner]), tier(5, &[Step::Owner])];
        assert_eq!(Chain::new(flat), Err((1, "approval-rising")));
        let fewer = vec![tier(5, &[Step::Owner]), tier(9, &[Step::Finance])];
        assert_eq!(Chain::new(fewer), Err((1, "approval-fewer")));
        assert_eq!(Chain::of("5:owner;3:owner"), None, "a stored chain is compared, too");
        assert_eq!(Chain::of("5:chair"), None);
    }

    #[test]
    fn what_is_anywhere_looser_covers_nothing_of_it() {
        let strict = chain("0:colleague;5000:colleague,finance");
        assert!(strict.covers(&chain("0:colleague")) && strict.covers(&strict) && strict.covers(&Chain::default()));
        for looser in
            ["", "1:colleague;5000:colleague,finance", "0:colleague;5001:colleague,finance", "0:finance,owner"]
        {
            assert!(!chain(looser).covers(&strict), "{looser}");
        }
    }

    #[test]
    fn one_person_is_not_two() {
        assert!(is_possible(&[]));
        assert!(!is_possible(&[vec![]]) && !is_possible(&[vec![7], vec![7]]));
        assert!(is_possible(&[vec![7], vec![7, 8]]));
        assert!(!is_possible(&[vec![1, 2], vec![1, 2], vec![2, 1]]) && is_possible(&[vec![1, 2], vec![1, 2], vec![3]]));
    }

    fn any_chain() -> impl Strategy<Value = Chain> {
        let tier = (1i64..9, proptest::collection::vec(0usize..3, 1..3));
        proptest::collection::vec(tier, 0..3).prop_map(|tiers| {
            let (mut from, mut steps, mut all) = (0, Vec::new(), Vec::new());
            for (more, added) in tiers {
                from += more;
                steps.extend(added.into_iter().map(|at| Step::ALL[at]));
                all.push(Tier { from, steps: steps.clone() });
            }
            Chain::new(all).unwrap()
        })
    }

    proptest! {
        #[test]
        fn covering_is_asking_for_as_much_at_every_amount(one in any_chain(), other in any_chain()) {
            let holds = (0..40).all(|amount| {
                other.steps(Some(amount)).iter().all(|step| one.steps(Some(amount)).contains(step))
            });
            prop_assert_eq!(one.covers(&other), holds);
            prop_assert_eq!(Chain::of(&one.code()), Some(one));
        }
    }
}
