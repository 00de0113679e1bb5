//! `ziyun serve`.

use super::{Outcome, opening};
use app::config::{Config, SecondFactor};
use app::server::{Server, Stop};
use app::watch::log;
use clap::Args;
use kit::outgoing::Reach;
use std::io::Write;
use std::process::ExitCode;

/// Serve pages and JSON, and do the background work
///
/// Ends in order on SIGTERM and SIGINT. A new embedded database is made; an older or newer schema is refused.
#[derive(Args)]
pub struct Serve {}

impl Serve {
    /// Runs until it is asked to end.
    pub async fn run(self, config: Config) -> Outcome {
        let _log = log::start(&config)?;
        let opened = opening::lasting(config, "serve").await?;
        // Whoever reads that it serves may ask it to end at once.
        let stop = Stop::on_signals()?;
        let server = Server::bind(opened.app.config()).await?;
        if opened.app.config().operator_second_factor == SecondFactor::Offered {
            tracing::warn!("operator_second_factor = offered: a stolen password is enough to act as the operator");
        }
        if opened.app.config().webhook_reach == Reach::Anywhere {
            tracing::warn!(
                "webhook_reach = anywhere: whoever registers a webhook can make this machine ask its own network"
            );
        }
        tracing::info!(address = %server.address, "serving");
        writeln!(std::io::stdout(), "serving on {}", server.root())?;
        server.run(&opened.app, &stop).await?;
        tracing::info!("ended");
        Ok(ExitCode::SUCCESS)
    }
}
