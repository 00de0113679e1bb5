//! The restore drill: both directions, recorded, shown, and beside the running data only.

use crate::command::{err, folder, out, ziyun};
use crate::logs::Served;
use crate::people::PASSWORD;
use crate::world::World;
use app::drill::{Outcome, drill};
use app::restore::own_keys;
use serde_json::{Value, json};
use std::fs;

#[tokio::test]
async fn the_erased_stay_unreadable_the_living_readable_and_it_is_recorded_and_shown() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    own_keys(&world.app).await.unwrap();
    world.app.agree_on_tombstones().await.unwrap();
    let accounts = world.count("SELECT count(*) FROM account").await;
    let place = world.folder.path().join("apart");
    let report = drill(world.app.config(), &place, &world.clock, world.app.random()).await.unwrap();
    assert_eq!((report.outcome, report.told.as_str()), (Outcome::Held, ""));
    assert!(report.rows > 20 && report.bytes > 1000, "{report:?}");
    assert!(!place.join("ziyun-drill").exists(), "nothing of it stays");
    assert_eq!(world.count("SELECT count(*) FROM account").await, accounts, "the running data are as they were");
    assert_eq!(world.count("SELECT count(*) FROM tombstone").await, 0);
    assert_eq!(world.app.journal().read().unwrap(), []);
    buyer.get("/me").await.ok();

    let operator = world.visitor();
    operator.sign_in("13900139000", PASSWORD).await.ok();
    let list = operator.get("/desk/privacy/drills").await.ok().json();
    assert_eq!(list["drills"][0]["outcome"], "held");
    let page = operator.page("/desk/privacy/drills").await.ok().text;
    assert!(page.contains("成立：已注销者不可读") && page.contains("14天") && !page.contains('⟦'), "{page}");
    world.pass(jiff::SignedDuration::from_mins(11)).await;
    let evidence = |trust: &Value| {
        let clauses = trust["clauses"].as_array().unwrap().clone();
        clauses.into_iter().find(|clause| clause["id"] == "8.3").unwrap()["evidence"].clone()
    };
    let shown = evidence(&world.visitor().get("/trust").await.ok().json());
    assert_eq!((&shown["holds"], &shown["fresh"]), (&json!(true), &json!(true)), "{shown}");
    assert_eq!(shown["figures"]["drill"]["rows"], report.rows);
    assert!(!world.visitor().page("/trust").await.ok().text.contains('⟦'));
    world.pass(jiff::SignedDuration::from_hours(24 * 93)).await;
    let old = evidence(&world.visitor().get("/trust").await.ok().json());
    assert_eq!(old["fresh"], false, "a drill of three months ago shows nothing any more");
}

#[tokio::test]
async fn a_drill_that_cannot_be_run_is_recorded_with_its_reason() {
    let world = World::new().await;
    own_keys(&world.app).await.unwrap();
    world.app.agree_on_tombstones().await.unwrap();
    fs::remove_file(world.app.journal().path()).unwrap();
    let report = drill(world.app.config(), world.folder.path(), &world.clock, world.app.random()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(report.told.contains("tombstones.jsonl"), "{report:?}");
    let operator = world.operator().await;
    let page = operator.page("/desk/privacy/drills").await.ok().text;
    assert!(page.contains("没有完成") && page.contains("tombstones.jsonl"), "{page}");
}

#[test]
fn the_command_runs_it_beside_a_program_that_serves() {
    let here = folder();
    let served = Served::start(here.path(), &[]);
    let output = ziyun(here.path(), &["drill"]).output().unwrap();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    assert!(out(&output).starts_with("held: "), "{}", out(&output));
    assert!(!here.path().join("ziyun-drill").exists());
    served.end();
}
