//! Extension of the validity of bids: who agrees is bound longer, who declines is released, who says nothing is bound as before.

use crate::amendment::problems;
use crate::derived;
use crate::evaluation::{Scene, refused, wrong};
use crate::negotiation::{called, give, hear_all, invite, minutes, opened, seen};
use crate::sourcing::{after, bid, draft, id, in_days, published_as};
use crate::world::{Browser, World};
use jiff::Timestamp;
use serde_json::{Value, json};

#[tokio::test]
async fn who_agrees_is_bound_longer_and_who_declines_is_released() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut form = draft(&world);
    form["validity_days"] = json!("5");
    let (tender, lot) = published_as(&world, &buyer, form).await;
    let (mut providers, mut bids) = (Vec::new(), Vec::new());
    for yuan in ["100", "200", "300"] {
        let provider = world.member("provider").await;
        bids.push(bid(&provider, &lot, yuan).await);
        providers.push(provider);
    }
    let path = format!("/tenders/{tender}/extensions");
    assert_eq!(buyer.get(&path).await.code(), "extension-none", "nothing binds before the opening");

    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    world.stay_signed_in(100).await;
    let (buyer, stranger) = (world.again(&buyer).await, world.member("provider").await);
    let mut again = Vec::new();
    for provider in &providers {
        again.push(world.again(provider).await);
    }
    let [agrees, declines, silent] = <[_; 3]>::try_from(again).unwrap_or_else(|_| panic!("three"));
    let asked = |due: String| json!({"id": id(), "days": "30", "due_at": due, "reason": "评标尚未完成，需要延长"});
    assert_eq!(problems(&buyer.post(&path, asked(in_days(&world, 40))).await), ["extension-due"]);
    let sent = asked(in_days(&world, 2));
    buyer.post(&path, sent.clone()).await.ok();
    buyer.post(&path, sent.clone()).await.ok();
    assert_eq!(buyer.post(&path, asked(in_days(&world, 2))).await.code(), "extension-open");
    assert_eq!(world.member("buyer").await.get(&path).await.status, 404);
    world.settle().await;
    assert!(silent.get("/inbox").await.ok().text.contains("validity-asked"));
    assert!(!stranger.get("/inbox").await.ok().text.contains("validity-asked"));
    assert!(silent.page("/").await.ok().text.contains("请答复是否延长"));

    let answer = format!("/extensions/{}/answer", sent["id"].as_str().unwrap());
    let say = |agrees: &str| json!({ "agrees": agrees });
    assert_eq!(stranger.post(&answer, say("yes")).await.status, 404);
    agrees.post(&answer, say("yes")).await.ok();
    agrees.post(&answer, say("yes")).await.ok();
    assert_eq!(agrees.post(&answer, say("no")).await.code(), "extension-answered");
    declines.post(&answer, say("no")).await.ok();
    let against = async |who: &Browser| who.get("/me/cancellation").await.ok().json()["obstacles"].clone();
    assert_eq!(against(&declines).await, json!([]), "who was released may leave");
    assert_eq!(against(&agrees).await[0]["what"], "bid-obstacle");
    let seen = buyer.get(&path).await.ok().json();
    let told: Vec<_> =
        seen["extensions"][0]["answers"].as_array().unwrap().iter().map(|one| one["agrees"].clone()).collect();
    for wanted in [json!(true), json!(false), Value::Null] {
        assert_eq!(told.iter().filter(|one| **one == wanted).count(), 1, "{seen}");
    }
    let own = silent.get("/extensions").await.ok().json();
    assert_eq!(own["extensions"][0]["agrees"], Value::Null, "of others' answers nothing");

    let award = format!("/lots/{lot}/award");
    let choose = |bid: &str| json!({"bid": bid, "reason": "价格最低，满足全部要求"});
    assert_eq!(buyer.post(&award, choose(&bids[1])).await.code(), "bid-void");
    world.until(after(world.clock.now(), 20)).await;
    world.settle().await;
    let (buyer, silent) = (world.again(&buyer).await, world.again(&silent).await);
    assert_eq!(silent.post(&answer, say("yes")).await.code(), "extension-closed");
    assert_eq!(buyer.post(&award, choose(&bids[2])).await.code(), "bids-expired");
    buyer.post(&award, choose(&bids[0])).await.ok();
}

