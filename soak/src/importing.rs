//! Imports: a process of its own, killed too, and run again until it has read all.

use crate::ledger::Ledger;
use crate::place::Place;
use crate::plan::between;
use kit::random::Random;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Lines of a file: more than one unit of work.
const LINES: u64 = 1_200;

/// So often an import is killed; the next is left alone, or a slow machine would never come to the next file.
const KILLS: u64 = 4;

/// How long an import may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The files so far, and how many lines are certainly notices.
#[derive(Default)]
pub struct Importer {
    files: u64,
    /// The file that was begun and not read to its end.
    begun: Option<u64>,
    /// How often its import was killed.
    kills: u64,
    /// Notices that an import acknowledged.
    pub notices: u64,
}

impl Importer {
    /// One import: of the file that was cut off, or of a new one. It is killed at some moment, unless it is `whole`.
    ///
    /// # Errors
    /// What the system says.
    pub async fn work(&mut self, place: &Place, ledger: &Ledger, random: &Random, whole: bool) -> std::io::Result<()> {
        let file = match self.begun {
            Some(file) => file,
            None => {
                self.files += 1;
                write(place, self.files)?;
                self.begun.insert(self.files).to_owned()
            }
        };
        let mut command = place.command(&["import", "notices", "--json", &name(file)]);
        let child = command.stdout(Stdio::piped()).stderr(place.log()?).spawn()?;
        let whole = whole || self.kills >= KILLS;
        let moment = if whole { PATIENCE } else { between(random, 50, 900) };
        match ended(child, moment).await? {
            None if whole => ledger.violation(format!("the import of file {file} does not end within {PATIENCE:?}")),
            None => {
                self.kills += 1;
                ledger.unknown("imports");
            }
            Some(report) => {
                ledger.acknowledged("imports");
                (self.begun, self.kills) = (None, 0);
                self.notices += LINES;
                let counts = ["read", "imported", "unchanged"].map(|count| report[count].as_u64().unwrap_or(u64::MAX));
                if counts[0] != LINES || counts[1].checked_add(counts[2]) != Some(LINES) {
                    ledger.violation(format!("the import of file {file} says {report}"));
                }
            }
        }
        Ok(())
    }

    /// Whether a file was cut off and not read again since.
    pub fn is_cut_off(&self) -> bool {
        self.begun.is_some()
    }
}

/// Its report, or `None` when the moment came first: then it is killed.
async fn ended(mut child: Child, moment: Duration) -> std::io::Result<Option<Value>> {
    let begin = Instant::now();
    while child.try_wait()?.is_none() {
        if begin.elapsed() >= moment {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let output = child.wait_with_output()?;
    Ok(Some(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)))
}

fn name(file: u64) -> String {
    format!("notices-{file}.jsonl")
}

fn write(place: &Place, file: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(place.folder().join(name(file)))?);
    for line in 1..=LINES {
        let notice = json!({
            "id": format!("soak-{file}-{line}"), "sourceName": "岚河采购网（虚构）", "region": "江西",
            "title": format!("岚河通信第{file}批云平台维保项目（{line:04}）招标公告"), "date": "2026-08-21",
            "category": "招标公告", "budget": "86.9万元", "url": format!("https://notices.example/{file}/{line}"),
        });
        writeln!(out, "{notice}")?;
    }
    out.flush()
}
