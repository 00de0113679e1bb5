//! The one line that a run ends with.

use crate::ledger::{Counts, Ledger};
use crate::plan::Plan;
use serde::Serialize;
use std::time::Duration;

/// What a run was, and what it found.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// How many rounds were asked for.
    pub rounds: u64,
    /// What the moments of the kills followed from.
    pub seed: u64,
    /// How often the program was killed.
    pub kills: u64,
    /// How many acts were acknowledged, by kind. All of them were found again.
    pub acknowledged: Counts,
    /// How many were cut off, by kind. None of them was found half done.
    pub unknown: Counts,
    /// Notices imported.
    pub notices: u64,
    /// Tenders whose hour came.
    pub hours: usize,
    /// Files that kills left without a row, for the program to remove when they are old enough.
    pub orphans: usize,
    /// Seconds.
    pub seconds: u64,
    /// What the program was caught at.
    pub violations: Vec<String>,
}

impl Summary {
    pub(crate) fn of(plan: &Plan, kills: u64, ledger: &Ledger, notices: u64, orphans: usize, took: Duration) -> Self {
        let notes = ledger.notes();
        Self {
            database: plan.database(),
            rounds: plan.rounds,
            seed: plan.seed,
            kills,
            acknowledged: notes.acknowledged.clone(),
            unknown: notes.unknown.clone(),
            notices,
            hours: notes.tenders.iter().filter(|tender| tender.called.is_some()).count(),
            orphans,
            seconds: took.as_secs(),
            violations: notes.violations.clone(),
        }
    }
}
