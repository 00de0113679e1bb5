//! `GET /health`: whether this process is alive and has its database. `GET /ready`: whether requests should be sent to it.
//! For load balancers and supervisors; they say nothing else.

use crate::app::App;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use kit::db::{self, Db};

type Answer = (StatusCode, &'static str);

/// The routes; they stand outside the shell, so that they need no actor.
pub fn routes() -> Router<App> {
    Router::new().route("/health", get(health)).route("/ready", get(ready))
}

async fn health(State(app): State<App>) -> Answer {
    if answers(app.db()).await { (StatusCode::OK, "ok\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "no database\n") }
}

/// A process that waits for `ziyun migrate`, or that could seal and open nothing, is alive and of no use.
async fn ready(State(app): State<App>) -> Answer {
    let lacks = match app.check_schema().await {
        Err(db::Error::Schema(_)) => Some("another schema\n"),
        Err(_) => Some("no database\n"),
        Ok(()) if !answers(app.keys()).await => Some("no key database\n"),
        Ok(()) => None,
    };
    lacks.map_or((StatusCode::OK, "ready\n"), |lacks| (StatusCode::SERVICE_UNAVAILABLE, lacks))
}

async fn answers(db: &Db) -> bool {
    db.read::<i64, db::Error>(|tx| tx.one("SELECT CAST(1 AS BIGINT)", &[], |row| row.next())).await.is_ok()
}
