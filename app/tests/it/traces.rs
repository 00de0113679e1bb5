//! Traces, as a collector receives them.

use crate::command::folder;
use crate::logs::Served;
use crate::sourcing::{after, bid, published};
use crate::world::{World, listen};
use app::watch::trace;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use url::Url;

/// A collector that keeps what it is sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    async fn start() -> (Self, Url) {
        let collector = Self::default();
        let keep = async |State(kept): State<Collector>, body: Bytes| kept.0.lock().unwrap().push(body);
        let router = Router::new().route("/v1/traces", post(keep)).with_state(collector.clone());
        let listener = tokio::net::TcpListener::from_std(listen()).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (collector, url)
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.0.lock().unwrap().clone();
        let requests = bodies.into_iter().map(|body| ExportTraceServiceRequest::decode(body).unwrap());
        requests
            .flat_map(|request| request.resource_spans)
            .flat_map(|one| one.scope_spans)
            .flat_map(|one| one.spans)
            .collect()
    }

    fn holds(&self, text: &str) -> bool {
        self.0.lock().unwrap().iter().any(|body| body.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}

fn counted(spans: &[Span]) -> BTreeMap<&str, usize> {
    let mut all = BTreeMap::new();
    spans.iter().for_each(|span| *all.entry(span.name.as_str()).or_default() += 1);
    all
}

/// How many units of work a span has.
fn units(spans: &[Span], name: &str) -> usize {
    let parent = spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no span {name}"));
    spans.iter().filter(|span| span.name == "unit" && span.parent_span_id == parent.span_id).count()
}

#[tokio::test]
async fn a_served_request_is_a_trace_with_its_units_and_the_end_sends_the_rest() {
    let (collector, url) = Collector::start().await;
    let here = folder();
    let served = Served::start(here.path(), &["--otlp-endpoint", url.as_str()]);
    let get = |path: &str| reqwest::get(format!("{}{path}", served.root));
    get("/notices?words=kanarienvogel").await.unwrap();
    get("/notices").await.unwrap();
    get("/bids").await.unwrap();
    get("/kanarienvogel").await.unwrap();
    let log = tokio::task::spawn_blocking(move || served.end()).await.unwrap();
    assert!(!log.contains("did not reach"), "{log}");
    let spans = collector.spans();
    let counted = counted(&spans);
    assert_eq!((counted["GET /notices"], counted["GET (none)"]), (2, 1), "{counted:?}");
    assert!(units(&spans, "GET /notices") >= 1, "{counted:?}");
    let orphans = spans.iter().filter(|span| span.name == "unit" && span.parent_span_id.is_empty()).count();
    assert_eq!(orphans, 0, "the background's look for work is no trace");
    for secret in ["kanarienvogel", "(members)", "/bids", "127.0.0.1"] {
        assert!(!collector.holds(secret), "{secret} was sent");
    }
    assert!(collector.holds("service.name") && collector.holds("ziyun"));
}

#[tokio::test]
async fn an_opening_is_a_trace_and_what_members_do_is_none() {
    let (collector, url) = Collector::start().await;
    let world = World::new().await;
    let mut config = world.app.config().clone();
    config.otlp_endpoint = Some(url);
    let (layer, traces) = trace::layer(&config).unwrap().expect("it is configured");
    let collecting = tracing_subscriber::registry().with(layer).set_default();
    let (buyer, one, two, three) = (
        world.member("buyer").await,
        world.member("provider").await,
        world.member("provider").await,
        world.member("provider").await,
    );
    let (_, lot) = published(&world, &buyer).await;
    for provider in [&one, &two, &three] {
        bid(provider, &lot, "4,500,000").await;
    }
    world.until(after(world.clock.now(), 10)).await;
    drop(collecting);
    // It waits for the collector, which needs this thread.
    tokio::task::spawn_blocking(move || drop(traces)).await.unwrap();
    let spans = collector.spans();
    let counted = counted(&spans);
    assert_eq!(counted["job opening.open"], 1, "{counted:?}");
    assert!(units(&spans, "job opening.open") >= 2, "{counted:?}");
    assert!(units(&spans, "POST /session") >= 1 && units(&spans, "POST /operator/companies/{id}/approval") >= 1);
    let known = |name: &&&str| {
        name.starts_with("GET /")
            || name.starts_with("POST /")
            || ["unit", "job opening.open", "job log.audit"].contains(*name)
    };
    assert_eq!(counted.keys().filter(known).count(), counted.len(), "{counted:?}");
    for secret in ["(members)", "/bids", "blob.discard", "account.", "13800", "hengchuan"] {
        assert!(!collector.holds(secret), "{secret} was sent");
    }
}
