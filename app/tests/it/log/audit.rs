//! Audits: everything that can be done to the tables shows, and erasure is no such thing.

use super::{after, begun, file};
use crate::sourcing::{bid, published};
use crate::world::World;
use app::trust::log::audit::{Kind, Report, audit, kept};
use jiff::SignedDuration;
use kit::db::Error;
use vault::{Id, Standing, Subject};

/// A world with a log of more than a tile.
async fn world() -> World {
    let world = begun(World::new().await).await;
    let buyer = world.member("buyer").await;
    let (_, lot) = published(&world, &buyer).await;
    bid(&world.member("provider").await, &lot, "4,500,000").await;
    for step in 1..=6 {
        world.until(after(500 * step)).await;
    }
    world
}

async fn run(world: &World, sql: &str) {
    let sql = sql.to_owned();
    let unit = move |tx: &mut kit::db::Tx| sql.split("; ").try_for_each(|sql| tx.execute(sql, &[]).map(drop));
    world.app.db().write::<_, Error>(unit).await.unwrap();
}

async fn found(world: &World) -> Report {
    audit(&world.app, None).await.unwrap()
}

#[tokio::test]
async fn a_sound_log_is_found_sound() {
    let world = world().await;
    let report = found(&world).await;
    assert!(report.ok && report.difference.is_none(), "{report:?}");
    assert_eq!(report.slots as i64, world.count("SELECT count(*) FROM log_slot").await);
    assert!(report.size > 256 && report.slots > 10, "{report:?}");
    assert_eq!(world.count("SELECT count(*) FROM log_checkpoint").await, 1);
}

/// What comes while an audit reads is no part of it.
#[tokio::test]
async fn a_log_that_grows_while_it_is_audited_is_found_sound() {
    let world = world().await;
    for step in 1..=20 {
        world.clock.set(after(3000 + 30 * step));
        let (report, ()) = tokio::join!(found(&world), world.settle());
        assert!(report.ok, "{report:?}");
    }
}

/// What is done, how it is undone, what is found. `SOME` is an event that is in a slot.
const DEEDS: [(&str, &str, &str, Kind); 11] = [
    (
        "another kind",
        "UPDATE event SET kind = kind || 'x' WHERE id = SOME",
        "UPDATE event SET kind = substr(kind, 1, length(kind) - 1) WHERE id = SOME",
        Kind::Changed,
    ),
    (
        "a body that is no JSON",
        "UPDATE event SET body = body || '}' WHERE id = SOME",
        "UPDATE event SET body = substr(body, 1, length(body) - 1) WHERE id = SOME",
        Kind::Changed,
    ),
    (
        "another time",
        "UPDATE event SET at = at + 1 WHERE id = SOME",
        "UPDATE event SET at = at - 1 WHERE id = SOME",
        Kind::Changed,
    ),
    (
        "another purpose of an opening",
        "UPDATE opening SET purpose = purpose || 'x'",
        "UPDATE opening SET purpose = substr(purpose, 1, length(purpose) - 1)",
        Kind::Changed,
    ),
    (
        "another slot",
        "UPDATE log_slot SET slot = CASE WHEN slot = 0 THEN 1 ELSE slot - 1 END WHERE id = SOME",
        "UPDATE log_slot SET slot = slot + 1 WHERE id = SOME",
        Kind::Changed,
    ),
    (
        "an event that is gone",
        "UPDATE event SET id = salt WHERE id = SOME",
        "UPDATE event SET id = (SELECT s.id FROM log_slot s WHERE s.source = 'event' AND s.id NOT IN (SELECT e.id FROM event e)) \
         WHERE id = salt",
        Kind::Missing,
    ),
    (
        "an event that was numbered in silence",
        "INSERT INTO event (id, seq, at, kind, v, company, tender, actor, body, salt) SELECT salt, 0, at, kind, v, company, \
         tender, actor, body, salt FROM event WHERE id = SOME",
        "DELETE FROM event WHERE seq = 0",
        Kind::Added,
    ),
    (
        "an entry that is gone",
        "UPDATE log_entry SET position = 1000000 WHERE position = 100",
        "UPDATE log_entry SET position = 100 WHERE position = 1000000",
        Kind::Missing,
    ),
    (
        "two entries that have changed places",
        "UPDATE log_entry SET position = position - 101 WHERE position IN (50, 51); \
         UPDATE log_entry SET position = -position WHERE position IN (-50, -51)",
        "UPDATE log_entry SET position = position - 101 WHERE position IN (50, 51); \
         UPDATE log_entry SET position = -position WHERE position IN (-50, -51)",
        Kind::Reordered,
    ),
    (
        "entries at the end that are gone",
        "UPDATE log_entry SET position = -1000 - position WHERE position > 280",
        "UPDATE log_entry SET position = -1000 - position WHERE position < -1000",
        Kind::Truncated,
    ),
    ("a tile", "UPDATE log_node SET hash = (SELECT root FROM log_entry WHERE position = 9)", "", Kind::Changed),
];

