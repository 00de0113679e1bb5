//! The figures that are counted while the program runs. One set for each [`App`](crate::app::App).

use super::name;
use http::{Method, StatusCode};
use kit::db::Db;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::time::Duration;
use vault::Vault;

type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Seconds of requests, up to the response's head.
const REQUEST_SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What is counted.
pub struct Figures {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    durations: Family<Labels<2>, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    connections: Gauge,
    jobs: Family<Labels<2>, Counter>,
    panics: Counter,
}

impl Figures {
    /// All zero; the stores' own figures are asked for at each scrape.
    pub fn new(db: &Db, keys: &Db, vault: &Vault) -> Self {
        let mut registry = Registry::with_prefix("ziyun");
        let mut all = Self {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(REQUEST_SECONDS)),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            jobs: Family::default(),
            panics: Counter::default(),
        };
        registry.register("requests", "Requests answered, by route, method and class of status", all.requests.clone());
        let help = "Time from a request's head to its response's head";
        registry.register_with_unit("request", help, Unit::Seconds, all.durations.clone());
        registry.register("requests_in_flight", "Requests under way", all.in_flight.clone());
        registry.register("connections", "Connections of clients", all.connections.clone());
        registry.register("jobs_run", "Runs of jobs, by kind and outcome", all.jobs.clone());
        registry.register("panics", "Requests and jobs that ended by a fault of the program", all.panics.clone());
        registry.register_collector(Box::new(Stores([("main", db.clone()), ("keys", keys.clone())])));
        registry.register_collector(Box::new(Openings(vault.clone())));
        all.registry = registry;
        all
    }

    /// Counts a request as under way until what is returned is dropped.
    pub fn under_way(&self) -> Held {
        Held::new(&self.in_flight)
    }

    /// Counts a connection until what is returned is dropped.
    pub fn connected(&self) -> Held {
        Held::new(&self.connections)
    }

    /// Counts an answered request.
    pub fn answered(&self, method: &Method, route: &'static str, status: StatusCode, took: Duration) {
        let method = ("method", name::of_method(method));
        let status = ("status", class(status));
        self.requests.get_or_create(&[("route", route), method, status]).inc();
        self.durations.get_or_create(&[("route", route), method]).observe(took.as_secs_f64());
    }

    /// Counts a run of a job.
    pub fn ran(&self, kind: &'static str, is_done: bool) {
        let outcome = if is_done { "done" } else { "failed" };
        self.jobs.get_or_create(&[("kind", kind), ("outcome", outcome)]).inc();
    }

    /// Counts a panic.
    pub fn panicked(&self) {
        self.panics.inc();
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// Counted as long as it is held.
#[derive(Debug)]
pub struct Held(Gauge);

impl Held {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Units of work of both databases, under the label `store`.
#[derive(Debug)]
struct Stores([(&'static str, Db); 2]);

impl Collector for Stores {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Time from a unit's call to its answer, waiting included.";
        let mut metric = encoder.encode_descriptor("unit", help, Some(&Unit::Seconds), MetricType::Histogram)?;
        for (store, db) in &self.0 {
            for (mode, units) in [("read", &db.figures().reads), ("write", &db.figures().writes)] {
                units.encode(metric.encode_family(&[("store", *store), ("mode", mode)])?)?;
            }
        }
        let help = "Runs of units beyond their first.";
        let mut metric = encoder.encode_descriptor("units_again", help, None, MetricType::Counter)?;
        for (store, db) in &self.0 {
            db.figures().again.encode(metric.encode_family(&[("store", *store)])?)?;
        }
        let help = "Units that the engine failed, by kind.";
        let mut metric = encoder.encode_descriptor("units_failed", help, None, MetricType::Counter)?;
        for (store, db) in &self.0 {
            for (kind, failed) in db.figures().failures() {
                failed.encode(metric.encode_family(&[("store", *store), ("kind", kind)])?)?;
            }
        }
        let help = "Units that one durable commit took (SQLite).";
        let mut metric = encoder.encode_descriptor("units_together", help, None, MetricType::Histogram)?;
        for (store, db) in &self.0 {
            db.figures().batches.encode(metric.encode_family(&[("store", *store)])?)?;
        }
        Ok(())
    }
}

/// How often personal data were opened.
struct Openings(Vault);

impl fmt::Debug for Openings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Openings")
    }
}

impl Collector for Openings {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let figures = self.0.figures();
        let help = "Openings of sealed personal data, by outcome.";
        let mut metric = encoder.encode_descriptor("openings", help, None, MetricType::Counter)?;
        let outcomes = [("opened", &figures.opened), ("denied", &figures.denied), ("failed", &figures.failed)];
        for (outcome, count) in outcomes {
            let labels = [("outcome", outcome)];
            let one: MetricEncoder<'_> = metric.encode_family(&labels)?;
            ConstCounter::new(count.get()).encode(one)?;
        }
        let help = "Openings that one transaction recorded.";
        let metric = encoder.encode_descriptor("openings_together", help, None, MetricType::Histogram)?;
        figures.together.encode(metric)
    }
}
