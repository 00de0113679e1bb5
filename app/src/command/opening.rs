//! How commands come to an [`App`]: the lock, the stores, and a schema that fits.

use app::app::App;
use app::config::Config;
use app::lock::{self, Lock};
use app::recovery::{Found, Running};
use kit::clock::Clock;
use kit::random::Random;
use std::error::Error;
use std::path::{Path, PathBuf};

type Failure = Box<dyn Error + Send + Sync>;

/// An opened program, and the lock that it holds as long as it runs.
pub struct Opened {
    /// The program.
    pub app: App,
    _running: Option<Running>,
    _lock: Lock,
    /// The search folder that only this command uses.
    passing: Option<PathBuf>,
}

impl Opened {
    /// Removes what only this command needed.
    pub fn close(self) {
        let Self { app, passing, .. } = self;
        drop(app);
        if let Some(folder) = passing {
            // An empty search folder that stays behind does no harm.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// For a process that lasts: opens an installation whose schema fits this program, and repairs what a process that was
/// killed has left there. A new embedded database is made.
///
/// # Errors
/// The lock is held, a store cannot be opened, the schema is older or newer.
pub async fn lasting(config: Config, command: &str) -> Result<Opened, Failure> {
    let lock = lock::hold(&config, command)?;
    let (is_new, found) = (is_new(&config), Found::look(&config));
    let app = App::open(config, Clock::system(), Random::system(), &[]).await?;
    fit(&app, is_new).await?;
    app.agree_on_tombstones().await?;
    app.recover(&found).await?;
    let running = Some(Running::mark(app.config())?);
    Ok(Opened { app, _running: running, _lock: lock, passing: None })
}

/// For a command beside others: the same, with a search folder of its own, since `serve` keeps the usual one to itself.
///
/// # Errors
/// As [`lasting`].
pub async fn installation(config: Config, command: &str) -> Result<Opened, Failure> {
    let is_new = is_new(&config);
    let opened = stores(config, command).await?;
    fit(&opened.app, is_new).await?;
    Ok(opened)
}

/// Opens every store and takes the schema as it is.
///
/// # Errors
/// The lock is held, a store cannot be opened.
pub async fn stores(mut config: Config, command: &str) -> Result<Opened, Failure> {
    let lock = lock::hold(&config, command)?;
    let passing = config.node_dir.join(format!("{command}-{}", std::process::id()));
    config.node_dir = passing.clone();
    let app = App::open(config, Clock::system(), Random::system(), &[]).await?;
    Ok(Opened { app, _running: None, _lock: lock, passing: Some(passing) })
}

fn is_new(config: &Config) -> bool {
    config.database_url.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists())
}

async fn fit(app: &App, is_new: bool) -> Result<(), Failure> {
    if is_new {
        app.migrate().await?;
    } else {
        app.check_schema().await?;
    }
    Ok(())
}
