//! `ziyun seal`: a bid sealed on the bidder's own computer, for a tender that many hands open.

use super::Outcome;
use clap::Args;
use kit::money;
use sealing::{Commitment, File, Hands, content};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Seal a bid on this computer, without asking anybody; prints the commitment that goes with the envelope
#[derive(Args)]
pub struct Seal {
    /// The form of the bid, JSON: `GET /lots/{id}/bids/new`, or `GET /bids/{id}/replacement`
    form: PathBuf,
    /// The price in yuan
    #[arg(long, value_name = "YUAN")]
    price: String,
    /// Delivery within so many days of the contract
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3650))]
    delivery_days: i64,
    /// One's own words
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Of a replacement: the version of the bid that is replaced
    #[arg(long, value_name = "VERSION", default_value_t = 0)]
    replaces: i64,
    /// Where the envelope goes; a file that is there is overwritten
    #[arg(long, value_name = "FILE", default_value = "envelope.ziyun")]
    out: PathBuf,
    /// Files that go into the envelope
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What is read of the form.
#[derive(Deserialize)]
struct Form {
    tender: Tender,
    blank: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Tender {
    recipient: Option<String>,
    hands: Option<Chosen>,
}

#[derive(Deserialize)]
struct Chosen {
    k: usize,
    holders: Vec<String>,
}

impl Seal {
    /// Seals, writes the envelope, and prints one line of JSON.
    pub fn run(self) -> Outcome {
        let form: Form = serde_json::from_slice(&read(&self.form)?)?;
        let (Some(mut offer), Some(chosen), Some(platform)) = (form.blank, form.tender.hands, form.tender.recipient)
        else {
            return Err("the program opens this tender by itself: its bids are sealed on receipt".into());
        };
        let price = money::parse_yuan(&self.price).map_err(|flaw| format!("--price: {}", flaw.code()))?;
        let place =
            |name: &str| offer.get(name).and_then(Value::as_str).map(str::to_owned).ok_or("the form names no place");
        let (tender, lot) = (place("tender")?, place("lot")?);
        offer.extend([
            ("price".to_owned(), json!(price)),
            ("delivery_days".to_owned(), json!(self.delivery_days)),
            ("note".to_owned(), json!(self.note)),
        ]);
        let files = self.files.iter().map(|path| file(path)).collect::<Result<Vec<_>, _>>()?;
        let hands = Hands::new(&platform, &chosen.holders, chosen.k)?;
        let envelope = hands.seal(&content::pack(&offer, &files))?;
        let commitment = Commitment::to(&envelope, (&tender, &lot, self.replaces + 1))?;
        std::fs::write(&self.out, &envelope).map_err(|e| format!("{}: {e}", self.out.display()))?;
        let told = json!({ "envelope": self.out, "commitment": commitment.line() });
        writeln!(std::io::stdout().lock(), "{told}")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn file(path: &Path) -> Result<File, String> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| format!("{}: no name", path.display()))?;
    Ok(File { name: name.to_owned(), content: read(path)?.into() })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
