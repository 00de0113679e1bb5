//! Another machine: empty stores, the root key and the journal of tombstones of the first.

use crate::world::{World, scratch, server};
use app::backup::{Error, Taken};
use app::config::Config;
use app::restore::{Order, Restored, restore};
use kit::clock::Clock;
use kit::db::Scratch;
use kit::random::Random;
use std::cell::RefCell;
use std::fs;
use tempfile::TempDir;

/// Where something is restored.
pub struct Elsewhere {
    pub config: Config,
    clock: Clock,
    folder: RefCell<Option<TempDir>>,
    databases: RefCell<Vec<Scratch>>,
}

/// What is to be restored.
pub fn order(data: &Taken, keys: Option<&Taken>) -> Order {
    Order { data: data.folder.clone(), keys: keys.map(|keys| keys.folder.clone()), journal_lost: false }
}

impl Elsewhere {
    pub async fn new(world: &World) -> Self {
        Self::on(world, server()).await
    }

    /// With an embedded database, whatever the world has.
    pub async fn embedded(world: &World) -> Self {
        Self::on(world, None).await
    }

    async fn on(world: &World, server: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::under(folder.path());
        let mut databases = Vec::new();
        if let Some(server) = server {
            databases.push(scratch(server).await);
            config.database_url = databases[0].url();
        }
        fs::create_dir_all(&config.key_dir).unwrap();
        fs::copy(&world.app.config().root_key_file, &config.root_key_file).unwrap();
        let journal = world.app.journal().path();
        world.app.agree_on_tombstones().await.unwrap();
        fs::create_dir_all(config.tombstone_journal.parent().unwrap()).unwrap();
        fs::copy(journal, &config.tombstone_journal).unwrap();
        let (folder, databases) = (RefCell::new(Some(folder)), RefCell::new(databases));
        Self { config, clock: world.clock.clone(), folder, databases }
    }

    pub async fn restore(&self, data: &Taken, keys: Option<&Taken>) -> Result<Restored, Error> {
        self.ordered(&order(data, keys)).await
    }

    pub async fn ordered(&self, order: &Order) -> Result<Restored, Error> {
        restore(&self.config, order, &self.clock, &Random::seeded(4)).await
    }

    /// The database servers' part of it, which whoever serves it drops in the end.
    pub fn databases(&self) -> Vec<Scratch> {
        self.databases.take()
    }

    /// A program on it.
    pub async fn serve(&self) -> World {
        self.serve_as(self.config.clone()).await
    }

    /// The same as it was configured since.
    pub async fn serve_as(&self, config: Config) -> World {
        let folder = self.folder.take().expect("served once");
        World::of(policy::Versions::COMPILED, folder, config, (self.clock.clone(), Random::seeded(5)), Vec::new()).await
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        for database in self.databases.take() {
            std::thread::spawn(move || database.remove()).join().ok();
        }
    }
}
