//! Files out of opened envelopes: for the buyer of their tender, and for their bidder.

use super::record::Opened;
use crate::app::App;
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::Tender;
use crate::sourcing::tender::auction::NAMES_TOLD;
use crate::sourcing::tender::document::{Kept, download};
use crate::web::{At, Error, Member};
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A file out of an envelope.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "BidFile")]
pub struct File {
    /// Its id.
    pub id: Id<File>,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Of its content; hexadecimal.
    pub sha256: String,
    /// Whether it came with the final offer of a negotiation.
    pub is_final: bool,
}

/// The files of a bid, those of its final offer last.
///
/// # Errors
/// [`db::Error`].
pub fn of_bid(tx: &mut Tx, bid: Id<Bid>) -> Result<Vec<File>, db::Error> {
    let sql = "SELECT id, name, size, sha256, CASE WHEN final_offer IS NULL THEN 0 ELSE 1 END FROM bid_file WHERE bid = $1 ORDER BY id";
    tx.all(sql, values![bid], |row| {
        let (id, name, size) = (row.next()?, row.next()?, row.next()?);
        Ok(File { id, name, size, sha256: hex::encode(row.next::<[u8; 32]>()?), is_final: row.next()? })
    })
}

/// The same of several bids, for who may read them.
///
/// # Errors
/// [`db::Error`].
pub fn with_files(tx: &mut Tx, mut bids: Vec<Opened>) -> Result<Vec<Opened>, db::Error> {
    for bid in &mut bids {
        bid.files = of_bid(tx, bid.id)?;
    }
    Ok(bids)
}

/// Writes what came out of an envelope down, as files of a bid: of its first one, or of a final offer's. Part of the unit that discloses it.
///
/// # Errors
/// [`db::Error`].
pub fn disclose<F>(
    tx: &mut Tx,
    (tender, bid): (Id<Tender>, Id<Bid>),
    final_offer: Option<Id<F>>,
    files: &[Kept],
) -> Result<(), db::Error> {
    for file in files {
        let row = tx.id::<File>();
        tx.execute(
            "INSERT INTO bid_file (id, tender, bid, name, size, sha256, region, blob, final_offer) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![row, tender, bid, &file.name, file.size, file.sha256, &file.region, &file.blob, final_offer],
        )?;
    }
    Ok(())
}

/// `GET /bid-files/{id}`: for the buyer of the tender, and for the bidder.
pub async fn show(State(app): State<App>, member: Member, At(id): At<Id<File>>) -> Result<Response, Error> {
    let reader = member.company;
    let (name, region, blob) = app
        .db()
        .read(move |tx| {
            let sql = format!(
                "SELECT f.name, f.region, f.blob FROM bid_file f JOIN bid b ON b.id = f.bid \
                 JOIN tender t ON t.id = f.tender JOIN lot l ON l.id = b.lot WHERE f.id = $1 \
                 AND ((t.company = $2 AND {NAMES_TOLD}) OR b.company = $2 OR EXISTS \
                 (SELECT 1 FROM consortium_member m WHERE m.consortium = b.consortium AND m.company = $2))"
            );
            let found = tx.first(&sql, values![id, reader], |row| {
                Ok((row.next::<String>()?, row.next::<String>()?, row.next::<String>()?))
            })?;
            found.ok_or_else(Error::not_found)
        })
        .await?;
    download(&app, &name, &region, &blob).await
}
