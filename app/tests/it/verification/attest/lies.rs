//! A service that is slow, down, lying, replayed or somebody else: nothing of what it says counts, and nobody waits for it.

use super::provider::{Plays, Provider};
use super::{CASE, SENT, ask, case, filed, stands, world};
use crate::verification::{give, hand_in, photo};
use crate::world::{Browser, World, listen};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// The pauses of docs/attestation.md, in seconds.
const PAUSES: [i64; 5] = [60, 600, 3600, 14_400, 43_200];

#[tokio::test]
async fn an_answer_that_is_not_one_to_this_question_does_not_count() {
    let (world, provider) = world().await;
    // What it may say later, to somebody else's question.
    ask(&filed(&world).await).await.ok();
    world.settle().await;
    for (play, trouble) in [
        (Plays::Replays, "replayed"),
        (Plays::Lies, "other-values"),
        (Plays::Mistakes, "another-question"),
        (Plays::Forges, "forged"),
        (Plays::Unsigned, "forged"),
        (Plays::Echoes, "forged"),
        (Plays::Late, "stale"),
        (Plays::Babbles, "malformed"),
        (Plays::Floods, "oversized"),
    ] {
        let member = filed(&world).await;
        provider.plays([play.clone()]);
        ask(&member).await.ok();
        world.settle().await;
        let shown = case(&member).await["attestation"].clone();
        assert_eq!((&shown["state"], &shown["trouble"]), (&json!("waiting"), &json!(trouble)), "{play:?}");
        assert_eq!(stands(&member).await.0, "missing", "{play:?}");
        assert_eq!(shown["refused"], Value::Null, "that is the operator's affair");
        world.pass(SignedDuration::from_secs(PAUSES[0])).await;
        assert_eq!(stands(&member).await, (json!("attested"), json!("confirmed")), "{play:?}");
        let heard = provider.heard();
        let [first, second] = [heard.len() - 2, heard.len() - 1].map(|n| &heard[n]);
        assert_eq!(first.json(), second.json(), "the same question");
        assert_ne!(first.header("ziyun-nonce"), second.header("ziyun-nonce"), "and another request");
    }
    let refused = "SELECT CAST(sum(n) AS BIGINT) FROM attestation_count WHERE outcome <> 'confirmed'";
    assert_eq!(world.count(refused).await, 9, "each was counted");
    assert_eq!(world.count("SELECT CAST(sum(refused) AS BIGINT) FROM verification_attestation").await, 9);
}

#[tokio::test]
async fn who_hangs_or_drips_is_left_and_after_six_tries_the_case_goes_on_by_hand() {
    let (world, provider) = world().await;
    let member = filed(&world).await;
    provider.plays([Plays::Hangs, Plays::Drips, Plays::Down, Plays::Hangs, Plays::Down, Plays::Down]);
    world.stay_signed_in(5).await;
    let began = Instant::now();
    ask(&member).await.ok();
    world.settle().await;
    for (tries, pause) in (1..).zip(PAUSES) {
        assert_eq!(provider.heard().len(), tries);
        assert_eq!(case(&member).await["attestation"]["tries"], tries);
        world.pass(SignedDuration::from_secs(pause - 30)).await;
        assert_eq!(provider.heard().len(), tries, "not before its pause is over");
        world.pass(SignedDuration::from_secs(30)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(30), "each try ends by itself");
    let shown = case(&member).await["attestation"].clone();
    assert_eq!((&shown["state"], &shown["trouble"]), (&json!("given-up"), &json!("status")));
    assert_eq!(
        (world.count(SENT).await, world.count("SELECT count(*) FROM job WHERE kind = 'verification.attest'").await),
        (6, 0)
    );
    world.pass(SignedDuration::from_hours(48)).await;
    assert_eq!(provider.heard().len(), 6, "and no more");
    let page = member.page(CASE).await.ok().text;
    assert!(page.contains("没有核对成") && page.contains("多次没有得到有效的回答"), "{page}");
    hand_in(&member).await;
}

#[tokio::test]
async fn a_redirect_to_an_address_inside_is_not_followed() {
    let (world, provider) = world().await;
    let member = filed(&world).await;
    let inside = listen();
    inside.set_nonblocking(true).unwrap();
    provider.plays([Plays::Redirects(format!("http://{}/admin", inside.local_addr().unwrap()))]);
    ask(&member).await.ok();
    world.settle().await;
    assert_eq!(case(&member).await["attestation"]["trouble"], "redirect");
    assert!(inside.accept().is_err(), "nobody came");
}

/// A worker that waits for a service which hangs: what a company has asked is under way.
async fn under_way(provider: &Provider) -> (World, Browser, JoinHandle<()>) {
    let world = World::configured(|config| {
        provider.configure(config, "2027-12-31");
        config.attestor.as_mut().unwrap().patience = Duration::from_secs(600);
    })
    .await;
    let member = filed(&world).await;
    provider.plays([Plays::Hangs]);
    ask(&member).await.ok();
    let app = world.app.clone();
    let worker = tokio::spawn(async move { app.work(std::future::pending()).await });
    let patience = Instant::now() + Duration::from_secs(30);
    while provider.heard().is_empty() {
        assert!(Instant::now() < patience, "nobody asks");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (world, member, worker)
}

#[tokio::test]
async fn nobody_waits_for_a_service_that_hangs() {
    let provider = Provider::new().await;
    let (world, member, worker) = under_way(&provider).await;
    // Meanwhile the paper is taken, and the case goes to the reviewers and is decided.
    give(&member, "licence", &photo()).await.ok();
    let (case_path, reviewer) = (super::hand_in(&member).await, world.operator().await);
    super::decide(&reviewer, &case_path, super::accepted()).await;
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
    // The process dies while it waits. Whoever takes the job over finds that nothing is to be asked any more.
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());
    world.pass(SignedDuration::from_secs(60)).await;
    assert_eq!(provider.heard().len(), 1);
    let shown = case(&member).await["attestation"].clone();
    assert_eq!((&shown["state"], &shown["trouble"]), (&json!("given-up"), &json!("changed")));
}

#[tokio::test]
async fn a_process_that_dies_while_it_waits_asks_the_same_again() {
    let provider = Provider::new().await;
    let (world, member, dying) = under_way(&provider).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    world.pass(SignedDuration::from_secs(60)).await;
    let heard = provider.heard();
    assert_eq!((heard.len(), heard[0].json()), (2, heard[1].json()));
    assert_eq!(stands(&member).await, (json!("attested"), json!("confirmed")));
}
