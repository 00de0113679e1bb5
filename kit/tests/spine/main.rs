//! Events, followers and jobs on SQLite, and on PostgreSQL when `ZIYUN_TEST_DATABASE_URL` names a server.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod job;

use kit::clock::Clock;
use kit::db::{Db, Error, Migration, Scratch, Settings, Tx};
use kit::event::{self, Event, Fact, Scope};
use kit::random::Random;
use kit::{follower, values};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

struct Place {
    db: Db,
    clock: Clock,
    _folder: tempfile::TempDir,
    scratch: Option<Scratch>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(scratch) = self.scratch.take() {
            scratch.remove().unwrap();
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Counted {
    number: i64,
    also: String,
}
impl Fact for Counted {
    const KIND: &'static str = "test.counted";
}

#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
fn server() -> Option<String> {
    std::env::var("ZIYUN_TEST_DATABASE_URL").ok()
}

async fn places() -> Vec<Place> {
    let mut places = vec![place(None).await];
    if let Some(server) = server() {
        let scratch = Scratch::create(&server, "ziyun_kit", &Random::system()).unwrap();
        places.push(place(Some(scratch)).await);
    }
    places
}

async fn place(scratch: Option<Scratch>) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::movable("2026-11-23T01:00:00Z".parse().unwrap());
    let file = Settings::file(folder.path().join("spine.db"));
    let settings = scratch.as_ref().map_or(file, |scratch| Settings::new(scratch.url()).threads(4));
    let db = Db::open(&settings, clock.clone(), Random::system()).unwrap();
    let step = |name: &str, sql: &str| Migration { name: name.into(), sql: sql.into() };
    let steps = vec![
        step("0001_spine", include_str!("../../../migrations/0001_spine.sql")),
        step("0050_job_worker", include_str!("../../../migrations/0050_job_worker.sql")),
    ];
    db.migrate(steps).await.unwrap();
    db.write::<_, Error>(|tx| tx.execute("CREATE TABLE seen (number BIGINT NOT NULL)", &[])).await.unwrap();
    Place { db, clock, _folder: folder, scratch }
}

fn count(tx: &mut Tx, number: i64) -> Result<(), Error> {
    event::record(tx, Scope::default(), &Counted { number, also: "是".into() }).map(drop)
}

fn see(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    let counted: Counted = event.read()?;
    tx.execute("INSERT INTO seen (number) VALUES ($1)", values![counted.number]).map(drop)
}

async fn seen(db: &Db) -> Vec<i64> {
    db.read::<_, Error>(|tx| tx.all("SELECT number FROM seen ORDER BY number", &[], |row| row.next())).await.unwrap()
}

#[tokio::test]
async fn concurrent_events_get_dense_numbers_and_each_is_followed_once() {
    for place in places().await {
        let writes = (0..60).map(|number| place.db.write(move |tx| count(tx, number)));
        assert!(futures::future::join_all(writes).await.iter().all(Result::is_ok));
        while follower::sequence(&place.db).await.unwrap() > 0 {}
        let seqs = place.db.read::<_, Error>(|tx| Ok(event::after(tx, 0)?.iter().map(|e| e.seq).collect::<Vec<_>>()));
        assert_eq!(seqs.await.unwrap(), (1..=60).collect::<Vec<i64>>());
        while follower::step(&place.db, "see", see).await.unwrap() > 0 {}
        assert_eq!(seen(&place.db).await, (0..60).collect::<Vec<i64>>());
        assert_eq!(follower::step(&place.db, "see", see).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_follower_that_fails_keeps_its_place_and_leaves_nothing() {
    for place in places().await {
        for number in 0..3 {
            place.db.write(move |tx| count(tx, number)).await.unwrap();
        }
        follower::sequence(&place.db).await.unwrap();
        let stumble = |tx: &mut Tx, event: &Event| {
            see(tx, event)?;
            if event.seq == 2 { Err(Error::Missing) } else { Ok(()) }
        };
        assert!(follower::step(&place.db, "see", stumble).await.is_err());
        assert!(seen(&place.db).await.is_empty());
        follower::step(&place.db, "see", see).await.unwrap();
        assert_eq!(seen(&place.db).await, [0, 1, 2]);
    }
}

#[tokio::test]
async fn a_unit_that_fails_records_no_event_and_leaves_no_job() {
    for place in places().await {
        let failed = place.db.write::<(), Error>(|tx| {
            count(tx, 1)?;
            let now = tx.now();
            kit::job::enqueue(tx, "test", b"payload", now)?;
            Err(Error::Missing)
        });
        assert!(failed.await.is_err());
        assert_eq!(follower::sequence(&place.db).await.unwrap(), 0);
        assert_eq!(place.db.read(kit::job::next_due).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_body_is_canonical() {
    for place in places().await {
        place.db.write(|tx| count(tx, 1)).await.unwrap();
        follower::sequence(&place.db).await.unwrap();
        let events = place.db.read(|tx| event::after(tx, 0)).await.unwrap();
        assert_eq!(events[0].body, r#"{"also":"是","number":1}"#);
    }
}

#[tokio::test]
async fn what_the_server_has_run_again_leaves_nothing_of_its_first_run() {
    for place in places().await {
        place.db.write::<_, Error>(|tx| tx.execute("INSERT INTO seen (number) VALUES (0)", &[])).await.unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let units = (0..24).map(|_| {
            let runs = runs.clone();
            place.db.write::<_, Error>(move |tx| {
                runs.fetch_add(1, Ordering::SeqCst);
                count(tx, 1)?;
                let now = tx.now();
                kit::job::enqueue(tx, "test", b"payload", now)?;
                let seen: i64 = tx.one("SELECT number FROM seen", &[], |row| row.next())?;
                tx.execute("UPDATE seen SET number = $1", values![seen + 1])
            })
        });
        let done = futures::future::join_all(units).await;
        assert!(done.iter().all(Result::is_ok), "{done:?}");
        for sql in ["SELECT number FROM seen", "SELECT count(*) FROM event", "SELECT count(*) FROM job"] {
            let told = place.db.read::<i64, Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap();
            assert_eq!(told, 24, "{sql}");
        }
        assert_eq!(follower::sequence(&place.db).await.unwrap(), 24);
        let runs = runs.load(Ordering::SeqCst);
        assert!(place.scratch.is_none() || runs > 24, "the server refused none of those that wrote beside each other");
        eprintln!("24 units, {runs} runs");
    }
}

#[tokio::test]
async fn who_looks_before_inserting_never_meets_the_constraint() {
    for place in places().await {
        place.db.write::<_, Error>(|tx| tx.execute("CREATE TABLE lone (id BIGINT PRIMARY KEY)", &[])).await.unwrap();
        for id in 0..40i64 {
            let units = (0..4).map(|_| {
                place.db.write::<_, Error>(move |tx| {
                    let found = tx.first("SELECT id FROM lone WHERE id = $1", values![id], |row| row.next::<i64>())?;
                    match found {
                        Some(_) => Ok(0),
                        None => tx.execute("INSERT INTO lone (id) VALUES ($1)", values![id]),
                    }
                })
            });
            let made = futures::future::join_all(units).await;
            assert!(made.iter().all(Result::is_ok), "{made:?}");
            assert_eq!(made.into_iter().map(Result::unwrap).sum::<u64>(), 1);
        }
        let blind = place.db.write::<_, Error>(|tx| tx.execute("INSERT INTO lone (id) VALUES (1)", &[])).await;
        assert!(matches!(blind, Err(Error::Constraint(_))), "who does not look is refused: {blind:?}");
    }
}

#[tokio::test]
async fn databases_that_are_made_by_two_at_once_are_made_once() {
    let Some(server) = server() else { return };
    let sql = "CREATE TABLE beside (id BIGINT PRIMARY KEY);\nCREATE INDEX beside_by_id ON beside (id);\n";
    let scratch = Scratch::create(&server, "ziyun_kit", &Random::system()).unwrap();
    let open = || Db::open(&Settings::new(scratch.url()).threads(1), Clock::system(), Random::system()).unwrap();
    let processes: Vec<_> = (0..4).map(|_| open()).collect();
    let steps = || vec![Migration { name: "0001_beside".into(), sql: sql.to_owned() }];
    let made = futures::future::join_all(processes.iter().map(|db| db.migrate(steps()))).await;
    let applied: usize = made.into_iter().map(|names| names.unwrap().len()).sum();
    assert_eq!(applied, 1);
    drop(processes);
    scratch.remove().unwrap();
}
