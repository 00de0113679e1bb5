//! How often the vault was asked, for who operates it. Never for whom, by whom or what for.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use crate::Error;

/// Of one process since it started.
#[derive(Debug)]
pub struct Figures {
    /// Openings that were recorded and answered.
    pub opened: Counter,
    /// Openings that were refused: outside the grant, or a subject that is unknown, blocked or destroyed.
    pub denied: Counter,
    /// Openings that could not be recorded, so that nothing was opened.
    pub failed: Counter,
    /// How many openings one transaction recorded: those of concurrent pages are recorded together.
    pub together: Histogram,
}

impl Default for Figures {
    fn default() -> Self {
        let (opened, denied, failed) = (Counter::default(), Counter::default(), Counter::default());
        Self { opened, denied, failed, together: Histogram::new(exponential_buckets(1.0, 2.0, 9)) }
    }
}

impl Figures {
    pub(crate) fn note<T>(&self, outcome: &Result<T, Error>) {
        match outcome {
            Ok(_) => self.opened.inc(),
            Err(Error::Refused(_)) => self.denied.inc(),
            Err(_) => self.failed.inc(),
        };
    }
}
