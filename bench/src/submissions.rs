//! `bid-submission` and `registration`: acts over HTTP by many at the same time, each with what it needs to be let in.

use crate::bid::{Bidding, Called, providers, tenders};
use crate::figure::Figure;
use crate::http::Client;
use crate::load::{Sample, drive};
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use crate::rounds::{self, Case};
use crate::served::Served;
use app::sourcing::bid::Bid;
use app::sourcing::tender::Hands;
use argon2::{Algorithm, Argon2, Params, Version};
use kit::clock::Clock;
use kit::id::Id;
use kit::identifier::Uscc;
use kit::random::Random;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// The figures of this part.
pub const NAMES: [&str; 3] = ["unit-bid-128", "bid-submission", "envelope-submission"];

/// The figures of registering.
pub const REGISTRATION: [&str; 2] = ["password-hash", "registration"];

/// Who bid at the same time.
const BIDDERS: usize = 128;

/// Who register at the same time.
const APPLICANTS: usize = 16;

/// A signed-in provider, as its browser knows itself.
#[derive(Clone)]
pub struct Provided {
    /// The head's lines: the cookie, and the token of its forms.
    pub head: String,
}

/// The figures of bidding.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let runtime = runtime();
    let (bare, database) = (place.database(), place.database());
    let bidding = runtime.block_on(Bidding::prepare(bare.app(&runtime)));
    let (lots, sealed, provided) = prepare(&runtime, &database);
    let served = Served::start(&database);
    let counts = || Arc::new((0..BIDDERS).map(|_| AtomicUsize::new(0)).collect::<Vec<_>>());
    let (address, next, after) = (served.address, counts(), counts());
    let theirs = provided.clone();
    let cases = [
        Case::new("unit-bid-128", |time| units(&bidding, time)),
        Case::new("bid-submission", move |time| bids(address, &provided, &lots, &next, time)).against("unit-bid-128"),
        Case::new("envelope-submission", move |time| envelopes(address, &theirs, &sealed, &after, time))
            .against("unit-bid-128"),
    ];
    rounds::measure(plan, place.engine, &cases)
}

/// Lots, envelopes and sessions.
type Ready = (Arc<Vec<String>>, Arc<Vec<Enclosed>>, Arc<Vec<Provided>>);

/// Lots that take bids, and who bids, in the database of the program that will be started: the search folder is one
/// process's, so this one leaves it again.
fn prepare(runtime: &Runtime, database: &Database) -> Ready {
    let app = database.app(runtime);
    let lots = runtime.block_on(Bidding::prepare(app.clone())).lots();
    let officers = (0..3).map(|_| sealing::new_key().to_public().to_string()).collect();
    let hands = Hands { k: 2, holders: officers, ..Hands::default() };
    let called = runtime.block_on(tenders(&app, &Random::seeded(9), Some(&hands))).expect("tenders stand");
    let sealed = called.iter().map(|one| Enclosed::of(one, &hands)).collect();
    (lots, Arc::new(sealed), Arc::new(runtime.block_on(providers(&app, BIDDERS))))
}

/// A bid as its bidder's browser has sealed it, and the commitment to it. To seal is the bidder's work and not measured.
struct Enclosed {
    lot: String,
    envelope: Vec<u8>,
    commitment: String,
}

impl Enclosed {
    fn of(called: &Called, hands: &Hands) -> Self {
        let (tender, lot) = (called.tender.to_string(), called.lot.to_string());
        let note = "两年质保，驻场工程师两名，四小时到场。".repeat(8);
        let offer = json!({"tender": tender, "lot": lot, "price": 86_900_000, "delivery_days": 30, "note": note});
        let hands = sealing::Hands::new(&called.recipient, &hands.holders, hands.k).expect("keys");
        let envelope = hands.seal(&sealing::content::pack(&offer, &[])).expect("sealed");
        let commitment = sealing::Commitment::to(&envelope, (&tender, &lot, 1)).expect("a commitment").line();
        Self { lot, envelope, commitment }
    }

