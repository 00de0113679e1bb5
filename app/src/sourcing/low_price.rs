//! When a price is abnormally low (异常低价), by numbers of the method's profile: its bidder is asked to justify it before anybody may reject it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TenderLowPrice")]
pub struct LowPrice {
    /// More than so many percent under the mean of the other prices.
    pub under_mean_percent: i64,
    /// Or under the next higher price.
    pub under_next_percent: i64,
    /// Within so many hours the bidder answers.
    pub answer_hours: i64,
}

impl Default for LowPrice {
    fn default() -> Self {
        Self { under_mean_percent: 40, under_next_percent: 30, answer_hours: 24 }
    }
}

impl LowPrice {
    /// Whether a price is abnormally low beside the others of its lot.
    pub fn is_low(&self, price: i64, others: &[i64]) -> bool {
        let [price, count] = [i128::from(price), others.len() as i128];
        let sum: i128 = others.iter().map(|other| i128::from(*other)).sum();
        let next = others.iter().map(|other| i128::from(*other)).filter(|other| *other >= price).min();
        let under_mean = price * count * 100 < sum * i128::from(100 - self.under_mean_percent);
        under_mean || next.is_some_and(|next| price * 100 < next * i128::from(100 - self.under_next_percent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn far_under_the_mean_or_the_next_is_low_and_nothing_else() {
        let rule = LowPrice::default();
        assert!(!rule.is_low(1, &[]), "alone there is nothing to compare with");
        assert!(rule.is_low(59, &[100, 100]) && !rule.is_low(71, &[100, 100]));
        assert!(rule.is_low(69, &[100, 80, 99]) == (69 * 100 < 80 * 70), "the next is 80");
        assert!(rule.is_low(69, &[99, 100]) && !rule.is_low(70, &[100]), "less than 70 of 100");
        assert!(!rule.is_low(100, &[70, 70, 70]), "the highest is never low");
    }

    proptest! {
        #[test]
        fn what_is_low_stays_low_when_it_is_lowered(price in 2i64..1_000_000, others in prop::collection::vec(1i64..1_000_000, 1..8)) {
            let rule = LowPrice::default();
            let mean_only = LowPrice { under_next_percent: 100, ..rule.clone() };
            prop_assert!(!mean_only.is_low(price, &others) || mean_only.is_low(price - 1, &others));
            let highest = *others.iter().max().unwrap();
            prop_assert!(!rule.is_low(highest, &others));
        }
    }
}
