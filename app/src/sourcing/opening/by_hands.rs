//! The opening that takes many hands: at the hour the platform's layer comes off, then the holders' shares are waited for.
//! Each step may be run again, and finds what the one before has left.

use super::job::{Shut, ciphertext, envelopes};
use super::shares::{self, Answer, Standing, Unlayered};
use crate::app::App;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::envelope::{self, Offer, Unreadable};
use crate::sourcing::tender::{self, Hands, Tender};
use crate::web::{Error, Upload};
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::job;
use sealing::{Boxed, Envelope, Identity, Share};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A day has passed since the hour, or since the last of these, and shares are still waited for.
#[derive(Serialize, Deserialize)]
pub struct StillWaiting {
    /// By which tender.
    pub tender: Id<Tender>,
}

impl Fact for StillWaiting {
    const KIND: &'static str = "opening.waiting";
}

/// Before it was opened, somebody who holds a key of a tender's has left its buyer. Nobody is named.
#[derive(Serialize, Deserialize)]
pub struct HolderLeft {
    /// The tender.
    pub tender: Id<Tender>,
}

impl Fact for HolderLeft {
    const KIND: &'static str = "opening.holder-left";
}

/// Boxes and shares of a tender, by its bids.
pub(super) struct Given {
    boxes: BTreeMap<Id<Bid>, Vec<Boxed>>,
    answers: Vec<Answer>,
}

impl Given {
    /// Opens a bid's envelope.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn open(&self, bid: Id<Bid>, bytes: &[u8]) -> Result<(Offer, Vec<Upload>), Unreadable> {
        let boxes = self.boxes.get(&bid).ok_or(Unreadable::Hands)?;
        let shares: Vec<_> = self.answers.iter().filter_map(|answer| share(answer, bid, boxes)).collect();
        envelope::read(Envelope::read(bytes)?.open(boxes, &shares)?.into())
    }
}

/// What a holder has given for a bid, if it is what the holder's box held.
fn share(answer: &Answer, bid: Id<Bid>, boxes: &[Boxed]) -> Option<Share> {
    let boxed = boxes.iter().find(|boxed| boxed.holder == answer.recipient)?;
    let part = answer.parts.iter().find(|part| part.bid == bid.to_string())?;
    boxed.check(part.bytes().ok()??).ok()
}

/// Takes the platform's layer off where it is on still, and answers what was given, once that is enough.
///
/// # Errors
/// 503 while a store cannot be reached.
pub(super) async fn ready(
    app: &App,
    tender: &Tender,
    hands: &Hands,
    identity: &Identity,
    reminds: bool,
) -> Result<Option<Given>, Error> {
    unlayer(app, tender, hands, identity).await?;
    let (id, hands) = (tender.id, hands.clone());
    let read = move |tx: &mut Tx| Ok((shares::unlayered(tx, id)?, shares::answers(tx, id)?, tx.now()));
    let (bids, answers, now) = app.db().read::<_, db::Error>(read).await?;
    let boxes: BTreeMap<_, _> = bids.into_iter().filter_map(|Unlayered { bid, boxes }| Some((bid, boxes?))).collect();
    let standing = Standing::of(&hands, &answers);
    // Where nothing can be opened there is nothing to wait for.
    if boxes.is_empty() || standing.opens_at(&answers, now).is_some_and(|at| at <= now) {
        return Ok(Some(Given { boxes, answers }));
    }
    if reminds {
        let scope = tender.scope();
        let unit = move |tx: &mut Tx| {
            event::record(tx, scope, &StillWaiting { tender: id })?;
            remind_in_a_day(tx, id)
        };
        app.db().write::<_, db::Error>(unit).await?;
    }
    Ok(None)
}

async fn unlayer(app: &App, tender: &Tender, hands: &Hands, identity: &Identity) -> Result<(), Error> {
    let id = tender.id;
    let read = move |tx: &mut Tx| Ok((envelopes(tx, id)?, shares::unlayered(tx, id)?));
    let (shut, known) = app.db().read::<_, db::Error>(read).await?;
    let mut found = Vec::new();
    for bid in shut.iter().filter(|bid| known.iter().all(|one| one.bid != bid.id)) {
        found.push((bid.id, boxes(app, bid, hands, identity).await?));
    }
    if found.is_empty() {
        return Ok(());
    }
    let unit = move |tx: &mut Tx| {
        if shares::unlayered(tx, id)?.is_empty() {
            remind_in_a_day(tx, id)?;
        }
        let kept = |(bid, boxes): &(Id<Bid>, Result<Vec<Boxed>, Unreadable>)| {
            let boxes = boxes.as_deref().map_err(|why| why.code());
            shares::keep_boxes(tx, id, *bid, boxes)
        };
        found.iter().try_for_each(kept)
    };
    Ok(app.db().write::<_, db::Error>(unit).await?)
}

async fn boxes(
    app: &App,
    shut: &Shut,
    hands: &Hands,
    identity: &Identity,
) -> Result<Result<Vec<Boxed>, Unreadable>, Error> {
    let bytes = ciphertext(app, shut).await?;
    Ok(bytes.and_then(|bytes| Ok(Envelope::read(&bytes)?.boxes_of(identity, &hands.holders, hands.k)?)))
}

/// Leaves a run of the job that reminds. Part of this unit.
fn remind_in_a_day(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    let at = tx.now().checked_add(shares::A_DAY).unwrap_or(jiff::Timestamp::MAX);
    let payload = [&tender.as_bytes()[..], &[1]].concat();
    job::enqueue(tx, tender::OPENING, &payload, at).map(drop)
}
