//! `ziyun check KIND`.

use super::Outcome;
use app::config::Config;
use clap::Args;
use kit::clock::Clock;
use kit::identifier::{Kind, check};
use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

/// Check identifiers: values on standard input, one answer a line, `ok` or `bad: reason`
#[derive(Args)]
pub struct Check {
    /// uscc (credit code, GB 32100), resident-id (GB 11643), bank-card (Luhn), mobile (number ranges)
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// Say more where there is more to say: the issuer of a bank card
    #[arg(long)]
    verbose: bool,
}

impl Check {
    /// Reads to the end and exits with 0, whatever the answers.
    pub fn run(self, config: &Config) -> Outcome {
        let today = Clock::system().now().to_zoned_datetime(config.zone.clone()).date();
        let mut out = BufWriter::new(std::io::stdout().lock());
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            let answer = match std::str::from_utf8(&line) {
                Ok(value) => check(self.kind, value.trim_end_matches('\r'), today, self.verbose),
                Err(_) => "bad: not UTF-8; write the number in plain characters".to_owned(),
            };
            writeln!(out, "{answer}")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
