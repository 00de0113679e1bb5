//! An acknowledgement follows a flush: loss of power takes nothing back. Losing a process shows nothing of that, so the
//! calls of the real program are traced: what a request's answer acknowledges was written and flushed before the answer.

use super::program::Program;
use super::trace::{Call, read, traced};
use crate::people::Applicant;
use crate::sourcing::{add_lot, bid, draft, id, publish, published, text};
use crate::world::{World, server};
use kit::clock::Clock;
use kit::id::Id;
use std::path::Path;
use std::time::{Duration, Instant};

const WRITES: [&str; 4] = ["write", "writev", "pwrite64", "pwritev"];
const FLUSHES: [&str; 2] = ["fsync", "fdatasync"];

/// The calls between the arrival of a request and its answer.
struct Request<'t> {
    what: &'static str,
    calls: Vec<&'t Call>,
}

/// How long whoever traces may take to write down what has happened.
const WRITTEN_DOWN: Duration = Duration::from_secs(60);

/// The request that begins so, and was answered well.
fn request<'t>(trace: &'t [Call], what: &'static str, head: &str) -> Request<'t> {
    found(trace, what, head).unwrap_or_else(|| panic!("{head} has not arrived, or has no answer"))
}

/// The same, where it is there.
fn found<'t>(trace: &'t [Call], what: &'static str, head: &str) -> Option<Request<'t>> {
    let is_there = |call: &&Call| call.is_any(&["read", "recvfrom"]) && call.data.starts_with(head.as_bytes());
    let arrival = trace.iter().find(is_there)?;
    let is_answer = |call: &&Call| {
        call.file == arrival.file && call.begin > arrival.end && call.data.starts_with(b"HTTP/1.1 2") && call.result > 0
    };
    let answer = trace.iter().find(is_answer)?;
    let calls = trace.iter().filter(|call| call.begin > arrival.end && call.end < answer.begin).collect();
    Some(Request { what, calls })
}

