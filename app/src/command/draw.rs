//! `ziyun draw MOST`: what the server starts to have a file decoded apart.

use super::Outcome;
use app::apart::REFUSED;
use app::identity::verification::draw;
use clap::Args;
use std::process::ExitCode;

/// Draw the pages of a file on standard input; the server calls it, nobody else needs to
#[derive(Args)]
pub struct Draw {
    /// The most pages
    #[arg(value_name = "MOST")]
    most: usize,
}

impl Draw {
    /// Exits with 0 and the pages, or with 3 and the rule that the file breaks.
    pub fn run(self) -> Outcome {
        let drawn = draw(self.most, std::io::stdin().lock(), std::io::stdout().lock())?;
        Ok(if drawn { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
    }
}
