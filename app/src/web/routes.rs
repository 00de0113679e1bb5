//! Routes with who may use them: declared once, enforced here, listed for the table of route × actor.

use super::actor::Who;
use super::context::Context;
use super::error::Error;
use crate::app::App;
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http::Method;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The routes of a room. GET and POST only.
#[derive(Default)]
pub struct Routes {
    table: Vec<Row>,
    paths: BTreeMap<&'static str, MethodRouter<App>>,
}

/// A line of the table of route × actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// GET or POST.
    pub method: Method,
    /// The path with `{parameters}`.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or data to be read.
    pub fn get<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, who, get(handler))
    }

    /// An act.
    pub fn post<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, who, post(handler))
    }

    /// The table's lines.
    pub fn table(&self) -> &[Row] {
        &self.table
    }

    /// What axum serves.
    pub fn into_router(self) -> Router<App> {
        self.paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
    }

    fn add(mut self, method: Method, path: &'static str, who: Who, handler: MethodRouter<App>) -> Self {
        let guarded = handler.layer(from_fn(move |request: Request, next: Next| guard(who, request, next)));
        let methods = self.paths.remove(path).unwrap_or_default();
        self.paths.insert(path, methods.merge(guarded));
        self.table.push(Row { method, path, who });
        self
    }
}

async fn guard(who: Who, request: Request, next: Next) -> Response {
    let context = request.extensions().get::<Arc<Context>>();
    let admitted = context.map_or_else(|| Err(Error::fault("a route outside the shell")), |c| who.admits(&c.actor));
    match admitted {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}
