//! `ziyun work`.

use super::{Outcome, log, opening};
use app::config::Config;
use app::server::Stop;
use clap::Args;
use std::process::ExitCode;

/// Do the background work only, beside `serve` processes on one PostgreSQL
#[derive(Args)]
pub struct Work {}

impl Work {
    /// Runs until it is asked to end.
    pub async fn run(self, config: Config) -> Outcome {
        log::start(&config)?;
        let opened = opening::lasting(config, "work").await?;
        tracing::info!("working");
        opened.app.work(Stop::on_signals()?.asked()).await;
        tracing::info!("ended");
        Ok(ExitCode::SUCCESS)
    }
}
