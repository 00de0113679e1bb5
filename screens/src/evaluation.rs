//! The screens on lots of which it is known whether they were rigged, and the combination on data sets that it has not learned from.

use crate::combine::{Example, Model};
use crate::measure::{Scored, auc, base, precision_at};
use crate::price::{FEWEST, Screen, Screens};
use std::collections::BTreeMap;

/// The share of lots that somebody would look at.
pub const LOOKED_AT: f64 = 0.1;

/// A lot with its truth.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// Its screens.
    pub screens: Screens,
    /// Whether it was collusion.
    pub collusive: bool,
}

/// Lots by data set.
pub type Sets = BTreeMap<String, Vec<Labelled>>;

/// How good a method is on a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The data set.
    pub set: String,
    /// CV, …, or `combined`.
    pub method: String,
    /// Lots that the method has a value for.
    pub lots: usize,
    /// How many of these were collusion, as a share.
    pub base: f64,
    /// Area under the curve.
    pub auc: f64,
    /// Of the tenth with the highest scores, how many were.
    pub precision: f64,
}

/// Reads `tender,country,bid_value_eur,tender_collusive`, one bid a line. A lot's truth is that of its first line; lots with
/// too few bids are left out.
///
/// # Errors
/// The number of the line that is not so.
pub fn read(text: &str) -> Result<Sets, usize> {
    let mut lots: BTreeMap<(String, String), (bool, Vec<f64>)> = BTreeMap::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let mut cells = line.split(',');
        let mut cell = || cells.next().ok_or(at + 1);
        let (tender, set, price, truth) = (cell()?, cell()?, cell()?, cell()?);
        let lot = lots.entry((set.to_owned(), tender.to_owned())).or_insert_with(|| (truth.trim() == "1", Vec::new()));
        lot.1.push(price.parse().map_err(|_| at + 1)?);
    }
    let mut sets = Sets::new();
    for ((set, _), (collusive, prices)) in lots {
        let screens = Screens::of(&prices);
        if screens.bids >= FEWEST {
            sets.entry(set).or_default().push(Labelled { screens, collusive });
        }
    }
    Ok(sets)
}

fn line(set: &str, method: &str, scored: &[Scored]) -> Option<Line> {
    let (auc, base, precision) = (auc(scored)?, base(scored)?, precision_at(scored, LOOKED_AT)?);
    Some(Line { set: set.to_owned(), method: method.to_owned(), lots: scored.len(), base, auc, precision })
}

/// Every screen on every data set, and the combination on each after it has learned from the others.
pub fn table(sets: &Sets) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, lots) in sets {
        for screen in Screen::ALL {
            let scored = lots.iter().filter_map(|lot| Some((lot.screens.conspicuous(screen)?, lot.collusive)));
            lines.extend(line(name, screen.code(), &scored.collect::<Vec<_>>()));
        }
        let Some(model) = learn(sets.iter().filter(|(other, _)| *other != name)) else { continue };
        let scored = lots.iter().filter_map(|lot| Some((model.score(&lot.screens)?, lot.collusive)));
        lines.extend(line(name, "combined", &scored.collect::<Vec<_>>()));
    }
    lines
}

/// Each data set counts the same, and in it each of the two truths.
pub fn learn<'s>(sets: impl Iterator<Item = (&'s String, &'s Vec<Labelled>)>) -> Option<Model> {
    let mut examples = Vec::new();
    for (_, lots) in sets {
        let positive = lots.iter().filter(|lot| lot.collusive).count();
        let count = |collusive: bool| (if collusive { positive } else { lots.len() - positive }) as f64;
        let example = |lot: &Labelled| {
            let weight = 0.5 / count(lot.collusive);
            Example { screens: lot.screens, collusive: lot.collusive, weight }
        };
        examples.extend(lots.iter().map(example));
    }
    Model::fit(&examples)
}
