//! Growth: the same pages at 10,000, 100,000 and a million notices.

use crate::figure::Figure;
use crate::filled;
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

/// All sizes, or but the largest.
pub fn sizes(plan: &Plan) -> impl Iterator<Item = Size> {
    SIZES.into_iter().take(if plan.quick { 2 } else { 3 })
}

/// The figures of one size: search by words, the list from anywhere in it (by key), the page of any notice.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place, out: &Path, (count, names): Size) -> Vec<Figure> {
    let [search, list, page, start, disk] = names;
    let filled = filled::with(place, out, count);
    let served = Served::start(&filled.database);
    let address = served.address;
    let engine = Some(place.engine);
    let mut figures = vec![Figure::of(start, engine, served.start.as_secs_f64() * 1000.0, "ms", 1)];
    figures.extend(bytes(place, &filled.database.url).map(|bytes| Figure::of(disk, engine, bytes / 1e6, "MB", 1)));
    let (one, all) = (filled.notices.clone(), filled.notices.clone());
    let cursors = filled.cursors.clone();
    let from = move |number: usize| {
        let (id, at) = all[scattered(number) % all.len()];
        format!("/notices?after={}", cursors.seal(at, id.as_bytes(), "/notices"))
    };
    let id = move |number: usize| format!("/notices/{}", one[scattered(number) % one.len()].0);
    let words = move |number: usize| {
        let words = crate::notices::words(scattered(number), count);
        format!("/notices?words={}", percent(&words))
    };
    let cases = [
        Case::new(search, move |time| get(address, SEARCHERS, time, words)),
        Case::new(list, move |time| get(address, READERS, time, from.clone())),
        Case::new(page, move |time| get(address, READERS, time, id.clone())),
    ];
    figures.extend(rounds::measure(plan, place.engine, &cases));
    figures
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
