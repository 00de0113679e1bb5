//! `GET /metrics` on a listener of its own, on this machine only: the public's listener has no such page.

use super::scrape;
use crate::app::App;
use crate::config::Config;
use crate::server::Stop;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use std::net::SocketAddr;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("metrics_listen {address}: {why}; choose another address of this machine, or leave it out")]
pub struct Error {
    address: SocketAddr,
    why: std::io::Error,
}

/// Waits for Prometheus.
#[derive(Debug)]
pub struct Listener {
    listener: tokio::net::TcpListener,
    /// Where it listens, with the port that port 0 became.
    pub address: SocketAddr,
}

impl Listener {
    /// Listens, if the configuration asks for it.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn bind(config: &Config) -> Result<Option<Self>, Error> {
        let Some(address) = config.metrics_listen else { return Ok(None) };
        let failed = |why| Error { address, why };
        let listener = tokio::net::TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Some(Self { listener, address }))
    }

    /// Answers until the end is asked for. A scrape under way is cut off: the next process is scraped instead.
    pub async fn run(self, app: &App, stop: &Stop) {
        let router = Router::new().route("/metrics", get(show)).with_state(app.clone());
        tokio::select! {
            ended = axum::serve(self.listener, router).into_future() => {
                tracing::error!(?ended, "nobody can scrape this process any more");
            }
            () = stop.asked() => {}
        }
    }
}

async fn show(State(app): State<App>) -> impl IntoResponse {
    ([(CONTENT_TYPE, OPEN_METRICS)], scrape(&app).await)
}
