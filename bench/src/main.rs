//! Measures the program against floors in one run (docs/bench.md), prints each figure as soon as it is known and writes
//! `bench/out/latest.json`.
//!
//! Arguments: `quick` for a short run that shows that everything works; the name of an engine for that one alone; names of
//! parts (`records`) or figures (`record-get`) for those alone, with their floors; `names` lists them. PostgreSQL is
//! measured where `ZIYUN_TEST_DATABASE_URL` names a server.

mod auction;
mod backups;
mod bare;
mod batch;
mod bid;
mod erasing;
mod figure;
mod filled;
mod first_page;
mod flush;
mod http;
mod load;
mod notices;
mod opened;
mod opening;
mod part;
mod persons;
mod place;
mod plan;
mod providers;
mod reads;
mod records;
mod rounds;
mod scale;
mod sealed;
mod served;
mod sign_in_timing;
mod submissions;
mod two_worlds;
mod uploads;
mod use_log;
mod web;
mod writes;

use figure::{Figure, Report};
use part::PARTS;
use place::Place;
use plan::Plan;
use std::error::Error;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let plan = Plan::new(std::env::args().skip(1))?;
    if plan.names {
        return say(&part::listed()).map(|()| ExitCode::SUCCESS);
    }
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("out");
    std::fs::create_dir_all(&out)?;
    let folder = tempfile::tempdir_in(&out)?;
    let mut run = Run { report: Report::new(&out), begin: Instant::now(), failed: 0 };
    say(&figure::head())?;
    run.part("machine", || machine(folder.path()))?;
    for place in places(folder.path()).into_iter().filter(|place| plan.measures(place.engine)) {
        measure(&mut run, &plan, &place, &out)?;
    }
    say(&format!("\n{} s; also in {}", run.begin.elapsed().as_secs(), out.join("latest.json").display()))?;
    Ok(if run.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A run: what it has measured, and how many of its parts failed. A part that fails takes no other with it.
struct Run {
    report: Report,
    begin: Instant,
    failed: usize,
}

impl Run {
    fn part(&mut self, name: &str, work: impl FnOnce() -> Vec<Figure>) -> Result<(), Box<dyn Error>> {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(figures) => self.report.add(&mut std::io::stdout().lock(), figures)?,
            Err(_) => {
                self.failed += 1;
                say(&format!("{name}: failed, see above"))?;
            }
        }
        Ok(())
    }
}

/// The program rests on its notices while writes are measured elsewhere, so that its memory can be looked at.
fn measure(run: &mut Run, plan: &Plan, place: &Place, out: &Path) -> Result<(), Box<dyn Error>> {
    let engine = place.engine;
    let reads = plan.wants(&reads::NAMES);
    let resting = reads.then(|| catch_unwind(AssertUnwindSafe(|| reads::start(place, out))).ok()).flatten();
    for part in PARTS.iter().filter(|part| plan.wants(part.figures)) {
        run.part(part.name, || (part.measure)(plan, place, out))?;
    }
    if reads {
        run.part("reads", || reads::measure(plan, engine, resting.expect("the program starts")))?;
    }
    let sizes = scale::sizes(plan);
    if !sizes.is_empty() {
        run.part("scale", || scale::measure(plan, place, out, &sizes))?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "which server is measured is said by the environment")]
fn places(folder: &Path) -> Vec<Place> {
    let server = std::env::var("ZIYUN_TEST_DATABASE_URL").ok();
    let postgresql = server.map(|server| Place::postgresql(folder, server));
    std::iter::once(Place::sqlite(folder)).chain(postgresql).collect()
}

/// What all figures rest on.
fn machine(folder: &Path) -> Vec<Figure> {
    let cores = Figure::of("cores", None, bare::cores() as f64, "cores", 1);
    let flush = flush::measure(folder, Duration::from_secs(2)).expect("the disk can be written");
    let (p50_us, p99_us) = (Some(flush.p50_us.round()), Some(flush.p99_us.round()));
    let flush = Figure { p50_us, p99_us, ..Figure::of("flush", None, flush.p50_us, "µs", flush.n) };
    vec![cores, flush]
}

fn say(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
