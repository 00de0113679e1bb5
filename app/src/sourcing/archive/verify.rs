//! The check of an archive on any computer: with the file and a public key, and without asking anybody. Nothing is taken into memory whole but
//! the list and the proofs, and of these no more than they say they have.

use super::{KIND, MANIFEST};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use evidence::checkpoint::Note;
use evidence::{Entered, Proven, PublicKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use zip::ZipArchive;
use zip::result::ZipError;

/// No list is longer, in bytes.
const LONGEST_LIST: u64 = 64 * 1024 * 1024;

/// No proof is.
const LONGEST_PROOF: u64 = 1024 * 1024;

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// A file of an archive, and what of it was found to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its name.
    pub entry: String,
    /// `hash` as the list has it; `signature` of the key; `log`: that the log commits to it.
    pub checked: Vec<&'static str>,
}

/// What the list says of a file.
#[derive(Deserialize)]
struct Stated {
    bytes: u64,
    sha256: String,
}

/// What has been seen on the way.
struct Sight<'k> {
    line: &'k str,
    key: PublicKey,
    tender: Value,
    /// The hashes of reports that the log has.
    reports: BTreeSet<String>,
}

/// Whether a file of this kind is a tender's archive, sound or not.
pub fn is_one(from: impl Read + Seek) -> bool {
    let kind = |list: &str| {
        let list: Value = serde_json::from_str(list).ok()?;
        let kind = list.pointer("/receipt/kind").or(list.pointer("/kind"))?;
        Some(kind == KIND)
    };
    let list = ZipArchive::new(from).map_err(told).and_then(|mut archive| text(&mut archive, MANIFEST, LONGEST_LIST));
    list.ok().and_then(|list| kind(&list)).unwrap_or(false)
}

/// The key that an archive names; it proves nothing of whose it is.
///
/// # Errors
/// A sentence.
pub fn named_key(from: impl Read + Seek) -> Result<String, String> {
    let mut archive = ZipArchive::new(from).map_err(told)?;
    evidence::named_key(&text(&mut archive, MANIFEST, LONGEST_LIST)?).map_err(|flaw| flaw.to_string())
}

/// Checks an archive against a public key (a line as in `log.pub`), file by file in the order of their names, and tells each that holds.
///
/// # Errors
/// A sentence: the first difference.
pub fn check(from: impl Read + Seek, key: &str, mut tell: impl FnMut(&Checked)) -> Result<(), String> {
    let mut archive = ZipArchive::new(from).map_err(told)?;
    if archive.has_duplicate_names() {
        return Err("two files in it have one name".to_owned());
    }
    let (files, mut sight) = listed(&mut archive, key)?;
    tell(&Checked { entry: MANIFEST.to_owned(), checked: vec!["signature", "log"] });
    for (name, stated) in &files {
        tell(&Checked { entry: name.clone(), checked: one(&mut archive, name, stated, &mut sight)? });
    }
    let mut names = archive.file_names().filter_map(Result::ok);
    match names.find(|name| name != MANIFEST && !files.contains_key(&**name)) {
        Some(name) => Err(format!("{name} is not in the manifest")),
        None if archive.len() != files.len() + 1 => Err("a file in it has no name".to_owned()),
        None => Ok(()),
    }
}

/// The list, after its signature and its proof were checked.
fn listed<'k>(
    archive: &mut ZipArchive<impl Read + Seek>,
    line: &'k str,
) -> Result<(BTreeMap<String, Stated>, Sight<'k>), String> {
    let list = text(archive, MANIFEST, LONGEST_LIST)?;
    let of_list = |why: &dyn std::fmt::Display| format!("{MANIFEST}: {why}");
    let list: Proven = serde_json::from_str(&list).map_err(|e| of_list(&e))?;
    let key = PublicKey::parse(line).ok_or("the key is none")?;
    list.check(&key).map_err(|flaw| of_list(&flaw))?;
    if list.receipt.kind != KIND {
        return Err(of_list(&"it is no list of a tender's archive"));
    }
    let stated = |name: &str| list.receipt.statement.get(name).cloned().unwrap_or_default();
    let files = serde_json::from_value(stated("files")).map_err(|e| of_list(&e))?;
    Ok((files, Sight { line, key, tender: stated("tender"), reports: BTreeSet::new() }))
}

