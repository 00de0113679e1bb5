//! Openings by many hands: what they take, what they wait for, what they never open.

use super::{Stage, names_of, told};
use crate::sourcing::{id, text};
use crate::world::Browser;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use sealing::{Envelope, Hands, content, one};
use serde_json::{Value, json};

#[tokio::test]
async fn two_of_three_open_and_a_malformed_envelope_blocks_nobody() {
    let mut stage = Stage::new().await;
    let mut bids = Vec::new();
    for fen in [4_300_000, 4_200_000, 4_500_000] {
        bids.push(stage.bid(fen).await);
    }
    // Sealed to another platform: whole from outside, and nothing under it.
    let odd = stage.world.member("provider").await;
    let holders = names_of(&stage).await;
    let foreign = Hands::new(&sealing::new_key().to_public().to_string(), &holders, 2).unwrap();
    stage.submit(&odd, &id(), &foreign.seal(b"x").unwrap()).await.ok();
    // Sealed as it should be, with another's name and a price that no form takes.
    let (liar, lie) = (stage.world.member("provider").await, id());
    let (form, hands) = stage.form(&liar).await;
    let mut offer = form["blank"].clone();
    (offer["price"], offer["delivery_days"], offer["note"]) = (json!(-1), json!(30), json!(""));
    stage.submit(&liar, &lie, &hands.seal(&content::pack(&offer, &[])).unwrap()).await.ok();
    let early = stage.officers[1].0.get(&format!("/me/openings/{}", stage.tender)).await.ok().json();
    assert_eq!(early["sheet"], json!(null), "not before the hour");
    assert_eq!(stage.answer(1, &[]).await.code(), "opening-not-waiting");

    stage.hour().await;
    assert_eq!(stage.state().await, "closed");
    assert!(told(&stage.officers[2].0, "开标份额").await);
    let desk = stage.officers[2].0.get("/").await.ok().text;
    assert!(desk.contains(&format!("/me/openings/{}", stage.tender)), "{desk}");
    let stranger = stage.world.member("buyer").await;
    assert_eq!(stranger.get(&format!("/me/openings/{}", stage.tender)).await.status, 404);
    // A share of another bid, and an answer that leaves one out.
    let sheet = stage.sheet(1).await;
    assert_eq!(sheet.parts.len(), 4, "the one that is sealed to another platform has no box");
    let parts = sheet.answer(&stage.officers[1].1).unwrap();
    let mut swapped = parts.clone();
    (swapped[0].share, swapped[1].share) = (parts[1].share.clone(), parts[0].share.clone());
    assert_eq!(stage.answer(1, &swapped).await.code(), "share-foreign");
    assert_eq!(stage.answer(1, &parts[1..]).await.code(), "share-missing");
    stage.give(1).await.ok();
    stage.answer(1, &parts).await.ok();
    assert_eq!(stage.state().await, "closed", "one share, given twice, is one");
    assert_eq!(stage.world.count("SELECT count(*) FROM bid WHERE price IS NOT NULL").await, 0);
    let waiting = stage.buyer.get(&format!("/tenders/{}", stage.tender)).await.ok().json()["waiting"].clone();
    assert_eq!(waiting, json!({"k": 2, "n": 3, "given": 1, "whole": 1, "is_asked": true}));
    // The buyer's own key is lost: the third officer's share is enough.
    stage.give(2).await.ok();
    assert_eq!(stage.state().await, "evaluation");
    let opened = stage.opened().await;
    let prices: Vec<_> = opened.iter().map(|bid| bid["price"].as_i64()).collect();
    assert_eq!(prices, [Some(4_200_000), Some(4_300_000), Some(4_500_000), None, None]);
    let mut flaws: Vec<_> = opened.iter().filter_map(|bid| bid["flaw"].as_str()).collect();
    flaws.sort_unstable();
    assert_eq!(flaws, ["content", "hands"]);
    assert_eq!(stage.world.count("SELECT count(*) FROM opening_share").await, 0);
    assert_eq!(stage.world.count("SELECT count(*) FROM opening_box").await, 0);
    assert_eq!(stage.answer(0, &[]).await.code(), "opening-not-waiting");
}

