//! Routes with who may use them and what they are as operations: declared once, enforced here, listed for the table of
//! route × actor and for the description of the API.

use super::assurance::{Demand, refusals};
use super::context::Context;
use super::error::Error;
use super::level::{Level, needed};
use super::operation::{Op, Scope};
use super::renewal::is_always_open;
use super::resumable;
use super::who::Who;
use crate::app::App;
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, patch, post};
use http::{Method, StatusCode};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The routes of a room. GET and POST only, but for uploads that resume.
#[derive(Default)]
pub struct Routes {
    table: Vec<Row>,
    paths: BTreeMap<&'static str, MethodRouter<App>>,
}

/// A line of the table of route × actor.
#[derive(Clone)]
pub struct Row {
    /// GET or POST; of uploads that resume PATCH and DELETE, too.
    pub method: Method,
    /// The path with `{parameters}`.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// What it is as an operation.
    pub op: Op,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or data to be read.
    pub fn get<H, T>(self, path: &'static str, who: Who, op: Op, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Row { method: Method::GET, path, who, op }, get(handler))
    }

    /// An act.
    pub fn post<H, T>(self, path: &'static str, who: Who, op: Op, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Row { method: Method::POST, path, who, op }, post(handler))
    }

    /// More bytes of an upload that resumes.
    pub fn patch<H, T>(self, path: &'static str, who: Who, op: Op, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Row { method: Method::PATCH, path, who, op }, patch(handler))
    }

    /// The end of an upload that resumes.
    pub fn delete<H, T>(self, path: &'static str, who: Who, op: Op, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Row { method: Method::DELETE, path, who, op }, delete(handler))
    }

    /// The table's lines.
    pub fn table(&self) -> &[Row] {
        &self.table
    }

    /// What axum serves.
    pub fn into_router(self) -> Router<App> {
        self.paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
    }

    fn add(mut self, row: Row, handler: MethodRouter<App>) -> Self {
        let asked = Asked {
            id: row.op.id,
            path: row.path,
            who: row.who,
            scope: row.op.scope,
            demand: row.op.demand,
            level: needed(row.op.id),
            resumable: row.op.resumable,
        };
        let guarded = handler.layer(from_fn(move |request: Request, next: Next| guard(asked, request, next)));
        let methods = self.paths.remove(asked.path).unwrap_or_default();
        self.paths.insert(asked.path, methods.merge(guarded));
        self.table.push(row);
        self
    }
}

impl Row {
    /// Whether it changes something.
    pub fn is_act(&self) -> bool {
        self.method != Method::GET
    }

    /// The names of the path's parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Every error that it may end in: status and code. What follows from who may use it, from its path and its input is
    /// told here; the operation adds its own.
    pub fn problems(&self) -> BTreeMap<u16, BTreeSet<&'static str>> {
        let mut all: BTreeMap<u16, BTreeSet<&'static str>> = BTreeMap::new();
        let mut add = |status: StatusCode, codes: &[&'static str]| {
            all.entry(status.as_u16()).or_default().extend(codes);
        };
        add(StatusCode::NOT_ACCEPTABLE, &["not-acceptable"]);
        add(StatusCode::INTERNAL_SERVER_ERROR, &["fault"]);
        add(StatusCode::SERVICE_UNAVAILABLE, &["busy", "outcome-unknown"]);
        add(StatusCode::BAD_REQUEST, &["token-and-cookie"]);
        add(StatusCode::UNAUTHORIZED, &["token-invalid"]);
        add(StatusCode::FORBIDDEN, &[self.op.scope.map_or("token-not-here", Scope::missing)]);
        add(StatusCode::TOO_MANY_REQUESTS, &["limited"]);
        // Of what is open to who has not agreed, too: the data of others may rest on what they have accepted.
        add(StatusCode::FORBIDDEN, &["policy-not-accepted"]);
        add(StatusCode::SERVICE_UNAVAILABLE, &["policy-unknown-here"]);
        if !is_always_open(self.path) {
            add(StatusCode::FORBIDDEN, &["policy-renewal"]);
        }
        for (status, code) in refusals(self) {
            add(status, &[code]);
        }
        for (status, codes) in self.who.refusals() {
            add(status, &codes);
        }
        if needed(self.op.id) >= Level::Overdue {
            add(StatusCode::FORBIDDEN, &["company-pending", "company-refused"]);
        }
        if needed(self.op.id) >= Level::Company {
            add(StatusCode::FORBIDDEN, &["recheck-overdue"]);
        }
        if needed(self.op.id) == Level::DemandSide {
            add(StatusCode::FORBIDDEN, &["demand-side-first"]);
        }
        if self.parameters().next().is_some() {
            add(StatusCode::NOT_FOUND, &["not-found"]);
        }
        if self.op.resumable && self.is_act() {
            add(StatusCode::PRECONDITION_FAILED, &["tus-version"]);
        }
        if self.is_act() {
            add(StatusCode::FORBIDDEN, &["csrf", "cross-site"]);
        }
        if self.method == Method::POST {
            add(
                StatusCode::BAD_REQUEST,
                &["json", "json-nested", "multipart", "utf-8", "too-many-fields", "body-broken"],
            );
            add(StatusCode::REQUEST_TIMEOUT, &["too-slow"]);
            add(StatusCode::UNAUTHORIZED, &["unauthenticated"]);
            add(StatusCode::PAYLOAD_TOO_LARGE, &["too-large"]);
            add(StatusCode::UNSUPPORTED_MEDIA_TYPE, &["unsupported-media-type"]);
            add(StatusCode::UNPROCESSABLE_ENTITY, &["invalid"]);
        }
        if self.method == Method::POST && self.op.scope.is_some() {
            add(StatusCode::BAD_REQUEST, &["idempotency-key"]);
            add(StatusCode::CONFLICT, &["idempotency-in-flight"]);
            add(StatusCode::UNPROCESSABLE_ENTITY, &["idempotency-mismatch"]);
        }
        for (status, code) in &self.op.problems {
            add(*status, &[code]);
        }
        all
    }
}

/// What a route asks of who uses it.
#[derive(Clone, Copy)]
struct Asked {
    id: &'static str,
    path: &'static str,
    who: Who,
    scope: Option<Scope>,
    demand: Demand,
    level: Level,
    resumable: bool,
}

/// Which operation a request is, for who keeps a record of it.
#[derive(Clone, Copy)]
pub(super) struct Operation(pub &'static str);

async fn guard(asked: Asked, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Operation(asked.id));
    let context = request.extensions().get::<Arc<Context>>();
    let admits = |context: &Arc<Context>| {
        context.bearer.as_ref().map_or(Ok(()), |bearer| bearer.admits(asked.scope))?;
        asked.who.admits(&context.actor)?;
        context.actor.member().map_or(Ok(()), |member| member.reaches(asked.level))?;
        context.renewal.admits(asked.path)?;
        context.is_sure(asked.path, asked.demand)?;
        if asked.resumable { resumable::speaks(request.method(), request.headers()) } else { Ok(()) }
    };
    match context.map_or_else(|| Err(Error::fault("a route outside the shell")), admits) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}
