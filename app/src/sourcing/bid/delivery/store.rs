//! Every query about uploads of ciphertexts.

use super::super::receipt;
use super::super::store::{self, Bid};
use super::Delivery;
use crate::app::App;
use crate::discard::discard_part;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Hands, Lot, State as Stage, Tender};
use crate::web::{Actor, Bidder, Error, Provider};
use evidence::{Hash, Signer};
use http::StatusCode;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;

/// A ciphertext that was committed to has come whole. It names no company and no person.
#[derive(Serialize)]
struct Arrived {
    bid: Id<Bid>,
    /// The receipt that was given, so that the log's commitment to this event is one to the receipt.
    receipt_sha256: Hash,
}
impl Fact for Arrived {
    const KIND: &'static str = "bid.arrived";
}

/// An upload with what it is compared with.
pub struct Awaited {
    /// As its bidder sees it.
    pub delivery: Delivery,
    /// SHA-256 of the whole.
    pub sha256: [u8; 32],
    /// What its bidder has committed to.
    pub commitment: String,
    /// The data centre in which it is to lie.
    pub region: String,
    /// To whom it has to be sealed.
    pub hands: Option<Hands>,
    /// Whether more of it is taken now.
    pub is_open: bool,
}

/// Begins the upload of a bid's ciphertext, or finds the one that has begun. Part of the unit that stores the commitment.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, bid: &Bid) -> Result<Id<Delivery>, db::Error> {
    if let Some(begun) = find(tx, bid.id)? {
        return Ok(begun);
    }
    let (id, now) = (tx.id::<Delivery>(), tx.now());
    tx.execute(
        "INSERT INTO bid_upload (id, bid, length, received, refused, begun_at) VALUES ($1, $2, $3, 0, NULL, $4)",
        values![id, bid.id, bid.size, now],
    )?;
    Ok(id)
}

/// The upload of a bid's ciphertext.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, bid: Id<Bid>) -> Result<Option<Id<Delivery>>, db::Error> {
    tx.first("SELECT id FROM bid_upload WHERE bid = $1", values![bid], |row| row.next())
}

/// An upload of the provider's own.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, app: &App, provider: &Provider, id: Id<Delivery>) -> Result<Awaited, Error> {
    let sql = "SELECT u.bid, u.length, u.received, u.refused, b.region, b.sha256 FROM bid_upload u JOIN bid b ON b.id = u.bid \
               WHERE u.id = $1";
    let found = tx.first(sql, values![id], |row| {
        let (bid, length, received): (Id<Bid>, i64, i64) = (row.next()?, row.next()?, row.next()?);
        Ok((bid, length, received, row.next::<Option<String>>()?, row.next::<String>()?, row.next::<[u8; 32]>()?))
    })?;
    let (bid, length, received, refused, region, sha256) = found.ok_or_else(Error::not_found)?;
    let bid = store::own(tx, app, provider, bid)?;
    let (lot, tender) = tender::store::lot(tx, &Actor::Member((**provider).clone()), bid.lot)?;
    let is_open = is_open(tx, &lot, &tender);
    let bytes = |number: i64| u64::try_from(number).map_err(Error::fault);
    let delivery = Delivery {
        id,
        bid: bid.id,
        length: bytes(length)?,
        offset: bytes(received)?,
        until: tender.closes_at(),
        refused,
    };
    Ok(Awaited {
        delivery,
        sha256,
        commitment: bid.commitment.unwrap_or_default(),
        region,
        hands: tender.hands,
        is_open,
    })
}

/// Whether ciphertexts for a lot may come now.
fn is_open(tx: &Tx, lot: &Lot, tender: &Tender) -> bool {
    tender.state == Stage::Published && lot.state == LotState::Open && tx.now() < tender.closes_at()
}

/// The same, if more of it is taken now.
///
/// # Errors
/// 404, 410 `upload-ended`.
pub fn open(tx: &mut Tx, app: &App, provider: &Provider, id: Id<Delivery>) -> Result<Awaited, Error> {
    let awaited = own(tx, app, provider, id)?;
    let is_taken = awaited.is_open || awaited.delivery.is_whole();
    if is_taken { Ok(awaited) } else { Err(Error::of(StatusCode::GONE, "upload-ended")) }
}

