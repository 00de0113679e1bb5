//! Every query about drafts of bids.

use super::super::joint;
use super::super::store::{bidder, lot_to_bid};
use super::{Draft, Given};
use crate::app::App;
use crate::business::Keys;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Target};
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Bidder, Error};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::{Deserialize, Serialize};

/// A draft was saved, or thrown away. It names no company and no person.
#[derive(Serialize)]
struct Changed {
    lot: Id<Lot>,
    /// Its version from now on; 0 when it was thrown away.
    version: i64,
}
impl Fact for Changed {
    const KIND: &'static str = "bid.draft-changed";
}

/// What is sealed in a row.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The content.
    pub draft: Draft,
    /// Who wrote this version.
    pub by: Id<Account>,
}

/// A row as it is stored.
pub struct Kept {
    /// Counts changes, from 1.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Timestamp,
    content: Vec<u8>,
}

impl Kept {
    /// Reads what is sealed in it.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open(&self, keys: &Keys, company: Id<Company>, lot: Id<Lot>) -> Result<Written, Error> {
        serde_json::from_slice(&keys.open(company, &place(lot), &self.content)?).map_err(Error::fault)
    }
}

fn place(lot: Id<Lot>) -> String {
    format!("bid-draft/{lot}")
}

/// The lot that a member drafts a bid for, its tender, and the keyed hash of their company: only who may bid for it may draft.
///
/// # Errors
/// As [`lot_to_bid`]; 403 for who holds no letter that the company asks for; 409 `consortium-member` where another company leads.
pub fn to_draft(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<(Lot, Tender, [u8; 32]), Error> {
    let (lot, tender) = lot_to_bid(tx, provider, lot)?;
    let target = Target::of(app, provider.company, tender.id, Some(lot.id));
    mandate::may(tx, provider, mandate::Act::Bid, &target)?;
    // The draft of a consortium's bid is its lead's.
    let mark = joint::mark(app, tender.id, provider.company);
    if tender.terms.takes_consortia() && joint::engaged(tx, lot.id, mark)?.is_some_and(|own| !own.is_lead) {
        return Err(Error::conflict("consortium-member"));
    }
    let bidder = bidder(app, tender.id, provider.company);
    Ok((lot, tender, bidder))
}

/// The draft of a bidder.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, lot: Id<Lot>, bidder: [u8; 32]) -> Result<Option<Kept>, db::Error> {
    let sql = "SELECT version, changed_at, content FROM bid_draft WHERE lot = $1 AND bidder = $2";
    tx.first(sql, values![lot, bidder], |row| {
        Ok(Kept { version: row.next()?, changed_at: row.next()?, content: row.next()? })
    })
}

/// Saves a draft, for the version that was seen.
///
/// # Errors
/// 401 for who was erased meanwhile; as [`to_draft`]; 409 `draft-no-price`; 412 when a colleague has changed it since.
pub fn save(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>, given: &Given, keys: &Keys) -> Result<(), Error> {
    provider.still(tx)?;
    let (lot, tender, bidder) = to_draft(tx, app, provider, lot)?;
    if tender.hands.is_some() && given.draft.price.is_some() {
        return Err(Error::conflict("draft-no-price"));
    }
    let written = Written { draft: given.draft.clone(), by: provider.account() };
    let kept = find(tx, lot.id, bidder)?;
    let seen = kept.as_ref().map_or(0, |kept| kept.version);
    if let Some(kept) = kept.filter(|_| Some(seen) == given.version.checked_add(1)) {
        // The same form again.
        let is_same = kept.open(keys, provider.company, lot.id)? == written;
        return if is_same { Ok(()) } else { Err(Error::stale()) };
    }
    if seen != given.version {
        return Err(Error::stale());
    }
    let plain = serde_json::to_vec(&written).map_err(Error::fault)?;
    let content = keys.seal(provider.company, &place(lot.id), &plain)?;
    let (now, version) = (tx.now(), seen + 1);
    let sql = if seen == 0 {
        "INSERT INTO bid_draft (lot, bidder, content, changed_at, version) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
    } else {
        "UPDATE bid_draft SET content = $3, changed_at = $4, version = $5 WHERE lot = $1 AND bidder = $2"
    };
    if tx.execute(sql, values![lot.id, bidder, content, now, version])? == 0 {
        return Err(Error::stale());
    }
    Ok(record(tx, &tender, lot.id, version)?)
}

/// Throws a draft away, in the version that was seen.
///
/// # Errors
/// As [`save`].
pub fn remove(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>, version: i64) -> Result<(), Error> {
    provider.still(tx)?;
    let (lot, tender, bidder) = to_draft(tx, app, provider, lot)?;
    match find(tx, lot.id, bidder)? {
        None => return Ok(()),
        Some(kept) if kept.version != version => return Err(Error::stale()),
        Some(_) => forget(tx, lot.id, bidder)?,
    }
    Ok(record(tx, &tender, lot.id, 0)?)
}

/// Deletes the draft of what is submitted.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, lot: Id<Lot>, bidder: [u8; 32]) -> Result<(), db::Error> {
    tx.execute("DELETE FROM bid_draft WHERE lot = $1 AND bidder = $2", values![lot, bidder]).map(drop)
}

fn record(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, version: i64) -> Result<(), db::Error> {
    let scope = Scope { company: None, tender: Some(*tender.id.as_bytes()), actor: None };
    event::record(tx, scope, &Changed { lot, version }).map(drop)
}
