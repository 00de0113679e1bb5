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
    let floor = |name| cases.iter().any(|case| case.floor == Some(name) && plan.wants(&[case.name]));
    let cases: Vec<_> = cases.iter().filter(|case| plan.wants(&[case.name]) || floor(case.name)).collect();
    let mut samples = vec![Vec::new(); cases.len()];
    for _ in 0..plan.rounds() {
        for (case, samples) in cases.iter().zip(&mut samples) {
            samples.push((case.run)(plan.time()));
        }
    }
    let figures = cases.iter().zip(samples).map(|(case, samples)| {
        let figure = Figure::rate(case.name, Some(database), &Sample::median(samples));
        Figure { floor: case.floor, ..figure }
    });
    figures.collect()
}
