//! The opening that takes many hands: at the hour the platform's layer comes off, then the holders' shares are waited for.
//! Each step may be run again, and finds what the one before has left.

use super::job::{self as opening, envelopes};
use super::shares::{self, Answer, Standing, Unlayered};
use super::source::{Source, apart, is_received, source};
use crate::app::App;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::envelope::Unreadable;
use crate::sourcing::tender::{self, Hands, Tender};
use crate::web::Error;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::job;
use sealing::hands::BEGINNING;
use sealing::{Boxed, Identity, Outline, Share, Shut, sheet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

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
    /// What bidders have given of their own bids.
    own: BTreeMap<Id<Bid>, sheet::Given>,
}

impl Given {
    /// The key of a bid's envelope, which is read from the beginning of its content on then.
    ///
    /// # Errors
    /// Inside [`Unreadable`], outside what reading meets.
    pub fn key(&self, bid: Id<Bid>, source: &mut dyn Source, length: u64) -> io::Result<Result<Identity, Unreadable>> {
        let Some(boxes) = self.boxes.get(&bid) else { return Ok(Err(Unreadable::Hands)) };
        let outline = match outline(source, length)? {
            Ok(outline) => outline,
            Err(shut) => return Ok(Err(shut.into())),
        };
        source.seek(SeekFrom::Start(outline.content()))?;
        Ok(outline.key(boxes, &self.shares(bid, boxes)).map_err(Unreadable::from))
    }

    /// What was given for a bid: of the holders first, of its own bidder behind. Where the holders' are enough the bidder's is not looked
    /// at, so that it cannot spoil its bid after the hour.
    fn shares(&self, bid: Id<Bid>, boxes: &[Boxed]) -> Vec<Share> {
        let mut shares: Vec<_> = self.answers.iter().filter_map(|answer| share(answer, bid, boxes)).collect();
        shares.extend(self.own.get(&bid).and_then(|part| own_share(part, boxes)));
        shares
    }

    /// Whether no envelope that has boxes is short of shares, or of sound ones.
    async fn opens_all(&self, app: &App, tender: Id<Tender>, k: usize) -> Result<bool, Error> {
        let shut = app.db().read::<_, db::Error>(move |tx| envelopes(tx, tender)).await?;
        let of = |bid: &Id<Bid>| self.boxes.get(bid).map(|boxes| self.shares(*bid, boxes).len());
        // Which are too few is seen before anything is read.
        if shut.iter().filter_map(|bid| of(&bid.id)).any(|given| given < k) {
            return Ok(false);
        }
        for bid in &shut {
            if self.is_short(app, bid).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether what was given for an envelope that has boxes does not make its key. Only its beginning is read.
    async fn is_short(&self, app: &App, shut: &opening::Shut) -> Result<bool, Error> {
        let Some(boxes) = self.boxes.get(&shut.id) else { return Ok(false) };
        let Some(mut source) = source(app, &shut.lies).await? else { return Ok(false) };
        let read = apart(move || {
            let length = source.seek(SeekFrom::End(0))?;
            Ok(outline(&mut *source, length)?.map_err(Unreadable::from))
        });
        let key = read.await?.and_then(|outline| Ok(outline.key(boxes, &self.shares(shut.id, boxes))?));
        Ok(matches!(key, Err(Unreadable::Shares)))
    }
}

/// What a bidder has given of its own bid, if it is what one of its boxes held.
fn own_share(part: &sheet::Given, boxes: &[Boxed]) -> Option<Share> {
    let bytes = part.bytes().ok()??;
    boxes.last()?.check(bytes).ok()
}

/// Where the parts of an envelope of this length lie.
fn outline(source: &mut dyn Source, length: u64) -> io::Result<Result<Outline, Shut>> {
    let mut beginning = Vec::new();
    source.rewind()?;
    source.take(BEGINNING as u64).read_to_end(&mut beginning)?;
    Ok(Outline::read(&beginning, length))
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
    let read =
        move |tx: &mut Tx| Ok((shares::unlayered(tx, id)?, shares::answers(tx, id)?, shares::owns(tx, id)?, tx.now()));
    let (bids, answers, own, now) = app.db().read::<_, db::Error>(read).await?;
    let boxes: BTreeMap<_, _> = bids.into_iter().filter_map(|Unlayered { bid, boxes }| Some((bid, boxes?))).collect();
    let standing = Standing::of(&hands, &answers);
    // Where nothing can be opened there is nothing to wait for.
    let opens = boxes.is_empty() || standing.opens_at(&answers, now).is_some_and(|at| at <= now);
    let given = Given { boxes, answers, own };
    let helped = !opens && hands.bidder && standing.whole + 1 >= hands.k;
    if opens || (helped && given.opens_all(app, id, hands.k).await?) {
        return Ok(Some(given));
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
    shut: &opening::Shut,
    hands: &Hands,
    identity: &Identity,
) -> Result<Result<Vec<Boxed>, Unreadable>, Error> {
    let Some(mut source) = source(app, &shut.lies).await? else { return Ok(Err(Unreadable::Ciphertext)) };
    let (sha256, identity, hands) = (shut.lies.sha256, identity.clone(), hands.clone());
    apart(move || {
        let length = match is_received(&mut *source, sha256)? {
            Ok(length) => length,
            Err(why) => return Ok(Err(why)),
        };
        let outline = match outline(&mut *source, length)? {
            Ok(outline) => outline,
            Err(shut) => return Ok(Err(shut.into())),
        };
        // No longer than what an outline is taken for.
        let (range, mut shares) = (outline.shares(), Vec::new());
        source.seek(SeekFrom::Start(range.start))?;
        source.take(range.end - range.start).read_to_end(&mut shares)?;
        let boxes = match hands.bidder {
            true => outline.boxes_with_own(&shares, &identity, &hands.holders, hands.k),
            false => outline.boxes_of(&shares, &identity, &hands.holders, hands.k),
        };
        Ok(boxes.map_err(Unreadable::from))
    })
    .await
}

/// Leaves a run of the job that reminds. Part of this unit.
fn remind_in_a_day(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    let at = tx.now().checked_add(shares::A_DAY).unwrap_or(jiff::Timestamp::MAX);
    let payload = [&tender.as_bytes()[..], &[1]].concat();
    job::enqueue(tx, tender::OPENING, &payload, at).map(drop)
}
