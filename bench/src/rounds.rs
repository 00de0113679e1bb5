//! Rounds: every case once, then all again, so that a load from outside meets a case and its floor alike.

use crate::figure::Figure;
use crate::load::Sample;
use crate::plan::Plan;
use std::time::Duration;

/// How many clients read pages: as many as the floor's.
pub const READERS: usize = 16;

/// Something to be measured again and again, each time for as long as it is told.
pub struct Case<'a> {
    name: &'static str,
    floor: Option<&'static str>,
    run: Box<dyn Fn(Duration) -> Sample + 'a>,
}

impl<'a> Case<'a> {
    /// A case that stands for itself, perhaps as a floor of others.
    pub fn new(name: &'static str, run: impl Fn(Duration) -> Sample + 'a) -> Self {
        Self { name, floor: None, run: Box::new(run) }
    }

    /// The same, compared with a floor.
    pub fn against(self, floor: &'static str) -> Self {
        Self { floor: Some(floor), ..self }
    }
}

/// Measures those that are wanted, with their floors.
pub fn measure(plan: &Plan, database: &'static str, cases: &[Case<'_>]) -> Vec<Figure> {
    measure_for(plan, plan.rounds(), database, cases)
}

/// The same in four times as many rounds: for a ratio whose bound lies near.
pub fn measure_closely(plan: &Plan, database: &'static str, cases: &[Case<'_>]) -> Vec<Figure> {
    measure_for(plan, 4 * plan.rounds(), database, cases)
}

fn measure_for(plan: &Plan, rounds: usize, database: &'static str, cases: &[Case<'_>]) -> Vec<Figure> {
    let floor = |name| cases.iter().any(|case| case.floor == Some(name) && plan.wants(&[case.name]));
    let cases: Vec<_> = cases.iter().filter(|case| plan.wants(&[case.name]) || floor(case.name)).collect();
    let mut samples = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for (case, samples) in cases.iter().zip(&mut samples) {
            samples.push((case.run)(plan.time()));
        }
    }
    let against = |case: &Case<'_>| samples.get(cases.iter().position(|other| Some(other.name) == case.floor)?);
    let ratios: Vec<_> = cases.iter().zip(&samples).map(|(case, own)| Some(ratio(own, against(case)?))).collect();
    let figures = cases.iter().zip(samples).zip(ratios).map(|((case, samples), ratio)| {
        let figure = Figure::rate(case.name, Some(database), &Sample::median(samples));
        Figure { floor: case.floor, ratio, ..figure }
    });
    figures.collect()
}

/// Of each round the one by the other, and of these the median: what the machine did between rounds is in neither.
fn ratio(own: &[Sample], floor: &[Sample]) -> f64 {
    let mut ratios: Vec<_> = own.iter().zip(floor).map(|(own, floor)| own.per_second / floor.per_second).collect();
    ratios.sort_by(f64::total_cmp);
    (ratios[ratios.len() / 2] * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(rates: &[f64]) -> Vec<Sample> {
        rates.iter().map(|rate| Sample { per_second: *rate, p50_us: 1.0, p99_us: 1.0, n: 1 }).collect()
    }

    #[test]
    fn a_round_that_was_slow_for_both_changes_no_ratio() {
        assert_eq!(ratio(&rates(&[60.0, 6.0, 66.0]), &rates(&[100.0, 10.0, 110.0])), 0.6);
        assert_eq!(ratio(&rates(&[60.0, 90.0, 61.0]), &rates(&[100.0, 100.0, 100.0])), 0.61);
    }
}
