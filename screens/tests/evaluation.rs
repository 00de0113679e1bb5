//! What the screens reach where the truth is known: the measures themselves, the combination, and, where the optional data are there,
//! the figures that `screens::measured` tells to readers.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use proptest::prelude::*;
use screens::combine::{Example, Model};
use screens::evaluation::{self, Sets};
use screens::measure::{Scored, auc, base, precision_at};
use screens::measured::{EXPECTED_LOW_CV, MEASURED};
use screens::{Screen, Screens};
use std::path::PathBuf;

#[expect(clippy::disallowed_methods, reason = "where the optional data lie is said by the environment")]
fn data() -> Option<Sets> {
    let folder = std::env::var_os("SHARED_DATA_DIR").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"));
    let text = std::fs::read_to_string(folder.join("collusion/garcia_rodriguez_bids.csv")).ok()?;
    Some(evaluation::read(&text).unwrap())
}

/// Every data set that is there; how many are not is printed.
#[test]
fn low_cv_reaches_what_was_measured() {
    let sets = data().unwrap_or_default();
    let lines = evaluation::table(&sets);
    let mut skipped = 0;
    for (set, expected) in EXPECTED_LOW_CV {
        match lines.iter().find(|line| line.set == set && line.method == "CV") {
            Some(line) => assert!((line.auc - expected).abs() <= 0.01, "{set}: {:.4}, expected {expected}", line.auc),
            None => skipped += 1,
        }
    }
    eprintln!("{} data sets checked, {skipped} skipped: not in ../shared/data", EXPECTED_LOW_CV.len() - skipped);
}

#[test]
fn readers_are_told_what_was_measured() {
    let Some(sets) = data() else {
        eprintln!("{} figures skipped: no ../shared/data", MEASURED.len());
        return;
    };
    let lines = evaluation::table(&sets);
    for told in &MEASURED {
        let line = lines.iter().find(|line| line.set == told.set && line.method == told.method);
        let line = line.unwrap_or_else(|| panic!("{} on {} is told and was not measured", told.method, told.set));
        let near = |told: f64, measured: f64| (told - measured).abs() <= 0.005;
        let all = near(told.auc, line.auc) && near(told.precision, line.precision) && near(told.base, line.base);
        assert!(all, "told {told:?}, measured {line:?}");
    }
}

#[test]
fn measures_are_what_they_are_called() {
    let scored: [Scored; 4] = [(4.0, true), (3.0, false), (2.0, true), (1.0, false)];
    assert_eq!(auc(&scored), Some(0.75));
    assert_eq!(precision_at(&scored, 0.25), Some(1.0));
    assert_eq!(precision_at(&scored, 0.5), Some(0.5));
    assert_eq!(base(&scored), Some(0.5));
    assert_eq!(auc(&[(1.0, true), (1.0, false)]), Some(0.5), "ties count half");
    assert_eq!(precision_at(&[(1.0, true), (1.0, false)], 0.5), Some(0.5), "and are drawn by lot");
    assert_eq!((auc(&[(1.0, true)]), base(&[]), precision_at(&[], 0.1)), (None, None, None));
}

#[test]
fn a_file_that_is_not_so_is_refused_with_its_line() {
    let text = "tender,country,bid_value_eur,tender_collusive\n1,A,10.0,1\n1,A,ten,1\n";
    assert_eq!(evaluation::read(text).unwrap_err(), 3);
    assert_eq!(evaluation::read("head\n1,A\n").unwrap_err(), 2);
}

/// Lots of two worlds: in one the bids stand close together.
fn worlds(n: u32) -> Vec<Example> {
    (0..n)
        .map(|at| {
            let (collusive, wobble) = (at % 2 == 0, f64::from(at % 7) / 100.0);
            let wide = if collusive { 0.02 } else { 0.2 } + wobble;
            let screens =
                Screens::of(&[100.0, 100.0 * (1.0 + wide), 100.0 * (1.0 + 2.3 * wide), 100.0 * (1.0 + 2.9 * wide)]);
            Example { screens, collusive, weight: 1.0 }
        })
        .collect()
}

#[test]
fn the_combination_learns_what_is_there_and_the_same_each_time() {
    let examples = worlds(60);
    let model = Model::fit(&examples).unwrap();
    let scored: Vec<_> = examples.iter().map(|one| (model.score(&one.screens).unwrap(), one.collusive)).collect();
    assert!(auc(&scored).unwrap() > 0.95, "{model:?}");
    assert_eq!(Model::fit(&examples), Some(model.clone()), "no chance is in it");
    assert_eq!(model.score(&Screens::of(&[1.0, 2.0])), None);
    assert_eq!(model.score(&Screens::of(&[7.0; 4])), None, "nothing varies");
    assert!(Model::fit(&[]).is_none());
    let one_kind: Vec<_> = examples.into_iter().filter(|one| one.collusive).collect();
    assert!(Model::fit(&one_kind).is_none());
}

proptest! {
    #[test]
    fn the_measures_stay_between_nought_and_one(scored in prop::collection::vec((any::<i8>().prop_map(f64::from), any::<bool>()), 0..60)) {
        let (curve, top) = (auc(&scored), precision_at(&scored, 0.1));
        prop_assert!(curve.is_none_or(|value| (0.0..=1.0).contains(&value)));
        prop_assert!(top.is_none_or(|value| (0.0..=1.0 + 1e-9).contains(&value)));
        let turned: Vec<_> = scored.iter().map(|(score, truth)| (-score, *truth)).collect();
        prop_assert!(curve.zip(auc(&turned)).is_none_or(|(one, other)| (one + other - 1.0).abs() < 1e-9));
    }

    #[test]
    fn the_combination_scores_with_numbers(
        lots in prop::collection::vec((prop::collection::vec(1u32..10_000, 3..8), any::<bool>()), 2..30),
    ) {
        let examples: Vec<_> = lots
            .iter()
            .map(|(prices, collusive)| {
                let prices: Vec<_> = prices.iter().map(|price| f64::from(*price)).collect();
                Example { screens: Screens::of(&prices), collusive: *collusive, weight: 1.0 }
            })
            .collect();
        if let Some(model) = Model::fit(&examples) {
            for one in &examples {
                prop_assert!(model.score(&one.screens).is_none_or(f64::is_finite));
            }
        }
        prop_assert_eq!(Screen::ALL.len(), 7);
    }
}