/// The trace, once it tells of the answer to this last request: who was answered knows of it before strace has written
/// the call down, and strace ends with the program.
async fn traced_until(file: &Path, last: &str) -> Vec<Call> {
    let began = Instant::now();
    loop {
        let trace = read(&std::fs::read_to_string(file).unwrap());
        if found(&trace, "the last request", last).is_some() {
            return trace;
        }
        assert!(began.elapsed() < WRITTEN_DOWN, "{last} is not in the trace");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Request<'_> {
    /// The first call that these hold for, and that begins after another has ended; its end.
    fn first(&self, what: &str, after: usize, is_it: impl Fn(&Call) -> bool) -> usize {
        let found = self.calls.iter().find(|call| call.begin > after && call.result >= 0 && is_it(call));
        found.unwrap_or_else(|| panic!("{}: before its answer there is no {what}", self.what)).end
    }

    /// These bytes were written to a file with this in its path, and afterwards the file was flushed. The end of that.
    fn flushed(&self, file: &str, bytes: &[u8], after: usize) -> usize {
        let ours = |call: &Call| call.file.contains(file);
        let wrote = self.first(&format!("write of the data to {file}"), after, |call| {
            ours(call) && call.is_any(&WRITES) && call.holds(bytes)
        });
        self.first(&format!("flush of {file} after the data"), wrote, |call| ours(call) && call.is_any(&FLUSHES))
    }
}

#[tokio::test]
async fn what_is_acknowledged_was_flushed_before() {
    if server().is_some() {
        return;
    }
    let world = World::timed(Clock::system()).await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let file = world.folder.path().join("trace");
    let mut is_traced = false;
    let program = Program::start(&world, |command| {
        if let Some(strace) = traced(command, &file) {
            (*command, is_traced) = (strace, true);
        }
    });
    let program = program.await;
    if !is_traced {
        eprintln!("skipped 1 test of flushes: strace is not there (scripts/packages.sh), or may not trace");
        return;
    }
    let (buyer, provider) = (buyer.at_root(&program.root), provider.at_root(&program.root));
    let applicant = Applicant::new("provider");
    world.visitor().at_root(&program.root).post("/registrations", applicant.form()).await.ok();
    let sealed = bid(&provider, &lot, "4,500,000").await;
    let (tender, title) = (text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id"), id());
    add_lot(&buyer, &tender, &id(), &title).await;
    let content = id().repeat(800);
    let documents = [("documents", "plan.txt", content.as_bytes())];
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], &documents).await.ok();
    publish(&buyer, &tender).await.ok();
    let publication = format!("POST /tenders/{tender}/publication ");
    let trace = traced_until(&file, &publication).await;
    program.stop();

    let (log, keys) = ("/data/ziyun.db-wal", "/keys/keys.db-wal");
    let bytes = |id: &str| *id.parse::<Id<()>>().unwrap().as_bytes();

    let registration = request(&trace, "a registration", "POST /registrations ");
    let key = registration.first("write of a key", 0, |call| call.file.contains(keys) && call.is_any(&WRITES));
    let key = registration.first("flush of the key", key, |call| call.file.contains(keys) && call.is_any(&FLUSHES));
    // The key is durable before anything that is sealed with it is even written.
    registration.flushed(log, applicant.credit_code.as_bytes(), key);

    let lot = request(&trace, "a lot", &format!("POST /tenders/{tender}/lots "));
    lot.flushed(log, title.as_bytes(), 0);

    request(&trace, "a bid", "POST /lots/").flushed(log, &bytes(&sealed), 0);

    let upload = request(&trace, "a document", &format!("POST /tenders/{tender}/documents "));
    let blob = upload.flushed("/data/blobs/", &content.as_bytes()[..100], 0);
    let named = upload
        .first("name of the blob", blob, |call| call.is_any(&["link", "linkat", "rename", "renameat", "renameat2"]));
    let is_folder =
        |call: &Call| call.is_any(&FLUSHES) && call.file.contains("/data/blobs/default/") && !call.file.contains('#');
    let kept = upload.first("flush of the folder of the blob", named, is_folder);
    let made = |call: &Call| call.is_any(&FLUSHES) && call.file.ends_with("/data/blobs/default");
    upload.first("flush of the folder in which that folder was made", 0, made);
    upload.flushed(log, b"plan.txt", kept);

    let publication = request(&trace, "a publication", &publication);
    let secret =
        publication.first("write of the tender's key", 0, |call| call.file.contains(keys) && call.is_any(&WRITES));
    let secret = publication.first("flush of it", secret, |call| call.file.contains(keys) && call.is_any(&FLUSHES));
    publication.flushed(log, b"tender.published", secret);
}

/// One request on one connection, and what lies between it and its answer.
fn told(between: &[&str]) -> Vec<Call> {
    let mut lines = vec![r#"1 recvfrom(3<socket:[1]>, "POST /a HTTP/1.1", 16, 0, NULL, NULL) = 16"#];
    lines.extend(between);
    lines.push(r#"1 writev(3<socket:[1]>, [{iov_base="HTTP/1.1 201 Created", iov_len=20}], 1) = 20"#);
    read(&lines.join("\n"))
}

const WRITTEN: &str = r#"2 pwrite64(4</data/ziyun.db-wal>, "the row", 7, 0) = 7"#;
const FLUSHED: &str = "2 fsync(4</data/ziyun.db-wal>) = 0";

#[test]
fn a_flush_after_the_data_is_found() {
    let trace = told(&[WRITTEN, FLUSHED]);
    request(&trace, "a", "POST /a ").flushed("/data/ziyun.db-wal", b"the row", 0);
}

#[test]
fn an_acknowledgement_without_a_flush_is_found() {
    let unfinished = "2 fsync(4</data/ziyun.db-wal> <unfinished ...>";
    let failed = "2 fsync(4</data/ziyun.db-wal>) = -1 EIO (Input/output error)";
    let other = "2 fsync(5</data/ziyun.db>) = 0";
    for between in
        [vec![WRITTEN], vec![FLUSHED, WRITTEN], vec![WRITTEN, unfinished], vec![WRITTEN, failed], vec![WRITTEN, other]]
    {
        let trace = told(&between);
        let looked = || request(&trace, "a", "POST /a ").flushed("/data/ziyun.db-wal", b"the row", 0);
        assert!(std::panic::catch_unwind(looked).is_err(), "{between:?}");
    }
}
