//! What is done in a negotiation before its final offers: minutes, changes, the invitation, leaving. Each act compares everything in its own
//! unit.

use super::event::{
    Changed as ChangedFact, Confirmed as ConfirmedFact, Invited as InvitedFact, Left, Minuted as MinutedFact,
};
use super::form::{Changed, Confirmed, Invited, Minuted};
use super::rule::{self, Phase};
use super::store::{Seen, Side, minutes, remaining, seen};
use crate::app::App;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::{Bid, State as BidState};
use crate::sourcing::extension;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot};
use crate::web::{Bidder, Broken, Error, Form, Purchaser};
use jiff::Timestamp;
use kit::db::Tx;
use kit::event;
use kit::id::Id;
use kit::values;

/// One of the buyer's own, in the unit of an act that binds it.
fn own(tx: &mut Tx, app: &App, buyer: &Purchaser, id: Id<Lot>) -> Result<Seen, Error> {
    buyer.still(tx)?;
    let seen = seen(tx, app, buyer, id)?;
    match seen.side {
        Side::Buyer => {}
        Side::Evaluator | Side::Bidder(_) => return Err(Error::not_found()),
    }
    mandate::may(tx, buyer, Act::Award, &Target::of(app, buyer.company, seen.tender.id, Some(id)))?;
    Ok(seen)
}

impl Seen {
    /// Refuses what can only be done while bidders are negotiated with.
    ///
    /// # Errors
    /// 409 `negotiation-over`.
    fn talks(&self) -> Result<(), Error> {
        let goes_on = self.negotiation.phase == Phase::Talks && self.lot.state == LotState::Negotiation;
        if goes_on { Ok(()) } else { Err(Error::conflict("negotiation-over")) }
    }
}

/// Refuses to go on from a round in which somebody who remains was not heard. Answers how many remain.
fn heard_alike(tx: &mut Tx, lot: Id<Lot>, round: i64) -> Result<usize, Error> {
    let remaining: Vec<_> = remaining(tx, lot)?.into_iter().map(|(bid, _)| bid).collect();
    let sql = "SELECT bid FROM negotiation_minutes WHERE lot = $1 AND round = $2 ORDER BY written_at, id";
    let heard: Vec<Id<Bid>> = tx.all(sql, values![lot, round], |row| row.next())?;
    match rule::left_out(round, &remaining, &heard) {
        0 => Ok(remaining.len()),
        missing => Err(Error::conflict("negotiation-unequal").with("missing", missing)),
    }
}

/// The lot of a row that a form's id names, if the form has been here.
fn known<T>(tx: &mut Tx, table: &'static str, id: Id<T>, lot: Id<Lot>) -> Result<bool, Error> {
    let sql = format!("SELECT lot FROM {table} WHERE id = $1");
    match tx.first(&sql, values![id], |row| row.next::<Id<Lot>>())? {
        None => Ok(false),
        Some(of) if of == lot => Ok(true),
        Some(_) => Err(Error::not_found()),
    }
}

/// Keeps minutes with one bidder. The same form again keeps them once.
///
/// # Errors
/// 401, 403, 404; 409 `negotiation-over`, `minutes-many`; 422 for who does not remain, and for a time before the opening or to come.
pub fn minute(
    tx: &mut Tx,
    app: &App,
    buyer: &Purchaser,
    id: Id<Lot>,
    (given, form): (&Minuted, &Form),
) -> Result<(), Error> {
    let seen = own(tx, app, buyer, id)?;
    if known(tx, "negotiation_minutes", given.id, id)? {
        return Ok(());
    }
    seen.talks()?;
    let party = remaining(tx, id)?.into_iter().find(|(bid, _)| *bid == given.bid);
    let Some((_, company)) = party else { return Err(form.clone().refuse("bid", "choice")) };
    let now = tx.now();
    // A field of minutes has no seconds.
    let earliest = seen.negotiation.began_at.as_second() / 60 * 60;
    if given.held_at > now || given.held_at.as_second() < earliest {
        let rule = Broken::rule("minutes-time").with("earliest", seen.negotiation.began_at);
        return Err(form.clone().refuse("held_at", rule));
    }
    let round = seen.negotiation.round;
    has_room(tx, (id, given.bid), round)?;
    tx.execute(
        "INSERT INTO negotiation_minutes (id, lot, bid, round, held_at, words, written_by, written_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![given.id, id, given.bid, round, given.held_at, &given.words, buyer.account(), now],
    )?;
    let fact = MinutedFact { tender: seen.tender.id, lot: id, minutes: given.id, company };
    event::record(tx, seen.tender.scope(), &fact)?;
    Ok(())
}

