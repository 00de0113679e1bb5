//! `ziyun clauses`.

use super::Outcome;
use app::config::{Config, Settings};
use app::trust::register::{Clause, Measured, kept};
use clap::Args;
use jiff::Timestamp;
use kit::clock::Clock;
use kit::db::{self, Db};
use kit::random::Random;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Say how each promise of the privacy policy is kept: controls, tests, evidence
///
/// One line a clause; with --json an array. The evidence is what the running program measured last and wrote into the
/// database; nothing is changed, and the command may run beside `serve`. Without a database the register alone is printed.
#[derive(Args)]
pub struct Clauses {
    /// Print an array with everything that is known of each clause
    #[arg(long)]
    json: bool,
    /// Read the evidence of the installation in this folder, such as a demo's
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Clauses {
    /// Reads and tells.
    pub async fn run(self, settings: &Settings) -> Outcome {
        let mut config = Config::try_from(settings)?;
        if let Some(folder) = &self.data {
            let under = Config::under(folder);
            (config.data_dir, config.database_url) = (under.data_dir, under.database_url);
        }
        let clock = Clock::system();
        let measured = evidence(&config, &clock).await?;
        let clauses = Clause::all(&measured, true, clock.now());
        if measured.is_empty() {
            note("nothing has been measured there yet: this is the register without evidence");
        }
        if self.json {
            print_json(&clauses)?
        } else {
            print_lines(&clauses)?
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What was measured last; nothing when there is no database yet.
async fn evidence(
    config: &Config,
    clock: &Clock,
) -> Result<BTreeMap<String, Measured>, Box<dyn std::error::Error + Send + Sync>> {
    let url = &config.database_url;
    if url.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
        return Ok(BTreeMap::new());
    }
    let looking = db::Settings::new(url).threads(1).read_only();
    let db = Db::open(&looking, clock.clone(), Random::system())?;
    db.check_schema(app::app::migrations()).await?;
    Ok(db.read::<_, db::Error>(kept).await?)
}

fn print_json(clauses: &[Clause]) -> std::io::Result<()> {
    let text = serde_json::to_string_pretty(clauses)?;
    writeln!(std::io::stdout(), "{text}")
}

fn print_lines(clauses: &[Clause]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for clause in clauses {
        let evidence = match &clause.evidence {
            Some(evidence) if !evidence.holds => format!("  evidence of {} does not hold", day(evidence.at)),
            Some(evidence) if !evidence.fresh => format!("  evidence of {} is too old", day(evidence.at)),
            Some(evidence) => format!("  evidence of {}", day(evidence.at)),
            None => String::new(),
        };
        writeln!(out, "{:<5} {:<8} {}{evidence}", clause.id, clause.state.code(), clause.promise)?;
        if !clause.missing.is_empty() {
            writeln!(out, "{:14} missing: {}", "", clause.missing)?;
        }
    }
    Ok(())
}

fn day(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
fn note(text: &str) {
    eprintln!("ziyun: {text}");
}
