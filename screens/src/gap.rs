//! Regular gaps (报价呈规律性差异): Regulation on the Implementation of the Tendering Law, art. 40 (4), names them among what counts as
//! collusion; how regular is regular it leaves open. Here: the distances between neighbouring prices, or their ratios, vary by
//! 2 % at most. That threshold is ours and rests on no labelled data.

use crate::price::moments;
use crate::signal::{Fact, Kind, Signal};

/// How much gaps may vary, relative to their mean, and still be regular.
pub const REGULAR: f64 = 0.02;

/// With fewer bids there are too few gaps to speak of a rule.
pub const FEWEST: usize = 4;

/// Whether the prices of a lot stand at regular distances.
pub fn signal(prices: &[f64]) -> Option<Signal> {
    let mut by_price: Vec<usize> =
        (0..prices.len()).filter(|place| prices[*place].is_finite() && prices[*place] > 0.0).collect();
    by_price.sort_by(|one, other| prices[*one].total_cmp(&prices[*other]));
    if by_price.len() < FEWEST {
        return None;
    }
    let lowest = prices[by_price[0]];
    let sorted: Vec<f64> = by_price.iter().map(|place| prices[*place] / lowest).collect();
    let steps = variation(sorted.windows(2).map(|two| two[1] - two[0]).collect());
    let ratios = variation(sorted.windows(2).map(|two| (two[1] / two[0]).ln()).collect());
    let value = steps.into_iter().chain(ratios).reduce(f64::min)?;
    by_price.sort_unstable();
    let facts = vec![Fact::new("bids", sorted.len() as f64), Fact::new("step", (sorted[1] - 1.0).max(0.0))];
    let signal = Signal { kind: Kind::RegularGaps, value, threshold: REGULAR, bids: by_price, facts };
    (value <= REGULAR).then_some(signal)
}

/// Of gaps that are all there; none where two prices are the same.
fn variation(gaps: Vec<f64>) -> Option<f64> {
    let (mean, deviation) = moments(&gaps);
    let value = deviation / mean;
    (gaps.iter().all(|gap| *gap > 0.0) && value.is_finite()).then_some(value)
}
