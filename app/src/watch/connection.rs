//! Connections are counted: the service that is made for each of them holds on to its place in the count.

use super::figures::Held;
use crate::app::App;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::Service;
use tower::util::MapResponse;

/// What serves one connection, counted as long as it lives.
#[derive(Clone)]
pub struct Counted<S> {
    inner: S,
    _held: Arc<Held>,
}

impl<S: Service<R>, R> Service<R> for Counted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.inner.call(request)
    }
}

/// What makes a service for each connection, with each connection counted.
pub fn counted<M, S>(make: M, app: &App) -> MapResponse<M, impl FnOnce(S) -> Counted<S> + Clone + use<M, S>> {
    let app = app.clone();
    MapResponse::new(make, move |inner| Counted { inner, _held: Arc::new(app.figures().connected()) })
}
