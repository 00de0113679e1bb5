//! `ziyun restore`.

use super::Outcome;
use app::config::Config;
use app::lock;
use app::restore::{Order, restore};
use clap::Args;
use kit::clock::Clock;
use kit::random::Random;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Restore back-ups into an empty installation, and erase again who was erased since
///
/// Compares every checksum before it touches anything. Needs the root key and the journal of tombstones of the installation
/// in their places. Killed in the middle, run it again; `serve` refuses until it is done.
#[derive(Args)]
pub struct Restore {
    /// Folder of a back-up of data
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Folder of a back-up of keys; without it the key database must be there
    #[arg(long, value_name = "DIR")]
    keys_from: Option<PathBuf>,
    /// There is no journal of tombstones any more: accept that whoever was erased since the back-up is back
    #[arg(long)]
    journal_lost: bool,
}

impl Restore {
    /// Restores and tells.
    pub async fn run(self, mut config: Config) -> Outcome {
        let _lock = lock::hold(&config, "restore")?;
        // The search index is made anew by the first start.
        let passing = config.node_dir.join(format!("restore-{}", std::process::id()));
        config.node_dir = passing.clone();
        let order = Order { data: self.from, keys: self.keys_from, journal_lost: self.journal_lost };
        let restored = restore(&config, &order, &Clock::system(), &Random::system()).await;
        // An empty search folder that stays behind does no harm.
        let _ = std::fs::remove_dir_all(passing);
        let restored = restored?;
        let mut out = std::io::stdout();
        writeln!(out, "restored the back-up {} of {}", restored.manifest.id, restored.manifest.taken_at)?;
        writeln!(out, "erased again: {}; keys of erased persons destroyed: {}", restored.erased, restored.buried)?;
        restored.warnings.iter().try_for_each(|warning| writeln!(out, "attention: {warning}"))?;
        Ok(ExitCode::SUCCESS)
    }
}
