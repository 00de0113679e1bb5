//! A transparent combination of screens: logistic regression on few screens, fitted by Newton's method with a small ridge. It has
//! one weight a screen, no chance in it, and every score can be taken apart again.

use crate::price::{Screen, Screens};
use std::array;

/// The screens that are combined: the three that the literature has thresholds or a direction for, and that three bids suffice for.
pub const OF: [Screen; 3] = [Screen::Cv, Screen::Rd, Screen::Skew];

const TERMS: usize = OF.len() + 1;

/// How strongly weights are held near nought; of the whole weight of the lots, which is one for each data set.
const RIDGE: f64 = 0.01;

/// Newton's steps; the sum is convex, and it stands still long before.
const STEPS: usize = 40;

/// A lot to learn from.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its screens.
    pub screens: Screens,
    /// Whether it was collusion.
    pub collusive: bool,
    /// How much it counts.
    pub weight: f64,
}

/// One weight a screen, after each was brought to mean 0 and deviation 1, and a constant before them.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    mean: [f64; OF.len()],
    deviation: [f64; OF.len()],
    /// The constant, then one a screen of [`OF`]; of conspicuousness, so a negative one speaks against the literature.
    pub weights: [f64; TERMS],
}

/// Logarithms, where a screen is a ratio without an upper end. None where the lot has no variation.
fn measures(screens: &Screens) -> Option<[f64; OF.len()]> {
    let (cv, rd) = (screens.get(Screen::Cv)?.max(1e-6), screens.get(Screen::Rd)?.max(1e-3));
    Some([-cv.ln(), rd.ln(), screens.conspicuous(Screen::Skew)?])
}

impl Model {
    /// Learns from lots. None where one of the two kinds is missing.
    pub fn fit(examples: &[Example]) -> Option<Self> {
        let rows: Vec<_> = examples.iter().filter_map(|one| Some((measures(&one.screens)?, one))).collect();
        if rows.iter().all(|(_, one)| one.collusive) || rows.iter().all(|(_, one)| !one.collusive) {
            return None;
        }
        let whole: f64 = rows.iter().map(|(_, one)| one.weight).sum();
        let mean: [f64; OF.len()] =
            array::from_fn(|at| rows.iter().map(|(row, one)| one.weight * row[at]).sum::<f64>() / whole);
        let deviation = array::from_fn(|at| {
            let squares = rows.iter().map(|(row, one)| one.weight * (row[at] - mean[at]).powi(2)).sum::<f64>();
            (squares / whole).sqrt().max(1e-9)
        });
        let mut model = Self { mean, deviation, weights: [0.0; TERMS] };
        for _ in 0..STEPS {
            model.step(&rows, whole)?;
        }
        Some(model)
    }

    /// The log odds that it would be collusion, were both as frequent. None where the lot has too few bids, or no variation.
    pub fn score(&self, screens: &Screens) -> Option<f64> {
        Some(self.sum(&self.terms(&measures(screens)?)))
    }

    fn terms(&self, row: &[f64; OF.len()]) -> [f64; TERMS] {
        array::from_fn(|at| if at == 0 { 1.0 } else { (row[at - 1] - self.mean[at - 1]) / self.deviation[at - 1] })
    }

    fn sum(&self, terms: &[f64; TERMS]) -> f64 {
        terms.iter().zip(&self.weights).map(|(term, weight)| term * weight).sum()
    }

    fn step(&mut self, rows: &[([f64; OF.len()], &Example)], whole: f64) -> Option<()> {
        let mut slope = [0.0; TERMS];
        let mut curve = [[0.0; TERMS]; TERMS];
        for at in 1..TERMS {
            slope[at] = -RIDGE * whole * self.weights[at];
            curve[at][at] = RIDGE * whole;
        }
        for (row, one) in rows {
            let terms = self.terms(row);
            let chance = 1.0 / (1.0 + (-self.sum(&terms)).exp());
            let missed = f64::from(u8::from(one.collusive)) - chance;
            for at in 0..TERMS {
                slope[at] += one.weight * missed * terms[at];
                for other in 0..TERMS {
                    curve[at][other] += one.weight * chance * (1.0 - chance) * terms[at] * terms[other];
                }
            }
        }
        let change = solve(curve, slope)?;
        self.weights = array::from_fn(|at| self.weights[at] + change[at]);
        self.weights.iter().all(|weight| weight.is_finite()).then_some(())
    }
}

/// Gauss and Jordan with the greatest pivot.
fn solve(mut left: [[f64; TERMS]; TERMS], mut right: [f64; TERMS]) -> Option<[f64; TERMS]> {
    for at in 0..TERMS {
        let pivot = (at..TERMS).max_by(|one, other| left[*one][at].abs().total_cmp(&left[*other][at].abs()))?;
        left.swap(at, pivot);
        right.swap(at, pivot);
        if left[at][at].abs() < 1e-15 {
            return None;
        }
        for other in (0..TERMS).filter(|other| *other != at) {
            let factor = left[other][at] / left[at][at];
            let row = left[at];
            left[other].iter_mut().zip(row).for_each(|(cell, above)| *cell -= factor * above);
            right[other] -= factor * right[at];
        }
    }
    Some(array::from_fn(|at| right[at] / left[at][at]))
}