/// The upload of a bid whose ciphertext is awaited: begun now, where its bidder has ended the one before.
///
/// # Errors
/// 401 and 403 for who was erased, or left; 404, 409 `upload-not-awaited`, `upload-other-length`, 410.
pub fn create(tx: &mut Tx, app: &App, provider: &Bidder, bid: Id<Bid>, length: u64) -> Result<Awaited, Error> {
    provider.still(tx)?;
    let bid = store::own(tx, app, provider, bid)?;
    if u64::try_from(bid.size) != Ok(length) {
        return Err(Error::conflict("upload-other-length").with("length", bid.size));
    }
    let id = match find(tx, bid.id)? {
        Some(begun) => begun,
        None if bid.awaits_ciphertext => begin(tx, &bid)?,
        None => return Err(Error::conflict("upload-not-awaited")),
    };
    open(tx, app, provider, id)
}

/// Notes that everything up to an offset is on the disk.
///
/// # Errors
/// 401 and 403 for who was erased, or left; 404; 409 `upload-offset` when somebody else has come further; 410.
pub fn advance(
    tx: &mut Tx,
    app: &App,
    provider: &Bidder,
    id: Id<Delivery>,
    (from, to): (u64, u64),
) -> Result<(), Error> {
    provider.still(tx)?;
    open(tx, app, provider, id)?;
    let (from, to) = (i64::try_from(from).map_err(Error::fault)?, i64::try_from(to).map_err(Error::fault)?);
    let sql = "UPDATE bid_upload SET received = $1, refused = NULL WHERE id = $2 AND received = $3";
    let moved = tx.execute(sql, values![to, id, from])?;
    if moved == 1 { Ok(()) } else { Err(Error::conflict("upload-offset").with("offset", from)) }
}

/// Forgets what has come: it is not what was committed to.
///
/// # Errors
/// [`db::Error`].
pub fn again(tx: &mut Tx, id: Id<Delivery>, why: &str) -> Result<(), db::Error> {
    let sql = "UPDATE bid_upload SET received = 0, refused = $1 WHERE id = $2 AND received < length";
    tx.execute(sql, values![why, id]).map(drop)
}

/// Names the blob in which the whole ciphertext lies. The instant read here decides whether it has come in time.
///
/// # Errors
/// 401 and 403 for who was erased, or left; 404, 410.
pub fn arrived(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Delivery>, blob: &str) -> Result<(), Error> {
    provider.still(tx)?;
    let bid = open(tx, app, provider, id)?.delivery.bid;
    let sql = "UPDATE bid SET blob = $1 WHERE id = $2 AND state = 'sealed' AND envelope IS NULL AND blob IS NULL";
    if tx.execute(sql, values![blob, bid])? == 0 {
        return Err(Error::of(StatusCode::GONE, "upload-ended"));
    }
    tx.execute("UPDATE bid_upload SET received = length, refused = NULL WHERE id = $1", values![id])?;
    let bid = store::own(tx, app, provider, bid)?;
    Ok(acknowledge(tx, &bid, app.signer())?)
}

/// Its bidder holds a receipt of it, and the log the event that names the receipt.
fn acknowledge(tx: &mut Tx, bid: &Bid, signer: &Signer) -> Result<(), db::Error> {
    let event = tx.id();
    let receipt_sha256 = receipt::store_arrival(tx, bid, event, signer)?;
    let scope = Scope { company: None, tender: Some(*bid.tender.as_bytes()), actor: None };
    event::record_many(tx, &[(event, scope, &Arrived { bid: bid.id, receipt_sha256 })])
}

/// Ends an upload that is not whole: what has come of it is thrown away.
///
/// # Errors
/// 401 and 403 for who was erased, or left; 404; 409 `upload-whole`; 410.
pub fn end(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Delivery>) -> Result<(), Error> {
    provider.still(tx)?;
    let delivery = open(tx, app, provider, id)?.delivery;
    if delivery.is_whole() {
        return Err(Error::conflict("upload-whole"));
    }
    Ok(forget(tx, delivery.bid)?)
}

/// Forgets the upload of an envelope that is replaced, withdrawn or ended.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, bid: Id<Bid>) -> Result<(), db::Error> {
    let Some(id) = find(tx, bid)? else { return Ok(()) };
    tx.execute("DELETE FROM bid_upload WHERE id = $1", values![id])?;
    discard_part(tx, &id.to_string())
}

/// How much the sealed envelopes of a company take that are not opened yet, in bytes, all but this bid's.
///
/// # Errors
/// [`db::Error`].
pub fn taken(tx: &mut Tx, app: &App, provider: &Provider, but: Id<Bid>) -> Result<u64, db::Error> {
    let tenders: Vec<_> = tender::store::all_running(tx)?.iter().map(|tender| tender.id).collect();
    let bids = store::of_company(tx, app, provider.company, &tenders)?;
    let sealed = bids
        .iter()
        .filter(|bid| bid.id != but && bid.state == super::super::State::Sealed && bid.is_led(app, provider.company));
    Ok(sealed.filter_map(|bid| u64::try_from(bid.size).ok()).sum())
}
