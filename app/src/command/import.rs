//! `ziyun import`.

use super::{Outcome, opening};
use app::config::Config;
use app::reach::notice::importing::{self, Outcome as Fate, Report, RowReport, Sums};
use app::reach::ocds::import as ocds;
use app::web::Locale;
use app::web::text::Words;
use clap::{Args, Subcommand};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Take over data of other systems
#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Notices(Notices),
    Ocds(Ocds),
}

/// Import notices of other sites: one JSON object a line
///
/// A notice is known by its source and its id there. Importing a file again changes nothing, and an import that was
/// interrupted is resumed by the same command. Rows that need somebody's eye are printed with line, field and rule.
#[derive(Args)]
struct Notices {
    /// Files to read, in this order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the whole report as one JSON object
    #[arg(long)]
    json: bool,
}

/// Import releases of other publishers (OCDS 1.0 and 1.1) as notices
///
/// FILE is a release, a release package, a record package, or lines of these (.jsonl), also as {path, kind, data}. A release is
/// known by its ocid and id. Importing a file again changes nothing, and an import that was interrupted is resumed by the
/// same command. Rows that need somebody's eye are printed with line, path, field and rule.
#[derive(Args)]
struct Ocds {
    /// Files to read, in this order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print each of these rows, and at last the sums, as one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Exits with 0 when every row is a notice now, with 1 when some were refused or differ from what stands.
    pub async fn run(self, config: Config) -> Outcome {
        match self.what {
            What::Notices(notices) => notices.run(config).await,
            What::Ocds(ocds) => ocds.run(config).await,
        }
    }
}

impl Notices {
    async fn run(self, config: Config) -> Outcome {
        let notices = self;
        let files: Result<Vec<_>, _> = notices.files.iter().map(|path| open(path)).collect();
        let files = files?;
        let opened = opening::installation(config, "import").await?;
        let words = Words::new(opened.app.catalogue(), Locale::En);
        let mut total = Report::default();
        for (path, file) in notices.files.iter().zip(files) {
            let name = path.display().to_string();
            let report = importing::import(opened.app.db(), &name, BufReader::new(file), |so_far| {
                tell(&name, so_far.sums.read, so_far.sums.imported);
            });
            total.add(report.await?);
        }
        opened.close();
        let mut out = std::io::stdout().lock();
        if notices.json {
            writeln!(out, "{}", serde_json::to_string(&total)?)?;
        } else {
            total.rows.iter().try_for_each(|row| writeln!(out, "{}", sentence(row, &words)))?;
            writeln!(out, "{}", summary(&total.sums))?;
        }
        Ok(if total.sums.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Ocds {
    async fn run(self, config: Config) -> Outcome {
        self.files.iter().try_for_each(|path| open(path).map(drop))?;
        let opened = opening::installation(config, "import").await?;
        let words = Words::new(opened.app.catalogue(), Locale::En);
        let mut total = ocds::Report::default();
        let mut failed = None;
        for path in &self.files {
            let report = ocds::import(opened.app.db(), path, |so_far, rows| {
                tell(&path.display().to_string(), so_far.sums.read, so_far.sums.imported);
                failed = failed.take().or(rows.iter().try_for_each(|row| self.say(row, &words)).err());
            });
            total.add(&report.await?);
        }
        opened.close();
        if let Some(error) = failed {
            return Err(error.into());
        }
        let mut out = std::io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&total)?)?;
        } else {
            let (personal, linked) = (total.personal, total.linked);
            let also = format!("{personal} personal things dropped, {linked} linked releases not followed");
            writeln!(out, "{}, {also}", summary(&total.sums))?;
        }
        Ok(if total.sums.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Rows are told as they come: a million of them are kept nowhere.
    fn say(&self, row: &ocds::RowReport, words: &Words) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        if self.json {
            return writeln!(out, "{}", serde_json::to_string(row)?);
        }
        let line = row.line.map(|line| format!(":{line}")).unwrap_or_default();
        let place = if row.path.is_empty() { String::new() } else { format!(" {}", row.path) };
        let rule = row.rule.map(|rule| explained("ocds", row.field, rule, words)).unwrap_or_default();
        writeln!(out, "{}{line}{place}: {}{rule}", row.file, outcome(row.outcome))
    }
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
fn tell(file: &str, read: usize, imported: usize) {
    eprintln!("{file}: {read} rows read, {imported} imported");
}

fn sentence(row: &RowReport, words: &Words) -> String {
    let rule = row.rule.map(|rule| explained("import", row.field, rule, words)).unwrap_or_default();
    format!("{}:{}: {}{rule}", row.file, row.line, outcome(row.outcome))
}

fn outcome(outcome: Fate) -> &'static str {
    match outcome {
        Fate::Remark => "imported without this field",
        Fate::Conflict => "another version of this notice stands; notices do not change",
        Fate::Refused => "refused",
    }
}

/// The rule that is broken, and the way out. `of`: which import's.
fn explained(of: &str, field: &str, rule: &str, words: &Words) -> String {
    let say = |part: &str| words.text(&format!("{of}-{part}-{rule}"), &[]);
    let field = if field.is_empty() { String::new() } else { format!("{field} ") };
    format!(": {field}{}. {}", say("rule"), say("way"))
}

fn summary(all: &Sums) -> String {
    format!(
        "{} rows read: {} imported, {} unchanged, {} differ from what stands, {} refused; {} fields left out",
        all.read, all.imported, all.unchanged, all.conflicts, all.refused, all.remarks
    )
}
