//! The joint bidding agreement as it was signed on paper: a file that the lead attaches with the agreement. What is accepted has its hash; it
//! lies sealed under the consortium's key, where the tender's bids lie.

use super::{Agreement, Consortium, Key};
use crate::app::App;
use crate::sourcing::tender::document::sha256;
use crate::web::{Error, Upload};
use kit::blobs::BlobName;
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an agreement says of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConsortiumSigned")]
pub struct Signed {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl Signed {
    /// Of this file.
    pub fn of(file: &Upload) -> Self {
        let size = i64::try_from(file.content.len()).unwrap_or(i64::MAX);
        Self { name: file.name.clone(), size, sha256: hex::encode(sha256(&file.content)) }
    }
}

/// Where a file lies: a data region, and its name there.
pub struct Lying {
    /// The region.
    pub region: String,
    /// The blob.
    pub blob: String,
}

/// Seals a file and puts it into the store, before the unit that names it. Answers the blob.
///
/// # Errors
/// 503.
pub async fn keep(app: &App, key: &Key, region: &str, file: &Upload) -> Result<String, Error> {
    let blob = BlobName::new(app.random());
    app.blobs().put(region, blob, key.seal_signed(&file.content).into()).await.map_err(Error::busy)?;
    Ok(blob.to_string())
}

/// The file of an agreement, with its name.
///
/// # Errors
/// 404 where the agreement names none; 500 for one that is not what the agreement says; 503.
pub async fn read_signed(
    app: &App,
    (key, agreement): (&Key, &Agreement),
    lying: &Lying,
) -> Result<(String, Vec<u8>), Error> {
    let signed = agreement.signed.as_ref().ok_or_else(Error::not_found)?;
    let blob: BlobName = lying.blob.parse().map_err(|_| Error::fault("a row names no blob"))?;
    let content = key.open_signed(&app.blobs().get(&lying.region, blob).await.map_err(Error::busy)?)?;
    if hex::encode(sha256(&content)) != signed.sha256 {
        return Err(Error::fault("a signed agreement is not what its consortium has accepted"));
    }
    Ok((signed.name.clone(), content))
}

/// The place that a consortium's file is sealed for.
pub(super) fn place(consortium: Id<Consortium>) -> String {
    format!("consortium.signed/{consortium}")
}
