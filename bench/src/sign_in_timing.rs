//! `sign-in-timing`: whether the time of a refused sign-in tells that somebody has an account.
//!
//! Each pair asks once for a phone that has an account and once for one that has none, with a wrong password, in turns
//! which first, each request from a source of its own (limits would answer otherwise). What is compared is the median
//! of the pairs' differences: whatever else the machine does meanwhile meets both of a pair alike.

use crate::figure::Figure;
use crate::http::Client;
use crate::place::{Place, runtime};
use crate::plan::Plan;
use crate::served::Served;
use app::identity::account::create_operator;
use kit::random::Random;
use serde_json::json;
use std::time::{Duration, Instant};

/// The figure of this part.
pub const NAMES: [&str; 1] = ["sign-in-timing"];

/// How many pairs, and in a quick run.
const PAIRS: [usize; 2] = [500, 25];

/// By how much of a request's median time the two may differ, in percent: the bound that `docs/security.md` states. In a
/// quick run chance alone makes as much as this of a few pairs, so that it says nothing.
const BOUND: f64 = 5.0;

const KNOWN: &str = "13900139000";
const PASSWORD: &str = "vier magere Ziegen im Regen";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The figure.
///
/// # Panics
/// When anything that is measured fails, or the difference is beyond the bound.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (database, runtime) = (place.database(), runtime());
    let app = database.app(&runtime);
    runtime.block_on(create_operator(&app, KNOWN, "desk@operator.example", PASSWORD)).expect("an account");
    let token = app.form_tokens().of(SECRET);
    // The search folder is one process's.
    drop(app);
    let served = Served::behind(&database, true);
    let head = format!("accept: application/json\r\ncookie: __Host-form={SECRET}\r\nx-csrf-token: {token}\r\n");
    let mut client = Client::with(served.address, &head);
    let pairs = runtime.block_on(pairs(&mut client, PAIRS[usize::from(plan.quick)]));
    vec![figure(plan, place.engine, &pairs)]
}

/// So many pairs: the time with an account, and without.
async fn pairs(client: &mut Client, count: usize) -> Vec<[Duration; 2]> {
    let random = Random::system();
    let mut all = Vec::with_capacity(count);
    for number in 0..count {
        let unknown = format!("138{:08}", random.below(100_000_000));
        let mut took = [Duration::ZERO; 2];
        for which in [number % 2, 1 - number % 2] {
            let account = if which == 0 { KNOWN } else { &unknown };
            let [a, b, c] = random.bytes::<3>();
            let form = json!({"account": account, "password": "sieben graue Esel am Bach"}).to_string();
            let start = Instant::now();
            let answer = client.post("/session", &format!("x-forwarded-for: 10.{a}.{b}.{c}\r\n"), &form).await;
            took[which] = start.elapsed();
            assert_eq!(answer.map(|answer| answer.status), Ok(422), "{}", client.told());
        }
        all.push(took);
    }
    all
}

/// The difference in percent of the median time; below that bound, or this part fails.
fn figure(plan: &Plan, engine: &'static str, pairs: &[[Duration; 2]]) -> Figure {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let all = sorted(pairs.iter().flatten().map(|time| micros(*time)));
    let differences = sorted(pairs.iter().map(|[known, unknown]| micros(*known) - micros(*unknown)));
    let (p50, p99) = (middle(&all), all[all.len() * 99 / 100]);
    let percent = middle(&differences).abs() / p50 * 100.0;
    assert!(plan.quick || percent <= BOUND, "the time tells who has an account: {percent:.2} % of {p50:.0} µs");
    let figure = Figure::of("sign-in-timing", Some(engine), percent, "%", pairs.len());
    Figure { p50_us: Some(p50.round()), p99_us: Some(p99.round()), ..figure }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(known: u64, unknown: u64) -> Figure {
        let pairs: Vec<_> =
            (0..101).map(|number| [known, unknown].map(|time| Duration::from_micros(time + number * 7 % 40))).collect();
        figure(&Plan::new(std::iter::empty()).unwrap(), "sqlite", &pairs)
    }

    #[test]
    fn what_differs_by_little_is_within_the_bound() {
        assert!(told(40_000, 40_800).value < BOUND && told(40_800, 40_000).value < BOUND);
    }

    #[test]
    #[should_panic(expected = "tells who has an account")]
    fn what_hashes_for_somebody_only_is_not() {
        told(40_000, 2_000);
    }
}