/// Refuses more minutes with a bidder in a round than are kept.
fn has_room(tx: &mut Tx, (lot, bid): (Id<Lot>, Id<Bid>), round: i64) -> Result<(), Error> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM negotiation_minutes WHERE lot = $1 AND bid = $2 AND round = $3";
    let count: i64 = tx.one(sql, values![lot, bid, round], |row| row.next())?;
    if count < rule::MOST_MINUTES {
        return Ok(());
    }
    Err(Error::conflict("minutes-many").with("most", rule::MOST_MINUTES))
}

/// Confirms, once, that a bidder has read its minutes; what it says to them stands beside them. The same form again changes nothing.
///
/// # Errors
/// 401, 403; 404 to all but the bidder, of a consortium its lead; 409 `minutes-confirmed`.
pub fn confirm(tx: &mut Tx, app: &App, bidder: &Bidder, id: Id<Lot>, given: &Confirmed) -> Result<(), Error> {
    bidder.still(tx)?;
    let seen = seen(tx, app, bidder, id)?;
    let minutes = minutes(tx, id, &seen.side)?.into_iter().find(|one| one.id == given.id);
    let (own, minutes) = (seen.led(app, bidder.company)?, minutes.ok_or_else(Error::not_found)?);
    if minutes.bid != own.id {
        return Err(Error::not_found());
    }
    mandate::may(tx, bidder, Act::Bid, &Target::of(app, bidder.company, seen.tender.id, Some(id)))?;
    match minutes.confirmed_at {
        Some(_) if minutes.remark == given.remark => return Ok(()),
        Some(_) => return Err(Error::conflict("minutes-confirmed")),
        None => {}
    }
    let now = tx.now();
    let sql = "UPDATE negotiation_minutes SET confirmed_by = $1, confirmed_at = $2, remark = $3 WHERE id = $4";
    tx.execute(sql, values![bidder.account(), now, given.remark.clone(), given.id])?;
    let fact = ConfirmedFact { tender: seen.tender.id, lot: id, minutes: given.id };
    event::record(tx, seen.tender.scope(), &fact)?;
    Ok(())
}

/// Changes the requirements in substance: one row, one event, for all that remain. The same form again changes nothing.
///
/// # Errors
/// 401, 403, 404; 409 `negotiation-over`, `negotiation-rounds`, `negotiation-unequal`; 412.
pub fn change(tx: &mut Tx, app: &App, buyer: &Purchaser, id: Id<Lot>, given: &Changed) -> Result<(), Error> {
    let seen = own(tx, app, buyer, id)?;
    if known(tx, "negotiation_change", given.id, id)? {
        return Ok(());
    }
    seen.talks()?;
    if seen.negotiation.version != given.version {
        return Err(Error::stale());
    }
    let round = seen.negotiation.round;
    if round >= rule::LAST_ROUND {
        return Err(Error::conflict("negotiation-rounds").with("most", rule::LAST_ROUND));
    }
    heard_alike(tx, id, round)?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO negotiation_change (id, lot, round, words, told_by, told_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![given.id, id, round, &given.words, buyer.account(), now],
    )?;
    let sql = "UPDATE negotiation SET round = round + 1, version = version + 1 WHERE lot = $1";
    tx.execute(sql, values![id])?;
    event::record(tx, seen.tender.scope(), &ChangedFact { tender: seen.tender.id, lot: id, change: given.id })?;
    Ok(())
}

