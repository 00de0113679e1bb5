//! Around every request: counted, timed.

use crate::app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// The outermost layer.
pub async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let route = app.names().of_route(&method, pattern);
    let _under_way = app.figures().under_way();
    let response = next.run(request).await;
    app.figures().answered(&method, route, response.status(), begun.elapsed());
    response
}
