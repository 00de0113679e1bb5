//! Shares that bidders keep of their own bids: they may stand in for one officer, and are never needed.

use super::{Stage, officer};
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sealing::sheet::{Given, Sheet};
use sealing::{Identity, content};
use serde_json::json;

/// A sealed bid with a share for its bidder; who bids, and their key.
async fn sealed(stage: &Stage, fen: i64) -> (Browser, Identity, Vec<u8>) {
    let provider = stage.world.member("provider").await;
    let key = officer(&provider).await;
    let (form, hands) = stage.form(&provider).await;
    assert_eq!(form["own"], json!(key.to_public().to_string()));
    assert_eq!(form["tender"]["hands"]["bidder"], true);
    let mut offer = form["blank"].clone();
    (offer["price"], offer["delivery_days"], offer["note"]) = (json!(fen), json!(30), json!("两年质保"));
    let sealed = hands.with_own(&text(&form, "own")).unwrap().seal(&content::pack(&offer, &[])).unwrap();
    (provider, key, sealed)
}

/// The same, submitted.
async fn bid(stage: &Stage, fen: i64) -> (Browser, Identity) {
    let (provider, key, sealed) = sealed(stage, fen).await;
    stage.submit(&provider, &id(), &sealed).await.ok();
    (provider, key)
}

/// The same, committed to first and uploaded after.
async fn upload(stage: &Stage, fen: i64) -> (Browser, Identity) {
    let (provider, key, sealed) = sealed(stage, fen).await;
    let upload = stage.committed(&provider, &id(), &sealed, 1).await;
    upload.patch(0, &sealed).await.ok();
    (provider, key)
}

async fn sheet(stage: &Stage, who: &Browser) -> Sheet {
    let page = who.get(&format!("/me/openings/{}", stage.tender)).await.ok().json();
    assert_eq!(page["is_bidders"], true);
    serde_json::from_value(page["sheet"].clone()).unwrap()
}

async fn give(stage: &Stage, who: &Browser, parts: &[Given]) -> Answer {
    let answer = json!({"answer": serde_json::to_string(parts).unwrap()});
    let answer = who.post(&format!("/me/openings/{}", stage.tender), answer).await;
    stage.world.settle().await;
    answer
}

#[tokio::test]
async fn with_one_officer_less_each_bidder_s_share_opens_its_own_bid() {
    let mut stage = Stage::letting().await;
    let mut bidders = vec![bid(&stage, 300).await, bid(&stage, 100).await, upload(&stage, 200).await];
    let path = format!("/me/openings/{}", stage.tender);
    assert_eq!(bidders[0].0.get(&path).await.status, 404, "before the hour nothing shows that there is a share");
    stage.hour().await;
    for (who, _) in &mut bidders {
        *who = stage.world.again(who).await;
    }
    assert_eq!(stage.world.member("provider").await.get(&path).await.status, 404);
    assert_eq!(super::waits(&bidders[0].0).await, ["opening-waiting-own"]);
    // Each has its own box, and no share of anybody else's is taken for it.
    let sheets = [sheet(&stage, &bidders[0].0).await, sheet(&stage, &bidders[1].0).await];
    assert_eq!((sheets[0].parts.len(), sheets[1].parts.len()), (1, 1));
    let mut foreign = sheets[1].answer(&bidders[1].1).unwrap();
    foreign[0].bid.clone_from(&sheets[0].parts[0].bid);
    assert_eq!(give(&stage, &bidders[0].0, &foreign).await.code(), "share-foreign");
    for (who, key) in &bidders {
        let parts = sheet(&stage, who).await.answer(key).unwrap();
        assert_eq!(stage.state().await, "closed", "two shares are needed, and each bid has its bidder's alone");
        for _ in 0..2 {
            give(&stage, who, &parts).await.ok();
        }
    }
    assert!(super::waits(&bidders[0].0).await.is_empty(), "it is given");
    let named = "SELECT count(*) FROM event WHERE kind = 'opening.share-given' AND actor IS NOT NULL";
    assert_eq!(stage.world.count(named).await, 0, "no event tells who has bid");
    stage.give(1).await.ok();
    assert_eq!(stage.state().await, "evaluation");
    let prices: Vec<_> = stage.opened().await.iter().map(|bid| bid["price"].as_i64()).collect();
    assert_eq!(prices, [Some(100), Some(200), Some(300)]);
    assert_eq!(stage.world.count("SELECT count(*) FROM opening_own").await, 0);
}

#[tokio::test]
async fn a_bidder_that_withholds_or_has_kept_none_holds_up_nobody() {
    let mut stage = Stage::letting().await;
    let (giver, withholder) = (bid(&stage, 300).await, bid(&stage, 100).await);
    // One that keeps no share, as the command line and a browser without a key seal.
    stage.bid(200).await;
    stage.hour().await;
    stage.give(1).await.ok();
    let who = stage.world.again(&giver.0).await;
    let parts = sheet(&stage, &who).await.answer(&giver.1).unwrap();
    give(&stage, &who, &parts).await.ok();
    let empty =
        [Given { bid: sheet(&stage, &stage.world.again(&withholder.0).await).await.parts[0].bid.clone(), share: None }];
    give(&stage, &stage.world.again(&withholder.0).await, &empty).await.ok();
    assert_eq!(stage.state().await, "closed");
    assert_eq!(stage.world.count("SELECT count(*) FROM bid WHERE price IS NOT NULL").await, 0);
    // What is no share is none, whoever sends it.
    let nonsense = [Given { bid: empty[0].bid.clone(), share: Some(STANDARD.encode([7; 40])) }];
    let refused = give(&stage, &stage.world.again(&withholder.0).await, &nonsense).await;
    assert_eq!(refused.code(), "share-foreign");
    stage.give(2).await.ok();
    assert_eq!(stage.state().await, "evaluation", "the officers that it takes are enough");
    assert_eq!(stage.opened().await.iter().filter(|bid| bid["price"].is_i64()).count(), 3);
}
