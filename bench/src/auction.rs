//! `auction-ack` and `auction-fanout`: an open auction in which everybody offers once a second and everybody follows.
//!
//! Each participant keeps two connections: one on which it offers a price below all that were offered so far, one by which it is told
//! what happens. An acknowledgement is measured from the sending of an offer to its answer; a fan-out from the sending of an offer that
//! was taken to the moment at which a follower has it, once for each follower. Both are in order of their percentiles, and both
//! include what the participants' own 400 connections cost the same machine.

use crate::bid::{providers, tenders};
use crate::figure::Figure;
use crate::http::Client;
use crate::load::Sample;
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use crate::served::Served;
use app::sourcing::tender::{Lot, Tender};
use jiff::SignedDuration;
use kit::clock::Clock;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::random::Random;
use kit::values;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// The figures of this part.
pub const NAMES: [&str; 2] = ["auction-ack", "auction-fanout"];

/// Who takes part.
const PARTICIPANTS: usize = 200;

/// How often each offers.
const EVERY: Duration = Duration::from_secs(1);

/// What everybody begins with, in fen. A step is one fen, so that nobody comes to the floor.
const OPENED: i64 = 8_690_000_000;

/// The figures.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (runtime, database) = (runtime(), place.database());
    let (lot, heads) = prepare(&runtime, &database);
    let served = Served::start(&database);
    let seconds = if plan.quick { 3 } else { 20 };
    let told = run(served.address, &lot, &heads, Duration::from_secs(seconds));
    let refused = told.sent.len() as f64 - told.taken.len() as f64;
    assert!(refused < 0.5 * told.sent.len() as f64, "{refused} of {} offers were refused", told.sent.len());
    let took = told.sent.iter().map(|(_, took)| *took).collect();
    let time = Duration::from_secs(seconds);
    let (ack, fanout) = (Sample::new(took, time), Sample::new(told.fanout(), time));
    [(NAMES[0], ack), (NAMES[1], fanout)].map(|(name, sample)| Figure::rate(name, Some(place.engine), &sample)).into()
}

/// An auction that runs, and who takes part in it, in the database of the program that will be started.
fn prepare(runtime: &tokio::runtime::Runtime, database: &Database) -> (String, Vec<String>) {
    let app = database.app(runtime);
    runtime.block_on(async {
        let called = tenders(&app, &Random::seeded(11), None).await.expect("tenders stand");
        let heads = providers(&app, PARTICIPANTS).await.into_iter().map(|one| one.head).collect();
        let (tender, lot) = called.first().map(|one| (one.tender, one.lot)).expect("a tender");
        app.db().write::<_, db::Error>(move |tx| begin(tx, tender, lot)).await.expect("an auction runs");
        (lot.to_string(), heads)
    })
}

/// The opening has disclosed one bid of each, and the auction has begun.
fn begin(tx: &mut Tx, tender: Id<Tender>, lot: Id<Lot>) -> Result<(), db::Error> {
    let now = tx.now();
    let ends = now.checked_add(SignedDuration::from_hours(8)).unwrap_or(now);
    let sql = "UPDATE tender SET state = 'auction', opened_at = $1, deadline = $1, auction_at = $1, auction_check = $2, \
               next_check = $2 WHERE id = $3";
    tx.execute(sql, values![now, ends, tender])?;
    tx.execute("UPDATE lot SET state = 'auction' WHERE id = $1", values![lot])?;
    tx.execute(
        "INSERT INTO auction_terms (tender, mode, step, minutes, extension_minutes, hard_minutes) \
         VALUES ($1, 'open', 5, 480, 1, 480)",
        values![tender],
    )?;
    tx.execute(
        "INSERT INTO auction (lot, tender, phase, starts_at, ends_at, step, turn, used, entries, next_check) \
         VALUES ($1, $2, 'running', $3, $4, 1, 0, 0, 0, $4)",
        values![lot, tender, now, ends],
    )?;
    let companies =
        tx.all("SELECT id FROM company WHERE name = '服务公司' ORDER BY id", &[], |row| row.next::<[u8; 16]>())?;
    assert_eq!(companies.len(), PARTICIPANTS, "everybody takes part");
    for (letter, company) in (0i64..).zip(companies) {
        let (bid, mark): ([u8; 16], [u8; 32]) = (tx.random(), tx.random());
        tx.execute(
            "INSERT INTO bid (id, tender, lot, bidder, state, region, size, sha256, received_at, version, answers, company, \
             company_name, price) VALUES ($1, $2, $3, $4, 'opened', 'default', 0, $4, $5, 1, 0, $6, '服务公司', $7)",
            values![bid, tender, lot, mark, now, company, OPENED],
        )?;
        tx.execute(
            "INSERT INTO auction_bidder (lot, letter, bid, company, opened, price, place) VALUES ($1, $2, $3, $4, $5, $5, 0)",
            values![lot, letter, bid, company, OPENED],
        )?;
    }
    Ok(())
}

