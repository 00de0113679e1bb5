//! `upload-1gb-memory`: how much more memory the program holds, at most, while a bid's ciphertext of a gigabyte is uploaded in one piece,
//! compared with its commitment and put away.

use crate::bid::{Called, providers, tenders};
use crate::figure::Figure;
use crate::http::Client;
use crate::place::{Place, runtime};
use crate::plan::Plan;
use crate::served::Served;
use app::sourcing::bid::Bid;
use app::sourcing::tender::Hands;
use aws_lc_rs::digest::{Context, SHA256};
use kit::clock::Clock;
use kit::id::Id;
use kit::random::Random;
use sealing::Commitment;
use sealing::content::{Entry, packed};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// The figure of this part.
pub const NAMES: [&str; 1] = ["upload-1gb-memory"];

/// How large the file in the bid is, in bytes; smaller in a quick run.
const FILE: [usize; 2] = [1_000_000_000, 100_000_000];

/// No more is wanted, in MB.
const BOUND: f64 = 64.0;

/// How often the program is weighed.
const EVERY: Duration = Duration::from_millis(20);

/// The figure.
///
/// # Panics
/// When anything that is measured fails, or the program takes more than the bound.
pub fn measure(plan: &Plan, place: &Place, out: &Path) -> Vec<Figure> {
    let (runtime, database) = (runtime(), place.database());
    let app = database.app(&runtime);
    let holders = (0..3).map(|_| sealing::new_key().to_public().to_string()).collect();
    let hands = Hands { k: 2, holders, ..Hands::default() };
    let called = runtime.block_on(tenders(&app, &Random::seeded(9), Some(&hands))).expect("tenders stand").remove(0);
    let provided = runtime.block_on(providers(&app, 1)).remove(0);
    drop(app);
    let folder = tempfile::tempdir_in(out).expect("the folder can be written");
    let envelope = folder.path().join("envelope.ziyun");
    let commitment = seal(&called, &hands, FILE[usize::from(plan.quick)], &envelope);
    let served = Served::start(&database);
    let head = format!("accept: application/json\r\n{}", provided.head);
    let path = runtime.block_on(commit(&served, &head, &called, &commitment));
    std::thread::sleep(Duration::from_secs(2));
    let weigh = || served.memory().map_or(0, |(all, _)| all);
    let (before, mut most) = (weigh(), 0);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| send(&served, &head, &path, &envelope));
        while !sending.is_finished() {
            most = most.max(weigh());
            std::thread::sleep(EVERY);
        }
        sending.join().expect("the ciphertext is taken");
    });
    let more = most.saturating_sub(before) as f64 / 1e6;
    assert!(more <= BOUND, "{more} MB more, and {BOUND} are wanted at most");
    vec![Figure::of(NAMES[0], Some(place.engine), more, "MB", 1)]
}

/// Seals a bid with a file of this length, as its bidder's program does; answers the commitment to it.
fn seal(called: &Called, hands: &Hands, length: usize, to: &Path) -> Commitment {
    let (tender, lot) = (called.tender.to_string(), called.lot.to_string());
    let offer = json!({"tender": tender, "lot": lot, "price": 86_900_000, "delivery_days": 30, "note": ""});
    let entry = Entry { name: "plan.bin".to_owned(), size: length };
    let (size, plain) = packed(&offer, vec![(entry, Box::new(io::repeat(0xA5)) as Box<dyn Read>)]);
    let sealing = sealing::Hands::new(&called.recipient, &hands.holders, hands.k).expect("keys");
    let mut file = BufWriter::with_capacity(1 << 20, File::create(to).expect("a file"));
    let recipient = sealing.seal_to(plain, size, &mut file).expect("sealed");
    file.flush().expect("written");
    let (mut digest, mut piece, mut file) = (Context::new(&SHA256), vec![0; 1 << 20], File::open(to).expect("a file"));
    let mut bytes = 0;
    loop {
        let read = file.read(&mut piece).expect("read");
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        bytes += read as u64;
    }
    let sha256 = digest.finish().as_ref().try_into().expect("32 bytes");
    Commitment::of(bytes, sha256, &recipient, (&tender, &lot, 1))
}

/// Commits; answers where the ciphertext goes.
async fn commit(served: &Served, head: &str, called: &Called, commitment: &Commitment) -> String {
    let id: Id<Bid> = Id::v7(Clock::system().now(), &Random::system());
    let mut client = Client::with(served.address, head);
    let form = json!({"id": id, "commitment": commitment.line()}).to_string();
    let answer = client.post(&format!("/lots/{}/commitments", called.lot), "", &form).await;
    assert_eq!(answer.unwrap_or_else(|why| panic!("{why}")).status, 201, "{}", client.told());
    let told = client.told();
    let upload = told.split("\"upload\":\"").nth(1).and_then(|rest| rest.split('"').next());
    format!("/uploads/{}", upload.expect("an upload"))
}

/// Sends all of it in one request.
fn send(served: &Served, head: &str, path: &str, envelope: &Path) {
    let mut file = File::open(envelope).expect("a file");
    let length = file.metadata().expect("a length").len();
    let mut line = TcpStream::connect(served.address).expect("a connection");
    write!(
        line,
        "PATCH {path} HTTP/1.1\r\nhost: {}\r\n{head}tus-resumable: 1.0.0\r\nupload-offset: 0\r\nconnection: close\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {length}\r\n\r\n",
        served.address
    )
    .expect("the head is sent");
    io::copy(&mut file, &mut line).expect("the body is sent");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
}
