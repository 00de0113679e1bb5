//! Final offers (最后报价): sealed on receipt until their hour, exactly as bids are. A row does not say whose it is, an event names nobody, and
//! nobody reads how many there are.

use super::event::Offered;
use super::rule::Phase;
use super::store::{self, Seen};
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::State as BidState;
use crate::sourcing::bid::draft::forget;
use crate::sourcing::bid::joint::bid_of_lot;
use crate::sourcing::bid::store::late;
use crate::sourcing::tender::finals::bidder;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Bidder, Error, Instant, Provider};
use evidence::{Receipt, Signer};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Event, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A final offer as its own bidder sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FinalOffer {
    /// Its id.
    pub id: Id<FinalOffer>,
    /// `sealed`, `opened`, `unreadable`, or `unopened` where its envelope was destroyed.
    pub state: String,
    /// Bytes of the sealed envelope.
    pub size: i64,
    /// SHA-256 of the sealed envelope, hexadecimal.
    pub sha256: String,
    /// When this version was received.
    #[schemars(with = "Instant")]
    pub received_at: Timestamp,
    /// Counts replacements.
    pub version: i64,
}

/// A sealed envelope on its way into a row.
pub struct Sealed {
    /// The row to be made, or the one to be replaced.
    pub id: Id<FinalOffer>,
    /// For another in its place: the version that was seen.
    pub replaces: Option<i64>,
    /// The lot.
    pub lot: Id<Lot>,
    /// The ciphertext, if it is small.
    pub envelope: Option<Vec<u8>>,
    /// The data centre of a large one.
    pub region: String,
    /// Its name there.
    pub blob: Option<String>,
    /// Bytes of the ciphertext.
    pub size: i64,
    /// SHA-256.
    pub sha256: [u8; 32],
}

/// Who offers for a company: itself, or the lead of the consortium that it is a member of.
///
/// # Errors
/// [`db::Error`].
pub fn lead(tx: &mut Tx, app: &App, of: (Id<Tender>, Id<Lot>), company: Id<Company>) -> Result<Id<Company>, db::Error> {
    let Some(bid) = bid_of_lot(tx, app, of, company)? else { return Ok(company) };
    let sql = "SELECT company FROM bid WHERE id = $1";
    Ok(tx.one(sql, values![bid.id], |row| row.next::<Option<Id<Company>>>())?.unwrap_or(company))
}

