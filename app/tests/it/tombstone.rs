//! Tombstones: who is erased stays erased, whichever database the program starts with.

use crate::command::{change, err, folder, out, ziyun};
use crate::people::Applicant;
use crate::world::World;
use app::tombstones::Agreed;
use jiff::SignedDuration;
use kit::id::Id;
use std::fs;
use vault::Subject;
use vault::tombstone::{Journal, Tombstone};

/// Somebody who began to register and never came back.
async fn lapsed(world: &World) -> Id<Subject> {
    world.visitor().post("/registrations", Applicant::new("buyer").form()).await.ok();
    let subject = "SELECT subject FROM registration";
    let subject = world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(subject, &[], |row| row.next())).await;
    world.pass(SignedDuration::from_hours(25)).await;
    subject.unwrap()
}

#[tokio::test]
async fn who_is_erased_has_a_tombstone_in_the_table_and_in_the_journal() {
    let world = World::new().await;
    let subject = lapsed(&world).await;
    let set = world.app.db().read(move |tx| vault::tombstone::find(tx, subject)).await.unwrap().unwrap();
    assert_eq!(world.app.journal().read().unwrap(), [set]);
    assert_eq!(world.app.agree_on_tombstones().await.unwrap(), Agreed::default());
}

/// The database as a back-up from before the erasure would bring it back, with the keys of that time.
#[tokio::test]
async fn a_database_that_is_older_than_the_journal_erases_again_before_it_serves() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let subject = "SELECT subject FROM account WHERE company IS NOT NULL";
    let subject = world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(subject, &[], |row| row.next())).await;
    let subject: Id<Subject> = subject.unwrap();
    buyer.get("/me").await.ok();
    let stone = Tombstone { subject, at: world.clock.now() };
    let stranger = Tombstone { subject: Id::from_bytes([7; 16]), at: world.clock.now() };
    world.app.journal().append(&[stone, stranger, stone]).unwrap();
    assert_eq!(world.app.agree_on_tombstones().await.unwrap(), Agreed { replayed: 2, noted: 0, buried: 1 });
    assert!(!buyer.get("/me").await.status.is_success());
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM tombstone").await, 2);
    // The sign-in log is held, as it was the first time.
    let keys = move |tx: &mut kit::db::Tx| {
        tx.one(
            "SELECT count(*) FROM data_key WHERE subject = $1 AND class = 'operational'",
            kit::values![subject],
            |row| row.next::<i64>(),
        )
    };
    assert_eq!(world.app.keys().read::<_, kit::db::Error>(keys).await.unwrap(), 0);
    assert_eq!(world.app.agree_on_tombstones().await.unwrap(), Agreed::default());
}

#[tokio::test]
async fn a_journal_that_is_lost_is_made_again_from_the_table() {
    let world = World::new().await;
    lapsed(&world).await;
    let before = world.app.journal().read().unwrap();
    fs::remove_file(world.app.journal().path()).unwrap();
    assert_eq!(world.app.agree_on_tombstones().await.unwrap(), Agreed { replayed: 0, noted: 1, buried: 0 });
    assert_eq!(world.app.journal().read().unwrap(), before);
}

#[test]
fn a_damaged_journal_stops_the_start_and_the_doctor_names_the_line() {
    let here = folder();
    assert!(ziyun(here.path(), &["migrate"]).output().unwrap().status.success());
    let journal = Journal::at(here.path().join("journal/tombstones.jsonl"));
    let doctor = || out(&ziyun(here.path(), &["doctor"]).output().unwrap());
    let line =
        |text: &str| text.lines().find(|line| line[6..].starts_with("tombstones")).unwrap_or_default().to_owned();
    assert!(line(&doctor()).starts_with("ok    tombstones     0 in "), "{}", doctor());
    let at = "2026-11-23T01:00:00Z".parse().unwrap();
    journal.append(&[Tombstone { subject: Id::from_bytes([1; 16]), at }]).unwrap();
    let older = line(&doctor());
    assert!(older.starts_with("FAIL") && older.contains("1 erasures that the database does not know"), "{older}");
    change(here.path(), "INSERT INTO tombstone (subject, at) VALUES (x'02020202020202020202020202020202', 0)");
    change(here.path(), "INSERT INTO tombstone (subject, at) VALUES (x'01010101010101010101010101010101', 0)");
    let behind = line(&doctor());
    assert!(behind.starts_with("FAIL") && behind.contains("1 of who was erased are not in"), "{behind}");
    let text = fs::read_to_string(journal.path()).unwrap().replace("0101", "0102");
    fs::write(journal.path(), text).unwrap();
    let damaged = line(&doctor());
    assert!(damaged.starts_with("FAIL") && damaged.contains("line 1, is damaged"), "{damaged}");
    let serve = ziyun(here.path(), &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!((serve.status.code(), out(&serve).as_str()), (Some(1), ""), "it does not serve");
    assert!(err(&serve).contains("line 1, is damaged"), "{}", err(&serve));
    let inside =
        ziyun(here.path(), &["config"]).env("ZIYUN_TOMBSTONE_JOURNAL", "keys/tombstones.jsonl").output().unwrap();
    assert!(err(&inside).contains("must lie outside key_dir"), "{}", err(&inside));
}
