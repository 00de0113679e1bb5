//! Who takes part to the end: who gives no final offer has left, and members of a consortium act through its lead.

use super::{called, give, hear_all, invite, minutes, seen};
use crate::archive;
use crate::consortium;
use crate::evaluation::wrong;
use crate::sourcing::{after, bid, id};
use crate::world::Browser;
use jiff::SignedDuration;
use kit::id::Id;
use serde_json::{Value, json};

#[tokio::test]
async fn who_gives_no_final_offer_has_left_and_too_few_are_never_opened() {
    let mut scene = called(3, 0, "").await;
    for (provider, yuan) in scene.providers[..2].iter().zip(["100", "200"]) {
        scene.bids.push(bid(provider, &scene.lot, yuan).await);
    }
    let leaving = id();
    let fields = [("id", leaving.as_str()), ("price", "150"), ("delivery_days", "30"), ("note", "两年质保")];
    let file: (&str, &str, &[u8]) = ("files", "方案.pdf", b"%PDF-1.7");
    scene.providers[2].upload(&format!("/lots/{}/bids", scene.lot), &fields, &[file]).await.ok();
    scene.bids.push(leaving);
    scene.world.until(after(scene.world.clock.now(), 12)).await;
    scene.world.settle().await;
    hear_all(&scene).await;
    scene.providers[2].post(&scene.at("negotiation/leaving"), json!({})).await.ok();
    let until = after(scene.world.clock.now(), 2);
    let few = json!({"version": 1, "until": until.to_string(), "few_reason": "科研项目，市场竞争不充分。"});
    scene.buyer.post(&scene.at("negotiation/invitation"), few).await.ok();
    scene.world.settle().await;
    give(&scene, &scene.providers[0], &id(), "90", None).await.ok();
    scene.world.until(until.checked_sub(SignedDuration::from_secs(60)).unwrap()).await;
    assert_eq!(seen(&scene, &scene.buyer).await["negotiation"]["phase"], "invited");
    scene.world.until(until).await;
    scene.world.settle().await;
    let page = seen(&scene, &scene.buyer).await;
    assert_eq!((&page["negotiation"]["phase"], &page["lot"]["state"]), (&json!("failed"), &json!("failed")));
    for place in [scene.at("negotiation"), format!("/tenders/{}", scene.tender)] {
        let shown = scene.buyer.page(&place).await.ok().text;
        assert!(shown.contains("规定家数") && !shown.contains('⟦'), "{shown}");
    }
    let tender = scene.buyer.get(&format!("/tenders/{}", scene.tender)).await.ok().json();
    assert_eq!(tender["tender"]["state"], "failed", "{tender}");
    let left = "SELECT count(*) FROM final_offer WHERE envelope IS NOT NULL OR price IS NOT NULL";
    assert_eq!(scene.world.count(left).await, 0, "destroyed unopened");
    let notices = scene.world.visitor().get("/notices?kind=result").await.ok().text;
    assert!(notices.contains("流标公告"), "{notices}");
    for provider in &scene.providers[..2] {
        assert!(provider.get("/inbox").await.ok().text.contains("tender-failed"));
        let own = provider.get(&format!("/tenders/{}/opening", scene.tender)).await.ok().json();
        assert_eq!(own["lots"][0]["bids"].as_array().unwrap().len(), 1, "of others it reads nothing");
    }
    // Each keeps what it has read: the buyer all minutes and no receipt of what was destroyed, a bidder its own of both; and what was opened of
    // who has left since.
    let held = async |who: &Browser| {
        let files = archive::unpacked(&archive::made(&scene.world, who, &scene.tender).await.1);
        let talks: Value = serde_json::from_slice(&files["lots/1/negotiation.json"]).unwrap();
        let count = |begin: &str| files.keys().filter(|name| name.starts_with(begin)).count();
        let finals = files.keys().filter(|name| name.ends_with("-final.json")).count();
        (talks["minutes"].as_array().map(Vec::len), finals, count("receipts/") - finals, count("bids/lot-1/"))
    };
    assert_eq!(held(&scene.buyer).await, (Some(scene.bids.len()), 0, 3, 1));
    assert_eq!(held(&scene.providers[0]).await, (Some(1), 1, 1, 0));
    assert_eq!(held(&scene.providers[2]).await, (Some(1), 0, 1, 1));
}

