//! `ziyun sheet`: what the server starts to have a spreadsheet read apart.

use super::Outcome;
use app::apart::REFUSED;
use app::identity::listing::read_sheet;
use clap::Args;
use std::process::ExitCode;

/// Read a spreadsheet on standard input; the server calls it, nobody else needs to
#[derive(Args)]
pub struct Sheet {}

impl Sheet {
    /// Exits with 0 and the table, or with 3 and what is wrong with the file.
    pub fn run(self) -> Outcome {
        let read = read_sheet(std::io::stdin().lock(), std::io::stdout().lock())?;
        Ok(if read { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
    }
}
