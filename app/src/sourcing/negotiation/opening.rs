//! The opening of final offers: the key that they are sealed to, which is no other envelope's, and the job that the clock engine leaves at
//! their hour. It may be run again: once they are open there is nothing to do.

use super::event::FinalsOpened;
use super::offer::FinalOffer;
use super::rule::Phase;
use super::store;
use crate::app::App;
use crate::identity::company::data_region;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::envelope::Offer;
use crate::sourcing::opening::{self, Brought, Lying, opened_alone};
use crate::sourcing::tender::finals::bidder;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Tender, key, set_lot};
use crate::web::Error;
use crate::work;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use policy::Control;
use sealing::Identity;

fn name(lot: Id<Lot>) -> String {
    format!("lot/{lot}/final-offers")
}

/// Makes the key that a lot's final offers are sealed to, and answers its public half.
///
/// # Errors
/// 503 when the key database cannot be asked.
pub async fn make(app: &App, lot: Id<Lot>) -> Result<String, Error> {
    key::made(app, &name(lot)).await
}

/// The secret half, once the deadline has passed and the lot takes no more final offers.
///
/// # Errors
/// 409 `opening-not-yet` before that, 404 where nothing is negotiated.
pub async fn release(app: &App, lot: Id<Lot>) -> Result<Identity, Error> {
    let negotiation = app.db().read(move |tx| store::find(tx, lot)).await?.ok_or_else(Error::not_found)?;
    let is_early =
        negotiation.phase != Phase::Closed || negotiation.until.is_none_or(|until| app.clock().now() < until);
    if is_early && policy::holds(Control::FinalOffersSealed) {
        return Err(Error::conflict("opening-not-yet"));
    }
    key::secret(app, &name(lot)).await
}

/// A row with its envelope, before it is opened.
struct Shut {
    id: Id<FinalOffer>,
    mark: [u8; 32],
    lies: Lying,
}

/// Who is left, and what they gave last.
struct Given {
    bid: Id<Bid>,
    offer: Option<(Id<FinalOffer>, Brought)>,
}

/// Runs the job. Payload: the lot's id.
///
/// # Errors
/// 503 while a store cannot be reached; it is tried again.
pub async fn run(app: App, payload: Vec<u8>) -> Result<(), Error> {
    let id: Id<Lot> = work::named(payload)?;
    let read = move |tx: &mut Tx| Ok::<_, Error>((store::find(tx, id)?, tender::store::load_lot(tx, id)?.1));
    let (negotiation, tender) = app.db().read(read).await?;
    if negotiation.is_none_or(|one| one.phase != Phase::Closed) {
        return Ok(());
    }
    let identity = release(&app, id).await?;
    let buyer = tender.company;
    let read = move |tx: &mut Tx| Ok((envelopes(tx, id)?, store::remaining(tx, id)?, data_region(tx, buyer)?));
    let (shut, parties, region) = app.db().read::<_, db::Error>(read).await?;
    let mut given = Vec::with_capacity(parties.len());
    for (bid, company) in parties {
        let mark = bidder(&app, id, company);
        let offer = match shut.iter().find(|one| one.mark == mark) {
            None => None,
            Some(one) => {
                let is_own = |offer: &Offer| (offer.tender, offer.lot, offer.company) == (tender.id, id, company);
                Some((one.id, opened_alone(&app, (&region, &one.lies), &identity, is_own).await?))
            }
        };
        given.push(Given { bid, offer });
    }
    app.db().write(move |tx| disclose(tx, &tender, id, &given)).await
}

fn envelopes(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Shut>, db::Error> {
    let sql = "SELECT id, bidder, envelope, coalesce(region, ''), blob, sha256 FROM final_offer \
               WHERE lot = $1 AND state = 'sealed' ORDER BY id";
    tx.all(sql, values![lot], |row| {
        let (id, mark, envelope) = (row.next()?, row.next()?, row.next()?);
        let (region, blob, sha256) = (row.next()?, row.next()?, row.next()?);
        Ok(Shut { id, mark, lies: Lying { envelope, region, blob, sha256 } })
    })
}

/// Writes everything that came to light, in one unit: the final offer is what counts from now on; who gave none has left.
fn disclose(tx: &mut Tx, tender: &Tender, lot: Id<Lot>, given: &[Given]) -> Result<(), Error> {
    // A lot may have been terminated meanwhile: nothing of it comes to light.
    if tender::store::load_lot(tx, lot)?.0.state != LotState::Negotiation {
        return Ok(());
    }
    let now = tx.now();
    let moved = tx.execute(
        "UPDATE negotiation SET state = 'opened', opened_at = $1, version = version + 1 \
         WHERE lot = $2 AND state = 'closed' AND until <= $1",
        values![now, lot],
    )?;
    if moved == 0 {
        return Ok(());
    }
    // Who has declined since the envelopes were read to be bound longer has left: what it gave stays unread.
    let remaining = store::remaining(tx, lot)?;
    for one in given.iter().filter(|one| remaining.iter().any(|(bid, _)| *bid == one.bid)) {
        match &one.offer {
            Some((id, Ok((offer, files)))) => {
                replace(tx, one.bid, *id, offer)?;
                opening::disclose(tx, (tender.id, one.bid), Some(*id), files)?;
            }
            Some((id, Err(why))) => {
                tracing::warn!(offer = %id, %why, "a final offer could not be read");
                let sql = "UPDATE final_offer SET state = 'unreadable', flaw = $1, bid = $2 WHERE id = $3";
                tx.execute(sql, values![why.code(), one.bid, *id])?;
                let sql =
                    "UPDATE bid SET state = 'unreadable', flaw = $1, first_price = price, price = NULL WHERE id = $2";
                tx.execute(sql, values![why.code(), one.bid])?;
            }
            None => {
                tx.execute("UPDATE bid SET state = 'retired' WHERE id = $1", values![one.bid])?;
            }
        }
    }
    set_lot(tx, lot, LotState::Evaluation)?;
    event::record(tx, tender.scope(), &FinalsOpened { tender: tender.id, lot })?;
    Ok(())
}

fn replace(tx: &mut Tx, bid: Id<Bid>, id: Id<FinalOffer>, offer: &Offer) -> Result<(), db::Error> {
    tx.execute(
        "UPDATE final_offer SET state = 'opened', price = $1, delivery_days = $2, note = $3, bid = $4 WHERE id = $5",
        values![offer.price, offer.delivery_days, &offer.note, bid, id],
    )?;
    tx.execute(
        "UPDATE bid SET first_price = price, first_delivery_days = delivery_days, price = $1, delivery_days = $2 WHERE id = $3",
        values![offer.price, offer.delivery_days, bid],
    )?;
    Ok(())
}
