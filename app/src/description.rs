//! `GET /openapi.json`: the description of the API, for programs that are to use it. Public.

use crate::app::{App, ROOMS};
use crate::web::{Row, document};
use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// The description of the product's own rooms: what `ziyun openapi` prints.
pub fn description() -> Value {
    let rows: Vec<Row> = ROOMS.iter().flat_map(|room| (room.routes)().table().to_vec()).collect();
    document(&rows)
}

/// The route; it stands outside the shell, since it is the same for everybody. The text is made when it is first asked
/// for: the start does not wait for it, and who is never asked does not hold it.
pub fn routes(rows: Vec<Row>) -> Router<App> {
    let text = Arc::new(LazyLock::new(move || Bytes::from(document(&rows).to_string())));
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    Router::new().route("/openapi.json", get(async move || (headers, Bytes::clone(&text))))
}
