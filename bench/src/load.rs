//! Clients that work side by side for a while, and how long each thing they did took.
//!
//! All clients of a run are tasks of one thread, so that on two cores the load itself costs one of them at most.

use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// How long clients work before anything counts: connections, statement caches and pages get warm.
const WARM: Duration = Duration::from_millis(250);

/// What some clients got done.
#[derive(Clone, Debug)]
pub struct Sample {
    /// How much a second, all clients together.
    pub per_second: f64,
    /// How long half of it took at most, in µs.
    pub p50_us: f64,
    /// How long 99 of 100 took at most, in µs.
    pub p99_us: f64,
    /// How much in all.
    pub n: usize,
}

impl Sample {
    /// From how long each took, in whatever order.
    ///
    /// # Panics
    /// Without any: nothing was measured.
    pub fn new(mut took: Vec<Duration>, time: Duration) -> Self {
        assert!(!took.is_empty(), "nothing was done in {time:?}");
        took.sort_unstable();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1e6;
        let per_second = took.len() as f64 / time.as_secs_f64();
        Self { per_second, p50_us: at(50), p99_us: at(99), n: took.len() }
    }

    /// The one of these with the median rate, with the `n` of all.
    ///
    /// # Panics
    /// Without any.
    pub fn median(mut samples: Vec<Self>) -> Self {
        let n = samples.iter().map(|sample| sample.n).sum();
        samples.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        Self { n, ..samples.swap_remove(samples.len() / 2) }
    }
}

/// Lets `clients` clients work for `time`, each made by `client` from its number. What one of them does is measured
/// from its beginning to its end; it panics when it fails, which ends the whole run.
pub fn drive<C>(clients: usize, time: Duration, client: impl Fn(usize) -> C) -> Sample
where
    C: AsyncFnMut() + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let begin = Instant::now() + WARM;
    let tasks = LocalSet::new();
    let all: Vec<_> = (0..clients).map(|number| tasks.spawn_local(work(client(number), begin, begin + time))).collect();
    let took = runtime.block_on(tasks.run_until(async {
        let mut took = Vec::new();
        for one in all {
            took.extend(one.await.expect("a client works to the end"));
        }
        took
    }));
    Sample::new(took, time)
}

async fn work(mut client: impl AsyncFnMut(), begin: Instant, end: Instant) -> Vec<Duration> {
    let mut took = Vec::new();
    loop {
        let start = Instant::now();
        if start >= end {
            return took;
        }
        client().await;
        if start >= begin {
            took.push(start.elapsed());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_took_longest() {
        let took = (1..=100).rev().map(Duration::from_millis).collect();
        let sample = Sample::new(took, Duration::from_secs(2));
        assert_eq!((sample.n, sample.per_second), (100, 50.0));
        assert_eq!((sample.p50_us.round(), sample.p99_us.round()), (50_000.0, 99_000.0));
    }

    #[test]
    fn the_median_stands_for_all() {
        let sample = |per_second| Sample { per_second, p50_us: 1.0, p99_us: 2.0, n: 10 };
        let median = Sample::median(vec![sample(9.0), sample(1.0), sample(5.0)]);
        assert_eq!((median.per_second, median.n), (5.0, 30));
    }

    #[test]
    fn clients_work_side_by_side() {
        let pause = Duration::from_millis(20);
        let sample = drive(10, Duration::from_millis(400), |_| async move || tokio::time::sleep(pause).await);
        assert!(sample.n > 20 && sample.p50_us >= 20_000.0, "{sample:?}");
    }
}
