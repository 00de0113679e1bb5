//! A ciphertext on its way into its row, sealed here or by its bidder.

use super::joint;
use super::store::{self, Bid, Sealed};
use crate::app::App;
use crate::discard::naming;
use crate::identity::company::data_region;
use crate::identity::mandate::Target;
use crate::sourcing::tender::document::{keep, sha256};
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Bidder, Error, Upload};
use bytes::Bytes;
use kit::db::Tx;
use kit::id::Id;

/// The largest envelope that lies in the database, in bytes.
const IN_ROW: usize = 16 * 1024;

/// Where an envelope is to lie, and what its bidder has seen.
pub(super) struct Place {
    /// The row.
    pub id: Id<Bid>,
    /// For a replacement: the version that was seen.
    pub replaces: Option<i64>,
    /// The last amendment that was seen.
    pub answers: i64,
}

/// A sealed envelope, and its bidder's line about it.
pub(super) struct Ciphertext {
    /// Its bytes.
    pub bytes: Bytes,
    /// None of an envelope that was sealed here.
    pub commitment: Option<String>,
}

/// The lot that takes this provider's bid, its tender, and the data centre of its files.
pub(super) async fn to_bid(app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<(String, Tender, Lot), Error> {
    let who = provider.clone();
    let read = move |tx: &mut Tx| {
        let (lot, tender) = store::lot_to_bid(tx, &who, lot)?;
        // Where its bidder keeps its own files would tell who bids: an envelope lies where the tender's files do.
        Ok::<_, Error>((data_region(tx, tender.company)?, tender, lot))
    };
    app.db().read(read).await
}

/// The lot of a bid of the provider's own.
pub(super) async fn lot_of(app: &App, provider: &Bidder, id: Id<Bid>) -> Result<Id<Lot>, Error> {
    let (theirs, who) = (app.clone(), provider.clone());
    Ok(app.db().read(move |tx| store::own(tx, &theirs, &who, id)).await?.lot)
}

/// Lays a ciphertext where it is to lie: in its row up to 16 KB, else in the blob store of a data centre. Answers one of both.
///
/// # Errors
/// 503.
pub async fn laid(app: &App, region: &str, bytes: Bytes) -> Result<(Option<Vec<u8>>, Option<String>), Error> {
    if bytes.len() <= IN_ROW {
        return Ok((Some(bytes.into()), None));
    }
    let kept = keep(app, region, &Upload { name: String::new(), content: bytes }).await?;
    Ok((None, Some(kept.blob)))
}

/// Keeps a ciphertext, and stores it if the hour has not come.
pub(super) async fn receive(
    app: &App,
    provider: Bidder,
    (tender, region, lot): (&Tender, &str, Id<Lot>),
    Place { id, replaces, answers }: Place,
    Ciphertext { bytes, commitment }: Ciphertext,
) -> Result<(), Error> {
    let hash = sha256(&bytes);
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let (envelope, blob) = laid(app, region, bytes).await?;
    let bidder = store::bidder(app, tender.id, provider.company);
    let target = Target::of(app, provider.company, tender.id, Some(lot));
    let sealed = Sealed {
        id,
        replaces,
        lot,
        answers,
        bidder,
        target,
        envelope,
        region: region.to_owned(),
        blob,
        size,
        sha256: hash,
        commitment,
        member: joint::mark(app, tender.id, provider.company),
    };
    let (signer, blobs) = (app.signer().clone(), Vec::from_iter(sealed.blob.clone()));
    naming(app, (region, blobs), move |tx| store::receive(tx, &provider, &sealed, &signer)).await
}
