//! Growth: the same pages at 10,000, 100,000 and a million notices.

use crate::figure::Figure;
use crate::filled::{self, Filled};
use crate::place::Place;
use crate::plan::Plan;
use crate::reads::{get, scattered};
use crate::rounds::{self, Case, READERS};
use crate::served::Served;
use std::path::Path;

/// Who search at the same time: few, so that the time is the search's and not the queue's.
const SEARCHERS: usize = 2;

/// A size, and what its figures are called: search, list, page, start, bytes on disk.
type Size = (usize, [&'static str; 5]);

const SIZES: [Size; 3] = [
    (10_000, ["search-10k", "list-10k", "page-10k", "start-10k-ms", "disk-10k-mb"]),
    (100_000, ["search-100k", "list-100k", "page-100k", "start-100k-ms", "disk-100k-mb"]),
    (1_000_000, ["search-1m", "list-1m", "page-1m", "start-1m-ms", "disk-1m-mb"]),
];

/// All names of this part.
pub fn names() -> Vec<&'static str> {
    SIZES.iter().flat_map(|(_, names)| *names).collect()
}

/// The sizes that are wanted, all or but the largest, and the smallest beside any other: growth is told against it.
pub fn sizes(plan: &Plan) -> Vec<Size> {
    let largest = SIZES.iter().take(if plan.quick { 2 } else { 3 }).rposition(|(_, names)| plan.wants(names));
    let wanted = |at: usize| at == 0 || plan.wants(&SIZES[at].1);
    (0..largest.map_or(0, |at| at + 1)).filter(|at| wanted(*at)).map(|at| SIZES[at]).collect()
}

/// The figures of some sizes: search by words, the list from anywhere in it (by key), the page of any notice. All sizes are
/// measured in the same rounds, so that a load from outside is no growth.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place, out: &Path, sizes: &[Size]) -> Vec<Figure> {
    let grown: Vec<Grown> = sizes.iter().map(|size| Grown::start(place, out, *size)).collect();
    let mut figures: Vec<Figure> = grown.iter().flat_map(|one| one.figures(place)).collect();
    let cases: Vec<Case<'_>> = grown.iter().flat_map(Grown::cases).collect();
    figures.extend(rounds::measure(plan, place.engine, &cases));
    figures
}

/// The program on so many notices.
struct Grown {
    size: Size,
    filled: Filled,
    served: Served,
}

impl Grown {
    fn start(place: &Place, out: &Path, size: Size) -> Self {
        let filled = filled::with(place, out, size.0);
        let served = Served::start(&filled.database);
        Self { size, filled, served }
    }

    fn figures(&self, place: &Place) -> Vec<Figure> {
        let (_, [.., start, disk]) = self.size;
        let start = Figure::of(start, Some(place.engine), self.served.start.as_secs_f64() * 1000.0, "ms", 1);
        let bytes = bytes(place, &self.filled.database.url);
        let disk = bytes.map(|bytes| Figure::of(disk, Some(place.engine), bytes / 1e6, "MB", 1));
        std::iter::once(start).chain(disk).collect()
    }

    fn cases(&self) -> [Case<'_>; 3] {
        let (count, [search, list, page, ..]) = self.size;
        let (_, [least_search, least_list, least_page, ..]) = SIZES[0];
        let Filled { notices, cursors, .. } = &self.filled;
        let address = self.served.address;
        let (one, all, cursors) = (notices.clone(), notices.clone(), cursors.clone());
        let words = move |number: usize| {
            let words = crate::notices::words(scattered(number), count);
            format!("/notices?words={}", percent(&words))
        };
        let from = move |number: usize| {
            let (id, at) = all[scattered(number) % all.len()];
            format!("/notices?after={}", cursors.seal(at, id.as_bytes(), "/notices"))
        };
        let id = move |number: usize| format!("/notices/{}", one[scattered(number) % one.len()].0);
        let grows = |case: Case<'static>, least| if count == SIZES[0].0 { case } else { case.against(least) };
        [
            grows(Case::new(search, move |time| get(address, SEARCHERS, time, words)), least_search),
            grows(Case::new(list, move |time| get(address, READERS, time, from.clone())), least_list),
            grows(Case::new(page, move |time| get(address, READERS, time, id.clone())), least_page),
        ]
    }
}

/// What the database weighs.
fn bytes(place: &Place, url: &str) -> Option<f64> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return Some(std::fs::metadata(path).ok()?.len() as f64);
    }
    let mut client = postgres::Client::connect(url, postgres::NoTls).ok()?;
    let row = client.query_one("SELECT pg_database_size(current_database())", &[]).ok()?;
    (place.engine == "postgresql").then(|| row.get::<_, i64>(0) as f64)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
