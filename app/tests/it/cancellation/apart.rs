//! Cancellation where something goes on beside it: a bid at the same moment, another process, an older back-up.

use super::{OVER, ask};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{id, published};
use crate::world::{Browser, World};
use app::app::App;
use futures::future::join_all;
use jiff::SignedDuration;
use kit::id::Id;
use kit::random::Random;
use serde_json::json;
use std::path::PathBuf;
use vault::{Grant, Opener, Phone, Proof, Scope, Slot, Subject};

#[tokio::test]
async fn a_bid_and_the_erasure_at_the_same_moment_are_never_both() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (_, lot) = published(&world, &buyer).await;
    let mut bidders = Vec::new();
    for _ in 0..6 {
        let provider = world.member("provider").await;
        ask(&provider).await.ok();
        bidders.push(provider);
    }
    world.stay_signed_in(30).await;
    world.clock.advance(OVER);
    let tokens = join_all(bidders.iter().map(Browser::token)).await;
    let form = |at: usize| json!({ "id": id(), "price": (100 + at).to_string(), "delivery_days": "30" });
    let forms: Vec<_> = (0..bidders.len()).map(form).collect();
    let path = format!("/lots/{lot}/bids");
    let sent = bidders.iter().zip(&tokens).zip(&forms);
    let bids = join_all(sent.map(|((who, token), form)| who.post_with(token, &path, form)));
    let (answers, settled) = tokio::join!(bids, world.app.settle());
    settled.unwrap();
    world.settle().await;
    for (who, answer) in bidders.iter().zip(&answers) {
        // Who is still signed in was not erased.
        let is_alive = who.get("/me").await.status == 200;
        assert_eq!(is_alive, answer.status == 201, "{} {}", answer.status, answer.text);
    }
    let bids = answers.iter().filter(|answer| answer.status == 201).count() as i64;
    assert_eq!(world.count("SELECT count(*) FROM bid").await, bids);
    assert_eq!(world.count("SELECT count(*) FROM cancellation WHERE state = 'stopped'").await, bids);
    assert_eq!(world.count("SELECT count(*) FROM cancellation WHERE state = 'erased'").await, 6 - bids);
}

/// The right of who has the person's own page open.
struct Own(Id<Subject>);

impl Proof for Own {
    type Recipient = policy::recipient::Subject;
    fn opener(&self) -> Opener {
        Opener::person(self.0, "subject")
    }
    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

#[tokio::test]
async fn what_one_process_has_in_memory_opens_nothing_once_the_other_has_erased() {
    let Some([a, b]) = World::two().await else { return };
    let me = a.applicant(&Applicant::new("both")).await;
    let read = a.app.db().read::<_, kit::db::Error>(|tx| {
        tx.one("SELECT id, subject, phone FROM account", &[], |row| {
            Ok((row.next::<Id<()>>()?, row.next::<Id<Subject>>()?, row.next::<Vec<u8>>()?))
        })
    });
    let (account, subject, bytes) = read.await.unwrap();
    let phone = Slot::<Phone>::new("account", "phone").load(bytes, subject, account);
    let request = a.app.random().id();
    let own = Own(subject);
    let grant = Grant::<policy::purpose::Account, _>::new(&own, request);
    for world in [&a, &b] {
        world.app.vault().open(&grant, &phone).await.unwrap();
    }
    ask(&me).await.ok();
    a.stay_signed_in(30).await;
    b.pass(OVER).await;
    for world in [&a, &b] {
        assert_eq!(me.at(world).get("/me").await.status, 401);
        let refused = world.app.vault().open(&grant, &phone).await;
        assert!(matches!(refused, Err(vault::Error::Refused(_))), "its key is in memory still");
    }
    let denied = "SELECT count(*) FROM opening WHERE outcome = 'denied' AND reason = 'destroyed'";
    assert_eq!(a.count(denied).await, 2, "both attempts are on record");
}

/// Both databases as back-ups from the time to think bring them back; the journal lies elsewhere and goes on.
#[tokio::test]
async fn a_restored_back_up_is_erased_again_rows_and_keys_before_it_serves() {
    if crate::world::server().is_some() {
        eprintln!("skipped 1 test of copied files: the database lies on a server");
        return;
    }
    let world = World::new().await;
    let who = Applicant::new("both");
    ask(&world.applicant(&who).await).await.ok();
    let (folder, config) = world.close().await;
    let databases = [config.data_dir.join("ziyun.db"), config.key_dir.join("keys.db")];
    let copies = databases.each_ref().map(|file| file.with_extension("copy"));
    let copy = |from: &[PathBuf; 2], to: &[PathBuf; 2]| {
        for (from, to) in from.iter().zip(to) {
            std::fs::copy(from, to).unwrap();
        }
    };
    copy(&databases, &copies);
    let open = async |folder, hours| {
        let clock = crate::world::beginning();
        clock.advance(SignedDuration::from_hours(hours));
        let app = App::open(config.clone(), clock, Random::seeded(3), &[]).await.unwrap();
        app.agree_on_tombstones().await.unwrap();
        World::serving(app, folder).await
    };
    let first = open(folder, 7 * 24 + 1).await;
    first.settle().await;
    let state = "SELECT count(*) FROM cancellation WHERE state = 'erased'";
    assert_eq!(first.count(state).await, 1);
    let (folder, _) = first.close().await;
    copy(&copies, &databases);
    let restored = open(folder, 7 * 24 + 2).await;
    assert_eq!(restored.visitor().sign_in(&who.phone, PASSWORD).await.status, 422, "before anything else was done");
    restored.settle().await;
    for (sql, count) in [
        (state, 1),
        ("SELECT count(*) FROM account WHERE length(phone) = 0 AND length(phone_index) = 16", 1),
        ("SELECT count(*) FROM job WHERE error IS NOT NULL", 0),
        ("SELECT max(until) / 3600000000 FROM key_hold", hour("2029-11-30T02:00:00Z")),
    ] {
        assert_eq!(restored.count(sql).await, count, "{sql}");
    }
    let left = "SELECT count(*) FROM data_key WHERE class = 'operational'";
    let left = restored.app.keys().read::<_, kit::db::Error>(move |tx| tx.one(left, &[], |row| row.next::<i64>()));
    assert_eq!(left.await.unwrap(), 0);
}

fn hour(instant: &str) -> i64 {
    instant.parse::<jiff::Timestamp>().unwrap().as_second() / 3600
}
