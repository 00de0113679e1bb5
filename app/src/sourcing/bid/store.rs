//! Every query about bids. Until the opening a row does not say whose it is; a bidder finds its own by a keyed hash.

use super::draft;
use super::form::Confirmed;
use super::joint::{self, Consortium};
use super::receipt::{self, Act};
use super::state::State;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Target};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, State as Stage, Tender};
use crate::web::{Actor, Bidder, Error, Instant, Provider};
use evidence::{Hash, Signer};
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// A bid (投标) as its row shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Bid {
    /// Its id.
    pub id: Id<Bid>,
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Of which lot.
    pub lot: Id<Lot>,
    /// Where it stands.
    pub state: State,
    /// Bytes of the sealed envelope.
    pub size: i64,
    /// SHA-256 of the sealed envelope, hexadecimal.
    pub sha256: String,
    /// When this version was received.
    #[schemars(with = "Instant")]
    pub received_at: Timestamp,
    /// Counts replacements, confirmations and withdrawals.
    pub version: i64,
    /// The number of the last amendment of its lot that it was sealed or confirmed after; 0 for none.
    pub answers: i64,
    /// The bidder's canonical line about an envelope that they have sealed themselves; none of one that was sealed here.
    pub commitment: Option<String>,
    /// Whether it was committed to, and its ciphertext has not come yet.
    pub awaits_ciphertext: bool,
    #[serde(skip)]
    pub(super) bidder: [u8; 32],
    /// The consortium that its bidder leads with it; none of a bid of one company.
    pub consortium: Option<Id<Consortium>>,
}

/// A sealed envelope on its way into a row.
pub struct Sealed {
    /// The row to be made, or the one to be replaced.
    pub id: Id<Bid>,
    /// For a replacement: the version that was seen.
    pub replaces: Option<i64>,
    /// The lot.
    pub lot: Id<Lot>,
    /// The number of the last amendment of the lot that its bidder has seen; 0 for none.
    pub answers: i64,
    /// The keyed hash of tender and company.
    pub bidder: [u8; 32],
    /// What a letter of authorisation has to cover.
    pub target: Target,
    /// The ciphertext, up to 16 KB. Where there is none, and no blob, it is uploaded after.
    pub envelope: Option<Vec<u8>>,
    /// The data centre of the tender's files, in which a larger one lies.
    pub region: String,
    /// Where a larger ciphertext lies.
    pub blob: Option<String>,
    /// Bytes.
    pub size: i64,
    /// SHA-256.
    pub sha256: [u8; 32],
    /// The bidder's line about an envelope that they have sealed themselves.
    pub commitment: Option<String>,
    /// The mark that the company would have as a member of a consortium.
    pub member: [u8; 32],
}

/// A bid was received, replaced or withdrawn. It names no company and no person.
#[derive(Serialize)]
struct Acted {
    bid: Id<Bid>,
    act: Act,
    /// The receipt that was given, so that the log's commitment to this event is one to the receipt.
    receipt_sha256: Hash,
}
impl Fact for Acted {
    const KIND: &'static str = "bid.acted";
    const V: i64 = 2;
}

pub(super) const COLUMNS: &str = "id, tender, lot, state, size, sha256, received_at, version, answers, commitment, \
     CAST(CASE WHEN state = 'sealed' AND envelope IS NULL AND blob IS NULL THEN 1 ELSE 0 END AS BIGINT), bidder, consortium FROM bid";

/// The keyed hash that stands in a row instead of the bidding company.
pub fn bidder(app: &App, tender: Id<Tender>, company: Id<Company>) -> [u8; 32] {
    app.mark("bid/bidder", &[tender.as_bytes(), company.as_bytes()])
}