#[tokio::test]
async fn a_box_without_a_share_is_waited_for_a_day_and_no_longer() {
    let mut stage = Stage::new().await;
    for fen in [100, 200, 300] {
        stage.bid(fen).await;
    }
    // A bidder who gives the second officer an empty box.
    let sly = stage.world.member("provider").await;
    let (form, _) = stage.form(&sly).await;
    let (fake, holders) = (sealing::new_key(), names_of(&stage).await);
    let sealed = Hands::new(&fake.to_public().to_string(), &holders, 2).unwrap().seal(b"x").unwrap();
    let mut boxes = Envelope::read(&sealed).unwrap().boxes(&fake).unwrap();
    boxes[1].share = STANDARD.encode(one::seal(b"nothing", &holders[1]).unwrap());
    let under = one::seal(&serde_json::to_vec(&boxes).unwrap(), &text(&form["tender"], "recipient")).unwrap();
    let lines: Vec<_> = sealed.split(|byte| *byte == b'\n').take(2).map(<[u8]>::to_vec).collect();
    let mut head: Value = serde_json::from_slice(&lines[1]).unwrap();
    let content = sealed.len() - head["content"].as_u64().unwrap() as usize;
    head["shares"] = json!(under.len());
    let first = format!("ziyun envelope v2\n{head}\n").into_bytes();
    stage.submit(&sly, &id(), &[first, under, sealed[content..].to_vec()].concat()).await.ok();

    stage.hour().await;
    stage.give(1).await.ok();
    stage.give(0).await.ok();
    assert_eq!(stage.state().await, "closed", "the third officer's share would do for all");
    stage.world.pass(SignedDuration::from_hours(23)).await;
    assert_eq!(stage.state().await, "closed");
    stage.world.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(stage.state().await, "evaluation");
    let flaws: Vec<_> = stage.opened().await.iter().filter_map(|bid| bid["flaw"].as_str().map(str::to_owned)).collect();
    assert_eq!(flaws, ["shares"]);
}

#[tokio::test]
async fn too_few_answers_open_nothing_and_the_buyer_can_end_it() {
    let mut stage = Stage::new().await;
    for fen in [100, 200, 300] {
        stage.bid(fen).await;
    }
    stage.hour().await;
    stage.give(1).await.ok();
    stage.world.pass(SignedDuration::from_hours(25)).await;
    assert_eq!(stage.state().await, "closed");
    let (buyer, giver, third) = (
        stage.world.again(&stage.buyer).await,
        stage.world.again(&stage.officers[1].0).await,
        stage.world.again(&stage.officers[2].0).await,
    );
    assert!(told(&buyer, "还在等开标员的份额").await && told(&third, "开标份额").await);
    let asked = async |browser: &Browser| browser.get("/inbox").await.json().to_string().matches("请给出“").count();
    assert_eq!((asked(&third).await, asked(&giver).await), (2, 1), "who has given is not reminded");
    let form = crate::termination::form(&buyer, &stage.tender, &[1]).await;
    buyer.post(&format!("/tenders/{}/termination", stage.tender), form).await.ok();
    stage.world.settle().await;
    assert_eq!(stage.state().await, "terminated");
    for table in ["SELECT count(*) FROM opening_box", "SELECT count(*) FROM opening_share"] {
        assert_eq!(stage.world.count(table).await, 0, "{table}");
    }
    assert_eq!(stage.world.count("SELECT count(*) FROM bid WHERE envelope IS NOT NULL").await, 0);
    assert_eq!(stage.world.count("SELECT count(*) FROM bid WHERE price IS NOT NULL").await, 0);
}

#[tokio::test]
async fn the_whole_database_and_the_tender_s_key_open_nothing_without_k_holders() {
    let mut stage = Stage::new().await;
    for fen in [123_456_789, 200, 300] {
        stage.bid(fen).await;
    }
    stage.hour().await;
    stage.give(1).await.ok();
    // Everything that lies here: envelopes, boxes, the first share, and the key that the program has released to itself.
    let platform = app::sourcing::tender::key::release(&stage.world.app, stage.tender.parse().unwrap()).await.unwrap();
    let read = |tx: &mut kit::db::Tx| tx.all("SELECT envelope FROM bid ORDER BY id", &[], |row| row.next::<Vec<u8>>());
    let envelopes = stage.world.app.db().read::<_, kit::db::Error>(read).await.unwrap();
    assert_eq!(envelopes.len(), 3);
    for bytes in &envelopes {
        assert!(!bytes.windows(9).any(|part| part == b"123456789"));
        let envelope = Envelope::read(bytes).unwrap();
        let boxes = envelope.boxes(&platform).unwrap();
        let share = boxes[1].open(&stage.officers[1].1).unwrap();
        assert_eq!(envelope.open(&boxes, &[share]), Err(sealing::Shut::TooFew { have: 1, need: 2 }));
        assert!(boxes.iter().all(|one| one.open(&platform).is_err()));
        // All holders, without the platform.
        assert!(stage.officers.iter().all(|(_, key)| envelope.boxes(key).is_err()));
    }
}
