//! Back-ups, taken while the program serves: of the main database with the files that its rows name, and, apart from it and
//! for a few days only, of the key database.
//!
//! A back-up is a folder: `manifest` (written last), `tables/NAME.rows`, the list `files` and `blobs/`. Tables are copied one
//! by one within one snapshot, in a form of our own that both engines read, so that a back-up of one can be restored on the
//! other. Each file's length and SHA-256 stand in the manifest; the manifest's own stands below it. A back-up holds sealed
//! values and no key; a back-up of keys holds wrapped keys and neither data nor the root key.
//!
//! Files are never overwritten and are removed only after their row: all that are there before the snapshot are linked (on
//! another disk: copied; from a bucket: fetched, where the newest back-up has not got them) first, those that came since are linked afterwards, and those that no row of the snapshot names are
//! dropped.

mod check;
mod error;
mod files;
pub mod manifest;
mod prune;
mod rows;
mod snapshot;
mod stage;
pub mod summed;

pub use check::check;
pub(crate) use check::{files, table_file};
pub use error::Error;
pub(crate) use files::{put, stored};
pub use prune::prune;
pub(crate) use rows::{Rows, names};
pub(crate) use snapshot::OWN;

use crate::app::{ROOMS, migrations};
use crate::config::Config;
use jiff::SignedDuration;
use kit::blobs::Blobs;
use kit::clock::Clock;
use kit::db::{Db, Settings};
use kit::random::Random;
use manifest::{FORMAT, Kind, Manifest};
use stage::Stage;
use std::path::{Path, PathBuf};

/// A back-up that was taken.
#[derive(Debug)]
pub struct Taken {
    /// Its folder.
    pub folder: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
}

/// What is backed up. Opened beside whoever serves; nothing of it is changed.
pub struct Source {
    db: Db,
    keys: Db,
    blobs: Blobs,
    random: Random,
}

impl Source {
    /// Opens an installation that was served before.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is none, or its schema is another program's; [`Error::Db`].
    pub async fn open(config: &Config, clock: &Clock, random: &Random) -> Result<Self, Error> {
        for url in [&config.database_url, &config.key_database_url] {
            if url.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
                return Err(Error::Refused(format!("{url} is not there: there is nothing to back up")));
            }
        }
        let open = |settings: Settings| Db::open(&settings.threads(1), clock.clone(), random.clone());
        let db = open(Settings::new(&config.database_url))?;
        let keys = open(Settings::new(&config.key_database_url).secure_delete())?;
        db.check_schema(migrations()).await?;
        keys.check_schema(vault::key_migrations()).await?;
        Ok(Self { db, keys, blobs: crate::folders::blobs(config)?, random: random.clone() })
    }

    /// Of an opened program's own stores.
    pub fn of(app: &crate::app::App) -> Self {
        let (db, keys, random) = (app.db().clone(), app.keys().clone(), app.random().clone());
        Self { db, keys, blobs: app.blobs().clone(), random }
    }

    /// The main database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Backs up the main database and its files into a folder of its own below `to`.
    ///
    /// # Errors
    /// [`Error`]; what was begun is removed by the next one.
    pub async fn data(&self, to: &Path) -> Result<Taken, Error> {
        let stage = Stage::begin(to)?;
        let taking = files::Taking::new(&self.blobs, stage.folder(), to)?;
        taking.all().await?;
        let (folder, installation) = (stage.folder().to_owned(), self.installation().await?);
        let tables: Vec<_> = ROOMS.iter().flat_map(|room| room.files).copied().collect();
        let found = self.db.read::<_, Error>(move |tx| snapshot::copy(tx, &folder, &tables)).await?;
        let (files, missing) = taking.keep(&found.named, &stage.folder().join(manifest::FILES)).await?;
        let mut manifest = self.manifest(Kind::Data, installation, found);
        (manifest.files, manifest.missing) = (Some(files), missing);
        Ok(Taken { folder: stage.finish(&manifest)?, manifest })
    }

    /// Backs up the key database below `to`. Take it after the data: what it lacks cannot be opened.
    ///
    /// # Errors
    /// As [`Source::data`].
    pub async fn keys(&self, to: &Path) -> Result<Taken, Error> {
        let stage = Stage::begin(to)?;
        let (folder, installation) = (stage.folder().to_owned(), self.installation().await?);
        let found = self.keys.read::<_, Error>(move |tx| snapshot::copy(tx, &folder, &[])).await?;
        let mut manifest = self.manifest(Kind::Keys, installation, found);
        let lives = SignedDuration::from_hours(policy::period::KEY_BACKUP.hours());
        manifest.delete_by = manifest.taken_at.checked_add(lives).ok();
        Ok(Taken { folder: stage.finish(&manifest)?, manifest })
    }

    async fn installation(&self) -> Result<String, Error> {
        let found = self.db.read(crate::restore::fingerprint).await?;
        let todo = "this installation was never served by this program; start `ziyun serve` once, then back it up";
        found.ok_or_else(|| Error::Refused(todo.into()))
    }

    fn manifest(&self, kind: Kind, installation: String, found: snapshot::Found) -> Manifest {
        Manifest {
            format: FORMAT.into(),
            kind,
            id: hex::encode(self.random.bytes::<16>()),
            taken_at: found.at,
            delete_by: None,
            installation,
            schema: found.schema,
            tables: found.tables,
            files: None,
            missing: Vec::new(),
        }
    }
}