#[tokio::test]
async fn a_consortium_negotiates_through_its_lead_and_what_is_void_takes_no_part() {
    let mut scene = called(5, 0, "3").await;
    let [lead, partner, second, third, void] = &scene.providers[..] else { panic!("five") };
    let joint = consortium::made(lead, &scene.lot, partner).await;
    consortium::accept(partner, &joint).await.ok();
    for (provider, yuan) in [(lead, "100"), (second, "200"), (third, "150"), (void, "90")] {
        scene.bids.push(bid(provider, &scene.lot, yuan).await);
    }
    let last: Id<()> = scene.bids[3].parse().unwrap();
    let sql = "UPDATE bid SET void = 'doubled' WHERE id = $1";
    let unit = move |tx: &mut kit::db::Tx| tx.execute(sql, kit::values![last]).map(drop);
    scene.world.app.db().write::<_, kit::db::Error>(unit).await.unwrap();
    scene.world.until(after(scene.world.clock.now(), 12)).await;
    scene.world.settle().await;

    // What is void is in the record, and nobody negotiates about it.
    assert_eq!(seen(&scene, &scene.buyer).await["parties"].as_array().map(Vec::len), Some(3));
    assert_eq!(void.get(&scene.at("negotiation")).await.status, 404);
    assert!(void.page(&format!("/bids/{}", scene.bids[3])).await.ok().text.contains("相关投标均无效"));
    let of_void = scene.buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, &scene.bids[3])).await;
    wrong(&of_void, "bid", "choice");
    for bid in &scene.bids[..3] {
        scene.buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, bid)).await.ok();
    }

    // A member reads what its lead reads, and acts in nothing.
    let of_member = seen(&scene, partner).await;
    assert_eq!(of_member["parties"].as_array().map(Vec::len), Some(1));
    assert_eq!(of_member["parties"][0]["bid"], json!(scene.bids[0]));
    assert_eq!(of_member["minutes"].as_array().map(Vec::len), Some(1));
    assert_eq!(partner.post(&scene.at("negotiation/leaving"), json!({})).await.status, 404);
    let (until, offer) = (invite(&scene).await, id());
    assert!(partner.get("/inbox").await.ok().text.contains("final-offers-invited"));
    assert!(!void.get("/inbox").await.ok().text.contains("final-offers-invited"));
    assert_eq!(give(&scene, partner, &id(), "80", None).await.status, 404);
    give(&scene, lead, &offer, "85", None).await.ok();
    assert_eq!(seen(&scene, partner).await["own"]["id"], json!(offer));
    partner.get(&format!("/final-offers/{offer}/receipt")).await.ok();
    assert_eq!(second.get(&format!("/final-offers/{offer}/receipt")).await.status, 404);
    for provider in [second, third] {
        give(&scene, provider, &id(), "120", None).await.ok();
    }
    scene.world.until(until).await;
    scene.world.settle().await;
    let record =
        partner.get(&format!("/tenders/{}/opening", scene.tender)).await.ok().json()["lots"][0]["bids"].clone();
    let told: Vec<_> =
        record.as_array().unwrap().iter().map(|bid| (bid["price"].clone(), bid["rank"].clone())).collect();
    let ranked = [(8500, Some(1)), (12_000, Some(2)), (12_000, Some(2)), (9000, None)];
    assert_eq!(told, ranked.map(|(price, rank)| (json!(price), json!(rank))), "{record}");
    assert_eq!((&record[0]["first_price"], &record[3]["void"]), (&json!(10_000), &json!("doubled")));
}