/// The lot that a provider wants to bid for, and its tender.
///
/// # Errors
/// 404; 409 `own-tender`, `not-named`, `bidding-not-open` or `deadline-passed` with both times.
pub fn lot_to_bid(tx: &mut Tx, provider: &Provider, id: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let (lot, tender) = tender::store::lot(tx, &Actor::Member((**provider).clone()), id)?;
    if tender.company == provider.company {
        return Err(Error::conflict("own-tender"));
    }
    if !tender::named::may_bid(tx, &tender, provider.company)? {
        return Err(Error::conflict("not-named"));
    }
    let now = tx.now();
    if now >= tender.deadline {
        return Err(late(tender.deadline, now));
    }
    if tender.state != Stage::Published || lot.state != LotState::Open {
        return Err(Error::conflict("bidding-not-open"));
    }
    Ok((lot, tender))
}

/// Stores a sealed envelope and its receipt. The instant read here decides whether it is in time. A bid that was withdrawn
/// is sealed again by replacing it.
///
/// # Errors
/// 401 for who was erased meanwhile, 403 for who left or lost the duty, or holds no letter that the company asks for; as [`lot_to_bid`]; 409 `bid-exists` for a second bid on a lot, 412 for a replacement of another version and for the
/// form of a bid that was changed since; 409 `lot-amended` for a form that was filled before an amendment of the lot; 409 as [`joint::to_bid`].
pub fn receive(tx: &mut Tx, provider: &Bidder, sealed: &Sealed, signer: &Signer) -> Result<(), Error> {
    provider.still(tx)?;
    mandate::may(tx, provider, mandate::Act::Bid, &sealed.target)?;
    let (lot, tender) = lot_to_bid(tx, provider, sealed.lot)?;
    if sealed.answers != lot.amended {
        return Err(Error::conflict("lot-amended"));
    }
    let joint = joint::to_bid(tx, &tender, lot.id, sealed.member)?;
    if sealed.replaces.is_none()
        && let Some(bid) = insert(tx, &tender, sealed, joint)?
    {
        return acknowledge(tx, &bid, Act::Submitted, signer);
    }
    let act = match (own_of_lot(tx, lot.id, sealed.bidder)?, sealed.replaces) {
        // The same form again: its first envelope stands, and the other is not kept.
        (Some(bid), None) if bid.id == sealed.id && bid.version == 1 => return discard(tx, sealed),
        // A form that was used before the bid was replaced or withdrawn: it brings nothing back.
        (Some(bid), None) if bid.id == sealed.id => return Err(Error::stale()),
        (Some(_), None) => return Err(Error::conflict("bid-exists")),
        (Some(bid), Some(version)) if bid.id == sealed.id && bid.version == version => {
            replace(tx, bid.id, sealed, joint)?;
            if bid.state == State::Withdrawn { Act::Submitted } else { Act::Replaced }
        }
        (Some(bid), Some(_)) if bid.id == sealed.id => return Err(Error::stale()),
        // The bid is another's, or the id is.
        (_, Some(_)) | (None, None) => return Err(Error::not_found()),
    };
    let bid = own_of_lot(tx, lot.id, sealed.bidder)?.ok_or_else(Error::not_found)?;
    acknowledge(tx, &bid, act, signer)
}

/// The first bid on a lot, which most are: nothing is read before it, so that bids for one lot do not wait for each other.
/// `None` where the lot has one of this bidder, or the id is taken.
fn insert(
    tx: &mut Tx,
    tender: &Tender,
    sealed: &Sealed,
    joint: Option<Id<Consortium>>,
) -> Result<Option<Bid>, db::Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO bid (id, tender, lot, bidder, state, envelope, region, blob, size, sha256, received_at, version, answers, \
         commitment, consortium) VALUES ($1, $2, $3, $4, 'sealed', $5, $6, $7, $8, $9, $10, 1, $11, $12, $13) \
         ON CONFLICT DO NOTHING",
        values![
            sealed.id,
            tender.id,
            sealed.lot,
            sealed.bidder,
            sealed.envelope.clone(),
            &sealed.region,
            sealed.blob.clone(),
            sealed.size,
            sealed.sha256,
            now,
            sealed.answers,
            sealed.commitment.clone(),
            joint
        ],
    )?;
    if inserted == 1 {
        draft::forget(tx, sealed.lot, sealed.bidder)?;
    }
    Ok((inserted == 1).then(|| Bid {
        id: sealed.id,
        tender: tender.id,
        lot: sealed.lot,
        state: State::Sealed,
        size: sealed.size,
        sha256: hex::encode(sealed.sha256),
        received_at: now,
        version: 1,
        answers: sealed.answers,
        commitment: sealed.commitment.clone(),
        awaits_ciphertext: sealed.envelope.is_none() && sealed.blob.is_none(),
        bidder: sealed.bidder,
        consortium: joint,
    }))
}

