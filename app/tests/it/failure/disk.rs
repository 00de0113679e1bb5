//! An embedded database's disk is full or fails, or somebody else keeps the file.

use super::faults::{BROKEN, FULL, Faults};
use super::program::{Program, until};
use crate::people::Applicant;
use crate::sourcing::{draft, text};
use crate::world::{Answer, Browser, World, server};
use app::config::Config;
use kit::clock::Clock;
use kit::db::{Db, Error, Settings};
use kit::random::Random;
use kit::values;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

/// A world on an embedded database with its buyer. Its tests run where SQLite's others do, once.
async fn embedded() -> Option<(World, Browser)> {
    if server().is_some() {
        return None;
    }
    let world = World::timed(Clock::system()).await;
    let buyer = world.member("buyer").await;
    // Limits that run out are swept at an hour of their own; without them nobody writes but who is asked to.
    let limits = world.app.db().write::<_, Error>(|tx| tx.execute("DELETE FROM rate_limit", &[])).await;
    assert!(limits.unwrap() > 0);
    Some((world, buyer))
}

/// How often in a row a commit of the program's own may be the one that the disk fails.
const OWN_COMMITS: usize = 5;

/// A buyer's browser at the program, with the form token that it has read.
struct Desk {
    buyer: Browser,
    token: String,
}

impl Desk {
    async fn at(buyer: &Browser, program: &Program) -> Self {
        let buyer = buyer.at_root(&program.root);
        Self { token: buyer.token().await, buyer }
    }

    async fn send(&self, draft: &Value) -> Answer {
        self.buyer.post_with(&self.token, "/tenders", draft).await
    }
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, code), "{}", answer.text);
}

/// How many rows and how many events there are of a draft: as many of one as of the other, or it is half written.
async fn written(db: &Db, draft: &Value) -> i64 {
    let id = text(draft, "id");
    let count = db.read::<_, Error>(move |tx| {
        let id: kit::id::Id<()> = id.parse().expect("an id");
        tx.one(
            "SELECT (SELECT count(*) FROM tender WHERE id = $1), \
             (SELECT count(*) FROM event WHERE tender = $1 AND kind = 'tender.drafted')",
            values![id],
            |row| Ok((row.next::<i64>()?, row.next::<i64>()?)),
        )
    });
    let (rows, events) = count.await.unwrap();
    assert_eq!(rows, events, "a draft is half written");
    rows
}

/// Waits until the program has done all that was left to it, so that the next to write is a request.
async fn rested(config: &Config) {
    let db = Db::open(&Settings::new(&config.database_url), Clock::system(), Random::system()).unwrap();
    let left = "SELECT (SELECT count(*) FROM event WHERE seq IS NULL) + (SELECT count(*) FROM job WHERE kind <> 'log.audit') \
                + (SELECT count(*) FROM follower, sequencer WHERE seq < last)";
    let rests = async || {
        let left = db.read::<i64, Error>(move |tx| tx.one(left, &[], |row| row.next())).await.unwrap();
        (left == 0).then_some(())
    };
    until("nothing is left to do", rests).await;
}

/// Every file below a folder.
fn below(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeSet::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { below(&path) } else { [path.display().to_string()].into() }).collect()
}

#[tokio::test]
async fn a_full_disk_refuses_writes_alone_and_what_was_refused_goes_through_later() {
    let Some((world, buyer)) = embedded().await else { return };
    let Some(faults) = Faults::ready(world.folder.path()) else { return };
    let mut program = Program::start(&world, |command| faults.under(command)).await;
    let desk = Desk::at(&buyer, &program).await;
    let (first, second) = (draft(&world), draft(&world));
    faults.fail("write", "ziyun.db-wal", FULL);
    for _ in 0..2 {
        refused(&desk.send(&first).await, "busy");
    }
    // Who is opened nothing, because it could not be recorded, sees nothing.
    let me = desk.buyer.get("/me").await;
    refused(&me, "busy");
    assert!(!me.text.contains("hengchuan"), "{}", me.text);
    // What writes nothing goes on.
    desk.buyer.get("/tenders").await.ok();
    desk.buyer.page("/notices").await.ok();
    assert!(program.is_running());
    assert_eq!(written(world.app.db(), &first).await, 0);
    faults.end();
    for (draft, times) in [(&second, 1), (&first, 2)] {
        for _ in 0..times {
            desk.send(draft).await.ok();
        }
        assert_eq!(written(world.app.db(), draft).await, 1);
    }
    desk.buyer.get("/me").await.ok();
}

