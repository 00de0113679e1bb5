//! What a database's threads measure, for who operates it. Nothing here says what a unit did or for whom.

use super::Error;
use super::unit::Mode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use std::time::Duration;

/// Of one database since it was opened.
#[derive(Debug)]
pub struct Figures {
    /// Units that read: seconds from the call to the answer, waiting for a thread included.
    pub reads: Histogram,
    /// Units that may write, likewise.
    pub writes: Histogram,
    /// Runs beyond a unit's first, because the server asked for them or a shared transaction broke.
    pub again: Counter,
    /// How many units one durable commit took (SQLite).
    pub batches: Histogram,
    failures: [Counter; FAILURES.len()],
}

/// In which ways the engine can fail a unit.
const FAILURES: [&str; 6] = ["busy", "full", "gone", "outcome-unknown", "panicked", "other"];

impl Figures {
    pub(super) fn new() -> Self {
        // 0.1 ms, 0.4 ms … 26 s
        let seconds = || Histogram::new(exponential_buckets(0.0001, 4.0, 10));
        Self {
            reads: seconds(),
            writes: seconds(),
            again: Counter::default(),
            batches: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
            failures: Default::default(),
        }
    }

    /// Units that the engine failed, by kind of failure.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, &Counter)> {
        FAILURES.into_iter().zip(&self.failures)
    }

    pub(super) fn took(&self, mode: Mode, time: Duration) {
        match mode {
            Mode::Read => self.reads.observe(time.as_secs_f64()),
            Mode::Write => self.writes.observe(time.as_secs_f64()),
        }
    }

    pub(super) fn failed(&self, error: &Error) {
        let kind = match error {
            Error::Busy(_) | Error::Again(_) => 0,
            Error::Full => 1,
            Error::Gone(_) | Error::Closed => 2,
            Error::OutcomeUnknown(_) => 3,
            Error::Panicked => 4,
            _ => 5,
        };
        self.failures[kind].inc();
    }
}
