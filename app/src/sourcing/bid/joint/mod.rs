//! Consortium bids (联合体投标, 招标投标法 art. 31; 实施条例 art. 37), as far as a bid knows them: for whom its lead bids, which members read it, and
//! what its opening discloses. How a consortium comes about is said in the room of that name.
//!
//! As of a bid, no row says before the opening who is a member: a keyed hash stands for each, and the agreement lies sealed under a key of its
//! own. A company is told at once of what it has done itself; what another has done is judged when the bids are open.

mod agreement;
mod disclosed;
mod mine;
mod seal;
mod signed;

pub use agreement::{Agreement, Part, TERMS, doubled};
pub use disclosed::{Joined, Joint, Unsealed, disclose, judge, of_lot, unseal, winners};
pub use mine::{Mine, bid_of_lot, consortia, is_member, partnered, seen, taking};
pub use seal::Key;
pub use signed::{Lying, Signed, keep, read_signed};

use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::{Bid, State};
use crate::sourcing::tender::{Lot, Tender};
use crate::web::Error;
use kit::db::{self, Tx, coded};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A consortium (联合体) by its id.
pub struct Consortium;

/// Why a company does not bid as it wants to: because of what it has agreed to itself.
pub const REFUSED: [&str; 2] = ["consortium-member", "consortium-incomplete"];

/// The conditions on a bid `b`, once it was disclosed, that a company, bound in the first place, is its bidder, and that it is another member of
/// its consortium.
pub const WHOSE: [&str; 2] = [
    "b.company = $1",
    "b.consortium IN (SELECT m.consortium FROM consortium_member m WHERE m.company = $1 AND m.position > 0)",
];

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ConsortiumStanding")]
pub enum Standing {
    /// 待接受.
    Invited,
    /// 已签署: its authorised person has accepted the agreement.
    Accepted,
    /// 已谢绝.
    Declined,
    /// 已退出, before the deadline.
    Left,
}

impl Standing {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Left => "left",
        }
    }

    /// The standing that a code means.
    ///
    /// # Errors
    /// [`db::Error`] for a code that is none.
    pub fn from_code(code: &str) -> Result<Self, db::Error> {
        let all = [Self::Invited, Self::Accepted, Self::Declined, Self::Left];
        coded(code, |code| all.into_iter().find(|one| one.code() == code))
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("consortium-standing-{}", self.code())
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Invited => "hourglass",
            Self::Accepted => "ok",
            Self::Declined | Self::Left => "stop",
        }
    }

    /// Its colour, which comes third.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Invited => "warn",
            Self::Accepted => "",
            Self::Declined | Self::Left => "bad",
        }
    }
}

/// The keyed hash that stands in a row instead of a member. Another than that of a bid, so that the two are not found to be one company's.
pub fn mark(app: &App, tender: Id<Tender>, company: Id<Company>) -> [u8; 32] {
    app.mark("consortium/member", &[tender.as_bytes(), company.as_bytes()])
}

/// The consortium that a company has bound itself to for a lot.
#[derive(Clone, Copy, Debug)]
pub struct Engaged {
    /// Which.
    pub id: Id<Consortium>,
    /// Whether the company leads it.
    pub is_lead: bool,
    /// Whether everybody has accepted.
    pub is_whole: bool,
}

/// What a company, by its mark, has bound itself to for a lot.
///
/// # Errors
/// [`db::Error`].
pub fn engaged(tx: &mut Tx, lot: Id<Lot>, mark: [u8; 32]) -> Result<Option<Engaged>, db::Error> {
    let sql = "SELECT m.consortium, m.position FROM consortium_member m JOIN consortium c ON c.id = m.consortium \
         WHERE m.member = $1 AND m.lot = $2 AND m.standing = 'accepted' AND c.dissolved_at IS NULL LIMIT 1";
    let found = tx.first(sql, values![mark, lot], |row| Ok((row.next::<Id<Consortium>>()?, row.next::<i64>()?)))?;
    let Some((id, position)) = found else { return Ok(None) };
    let sql = "SELECT 1 FROM consortium_member WHERE consortium = $1 AND standing <> 'accepted' LIMIT 1";
    let is_whole = tx.first(sql, values![id], |row| row.next::<i64>())?.is_none();
    Ok(Some(Engaged { id, is_lead: position == 0, is_whole }))
}

/// For which consortium a company bids that bids for a lot now; none where it bids alone. Where a tender takes none, nothing is read.
///
/// # Errors
/// 409 with one of [`REFUSED`]: both are what the company has done itself.
pub fn to_bid(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, mark: [u8; 32]) -> Result<Option<Id<Consortium>>, Error> {
    if !tender.terms.takes_consortia() {
        return Ok(None);
    }
    match engaged(tx, lot, mark)? {
        None => Ok(None),
        Some(Engaged { is_lead: false, .. }) => Err(Error::conflict("consortium-member")),
        Some(Engaged { is_whole: false, .. }) => Err(Error::conflict("consortium-incomplete")),
        Some(Engaged { id, .. }) => Ok(Some(id)),
    }
}

/// Whether a member has left the consortium of a sealed bid: it lapses at the deadline unless they accept again.
///
/// # Errors
/// [`db::Error`].
pub fn is_broken(tx: &mut Tx, bid: &Bid) -> Result<bool, db::Error> {
    let Some(id) = bid.consortium.filter(|_| bid.state == State::Sealed) else { return Ok(false) };
    let sql = "SELECT 1 FROM consortium_member WHERE consortium = $1 AND standing <> 'accepted' LIMIT 1";
    Ok(tx.first(sql, values![id], |row| row.next::<i64>())?.is_some())
}

/// Why a bid cannot win although it was opened.
///
/// # Errors
/// [`db::Error`].
pub fn void(tx: &mut Tx, id: Id<Bid>) -> Result<Option<String>, db::Error> {
    tx.one("SELECT void FROM bid WHERE id = $1", values![id], |row| row.next())
}

/// The hash of a consortium's agreement.
///
/// # Errors
/// [`db::Error`].
pub fn agreed(tx: &mut Tx, id: Id<Consortium>) -> Result<[u8; 32], db::Error> {
    tx.one("SELECT sha256 FROM consortium WHERE id = $1", values![id], |row| row.next())
}
