//! `two-worlds`: whether the time of an answer tells that bids lie sealed. Two installations are equal but for fifty of them; visitor,
//! buyer and operator ask each route of both, in turns which first, and the medians of each route are compared. The lines of all
//! routes go to `bench/out/two-worlds-ENGINE.txt`; the figure is the route that differs most.

use crate::bare::{Server, serve};
use crate::bid::{Called, Whose, add_company, call, head, sign_in};
use crate::figure::Figure;
use crate::http::Client;
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use app::app::{App, REGION};
use app::config::SecondFactor;
use app::sourcing::bid::Bid;
use app::sourcing::tender::key;
use http::Method;
use kit::db::{self, Tx};
use kit::random::Random;
use kit::values;
use std::fmt::Write as _;
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The figure of this part.
pub const NAMES: [&str; 1] = ["two-worlds"];

/// How many bids lie sealed in the second world.
const BIDS: usize = 50;

/// How often each route is asked in each world; and in a quick run.
const REQUESTS: [usize; 2] = [200, 10];

/// By how much of the smaller median the two may differ, in percent.
const BOUND: f64 = 20.0;

/// A route that differs by more is asked anew, so many times at most, and the middle of what was measured counts, with its sign: chance
/// does not come back, and it goes both ways. What bids cost does come back.
const AGAIN: usize = 6;

/// What goes on for ever, and what is excluded with its reason (`docs/sealing.md`): the sealed access log.
const LEFT_OUT: [&str; 2] = ["/inbox/live", "/desk/uses"];

/// The figure.
///
/// # Panics
/// When anything that is measured fails, or a route differs by more than the bound.
pub fn measure(plan: &Plan, place: &Place, out: &Path) -> Vec<Figure> {
    let all = std::thread::available_parallelism().map_or(1, NonZero::get);
    run_on("0");
    let runtime = runtime();
    let worlds = [0, BIDS].map(|bids| runtime.block_on(World::make(place.database(), bids)));
    let compared = runtime.block_on(compare(&worlds, REQUESTS[usize::from(plan.quick)], |_| true));
    run_on(&format!("0-{}", all - 1));
    let text = told(&compared);
    std::fs::write(out.join(format!("two-worlds-{}.txt", place.engine)), text).expect("the folder can be written");
    vec![figure(plan, place.engine, &compared)]
}

/// Keeps this process to these cores, and what it starts from now on. Where one of two servers lies beside its client and the other on another
/// core, waking the other takes some 40 µs more, which is a third of a short answer and lasts as long as they lie so. Without `taskset`
/// (util-linux) chance has more to say.
fn run_on(cores: &str) {
    let process = std::process::id().to_string();
    let kept = Command::new("taskset").args(["-a", "-c", "-p", cores, &process]).stdout(Stdio::null()).status();
    if !kept.is_ok_and(|status| status.success()) {
        eprintln!("two-worlds: not kept to cores {cores}: no taskset");
    }
}

/// A route as somebody has asked it in both worlds.
struct Compared {
    who: &'static str,
    path: String,
    status: u16,
    /// The medians, in µs.
    p50: [f64; 2],
    requests: usize,
}

impl Compared {
    fn percent(&self) -> f64 {
        signed(self.p50).abs()
    }
}

/// By how much longer the second takes, in percent of the shorter.
fn signed([none, some]: [f64; 2]) -> f64 {
    (some - none) / none.min(some) * 100.0
}

fn told(compared: &[Compared]) -> String {
    let mut text = String::from("differs %  p50 without, µs  p50 with, µs  who       status  route\n");
    for one in compared {
        let ([none, some], percent) = (one.p50, one.percent());
        // Writing to a text cannot fail.
        let _ =
            writeln!(text, "{percent:9.1}  {none:15.0}  {some:12.0}  {:8}  {:6}  {}", one.who, one.status, one.path);
    }
    text
}

/// The route that differs most.
fn figure(plan: &Plan, engine: &'static str, compared: &[Compared]) -> Figure {
    let worst = compared.iter().max_by(|a, b| a.percent().total_cmp(&b.percent())).expect("routes were asked");
    let percent = worst.percent();
    assert!(plan.quick || percent < BOUND, "the time tells of bids:\n{}", told(std::slice::from_ref(worst)));
    let figure = Figure::of(NAMES[0], Some(engine), percent, "%", compared.len());
    Figure { p50_us: Some(worst.p50[0].round()), ..figure }
}

/// An installation that serves, with who looks at it.
struct World {
    server: Server,
    app: App,
    buyer: String,
    operator: String,
    tender: String,
    lot: String,
    _database: Database,
}

impl World {
    /// The same each time, but for the bids.
    async fn make(database: Database, bids: usize) -> Self {
        let app = database.opened(|config| config.operator_second_factor = SecondFactor::Offered).await;
        let random = Random::seeded(50);
        let (company, tender, lot) = (random.bytes::<16>(), random.id(), random.id());
        let unit = move |tx: &mut Tx| add_company(tx, company, "需求公司", "91330000000000050X");
        app.db().write::<_, db::Error>(unit).await.expect("a company stands");
        let recipient = key::make(&app, tender).await.expect("a key");
        let called = Called { tender, lot, recipient };
        call(&app, company, &called, "W1", None).await.expect("a tender stands");
        let buyer = head(&app, &sign_in(&app, &random, Whose::Member(company)).await);
        let operator = head(&app, &sign_in(&app, &random, Whose::Operator).await);
        bid(&app, &called, bids, &random).await;
        app.settle().await.expect("nothing is left to do");
        let server = serve(app.router());
        Self { server, app, buyer, operator, tender: tender.to_string(), lot: lot.to_string(), _database: database }
    }

