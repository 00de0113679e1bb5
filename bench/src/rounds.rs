//! Rounds: every case once, then all again, so that a load from outside meets a case and its floor alike.

use crate::figure::Figure;
use crate::load::Sample;
use std::time::Duration;

/// How long one case is measured in one round.
pub const TIME: Duration = Duration::from_secs(1);

/// How many clients read pages: as many as the floor's.
pub const READERS: usize = 16;

/// How often every case is measured; the median counts.
const ROUNDS: usize = 3;

/// Something to be measured again and again.
pub struct Case<'a> {
    name: &'static str,
    floor: Option<&'static str>,
    run: Box<dyn Fn() -> Sample + 'a>,
}

impl<'a> Case<'a> {
    /// A case that stands for itself, perhaps as a floor of others.
    pub fn new(name: &'static str, run: impl Fn() -> Sample + 'a) -> Self {
        Self { name, floor: None, run: Box::new(run) }
    }

    /// The same, compared with a floor.
    pub fn against(self, floor: &'static str) -> Self {
        Self { floor: Some(floor), ..self }
    }
}

/// Measures all of them.
pub fn measure(database: &'static str, cases: &[Case<'_>]) -> Vec<Figure> {
    let mut samples = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (case, samples) in cases.iter().zip(&mut samples) {
            samples.push((case.run)());
        }
    }
    let figures = cases.iter().zip(samples).map(|(case, samples)| {
        let figure = Figure::rate(case.name, Some(database), &Sample::median(samples));
        Figure { floor: case.floor, ..figure }
    });
    figures.collect()
}
