//! `ziyun backup`.

use super::Outcome;
use app::backup::{Source, Taken, check, manifest::Kind, prune};
use app::config::Config;
use clap::Args;
use kit::clock::Clock;
use kit::random::Random;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Back up data and keys, each into a folder of its own; prints the folders
///
/// May run beside `serve`. Name another disk for the data, and for the keys another place than for the data: together they
/// open everything. Back-ups of keys say in their name by which day they must be deleted; `--prune` does it. The root key is
/// in neither. Exits with 1 if files were missing that rows name.
#[derive(Args)]
pub struct Backup {
    /// Folder below which the data are backed up
    #[arg(long, value_name = "DIR", required_unless_present_any = ["keys_to", "check"])]
    to: Option<PathBuf>,
    /// Folder below which the keys are backed up
    #[arg(long, value_name = "DIR")]
    keys_to: Option<PathBuf>,
    /// Remove back-ups of keys below --keys-to whose day has come
    #[arg(long, requires = "keys_to")]
    prune: bool,
    /// Only read the back-up in this folder and compare every checksum
    #[arg(long, value_name = "DIR", conflicts_with_all = ["to", "keys_to"])]
    check: Option<PathBuf>,
}

impl Backup {
    /// Backs up and tells.
    pub async fn run(self, config: Config) -> Outcome {
        let mut out = std::io::stdout();
        if let Some(folder) = &self.check {
            let kind = app::backup::manifest::Manifest::read(folder)?.kind;
            let manifest = check(folder, kind)?;
            let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
            writeln!(out, "{} of {}: {rows} rows, whole", kind.code(), manifest.taken_at)?;
            return Ok(ExitCode::SUCCESS);
        }
        let (clock, random) = (Clock::system(), Random::system());
        if let Some(keys_to) = self.keys_to.as_ref().filter(|_| self.prune) {
            removed(keys_to, &clock)?;
            if self.to.is_none() {
                return Ok(ExitCode::SUCCESS);
            }
        }
        apart(self.to.as_deref(), self.keys_to.as_deref(), &config)?;
        let source = Source::open(&config, &clock, &random).await?;
        let mut missing = 0;
        if let Some(to) = &self.to {
            let taken = source.data(to).await?;
            missing = taken.manifest.missing.len();
            told(&taken)?;
        }
        if let Some(keys_to) = &self.keys_to {
            told(&source.keys(keys_to).await?)?;
        }
        Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn told(taken: &Taken) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{}", taken.folder.display())?;
    if let (Kind::Keys, Some(until)) = (taken.manifest.kind, taken.manifest.delete_by) {
        writeln!(out, "delete it by {until}")?;
    }
    taken.manifest.missing.iter().try_for_each(|name| writeln!(out, "missing: the file {name} that a row names"))
}

fn removed(keys_to: &Path, clock: &Clock) -> Result<(), app::backup::Error> {
    for folder in prune(keys_to, clock.now())? {
        // What was removed stands, whoever reads of it.
        let _ = writeln!(std::io::stdout(), "removed {}", folder.display());
    }
    Ok(())
}

/// Keys beside data, or inside what is backed up, would make both worthless.
fn apart(to: Option<&Path>, keys_to: Option<&Path>, config: &Config) -> Result<(), app::backup::Error> {
    let inside = |path: &Path, of: &Path| match (std::path::absolute(path), std::path::absolute(of)) {
        (Ok(path), Ok(of)) => path.starts_with(of),
        _ => false,
    };
    let refused = |what: &str| Err(app::backup::Error::Refused(what.to_owned()));
    if let (Some(to), Some(keys_to)) = (to, keys_to)
        && (inside(to, keys_to) || inside(keys_to, to))
    {
        return refused("--keys-to must lie apart from --to: who has both opens everything");
    }
    if keys_to.is_some_and(|keys_to| inside(keys_to, &config.data_dir)) {
        return refused("--keys-to must lie outside data_dir: a copy of the data would hold keys");
    }
    if to.into_iter().chain(keys_to).any(|path| inside(&config.tombstone_journal, path)) {
        return refused("a back-up may not hold the journal of tombstones: name another folder");
    }
    Ok(())
}
