//! `ziyun work`.

use super::{Outcome, opening};
use app::config::Config;
use app::server::Stop;
use app::watch::{self, log};
use clap::Args;
use std::process::ExitCode;

/// Do the background work only, beside `serve` processes on one PostgreSQL
#[derive(Args)]
pub struct Work {}

impl Work {
    /// Runs until it is asked to end.
    pub async fn run(self, config: Config) -> Outcome {
        let _log = log::start(&config)?;
        let opened = opening::lasting(config, "work").await?;
        let figures = watch::Listener::bind(opened.app.config()).await?;
        let stop = Stop::on_signals()?;
        tracing::info!("working");
        let scraped = async {
            if let Some(figures) = figures {
                figures.run(&opened.app, &stop).await;
            }
        };
        tokio::join!(opened.app.work(stop.asked()), scraped);
        tracing::info!("ended");
        Ok(ExitCode::SUCCESS)
    }
}