/// Ends the talks and invites final offers, sealed to this key. The same form again changes nothing.
///
/// # Errors
/// 401, 403, 404; 409 `negotiation-over`, `negotiation-unequal`, `negotiation-few`; 412; 422 for a deadline that is too soon, or
/// by which too few bids bind.
pub fn invite(
    tx: &mut Tx,
    app: &App,
    buyer: &Purchaser,
    id: Id<Lot>,
    (given, form, recipient): (&Invited, &Form, &str),
) -> Result<(), Error> {
    let seen = own(tx, app, buyer, id)?;
    let (known, rounds) = (&seen.negotiation, seen.rounds()?);
    let same = known.until.is_some_and(|until| until.as_microsecond() == given.until.as_microsecond());
    if known.phase == Phase::Invited && known.version == given.version + 1 && same {
        return Ok(());
    }
    seen.talks()?;
    if known.version != given.version {
        return Err(Error::stale());
    }
    let least = rounds.least(given.few_reason.as_deref());
    if heard_alike(tx, id, known.round)? < least {
        return Err(Error::conflict("negotiation-few").with("least", least));
    }
    let now = tx.now();
    if let Some(rule) = unfit(tx, app, &seen, (given.until, least))? {
        return Err(form.clone().refuse("until", rule));
    }
    tx.execute(
        "UPDATE negotiation SET state = 'invited', recipient = $1, until = $2, least_offers = $3, few_reason = $4, \
         invited_by = $5, invited_at = $6, version = version + 1 WHERE lot = $7",
        values![
            recipient,
            given.until,
            i64::try_from(least).unwrap_or(i64::MAX),
            given.few_reason.clone(),
            buyer.account(),
            now,
            id
        ],
    )?;
    tender::move_on(tx, &seen.tender)?;
    event::record(tx, seen.tender.scope(), &InvitedFact { tender: seen.tender.id, lot: id })?;
    Ok(())
}

/// Why final offers cannot end at an hour: it is too soon, or fewer than the least bind by then. What binds no more cannot be awarded, whatever
/// is offered: its validity is extended first.
fn unfit(tx: &mut Tx, app: &App, seen: &Seen, (until, least): (Timestamp, usize)) -> Result<Option<Broken>, Error> {
    let earliest = rule::earliest(tx.now(), seen.rounds()?.final_offers_hours);
    if until < earliest {
        return Ok(Some(Broken::rule("final-offers-soon").with("earliest", earliest)));
    }
    let binding = extension::binding(tx, &app.zone(), (&seen.tender, seen.lot.id), until)?;
    let is_few = binding.is_some_and(|binding| binding < least);
    Ok(is_few.then(|| Broken::rule("final-offers-unbound").with("least", least)))
}

/// Leaves a negotiation before final offers are invited (214号 art. 22). Once more it is done already.
///
/// # Errors
/// 401, 403; 404 to who has not responded; 409 `negotiation-over`.
pub fn leave(tx: &mut Tx, app: &App, bidder: &Bidder, id: Id<Lot>) -> Result<(), Error> {
    bidder.still(tx)?;
    let seen = seen(tx, app, bidder, id)?;
    let own = seen.led(app, bidder.company)?;
    mandate::may(tx, bidder, Act::Bid, &Target::of(app, bidder.company, seen.tender.id, Some(id)))?;
    if own.state == BidState::Retired {
        return Ok(());
    }
    seen.talks()?;
    tx.execute("UPDATE bid SET state = 'retired' WHERE id = $1", values![own.id])?;
    event::record(tx, seen.tender.scope(), &Left { tender: seen.tender.id, lot: id, bid: own.id })?;
    Ok(())
}