fn replace(tx: &mut Tx, id: Id<Bid>, sealed: &Sealed, joint: Option<Id<Consortium>>) -> Result<(), db::Error> {
    forget_blob(tx, id)?;
    draft::forget(tx, sealed.lot, sealed.bidder)?;
    let now = tx.now();
    tx.execute(
        "UPDATE bid SET state = 'sealed', envelope = $1, region = $2, blob = $3, size = $4, sha256 = $5, \
         received_at = $6, answers = $7, commitment = $8, consortium = $10, version = version + 1 WHERE id = $9",
        values![
            sealed.envelope.clone(),
            &sealed.region,
            sealed.blob.clone(),
            sealed.size,
            sealed.sha256,
            now,
            sealed.answers,
            sealed.commitment.clone(),
            id,
            joint
        ],
    )?;
    Ok(())
}

/// An envelope that is replaced or withdrawn does not stay in the blob store, nor does what has been uploaded of it.
fn forget_blob(tx: &mut Tx, id: Id<Bid>) -> Result<(), db::Error> {
    super::delivery::store::forget(tx, id)?;
    let sql = "SELECT region, blob FROM bid WHERE id = $1 AND blob IS NOT NULL";
    let kept = tx.first(sql, values![id], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
    kept.map_or(Ok(()), |(region, blob)| crate::discard::discard(tx, &region, &blob))
}

/// An envelope that was put into the blob store and gets no row.
fn discard(tx: &mut Tx, sealed: &Sealed) -> Result<(), Error> {
    Ok(sealed.blob.as_ref().map_or(Ok(()), |blob| crate::discard::discard(tx, &sealed.region, blob))?)
}

/// Confirms a bid as it is after an amendment of its lot. Its envelope stays, and so does the instant at which it was received.
///
/// # Errors
/// 401 and 403 as [`receive`], 404; 409 `deadline-passed`, `bid-not-sealed`; 412 for another version, or when the lot was amended again.
pub fn confirm(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Bid>, seen: &Confirmed) -> Result<(), Error> {
    provider.still(tx)?;
    let bid = own(tx, app, provider, id)?;
    let (lot, tender) = lot_to_bid(tx, provider, bid.lot)?;
    let target = Target::of(app, provider.company, tender.id, Some(bid.lot));
    mandate::may(tx, provider, mandate::Act::Bid, &target)?;
    if bid.state != State::Sealed {
        return Err(Error::conflict("bid-not-sealed"));
    }
    match (bid.answers == lot.amended, bid.version - seen.version) {
        // The same form again.
        (true, 1) if seen.answers == lot.amended => return Ok(()),
        (false, 0) if seen.answers == lot.amended => {}
        _ => return Err(Error::stale()),
    }
    tx.execute("UPDATE bid SET answers = $1, version = version + 1 WHERE id = $2", values![lot.amended, id])?;
    let bid = own(tx, app, provider, id)?;
    acknowledge(tx, &bid, Act::Confirmed, app.signer())
}

/// Withdraws a bid before the deadline. Its envelope is forgotten.
///
/// # Errors
/// 401 and 403 as [`receive`], 404, 409 `deadline-passed`, 412.
pub fn withdraw(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Bid>, version: i64) -> Result<(), Error> {
    provider.still(tx)?;
    let bid = own(tx, app, provider, id)?;
    let (_, tender) = lot_to_bid(tx, provider, bid.lot)?;
    let target = Target::of(app, provider.company, tender.id, Some(bid.lot));
    mandate::may(tx, provider, mandate::Act::Bid, &target)?;
    match (bid.state, bid.version) {
        (State::Withdrawn, _) => return Ok(()),
        (_, seen) if seen != version => return Err(Error::stale()),
        _ => {}
    }
    forget_blob(tx, id)?;
    let now = tx.now();
    tx.execute(
        "UPDATE bid SET state = 'withdrawn', envelope = NULL, blob = NULL, commitment = NULL, received_at = $1, version = version + 1 \
         WHERE id = $2",
        values![now, id],
    )?;
    let bid = own(tx, app, provider, id)?;
    acknowledge(tx, &bid, Act::Withdrawn, app.signer())
}

fn acknowledge(tx: &mut Tx, bid: &Bid, act: Act, signer: &Signer) -> Result<(), Error> {
    let event = tx.id();
    let receipt_sha256 = receipt::store(tx, bid, act, event, signer)?;
    let scope = Scope { company: None, tender: Some(*bid.tender.as_bytes()), actor: None };
    event::record_many(tx, &[(event, scope, &Acted { bid: bid.id, act, receipt_sha256 })])?;
    Ok(())
}

/// A bid of the provider's own.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, app: &App, provider: &Provider, id: Id<Bid>) -> Result<Bid, Error> {
    let bid = tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?.ok_or_else(Error::not_found)?;
    if bid.bidder == bidder(app, bid.tender, provider.company) { Ok(bid) } else { Err(Error::not_found()) }
}

