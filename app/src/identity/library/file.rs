//! A document's file and what is said of it, at rest: sealed under the key that the region keeps for the company, each bound to its edition.

use super::form::Facts;
use super::{Document, Edition, Kept, Line};
use crate::app::App;
use crate::business::Keys;
use crate::identity::company::Company;
use crate::identity::company::part::permits::Valid;
use crate::web::{Error, Upload};
use jiff::civil::Date;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// What is sealed of an edition beside its file.
#[derive(Serialize, Deserialize)]
struct Said {
    name: String,
    number: Option<String>,
    issuer: Option<String>,
    file: String,
    sha256: String,
}

/// An edition whose file lies in the store, and which has no row yet.
#[derive(Clone)]
pub struct Written {
    pub id: Id<Edition>,
    pub document: Id<Document>,
    pub content: Vec<u8>,
    pub ends_on: Option<Date>,
    pub size: i64,
    pub region: String,
    pub blob: String,
}

/// Where something of an edition lies: its ciphertext opens nowhere else.
fn place(column: &str, edition: Id<Edition>) -> String {
    format!("library_edition.{column}/{edition}")
}

/// Seals an edition, and puts its file into the store of a data region.
///
/// # Errors
/// 503.
pub async fn write(
    app: &App,
    (company, region): (Id<Company>, &str),
    (document, id): (Id<Document>, Id<Edition>),
    facts: &Facts,
    file: &Upload,
) -> Result<Written, Error> {
    let keys = Keys::of(app, [company]).await?;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &file.content);
    let said = Said {
        name: facts.name.clone(),
        number: facts.number.clone(),
        issuer: facts.issuer.clone(),
        file: file.name.clone(),
        sha256: hex::encode(digest),
    };
    let content = keys.seal(company, &place("content", id), &serde_json::to_vec(&said).map_err(Error::fault)?)?;
    let sealed = keys.seal(company, &place("blob", id), &file.content)?;
    let blob = app.lay(region, sealed).await?;
    Ok(Written {
        id,
        document,
        content,
        ends_on: facts.ends_on,
        size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
        region: region.to_owned(),
        blob,
    })
}

/// What pages say of an edition.
///
/// # Errors
/// 500 when it was changed.
pub fn line(keys: &Keys, company: Id<Company>, kept: &Kept, today: Date) -> Result<Line, Error> {
    let said: Said = said(keys, company, kept)?;
    Ok(Line {
        id: kept.document,
        kind: kept.kind,
        name: said.name,
        number: said.number,
        issuer: said.issuer,
        ends_on: kept.ends_on,
        standing: Valid::of(kept.ends_on, today),
        edition: kept.number,
        file: kept.id,
        file_name: said.file,
        size: kept.size,
        sha256: said.sha256,
        filed_at: kept.filed_at,
    })
}

/// An edition's file, opened.
///
/// # Errors
/// 503 while its data region cannot be reached; 500 when it was changed there.
pub async fn open(app: &App, company: Id<Company>, kept: &Kept) -> Result<Upload, Error> {
    let keys = Keys::of(app, [company]).await?;
    let name = said(&keys, company, kept)?.file;
    let sealed = app.fetch(&kept.region, &kept.blob).await?;
    Ok(Upload { name, content: keys.open(company, &place("blob", kept.id), &sealed)?.into() })
}

fn said(keys: &Keys, company: Id<Company>, kept: &Kept) -> Result<Said, Error> {
    let opened = keys.open(company, &place("content", kept.id), &kept.content)?;
    serde_json::from_slice(&opened).map_err(Error::fault)
}
