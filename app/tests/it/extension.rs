//! Extension of the validity of bids: who agrees is bound longer, who declines is released, who says nothing is bound as before.

use crate::amendment::problems;
use crate::sourcing::{after, bid, draft, id, in_days, published_as};
use crate::world::{Browser, World};
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
