//! A back-up becomes an installation again, and whoever was erased since stays erased.
//!
//! Everything is read and compared before anything is touched; only an empty target is taken. Then: keys (one unit), files,
//! the main database with its marker (one unit), and, with the marker there, what the journal of tombstones knows more than
//! the back-up: erased again, the keys of all who are erased destroyed, login sessions ended. Only then the marker says that
//! it may be served. Killed at any moment, the same command goes on where it was.

mod blobs;
mod load;
mod own;
mod state;

pub use own::{check_restored, fingerprint, own_keys};

use crate::app::App;
use crate::backup::manifest::{Kind, Manifest};
use crate::backup::{Error, check};
use crate::config::Config;
use kit::clock::Clock;
use kit::db::{Db, Settings};
use kit::random::Random;
use std::path::{Path, PathBuf};
use vault::RootKeys;
use vault::tombstone::{Journal, JournalError};

/// What is to be restored.
#[derive(Clone, Debug)]
pub struct Order {
    /// Folder of a back-up of data.
    pub data: PathBuf,
    /// Folder of a back-up of keys; without one the key database is as it should be.
    pub keys: Option<PathBuf>,
    /// Whether the operator says that there is no journal of tombstones any more.
    pub journal_lost: bool,
}

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The back-up.
    pub manifest: Manifest,
    /// Persons erased again, because they had been erased after the back-up.
    pub erased: usize,
    /// Erased persons whose keys the restored key database had.
    pub buried: usize,
    /// What should be looked at: each a sentence.
    pub warnings: Vec<String>,
}

/// Restores into the empty stores of this configuration. The caller holds the lock of the data folder.
///
/// # Errors
/// [`Error`]: what is missing or damaged, by name, and the way out.
pub async fn restore(config: &Config, order: &Order, clock: &Clock, random: &Random) -> Result<Restored, Error> {
    let data = check(&order.data, Kind::Data)?;
    let keys = order.keys.as_deref().map(|folder| check(folder, Kind::Keys)).transpose()?;
    if let Some(keys) = &keys
        && keys.installation != data.installation
    {
        let what = "the back-up of keys is another installation's: with it nothing personal of these data opens";
        return Err(Error::Refused(what.into()));
    }
    journal(config, order.journal_lost)?;
    RootKeys::read(&config.root_key_file)?;
    let mut warnings = warnings(&data, keys.as_ref(), clock);
    let open = |settings: Settings| Db::open(&settings.threads(1), clock.clone(), random.clone());
    if let (Some(folder), Some(keys)) = (&order.keys, &keys) {
        crate::folders::make(config)?;
        let target = open(Settings::new(&config.key_database_url).secure_delete())?;
        state::keys(&target, folder.clone(), keys.clone()).await?;
    } else if config.key_database_url.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
        let what = format!("{} is not there: name a back-up of keys with --keys-from", config.key_database_url);
        return Err(Error::Refused(what));
    }
    crate::folders::make(config)?;
    blobs::copy(config, &order.data).await?;
    let target = open(Settings::new(&config.database_url))?;
    state::main(&target, order.data.clone(), data.clone(), order.journal_lost).await?;
    drop(target);
    let app = App::open(config.clone(), clock.clone(), random.clone(), &[]).await?;
    app.migrate().await?;
    own_keys(&app).await?;
    let (erased, buried) = replay(&app).await?;
    if order.journal_lost {
        warnings.push(
            "the journal is lost: whoever was erased after this back-up is back, and has to be erased again".into(),
        );
    }
    Ok(Restored { manifest: data, erased, buried, warnings })
}

/// What the journal knows is done again, and nobody is signed in any more. Answers how many persons were erased, and of how
/// many keys were left.
async fn replay(app: &App) -> Result<(usize, usize), Error> {
    app.db().write::<_, Error>(|tx| Ok(crate::web::session::end_all(tx)?)).await?;
    app.db().write::<_, Error>(|tx| Ok(crate::web::visit::end_all(tx)?)).await?;
    let agreed = app.agree_on_tombstones().await?;
    app.db().write::<_, Error>(|tx| Ok(own::replayed(tx)?)).await?;
    Ok((agreed.replayed, agreed.buried))
}

/// Who was erased after the back-up is known, or said to be unknown.
fn journal(config: &Config, lost: bool) -> Result<(), Error> {
    match Journal::at(&config.tombstone_journal).read() {
        Ok(_) => Ok(()),
        Err(JournalError::Missing(_)) if lost => Ok(()),
        Err(error @ JournalError::Missing(_)) => Err(Error::Refused(format!(
            "{error}: whoever was erased after the back-up would come back. Put a copy of it there and run this again; \
             if there is none any more, say so with --journal-lost"
        ))),
        Err(error) => Err(vault::Error::from(error).into()),
    }
}

fn warnings(data: &Manifest, keys: Option<&Manifest>, clock: &Clock) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(until) = keys.and_then(|keys| keys.delete_by).filter(|until| *until <= clock.now()) {
        all.push(format!(
            "the back-up of keys should have been deleted by {until}; delete it now (`ziyun backup --prune`)"
        ));
    }
    if keys.is_some_and(|keys| keys.taken_at < data.taken_at) {
        all.push("the back-up of keys is older than that of the data: what was sealed in between does not open".into());
    }
    if !data.missing.is_empty() {
        all.push(format!("files that were missing when it was made: {}", data.missing.join(", ")));
    }
    all
}
