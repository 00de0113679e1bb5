//! `ziyun seal`: a bid sealed on the bidder's own computer, for a tender that many hands open. Files of any size pass through, piece by
//! piece: no more than some of them is in memory.

use super::Outcome;
use super::deliver::{Delivery, keep};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use clap::Args;
use kit::money;
use kit::random::Random;
use sealing::content::{self, Entry};
use sealing::{Commitment, Hands};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
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
    /// Keep no share of one's own, where the form offers one
    #[arg(long)]
    without_own_share: bool,
    /// Where the envelope goes, and beside it, with `.json`, what `ziyun deliver` needs; files that are there are overwritten
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
    lot: Lot,
    replaces: Option<String>,
    blank: Option<Map<String, Value>>,
    /// Where the tender allows it: the key of the bidder, whose share comes last.
    #[serde(default)]
    own: Option<String>,
}

#[derive(Deserialize)]
struct Tender {
    recipient: Option<String>,
    hands: Option<Chosen>,
}

#[derive(Deserialize)]
struct Lot {
    #[serde(default)]
    amended: i64,
}

#[derive(Deserialize)]
struct Chosen {
    k: usize,
    holders: Vec<String>,
}

impl Seal {
    /// Seals, writes the envelope and what delivers it, and prints one line of JSON.
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
        let hands = match form.own.as_deref().filter(|_| !self.without_own_share) {
            Some(own) => hands.with_own(own)?,
            None => hands,
        };
        let (length, plain) = content::packed(&offer, files);
        let mut out = Hashed::create(&self.out)?;
        let recipient = hands.seal_to(plain, length, &mut out)?;
        let (bytes, sha256) = out.finish().map_err(|e| format!("{}: {e}", self.out.display()))?;
        let commitment = Commitment::of(bytes, sha256, &recipient, (&tender, &lot, self.replaces + 1)).line();
        let bid = form.replaces.unwrap_or_else(|| Random::system().id::<()>().to_string());
        let (version, answers) = ((self.replaces > 0).then_some(self.replaces), form.lot.amended);
        let delivery =
            Delivery { envelope: self.out.clone(), bytes, commitment, lot, bid, version, answers, upload: None };
        let beside = keep(&delivery)?;
        let told = json!({ "envelope": self.out, "commitment": delivery.commitment, "delivery": beside });
        writeln!(io::stdout().lock(), "{told}")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn file(path: &Path) -> Result<(Entry, Box<dyn Read>), String> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| format!("{}: no name", path.display()))?;
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (size, file) = opened.map_err(|e| format!("{}: {e}", path.display()))?;
    let size = usize::try_from(size).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok((Entry { name: name.to_owned(), size }, Box::new(file)))
}

/// A file that is hashed as it is written.
struct Hashed {
    out: BufWriter<File>,
    digest: Digest,
    bytes: u64,
}

impl Hashed {
    fn create(path: &Path) -> Result<Self, String> {
        let file = File::create(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self { out: BufWriter::with_capacity(1 << 18, file), digest: Digest::new(&SHA256), bytes: 0 })
    }

    /// Its length and its hash, once it is on the disk.
    fn finish(self) -> io::Result<(u64, [u8; 32])> {
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok((self.bytes, self.digest.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
