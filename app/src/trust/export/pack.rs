//! The archive: files, and a manifest with the hash of each, signed by the key that signs the transparency log.

use aws_lc_rs::digest::{SHA256, digest};
use evidence::{Receipt, Signer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Name of the manifest inside the archive.
pub const MANIFEST: &str = "manifest.json";

/// What goes into an archive, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// SHA-256, in hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}

/// Signs a manifest over all files and packs everything. `about`: what the manifest says beside.
///
/// # Errors
/// When an archive cannot be written.
pub fn pack(mut files: Files, about: BTreeMap<String, Value>, signer: &Signer) -> Result<Vec<u8>, ZipError> {
    let mut statement = about;
    let hashes: BTreeMap<_, _> = files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect();
    statement.insert("files_sha256".to_owned(), json!(hashes));
    let manifest = serde_json::to_vec_pretty(&signer.sign("export", statement)).map_err(std::io::Error::other)?;
    files.insert(MANIFEST.to_owned(), manifest);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in &files {
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The manifest of an archive, after each file was compared with the hash that stands in it. The signature is checked by
/// whoever asked.
///
/// # Errors
/// A sentence: what is missing, changed or beside.
pub fn check(archive: &[u8]) -> Result<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|e| e.to_string())?;
    let mut manifest = String::new();
    archive
        .by_name(MANIFEST)
        .map_err(|_| format!("there is no {MANIFEST}"))?
        .read_to_string(&mut manifest)
        .map_err(|e| e.to_string())?;
    let receipt: Receipt = serde_json::from_str(&manifest).map_err(|e| format!("{MANIFEST}: {e}"))?;
    let hashes =
        receipt.statement.get("files_sha256").and_then(Value::as_object).ok_or("the manifest names no files")?;
    let names = archive.file_names().map(|name| name.map(|name| name.into_owned()).map_err(|e| e.to_string()));
    let mut names = names.collect::<Result<Vec<String>, String>>()?;
    names.retain(|name| name != MANIFEST);
    if let Some(gone) = hashes.keys().find(|name| !names.contains(name)) {
        return Err(format!("{gone} is missing"));
    }
    for name in names {
        let mut bytes = Vec::new();
        archive.by_name(&name).map_err(|e| e.to_string())?.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        match hashes.get(&name) {
            Some(hash) if *hash == json!(sha256(&bytes)) => {}
            Some(_) => return Err(format!("{name} was changed")),
            None => return Err(format!("{name} is not in the manifest")),
        }
    }
    Ok(manifest)
}
