//! Reading: pages of the released program, against bare servers that show the same.

use crate::bare::pages::{Pages, TOTAL};
use crate::bare::{self, Store};
use crate::figure::Figure;
use crate::http::Client;
use crate::load::{Sample, drive};
use crate::place::{Database, Place, runtime};
use crate::rounds::{self, Case, READERS, TIME};
use crate::served::Served;
use crate::{first_page, notices, opened};
use app::reach::notice::Notice;
use app::reach::notice::source::category;
use app::reach::region;
use app::web::text::Catalogue;
use jiff::tz::TimeZone;
use kit::db::{self, Db};
use kit::id::Id;
use kit::values;
use std::net::SocketAddr;
use std::sync::Arc;

/// Clients of the constant string.
const HELLO: usize = 32;

/// How often the program is started.
const STARTS: usize = 3;

/// A database with notices, and what the bare server needs of the program to show them.
struct Filled {
    database: Database,
    ids: Arc<Vec<Id<Notice>>>,
    catalogue: Arc<Catalogue>,
    zone: TimeZone,
}

/// All figures of reading.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(place: &Place) -> Vec<Figure> {
    let filled = fill(place);
    let (served, start) = start(&filled.database);
    let idle = served.memory();
    let store = Store::open(&filled.database.url);
    let db = filled.database.db();
    let server = bare::serve(pages(&filled, &store).router());
    let mut figures = rounds::measure(place.engine, &cases(&filled, &served, server.address, &db));
    let engine = Some(place.engine);
    figures.push(Figure::of("start-ms", engine, start, "ms", STARTS));
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    figures.extend(idle.map(|idle| Figure::of("memory-idle-mb", engine, megabytes(idle), "MB", 1)));
    figures.extend(served.memory().map(|loaded| Figure::of("memory-mb", engine, megabytes(loaded), "MB", 1)));
    let (bytes, requests) = first_page::weigh(served.address, "/notices");
    figures.push(Figure::of("first-page-bytes", engine, bytes as f64, "bytes", requests));
    drop(server);
    figures
}

fn fill(place: &Place) -> Filled {
    let database = place.database();
    let runtime = runtime();
    let app = database.app(&runtime);
    let ids = Arc::new(runtime.block_on(notices::fill(&app, TOTAL)));
    let (catalogue, zone) = (app.catalogue(), app.zone());
    if !database.url.starts_with("sqlite:") {
        let mut client = postgres::Client::connect(&database.url, postgres::NoTls).expect("the server answers");
        client.batch_execute("ANALYZE").expect("the server knows its tables");
    }
    Filled { database, ids, catalogue, zone }
}

/// The program, and how long its start took at the median, in ms.
fn start(database: &Database) -> (Served, f64) {
    let mut starts: Vec<f64> = (1..STARTS).map(|_| Served::start(database).start.as_secs_f64()).collect();
    let served = Served::start(database);
    starts.push(served.start.as_secs_f64());
    starts.sort_by(f64::total_cmp);
    (served, starts[starts.len() / 2] * 1000.0)
}

fn pages(filled: &Filled, store: &Store) -> Pages {
    let now = kit::clock::Clock::system().now();
    Pages { store: store.clone(), catalogue: filled.catalogue.clone(), zone: filled.zone.clone(), now }
}

fn cases<'a>(filled: &'a Filled, served: &'a Served, bare: SocketAddr, db: &'a Db) -> Vec<Case<'a>> {
    let (program, ids) = (served.address, &filled.ids);
    let one = move |at: &'static str, address| {
        let ids = ids.clone();
        move || get(address, READERS, by_id(at, ids.clone()))
    };
    vec![
        Case::new("hello", move || get(bare, HELLO, |_| "/hello".into())),
        Case::new("list", move || get(bare, READERS, |_| "/list".into())),
        Case::new("public-list", move || get(program, READERS, |_| "/notices".into())).against("list"),
        Case::new("public-list-uncached", move || get(program, READERS, filtered)).against("list"),
        Case::new("read", one("/read", bare)),
        Case::new("notice-page", one("/notices", program)).against("read"),
        Case::new("read-bare", move || bare::read::measure(&filled.database.url, &bytes(ids), TIME)),
        Case::new("read-unit", move || units(db, ids)).against("read-bare"),
        Case::new("open-cached", || opened::measure(TIME / 2)),
    ]
}

/// Asks for pages; `path` makes the address from a number that is another each time.
fn get(address: SocketAddr, clients: usize, path: impl Fn(usize) -> String + Clone + 'static) -> Sample {
    drive(clients, TIME, |number| {
        let (mut client, path, mut next) = (Client::new(address), path.clone(), number * 7_919);
        async move || {
            next += 1;
            let answer = client.get(&path(next)).await.unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(answer.status, 200, "{}", path(next));
        }
    })
}

fn by_id(at: &'static str, ids: Arc<Vec<Id<Notice>>>) -> impl Fn(usize) -> String + Clone {
    move |number| format!("{at}/{}", ids[scattered(number) % ids.len()])
}

/// The list with filters as people set them: a kind in a province, a category, a least budget since a day.
fn filtered(number: usize) -> String {
    let drawn = scattered(number);
    let pick = |codes: Vec<&'static str>| codes[drawn / 3 % codes.len()];
    match drawn % 3 {
        0 => {
            let kind = ["advance", "tender", "amendment", "result", "other"][drawn / 7 % 5];
            format!("/notices?kind={kind}&region={}", pick(region::provinces().map(|region| region.code).collect()))
        }
        1 => {
            format!("/notices?category={}", pick(category::groups().iter().map(|group| group.code.as_str()).collect()))
        }
        _ => format!("/notices?budget_from={}&from=2026-0{}-01", drawn / 3 % 30 * 1_000_000, drawn / 11 % 9 + 1),
    }
}

/// A number far from its neighbours (a multiplicative hash).
fn scattered(number: usize) -> usize {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17
}

fn bytes(ids: &[Id<Notice>]) -> Vec<[u8; 16]> {
    ids.iter().map(|id| *id.as_bytes()).collect()
}

/// One row by its id in a unit of the program's.
fn units(db: &Db, ids: &Arc<Vec<Id<Notice>>>) -> Sample {
    drive(READERS, TIME, |number| {
        let (db, ids, mut next) = (db.clone(), ids.clone(), number * 7_919);
        async move || {
            next += 1;
            let id = ids[scattered(next) % ids.len()];
            let read = db.read::<_, db::Error>(move |tx| {
                tx.one(bare::read::ONE, values![id], |row| Ok((row.next::<String>()?, row.next::<Option<String>>()?)))
            });
            std::hint::black_box(read.await.expect("a row"));
        }
    })
}
