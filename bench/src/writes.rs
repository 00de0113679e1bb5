//! Writing durably: single rows, one commit each and together, and the unit of a bid submission.

use crate::bare::insert::{INSERT, Measured, TABLE, Writer};
use crate::bid::Bidding;
use crate::figure::Figure;
use crate::load::{Sample, drive};
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use crate::rounds::{self, Case};
use kit::clock::Clock;
use kit::db::{self, Db};
use kit::id::Id;
use kit::random::Random;
use kit::values;
use std::sync::Arc;
use std::time::Duration;

/// Clients of the figures that have no number in their names.
const CLIENTS: usize = 64;

/// How many rows one bare commit takes at most, as the program's.
const TOGETHER: usize = 256;

/// The figures of this part.
pub const NAMES: [&str; 10] = [
    "insert-single-1",
    "insert-group-1",
    "insert-single-16",
    "insert-group-16",
    "insert-single",
    "insert-group",
    "unit-bid",
    "insert-single-128",
    "insert-group-128",
    "insert-group-bare",
];

/// All figures of writing.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let runtime = runtime();
    let database = place.database();
    let bidding = runtime.block_on(Bidding::prepare(database.app(&runtime)));
    let single = |clients| move |time| alone(place, clients, 1, time);
    let group = |clients| move |time| units(place, clients, time);
    let mut cases = vec![
        Case::new("insert-single-1", single(1)),
        Case::new("insert-group-1", group(1)).against("insert-single-1"),
        Case::new("insert-single-16", single(16)),
        Case::new("insert-group-16", group(16)).against("insert-single-16"),
        Case::new("insert-single", single(CLIENTS)),
        Case::new("insert-group", group(CLIENTS)).against("insert-single"),
        Case::new("unit-bid", move |time| bids(&bidding, time)).against("insert-group"),
        Case::new("insert-single-128", single(128)),
        Case::new("insert-group-128", group(128)).against("insert-single-128"),
    ];
    if place.engine == "sqlite" {
        cases.push(
            Case::new("insert-group-bare", move |time| alone(place, CLIENTS, TOGETHER, time)).against("insert-single"),
        );
    }
    rounds::measure(plan, place.engine, &cases)
}

/// Rows by a bare driver, `together` of them at most in one commit.
fn alone(place: &Place, clients: usize, together: usize, time: Duration) -> Sample {
    let database = with_table(place);
    let writer = Writer::open(&database.url, together);
    drive(clients, time, |number| {
        let (writer, mut rows) = (writer.clone(), Rows::of(number));
        async move || writer.insert(rows.next()).await
    })
}

/// Rows by units of the program's, one row each.
fn units(place: &Place, clients: usize, time: Duration) -> Sample {
    let database = with_table(place);
    let db = database.db();
    drive(clients, time, |number| {
        let (db, mut rows) = (db.clone(), Rows::of(number));
        async move || insert(&db, rows.next()).await
    })
}

async fn insert(db: &Db, row: Measured) {
    let unit = db.write::<_, db::Error>(move |tx| tx.execute(INSERT, values![row.id, row.company, row.at, &row.body]));
    assert_eq!(unit.await.expect("the unit is committed"), 1);
}

fn bids(bidding: &Bidding, time: Duration) -> Sample {
    drive(CLIENTS, time, |number| {
        let (bidding, mut next) = (bidding.clone(), number * 7_919);
        async move || {
            next += 1;
            bidding.submit(next).await;
        }
    })
}

/// A new database with the table alone.
fn with_table(place: &Place) -> Database {
    let database = place.database();
    runtime().block_on(async {
        let made = database.db().write::<_, db::Error>(|tx| tx.execute(TABLE, &[])).await;
        made.expect("the table is made");
    });
    database
}

/// The rows of one client: ids of their own, 200 to 4,000 bytes.
struct Rows {
    random: Random,
    clock: Clock,
    bytes: Arc<[u8; 4_000]>,
    made: usize,
}

impl Rows {
    fn of(client: usize) -> Self {
        let random = Random::seeded(client as u64);
        Self { bytes: Arc::new(random.bytes()), random, clock: Clock::system(), made: client * 31 }
    }

    fn next(&mut self) -> Measured {
        self.made += 1;
        let now = self.clock.now();
        let body = self.bytes[..200 + self.made * 1_361 % 3_801].to_vec();
        let id: Id<Measured> = Id::v7(now, &self.random);
        Measured { id: *id.as_bytes(), company: [1; 16], at: now.as_microsecond(), body }
    }
}
