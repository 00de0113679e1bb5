//! The log: one JSON object a line on standard error.

use app::config::Config;
use std::error::Error;
use tracing_subscriber::EnvFilter;

/// Starts it, with the configured filter.
///
/// # Errors
/// A filter that cannot be read.
pub fn start(config: &Config) -> Result<(), Box<dyn Error + Send + Sync>> {
    let filter = EnvFilter::try_new(&config.log).map_err(|why| {
        format!("log: `{}` is no filter ({why}); write for instance info or app=debug,warn", config.log)
    })?;
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter);
    subscriber.with_writer(std::io::stderr).try_init()?;
    Ok(())
}
