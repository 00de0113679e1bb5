//! The job that opens a tender's envelopes. It may be run again: once the tender is in evaluation there is nothing to do.

use super::alone::{Brought, brought};
use super::source::{Lying, Opened as TakenOut, Source, is_received, take_out};
use super::{by_hands, file, shares};
use crate::app::App;
use crate::identity::company::data_region;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::envelope::{Offer, Unreadable};
use crate::sourcing::bid::joint::{self, Consortium, Unsealed};
use crate::sourcing::bid::store::bidder;
use crate::sourcing::tender::document::Kept;
use crate::sourcing::tender::event::Opened;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, State, Tender, key};
use crate::web::Error;
use crate::work;
use kit::db::{self, Row, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use sealing::{Identity, one};
use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;

/// How much of a ciphertext is read at a time.
pub(super) const PIECE: usize = 128 * 1024;

/// A row with its envelope, before it is opened.
pub(super) struct Shut {
    pub(super) id: Id<Bid>,
    lot: Id<Lot>,
    bidder: [u8; 32],
    pub(super) lies: Lying,
    consortium: Option<Id<Consortium>>,
}

/// What an envelope brought to light.
struct Read {
    id: Id<Bid>,
    lot: Id<Lot>,
    consortium: Option<Id<Consortium>>,
    content: Brought,
}

/// Runs the job. Payload: the tender's id, and one more byte where it is to remind.
///
/// # Errors
/// 503 while a store cannot be reached; it is tried again.
pub async fn run(app: App, mut payload: Vec<u8>) -> Result<(), Error> {
    let reminds = payload.len() == 17 && payload.pop().is_some();
    let id: Id<Tender> = work::named(payload)?;
    let tender = app.db().read(move |tx| tender::store::load(tx, id)).await?;
    if tender.state != State::Closed {
        return Ok(());
    }
    let identity = key::release(&app, id).await?;
    let opener = match tender.hands.clone() {
        None => Opener::Key(identity),
        Some(hands) => match by_hands::ready(&app, &tender, &hands, &identity, reminds).await? {
            Some(given) => Opener::Hands(given),
            None => return Ok(()),
        },
    };
    let (company, opener) = (tender.company, Arc::new(opener));
    let read_all = move |tx: &mut Tx| Ok((envelopes(tx, id)?, data_region(tx, company)?));
    let (shut, region) = app.db().read::<_, db::Error>(read_all).await?;
    let mut opened = Vec::with_capacity(shut.len());
    for bid in shut {
        let content = read(&app, (&tender, &region), &bid, &opener).await?;
        opened.push(Read { id: bid.id, lot: bid.lot, consortium: bid.consortium, content });
    }
    let joint = joint::unseal(&app, id).await?;
    app.db().write(move |tx| disclose(tx, &tender, &opened, &joint)).await
}

/// What opens the envelopes.
enum Opener {
    /// The tender's key.
    Key(Identity),
    /// What is under the platform's layer, and the holders' shares.
    Hands(by_hands::Given),
}

impl Opener {
    /// Opens a bid's envelope, and takes out what is inside.
    fn open(
        &self,
        bid: Id<Bid>,
        mut source: Box<dyn Source>,
        sha256: [u8; 32],
        folder: &Path,
    ) -> io::Result<Result<TakenOut, Unreadable>> {
        let length = match is_received(&mut *source, sha256)? {
            Ok(length) => length,
            Err(why) => return Ok(Err(why)),
        };
        let key = match self {
            Self::Key(identity) => Ok(identity.clone()),
            Self::Hands(given) => given.key(bid, &mut *source, length)?,
        };
        let reading = BufReader::with_capacity(PIECE, source);
        match key.and_then(|key| Ok(one::reader(reading, &key)?)) {
            Ok(plain) => take_out(plain, folder),
            Err(why) => Ok(Err(why)),
        }
    }
}

pub(super) fn envelopes(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Shut>, db::Error> {
    tx.all(
        "SELECT b.id, b.lot, b.bidder, b.envelope, b.region, b.blob, b.sha256, b.consortium FROM bid b JOIN lot l ON l.id = b.lot \
         WHERE b.tender = $1 AND b.state = 'sealed' AND l.state = 'closed' ORDER BY b.lot, b.id",
        values![tender],
        |row: &mut Row<'_>| {
            Ok(Shut {
                id: row.next()?,
                lot: row.next()?,
                bidder: row.next()?,
                lies: Lying {
                    envelope: row.next()?,
                    region: row.next()?,
                    blob: row.next()?,
                    sha256: row.next()?,
                },
                consortium: row.next()?,
            })
        },
    )
}

async fn read(
    app: &App,
    (tender, region): (&Tender, &str),
    shut: &Shut,
    opener: &Arc<Opener>,
) -> Result<Brought, Error> {
    let (opener, id, sha256) = (opener.clone(), shut.id, shut.lies.sha256);
    let open = move |source: Box<dyn Source>, folder: &Path| opener.open(id, source, sha256, folder);
    let is_own = |offer: &Offer| {
        let place = (offer.tender, offer.lot, bidder(app, tender.id, offer.company));
        place == (tender.id, shut.lot, shut.bidder)
    };
    brought(app, (region, &shut.lies), open, is_own).await
}

/// Writes everything that came to light, in one unit.
fn disclose(tx: &mut Tx, tender: &Tender, opened: &[Read], joint: &Joint) -> Result<(), Error> {
    let now = tx.now();
    let moved = tx.execute(
        "UPDATE tender SET state = 'evaluation', opened_at = $1, version = version + 1 \
         WHERE id = $2 AND state = 'closed' AND deadline <= $1",
        values![now, tender.id],
    )?;
    if moved == 0 {
        return Ok(());
    }
    let lots = tender::store::lots(tx, tender.id)?;
    // A lot may have been terminated while its envelopes were read: nothing of them comes to light.
    let goes_on = |bid: &&Read| lots.iter().any(|lot| lot.id == bid.lot && lot.state == LotState::Closed);
    for bid in opened.iter().filter(goes_on) {
        match &bid.content {
            Ok((offer, files)) => {
                open(tx, tender, bid.id, offer, files)?;
                join(tx, bid, offer, joint)?;
            }
            Err(why) => {
                tracing::warn!(bid = %bid.id, %why, "an envelope could not be read");
                let sql = "UPDATE bid SET state = 'unreadable', flaw = $1 WHERE id = $2";
                tx.execute(sql, values![why.code(), bid.id])?;
            }
        }
    }
    go_on(tx, tender, &lots, !joint.is_empty())?;
    shares::forget(tx, tender.id)?;
    event::record(tx, tender.scope(), &Opened { tender: tender.id })?;
    Ok(())
}

/// Has each lot come to what follows its opening.
fn go_on(tx: &mut Tx, tender: &Tender, lots: &[Lot], has_joint: bool) -> Result<(), Error> {
    let closed: Vec<_> = lots.iter().filter(|lot| lot.state == LotState::Closed).map(|lot| lot.id).collect();
    // What is void keeps out of an auction and of a negotiation: that is known before they begin.
    for lot in closed.iter().filter(|_| has_joint) {
        joint::judge(tx, *lot)?;
    }
    if tender.method.profile().negotiation.is_none() {
        return tender::auction::session::open(tx, tender, lots);
    }
    for lot in closed {
        tender::finals::begin(tx, tender.id, lot)?;
    }
    Ok(())
}

/// The agreements of the consortia whose bids are opened.
type Joint = BTreeMap<Id<Consortium>, Unsealed>;

/// Discloses who stands behind a consortium's bid, and whether that makes it void.
fn join(tx: &mut Tx, bid: &Read, offer: &Offer, joint: &Joint) -> Result<(), db::Error> {
    let Some(id) = bid.consortium else { return Ok(()) };
    let (name, void) = match joint.get(&id) {
        Some(unsealed) => joint::disclose(tx, unsealed, offer.company)?,
        None => (None, Some("agreement")),
    };
    if let Some(name) = name {
        tx.execute("UPDATE bid SET company_name = $1 WHERE id = $2", values![name, bid.id])?;
    }
    tx.execute("UPDATE bid SET void = $1 WHERE id = $2", values![void, bid.id]).map(drop)
}

fn open(tx: &mut Tx, tender: &Tender, id: Id<Bid>, offer: &Offer, files: &[Kept]) -> Result<(), db::Error> {
    // Who seals by themselves could write any name beside their id.
    let registered = match tender.hands {
        Some(_) => tx.first("SELECT name FROM company WHERE id = $1", values![offer.company], |row| row.next())?,
        None => None,
    };
    let name: &String = registered.as_ref().unwrap_or(&offer.company_name);
    tx.execute(
        "UPDATE bid SET state = 'opened', company = $1, company_name = $2, price = $3, delivery_days = $4, note = $5 \
         WHERE id = $6",
        values![offer.company, name, offer.price, offer.delivery_days, &offer.note, id],
    )?;
    file::disclose(tx, (tender.id, id), None::<Id<Bid>>, files)
}