#[tokio::test]
async fn validity_is_extended_while_a_lot_is_negotiated_and_who_declines_leaves_it() {
    let mut scene = called(5, 0, "").await;
    for (provider, yuan) in scene.providers.iter().zip(["100", "200", "150", "180", "90"]) {
        scene.bids.push(bid(provider, &scene.lot, yuan).await);
    }
    let [agrees, silent, other, leaves, late] = &scene.providers[..] else { panic!("five") };
    scene.world.until(after(scene.world.clock.now(), 12)).await;
    scene.world.settle().await;

    // It is asked while the talks go on, of all that remain; the way to it stands on the tender's page.
    let path = format!("/tenders/{}/extensions", scene.tender);
    assert!(scene.buyer.page(&format!("/tenders/{}", scene.tender)).await.ok().text.contains(&path));
    let due = in_days(&scene.world, 20);
    let sent = json!({"id": id(), "days": "30", "due_at": due, "reason": "磋商尚未结束，需要延长"});
    scene.buyer.post(&path, sent.clone()).await.ok();
    scene.world.settle().await;
    for provider in &scene.providers {
        assert!(provider.get("/inbox").await.ok().text.contains("validity-asked"));
    }
    let answer = format!("/extensions/{}/answer", sent["id"].as_str().unwrap());
    let say = |agrees: &str| json!({ "agrees": agrees });
    agrees.post(&answer, say("yes")).await.ok();
    for _ in 0..2 {
        leaves.post(&answer, say("no")).await.ok();
    }
    assert_eq!(leaves.post(&answer, say("yes")).await.code(), "extension-answered", "for good");

    // Who declines has left: it need not be heard, is told nothing more, gives no final offer and may close its account.
    let parties = seen(&scene, &scene.buyer).await["parties"].clone();
    let gone = |one: &&Value| one["has_left"] == json!(true);
    let gone: Vec<_> = parties.as_array().unwrap().iter().filter(gone).map(|one| one["bid"].clone()).collect();
    assert_eq!(gone, [json!(scene.bids[3])], "{parties}");
    assert_eq!(leaves.get("/me/cancellation").await.ok().json()["obstacles"], json!([]));
    let of_gone = scene.buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, &scene.bids[3])).await;
    wrong(&of_gone, "bid", "choice");
    for bid in [0, 1, 2, 4].map(|place| &scene.bids[place]) {
        scene.buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, bid)).await.ok();
    }
    for _ in 1..10 {
        scene.buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, &scene.bids[0])).await.ok();
    }
    let more = scene.buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, &scene.bids[0])).await;
    refused(&more, "minutes-many");
    assert_eq!(seen(&scene, agrees).await["minutes"].as_array().map(Vec::len), Some(10), "none is cut");

    // No hour by which most of them bind no more; who has agreed is bound until then, and is one alone.
    let invitation = json!({"version": 1, "until": in_days(&scene.world, 70)});
    let unbound = scene.buyer.post(&scene.at("negotiation/invitation"), invitation).await;
    wrong(&unbound, "until", "final-offers-unbound");

    // A final offer of who declines after giving it is destroyed unopened, and told to nobody; its receipt stays.
    let (until, offer) = (invite(&scene).await, id());
    derived::agree(&scene.world).await;
    refused(&give(&scene, leaves, &id(), "80", None).await, "negotiation-left");
    for (provider, yuan) in [(agrees, "95"), (silent, "99"), (other, "120")] {
        give(&scene, provider, &id(), yuan, None).await.ok();
    }
    give(&scene, late, &offer, "70", None).await.ok();
    late.post(&answer, say("no")).await.ok();
    refused(&give(&scene, late, &offer, "60", Some(1)).await, "negotiation-left");
    let destroyed = "SELECT count(*) FROM final_offer WHERE state = 'unopened' AND envelope IS NULL";
    assert_eq!(scene.world.count(destroyed).await, 1);
    late.get(&format!("/final-offers/{offer}/receipt")).await.ok();
    scene.world.until(until).await;
    scene.world.settle().await;
    let record = scene.buyer.get(&format!("/tenders/{}/opening", scene.tender)).await.ok().json();
    let prices: Vec<_> =
        record["lots"][0]["bids"].as_array().unwrap().iter().map(|bid| bid["price"].as_i64().unwrap()).collect();
    assert_eq!(prices, [9500, 9900, 12_000], "{record}");
    derived::agree(&scene.world).await;

    // The buyer reads who answered what, and each bidder its own.
    let told = scene.buyer.get(&path).await.ok().json()["extensions"][0]["answers"].clone();
    let of = |agrees: Value| told.as_array().unwrap().iter().filter(|one| one["agrees"] == agrees).count();
    assert_eq!((of(json!(true)), of(json!(false)), of(Value::Null)), (1, 2, 2), "{told}");
    let own = leaves.get("/extensions").await.ok().json()["extensions"].clone();
    assert_eq!((&own[0]["agrees"], &own[0]["until"]), (&json!(false), &Value::Null));
}

