//! What a negotiation is, who is a side of it, and what each side reads.

use super::rule::Phase;
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::{self, Bid, State as BidState};
use crate::sourcing::evaluation;
use crate::sourcing::rounds::Rounds;
use crate::sourcing::tender::{self, Lot, Tender};
use crate::web::{Actor, Error, Instant, Member};
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// The negotiation of a lot.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Negotiation {
    /// Where it stands.
    pub phase: Phase,
    /// Which round it is in: from 1, one more with each change.
    pub round: i64,
    /// When the first offers were opened.
    #[schemars(with = "Instant")]
    pub began_at: Timestamp,
    /// The key that final offers are sealed to.
    #[serde(skip)]
    pub recipient: Option<String>,
    /// The deadline of final offers, which is also the hour of their opening.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// Fewer final offers than this, and the lot fails.
    pub least_offers: Option<i64>,
    /// Why fewer suffice than the method asks for.
    pub few_reason: Option<String>,
    /// When they were invited.
    #[schemars(with = "Option<Instant>")]
    pub invited_at: Option<Timestamp>,
    /// When they were opened.
    #[schemars(with = "Option<Instant>")]
    pub opened_at: Option<Timestamp>,
    /// For forms: which version was seen.
    pub version: i64,
}

/// Minutes of a negotiation with one bidder (磋商记录).
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NegotiationMinutes")]
pub struct Minutes {
    /// Their id.
    pub id: Id<Minutes>,
    /// With whom: their bid.
    pub bid: Id<Bid>,
    /// In which round.
    pub round: i64,
    /// When it was held.
    #[schemars(with = "Instant")]
    pub held_at: Timestamp,
    /// What was said.
    pub words: String,
    /// When they were written down.
    #[schemars(with = "Instant")]
    pub written_at: Timestamp,
    /// When the bidder confirmed that it has read them.
    #[schemars(with = "Option<Instant>")]
    pub confirmed_at: Option<Timestamp>,
    /// What the bidder says to them.
    pub remark: Option<String>,
}

/// A change of the requirements in substance (实质性变动), told to all that remained.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NegotiationChange")]
pub struct Change {
    /// Its id.
    pub id: Id<Change>,
    /// Which round it ended.
    pub round: i64,
    /// What it is.
    pub words: String,
    /// When all were told.
    #[schemars(with = "Instant")]
    pub told_at: Timestamp,
}

/// On which side somebody stands.
#[derive(Clone, Debug)]
pub enum Side {
    /// The buyer's own people.
    Buyer,
    /// Who evaluates the lot, names being shown.
    Evaluator,
    /// A bidder, with its bid; each member of a consortium with the bid that its lead acts for.
    Bidder(Bid),
}

/// A lot that is negotiated, and where its reader stands.
pub struct Seen {
    /// The lot.
    pub lot: Lot,
    /// The tender.
    pub tender: Tender,
    /// How it stands.
    pub negotiation: Negotiation,
    /// The reader's side.
    pub side: Side,
}

/// The negotiation of a lot; none before its opening, and of other methods.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, lot: Id<Lot>) -> Result<Option<Negotiation>, db::Error> {
    let sql = "SELECT state, round, began_at, recipient, until, least_offers, few_reason, invited_at, opened_at, version \
               FROM negotiation WHERE lot = $1";
    tx.first(sql, values![lot], |row: &mut Row<'_>| {
        Ok(Negotiation {
            phase: coded(&row.next::<String>()?, Phase::from_code)?,
            round: row.next()?,
            began_at: row.next()?,
            recipient: row.next()?,
            until: row.next()?,
            least_offers: row.next()?,
            few_reason: row.next()?,
            invited_at: row.next()?,
            opened_at: row.next()?,
            version: row.next()?,
        })
    })
}

/// A negotiated lot as one of its sides sees it: the buyer, its evaluators, each who has responded.
///
/// # Errors
/// 404 to everybody else.
pub fn seen(tx: &mut Tx, app: &App, member: &Member, id: Id<Lot>) -> Result<Seen, Error> {
    let (lot, tender) = tender::store::lot(tx, &Actor::Member(member.clone()), id)?;
    let negotiation = find(tx, id)?.ok_or_else(Error::not_found)?;
    if member.company == tender.company {
        return Ok(Seen { lot, tender, negotiation, side: Side::Buyer });
    }
    if let Some(own) = responding(tx, app, (tender.id, id), member.company)? {
        return Ok(Seen { lot, tender, negotiation, side: Side::Bidder(own) });
    }
    if evaluation::sits(tx, member, id)? {
        return Ok(Seen { lot, tender, negotiation, side: Side::Evaluator });
    }
    Err(Error::not_found())
}

