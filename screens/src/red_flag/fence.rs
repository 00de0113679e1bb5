//! Tukey's fences: what lies beyond one and a half times the distance of the quartiles is an outlier.

/// A quantile as Hyndman and Fan (1996) recommend it: their eighth, which assumes no distribution. `at` from 0 to 1.
pub(super) fn quantile(values: &[f64], at: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 + 1.0 / 3.0) * at + 1.0 / 3.0;
    let (below, part) = (place.floor(), place.fract());
    let value = |place: f64| sorted.get((place.max(1.0) as usize).min(sorted.len()).checked_sub(1)?).copied();
    Some(value(below)? + part * (value(below + 1.0)? - value(below)?))
}

fn quartiles(values: &[f64]) -> Option<(f64, f64)> {
    Some((quantile(values, 0.25)?, quantile(values, 0.75)?))
}

/// Whether a value is unusually low. Where the quartiles are the same value, that value itself is not: without it everybody would be
/// flagged wherever nobody differs.
pub(super) fn is_low(value: f64, values: &[f64], fence: Option<f64>) -> bool {
    match (fence, quartiles(values)) {
        (Some(fence), _) => value <= fence,
        (None, Some((first, third))) => value <= first - 1.5 * (third - first) && value < first,
        (None, None) => false,
    }
}

/// Whether a value is unusually high; as [`is_low`].
pub(super) fn is_high(value: f64, values: &[f64], fence: Option<f64>) -> bool {
    match (fence, quartiles(values)) {
        (Some(fence), _) => value >= fence,
        (None, Some((first, third))) => value >= third + 1.5 * (third - first) && value > third,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_eighth_of_hyndman_and_fan() {
        let values = [1.0, 2.0, 3.0, 4.0, 10.0];
        assert_eq!(quantile(&values, 0.5), Some(3.0));
        assert!((quantile(&values, 0.25).unwrap() - 5.0 / 3.0).abs() < 1e-12);
        assert_eq!(quantile(&[7.0], 0.75), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn where_nobody_differs_nobody_is_an_outlier() {
        assert!(!is_low(1.0, &[1.0; 9], None) && !is_high(1.0, &[1.0; 9], None));
        assert!(is_high(2.0, &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0], None));
    }
}
