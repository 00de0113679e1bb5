//! `ziyun verify --key FILE FILE…`.

use super::Outcome;
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check receipts offline: one line of JSON for each file; exits with 0 only if all are sound
#[derive(Args)]
pub struct Verify {
    /// The public key that must have signed: a file with one line, `ed25519:…`, such as log.pub
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Receipts, as downloaded
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl Verify {
    /// Checks each file and says what it is, or why it proves nothing.
    pub fn run(self) -> Outcome {
        let key = std::fs::read_to_string(&self.key).map_err(|e| format!("{}: {e}", self.key.display()))?;
        let mut out = std::io::stdout().lock();
        let mut all = true;
        for file in &self.files {
            let (ok, kind, reason) = match check(file, &key) {
                Ok(kind) => (true, Some(kind), None),
                Err(reason) => (false, None, Some(reason)),
            };
            all &= ok;
            writeln!(out, "{}", json!({ "file": file, "ok": ok, "kind": kind, "reason": reason }))?;
        }
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn check(file: &Path, key: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    evidence::verify(&text, key).map(|receipt| receipt.kind).map_err(|flaw| flaw.to_string())
}
