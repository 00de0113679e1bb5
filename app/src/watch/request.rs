//! Around every request: its id, its line in the log, its figures, and what becomes of a panic.

use super::name::{self, MEMBERS};
use crate::app::App;
use crate::web::{ActorKind, Error, RequestId, fault};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use kit::id::Id;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// The finest that is told of how long something took that only members do.
const STEP: Duration = Duration::from_millis(20);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn watch(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let route = app.names().of_route(&method, pattern);
    // An upload is under way for minutes, by whichever method it comes: nothing else that members do is.
    let carries = *request.method() != Method::GET && pattern.is_some_and(|pattern| app.takes_pieces(pattern));
    let id = RequestId(given(&app, request.headers()).unwrap_or_else(|| app.random().id()));
    request.extensions_mut().insert(id);
    let _under_way = (!carries).then(|| app.figures().under_way());
    let (span, traced) = (tracing::info_span!("request", request = %id.0), traced(&method, route));
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(traced.clone());
    let answered = answering.instrument(span.clone()).await;
    let mut response = answered.unwrap_or_else(|_| {
        app.figures().panicked();
        fault(&Error::fault("it panicked"), id)
    });
    if let (false, Ok(text)) = (response.headers().contains_key(X_REQUEST_ID), HeaderValue::from_str(&id.0.to_string()))
    {
        response.headers_mut().insert(X_REQUEST_ID, text);
    }
    let took = told(route, if carries { Duration::ZERO } else { begun.elapsed() });
    let (method, status) = name::told(route, &method, response.status());
    app.figures().answered(&method, route, status, took);
    traced.record("status", response.status().as_u16());
    let actor = response.extensions_mut().remove::<ActorKind>().map_or("-", |kind| kind.0);
    span.in_scope(|| line(&method, route, status, took, actor));
    response
}

/// The span for a collector; none for what members do.
fn traced(method: &Method, route: &'static str) -> Span {
    if route == MEMBERS {
        return Span::none();
    }
    let method = name::of_method(method);
    tracing::trace_span!(target: "trace", "request", otel.name = format!("{method} {route}"), otel.kind = "server", status = Empty)
}

/// An id that a proxy of ours gave, if it has the form of ours. Anybody else could make two openings look like one.
fn given(app: &App, headers: &HeaderMap) -> Option<Id<vault::Request>> {
    if !app.config().trusted_proxy {
        return None;
    }
    headers.get(X_REQUEST_ID)?.to_str().ok()?.parse().ok()
}

/// Never a path, a query, an address or a user: the route's pattern, or the name that it shares with others.
fn line(method: &Method, route: &'static str, status: StatusCode, took: Duration, actor: &'static str) {
    let (method, status) = (name::of_method(method), status.as_u16());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(target: "access", method, route, status, ms, actor, "request");
}

/// What members do is told in steps of 20 ms, since sealing takes longer than other acts.
fn told(route: &str, took: Duration) -> Duration {
    if route != MEMBERS {
        return took;
    }
    let steps = took.as_micros().div_ceil(STEP.as_micros()).max(1);
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_members_do_takes_multiples_of_20_ms() {
        let told = |route, ms| told(route, Duration::from_millis(ms)).as_millis();
        assert_eq!((told("/notices", 3), told(MEMBERS, 0), told(MEMBERS, 20), told(MEMBERS, 21)), (3, 20, 20, 40));
    }
}
