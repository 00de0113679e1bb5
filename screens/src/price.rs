//! Price screens of one lot.
//!
//! Definitions as in Imhof, "Detecting bid-rigging cartels with descriptive statistics" (2019, Journal of Competition Law &
//! Economics 15), Huber and Imhof, "Machine learning with screens for detecting bid-rigging cartels" (2019, IJIO 65), Wallimann,
//! Imhof and Huber, "A machine learning approach for flagging incomplete bid-rigging cartels" (2022, Computational Economics), and
//! García Rodríguez et al., "Collusion detection in public procurement auctions with machine learning algorithms" (2022, Automation
//! in Construction 133, 104047).
//!
//! `b1 ≤ b2 ≤ … ≤ bn` are the prices, `m` their mean, `s` their standard deviation with `n − 1`.

use crate::gap;
use crate::signal::{Fact, Kind, Signal};

/// With fewer bids than this no screen has a value.
pub const FEWEST: usize = 3;

/// Imhof, Karagök and Rutz, "Screening for bid rigging: does it work?" (2018, Journal of Competition Law & Economics 14): a coefficient
/// of variation of at most 6 % in a lot is conspicuous.
pub const LOW_CV: f64 = 0.06;

/// The same: a relative distance above 1 is conspicuous.
pub const HIGH_RD: f64 = 1.0;

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Screen {
    /// Coefficient of variation, `s / m`. Low is conspicuous: who agrees on prices bids close together (Imhof 2019).
    Cv,
    /// Spread, `(bn − b1) / b1`. Low is conspicuous (Wallimann et al. 2022).
    Spd,
    /// Difference in percent between first and second, `(b2 − b1) / b1`. High is conspicuous: the others keep away from who
    /// is to win (Huber and Imhof 2019).
    Diffp,
    /// Relative distance, `(b2 − b1) / s(b2 … bn)`. High is conspicuous (Imhof 2019).
    Rd,
    /// Skewness, `n / ((n − 1)(n − 2)) · Σ ((b − m) / s)³`. Low is conspicuous: the lowest stands apart (Huber and Imhof 2019).
    Skew,
    /// Excess kurtosis, `n (n + 1) / ((n − 1)(n − 2)(n − 3)) · Σ ((b − m) / s)⁴ − 3 (n − 1)² / ((n − 2)(n − 3))`, of four bids or more.
    /// High is conspicuous (Huber and Imhof 2019).
    Kurt,
    /// Kolmogorov and Smirnov's distance between the prices, stretched to `0 … 1`, and the uniform distribution. High is
    /// conspicuous (Wallimann et al. 2022).
    Ks,
}

impl Screen {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 7] = [Self::Cv, Self::Spd, Self::Diffp, Self::Rd, Self::Skew, Self::Kurt, Self::Ks];

    /// As the literature abbreviates it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cv => "CV",
            Self::Spd => "SPD",
            Self::Diffp => "DIFFP",
            Self::Rd => "RD",
            Self::Skew => "SKEW",
            Self::Kurt => "KURT",
            Self::Ks => "KS",
        }
    }

    /// Whether a low value is the conspicuous one.
    pub const fn low(self) -> bool {
        matches!(self, Self::Cv | Self::Spd | Self::Skew)
    }
}

/// The screens of a lot; none where there are too few bids, or where a quotient has no value. What is there is finite.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Screens {
    /// How many prices there were.
    pub bids: usize,
    values: [Option<f64>; 7],
}

impl Screens {
    /// Of the prices of one lot, in one currency. What is no positive number is no price and is left out.
    pub fn of(prices: &[f64]) -> Self {
        let mut sorted: Vec<f64> = prices.iter().copied().filter(|price| price.is_finite() && *price > 0.0).collect();
        sorted.sort_by(f64::total_cmp);
        let bids = sorted.len();
        let (Some(lowest), Some(highest)) = (sorted.first().copied(), sorted.last().copied()) else {
            return Self::default();
        };
        if bids < FEWEST {
            return Self { bids, ..Self::default() };
        }
        // Relative to the lowest: the scale, and with it the currency, is gone.
        let relative: Vec<f64> = sorted.iter().map(|price| price / lowest).collect();
        let values = match highest / lowest {
            1.0 => equal(),
            ratio if ratio.is_finite() => spread(&relative),
            _ => [None; 7],
        };
        Self { bids, values: values.map(|value| value.filter(|value| value.is_finite())) }
    }

