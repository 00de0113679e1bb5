//! `ziyun doctor`.

use super::Outcome;
use app::config::Settings;
use app::doctor::{State, examine};
use clap::Args;
use kit::clock::Clock;
use kit::random::Random;
use std::io::Write;
use std::process::ExitCode;

/// Examine an installation: one line a check, what is wrong and what to do
///
/// Changes nothing, and may run beside `serve`. Exits with 1 if anything fails; a warning is no failure.
#[derive(Args)]
pub struct Doctor {
    /// Print the findings as one JSON array
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Examines and tells.
    pub async fn run(self, settings: &Settings) -> Outcome {
        let findings = examine(settings, &Clock::system(), &Random::system(), &[]).await;
        let mut out = std::io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&findings)?)?;
        } else {
            findings.iter().try_for_each(|finding| writeln!(out, "{finding}"))?;
        }
        let fails = findings.iter().any(|finding| finding.state == State::Fail);
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
