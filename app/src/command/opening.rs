//! How commands come to an [`App`]: the lock, the stores, and a schema that fits.

use super::lock::{self, Lock};
use app::app::App;
use app::config::Config;
use kit::clock::Clock;
use kit::random::Random;
use std::error::Error;

type Failure = Box<dyn Error + Send + Sync>;

/// An opened program and the lock that it holds as long as it runs.
pub struct Opened {
    /// The program.
    pub app: App,
    _lock: Lock,
}

/// Opens every store and takes what the schema is for granted.
///
/// # Errors
/// The lock is held, a store cannot be opened.
pub async fn stores(config: Config, command: &str) -> Result<Opened, Failure> {
    let lock = lock::hold(&config, command)?;
    let app = App::open(config, Clock::system(), Random::system(), &[]).await?;
    Ok(Opened { app, _lock: lock })
}

/// Opens every store of an installation whose schema fits this program. A new embedded database is made.
///
/// # Errors
/// As [`stores`], and an older or newer schema.
pub async fn installation(config: Config, command: &str) -> Result<Opened, Failure> {
    let is_new = config.database_url.strip_prefix("sqlite:").is_some_and(|path| !std::path::Path::new(path).exists());
    let opened = stores(config, command).await?;
    if is_new {
        opened.app.migrate().await?;
    } else {
        opened.app.check_schema().await?;
    }
    Ok(opened)
}