    /// The form with this id, as browsers send it.
    fn body(&self, id: Id<Bid>) -> Vec<u8> {
        let field = |name: &str, value: &str| {
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"envelope\"; filename=\"envelope.ziyun\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        let head = field("id", &id.to_string()) + &field("commitment", &self.commitment) + &file;
        [head.as_bytes(), &self.envelope, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
    }
}

/// No envelope has it.
const BOUNDARY: &str = "----------------------------ziyun-bench";

/// The figures of registering.
///
/// # Panics
/// When anything that is measured fails.
pub fn register(plan: &Plan, place: &Place) -> Vec<Figure> {
    let database = place.database();
    let token = database.app(&runtime()).form_tokens().of(SECRET);
    let served = Served::behind(&database, true);
    let address = served.address;
    let cases = [
        Case::new("password-hash", hashes),
        Case::new("registration", move |time| registrations(address, &token, time)).against("password-hash"),
    ];
    rounds::measure(plan, place.engine, &cases)
}

fn units(bidding: &Bidding, time: Duration) -> Sample {
    drive(BIDDERS, time, |number| {
        let (bidding, mut next) = (bidding.clone(), number * 7_919);
        async move || {
            next += 1;
            bidding.submit(next).await;
        }
    })
}

/// Each bidder bids for one lot after the other, and goes on where it stopped the last time.
fn bids(
    address: SocketAddr,
    provided: &[Provided],
    lots: &Arc<Vec<String>>,
    next: &Arc<Vec<AtomicUsize>>,
    time: Duration,
) -> Sample {
    let random = Random::system();
    drive(BIDDERS, time, |number| {
        let head = format!("accept: application/json\r\n{}", provided[number].head);
        let mut client = Client::with(address, &head);
        let (lots, random, next) = (lots.clone(), random.clone(), next.clone());
        async move || {
            let lot = &lots[next[number].fetch_add(1, Ordering::Relaxed)];
            let id: Id<Bid> = Id::v7(Clock::system().now(), &random);
            let note = "两年质保，驻场工程师两名，四小时到场。".repeat(8);
            let bid = json!({"id": id, "price": "869000.00", "delivery_days": "30", "note": note}).to_string();
            let answer =
                client.post(&format!("/lots/{lot}/bids"), "", &bid).await.unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(answer.status, 201, "{}", client.told());
        }
    })
}

/// The same with envelopes that their bidders have sealed.
fn envelopes(
    address: SocketAddr,
    provided: &[Provided],
    sealed: &Arc<Vec<Enclosed>>,
    next: &Arc<Vec<AtomicUsize>>,
    time: Duration,
) -> Sample {
    let random = Random::system();
    drive(BIDDERS, time, |number| {
        let head = format!("accept: application/json\r\n{}", provided[number].head);
        let mut client = Client::with(address, &head);
        let (sealed, random, next) = (sealed.clone(), random.clone(), next.clone());
        async move || {
            let one = &sealed[next[number].fetch_add(1, Ordering::Relaxed)];
            let body = one.body(Id::v7(Clock::system().now(), &random));
            let answer = client.upload(&format!("/lots/{}/envelopes", one.lot), BOUNDARY, &body).await;
            assert_eq!(answer.unwrap_or_else(|why| panic!("{why}")).status, 201, "{}", client.told());
        }
    })
}

/// The secret of the form cookie.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn registrations(address: SocketAddr, token: &str, time: Duration) -> Sample {
    let random = Random::system();
    drive(APPLICANTS, time, |_| {
        let head = format!("accept: application/json\r\ncookie: __Host-form={SECRET}\r\nx-csrf-token: {token}\r\n");
        let (mut client, random) = (Client::with(address, &head), random.clone());
        async move || {
            let [a, b, c] = random.bytes::<3>();
            let form = applicant(&random).to_string();
            let lines = format!("x-forwarded-for: 10.{a}.{b}.{c}\r\n");
            let answer = client.post("/registrations", &lines, &form).await.unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(answer.status, 201, "{}", client.told());
        }
    })
}

fn applicant(random: &Random) -> serde_json::Value {
    let number = random.below(100_000_000);
    json!({
        "company": format!("衡川数维科技有限公司{number}"), "credit_code": credit_code(random),
        "buyer": true, "provider": true, "phone": format!("138{number:08}"),
        "email": format!("person{number}@hengchuan.example"), "password": "correct horse battery staple 9",
        "adult": true, "agree": true, "policy": policy::current().id,
    })
}

/// The last character of the organisation code and that of the whole are check characters (GB 11714, GB 32100).
fn credit_code(random: &Random) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let start = format!("91110105{:08}", random.below(100_000_000));
    let pairs = ALPHABET.chars().flat_map(|one| ALPHABET.chars().map(move |other| [one, other]));
    let mut codes = pairs.map(|[one, other]| format!("{start}{one}{other}"));
    codes.find(|code| Uscc::parse(code).is_ok()).expect("two check characters fit")
}

/// As the program hashes passwords, on every core.
fn hashes(time: Duration) -> Sample {
    let took = std::thread::scope(|scope| {
        let all: Vec<_> = (0..crate::bare::cores()).map(|_| scope.spawn(move || hash(time))).collect();
        all.into_iter().flat_map(|one| one.join().expect("a thread hashes to the end")).collect()
    });
    Sample::new(took, time)
}

fn hash(time: Duration) -> Vec<Duration> {
    let params = Params::new(46 * 1024, 1, 1, None).expect("the parameters are within Argon2's limits");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (begin, mut took, mut out) = (Instant::now(), Vec::new(), [0; 32]);
    while begin.elapsed() < time {
        let start = Instant::now();
        argon2.hash_password_into(b"correct horse battery staple 9", &[7; 16], &mut out).expect("a hash");
        took.push(start.elapsed());
    }
    took
}