/// The bid for a lot that carries this keyed hash.
///
/// # Errors
/// [`db::Error`].
pub fn own_of_lot(tx: &mut Tx, lot: Id<Lot>, bidder: [u8; 32]) -> Result<Option<Bid>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE lot = $1 AND bidder = $2"), values![lot, bidder], read)
}

/// The provider's own bids, the latest deadline first.
///
/// # Errors
/// [`db::Error`].
pub fn list_own(tx: &mut Tx, app: &App, provider: &Provider) -> Result<Vec<Bid>, db::Error> {
    let sql = "SELECT id FROM tender WHERE published_at IS NOT NULL ORDER BY deadline DESC, id DESC LIMIT 1000";
    let tenders = tx.all(sql, &[], |row| row.next::<Id<Tender>>())?;
    of_tenders(tx, app, provider, &tenders)
}

/// The provider's own bids on these tenders, in their order. Each tender has a keyed hash of its own.
///
/// # Errors
/// [`db::Error`].
pub fn of_tenders(tx: &mut Tx, app: &App, provider: &Provider, tenders: &[Id<Tender>]) -> Result<Vec<Bid>, db::Error> {
    of_company(tx, app, provider.company, tenders)
}

/// The same for whoever leaves. Those of consortia that the company is a member of are among them.
pub(super) fn of_company(
    tx: &mut Tx,
    app: &App,
    company: Id<Company>,
    tenders: &[Id<Tender>],
) -> Result<Vec<Bid>, db::Error> {
    let hashes: Vec<_> = tenders.iter().map(|tender| bidder(app, *tender, company)).collect();
    let sql = |places: &str| format!("SELECT {COLUMNS} WHERE bidder IN ({places}) ORDER BY lot, id");
    let mut bids = tx.among(&hashes, sql, read)?;
    bids.extend(joint::partnered(tx, app, company, tenders)?);
    let place: HashMap<_, _> = tenders.iter().zip(0usize..).collect();
    bids.sort_by_key(|bid| place.get(&bid.tender).copied());
    Ok(bids)
}

/// The refusal of what comes too late, with both times.
pub fn late(deadline: Timestamp, now: Timestamp) -> Error {
    Error::conflict("deadline-passed").with("deadline", deadline).with("received", now)
}

pub(super) fn read(row: &mut Row<'_>) -> Result<Bid, db::Error> {
    Ok(Bid {
        id: row.next()?,
        tender: row.next()?,
        lot: row.next()?,
        state: coded(&row.next::<String>()?, State::from_code)?,
        size: row.next()?,
        sha256: hex::encode(row.next::<Vec<u8>>()?),
        received_at: row.next()?,
        version: row.next()?,
        answers: row.next()?,
        commitment: row.next()?,
        awaits_ciphertext: row.next()?,
        bidder: row.next()?,
        consortium: row.next()?,
    })
}
