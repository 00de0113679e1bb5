//! One scrape: what was counted, and how things stand now.

use super::disk;
use super::process::Process;
use crate::app::App;
use crate::sourcing::tender;
use crate::web::Lane;
use jiff::Timestamp;
use kit::db::{self, Db};
use kit::job::{self, Standing};
use kit::{follower, values};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// A database that does not answer within this time counts as down for this scrape.
const PATIENCE: Duration = Duration::from_secs(3);

type Labels = Vec<(&'static str, String)>;

/// Everything, in the OpenMetrics text format, which Prometheus reads. Answers though a database is down.
pub async fn scrape(app: &App) -> String {
    let mut now = Registry::with_prefix("ziyun");
    let (main, keys) = tokio::join!(spine(app.db()), is_up(app.keys()));
    let up = [("main", f64::from(u8::from(main.is_some()))), ("keys", f64::from(u8::from(keys)))];
    gauge(&mut now, "database_up", "Whether the database answers", "store", up);
    queues(&mut now, app);
    if let Some(spine) = main {
        jobs(&mut now, app, &spine.jobs);
        followers(&mut now, app, &spine);
        let help = "For how long an event of a tender has been due that nobody applied";
        one(&mut now, "tender_overdue_seconds", help, spine.overdue.map_or(0.0, |due| age(app, due)));
    }
    stores(&mut now, app);
    itself(&mut now, app);
    let mut text = String::with_capacity(32 << 10);
    let written = encode_registry(&mut text, app.figures().registry())
        .and_then(|()| encode_registry(&mut text, &now))
        .and_then(|()| encode_registry(&mut text, &process(app)))
        .and_then(|()| encode_eof(&mut text));
    written.expect("writing to a text cannot fail");
    text
}

/// What one read of the main database tells.
struct Spine {
    jobs: Vec<Standing>,
    lags: Vec<(String, i64)>,
    last: i64,
    overdue: Option<Timestamp>,
}

async fn spine(db: &Db) -> Option<Spine> {
    let read = db.read::<_, db::Error>(|tx| {
        let (jobs, overdue) = (job::standings(tx)?, tender::overdue_since(tx)?);
        Ok(Spine { jobs, lags: follower::lags(tx)?, last: follower::last(tx)?, overdue })
    });
    tokio::time::timeout(PATIENCE, read).await.ok()?.ok()
}

async fn is_up(db: &Db) -> bool {
    let read = db.read::<i64, db::Error>(|tx| tx.one("SELECT CAST($1 AS BIGINT)", values![1i64], |row| row.next()));
    matches!(tokio::time::timeout(PATIENCE, read).await, Ok(Ok(_)))
}

fn queues(now: &mut Registry, app: &App) {
    let gauges = family(now, "units_queued", "Units that wait for a thread");
    for (store, db) in [("main", app.db()), ("keys", app.keys())] {
        let (reads, writes) = db.queued();
        for (mode, units) in [("read", reads), ("write", writes)] {
            let labels = vec![("store", store.to_owned()), ("mode", mode.to_owned())];
            gauges.get_or_create(&labels).set(units as f64);
        }
    }
}

/// Kinds that share a name are added up; those that tell others' programs of a question, but of no bid, are left out.
fn jobs(now: &mut Registry, app: &App, standings: &[Standing]) {
    let mut all: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let mut oldest: BTreeMap<&str, f64> = BTreeMap::new();
    let outward = app.kinds(Lane::Outward);
    for standing in standings.iter().filter(|standing| !outward.contains(&standing.kind.as_str())) {
        let kind = app.names().of_job(&standing.kind);
        let states = [
            ("due", standing.due),
            ("running", standing.running),
            ("waiting", standing.waiting),
            ("failed", standing.failed),
            ("dead", standing.dead),
        ];
        for (state, count) in states {
            *all.entry((kind, state)).or_default() += count;
        }
        let age = standing.oldest_due.map_or(0.0, |due| age(app, due));
        let known = oldest.entry(kind).or_default();
        *known = known.max(age);
    }
    let gauges = family(now, "jobs", "Jobs, by kind and state");
    for ((kind, state), count) in all {
        gauges.get_or_create(&vec![("kind", kind.to_owned()), ("state", state.to_owned())]).set(count as f64);
    }
    gauge(now, "jobs_oldest_due_seconds", "For how long the longest waiting job has been due", "kind", oldest);
}

fn age(app: &App, since: Timestamp) -> f64 {
    app.clock().now().duration_since(since).as_secs_f64().max(0.0)
}

fn followers(now: &mut Registry, app: &App, spine: &Spine) {
    let search = (spine.last - app.search().cursor()).max(0);
    let lags = spine.lags.iter().map(|(name, lag)| (name.as_str(), *lag as f64));
    let lags = lags.chain([("search-index", search as f64)]);
    gauge(now, "follower_lag", "Events that the follower has still to handle", "follower", lags);
}

fn stores(now: &mut Registry, app: &App) {
    let config = app.config();
    let folders = [
        ("data", &config.data_dir),
        ("keys", &config.key_dir),
        ("node", &config.node_dir),
        ("outbox", &config.outbox_dir),
    ];
    let free = folders.into_iter().filter_map(|(name, folder)| Some((name, disk::free(folder).ok()?)));
    let free = free.map(|(name, disk)| (name, disk.percent_free() as f64 / 100.0));
    gauge(now, "disk_free_ratio", "Free part of the disk under the folder, in whole percents", "folder", free);
    one(now, "search_documents", "Notices in the search index", app.search().len() as f64);
}

fn itself(now: &mut Registry, app: &App) {
    one(
        now,
        "clock_seconds",
        "What the program takes the time to be, since 1970",
        app.clock().now().as_microsecond() as f64 / 1e6,
    );
    let labels = vec![("version", env!("CARGO_PKG_VERSION")), ("engine", engine(app.db()))];
    now.register("build", "What runs", Info::new(labels));
}

fn engine(db: &Db) -> &'static str {
    match db.engine() {
        db::Engine::Sqlite => "sqlite",
        db::Engine::Postgres => "postgres",
    }
}

/// Under the names that all programs use.
fn process(app: &App) -> Registry {
    let mut registry = Registry::with_prefix("process");
    if let Some(process) = Process::read() {
        one(&mut registry, "resident_memory_bytes", "Memory in use", process.memory as f64);
        one(&mut registry, "threads", "Threads", process.threads as f64);
        one(&mut registry, "open_fds", "Open files and connections", process.files as f64);
    }
    let started = app.started_at().as_microsecond() as f64 / 1e6;
    one(&mut registry, "start_time_seconds", "When the program started, since 1970", started);
    registry
}

type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;

fn family(registry: &mut Registry, name: &str, help: &str) -> Gauges {
    let gauges = Gauges::default();
    registry.register(name, help, gauges.clone());
    gauges
}

fn gauge<'n>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    label: &'static str,
    values: impl IntoIterator<Item = (&'n str, f64)>,
) {
    let gauges = family(registry, name, help);
    for (which, value) in values {
        gauges.get_or_create(&vec![(label, which.to_owned())]).set(value);
    }
}

fn one(registry: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}