    /// Somebody's connection.
    fn client(&self, who: &str) -> Client {
        let session = match who {
            "visitor" => "",
            "buyer" => &self.buyer,
            _ => &self.operator,
        };
        Client::with(self.server.address, &format!("accept: text/html\r\naccept-language: zh-CN\r\n{session}"))
    }

    /// The addresses of all that is read: of a tender and its lot where a route names one, and what needs no id.
    fn paths(&self) -> Vec<String> {
        let rows = self.app.table().into_iter().filter(|row| row.method == Method::GET).map(|row| row.path);
        let of = |path: &str| {
            let (tender, lot) = (path.strip_prefix("/tenders/{id}"), path.strip_prefix("/lots/{id}"));
            match (tender, lot) {
                (Some(rest), _) if !rest.contains('{') => Some(format!("/tenders/{}{rest}", self.tender)),
                (_, Some(rest)) if !rest.contains('{') => Some(format!("/lots/{}{rest}", self.lot)),
                _ if path.contains('{') || LEFT_OUT.contains(&path) => None,
                _ => Some(path.to_owned()),
            }
        };
        rows.filter_map(of).collect()
    }
}

/// So many sealed bids, of whoever: nobody opens them.
async fn bid(app: &App, called: &Called, bids: usize, random: &Random) {
    let rows: Vec<_> = (0..bids).map(|_| (random.id::<Bid>(), random.bytes::<32>(), random.bytes::<32>())).collect();
    let (tender, lot) = (called.tender, called.lot);
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        for (id, bidder, hash) in &rows {
            tx.execute(
                "INSERT INTO bid (id, tender, lot, bidder, state, envelope, region, size, sha256, received_at, version) \
                 VALUES ($1, $2, $3, $4, 'sealed', $5, $6, 4312, $7, $8, 1)",
                values![*id, tender, lot, *bidder, vec![0xA5_u8; 4_312], REGION, *hash, now],
            )?;
        }
        Ok(())
    };
    app.db().write::<_, db::Error>(unit).await.expect("bids stand");
}

/// Asks every route that is wanted as each of three. The first of each world is not counted: it fills what is kept.
async fn compare(worlds: &[World; 2], requests: usize, wants: impl Fn(&str) -> bool) -> Vec<Compared> {
    let [one, other] = worlds.each_ref().map(World::paths);
    let mut all = Vec::new();
    for who in ["visitor", "buyer", "operator"] {
        let mut clients = worlds.each_ref().map(|world| world.client(who));
        for paths in one.iter().zip(&other).filter(|(path, _)| wants(path)) {
            let mut rounds = Vec::new();
            let (status, p50) = loop {
                rounds.push(ask(&mut clients, paths, requests).await);
                rounds.sort_by(|a, b| signed(a.1).total_cmp(&signed(b.1)));
                let middle = rounds[rounds.len() / 2];
                // Of an even number there is no middle.
                if rounds.len() > AGAIN || (rounds.len() % 2 == 1 && signed(middle.1).abs() < BOUND) {
                    break middle;
                }
            };
            all.push(Compared { who, path: paths.0.clone(), status, p50, requests });
        }
    }
    assert!(all.iter().all(|one| one.requests == requests));
    all
}

/// Status and medians.
async fn ask(clients: &mut [Client; 2], paths: (&String, &String), requests: usize) -> (u16, [f64; 2]) {
    let paths = [paths.0, paths.1];
    let (mut took, mut status) = ([Vec::new(), Vec::new()], [0, 0]);
    for number in 0..=requests {
        for which in [number % 2, 1 - number % 2] {
            let begin = Instant::now();
            let answer = clients[which].get(paths[which]).await.expect("an answer");
            if number > 0 {
                took[which].push(begin.elapsed());
            }
            status[which] = answer.status;
        }
    }
    assert_eq!(status[0], status[1], "{} is answered alike", paths[0]);
    let p50 = took.map(|mut took: Vec<Duration>| {
        took.sort();
        took[took.len() / 2].as_secs_f64() * 1e6
    });
    (status[0], p50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_worlds_answer_the_same_routes_and_each_is_compared() {
        let (folder, runtime) = (tempfile::tempdir().unwrap(), runtime());
        let place = Place::sqlite(folder.path());
        let worlds = [0, 5].map(|bids| runtime.block_on(World::make(place.database(), bids)));
        let wants = |path: &str| path == "/notices" || path.starts_with("/tenders") || path.starts_with("/desk/jobs");
        let compared = runtime.block_on(compare(&worlds, 2, wants));
        let of = |who: &str, path: &str| compared.iter().find(|one| one.who == who && one.path == path).unwrap().status;
        let tender = format!("/tenders/{}", worlds[0].tender);
        assert_eq!([of("visitor", &tender), of("buyer", &tender), of("buyer", "/tenders")], [200, 200, 200]);
        assert_eq!(
            [of("visitor", "/desk/jobs"), of("operator", "/desk/jobs")],
            [303, 200],
            "a browser is led to the sign-in"
        );
        let lines = told(&compared);
        assert_eq!(lines.lines().count(), compared.len() + 1, "{lines}");
    }

    #[test]
    #[should_panic(expected = "the time tells of bids")]
    fn a_route_that_tells_fails_the_part() {
        let route = |some| Compared { who: "buyer", path: "/x".into(), status: 200, p50: [1_000.0, some], requests: 1 };
        figure(&Plan::new(std::iter::empty()).unwrap(), "sqlite", &[route(1_050.0), route(1_300.0)]);
    }
}
