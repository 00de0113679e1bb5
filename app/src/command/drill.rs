//! `ziyun drill`.

use super::Outcome;
use app::config::Config;
use app::drill::{self, drill};
use clap::Args;
use kit::clock::Clock;
use kit::random::Random;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Rehearse a restore: back up, restore apart, erase a made-up person, restore older back-ups, and look who can be read
///
/// May run beside `serve`; the running data are only read, and one row records how it ended (/trust, /desk/privacy/drills).
/// Needs room for four copies of the databases. Exits with 1 unless it held.
#[derive(Args)]
pub struct Drill {
    /// Folder below which the copies are made and removed again [default: beside data_dir]
    #[arg(long = "in", value_name = "DIR")]
    place: Option<PathBuf>,
}

impl Drill {
    /// Runs one and tells.
    pub async fn run(self, config: Config) -> Outcome {
        let beside = config.data_dir.parent().unwrap_or(Path::new("")).to_owned();
        let place = self.place.unwrap_or(beside);
        let report = drill(&config, &place, &Clock::system(), &Random::system()).await?;
        let mut out = std::io::stdout();
        let (outcome, seconds) = (report.outcome.code(), report.seconds());
        writeln!(out, "{outcome}: {} rows, {} bytes, {seconds} s", report.rows, report.bytes)?;
        if !report.told.is_empty() {
            writeln!(out, "{}", report.told)?;
        }
        Ok(if report.outcome == drill::Outcome::Held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
