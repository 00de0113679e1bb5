//! `open-10000`: ten thousand fields of ten thousand persons, opened as one batch with its one durable record, with their
//! keys in memory and, `open-10000-cold`, with none of them there: then each is read and unwrapped first.

use crate::figure::Figure;
use crate::place::{Place, runtime};
use crate::plan::Plan;
use app::app::{App, REGION};
use kit::id::Id;
use kit::random::Random;
use policy::{purpose, recipient};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use vault::{Email, Grant, Opener, Proof, RootKeys, Scope, Sealed, Slot, Vault, enrol_accepting};

/// The figures of this part.
pub const NAMES: [&str; 2] = ["open-10000", "open-10000-cold"];

const PERSONS: usize = 10_000;

/// How many are sealed at the same time.
const SEALERS: usize = 200;

const EMAIL: Slot<Email> = Slot::new("bench_batch", "email");

/// A right over all of them: the row of the matrix is the program's, the list is the bench's own.
struct List;

impl Proof for List {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::program("bench")
    }

    fn scope(&self) -> Scope {
        Scope::Any
    }
}

/// Both figures: milliseconds for all, and in `p50_us` the microseconds for one field.
///
/// # Panics
/// When the database fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (database, runtime) = (place.database(), runtime());
    let app = database.app(&runtime);
    let sealed = runtime.block_on(persons(&app)).expect("persons are stored");
    let (mut warm, mut cold) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds() {
        let fresh = another(&app);
        cold.push(runtime.block_on(open(&fresh, app.random(), &sealed)));
        warm.push(runtime.block_on(open(&fresh, app.random(), &sealed)));
    }
    let of = |name, took| figure(name, place.engine, took);
    [of(NAMES[0], warm), Figure { floor: Some(NAMES[0]), ..of(NAMES[1], cold) }]
        .into_iter()
        .filter(|figure| plan.wants(&[figure.name]))
        .collect()
}

fn figure(name: &'static str, engine: &'static str, mut took: Vec<Duration>) -> Figure {
    took.sort_unstable();
    let median = took[took.len() / 2];
    let each = median.as_secs_f64() * 1e6 / PERSONS as f64;
    Figure {
        p50_us: Some((each * 100.0).round() / 100.0),
        ..Figure::of(name, Some(engine), median.as_secs_f64() * 1000.0, "ms", PERSONS * took.len())
    }
}

/// The same vault as another process has it: with no key in memory.
fn another(app: &App) -> Vault {
    let root = RootKeys::read(&app.config().root_key_file).expect("the root key is there");
    Vault::new(app.db().clone(), app.keys().clone(), root, REGION, app.random().clone())
}

async fn open(vault: &Vault, random: &Random, sealed: &[Sealed<Email>]) -> Duration {
    let grant = Grant::<purpose::Account, _>::new(&List, random.id());
    let begin = Instant::now();
    let emails = vault.open_many(&grant, sealed).await.expect("all are opened");
    let took = begin.elapsed();
    assert!(emails.len() == PERSONS && emails[7].expose().ends_with("@hengchuan.example"), "all of them");
    took
}

/// Each with a key of their own.
async fn persons(app: &App) -> Result<Vec<Sealed<Email>>, vault::Error> {
    let (mut tasks, mut sealed) = (JoinSet::new(), Vec::with_capacity(PERSONS));
    for task in 0..SEALERS {
        let app = app.clone();
        tasks.spawn(async move {
            let mut some = Vec::new();
            for number in 0..PERSONS / SEALERS {
                let (subject, row): (_, Id<()>) = (app.vault().new_subject(), app.random().id());
                let email = format!("person{task}x{number}@hengchuan.example").parse::<Email>();
                some.push(app.vault().seal(EMAIL, subject, row, &email.expect("an address")).await?);
            }
            let subjects: Vec<_> = some.iter().map(Sealed::subject).collect();
            let unit = app.db().write::<_, vault::Error>(move |tx| {
                subjects.iter().try_for_each(|subject| enrol_accepting(tx, *subject, policy::current().id))
            });
            unit.await.map(|()| some)
        });
    }
    for some in tasks.join_all().await {
        sealed.extend(some?);
    }
    Ok(sealed)
}
