//! `opening-200` and `opening-200-by-hands`: a tender with two hundred bids, from its hour until all are disclosed and everybody who
//! follows has been told: opened by the program, and by the program with two of three officers. What officers do at home is not
//! measured; what the program does before and after them is.

use crate::bid::{Called, add_company, call};
use crate::figure::Figure;
use crate::place::{Place, runtime};
use crate::plan::Plan;
use app::app::{App, REGION};
use app::sourcing::bid::Bid;
use app::sourcing::bid::store::bidder;
use app::sourcing::opening::shares;
use app::sourcing::tender::document::sha256;
use app::sourcing::tender::{Hands, OPENING, Tender, key};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::random::Random;
use kit::{job, values};
use sealing::sheet::{Part, Sheet};
use sealing::{File, Identity, content, one};
use serde_json::json;
use std::time::{Duration, Instant};

/// The figures of this part.
pub const NAMES: [&str; 2] = ["opening-200", "opening-200-by-hands"];

/// How many bids a tender has.
const BIDS: usize = 200;

/// How often each is opened, another tender each time; and in a quick run.
const TIMES: [usize; 2] = [5, 1];

/// No opening of so many takes longer: the bound of `docs/bench.md`. A quick run may be of a build that is not optimised.
const BOUND: Duration = Duration::from_secs(5);

/// The figures.
///
/// # Panics
/// When anything that is measured fails, a bid is not opened, or it takes too long.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let wanted = NAMES.into_iter().filter(|name| plan.wants(&[*name]));
    wanted
        .map(|name| figure(plan, place, name, opened(place, name == NAMES[1], BIDS, TIMES[usize::from(plan.quick)])))
        .collect()
}

fn figure(plan: &Plan, place: &Place, name: &'static str, mut took: Vec<Duration>) -> Figure {
    took.sort();
    let (p50, most) = (took[took.len() / 2], took[took.len() - 1]);
    assert!(plan.quick || p50 < BOUND, "{name}: {p50:?} for {BIDS} bids");
    let micros = |time: Duration| Some((time.as_secs_f64() * 1e6).round());
    let figure = Figure::of(name, Some(place.engine), p50.as_secs_f64() * 1e3, "ms", took.len());
    Figure { p50_us: micros(p50), p99_us: micros(most), ..figure }
}

/// Opens so many tenders with so many bids each, in a database of their own. Answers how long each took.
fn opened(place: &Place, by_hands: bool, bids: usize, times: usize) -> Vec<Duration> {
    let (database, runtime) = (place.database(), runtime());
    let app = database.app(&runtime);
    runtime.block_on(async {
        let hall = Hall::prepare(app, by_hands, bids).await;
        let mut took = Vec::new();
        for number in 0..times {
            took.push(hall.open(number).await);
        }
        took
    })
}

/// A buyer and many bidders.
struct Hall {
    app: App,
    random: Random,
    buyer: [u8; 16],
    bidders: Vec<[u8; 16]>,
    officers: Vec<Identity>,
}

impl Hall {
    async fn prepare(app: App, by_hands: bool, bids: usize) -> Self {
        let random = Random::seeded(200);
        let companies: Vec<[u8; 16]> = (0..=bids).map(|_| random.bytes()).collect();
        let all = companies.clone();
        let unit = move |tx: &mut Tx| {
            all.iter()
                .enumerate()
                .try_for_each(|(n, id)| add_company(tx, *id, &format!("投标公司{n}"), &format!("9122{n:014}")))
        };
        app.db().write::<_, db::Error>(unit).await.expect("companies stand");
        let officers = if by_hands { (0..3).map(|_| sealing::new_key()).collect() } else { Vec::new() };
        Self { app, random, buyer: companies[0], bidders: companies[1..].to_vec(), officers }
    }

    fn hands(&self) -> Option<Hands> {
        let holders: Vec<_> = self.officers.iter().map(|key| key.to_public().to_string()).collect();
        (!holders.is_empty()).then_some(Hands { k: 2, holders, ..Hands::default() })
    }

    /// One tender: published, bid for, its hour come. Answers how long the program was at work from there on.
    async fn open(&self, number: usize) -> Duration {
        let called = self.sealed(number).await;
        let id = called.tender;
        self.app.settle().await.expect("nothing is left to do");
        let hour = move |tx: &mut Tx| {
            let now = tx.now();
            let sql = "UPDATE tender SET questions_until = $1, deadline = $1, next_check = $1 WHERE id = $2";
            tx.execute(sql, values![now, id])
        };
        self.app.db().write::<_, db::Error>(hour).await.expect("the hour comes");
        let mut took = self.work().await;
        if !self.officers.is_empty() {
            self.give(id).await;
            took += self.work().await;
        }
        let sql =
            "SELECT CAST(count(*) AS BIGINT) FROM bid WHERE tender = $1 AND state = 'opened' AND price IS NOT NULL";
        let count = move |tx: &mut Tx| tx.one::<i64>(sql, values![id], |row| row.next());
        let count = self.app.db().read::<_, db::Error>(count).await.expect("a number");
        assert_eq!(usize::try_from(count), Ok(self.bidders.len()), "every bid is opened");
        took
    }

