//! Traces by OTLP over HTTP when `otlp_endpoint` names a collector; otherwise nothing is collected and nothing is sent.
//!
//! A trace is a request, or a job, with its units of work; attributes are route, method, status, kind and mode. What
//! members do is not traced at all: a span's length and its units would tell a bid from other acts. Spans of ours have the
//! target `trace` and that level, so that a log leaves them out; events never become part of a span.

use crate::config::Config;
use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// How long a collector may take for a batch, and the end for the last one.
const PATIENCE: Duration = Duration::from_secs(5);

/// Kept as long as spans are made. Dropped, it sends the rest and waits for that at most 5 s.
pub struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last spans did not reach the collector");
        }
    }
}

/// What collects spans and sends them, if the configuration asks for it. Within a runtime.
///
/// # Errors
/// What the exporter says of the address.
pub fn layer<S>(config: &Config) -> Result<Option<(impl Layer<S> + Send + Sync + use<S>, Traces)>, super::log::Failure>
where
    S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
{
    let Some(endpoint) = &config.otlp_endpoint else { return Ok(None) };
    let sender = Sender { client: reqwest::Client::builder().timeout(PATIENCE).build()?, runtime: Handle::current() };
    let exporter = SpanExporter::builder().with_http().with_http_client(sender).with_protocol(Protocol::HttpBinary);
    let exporter = exporter.with_endpoint(format!("{endpoint}v1/traces")).with_timeout(PATIENCE).build()?;
    let about = [KeyValue::new("service.name", "ziyun"), KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))];
    let resource = Resource::builder_empty().with_attributes(about).build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("ziyun"));
    let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false);
    let filter = dynamic_filter_fn(is_told).with_max_level_hint(LevelFilter::TRACE).with_callsite_filter(interest);
    Ok(Some((layer.with_target(false).with_level(false).with_filter(filter), Traces(provider))))
}

fn is_ours(about: &Metadata<'_>) -> bool {
    about.is_span() && about.target() == "trace"
}

/// A unit that belongs to no request and no job of ours (the background's look for work, and what members do) is not told.
fn is_told<S>(about: &Metadata<'_>, context: &Context<'_, S>) -> bool
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    is_ours(about) && (about.name() != "unit" || context.lookup_current().is_some())
}

fn interest(about: &'static Metadata<'static>) -> Interest {
    if is_ours(about) { Interest::sometimes() } else { Interest::never() }
}

/// The exporter has a thread of its own, which knows no runtime: requests are made on the program's.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sending = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            let status = answer.status();
            let mut response = Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            Ok::<_, HttpError>(response)
        });
        sending.await?
    }
}