#[tokio::test]
async fn a_file_that_finds_no_room_or_a_broken_disk_leaves_neither_blob_nor_row() {
    let Some((world, buyer)) = embedded().await else { return };
    let Some(faults) = Faults::ready(world.folder.path()) else { return };
    let program = Program::start(&world, |command| faults.under(command)).await;
    let desk = Desk::at(&buyer, &program).await;
    let draft = draft(&world);
    desk.send(&draft).await.ok();
    let path = format!("/tenders/{}/documents", text(&draft, "id"));
    let content = vec![b'x'; 100_000];
    let upload = async || desk.buyer.upload(&path, &[], &[("documents", "plan.pdf", &content)]).await;
    let blobs = world.app.config().data_dir.join("blobs");
    for (call, error) in [("write", FULL), ("write", BROKEN), ("sync", BROKEN)] {
        faults.fail(call, "/blobs/", error);
        refused(&upload().await, "busy");
        assert_eq!(below(&blobs), BTreeSet::new(), "after {call} failed with {error}");
        assert_eq!(world.count("SELECT count(*) FROM tender_document").await, 0);
    }
    faults.end();
    upload().await.ok();
    assert_eq!(world.count("SELECT count(*) FROM tender_document").await, 1);
    assert_eq!(below(&blobs).len(), 1);
}

#[tokio::test]
async fn a_commit_that_the_disk_fails_ends_the_process_and_the_next_finds_all_or_nothing() {
    let Some((world, buyer)) = embedded().await else { return };
    let before = draft(&world);
    // Of a log that is new the flush of its head fails before anything else is written. In one that is in use, of a flush
    // that fails all has been written, and of a write that fails nothing. Only the program knows whether its own commits
    // have begun the log, so the first case may end either way.
    let cases = [("sync", false, 0..=1), ("sync", true, 1..=1), ("write", true, 0..=0)];
    let cases = cases.map(|(call, in_use, there_after)| (draft(&world), call, in_use, there_after));
    // A start that is not the first writes nothing.
    app::restore::own_keys(&world.app).await.unwrap();
    // Nobody else has the database open: the next start alone recovers it.
    let (folder, config) = world.close().await;
    let Some(faults) = Faults::ready(folder.path()) else { return };
    for (draft, call, in_use, there_after) in &cases {
        let before = in_use.then_some(&before);
        let struck = async || {
            let mut program = Program::start_in(folder.path(), &config, |command| faults.under(command)).await;
            let desk = Desk::at(&buyer, &program).await;
            if let Some(before) = before {
                desk.send(before).await.ok();
            }
            rested(&config).await;
            faults.fail(call, "ziyun.db-wal", BROKEN);
            let answer = desk.send(draft).await;
            assert_eq!(program.ended().await.code(), Some(70), "{call}");
            faults.end();
            answer
        };
        let mut answer = struck().await;
        // The program writes of its own accord too (use is recorded some time after it): if that commit was the one to
        // fail, the request was refused before anything of it was written, and its turn is still to come.
        let mut there_after = there_after.clone();
        for _ in 0..OWN_COMMITS {
            if answer.code() != "busy" {
                break;
            }
            // What the failed commit has left of the log decides from here on.
            if *call == "sync" {
                there_after = 0..=1;
            }
            answer = struck().await;
        }
        refused(&answer, "outcome-unknown");
        let program = Program::start_in(folder.path(), &config, |command| faults.under(command)).await;
        let db = Db::open(&Settings::new(&config.database_url), Clock::system(), Random::system()).unwrap();
        assert!(there_after.contains(&written(&db, draft).await), "{call}");
        let desk = Desk::at(&buyer, &program).await;
        desk.send(draft).await.ok();
        assert_eq!(written(&db, draft).await, 1, "{call}: the repeat finds its row, or makes it");
    }
}

