//! `ziyun migrate`.

use super::{Outcome, opening};
use app::config::Config;
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

/// Bring the database to this program's schema
///
/// Steps only add: processes of the version before may go on while it runs. Prints the steps applied.
#[derive(Args)]
pub struct Migrate {}

impl Migrate {
    /// Applies what is missing; a database that knows more than this program is refused.
    pub async fn run(self, config: Config) -> Outcome {
        let opened = opening::stores(config, "migrate").await?;
        let steps = opened.app.migrate().await;
        opened.close();
        let steps = steps?;
        let mut out = std::io::stdout();
        for step in &steps {
            writeln!(out, "applied {step}")?;
        }
        if steps.is_empty() {
            writeln!(out, "nothing to apply")?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