/// A lot that takes this bidder's final offer now.
///
/// # Errors
/// 404 to who does not respond; 403 for who holds no letter; 409 `negotiation-left`, `final-offers-uninvited`, `deadline-passed` with both
/// times.
pub fn to_offer(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<Seen, Error> {
    let seen = store::seen(tx, app, provider, lot)?;
    let own = seen.led(app, provider.company)?;
    mandate::may(tx, provider, Act::Bid, &Target::of(app, provider.company, seen.tender.id, Some(lot)))?;
    let now = tx.now();
    match seen.negotiation.until {
        Some(until) if now >= until => return Err(late(until, now)),
        Some(_) => {}
        None => return Err(Error::conflict("final-offers-uninvited")),
    }
    if own.state != BidState::Opened {
        return Err(Error::conflict("negotiation-left"));
    }
    let is_taken = seen.negotiation.phase == Phase::Invited && seen.lot.state == LotState::Negotiation;
    if is_taken { Ok(seen) } else { Err(Error::conflict("final-offers-uninvited")) }
}

/// Stores a sealed final offer and its receipt. The instant read here decides whether it is in time. The same form again changes nothing.
///
/// # Errors
/// 401, 403; as [`to_offer`]; 409 `final-offer-exists` for a second one; 412 for another version, and for the form of one that was replaced
/// since.
pub fn receive(tx: &mut Tx, app: &App, provider: &Bidder, sealed: &Sealed) -> Result<(), Error> {
    provider.still(tx)?;
    let seen = to_offer(tx, app, provider, sealed.lot)?;
    let mark = bidder(app, sealed.lot, provider.company);
    match (of_bidder(tx, sealed.lot, mark)?, sealed.replaces) {
        (None, None) => insert(tx, sealed, mark)?,
        (None, Some(_)) => return Err(Error::not_found()),
        (Some(known), None) if known.id == sealed.id && known.version == 1 => {
            return Ok(discard_all(tx, &sealed.place())?);
        }
        (Some(known), None) if known.id == sealed.id => return Err(Error::stale()),
        (Some(_), None) => return Err(Error::conflict("final-offer-exists")),
        (Some(known), Some(version)) if known.id == sealed.id && known.version == version => replace(tx, sealed)?,
        (Some(known), Some(_)) if known.id == sealed.id => return Err(Error::stale()),
        (Some(_), Some(_)) => return Err(Error::not_found()),
    }
    forget(tx, sealed.lot, mark)?;
    let offer = of_bidder(tx, sealed.lot, mark)?.ok_or_else(Error::not_found)?;
    Ok(acknowledge(tx, &seen, &offer, app.signer())?)
}

fn insert(tx: &mut Tx, sealed: &Sealed, mark: [u8; 32]) -> Result<(), Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO final_offer (id, lot, bidder, state, envelope, region, blob, size, sha256, received_at, version) \
         VALUES ($1, $2, $3, 'sealed', $4, $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING",
        values![
            sealed.id,
            sealed.lot,
            mark,
            sealed.envelope.clone(),
            &sealed.region,
            sealed.blob.clone(),
            sealed.size,
            sealed.sha256,
            now
        ],
    )?;
    // Its id is another's.
    if inserted == 1 { Ok(()) } else { Err(Error::not_found()) }
}

fn replace(tx: &mut Tx, sealed: &Sealed) -> Result<(), Error> {
    let now = tx.now();
    let lying = "SELECT region, blob FROM final_offer WHERE id = $1 AND blob IS NOT NULL";
    let before: Vec<(String, String)> = tx.all(lying, values![sealed.id], |row| Ok((row.next()?, row.next()?)))?;
    discard_all(tx, &before)?;
    tx.execute(
        "UPDATE final_offer SET envelope = $1, region = $2, blob = $3, size = $4, sha256 = $5, received_at = $6, \
         version = version + 1 WHERE id = $7",
        values![
            sealed.envelope.clone(),
            &sealed.region,
            sealed.blob.clone(),
            sealed.size,
            sealed.sha256,
            now,
            sealed.id
        ],
    )?;
    Ok(())
}

impl Sealed {
    /// Where a large ciphertext lies: the data centre, and its name there.
    fn place(&self) -> Vec<(String, String)> {
        self.blob.iter().map(|blob| (self.region.clone(), blob.clone())).collect()
    }
}

fn discard_all(tx: &mut Tx, places: &[(String, String)]) -> Result<(), db::Error> {
    places.iter().try_for_each(|(region, blob)| discard(tx, region, blob))
}

/// Signs and stores the receipt of an offer's present version, with the event that names it.
fn acknowledge(tx: &mut Tx, seen: &Seen, offer: &FinalOffer, signer: &Signer) -> Result<(), db::Error> {
    let broken = |e: serde_json::Error| db::Error::Engine(e.to_string());
    let event: Id<Event> = tx.id();
    let act = if offer.version == 1 { "submitted" } else { "replaced" };
    let statement = BTreeMap::from([
        ("final_offer".to_owned(), json!(offer.id)),
        ("tender".to_owned(), json!(seen.tender.id)),
        ("lot".to_owned(), json!(seen.lot.id)),
        ("version".to_owned(), json!(offer.version)),
        ("act".to_owned(), json!(act)),
        ("received_at".to_owned(), json!(offer.received_at)),
        ("envelope_sha256".to_owned(), json!(offer.sha256)),
        ("envelope_bytes".to_owned(), json!(offer.size)),
    ]);
    let receipt = signer.sign("final-offer", statement);
    let text = serde_json::to_string(&receipt).map_err(broken)?;
    tx.execute(
        "INSERT INTO final_offer_receipt (offer, version, receipt, event) VALUES ($1, $2, $3, $4)",
        values![offer.id, offer.version, text, event],
    )?;
    let receipt_sha256 = receipt.sha256().map_err(|e| db::Error::Engine(e.to_string()))?;
    let scope = Scope { company: None, tender: Some(*seen.tender.id.as_bytes()), actor: None };
    event::record_many(tx, &[(event, scope, &Offered { offer: offer.id, receipt_sha256 })])
}