    async fn work(&self) -> Duration {
        let begin = Instant::now();
        self.app.settle().await.expect("the program works");
        begin.elapsed()
    }

    async fn sealed(&self, number: usize) -> Called {
        let (tender, lot) = (self.random.id(), self.random.id());
        let recipient = key::make(&self.app, tender).await.expect("a key");
        let (called, hands) = (Called { tender, lot, recipient }, self.hands());
        call(&self.app, self.buyer, &called, &format!("O{number}"), hands.as_ref()).await.expect("a tender stands");
        let rows: Vec<_> = self.bidders.iter().map(|company| self.bid(&called, hands.as_ref(), *company)).collect();
        let unit = move |tx: &mut Tx| {
            let now = tx.now();
            for (bidder, envelope) in &rows {
                let (id, size, hash) = (tx.id::<Bid>(), envelope.len() as i64, sha256(envelope));
                tx.execute(
                    "INSERT INTO bid (id, tender, lot, bidder, state, envelope, region, size, sha256, received_at, version) \
                     VALUES ($1, $2, $3, $4, 'sealed', $5, $6, $7, $8, $9, 1)",
                    values![id, tender, lot, *bidder, envelope.clone(), REGION, size, hash, now],
                )?;
            }
            Ok(())
        };
        self.app.db().write::<_, db::Error>(unit).await.expect("bids stand");
        called
    }

    /// A bid with a file, as its bidder or the program has sealed it.
    fn bid(&self, called: &Called, hands: Option<&Hands>, company: [u8; 16]) -> ([u8; 32], Vec<u8>) {
        let company = Id::from_bytes(company);
        let price = 80_000_000 + i64::try_from(self.random.below(10_000_000)).unwrap_or(0);
        let offer = json!({
            "tender": called.tender, "lot": called.lot, "company": company, "company_name": "投标公司",
            "price": price, "delivery_days": 30, "note": "两年质保，驻场工程师两名。",
        });
        let file = File { name: "技术方案.txt".into(), content: vec![b'x'; 1_500].into() };
        let plain = content::pack(&offer, &[file]);
        let envelope = match hands {
            None => one::seal(&plain, &called.recipient).expect("sealed"),
            Some(hands) => {
                let hands = sealing::Hands::new(&called.recipient, &hands.holders, hands.k).expect("keys");
                hands.seal(&plain).expect("sealed")
            }
        };
        (bidder(&self.app, called.tender, company), envelope)
    }

    /// Two officers give their shares, as their page would send them.
    async fn give(&self, id: Id<Tender>) {
        let read = move |tx: &mut Tx| shares::unlayered(tx, id);
        let bids = self.app.db().read::<_, db::Error>(read).await.expect("the platform's layer is off");
        assert_eq!(bids.len(), self.bidders.len(), "of every bid");
        for key in &self.officers[..2] {
            let holder = key.to_public().to_string();
            let part = |one: &shares::Unlayered| {
                let own = one.boxes.iter().flatten().find(|boxed| boxed.holder == holder).expect("a box");
                Part { bid: one.bid.to_string(), sha256: own.sha256.clone(), share: own.share.clone() }
            };
            let parts = bids.iter().map(part).collect();
            let given = Sheet { tender: id.to_string(), holder: holder.clone(), parts }.answer(key).expect("its own");
            let unit = move |tx: &mut Tx| shares::keep(tx, id, &holder, &given).map(drop);
            self.app.db().write::<_, db::Error>(unit).await.expect("kept");
        }
        let unit = move |tx: &mut Tx| {
            let now = tx.now();
            job::enqueue(tx, OPENING, id.as_bytes(), now).map(drop)
        };
        self.app.db().write::<_, db::Error>(unit).await.expect("the job is left");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bids_are_opened_in_both_ways() {
        let folder = tempfile::tempdir().unwrap();
        for by_hands in [false, true] {
            let took = opened(&Place::sqlite(folder.path()), by_hands, 3, 2);
            assert!(took.len() == 2 && took.iter().all(|time| !time.is_zero()), "{took:?}");
        }
    }
}
