//! The restore drill: back-ups are taken of the running installation and restored in a place apart; there two persons come
//! to be, the copy is backed up, one of them is erased, and both older back-ups are restored once more. The erased one must
//! stay unreadable although data and keys of that time are back, the living one readable. The running data are only read; one row
//! says how it ended.

mod person;
mod report;

pub use report::{Outcome, Report, newest};

use crate::app::App;
use crate::backup::{Error, Source, Taken};
use crate::config::Config;
use crate::identity::account::erase;
use crate::restore::{Order, restore};
use kit::clock::Clock;
use kit::random::Random;
use person::Drilled;
use policy::Control;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder below the place, which is removed before and after.
const FOLDER: &str = "ziyun-drill";

/// Runs a drill below `place`, and records it, held or not.
///
/// # Errors
/// [`Error`] when the installation cannot be opened, or the row not be written. What goes wrong in the drill is its outcome.
pub async fn drill(config: &Config, place: &Path, clock: &Clock, random: &Random) -> Result<Report, Error> {
    let source = Source::open(config, clock, random).await?;
    let at = clock.now();
    let folder = place.join(FOLDER);
    remove(&folder)?;
    let course = Course { config, clock, random, folder: &folder };
    let (outcome, size, told) = match course.run(&source).await {
        Ok((outcome, size)) => (outcome, size, String::new()),
        Err(error) => (Outcome::Failed, (0, 0), error.to_string()),
    };
    remove(&folder)?;
    let id = random.id();
    let report = Report { id, at, ended_at: clock.now(), outcome, rows: size.0, bytes: size.1, told };
    if policy::holds(Control::DrillRecorded) {
        let row = report.clone();
        source.db().write::<_, Error>(move |tx| Ok(row.record(tx)?)).await?;
    }
    Ok(report)
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(Error::of(folder)(why)),
        _ => Ok(()),
    }
}

struct Course<'c> {
    config: &'c Config,
    clock: &'c Clock,
    random: &'c Random,
    folder: &'c Path,
}

impl Course<'_> {
    /// Answers how it ended, and how many rows and bytes were restored of the running installation.
    async fn run(&self, source: &Source) -> Result<(Outcome, (u64, u64)), Error> {
        let real = self.taken(source, "real").await?;
        let size = size(&real.0);
        let first = self.restored("first", &real, &self.config.tombstone_journal).await?;
        let (leaving, staying) = (Drilled::new(&first).await?, Drilled::new(&first).await?);
        let older = self.taken(&Source::of(&first), "older").await?;
        if !(leaving.is_readable(&first).await? && staying.is_readable(&first).await?) {
            return Ok((Outcome::LivingLost, size));
        }
        let subject = leaving.subject;
        first.db().write(move |tx| erase(tx, subject)).await?;
        first.vault().destroy_keys(subject, first.journal()).await?;
        let journal = first.journal().path().to_owned();
        drop(first);
        let second = self.restored("second", &older, &journal).await?;
        let outcome = match (leaving.is_gone(&second).await?, staying.is_readable(&second).await?) {
            (false, _) => Outcome::ErasedBack,
            (true, false) => Outcome::LivingLost,
            (true, true) => Outcome::Held,
        };
        Ok((outcome, size))
    }

    async fn taken(&self, source: &Source, name: &str) -> Result<(Taken, Taken), Error> {
        let below = |kind: &str| self.folder.join(format!("{name}-{kind}"));
        Ok((source.data(&below("data")).await?, source.keys(&below("keys")).await?))
    }

    /// Restored into embedded databases of its own, with this journal, and opened.
    async fn restored(&self, name: &str, taken: &(Taken, Taken), journal: &Path) -> Result<App, Error> {
        let mut config = Config::under(&self.folder.join(name));
        config.root_key_file = self.config.root_key_file.clone();
        // Every region becomes a folder: no bucket is written to.
        config.data_regions.clone_from(&self.config.data_regions);
        config.data_regions.iter_mut().for_each(|region| region.bucket = None);
        let target = &config.tombstone_journal;
        let above = target.parent().map_or_else(PathBuf::new, Path::to_owned);
        fs::create_dir_all(&above).map_err(Error::of(&above))?;
        fs::copy(journal, target).map_err(Error::of(journal))?;
        let (data, keys) = (taken.0.folder.clone(), Some(taken.1.folder.clone()));
        restore(&config, &Order { data, keys, journal_lost: false }, self.clock, self.random).await?;
        Ok(App::open(config, self.clock.clone(), self.random.clone(), &[]).await?)
    }
}

fn size(data: &Taken) -> (u64, u64) {
    let tables = &data.manifest.tables;
    (tables.iter().map(|table| table.rows).sum(), tables.iter().map(|table| table.sum.bytes).sum())
}
