//! What an archive has of the transparency log: receipts and events with their proofs, the newest checkpoint, the public key.

use super::gather::Part;
use super::store::Making;
use crate::app::App;
use crate::sourcing::bid::Bid;
use crate::sourcing::negotiation;
use crate::trust::log;
use crate::web::Error;
use evidence::{Entered, Proof, Proven, Receipt};
use jiff::{SignedDuration, Timestamp};
use kit::db::Tx;
use kit::event::Event;
use kit::id::Id;
use kit::values;

/// What happens to a tender before everybody.
const PUBLIC: [&str; 20] = [
    "tender.published",
    "tender.amended",
    "tender.questions-ended",
    "question.answered",
    "tender.closed",
    "tender.lot-failed",
    "tender.failed",
    "tender.opened",
    "auction.skipped",
    "auction.started",
    "auction.ended",
    "tender.auctions-over",
    "tender.final-offers-closed",
    "negotiation.final-offers-opened",
    "candidates.published",
    "candidates.ended",
    "tender.standstill-ended",
    "tender.lot-awarded",
    "tender.awarded",
    "tender.terminated",
];

/// What happens in its negotiation and its evaluation, whose report is for its buyer.
const OF_BUYER: [&str; 7] = [
    "negotiation.changed",
    "negotiation.final-offers-invited",
    "extension.asked",
    "evaluation.pool-committed",
    "evaluation.drawn",
    "evaluation.concluded",
    "evaluation.reopened",
];

/// What is older than this and not in the log was there before the log: it never comes into it.
const OLD: SignedDuration = SignedDuration::from_hours(24);

/// What the log has of an event.
enum Shown {
    Yes(Box<Proof>),
    NotYet,
    Never,
}

impl Shown {
    fn of(tx: &mut Tx, app: &App, event: Option<Id<Event>>, at: Timestamp) -> Result<Self, Error> {
        let Some(event) = event else { return Ok(Self::Never) };
        let is_old = tx.now().duration_since(at) > OLD;
        Ok(match log::prove(tx, app.log(), app.signer(), event)? {
            Some(proof) => Self::Yes(Box::new(proof)),
            None if is_old => Self::Never,
            None => Self::NotYet,
        })
    }
}

/// A receipt as its row has it: what it is called, when it was given, its text, and the event that names it.
type Stored = (String, Timestamp, String, Option<Id<Event>>);

/// The receipts of bids, of their ciphertexts that were uploaded, and of final offers: for the buyer of those that came to light, for a bidder
/// of its own; none while the log does not show them all.
///
/// # Errors
/// [`Error`] of the database.
pub fn receipts(tx: &mut Tx, app: &App, making: &Making) -> Result<Option<Vec<Part>>, Error> {
    let mut parts = Vec::new();
    for (name, at, text, event) in stored(tx, app, making)? {
        let receipt: Receipt = serde_json::from_str(&text).map_err(Error::fault)?;
        parts.push(match Shown::of(tx, app, event, at)? {
            Shown::Yes(proof) => Part::json(name, &Proven::new(receipt, *proof))?,
            Shown::Never => Part::json(name, &receipt)?,
            Shown::NotYet => return Ok(None),
        });
    }
    Ok(Some(parts))
}

fn stored(tx: &mut Tx, app: &App, making: &Making) -> Result<Vec<Stored>, Error> {
    let (which, values) = making.readable(app);
    let mut all: Vec<Stored> = Vec::new();
    for (table, end) in [("bid_receipt", ""), ("bid_arrival", "-arrived")] {
        let sql = format!(
            "SELECT r.bid, r.version, r.at, r.receipt, r.event FROM bid b JOIN {table} r ON r.bid = b.id \
             WHERE b.tender = $1 AND {which} ORDER BY r.bid, r.version"
        );
        let read: Vec<Stored> = tx.all(&sql, &values, |row| {
            let (bid, version): (Id<Bid>, i64) = (row.next()?, row.next()?);
            Ok((format!("receipts/{bid}-{version}{end}.json"), row.next()?, row.next()?, row.next()?))
        })?;
        all.extend(read);
    }
    let reader = (!making.is_whole()).then_some(making.company);
    for lot in &making.lots {
        for (offer, version, at, text, event) in negotiation::receipts(tx, app, (making.tender.id, lot.id), reader)? {
            all.push((format!("receipts/{offer}-{version}-final.json"), at, text, Some(event)));
        }
    }
    Ok(all)
}

/// What happened to the tender, each with its proof; the newest checkpoint, and the key that signs. None while the log does not show all of it.
///
/// # Errors
/// [`Error`] of the database.
pub fn events(tx: &mut Tx, app: &App, making: &Making) -> Result<Option<Vec<Part>>, Error> {
    let sql = "SELECT id, at, kind FROM event WHERE tender = $1 AND actor IS NULL ORDER BY at, id";
    let mut all: Vec<(Id<Event>, Timestamp, String)> =
        tx.all(sql, values![making.tender.id], |row| Ok((row.next()?, row.next()?, row.next()?)))?;
    let is_read = |kind: &str| PUBLIC.contains(&kind) || (making.is_whole() && OF_BUYER.contains(&kind));
    all.retain(|(_, _, kind)| is_read(kind));
    let mut parts = vec![
        Part::bytes("log/log.pub", app.signer().public_key() + "\n"),
        Part::bytes("log/checkpoint.txt", log::newest(tx, app.signer())?),
    ];
    for (number, (event, at, kind)) in (1..).zip(all) {
        match Shown::of(tx, app, Some(event), at)? {
            Shown::Yes(proof) => {
                let name = format!("log/events/{number:04}-{kind}.json");
                parts.push(Part::json(name, &Entered::new(*proof))?);
            }
            Shown::Never => {}
            Shown::NotYet => return Ok(None),
        }
    }
    Ok(Some(parts))
}
