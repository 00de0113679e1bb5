//! `ziyun verify [--key FILE] FILE…`.

use super::Outcome;
use app::sourcing::archive::verify::{self as archive, Checked};
use clap::Args;
use serde_json::json;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check receipts offline, with or without proofs: one line of JSON for each file; exits with 0 only if all are sound.
/// Of a tender's archive there is a line for each file in it before that, up to the first difference
#[derive(Args)]
pub struct Verify {
    /// The public key that must have signed: a file with one line, `ed25519:…`, such as log.pub. Without it the key that
    /// each receipt names is taken, and told
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Receipts, copies of one's data or archives of tenders (ZIP), as downloaded
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// The kind of what is sound, and what has still to be compared; or why it proves nothing.
type Judged = Result<(String, Option<String>), String>;

impl Verify {
    /// Checks each file and says what it is, or why it proves nothing.
    pub fn run(self) -> Outcome {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
        let key = self.key.as_ref().map(read).transpose()?;
        let mut out = io::stdout().lock();
        let mut all = true;
        for file in &self.files {
            let (ok, kind, reason) = match check(file, key.as_deref(), &mut out) {
                Ok((kind, remark)) => (true, Some(kind), remark),
                Err(reason) => (false, None, Some(reason)),
            };
            all &= ok;
            writeln!(out, "{}", json!({ "file": file, "ok": ok, "kind": kind, "reason": reason }))?;
        }
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What a file is worth. An archive of a tender is read piece by piece: it may have gigabytes.
fn check(path: &Path, key: Option<&str>, out: &mut impl Write) -> Judged {
    let failed = |e: io::Error| e.to_string();
    let mut file = File::open(path).map_err(failed)?;
    let mut begins = Vec::new();
    (&file).take(2).read_to_end(&mut begins).map_err(failed)?;
    file.rewind().map_err(failed)?;
    if begins == b"PK" && archive::is_one(&file) {
        return of_tender(path, &file, key, out);
    }
    file.rewind().map_err(failed)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(failed)?;
    // A copy of somebody's data: its manifest is the receipt.
    let text = if bytes.starts_with(b"PK") {
        app::trust::export::check(&bytes)?
    } else {
        String::from_utf8(bytes).map_err(|e| e.to_string())?
    };
    let told = |flaw: evidence::Flaw| flaw.to_string();
    let (key, remark) = with_key(key, || evidence::named_key(&text).map_err(told))?;
    evidence::verify(&text, &key).map(|receipt| (receipt.kind, remark)).map_err(told)
}

/// The key that must have signed; the one that is named where none is given, and then a remark.
fn with_key(
    given: Option<&str>,
    named: impl FnOnce() -> Result<String, String>,
) -> Result<(String, Option<String>), String> {
    if let Some(key) = given {
        return Ok((key.to_owned(), None));
    }
    let named = named()?;
    let remark = format!("signed by the key that it names, {named}: compare it with the log's");
    Ok((named, Some(remark)))
}

/// An archive of a tender, with a line for each file in it that holds.
fn of_tender(path: &Path, file: &File, key: Option<&str>, out: &mut impl Write) -> Judged {
    let (key, remark) = with_key(key, || archive::named_key(file))?;
    // What cannot be written is noticed with the last line.
    let tell = |Checked { entry, checked }: &Checked| {
        writeln!(out, "{}", json!({ "file": path, "entry": entry, "ok": true, "checked": checked })).ok();
    };
    archive::check(file, &key, tell)?;
    Ok((app::sourcing::archive::KIND.to_owned(), remark))
}
