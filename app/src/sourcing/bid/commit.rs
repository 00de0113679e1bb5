//! Bids that are committed to before their ciphertext is sent: a few hundred bytes decide whether a bid is in time, and the receipt is for
//! them. The ciphertext comes after ([`super::delivery`]), and until it has come whole the bid does not count.

use super::delivery::{Delivery, store as deliveries};
use super::form::{NewCommitment, OtherCommitment, Promised};
use super::joint;
use super::received::{lot_of, to_bid};
use super::store::{self, Bid, Sealed};
use crate::app::App;
use crate::identity::mandate::Target;
use crate::sourcing::tender::Lot;
use crate::web::{At, Bidder, Error, Input, Saved};
use axum::extract::State;
use http::StatusCode;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// What is larger counts towards what one company may take.
const COUNTED: u64 = 25 * 1024 * 1024;

/// The answer to a commitment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidCommitted")]
pub struct Committed {
    /// The bid.
    id: Id<Bid>,
    /// Where its ciphertext goes: `/uploads/{upload}`.
    upload: Id<Delivery>,
}

/// `POST /lots/{id}/commitments`.
pub async fn create(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let NewCommitment(promised) = input.parse()?;
    let id = promised.id.ok_or_else(Error::not_found)?;
    let upload = take(&app, provider, lot, id, promised).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-committed"), Committed { id, upload }))
}

/// `POST /bids/{id}/commitments`.
pub async fn replace(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Bid>>,
    input: Input,
) -> Result<Saved, Error> {
    let OtherCommitment(promised) = input.parse()?;
    let lot = lot_of(&app, &provider, id).await?;
    let upload = take(&app, provider, lot, id, promised).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-committed"), Committed { id, upload }))
}

/// Compares a commitment with its place, and stores it if the hour has not come.
async fn take(
    app: &App,
    provider: Bidder,
    lot: Id<Lot>,
    id: Id<Bid>,
    promised: Promised,
) -> Result<Id<Delivery>, Error> {
    let (region, tender, _) = to_bid(app, &provider, lot).await?;
    if tender.hands.is_none() {
        return Err(Error::conflict("bid-not-by-hands"));
    }
    let Promised { version, answers, commitment, .. } = promised;
    let place = (tender.id.to_string(), lot.to_string(), version.map_or(1, |seen| seen.saturating_add(1)));
    let named = (commitment.tender.clone(), commitment.lot.clone(), commitment.version);
    let sha256 = commitment.envelope_sha256().filter(|_| named == place && commitment.bytes > 0);
    let sha256 = sha256.ok_or_else(|| Error::conflict("commitment-differs"))?;
    let (size, limit) = (commitment.bytes, app.config().envelope_limit);
    if size > limit {
        return Err(Error::of(StatusCode::PAYLOAD_TOO_LARGE, "envelope-too-large").with("limit", megabytes(limit)));
    }
    let bidder = store::bidder(app, tender.id, provider.company);
    let sealed = Sealed {
        id,
        replaces: version,
        lot,
        answers,
        bidder,
        target: Target::of(app, provider.company, tender.id, Some(lot)),
        envelope: None,
        region,
        blob: None,
        size: i64::try_from(size).map_err(Error::fault)?,
        sha256,
        commitment: Some(commitment.line()),
        member: joint::mark(app, tender.id, provider.company),
    };
    let theirs = app.clone();
    app.db().write(move |tx| store_commitment(tx, &theirs, &provider, &sealed)).await
}

fn store_commitment(tx: &mut Tx, app: &App, provider: &Bidder, sealed: &Sealed) -> Result<Id<Delivery>, Error> {
    let (size, quota) = (u64::try_from(sealed.size).map_err(Error::fault)?, app.config().envelope_quota);
    if size > COUNTED && deliveries::taken(tx, app, provider, sealed.id)?.saturating_add(size) > quota {
        return Err(Error::conflict("envelope-quota").with("quota", megabytes(quota)));
    }
    store::receive(tx, provider, sealed, app.signer())?;
    let bid = store::own(tx, app, provider, sealed.id)?;
    // The form that a bid was made with, sent again with something else: the first stands.
    let is_same = bid.commitment == sealed.commitment;
    match deliveries::find(tx, bid.id)? {
        Some(begun) if is_same => Ok(begun),
        None if is_same && bid.awaits_ciphertext => Ok(deliveries::begin(tx, &bid)?),
        _ => Err(Error::stale()),
    }
}

fn megabytes(bytes: u64) -> i64 {
    i64::try_from(bytes / (1024 * 1024)).unwrap_or(i64::MAX)
}
