//! Reading: pages of the released program, against bare servers that show the same.

use crate::bare::pages::{Pages, TOTAL};
use crate::bare::{self, Store};
use crate::figure::Figure;
use crate::filled::{self, Filled};
use crate::http::Client;
use crate::load::{Sample, drive};
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use crate::rounds::{self, Case, READERS};
use crate::served::Served;
use crate::{first_page, notices, opened};
use app::reach::notice::source::category;
use app::reach::notice::{Notice, publish};
use app::reach::region;
use kit::clock::Clock;
use kit::db::{self, Db};
use kit::id::Id;
use kit::random::Random;
use kit::values;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Clients of the constant string.
const HELLO: usize = 32;

/// How often the program is started.
const STARTS: usize = 3;

/// The figures of this part.
pub const NAMES: [&str; 17] = [
    "hello",
    "list",
    "public-list",
    "public-list-made",
    "public-list-uncached",
    "read",
    "notice-page",
    "sign-in-page",
    "read-bare",
    "read-unit",
    "open-cached",
    "start-ms",
    "memory-mb",
    "memory-anon-mb",
    "memory-loaded-mb",
    "memory-loaded-anon-mb",
    "first-page-bytes",
];

/// The program on ten thousand notices, resting since it started: that is when its memory is looked at.
pub struct Resting {
    filled: Filled,
    served: Served,
    start: f64,
}

/// Starts it.
///
/// # Panics
/// When it does not start.
pub fn start(place: &Place, out: &Path) -> Resting {
    let filled = filled::own(place, out, TOTAL);
    let (served, start) = starts(&filled.database);
    Resting { filled, served, start }
}

/// All figures of reading.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, engine: &'static str, resting: Resting) -> Vec<Figure> {
    let Resting { filled, served, start } = resting;
    if plan.wants(&["memory-mb"]) {
        std::thread::sleep(plan.rest().saturating_sub(served.since.elapsed()));
    }
    let mut figures = vec![Figure::of("start-ms", Some(engine), start, "ms", STARTS)];
    figures.extend(memory(engine, &served, ["memory-mb", "memory-anon-mb"]));
    let (bytes, requests) = first_page::weigh(served.address, "/notices");
    figures.push(Figure::of("first-page-bytes", Some(engine), bytes as f64, "bytes", requests));
    let store = Store::open(&filled.database.url);
    let db = filled.database.db();
    let server = bare::serve(pages(&filled, &store).router());
    figures.extend(rounds::measure(plan, engine, &cases(&filled, &served, server.address, &db)));
    figures.extend(memory(engine, &served, ["memory-loaded-mb", "memory-loaded-anon-mb"]));
    drop(server);
    figures
}

fn memory(engine: &'static str, served: &Served, names: [&'static str; 2]) -> Vec<Figure> {
    let Some((all, own)) = served.memory() else { return Vec::new() };
    let figure = |(name, bytes): (&'static str, u64)| Figure::of(name, Some(engine), bytes as f64 / 1e6, "MB", 1);
    names.into_iter().zip([all, own]).map(figure).collect()
}

/// The program, and how long its start took at the median, in ms.
fn starts(database: &Database) -> (Served, f64) {
    let mut starts: Vec<f64> = (1..STARTS).map(|_| Served::start(database).start.as_secs_f64()).collect();
    let served = Served::start(database);
    starts.push(served.start.as_secs_f64());
    starts.sort_by(f64::total_cmp);
    (served, starts[starts.len() / 2] * 1000.0)
}

fn pages(filled: &Filled, store: &Store) -> Pages {
    // Its words and zone; its stores are not used.
    let folder = filled.database.folder.join("words");
    let app = Database::kept(&folder).app(&runtime());
    Pages { store: store.clone(), catalogue: app.catalogue(), zone: app.zone(), now: Clock::system().now() }
}

fn cases<'a>(filled: &'a Filled, served: &'a Served, bare: SocketAddr, db: &'a Db) -> Vec<Case<'a>> {
    let program = served.address;
    let ids: Arc<Vec<Id<Notice>>> = Arc::new(filled.notices.iter().map(|(id, _)| *id).collect());
    let bytes: Vec<[u8; 16]> = ids.iter().map(|id| *id.as_bytes()).collect();
    let one = |at: &'static str, address| {
        let ids = ids.clone();
        move |time| get(address, READERS, time, by_id(at, ids.clone()))
    };
    let (read, page, units_of) = (one("/read", bare), one("/notices", program), ids.clone());
    vec![
        Case::new("hello", move |time| get(bare, HELLO, time, |_| "/hello".into())),
        Case::new("list", move |time| get(bare, READERS, time, |_| "/list".into())),
        Case::new("public-list", move |time| {
            published(db, time, || get(program, READERS, time, |_| "/notices".into()))
        })
        .against("list"),
        Case::new("public-list-made", move |time| get(program, READERS, time, |n| format!("/notices?n={n}")))
            .against("list"),
        Case::new("public-list-uncached", move |time| get(program, READERS, time, filtered)).against("list"),
        Case::new("read", read),
        Case::new("notice-page", page).against("read"),
        Case::new("sign-in-page", move |time| get(program, READERS, time, |_| "/session/new".into())).against("hello"),
        Case::new("read-bare", move |time| bare::read::measure(&filled.database.url, &bytes, time)),
        Case::new("read-unit", move |time| units(db, &units_of, time)).against("read-bare"),
        Case::new("open-cached", |time| opened::measure(time / 2)),
    ]
}

