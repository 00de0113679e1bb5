//! Where a run measures: one of the two engines, and databases made for it.

use app::app::App;
use app::config::Config;
use app::web::Room;
use kit::clock::Clock;
use kit::db::{Db, Scratch, Settings};
use kit::random::Random;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// An engine, and where its databases lie.
pub struct Place {
    /// `sqlite` or `postgresql`, as the figures name it.
    pub engine: &'static str,
    /// The server, for PostgreSQL.
    server: Option<String>,
    folder: PathBuf,
}

/// A database for a while: of its own, gone with it.
pub struct Database {
    /// Its address.
    pub url: String,
    /// The folder of its file and of what lies beside it: `data`, `keys`, `node`.
    pub folder: PathBuf,
    /// Where the folder goes with it.
    _while: Option<tempfile::TempDir>,
    scratch: Option<Scratch>,
}

impl Place {
    /// Files in this folder.
    pub fn sqlite(folder: &Path) -> Self {
        Self { engine: "sqlite", server: None, folder: folder.to_owned() }
    }

    /// Databases on this server; other files in this folder.
    pub fn postgresql(folder: &Path, server: String) -> Self {
        Self { engine: "postgresql", server: Some(server), folder: folder.to_owned() }
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// When the folder cannot be written or the server does not answer.
    pub fn database(&self) -> Database {
        let folder = tempfile::tempdir_in(&self.folder).expect("the folder can be written");
        let make = |server: &String| Scratch::create(server, "bench", &Random::system()).expect("a database");
        let scratch = self.server.as_ref().map(make);
        let url = scratch.as_ref().map_or_else(|| file(folder.path()), Scratch::url);
        std::fs::create_dir(folder.path().join("data")).expect("a folder can be made");
        Database { url, folder: folder.path().to_owned(), _while: Some(folder), scratch }
    }
}

impl Database {
    /// The file of a folder that stays.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn kept(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join("data")).expect("a folder can be made");
        Self { url: file(folder), folder: folder.to_owned(), _while: None, scratch: None }
    }

    /// Only the unit of work on it, without the program.
    ///
    /// # Panics
    /// When it does not open.
    pub fn db(&self) -> Db {
        Db::open(&Settings::new(&self.url), Clock::system(), Random::system()).expect("the database opens")
    }

    /// The whole program on it, with its schema, driven by this runtime.
    ///
    /// # Panics
    /// When it does not open.
    pub fn app(&self, runtime: &Runtime) -> App {
        self.app_with(runtime, &[])
    }

    /// The whole program on it, configured otherwise.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn opened(&self, change: impl FnOnce(&mut Config)) -> App {
        let mut config = Config::under(&self.folder);
        config.database_url.clone_from(&self.url);
        change(&mut config);
        let app = App::open(config, Clock::system(), Random::system(), &[]).await.expect("the program opens");
        app.migrate().await.expect("the schema applies");
        app
    }

    /// The same with more rooms.
    ///
    /// # Panics
    /// When it does not open.
    pub fn app_with(&self, runtime: &Runtime, rooms: &[&'static Room]) -> App {
        let mut config = Config::under(&self.folder);
        config.database_url.clone_from(&self.url);
        runtime.block_on(async {
            let app = App::open(config, Clock::system(), Random::system(), rooms).await.expect("the program opens");
            app.migrate().await.expect("the schema applies");
            app
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.scratch.as_ref().map(Scratch::remove) {
            tracing::warn!(%error, "a database of this run stays on the server");
        }
    }
}

fn file(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("data").join("ziyun.db").display())
}

/// A runtime for what is prepared and not measured.
///
/// # Panics
/// When the system gives no threads.
pub fn runtime() -> Runtime {
    Runtime::new().expect("a runtime starts")
}
