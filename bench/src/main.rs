//! Measures the program against floors in one run (docs/bench.md), prints a table and writes `bench/out/latest.json`.
//!
//! With the name of an engine as argument only that one is measured. PostgreSQL is measured where
//! `ZIYUN_TEST_DATABASE_URL` names a server.

mod bare;
mod bid;
mod figure;
mod first_page;
mod flush;
mod http;
mod load;
mod notices;
mod opened;
mod place;
mod reads;
mod rounds;
mod served;
mod writes;

use figure::Figure;
use place::Place;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let only = std::env::args().nth(1);
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("out");
    std::fs::create_dir_all(&out)?;
    let folder = tempfile::tempdir_in(&out)?;
    let begin = Instant::now();
    let mut figures = machine(folder.path())?;
    for place in places(folder.path()).into_iter().filter(|place| only.as_ref().is_none_or(|name| place.engine == name))
    {
        say(&format!("{} …", place.engine))?;
        figures.extend(reads::measure(&place));
        figures.extend(writes::measure(&place));
    }
    figure::compare(&mut figures);
    figure::write(&out, &figures)?;
    figure::print(&mut std::io::stdout().lock(), &figures)?;
    say(&format!("\n{} s; also in {}", begin.elapsed().as_secs(), out.join("latest.json").display()))
}

#[expect(clippy::disallowed_methods, reason = "which server is measured is said by the environment")]
fn places(folder: &Path) -> Vec<Place> {
    let server = std::env::var("ZIYUN_TEST_DATABASE_URL").ok();
    let postgresql = server.map(|server| Place::postgresql(folder, server));
    std::iter::once(Place::sqlite(folder)).chain(postgresql).collect()
}

/// What all figures rest on.
fn machine(folder: &Path) -> std::io::Result<Vec<Figure>> {
    let cores = Figure::of("cores", None, bare::cores() as f64, "cores", 1);
    let flush = flush::measure(folder, Duration::from_secs(2))?;
    let (p50_us, p99_us) = (Some(flush.p50_us.round()), Some(flush.p99_us.round()));
    let flush = Figure { p50_us, p99_us, ..Figure::of("flush", None, flush.p50_us, "µs", flush.n) };
    Ok(vec![cores, flush])
}

fn say(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