/// The final offer for a lot that carries this keyed hash.
///
/// # Errors
/// [`db::Error`].
pub fn of_bidder(tx: &mut Tx, lot: Id<Lot>, mark: [u8; 32]) -> Result<Option<FinalOffer>, db::Error> {
    let sql = "SELECT id, state, size, sha256, received_at, version FROM final_offer WHERE lot = $1 AND bidder = $2";
    tx.first(sql, values![lot, mark], |row: &mut Row<'_>| {
        Ok(FinalOffer {
            id: row.next()?,
            state: row.next()?,
            size: row.next()?,
            sha256: hex::encode(row.next::<Vec<u8>>()?),
            received_at: row.next()?,
            version: row.next()?,
        })
    })
}

/// The newest receipt of an offer of the provider's own, or of its consortium, with the event that names it.
///
/// # Errors
/// 404.
pub fn receipt(tx: &mut Tx, app: &App, provider: &Provider, id: Id<FinalOffer>) -> Result<(Receipt, Id<Event>), Error> {
    let sql = "SELECT l.tender, f.lot, f.bidder, r.receipt, r.event FROM final_offer f JOIN final_offer_receipt r ON r.offer = f.id \
               JOIN lot l ON l.id = f.lot WHERE f.id = $1 ORDER BY r.version DESC LIMIT 1";
    let found = tx.first(sql, values![id], |row| {
        let of = (row.next::<Id<Tender>>()?, row.next::<Id<Lot>>()?);
        Ok((of, row.next::<[u8; 32]>()?, row.next::<String>()?, row.next::<Id<Event>>()?))
    })?;
    let (of, mark, text, event) = found.ok_or_else(Error::not_found)?;
    if bidder(app, of.1, lead(tx, app, of, provider.company)?) != mark {
        return Err(Error::not_found());
    }
    Ok((serde_json::from_str(&text).map_err(Error::fault)?, event))
}

/// A receipt as it lies: of which offer and version, when the offer was received last, its text, and the event that names it.
pub type Kept = (Id<FinalOffer>, i64, Timestamp, String, Id<Event>);

/// The receipts of a lot's final offers: those that came to light, or a company's own and its consortium's, whether they did or not.
///
/// # Errors
/// [`db::Error`].
pub fn receipts(
    tx: &mut Tx,
    app: &App,
    of: (Id<Tender>, Id<Lot>),
    company: Option<Id<Company>>,
) -> Result<Vec<Kept>, db::Error> {
    let lot = of.1;
    let (which, values) = match company {
        None => ("f.bid IS NOT NULL", values![lot].to_vec()),
        Some(company) => {
            let mark = bidder(app, lot, lead(tx, app, of, company)?);
            ("f.bidder = $2", values![lot, mark].to_vec())
        }
    };
    let sql = format!(
        "SELECT r.offer, r.version, f.received_at, r.receipt, r.event FROM final_offer f \
         JOIN final_offer_receipt r ON r.offer = f.id WHERE f.lot = $1 AND {which} ORDER BY r.offer, r.version"
    );
    tx.all(&sql, &values, |row| {
        let (offer, version, at) = (row.next()?, row.next()?, row.next()?);
        Ok((offer, version, at, row.next()?, row.next()?))
    })
}
