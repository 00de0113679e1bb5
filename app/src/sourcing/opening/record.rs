//! The opening record: per lot the bidders by price. The public reads it for an open tender; otherwise the buyer and the
//! bidders. Files are for the buyer, and for each bidder its own.

pub use super::file::{File, with_files};

use super::file::of_bid as files;
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::joint::{self, Consortium, Joint};
use crate::sourcing::profile::Method;
use crate::sourcing::tender::auction::NAMES_TOLD;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::terms::Tie;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::{Actor, At, Ctx, Error, Instant, Page, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A bid after its opening.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OpenedBid")]
pub struct Opened {
    /// Its id.
    pub id: Id<Bid>,
    /// The bidder; none when the envelope could not be read.
    pub company: Option<Id<Company>>,
    /// The bidder's name.
    pub company_name: Option<String>,
    /// Fen; after an auction the last offer.
    pub price: Option<i64>,
    /// Whether the price is above the lot's ceiling: it cannot win.
    pub over_ceiling: bool,
    /// Fen: the price as it was read out, where an auction followed.
    pub opened_price: Option<i64>,
    /// What was offered first, in fen, where the price is that of the final offer of a negotiation: for the buyer, and for the bidder
    /// itself.
    pub first_price: Option<i64>,
    /// Days.
    pub delivery_days: Option<i64>,
    /// The bidder's words: for the buyer, and for the bidder itself.
    pub note: Option<String>,
    /// When the envelope was received.
    #[schemars(with = "Instant")]
    pub received_at: Timestamp,
    /// SHA-256 of the envelope, hexadecimal.
    pub sha256: String,
    /// Why it could not be read.
    pub flaw: Option<String>,
    /// Place by price, from 1; equal prices share a place.
    pub rank: Option<usize>,
    /// For the buyer, and for the bidder itself.
    pub files: Vec<File>,
    /// The consortium whose bid it is.
    pub consortium: Option<Joint>,
    /// Why it cannot win although it was read: `doubled`, `member-gone` or `agreement`; or `declined`: it was not to bind longer.
    pub void: Option<String>,
}

impl Opened {
    /// Everybody behind it: the bidder, and the other members of its consortium.
    pub fn companies(&self) -> Vec<Id<Company>> {
        let mut all: Vec<_> = self.company.into_iter().collect();
        let members = self.consortium.iter().flat_map(|joint| &joint.members).map(|member| member.company);
        all.extend(members.filter(|company| Some(*company) != self.company));
        all
    }
}

/// A lot with its opened bids, best price first.
#[derive(Clone, Serialize, JsonSchema)]
pub struct OpenedLot {
    /// The lot.
    pub lot: Lot,
    /// Whether it failed for too few bids.
    pub failed: bool,
    /// Whether its buyer ended it before it was opened.
    pub unopened: bool,
    /// Whether names are closed until its auction is over.
    pub nameless: bool,
    /// Its bids.
    pub bids: Vec<Opened>,
}

impl OpenedLot {
    /// How much a bid is above the lowest, in fen; none for the lowest and for what cannot be compared.
    pub fn over(&self, bid: &Opened) -> Option<i64> {
        let lowest = self.bids.iter().filter(|one| one.void.is_none()).filter_map(|one| one.price).min()?;
        bid.price.map(|price| price - lowest).filter(|over| *over > 0)
    }

    /// A bid's price in percent of the lot's budget, where the reader sees one.
    pub fn share(&self, bid: &Opened) -> Option<i64> {
        let budget = self.lot.budget.filter(|budget| *budget > 0)?;
        bid.price.map(|price| (price * 100 + budget / 2) / budget)
    }
}

/// The opening record as its readers see it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/opening/show.html")]
#[schemars(rename = "OpeningRecord")]
pub struct Record {
    tender: Named,
    lots: Vec<OpenedLot>,
}

/// `GET /tenders/{id}/opening`.
pub async fn show(State(app): State<App>, context: Ctx, actor: Actor, At(id): At<Id<Tender>>) -> Result<Page, Error> {
    let locale = context.locale;
    let record = app
        .db()
        .read(move |tx| {
            let tender = tender::store::find(tx, &actor, id)?;
            let lots = read(tx, &actor, &tender)?.ok_or_else(Error::not_found)?;
            Ok::<_, Error>(Record { tender: Named::new(tender, locale), lots })
        })
        .await?;
    Ok(Page::new("opening-record", record))
}

/// What a reader may see of a tender's opening: nothing before it, and nothing to strangers of a quotation.
///
/// # Errors
/// [`db::Error`].
pub fn read(tx: &mut Tx, actor: &Actor, tender: &Tender) -> Result<Option<Vec<OpenedLot>>, db::Error> {
    read_for(tx, actor.member().map(|member| member.company), tender)
}

/// The same for the members of a company, whoever of them asks.
///
/// # Errors
/// [`db::Error`].
pub fn read_for(
    tx: &mut Tx,
    reader: Option<Id<Company>>,
    tender: &Tender,
) -> Result<Option<Vec<OpenedLot>>, db::Error> {
    if tender.opened_at.is_none() {
        return Ok(None);
    }
    let is_buyer = reader == Some(tender.company);
    let (mut lots, mut has_bid) = (Vec::new(), false);
    for lot in tender::store::lots(tx, tender.id)? {
        let lot = lot.shown_to(tender, is_buyer);
        let mut bids = ranked(tx, lot.id)?;
        let is_own = |bid: &Opened| reader.is_some_and(|reader| bid.companies().contains(&reader));
        if is_apart(tender, &lot, is_buyer) {
            bids.retain(is_own);
            bids.iter_mut().for_each(|bid| bid.rank = None);
        }
        let failed = lot.state == LotState::Failed && bids.is_empty();
        has_bid |= bids.iter().any(is_own);
        let nameless = is_nameless(tx, &lot)?;
        for bid in &mut bids {
            let is_own = is_own(bid);
            if nameless {
                hide(bid, is_own);
                continue;
            }
            if is_buyer || is_own {
                bid.files = files(tx, bid.id)?;
            } else {
                (bid.note, bid.first_price) = (None, None);
                bid.consortium = bid.consortium.take().map(Joint::veiled);
            }
        }
        let unopened = lot.state == LotState::Terminated && bids.is_empty();
        lots.push(OpenedLot { lot, failed, unopened, nameless, bids });
    }
    let may = tender.method == Method::Open || is_buyer || has_bid;
    Ok(may.then_some(lots))
}

/// Whether the names of who has bid for a lot are closed: its auction comes or goes on, or was ended with the lot.
///
/// # Errors
/// [`db::Error`].
pub fn is_nameless(tx: &mut Tx, lot: &Lot) -> Result<bool, db::Error> {
    if !policy::holds(Control::AuctionNameless) {
        return Ok(false);
    }
    if lot.state == LotState::Auction {
        return Ok(true);
    }
    let sql = format!("SELECT 1 FROM lot l WHERE l.id = $1 AND {NAMES_TOLD}");
    Ok(lot.state == LotState::Terminated && tx.first(&sql, values![lot.id], |row| row.next::<i64>())?.is_none())
}

/// What would tell who an offer is from. The own bid is told apart by its bidder alone.
fn hide(bid: &mut Opened, is_own: bool) {
    if !is_own {
        (bid.company, bid.company_name, bid.delivery_days, bid.consortium) = (None, None, None, None);
    }
    (bid.note, bid.files) = (None, Vec::new());
}

/// Whether a bidder of a lot reads of no other: before the final offers of a negotiation are open (214号 art. 5, 政府采购法 art. 38), and where
/// they never are.
fn is_apart(tender: &Tender, lot: &Lot, is_buyer: bool) -> bool {
    let is_open = matches!(lot.state, LotState::Evaluation | LotState::Candidates | LotState::Awarded);
    tender.method.profile().negotiation.is_some() && !is_buyer && !is_open && policy::holds(Control::NegotiationApart)
}

/// The opened bids of a lot by price; unreadable ones last, without a place.
///
/// # Errors
/// [`db::Error`].
pub fn ranked(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Opened>, db::Error> {
    let rows = tx.all(
        "SELECT id, company, company_name, price, opened_price, first_price, delivery_days, note, received_at, sha256, flaw, void, consortium FROM bid \
         WHERE lot = $1 AND state IN ('opened', 'unreadable') ORDER BY received_at, id",
        values![lot],
        |row| Ok((read_bid(row)?, row.next::<Option<Id<Consortium>>>()?)),
    )?;
    let is_joint = rows.iter().any(|(_, consortium)| consortium.is_some());
    let joint = if is_joint { joint::of_lot(tx, lot)? } else { BTreeMap::new() };
    let joined = |(bid, id): (Opened, Option<Id<Consortium>>)| {
        let consortium = id.filter(|_| bid.company.is_some()).and_then(|id| joint.get(&id).cloned());
        Opened { consortium, ..bid }
    };
    let mut bids: Vec<_> = rows.into_iter().map(joined).collect();
    let sql = "SELECT l.ceiling, t.tie FROM lot l JOIN tender t ON t.id = l.tender WHERE l.id = $1";
    let (ceiling, tie): (Option<i64>, String) = tx.one(sql, values![lot], |row| Ok((row.next()?, row.next()?)))?;
    for bid in &mut bids {
        bid.over_ceiling = matches!((bid.price, ceiling), (Some(price), Some(ceiling)) if price > ceiling);
    }
    rank(&mut bids, Tie::from_code(&tie).unwrap_or_default());
    Ok(bids)
}

/// Sorts bids by price, of equal ones the earlier first, and gives each price its place; where the earlier of equal ones comes first, each bid.
/// What is above the ceiling or void has none. In whatever order they come, they leave in one: the id decides last.
fn rank(bids: &mut [Opened], tie: Tie) {
    bids.sort_by_key(|bid| {
        (bid.price.is_none(), bid.void.is_some(), bid.over_ceiling, bid.price, bid.received_at, bid.id)
    });
    let places = |bid: &Opened| match tie {
        Tie::Earlier => (bid.price, Some(bid.received_at)),
        Tie::Shared | Tie::Technical => (bid.price, None),
    };
    let all: Vec<_> = bids.iter().map(places).collect();
    for bid in bids {
        let can_win = bid.price.is_some() && !bid.over_ceiling && bid.void.is_none();
        bid.rank = all.iter().position(|other| *other == places(bid)).filter(|_| can_win).map(|at| at + 1);
    }
}

fn read_bid(row: &mut Row<'_>) -> Result<Opened, db::Error> {
    Ok(Opened {
        id: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        price: row.next()?,
        over_ceiling: false,
        opened_price: row.next()?,
        first_price: row.next()?,
        delivery_days: row.next()?,
        note: row.next()?,
        received_at: row.next()?,
        sha256: hex::encode(row.next::<Vec<u8>>()?),
        flaw: row.next()?,
        rank: None,
        files: Vec::new(),
        consortium: None,
        void: row.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::random::Random;
    use proptest::prelude::*;

    fn opened(seed: u64, price: Option<i64>, received: i64) -> Opened {
        Opened {
            id: Id::v4(&Random::seeded(seed)),
            company: None,
            company_name: None,
            price,
            over_ceiling: false,
            opened_price: None,
            first_price: None,
            delivery_days: None,
            note: None,
            received_at: Timestamp::from_second(received).unwrap(),
            sha256: String::new(),
            flaw: None,
            rank: None,
            files: Vec::new(),
            consortium: None,
            void: None,
        }
    }

    #[test]
    fn what_is_above_the_ceiling_has_no_place_and_of_equal_prices_the_earlier_may_come_first() {
        let mut bids = vec![opened(1, Some(9), 3), opened(2, Some(5), 2), opened(3, Some(5), 1), opened(4, Some(7), 0)];
        bids[0].over_ceiling = true;
        let places = |bids: &[Opened]| bids.iter().map(|bid| (bid.price, bid.rank)).collect::<Vec<_>>();
        rank(&mut bids, Tie::Shared);
        assert_eq!(places(&bids), [(Some(5), Some(1)), (Some(5), Some(1)), (Some(7), Some(3)), (Some(9), None)]);
        rank(&mut bids, Tie::Earlier);
        assert_eq!(places(&bids), [(Some(5), Some(1)), (Some(5), Some(2)), (Some(7), Some(3)), (Some(9), None)]);
        assert!(bids[0].received_at < bids[1].received_at);
        bids[0].void = Some("doubled".into());
        rank(&mut bids, Tie::Shared);
        assert_eq!(places(&bids), [(Some(5), Some(1)), (Some(7), Some(2)), (Some(9), None), (Some(5), None)]);
    }

    proptest! {
        #[test]
        fn the_ranking_does_not_depend_on_the_order_of_the_rows(
            given in prop::collection::vec((prop::option::of(1i64..6), 0i64..4), 0..12),
            order in prop::collection::vec(any::<u32>(), 12),
        ) {
            let rows = || given.iter().zip(1u64..).map(|((price, at), seed)| opened(seed, *price, *at));
            let (mut one, mut other) = (rows().collect::<Vec<_>>(), rows().zip(&order).collect::<Vec<_>>());
            other.sort_by_key(|(_, place)| **place);
            let mut other: Vec<_> = other.into_iter().map(|(bid, _)| bid).collect();
            rank(&mut one, Tie::Shared);
            rank(&mut other, Tie::Shared);
            let told = |bids: &[Opened]| bids.iter().map(|bid| (bid.id, bid.rank)).collect::<Vec<_>>();
            prop_assert_eq!(told(&one), told(&other));
            for (bid, next) in one.iter().zip(&one[1.min(one.len())..]) {
                prop_assert!(bid.price.is_some() || next.price.is_none(), "who has no price comes last");
                prop_assert!(next.price.is_none() || bid.price <= next.price);
                prop_assert!(bid.price != next.price || bid.rank == next.rank, "equal prices share a place");
            }
            for bid in &one {
                let cheaper = one.iter().filter(|other| other.price.is_some() && other.price < bid.price).count();
                prop_assert_eq!(bid.rank, bid.price.map(|_| cheaper + 1));
            }
        }
    }
}