/// The same while a notice is published every second, by another process than the one that is asked.
fn published<T: Send>(db: &Db, time: Duration, work: impl FnOnce() -> T) -> T {
    let (end, ended) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let (runtime, random, clock) = (runtime(), Random::system(), Clock::system());
            for number in 0.. {
                let notice = notices::fresh(number, clock.now(), &random);
                let unit = db.write::<_, db::Error>(move |tx| publish(tx, &notice));
                runtime.block_on(unit).expect("a notice is published");
                if ended.recv_timeout(time.min(Duration::from_secs(1)))
                    != Err(std::sync::mpsc::RecvTimeoutError::Timeout)
                {
                    return;
                }
            }
        });
        let done = work();
        drop(end);
        done
    })
}

/// Asks for pages; `path` makes the address from a number that is another each time.
pub fn get(
    address: SocketAddr,
    clients: usize,
    time: Duration,
    path: impl Fn(usize) -> String + Clone + 'static,
) -> Sample {
    drive(clients, time, |number| {
        let (mut client, path, mut next) = (Client::new(address), path.clone(), number * 7_919);
        async move || {
            next += 1;
            let answer = client.get(&path(next)).await.unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(answer.status, 200, "{}", path(next));
        }
    })
}

pub fn by_id(at: &'static str, ids: Arc<Vec<Id<Notice>>>) -> impl Fn(usize) -> String + Clone {
    move |number| format!("{at}/{}", ids[scattered(number) % ids.len()])
}

/// The list with filters as people set them: a kind in a province, a category, a least budget since a day; with a number
/// that nobody reads, so that no page comes twice.
fn filtered(number: usize) -> String {
    let drawn = scattered(number);
    let pick = |codes: Vec<&'static str>| codes[drawn / 3 % codes.len()];
    match drawn % 3 {
        0 => {
            let kind = ["advance", "tender", "amendment", "result", "other"][drawn / 7 % 5];
            format!(
                "/notices?n={number}&kind={kind}&region={}",
                pick(region::provinces().map(|region| region.code).collect())
            )
        }
        1 => {
            format!(
                "/notices?n={number}&category={}",
                pick(category::groups().iter().map(|group| group.code.as_str()).collect())
            )
        }
        _ => format!(
            "/notices?n={number}&budget_from={}&from=2026-0{}-01",
            drawn / 3 % 30 * 1_000_000,
            drawn / 11 % 9 + 1
        ),
    }
}

/// A number far from its neighbours (a multiplicative hash).
pub fn scattered(number: usize) -> usize {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17
}

/// One row by its id in a unit of the program's.
fn units(db: &Db, ids: &Arc<Vec<Id<Notice>>>, time: Duration) -> Sample {
    drive(READERS, time, |number| {
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
