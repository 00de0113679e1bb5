//! `GET /health`: whether this process can serve. For load balancers; it says nothing else.

use crate::app::App;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use kit::db;

/// The route; it stands outside the shell, so that it needs no actor.
pub fn routes() -> Router<App> {
    Router::new().route("/health", get(show))
}

async fn show(State(app): State<App>) -> (StatusCode, &'static str) {
    let asked = app.db().read::<i64, db::Error>(|tx| tx.one("SELECT CAST(1 AS BIGINT)", &[], |row| row.next())).await;
    match asked {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "no database\n"),
    }
}