/// Checks a file: its length and hash, and what it is itself. Answers what held.
fn one(
    archive: &mut ZipArchive<impl Read + Seek>,
    name: &str,
    stated: &Stated,
    sight: &mut Sight<'_>,
) -> Result<Vec<&'static str>, String> {
    let is_proof = name.starts_with("receipts/") || name.starts_with("log/");
    if is_proof && stated.bytes > LONGEST_PROOF {
        return Err(format!("{name} is no proof: it is too long"));
    }
    let (sha256, kept) = read(archive, name, stated.bytes, is_proof)?;
    if sha256 != stated.sha256 {
        return Err(format!("{name} was changed"));
    }
    let mut checked = vec!["hash"];
    if is_proof {
        let text = std::str::from_utf8(&kept).map_err(|e| format!("{name}: {e}"))?;
        checked.extend(sight.proof(name, text).map_err(|flaw| format!("{name}: {flaw}"))?);
    }
    if name.ends_with("/evaluation-report.json") {
        if !sight.reports.contains(&sha256) {
            return Err(format!("{name}: the log has no such report"));
        }
        checked.push("log");
    }
    Ok(checked)
}

/// The hash of a file that has so many bytes, and its content where that is wanted.
fn read(
    archive: &mut ZipArchive<impl Read + Seek>,
    name: &str,
    bytes: u64,
    keep: bool,
) -> Result<(String, Vec<u8>), String> {
    let file = archive.by_name(name).map_err(|error| missing(name, &error))?;
    // One more, so that a longer one is noticed; whatever a file unpacks to, no more of it is read.
    let mut file = file.take(bytes.saturating_add(1));
    let (mut digest, mut size, mut kept, mut piece) = (Digest::new(&SHA256), 0_u64, Vec::new(), vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece).map_err(|e| format!("{name}: {e}"))?;
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        size += read as u64;
        if keep {
            kept.extend_from_slice(&piece[..read]);
        }
    }
    if size != bytes {
        return Err(format!("{name} was changed: it has not {bytes} bytes"));
    }
    Ok((hex::encode(digest.finish()), kept))
}

impl Sight<'_> {
    /// Checks a receipt, an event, the checkpoint or the key. Answers what held.
    fn proof(&mut self, name: &str, text: &str) -> Result<Vec<&'static str>, String> {
        if name.starts_with("receipts/") {
            let receipt = evidence::verify(text, self.line).map_err(|flaw| flaw.to_string())?;
            self.is_of_tender(receipt.statement.get("tender"))?;
            let is_proven = serde_json::from_str::<Proven>(text).is_ok();
            return Ok(if is_proven { vec!["signature", "log"] } else { vec!["signature"] });
        }
        if name.starts_with("log/events/") {
            let event = Entered::verify(text, &self.key).map_err(|flaw| flaw.to_string())?;
            self.is_of_tender(event.get("tender"))?;
            if let Some(report) = event.pointer("/body/report_sha256").and_then(Value::as_str) {
                self.reports.insert(report.to_owned());
            }
            return Ok(vec!["log"]);
        }
        match name {
            "log/log.pub" if text.trim() == self.key.to_string() => Ok(Vec::new()),
            "log/log.pub" => Err("it is another key than the one given".to_owned()),
            "log/checkpoint.txt" if Note::parse(text).is_some_and(|note| note.is_of(&self.key)) => {
                Ok(vec!["signature"])
            }
            _ => Err("it is not signed by the key".to_owned()),
        }
    }

    fn is_of_tender(&self, named: Option<&Value>) -> Result<(), String> {
        if named == Some(&self.tender) { Ok(()) } else { Err("it is of another tender".to_owned()) }
    }
}

/// A text in an archive, if it is no longer than that.
fn text(archive: &mut ZipArchive<impl Read + Seek>, name: &str, most: u64) -> Result<String, String> {
    let file = archive.by_name(name).map_err(|error| missing(name, &error))?;
    let mut text = String::new();
    let read = file.take(most + 1).read_to_string(&mut text).map_err(|e| format!("{name}: {e}"))?;
    if read as u64 > most { Err(format!("{name} is too long")) } else { Ok(text) }
}

fn missing(name: &str, error: &ZipError) -> String {
    match error {
        ZipError::FileNotFound => format!("{name} is missing"),
        other => format!("{name}: {other}"),
    }
}

fn told(error: ZipError) -> String {
    error.to_string()
}
