//! `ziyun import`.

use super::{Outcome, opening};
use app::config::Config;
use app::reach::notice::importing::{self, Outcome as Fate, Report, RowReport};
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

impl Import {
    /// Exits with 0 when every row is a notice now, with 1 when some were refused or differ from what stands.
    pub async fn run(self, config: Config) -> Outcome {
        let What::Notices(notices) = self.what;
        let files: Result<Vec<_>, _> = notices.files.iter().map(|path| open(path)).collect();
        let files = files?;
        let opened = opening::installation(config, "import").await?;
        let words = Words::new(opened.app.catalogue(), Locale::En);
        let mut total = Report::default();
        for (path, file) in notices.files.iter().zip(files) {
            let name = path.display().to_string();
            let report = importing::import(opened.app.db(), &name, BufReader::new(file), |so_far| tell(&name, so_far));
            total.add(report.await?);
        }
        opened.close();
        let mut out = std::io::stdout().lock();
        if notices.json {
            writeln!(out, "{}", serde_json::to_string(&total)?)?;
        } else {
            total.rows.iter().try_for_each(|row| writeln!(out, "{}", sentence(row, &words)))?;
            writeln!(out, "{}", summary(&total))?;
        }
        Ok(if total.refused + total.conflicts == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
fn tell(file: &str, so_far: &Report) {
    eprintln!("{file}: {} rows read, {} imported", so_far.read, so_far.imported);
}

fn sentence(row: &RowReport, words: &Words) -> String {
    let outcome = match row.outcome {
        Fate::Remark => "imported without this field",
        Fate::Conflict => "another version of this notice stands; notices do not change",
        Fate::Refused => "refused",
    };
    let rule = row.rule.map(|rule| {
        let say = |part: &str| words.text(&format!("import-{part}-{rule}"), &[]);
        let field = if row.field.is_empty() { String::new() } else { format!("{} ", row.field) };
        format!(": {field}{}. {}", say("rule"), say("way"))
    });
    format!("{}:{}: {outcome}{}", row.file, row.line, rule.unwrap_or_default())
}

fn summary(all: &Report) -> String {
    format!(
        "{} rows read: {} imported, {} unchanged, {} differ from what stands, {} refused; {} fields left out",
        all.read, all.imported, all.unchanged, all.conflicts, all.refused, all.remarks
    )
}
