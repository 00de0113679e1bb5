//! Offers: those that come at the same time are one unit, in their order. Each is judged alone, and only what is taken is written.

use super::form::Given;
use crate::app::App;
use crate::identity::mandate::{self, Target};
use crate::sourcing::tender::auction::entry::{self, Known, Offer};
use crate::sourcing::tender::auction::lettered;
use crate::sourcing::tender::auction::rule::{Phase, Refused};
use crate::sourcing::tender::auction::session::{Sitting, reckon};
use crate::sourcing::tender::{self, Lot, State, Tender};
use crate::web::filters::yuan;
use crate::web::{Actor, Bidder, Broken, Error, Form, Instant};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// How many offers are one unit, at most: that bounds how long the first of them waits.
pub const TOGETHER: usize = 64;

/// An offer on its way.
pub struct Asked {
    /// The program, whose key marks what a letter of authorisation covers.
    pub app: App,
    /// Who offers.
    pub bidder: Bidder,
    /// For which lot.
    pub lot: Id<Lot>,
    /// What was sent.
    pub given: Given,
    /// The form, to be shown again.
    pub form: Form,
}

/// What becomes of it.
pub type Answer = Result<Accepted, Error>;

/// An offer that was taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuctionOffer")]
pub struct Accepted {
    /// Its number among what has happened in the session.
    pub number: i64,
    /// The letter that was drawn for its bidder.
    pub letter: String,
    /// Fen.
    pub amount: i64,
    /// When it was taken.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

impl From<Known> for Accepted {
    fn from(known: Known) -> Self {
        Self { number: known.number, letter: lettered(known.letter), amount: known.amount, at: known.at }
    }
}

/// The sessions that offers of this unit are for.
type Tables = BTreeMap<Id<Lot>, (Tender, Sitting)>;

/// Judges offers in their order, and stores those that are taken. An error of the database is everybody's: nothing of the unit stands.
pub fn take(tx: &mut Tx, asked: &[Asked]) -> Result<Vec<Answer>, db::Error> {
    let mut tables = Tables::new();
    let mut answers = Vec::with_capacity(asked.len());
    for one in asked {
        answers.push(judge(tx, &mut tables, one));
    }
    for (tender, sitting) in tables.values() {
        sitting.save(tx, tender)?;
        reckon(tx, tender.id)?;
    }
    Ok(answers)
}

fn judge(tx: &mut Tx, tables: &mut Tables, asked: &Asked) -> Answer {
    let (bidder, given) = (&asked.bidder, &asked.given);
    bidder.still(tx)?;
    if let Slot::Vacant(empty) = tables.entry(asked.lot) {
        empty.insert(table(tx, bidder, asked.lot)?);
    }
    let known = known(tx, tables, given.id)?;
    let Some((tender, sitting)) = tables.get_mut(&asked.lot) else { return Err(Error::not_found()) };
    let own = sitting.session.bidders.iter().find(|one| one.company == bidder.company).map(|one| one.letter);
    let own = own.ok_or_else(Error::not_found)?;
    mandate::may(tx, bidder, mandate::Act::Bid, &Target::of(&asked.app, bidder.company, tender.id, Some(asked.lot)))?;
    match known {
        // The same form again is the same offer; with another amount it is one that its bidder has not looked at.
        Some((lot, known)) if lot == asked.lot && known.letter == own => {
            return if known.amount == given.amount { Ok(known.into()) } else { Err(Error::stale()) };
        }
        Some(_) => return Err(Error::not_found()),
        None => {}
    }
    let now = tx.now();
    match sitting.session.offer(own, given.amount, given.seen, now) {
        Ok(what) => {
            let number = sitting.note(now, what, Some((given.id, bidder.account())));
            Ok(Known { number, letter: own, amount: given.amount, at: now }.into())
        }
        Err(why) => Err(refused(why, sitting, (own, now), &asked.form)),
    }
}

/// The offer of a form, with its lot. One of this unit stands in no row yet, and may be of another lot: two of one id would spoil the unit
/// for everybody in it.
fn known(tx: &mut Tx, tables: &Tables, offer: Id<Offer>) -> Result<Option<(Id<Lot>, Known)>, db::Error> {
    let here = tables.iter().find_map(|(lot, (_, sitting))| Some((*lot, sitting.sent(offer)?)));
    if here.is_some() { Ok(here) } else { entry::find(tx, offer) }
}

/// The session of a lot, after everything whose time has come.
fn table(tx: &mut Tx, bidder: &Bidder, lot: Id<Lot>) -> Result<(Tender, Sitting), Error> {
    let (_, mut tender) = tender::store::lot(tx, &Actor::Member((***bidder).clone()), lot)?;
    if tender.state == State::Auction {
        tender::catch_up(tx, tender.id)?;
        tender = tender::store::load(tx, tender.id)?;
    }
    let sitting = Sitting::find(tx, tender.id, lot)?.ok_or_else(Error::not_found)?;
    Ok((tender, sitting))
}

fn refused(why: Refused, sitting: &Sitting, (own, now): (i64, Timestamp), form: &Form) -> Error {
    let session = &sitting.session;
    let until = session.next().unwrap_or(session.ends_at);
    let limit = session.limit(own).map_or_else(String::new, yuan);
    match why {
        Refused::Early => Error::conflict("auction-early").with("starts", session.starts_at).with("received", now),
        Refused::Late if session.phase == Phase::Ended => {
            Error::conflict("auction-over").with("ended", session.ends_at).with("received", now)
        }
        Refused::Late => Error::conflict("auction-off"),
        Refused::Turn(letter, until) => {
            Error::conflict("auction-turn").with("letter", lettered(letter)).with("until", until)
        }
        Refused::Used => Error::conflict("auction-used").with("until", until),
        Refused::Moved => {
            let rule = Broken::rule("auction-moved").with("best", yuan(session.best())).with("limit", limit);
            form.clone().refuse("amount", rule)
        }
        Refused::High => {
            let rule = Broken::rule("auction-high").with("best", yuan(session.best())).with("limit", limit);
            form.clone().refuse("amount", rule)
        }
        Refused::Floor => form.clone().refuse("amount", "auction-floor"),
    }
}
