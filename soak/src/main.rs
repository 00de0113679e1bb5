//! `soak`: kills the program as often as one likes. See `docs/faults.md`.

use clap::Parser;
use soak::{Plan, run};
use std::path::PathBuf;
use std::process::ExitCode;

/// Kill the program again and again while it works, and look for anything lost or half done
///
/// Ends with one line of JSON, and with 0 only if nothing was found.
#[derive(Parser)]
struct Line {
    /// How often it is killed
    #[arg(long, default_value_t = 1_000)]
    rounds: u64,
    /// What the moments of the kills follow from; drawn and printed when it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// A PostgreSQL server, on which two databases are made for the run; without one the databases are embedded
    #[arg(long, value_name = "URL", env = "ZIYUN_TEST_DATABASE_URL")]
    server: Option<String>,
    /// The program [default: `ziyun` beside this one]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line")]
fn main() -> ExitCode {
    let line = Line::parse();
    let beside = || std::env::current_exe().map(|own| own.with_file_name("ziyun"));
    let Ok(program) = line.program.map_or_else(beside, std::path::absolute) else {
        eprintln!("soak: where the program lies is unknown; say so with --program");
        return ExitCode::FAILURE;
    };
    let seed = line.seed.unwrap_or_else(|| kit::random::Random::system().below(1_000_000));
    let plan = Plan { program, server: line.server, rounds: line.rounds, seed };
    eprintln!("{}: {} rounds, seed {seed}", plan.database(), plan.rounds);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    match runtime.block_on(run(&plan, |line| eprintln!("{line}"))) {
        Ok(summary) => {
            println!("{}", serde_json::to_string(&summary).expect("a summary is JSON"));
            if summary.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(failure) => {
            eprintln!("soak: {failure}");
            ExitCode::FAILURE
        }
    }
}