/// The condition on a bid `b` that it is a side of its negotiation. What was void at the opening never is; whoever declines after it to be
/// bound longer was.
pub const TAKES_PART: &str = "b.company IS NOT NULL AND (b.void IS NULL OR b.void = 'declined')";

/// A bid, and its company.
pub type Remaining = (Id<Bid>, Id<Company>);

/// The bids that remain in a negotiation, with their companies.
///
/// # Errors
/// [`db::Error`].
pub fn remaining(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Remaining>, db::Error> {
    let sql = format!(
        "SELECT b.id, b.company FROM bid b WHERE b.lot = $1 AND b.state = 'opened' AND {TAKES_PART} ORDER BY b.id"
    );
    tx.all(&sql, values![lot], |row| Ok((row.next()?, row.next()?)))
}

/// The bid with which a company responds or has responded to a lot, alone or as a member of a consortium. One whose final offer could not be
/// read has responded; one that could not be read at first has no company.
///
/// # Errors
/// [`db::Error`].
pub fn responding(
    tx: &mut Tx,
    app: &App,
    (tender, lot): (Id<Tender>, Id<Lot>),
    company: Id<Company>,
) -> Result<Option<Bid>, db::Error> {
    let own = bid::joint::bid_of_lot(tx, app, (tender, lot), company)?;
    let was_opened = |bid: &Bid| matches!(bid.state, BidState::Opened | BidState::Retired | BidState::Unreadable);
    let Some(own) = own.filter(was_opened) else { return Ok(None) };
    let sql = format!("SELECT 1 FROM bid b WHERE b.id = $1 AND {TAKES_PART}");
    Ok(tx.first(&sql, values![own.id], |row| row.next::<i64>())?.map(|_| own))
}

impl Seen {
    /// The bid of the company that acts for it: of a consortium its lead alone.
    ///
    /// # Errors
    /// 404 to everybody else.
    pub fn led(&self, app: &App, company: Id<Company>) -> Result<&Bid, Error> {
        match &self.side {
            Side::Bidder(own) if own.is_led(app, company) => Ok(own),
            _ => Err(Error::not_found()),
        }
    }

    /// The method's numbers.
    ///
    /// # Errors
    /// 404 where the method does not negotiate.
    pub fn rounds(&self) -> Result<&'static Rounds, Error> {
        self.tender.method.profile().negotiation.as_ref().ok_or_else(Error::not_found)
    }
}

/// The minutes that a side reads, the oldest first: a bidder its own, and nobody else's. All of them: how many
/// there can be is a rule of the act that writes them.
///
/// # Errors
/// [`db::Error`].
pub fn minutes(tx: &mut Tx, lot: Id<Lot>, side: &Side) -> Result<Vec<Minutes>, db::Error> {
    let columns = "SELECT id, bid, round, held_at, words, written_at, confirmed_at, remark FROM negotiation_minutes WHERE lot = $1";
    let (which, values) = match side {
        Side::Bidder(own) if policy::holds(Control::NegotiationApart) => {
            ("AND bid = $2", values![lot, own.id].to_vec())
        }
        Side::Bidder(_) | Side::Buyer | Side::Evaluator => ("", values![lot].to_vec()),
    };
    tx.all(&format!("{columns} {which} ORDER BY written_at, id"), &values, |row| {
        Ok(Minutes {
            id: row.next()?,
            bid: row.next()?,
            round: row.next()?,
            held_at: row.next()?,
            words: row.next()?,
            written_at: row.next()?,
            confirmed_at: row.next()?,
            remark: row.next()?,
        })
    })
}

/// The changes that all sides read, the oldest first.
///
/// # Errors
/// [`db::Error`].
pub fn changes(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Change>, db::Error> {
    let sql = "SELECT id, round, words, told_at FROM negotiation_change WHERE lot = $1 ORDER BY round, id";
    tx.all(sql, values![lot], |row| {
        Ok(Change { id: row.next()?, round: row.next()?, words: row.next()?, told_at: row.next()? })
    })
}
