//! The price screens: what they are on prices that one can check by hand, and what holds of all prices.

use proptest::prelude::*;
use screens::price::{FEWEST, signals};
use screens::{Kind, Screen, Screens};

fn near(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|value| (value - expected).abs() < 5e-5)
}

/// Computed apart, from the formulas and with the `statistics` of Python: 100, 104, 110, 130.
#[test]
fn the_screens_are_those_of_the_literature() {
    let screens = Screens::of(&[110.0, 100.0, 130.0, 104.0]);
    assert_eq!(screens.bids, 4);
    let expected = [
        (Screen::Cv, 0.119970),
        (Screen::Spd, 0.3),
        (Screen::Diffp, 0.04),
        (Screen::Rd, 0.293821),
        (Screen::Skew, 1.463485),
        (Screen::Kurt, 2.120301),
        (Screen::Ks, 0.416667),
    ];
    for (screen, value) in expected {
        assert!(near(screens.get(screen), value), "{screen:?} {value} {screens:?}");
    }
}

#[test]
fn too_few_bids_have_no_value() {
    for prices in [&[][..], &[5.0], &[5.0, 6.0], &[5.0, 6.0, -1.0], &[5.0, 6.0, f64::NAN], &[5.0, 6.0, f64::INFINITY]] {
        let screens = Screens::of(prices);
        assert!(Screen::ALL.iter().all(|screen| screens.get(*screen).is_none()), "{prices:?} {screens:?}");
        assert!(signals(prices).is_empty(), "{prices:?}");
    }
    assert_eq!(Screens::of(&[1.0, 2.0, 4.0]).get(Screen::Kurt), None, "of three bids nothing is said of the tails");
}

#[test]
fn the_same_price_everywhere_is_told_and_has_no_form() {
    let screens = Screens::of(&[700.0; 5]);
    assert_eq!(screens.get(Screen::Cv), Some(0.0));
    assert_eq!([Screen::Rd, Screen::Skew, Screen::Kurt, Screen::Ks].map(|screen| screens.get(screen)), [None; 4]);
    let kinds: Vec<_> = signals(&[700.0; 5]).into_iter().map(|signal| signal.kind).collect();
    assert_eq!(kinds, [Kind::LowVariation, Kind::EqualPrices]);
}

#[test]
fn regular_gaps_are_seen_in_steps_and_in_ratios() {
    let has = |prices: &[f64]| signals(prices).iter().any(|signal| signal.kind == Kind::RegularGaps);
    assert!(has(&[100.0, 150.0, 200.0, 250.0]), "steps");
    assert!(has(&[100.0, 150.0, 225.0, 337.5]), "ratios");
    assert!(!has(&[100.0, 150.0, 200.0]), "two gaps are no rule");
    assert!(!has(&[100.0, 151.0, 190.0, 260.0]));
    assert!(!has(&[100.0, 100.0, 200.0, 300.0]), "the same price is another signal");
}

fn prices() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((1i64..100_000_000).prop_map(|fen| fen as f64), 0..40)
}

proptest! {
    #[test]
    fn the_order_of_the_bids_does_not_matter(prices in prices(), seed in any::<u64>()) {
        let mut other = prices.clone();
        let n = other.len().max(1);
        for at in 0..other.len() {
            other.swap(at, (seed as usize).wrapping_mul(at + 7) % n);
        }
        prop_assert_eq!(Screens::of(&prices), Screens::of(&other));
        let kinds = |prices: &[f64]| {
            let mut kinds: Vec<_> = signals(prices).into_iter().map(|one| (one.kind, one.value.to_bits())).collect();
            kinds.sort_unstable();
            kinds
        };
        prop_assert_eq!(kinds(&prices), kinds(&other));
    }

    #[test]
    fn the_currency_does_not_matter(prices in prices(), rate in 0.001f64..1000.0) {
        let (one, other) = (Screens::of(&prices), Screens::of(&prices.iter().map(|price| price * rate).collect::<Vec<_>>()));
        for screen in Screen::ALL {
            let (one, other) = (one.get(screen), other.get(screen));
            let same = match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() <= 1e-6 * one.abs().max(1.0),
                (None, None) => true,
                // Prices that differ in the last digit of a double at most: rounding decides whether they differ.
                _ => prices.iter().copied().fold(0.0, f64::max) - prices.iter().copied().fold(f64::MAX, f64::min) < 1.0,
            };
            prop_assert!(same, "{:?} {:?} {:?}", screen, one, other);
        }
    }

    #[test]
    fn what_is_told_is_a_number(prices in prop::collection::vec(any::<f64>(), 0..30)) {
        let screens = Screens::of(&prices);
        prop_assert!(Screen::ALL.iter().all(|screen| screens.get(*screen).is_none_or(f64::is_finite)));
        prop_assert!(screens.bids >= FEWEST || Screen::ALL.iter().all(|screen| screens.get(*screen).is_none()));
        for signal in signals(&prices) {
            prop_assert!(signal.value.is_finite() && signal.facts.iter().all(|fact| fact.value.is_finite()), "{:?}", signal);
            prop_assert!(signal.bids.iter().all(|place| prices[*place] > 0.0), "what is no price is in no signal");
            prop_assert!(signal.bids.windows(2).all(|two| two[0] < two[1]));
        }
    }

    #[test]
    fn the_screens_stay_where_they_can_be(prices in prices()) {
        let screens = Screens::of(&prices);
        let at_least = |screen, least: f64| screens.get(screen).is_none_or(|value| value >= least);
        prop_assert!([Screen::Cv, Screen::Spd, Screen::Diffp, Screen::Rd].into_iter().all(|screen| at_least(screen, 0.0)));
        prop_assert!(screens.get(Screen::Ks).is_none_or(|value| (0.0..=1.0).contains(&value)));
        if let (Some(spread), Some(step)) = (screens.get(Screen::Spd), screens.get(Screen::Diffp)) {
            prop_assert!(step <= spread);
        }
    }
}
