//! `ziyun openapi`.

use super::Outcome;
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

/// Print the description of the API: OpenAPI 3.1, as JSON
#[derive(Args)]
pub struct Openapi {}

impl Openapi {
    /// Prints it.
    pub fn run(self) -> Outcome {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &app::description::description())?;
        writeln!(out)?;
        Ok(ExitCode::SUCCESS)
    }
}