#[tokio::test]
async fn a_key_that_may_not_be_durable_ends_the_process_before_anything_is_sealed_with_it() {
    let Some((world, _)) = embedded().await else { return };
    let Some(faults) = Faults::ready(world.folder.path()) else { return };
    let mut program = Program::start(&world, |command| faults.under(command)).await;
    let (visitor, applicant) = (world.visitor().at_root(&program.root), Applicant::new("provider"));
    let token = visitor.token().await;
    let before = world.count("SELECT (SELECT count(*) FROM subject) + (SELECT count(*) FROM registration)").await;
    faults.fail("sync", "keys.db-wal", BROKEN);
    refused(&visitor.post_with(&token, "/registrations", &applicant.form()).await, "outcome-unknown");
    assert_eq!(program.ended().await.code(), Some(70));
    faults.end();
    let after = world.count("SELECT (SELECT count(*) FROM subject) + (SELECT count(*) FROM registration)").await;
    assert_eq!(after, before, "nothing was written with it");
    let program = Program::start(&world, |command| faults.under(command)).await;
    let visitor = visitor.at_root(&program.root);
    visitor.post("/registrations", applicant.form()).await.ok();
    let sent =
        async || (world.messages().iter().filter(|m| m.to.contains(&applicant.phone)).count() == 1).then_some(());
    until("the code is sent", sent).await;
}

#[tokio::test]
async fn a_key_database_without_room_refuses_whoever_needs_a_key_and_nothing_is_stored_without_one() {
    let Some((world, buyer)) = embedded().await else { return };
    let Some(faults) = Faults::ready(world.folder.path()) else { return };
    let mut program = Program::start(&world, |command| faults.under(command)).await;
    let (visitor, applicant) = (world.visitor().at_root(&program.root), Applicant::new("provider"));
    let token = visitor.token().await;
    let rows = "SELECT (SELECT count(*) FROM subject) + (SELECT count(*) FROM registration)";
    let before = world.count(rows).await;
    faults.fail("write", "keys.db-wal", FULL);
    refused(&visitor.post_with(&token, "/registrations", &applicant.form()).await, "busy");
    assert_eq!(world.count(rows).await, before, "nothing is stored that has no key");
    // Whose key is there is not concerned.
    buyer.at_root(&program.root).get("/me").await.ok();
    assert!(program.is_running());
    faults.end();
    visitor.post("/registrations", applicant.form()).await.ok();
    assert!(world.count(rows).await > before);
}

/// Somebody else who writes to the world's database and does not come to an end.
struct Keeper {
    release: mpsc::Sender<()>,
    ended: tokio::task::JoinHandle<Result<(), Error>>,
}

impl Keeper {
    /// Keeps the file from now on.
    async fn of(world: &World) -> Self {
        let (taken, was_taken) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let (taken, released) = (Mutex::new(taken), Mutex::new(released));
        let db = world.app.db().clone();
        let keep = move |_: &mut kit::db::Tx| {
            taken.lock().unwrap().send(()).unwrap();
            // The end of who would send ends it too.
            let _ = released.lock().unwrap().recv();
            Ok(())
        };
        let ended = tokio::spawn(async move { db.write::<_, Error>(keep).await });
        tokio::task::spawn_blocking(move || was_taken.recv().unwrap()).await.unwrap();
        Self { release, ended }
    }

    /// Lets go of it.
    async fn end(self) {
        drop(self.release);
        self.ended.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_file_that_somebody_else_keeps_is_waited_for_and_nobody_waits_twice() {
    let Some((world, buyer)) = embedded().await else { return };
    let program = Program::start(&world, |_| {}).await;
    let desk = Desk::at(&buyer, &program).await;
    let keeper = Keeper::of(&world).await;
    let drafts: Vec<_> = (0..6).map(|_| draft(&world)).collect();
    let begin = Instant::now();
    let answers = futures::future::join_all(drafts.iter().map(|draft| desk.send(draft))).await;
    let took = begin.elapsed();
    answers.iter().for_each(|answer| refused(answer, "busy"));
    assert!(took >= Duration::from_secs(4), "it waits for a moment: {took:?}");
    let bound = Duration::from_secs(14);
    assert!(took < bound, "who came while it waited waits for one more turn, not each for one: {took:?}");
    desk.buyer.get("/tenders").await.ok();
    keeper.end().await;
    for draft in &drafts {
        assert_eq!(written(world.app.db(), draft).await, 0);
        desk.send(draft).await.ok();
        assert_eq!(written(world.app.db(), draft).await, 1);
    }
}