    /// One of them.
    pub fn get(&self, screen: Screen) -> Option<f64> {
        self.values[screen as usize]
    }

    /// How conspicuous: greater is more, whichever way the screen points.
    pub fn conspicuous(&self, screen: Screen) -> Option<f64> {
        self.get(screen).map(|value| if screen.low() { -value } else { value })
    }
}

/// All prices are the same: nothing varies, and no form can be told.
fn equal() -> [Option<f64>; 7] {
    [Some(0.0), Some(0.0), Some(0.0), None, None, None, None]
}

fn spread(sorted: &[f64]) -> [Option<f64>; 7] {
    let (n, first, last) = (sorted.len() as f64, sorted[0], sorted[sorted.len() - 1]);
    let (mean, deviation) = moments(sorted);
    let step = sorted[1] - first;
    let (_, losing) = moments(&sorted[1..]);
    let power = |exponent: i32| sorted.iter().map(|price| ((price - mean) / deviation).powi(exponent)).sum::<f64>();
    let skew = n / ((n - 1.0) * (n - 2.0)) * power(3);
    let kurt = (n > 3.0).then(|| {
        n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0)) * power(4)
            - 3.0 * (n - 1.0).powi(2) / ((n - 2.0) * (n - 3.0))
    });
    let losers_differ = sorted[1] < last;
    [
        Some(deviation / mean),
        Some((last - first) / first),
        Some(step / first),
        losers_differ.then(|| step / losing),
        Some(skew),
        kurt,
        Some(from_uniform(sorted)),
    ]
}

/// Mean, and standard deviation with `n − 1`.
pub(crate) fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The greatest distance between the steps of these values and the straight line.
fn from_uniform(sorted: &[f64]) -> f64 {
    let (n, first, last) = (sorted.len() as f64, sorted[0], sorted[sorted.len() - 1]);
    let distances = sorted.iter().zip(0u32..).map(|(price, place)| {
        let (at, place) = ((price - first) / (last - first), f64::from(place));
        ((place + 1.0) / n - at).max(at - place / n)
    });
    distances.fold(0.0, f64::max)
}

/// What is conspicuous in the prices of a lot.
pub fn signals(prices: &[f64]) -> Vec<Signal> {
    let screens = Screens::of(prices);
    let all: Vec<usize> =
        (0..prices.len()).filter(|place| prices[*place].is_finite() && prices[*place] > 0.0).collect();
    let facts = |screen: Screen| {
        let others = Screen::ALL.into_iter().filter(|other| *other != screen);
        let others = others.filter_map(|other| screens.get(other).map(|value| Fact::new(other.code(), value)));
        std::iter::once(Fact::new("bids", screens.bids as f64)).chain(others).collect::<Vec<_>>()
    };
    let of = |kind, screen: Screen, threshold| {
        let value = screens.get(screen)?;
        let passed = if screen.low() { value <= threshold } else { value >= threshold };
        passed.then(|| Signal { kind, value, threshold, bids: all.clone(), facts: facts(screen) })
    };
    let low = of(Kind::LowVariation, Screen::Cv, LOW_CV);
    let lone = of(Kind::LoneWinner, Screen::Rd, HIGH_RD);
    let mut found: Vec<_> = low.into_iter().chain(lone).collect();
    found.extend(equal_prices(prices, &all));
    found.extend(gap::signal(prices));
    found
}

/// Every price that more than one bid has.
fn equal_prices(prices: &[f64], all: &[usize]) -> Vec<Signal> {
    let mut by_price = all.to_vec();
    by_price.sort_by(|one, other| prices[*one].total_cmp(&prices[*other]).then(one.cmp(other)));
    by_price
        .chunk_by(|one, other| prices[*one] == prices[*other])
        .filter(|same| same.len() > 1)
        .map(|same| Signal {
            kind: Kind::EqualPrices,
            value: same.len() as f64,
            threshold: 2.0,
            bids: same.to_vec(),
            facts: vec![Fact::new("bids", all.len() as f64)],
        })
        .collect()
}
