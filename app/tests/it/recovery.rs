//! What a start does about a process that was killed before it, and what is never given up.

use crate::command::{change, folder};
use crate::logs::Served;
use crate::people::Applicant;
use crate::sourcing::{bid, id, published};
use crate::world::World;
use app::app::REGION;
use app::recovery::Found;
use jiff::SignedDuration;
use kit::job;
use std::fs;

#[tokio::test]
async fn what_a_killed_process_had_begun_its_next_start_begins_at_once() {
    let world = World::new().await;
    world.visitor().post("/registrations", Applicant::new("buyer").form()).await.ok();
    for _ in 0..2 {
        let worker = world.app.worker().clone();
        world.app.db().write(move |tx| job::claim(tx, &worker)).await.unwrap().unwrap();
    }
    world.settle().await;
    assert_eq!(world.messages().len(), 0, "another's claims hold");
    assert_eq!(world.app.recover(&Found::default()).await.unwrap(), 2);
    world.settle().await;
    assert_eq!(
        (world.messages().len(), world.count("SELECT count(*) FROM job WHERE kind <> 'log.audit'").await),
        (2, 0)
    );
}

#[test]
fn a_start_says_what_it_found_and_repaired() {
    let here = folder();
    let orderly = Served::start(here.path(), &[]).end();
    let served = Served::start(here.path(), &[]);
    // A job that the process has begun, as its row shows it.
    change(
        here.path(),
        "INSERT INTO job (id, kind, payload, run_at, attempts, lease, worker, dead, created_at) VALUES \
         (x'01980000000070008000000000000001', 'blob.discard', CAST('default/000102030405060708090a0b0c0d0e0f' AS BLOB), \
          4000000000000000, 1, x'01', x'02', 0, 0)",
    );
    let process = served.kill();
    let log = Served::start(here.path(), &[]).end();
    for told in [
        format!("\"process\":\"process {process}\",\"message\":\"the process before this one did not end in order"),
        "\"database\":\"the database\"".into(),
        "\"message\":\"recovered: its log was taken in\"".into(),
        "\"jobs\":1,\"message\":\"recovered: jobs that it had begun are begun anew\"".into(),
    ] {
        let fields: Vec<_> = told.split(",\"message\"").collect();
        assert!(log.lines().any(|line| fields.iter().all(|field| line.contains(field))), "{told} is missing in\n{log}");
    }
    let again = Served::start(here.path(), &[]).end();
    for quiet in [orderly, again] {
        assert!(!quiet.contains("recovered") && !quiet.contains("did not end in order"), "{quiet}");
    }
}

#[tokio::test]
async fn an_opening_whose_envelope_cannot_be_read_for_hours_is_opened_all_the_same() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    for yuan in ["300", "200"] {
        bid(&world.member("provider").await, &lot, yuan).await;
    }
    let (bidder, large, own) = (world.member("provider").await, vec![7u8; 60_000], id());
    let fields = [("id", own.as_str()), ("price", "100"), ("delivery_days", "30")];
    bidder.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.pdf", &large)]).await.ok();
    let name = world.app.blobs().list(REGION).await.unwrap()[0].to_string();
    let file = world.app.config().data_dir.join("blobs").join(REGION).join(&name[..2]).join(&name[2..]);
    let away = world.folder.path().join("away");
    fs::rename(&file, &away).unwrap();
    world.pass(SignedDuration::from_hours(24 * 10)).await;
    // Long after any other job would lie dead.
    for _ in 0..3 * job::ATTEMPTS {
        world.pass(SignedDuration::from_hours(1)).await;
    }
    assert_eq!(world.count("SELECT count(*) FROM tender WHERE state = 'closed'").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM job WHERE dead = 0 AND attempts > 20").await, 1);
    fs::rename(&away, &file).unwrap();
    world.pass(job::LONGEST).await;
    let record = world.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().json();
    assert_eq!(record["lots"][0]["bids"].as_array().map(Vec::len), Some(3), "{record}");
}
