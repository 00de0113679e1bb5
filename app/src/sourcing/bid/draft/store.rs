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
    /// Counts changes, from 1; what is drafted after a draft that is gone counts on from it.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Empty where the draft is gone.
    content: Vec<u8>,
}

impl Kept {
    fn is_there(&self) -> bool {
        !self.content.is_empty()
    }

    /// Reads what is sealed in it.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open(&self, keys: &Keys, place: &Place) -> Result<Written, Error> {
        serde_json::from_slice(&keys.open(place.company, &place.name(), &self.content)?).map_err(Error::fault)
    }
}

/// What is drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A bid.
    Bid,
    /// The final offer of a negotiation.
    FinalOffer,
}

/// Where a draft is kept. Whoever makes one has looked whether its reader may draft there.
#[derive(Clone)]
pub struct Place {
    /// The tender.
    pub tender: Id<Tender>,
    /// For which lot.
    pub lot: Id<Lot>,
    /// The keyed hash that stands in the row instead of the company.
    pub mark: [u8; 32],
    /// Under whose key it is sealed.
    pub company: Id<Company>,
    /// What is drafted there.
    pub of: Of,
}

impl Place {
    /// What binds a sealed content to it.
    fn name(&self) -> String {
        match self.of {
            Of::Bid => format!("bid-draft/{}", self.lot),
            Of::FinalOffer => format!("final-offer-draft/{}", self.lot),
        }
    }

    /// The draft that is kept there.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn find(&self, tx: &mut Tx) -> Result<Option<Kept>, db::Error> {
        Ok(self.last(tx)?.filter(Kept::is_there))
    }

    /// The last version that was kept there, whether it is gone or not.
    fn last(&self, tx: &mut Tx) -> Result<Option<Kept>, db::Error> {
        let sql = "SELECT version, changed_at, content FROM bid_draft WHERE lot = $1 AND bidder = $2";
        tx.first(sql, values![self.lot, self.mark], |row| {
            Ok(Kept { version: row.next()?, changed_at: row.next()?, content: row.next()? })
        })
    }

    /// Saves a draft in the name of somebody, for the version that was seen. The same form again changes nothing. No version comes twice
    /// at one place, so that who has seen a draft that is gone writes over nothing of the next.
    ///
    /// # Errors
    /// 412 when a colleague has changed it since, or it is gone.
    pub fn save(&self, tx: &mut Tx, by: Id<Account>, given: &Given, keys: &Keys) -> Result<(), Error> {
        let written = Written { draft: given.draft.clone(), by };
        let last = self.last(tx)?;
        let before = last.as_ref().map_or(0, |last| last.version);
        let kept = last.filter(Kept::is_there);
        let seen = kept.as_ref().map_or(0, |kept| kept.version);
        if let Some(kept) = kept.filter(|_| given.version == 0 || Some(seen) == given.version.checked_add(1)) {
            // The same form again: the first of a draft has seen none, whichever version it became.
            let is_same = kept.open(keys, self)? == written;
            return if is_same { Ok(()) } else { Err(Error::stale()) };
        }
        if seen != given.version {
            return Err(Error::stale());
        }
        let plain = serde_json::to_vec(&written).map_err(Error::fault)?;
        let content = keys.seal(self.company, &self.name(), &plain)?;
        let (now, version) = (tx.now(), before + 1);
        let sql = if before == 0 {
            "INSERT INTO bid_draft (lot, bidder, content, changed_at, version) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE bid_draft SET content = $3, changed_at = $4, version = $5 WHERE lot = $1 AND bidder = $2"
        };
        if tx.execute(sql, values![self.lot, self.mark, content, now, version])? == 0 {
            return Err(Error::stale());
        }
        Ok(self.record(tx, version)?)
    }

    /// Throws it away, in the version that was seen.
    ///
    /// # Errors
    /// 412 when a colleague has changed it since.
    pub fn remove(&self, tx: &mut Tx, version: i64) -> Result<(), Error> {
        match self.find(tx)? {
            None => return Ok(()),
            Some(kept) if kept.version != version => return Err(Error::stale()),
            Some(_) => forget(tx, self.lot, self.mark)?,
        }
        Ok(self.record(tx, 0)?)
    }

    fn record(&self, tx: &mut Tx, version: i64) -> Result<(), db::Error> {
        let scope = Scope { company: None, tender: Some(*self.tender.as_bytes()), actor: None };
        event::record(tx, scope, &Changed { lot: self.lot, version }).map(drop)
    }
}

/// The lot that a member drafts a bid for, its tender, and where the draft is kept: only who may bid for it may draft.
///
/// # Errors
/// As [`lot_to_bid`]; 403 for who holds no letter that the company asks for; 409 `consortium-member` where another company leads.
pub fn to_draft(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<(Lot, Tender, Place), Error> {
    let (lot, tender) = lot_to_bid(tx, provider, lot)?;
    let target = Target::of(app, provider.company, tender.id, Some(lot.id));
    mandate::may(tx, provider, mandate::Act::Bid, &target)?;
    // The draft of a consortium's bid is its lead's.
    let mark = joint::mark(app, tender.id, provider.company);
    if tender.terms.takes_consortia() && joint::engaged(tx, lot.id, mark)?.is_some_and(|own| !own.is_lead) {
        return Err(Error::conflict("consortium-member"));
    }
    let (mark, company) = (bidder(app, tender.id, provider.company), provider.company);
    let place = Place { tender: tender.id, lot: lot.id, mark, company, of: Of::Bid };
    Ok((lot, tender, place))
}

/// Saves the draft of a bid.
///
/// # Errors
/// 401 for who was erased meanwhile; as [`to_draft`]; 409 `draft-no-price`; as [`Place::save`].
pub fn save(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>, given: &Given, keys: &Keys) -> Result<(), Error> {
    provider.still(tx)?;
    let (_, tender, place) = to_draft(tx, app, provider, lot)?;
    if tender.hands.is_some() && given.draft.price.is_some() {
        return Err(Error::conflict("draft-no-price"));
    }
    place.save(tx, provider.account(), given, keys)
}

/// Throws the draft of a bid away.
///
/// # Errors
/// 401; as [`to_draft`] and [`Place::remove`].
pub fn remove(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>, version: i64) -> Result<(), Error> {
    provider.still(tx)?;
    to_draft(tx, app, provider, lot)?.2.remove(tx, version)
}

/// Deletes the draft of what is submitted. The number of its version stays until the lot ends: versions that began at 1 again would let a window
/// that shows the draft which is gone write over the next one, unseen.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, lot: Id<Lot>, bidder: [u8; 32]) -> Result<(), db::Error> {
    let sql = "UPDATE bid_draft SET content = $1 WHERE lot = $2 AND bidder = $3";
    tx.execute(sql, values![Vec::<u8>::new(), lot, bidder]).map(drop)
}
