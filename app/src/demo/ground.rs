//! Where a demo lives: a folder, on a server two databases, and what of it goes again at the end.

use super::ROOM;
use super::kept::Kept;
use crate::app::{App, StartError};
use crate::config::{Config, SecondFactor};
use crate::lock::{self, Lock};
use crate::recovery::Found;
use crate::server;
use jiff::Timestamp;
use kit::clock::Clock;
use kit::db::Scratch;
use kit::random::Random;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What is asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder to use and to leave; a temporary one otherwise.
    pub folder: Option<PathBuf>,
    /// Seed of all that is drawn by chance in a new demo.
    pub seed: Option<u64>,
    /// What the clock of a new demo shows at first; the machine's time otherwise.
    pub clock: Option<Timestamp>,
}

/// Why a demo cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Whoever reaches the demo reads its mailbox.
    #[error(
        "the demo listens on this machine only: whoever reaches it reads its mailbox and moves its clock; choose \
             --listen 127.0.0.1:PORT"
    )]
    NotLoopback,
    /// The folder cannot be used.
    #[error("{folder}: {why}", folder = folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The folder holds something else, or a demo that was not finished.
    #[error("{folder} is not empty and holds no demo that can go on; choose another folder with --data, or empty it", folder = .0.display())]
    Foreign(PathBuf),
    /// The folder holds a demo already.
    #[error("{folder} holds a demo already; go on with `ziyun demo --data {folder}`, or choose another folder", folder = .0.display())]
    Taken(PathBuf),
    /// The demo's databases lie on a server that the configuration does not name.
    #[error("the demo in {folder} has its databases on a PostgreSQL server; name it by ZIYUN_DATABASE_URL", folder = .0.display())]
    Serverless(PathBuf),
    /// A database of its own cannot be had.
    #[error("databases for the demo: {0}")]
    Database(#[from] kit::db::Error),
    /// Another process works in the folder.
    #[error(transparent)]
    Locked(#[from] lock::Error),
    /// A store cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The server cannot run.
    #[error(transparent)]
    Server(#[from] server::Error),
    /// What the demo begins with could not be prepared.
    #[error("the demo could not be prepared: {0}")]
    Preparation(String),
    /// Asked to end before it was ready.
    #[error("ended before it was ready")]
    Interrupted,
}

/// A folder with a program that is open in it.
pub(super) struct Ground {
    /// The program, with the demo's room.
    pub app: App,
    /// The folder.
    pub folder: PathBuf,
    /// What an earlier run has kept, when there was one.
    pub kept: Option<Kept>,
    /// Names of its databases on a server.
    pub databases: Option<[String; 2]>,
    _lock: Lock,
    leftovers: Leftovers,
}

impl Ground {
    /// Makes or finds everything, and opens the program.
    pub async fn open(base: &Config, options: &Options) -> Result<Self, Error> {
        if !base.listen.ip().is_loopback() {
            return Err(Error::NotLoopback);
        }
        let entropy = Random::system();
        let mut leftovers = Leftovers::default();
        let folder = options.folder.clone().unwrap_or_else(|| temporary(&entropy));
        let failed = |why| Error::Folder { folder: folder.clone(), why };
        if options.folder.is_none() {
            leftovers.folder = Some(folder.clone());
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
        let kept = Kept::read(&folder).map_err(failed)?;
        if kept.is_none() && fs::read_dir(&folder).map_err(failed)?.next().is_some() {
            return Err(Error::Foreign(folder));
        }
        if base.embedded().is_some() && kept.as_ref().is_some_and(|kept| kept.databases.is_some()) {
            return Err(Error::Serverless(folder));
        }
        let (mut config, databases) = (config(base, &folder), databases(base, kept.as_ref(), &entropy)?);
        let databases = databases.map(|pair| {
            [config.database_url, config.key_database_url] = pair.each_ref().map(Scratch::url);
            let names = pair.each_ref().map(|one| one.name().to_owned());
            leftovers.databases = if options.folder.is_none() { pair.to_vec() } else { Vec::new() };
            names
        });
        let lock = lock::hold(&config, "demo")?;
        let (clock, random) = match &kept {
            Some(kept) => (kept.clock(), entropy),
            None => new(options, entropy),
        };
        let found = Found::look(&config);
        let app = App::open(config, clock, random, &[&ROOM]).await?;
        app.migrate().await?;
        let failed = |why: &dyn std::fmt::Display| Error::Preparation(why.to_string());
        crate::restore::own_keys(&app).await.map_err(|why| failed(&why))?;
        app.agree_on_tombstones().await.map_err(|why| failed(&why))?;
        app.recover(&found).await?;
        Ok(Self { app, folder, kept, databases, _lock: lock, leftovers })
    }

    /// Closes the program and removes what is not to stay. Off the async threads.
    pub async fn close(self) {
        let Self { app, leftovers, .. } = self;
        drop(app);
        // A panic while cleaning up has been told by then, and there is nothing left to save.
        let _ = tokio::task::spawn_blocking(move || drop(leftovers)).await;
    }
}

/// A new demo's clock and chance.
fn new(options: &Options, entropy: Random) -> (Clock, Random) {
    let start = options.clock.unwrap_or_else(|| Clock::system().now());
    (Clock::movable(start), options.seed.map_or(entropy, Random::seeded))
}

fn temporary(random: &Random) -> PathBuf {
    std::env::temp_dir().join(format!("ziyun-demo-{}", hex::encode(random.bytes::<8>())))
}

/// All in one folder; of the installation's own configuration only what does not say where things lie.
fn config(base: &Config, folder: &Path) -> Config {
    Config {
        listen: base.listen,
        zone: base.zone.clone(),
        database_connections: base.database_connections,
        operator_name: base.operator_name.clone(),
        privacy_contact: base.privacy_contact.clone(),
        log: base.log.clone(),
        // Its operator signs in unattended, with a password that stands on a page.
        operator_second_factor: SecondFactor::Offered,
        // And is alone: nobody could be the second reviewer.
        verification_sample: 0,
        attestor: base.attestor.clone(),
        issuers: base.issuers.clone(),
        ..Config::under(folder)
    }
}

/// Databases of its own on the configured server: for data, for keys.
fn databases(base: &Config, kept: Option<&Kept>, random: &Random) -> Result<Option<[Scratch; 2]>, Error> {
    let server = base.database_url.as_str();
    match kept {
        Some(Kept { databases: Some(names), .. }) => {
            Ok(Some(names.each_ref().map(|name| Scratch::named(server, name))))
        }
        Some(_) => Ok(None),
        None if base.embedded().is_some() => Ok(None),
        None => {
            let main = Scratch::create(server, "ziyun_demo", random)?;
            match Scratch::create(server, "ziyun_demo_keys", random) {
                Ok(keys) => Ok(Some([main, keys])),
                Err(error) => {
                    main.remove()?;
                    Err(error.into())
                }
            }
        }
    }
}

/// What goes at the end, also when the demo fails on its way.
#[derive(Default)]
struct Leftovers {
    folder: Option<PathBuf>,
    databases: Vec<Scratch>,
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        for database in &self.databases {
            if let Err(error) = database.remove() {
                tracing::warn!(%error, database = database.name(), "a database of the demo stays behind");
            }
        }
        if let Some(folder) = &self.folder
            && let Err(error) = fs::remove_dir_all(folder)
        {
            tracing::warn!(%error, folder = %folder.display(), "the folder of the demo stays behind");
        }
    }
}
