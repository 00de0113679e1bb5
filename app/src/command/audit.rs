//! `ziyun audit [--checkpoint FILE]`.

use super::{Outcome, opening};
use app::config::Config;
use app::trust::log::audit;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make the transparency log again from the database and compare it with what was signed; prints one JSON object
///
/// Tells the first difference: a row, slot or entry that was changed, added, moved or taken away, or a tree that does not go
/// on from an earlier checkpoint. Exits with 1 if there is one. With the embedded database no `serve` may run; that audits by
/// itself every night.
#[derive(Args)]
pub struct Audit {
    /// A checkpoint that was kept earlier, from /log/checkpoint: the log must go on from it
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

impl Audit {
    /// Audits and tells.
    pub async fn run(self, config: Config) -> Outcome {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
        let note = self.checkpoint.as_ref().map(read).transpose()?;
        let opened = opening::installation(config, "audit").await?;
        let earlier = note.as_deref().map(|note| audit::kept(&opened.app, note)).transpose();
        let report = match earlier {
            Ok(earlier) => Ok(audit::audit(&opened.app, earlier.as_ref()).await?),
            Err(why) => Err(why),
        };
        opened.close();
        let report = report?;
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&report)?)?;
        Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
