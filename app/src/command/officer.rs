//! `ziyun officer new|prove|share`: what an opening officer's browser does, offline.

use super::Outcome;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, Subcommand};
use sealing::sheet::Sheet;
use sealing::{Identity, keeping};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Make, prove and use an opening officer's key on this computer, without asking anybody; the passphrase is read from standard input
#[derive(Args)]
pub struct Officer {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Make a key; prints the fields that enrol it (`POST /me/opening-key`, with an `id`)
    New {
        /// Where the secret key goes, encrypted with the passphrase; no file may be there
        #[arg(long, value_name = "FILE", default_value = "opening-key.age")]
        out: PathBuf,
        #[arg(long, hide = true, default_value_t = keeping::WORK)]
        work: u8,
    },
    /// Answer a challenge; prints the field that proves the key (`POST /me/opening-key/{id}/proof`)
    Prove {
        /// The secret key
        #[arg(long, value_name = "FILE", default_value = "opening-key.age")]
        key: PathBuf,
        /// The key as the platform answered when it was enrolled, JSON
        line: PathBuf,
    },
    /// Take one's shares out of a tender's bids; prints the field that gives them (`POST /me/openings/{id}`)
    Share {
        /// The secret key
        #[arg(long, value_name = "FILE", default_value = "opening-key.age")]
        key: PathBuf,
        /// What is asked for: `GET /me/openings/{id}`, JSON
        sheet: PathBuf,
    },
}

#[derive(Deserialize)]
struct Challenged {
    challenge: String,
}

#[derive(Deserialize)]
struct Asked {
    sheet: Sheet,
}

impl Officer {
    /// Does it, and prints one line of JSON.
    pub fn run(self) -> Outcome {
        let told = match self.act {
            Act::New { out, work } => new(&out, work)?,
            Act::Prove { key, line } => {
                let Challenged { challenge } = serde_json::from_slice(&read(&line)?)?;
                let answer = sealing::one::open(&STANDARD.decode(challenge)?, &unlocked(&key)?)?;
                json!({ "answer": STANDARD.encode(answer) })
            }
            Act::Share { key, sheet } => {
                let Asked { sheet } = serde_json::from_slice(&read(&sheet)?)?;
                json!({ "answer": serde_json::to_string(&sheet.answer(&unlocked(&key)?)?)? })
            }
        };
        writeln!(std::io::stdout().lock(), "{told}")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn new(out: &Path, work: u8) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
    let passphrase = passphrase()?;
    if !keeping::is_strong(&passphrase) {
        return Err("the passphrase needs at least 14 characters, 8 of them different".into());
    }
    let key = sealing::new_key();
    let kept = keeping::keep(&key, &passphrase, work)?;
    let file = std::fs::File::options().write(true).create_new(true).open(out);
    file.and_then(|mut file| file.write_all(&kept)).map_err(|e| format!("{}: {e}", out.display()))?;
    Ok(json!({ "recipient": key.to_public().to_string(), "kept": STANDARD.encode(kept) }))
}

fn unlocked(key: &Path) -> Result<Identity, Box<dyn std::error::Error + Send + Sync>> {
    Ok(keeping::take(&read(key)?, &passphrase()?)?)
}

fn passphrase() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