#[tokio::test]
async fn whatever_is_done_to_the_tables_shows() {
    let world = world().await;
    let some = "(SELECT id FROM log_slot WHERE source = 'event' ORDER BY epoch, slot LIMIT 1)";
    for (what, done, undone, kind) in DEEDS {
        run(&world, &done.replace("SOME", some)).await;
        let report = found(&world).await;
        assert_eq!(report.difference.as_ref().map(|one| one.kind), Some(kind), "{what}: {report:?}");
        if !undone.is_empty() {
            run(&world, &undone.replace("SOME", some)).await;
            let report = found(&world).await;
            assert!(report.ok, "{what} undone: {report:?}");
        }
    }
}

/// Who changes rows and then makes slots, roots and tiles fit, still lacks the key that signed checkpoints.
#[tokio::test]
async fn a_log_that_was_made_anew_does_not_go_on_from_what_was_signed() {
    let world = world().await;
    let note = String::from_utf8(file(&world, "/log/checkpoint").await.bytes).unwrap();
    let earlier = kept(&world.app, &note).unwrap();
    assert!(audit(&world.app, Some(&earlier)).await.unwrap().ok);
    for table in ["log_head", "log_entry", "log_node", "log_slot"] {
        run(&world, &format!("DELETE FROM {table}")).await;
    }
    run(&world, "UPDATE opening SET logged = NULL").await;
    // The program itself makes the new log, of the same events.
    world.settle().await;
    for step in 7..=12 {
        world.until(after(500 * step)).await;
    }
    let report = audit(&world.app, Some(&earlier)).await.unwrap();
    assert_eq!(report.difference.as_ref().map(|one| one.kind), Some(Kind::Inconsistent), "{report:?}");
    assert!(kept(&world.app, &note.replacen("ziyun/", "ziyum/", 1)).is_err(), "a checkpoint of somebody else");
}

#[tokio::test]
async fn a_log_cut_back_to_an_earlier_state_lacks_what_a_kept_checkpoint_has() {
    let world = world().await;
    let note = String::from_utf8(file(&world, "/log/checkpoint").await.bytes).unwrap();
    let mut earlier = kept(&world.app, &note).unwrap();
    earlier.size += 1000;
    let report = audit(&world.app, Some(&earlier)).await.unwrap();
    assert_eq!(report.difference.map(|one| one.kind), Some(Kind::Truncated));
}

#[tokio::test]
async fn erasure_leaves_the_log_as_it_was() {
    let world = world().await;
    let subjects = world.app.db().read::<_, Error>(|tx| tx.all("SELECT id FROM subject", &[], |row| row.next())).await;
    let subjects: Vec<Id<Subject>> = subjects.unwrap();
    assert!(subjects.len() > 2);
    for subject in subjects {
        let end = move |tx: &mut kit::db::Tx| vault::change_standing(tx, subject, Standing::Destroyed);
        world.app.db().write(end).await.unwrap();
        world.app.vault().destroy_keys(subject, world.app.journal()).await.unwrap();
    }
    let report = found(&world).await;
    assert!(report.ok && report.slots > 10, "{report:?}");
}

#[tokio::test]
async fn every_night_it_is_audited_and_the_result_is_kept_and_shown() {
    let world = world().await;
    assert_eq!(world.visitor().get("/log").await.ok().json()["audit_ok"], serde_json::Value::Null);
    world.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(world.count("SELECT count(*) FROM log_audit WHERE difference IS NULL").await, 1);
    assert_eq!(world.visitor().get("/log").await.ok().json()["audit_ok"], true);
    run(&world, "UPDATE event SET at = at + 1").await;
    world.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(world.count("SELECT count(*) FROM log_audit WHERE difference IS NOT NULL").await, 1);
    let page = world.visitor().page("/log").await.ok().text;
    assert!(page.contains("自查：与签名不一致"), "{page}");
    world.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(world.count("SELECT count(*) FROM log_audit").await, 3, "one a night");
}
