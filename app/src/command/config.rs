//! `ziyun config`.

use super::Outcome;
use app::config::{Config, Settings};
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

/// Print every setting, its value and where it came from; passwords are masked
///
/// What is printed is a valid ziyun.toml, but for masked passwords. Exits with 2 when the program could not run with it.
#[derive(Args)]
pub struct Show {}

impl Show {
    pub fn run(self, settings: &Settings) -> Outcome {
        let mut out = std::io::stdout().lock();
        for (key, setting) in settings.shown() {
            match setting {
                Some(setting) => writeln!(out, "{} = {:?}  # {}", key.name, setting.value, setting.origin)?,
                None => writeln!(out, "# {} is not set", key.name)?,
            }
        }
        Config::try_from(settings)?;
        Ok(ExitCode::SUCCESS)
    }
}
