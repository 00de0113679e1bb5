//! `ziyun verify [--key FILE] FILE…`.

use super::Outcome;
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check receipts offline, with or without proofs: one line of JSON for each file; exits with 0 only if all are sound
#[derive(Args)]
pub struct Verify {
    /// The public key that must have signed: a file with one line, `ed25519:…`, such as log.pub. Without it the key that
    /// each receipt names is taken, and told
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Receipts, or copies of one's data (ZIP), as downloaded
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl Verify {
    /// Checks each file and says what it is, or why it proves nothing.
    pub fn run(self) -> Outcome {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
        let key = self.key.as_ref().map(read).transpose()?;
        let mut out = std::io::stdout().lock();
        let mut all = true;
        for file in &self.files {
            let (ok, kind, reason) = match check(file, key.as_deref()) {
                Ok((kind, remark)) => (true, Some(kind), remark),
                Err(reason) => (false, None, Some(reason)),
            };
            all &= ok;
            writeln!(out, "{}", json!({ "file": file, "ok": ok, "kind": kind, "reason": reason }))?;
        }
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The kind of a sound receipt, and what has still to be compared.
fn check(file: &Path, key: Option<&str>) -> Result<(String, Option<String>), String> {
    let bytes = std::fs::read(file).map_err(|e| e.to_string())?;
    // A copy of somebody's data: its manifest is the receipt.
    let text = if bytes.starts_with(b"PK") {
        app::trust::export::check(&bytes)?
    } else {
        String::from_utf8(bytes).map_err(|e| e.to_string())?
    };
    let told = |flaw: evidence::Flaw| flaw.to_string();
    let (key, remark) = match key {
        Some(key) => (key.to_owned(), None),
        None => {
            let named = evidence::named_key(&text).map_err(told)?;
            let remark = format!("signed by the key that it names, {named}: compare it with the log's");
            (named, Some(remark))
        }
    };
    evidence::verify(&text, &key).map(|receipt| (receipt.kind, remark)).map_err(told)
}