/// A negotiated lot whose three bidders have given the final offers that it takes at least, and are asked for more validity: until when it takes
/// them, and where is answered.
async fn given() -> (Scene, Timestamp, String) {
    let scene = opened(0).await;
    let due = in_days(&scene.world, 20);
    let sent = json!({"id": id(), "days": "30", "due_at": due, "reason": "磋商尚未结束，需要延长"});
    scene.buyer.post(&format!("/tenders/{}/extensions", scene.tender), sent.clone()).await.ok();
    hear_all(&scene).await;
    let until = invite(&scene).await;
    for (provider, yuan) in scene.providers.iter().zip(["95", "99", "120"]) {
        give(&scene, provider, &id(), yuan, None).await.ok();
    }
    let answer = format!("/extensions/{}/answer", sent["id"].as_str().unwrap());
    (scene, until, answer)
}

/// What has become of a negotiation, its lot and its tender.
async fn states(scene: &Scene) -> [String; 3] {
    let page = seen(scene, &scene.buyer).await;
    let tender = scene.buyer.get(&format!("/tenders/{}", scene.tender)).await.ok().json();
    let all = [&page["negotiation"]["phase"], &page["lot"]["state"], &tender["tender"]["state"]];
    all.map(|one| one.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn who_declines_between_the_hour_of_final_offers_and_their_opening_is_not_counted() {
    let (scene, until, answer) = given().await;
    // Their hour has come, and nobody has opened them yet.
    scene.world.clock.set(until);
    for _ in 0..2 {
        scene.providers[2].post(&answer, json!({"agrees": "no"})).await.ok();
    }
    for _ in 0..2 {
        assert_eq!(states(&scene).await, ["failed"; 3], "two are left of three that are needed");
        scene.world.settle().await;
    }
    let destroyed = "SELECT count(*) FROM final_offer WHERE state = 'unopened' AND envelope IS NULL AND price IS NULL";
    assert_eq!(scene.world.count(destroyed).await, 3);
    let told = "SELECT count(*) FROM event WHERE kind IN ('tender.lot-failed', 'tender.failed')";
    assert_eq!(scene.world.count(told).await, 2, "each once");
    for provider in &scene.providers[..2] {
        assert!(provider.get("/inbox").await.ok().text.contains("tender-failed"));
        assert_eq!(provider.post(&answer, json!({"agrees": "yes"})).await.code(), "extension-closed");
    }
    assert!(scene.buyer.get("/inbox").await.ok().text.contains("own-tender-failed"));
    let notices = scene.world.visitor().get("/notices?kind=result").await.ok().text;
    assert!(notices.contains("流标公告"), "{notices}");
    for place in [scene.at("negotiation"), format!("/tenders/{}", scene.tender)] {
        let shown = scene.buyer.page(&place).await.ok().text;
        assert!(shown.contains("规定家数") && !shown.contains('⟦'), "{shown}");
    }
    derived::agree(&scene.world).await;
}

#[tokio::test]
async fn who_declines_once_final_offers_are_open_leaves_the_rest_to_be_evaluated() {
    let (scene, until, answer) = given().await;
    scene.world.until(until).await;
    scene.providers[2].post(&answer, json!({"agrees": "no"})).await.ok();
    scene.world.settle().await;
    assert_eq!(states(&scene).await, ["opened", "evaluation", "evaluation"], "nothing is counted after the opening");
    let record = scene.buyer.get(&format!("/tenders/{}/opening", scene.tender)).await.ok().json();
    let bids = record["lots"][0]["bids"].as_array().unwrap();
    let told: Vec<_> = bids.iter().map(|bid| (bid["price"].clone(), bid["void"].clone())).collect();
    let lapsed = [(9500, Value::Null), (9900, Value::Null), (12_000, json!("declined"))];
    assert_eq!(told, lapsed.map(|(price, void)| (json!(price), void)), "{record}");
    derived::agree(&scene.world).await;
}