/// What came of a run.
#[derive(Default)]
struct Told {
    /// When each offer was sent, and how long its answer took.
    sent: Vec<(Instant, Duration)>,
    /// When each of those that were taken was sent, by its number.
    taken: HashMap<i64, Instant>,
    /// When a follower had which.
    had: Vec<(i64, Instant)>,
    /// What was offered last, in fen.
    price: i64,
}

impl Told {
    fn fanout(&self) -> Vec<Duration> {
        let of = |(number, at): &(i64, Instant)| self.taken.get(number).map(|sent| at.duration_since(*sent));
        self.had.iter().filter_map(of).collect()
    }
}

fn run(address: SocketAddr, lot: &str, heads: &[String], time: Duration) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let told = Rc::new(RefCell::new(Told { price: OPENED, ..Told::default() }));
    let tasks = LocalSet::new();
    runtime.block_on(tasks.run_until(async {
        for head in heads {
            let (path, told) = (format!("/lots/{lot}/auction/live?seen=0"), told.clone());
            let stream = follow(address, &path, head).await;
            tokio::task::spawn_local(listen(stream, told));
        }
        let begin = tokio::time::Instant::now() + Duration::from_millis(500);
        let bidders: Vec<_> = (0u32..)
            .zip(heads)
            .map(|(number, head)| {
                let first = begin + EVERY * number / PARTICIPANTS as u32;
                let client = Client::with(address, &format!("accept: application/json\r\n{head}"));
                tokio::task::spawn_local(offer(
                    client,
                    format!("/lots/{lot}/offers"),
                    (first, begin + time),
                    told.clone(),
                ))
            })
            .collect();
        for one in bidders {
            one.await.expect("a bidder offers to the end");
        }
        // What was offered last is still on its way.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }));
    drop(tasks);
    Rc::try_unwrap(told).map(RefCell::into_inner).unwrap_or_else(|shared| shared.replace(Told::default()))
}

/// Offers a fen less than everybody before, once a second.
async fn offer(
    mut client: Client,
    path: String,
    (mut next, end): (tokio::time::Instant, tokio::time::Instant),
    told: Rc<RefCell<Told>>,
) {
    let random = Random::system();
    while next < end {
        tokio::time::sleep_until(next).await;
        next += EVERY;
        let price = {
            let mut told = told.borrow_mut();
            told.price -= 1;
            told.price
        };
        let id = Id::<()>::v7(Clock::system().now(), &random);
        let amount = kit::money::plain(price);
        let sent = Instant::now();
        let answer = client.post(&path, "", &json!({"id": id, "amount": amount}).to_string()).await;
        let (answer, took) = (answer.unwrap_or_else(|why| panic!("{why}")), sent.elapsed());
        // One that was overtaken on its way is refused: with an answer, too.
        assert!([201, 422].contains(&answer.status), "{}", client.told());
        let mut told = told.borrow_mut();
        told.sent.push((sent, took));
        if answer.status == 201 {
            let text = client.told();
            let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let accepted: Value = serde_json::from_str(body).expect("JSON");
            told.taken.insert(accepted["number"].as_i64().expect("a number"), sent);
        }
    }
}

async fn follow(address: SocketAddr, path: &str, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the program listens");
    stream.set_nodelay(true).expect("a socket");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\n{head}\r\n");
    stream.write_all(request.as_bytes()).await.expect("the request is sent");
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}

/// Notes when each number has come.
async fn listen(mut stream: TcpStream, told: Rc<RefCell<Told>>) {
    const MARK: &[u8] = b"\"number\":";
    let mut buffer = Vec::with_capacity(64 * 1024);
    loop {
        if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
            return;
        }
        let now = Instant::now();
        // Whole messages only.
        let Some(end) = buffer.windows(2).rposition(|two| two == b"\n\n") else { continue };
        let whole = &buffer[..end];
        let mut told = told.borrow_mut();
        for at in (0..whole.len().saturating_sub(MARK.len())).filter(|at| whole[*at..].starts_with(MARK)) {
            let digits = whole[at + MARK.len()..].iter().take_while(|byte| byte.is_ascii_digit());
            let number = digits.fold(0i64, |number, digit| number * 10 + i64::from(digit - b'0'));
            told.had.push((number, now));
        }
        buffer.drain(..end + 2);
    }
}
