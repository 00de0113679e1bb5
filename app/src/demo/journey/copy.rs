//! A copy of the database, its files and the log, as whoever steals the stores or a back-up of them has it: read byte by byte, and
//! tried with whatever keys somebody has.

use super::super::client::Failed;
use super::{Play, hold};
use crate::backup::{Rows, Source, table_file};
use kit::db::Value;
use memchr::memmem;
use sealing::{Envelope, Identity, Shut};
use std::fs;
use std::path::{Path, PathBuf};

/// What lies in the copy.
pub struct Copied {
    /// Its folder.
    pub folder: PathBuf,
    /// How many bytes.
    pub bytes: usize,
    /// The envelopes of the tender.
    pub envelopes: Vec<Vec<u8>>,
}

/// Takes it below a folder, and finds what belongs to a tender.
pub async fn take(play: &Play, tender: &str) -> Result<Copied, Failed> {
    let below = play.receipts.with_file_name("copied");
    fs::create_dir_all(&below)?;
    let taken = Source::of(&play.app).data(&below).await.map_err(Failed::because)?;
    let table = taken.manifest.tables.iter().find(|table| table.name == "bid");
    let table = table.ok_or_else(|| Failed::because("the copy has no bids"))?;
    let path = table_file(&taken.folder, "bid");
    let mut rows = Rows::open(&path, table.columns.len(), table.rows).map_err(Failed::because)?;
    let at = |name: &str| table.columns.iter().position(|column| column == name).unwrap_or_default();
    let (of, envelope) = (at("tender"), at("envelope"));
    let tender: kit::id::Id<()> = tender.parse().map_err(|_| Failed::because("no id"))?;
    let mut envelopes = Vec::new();
    for mut row in rows.next(usize::MAX).map_err(Failed::because)? {
        let is_of = matches!(&row[of], Value::Bytes(id) if id == tender.as_bytes());
        if let (true, Value::Bytes(bytes)) = (is_of, row.swap_remove(envelope)) {
            envelopes.push(bytes);
        }
    }
    let bytes: usize =
        files(&taken.folder)?.iter().map(|path| fs::metadata(path).map_or(0, |file| file.len() as usize)).sum();
    Ok(Copied { folder: taken.folder, bytes, envelopes })
}

impl Copied {
    /// Whether one of its files has these bytes.
    pub fn has(&self, needle: &[u8]) -> Result<bool, Failed> {
        for path in files(&self.folder)? {
            if memmem::find(&fs::read(path)?, needle).is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Nothing of it stays.
    pub fn forget(self) -> Result<Vec<Vec<u8>>, Failed> {
        fs::remove_dir_all(self.folder.parent().unwrap_or(&self.folder))?;
        Ok(self.envelopes)
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

/// What comes of all envelopes with this key of the platform and these keys of officers. Each must fail alike.
pub fn tried(envelopes: &[Vec<u8>], platform: &Identity, officers: &[&Identity]) -> Result<Shut, Failed> {
    let mut came = Vec::new();
    for bytes in envelopes {
        came.push(open(bytes, platform, officers).err());
    }
    let first = came.first().copied().flatten().ok_or_else(|| Failed::because("an envelope opened"))?;
    hold(came.iter().all(|one| *one == Some(first)), || format!("not all fail alike: {came:?}"))?;
    Ok(first)
}

fn open(bytes: &[u8], platform: &Identity, officers: &[&Identity]) -> Result<Vec<u8>, Shut> {
    let envelope = Envelope::read(bytes)?;
    let boxes = envelope.boxes(platform)?;
    let shares = boxes.iter().flat_map(|one| officers.iter().filter_map(|key| one.open(key).ok()));
    envelope.open(&boxes, &shares.collect::<Vec<_>>())
}
