//! Negotiated tenders: talks apart and alike, sealed final offers, and what is evaluated then.

mod parties;

use crate::derived;
use crate::evaluation::{Scene, criteria, refused, wrong};
use crate::sourcing::{add_lot, after, bid, draft, id, in_days, publish, text};
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Words that stand nowhere else.
const WORDS: &str = "青瓷船坞答应备件两小时到场，驻场加一人";
const CHANGE: &str = "备件到场时间由四小时改为两小时，其余不变。";

/// A negotiated lot that takes first offers, also of consortia of so many; so many may bid, and offer to evaluate.
pub async fn called(bidders: usize, experts: usize, consortia: &str) -> Scene {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (mut providers, mut all) = (Vec::new(), Vec::new());
    for _ in 0..bidders {
        providers.push(world.member("provider").await);
    }
    for _ in 0..experts {
        all.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    for expert in &all {
        expert.post("/evaluations/offer", json!({"available": "1"})).await.ok();
    }
    let mut form = draft(&world);
    form["method"] = "negotiated".into();
    (form["consortium_most"], form["validity_days"]) = (consortia.into(), "60".into());
    form["deadline"] = in_days(&world, 12).into();
    let (tender, lot) = (text(&buyer.post("/tenders", form).await.ok().json(), "id"), id());
    add_lot(&buyer, &tender, &lot, "服务器与存储维保").await;
    // Who evaluates by which points is part of the method.
    refused(&publish(&buyer, &tender).await, "tender-unready");
    let seen = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    let mut method = criteria(seen["tender"]["version"].clone());
    method["seats"] = "3".into();
    method["blind"] = "".into();
    buyer.post(&format!("/tenders/{tender}/criteria"), method).await.ok();
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    Scene { world, buyer, providers, experts: all, tender, lot, bids: Vec::new() }
}

/// The same whose first offers, of 100, 200 and 150, were opened.
pub async fn opened(experts: usize) -> Scene {
    let mut scene = called(3, experts, "").await;
    for (provider, yuan) in scene.providers.iter().zip(["100", "200", "150"]) {
        scene.bids.push(bid(provider, &scene.lot, yuan).await);
    }
    scene.world.until(after(scene.world.clock.now(), 12)).await;
    scene.world.settle().await;
    scene
}

pub fn minutes(scene: &Scene, bid: &str) -> Value {
    json!({"minutes_id": id(), "bid": bid, "held_at": scene.world.clock.now().to_string(), "minutes": WORDS})
}

pub async fn hear_all(scene: &Scene) {
    for bid in &scene.bids {
        scene.buyer.post(&scene.at("negotiation/minutes"), minutes(scene, bid)).await.ok();
    }
}

/// What the negotiation looks like to somebody, as JSON.
pub async fn seen(scene: &Scene, reader: &Browser) -> Value {
    reader.get(&scene.at("negotiation")).await.ok().json()
}

/// Invites final offers for two days from now; answers until when.
pub async fn invite(scene: &Scene) -> Timestamp {
    let until = after(scene.world.clock.now(), 2);
    let version = seen(scene, &scene.buyer).await["negotiation"]["version"].clone();
    let form = json!({"version": version, "until": until.to_string()});
    for _ in 0..2 {
        scene.buyer.post(&scene.at("negotiation/invitation"), form.clone()).await.ok();
    }
    scene.world.settle().await;
    until
}

/// Gives a final offer, or another in the place of this version.
pub async fn give(scene: &Scene, provider: &Browser, offer: &str, yuan: &str, version: Option<i64>) -> Answer {
    let mut form = json!({"id": offer, "price": yuan, "delivery_days": "25", "note": "两小时到场"});
    if let Some(version) = version {
        form["version"] = version.into();
    }
    provider.post(&scene.at("final-offers"), form).await
}

#[tokio::test]
async fn each_is_negotiated_with_apart_and_alike_and_a_change_is_told_to_all() {
    sabotaged();
    let scene = opened(0).await;
    let (buyer, rival) = (&scene.buyer, scene.world.member("provider").await);
    let [first, second, third] = &scene.providers[..] else { panic!("three") };

    // A bidder reads its own offer and nobody else's, wherever it looks; strangers read nothing.
    let (dossier, record) = (format!("/tenders/{}", scene.tender), format!("/tenders/{}/opening", scene.tender));
    for (reader, count) in [(buyer, 3), (first, 1), (second, 1)] {
        let bids = reader.get(&record).await.ok().json()["lots"][0]["bids"].as_array().unwrap().len();
        let parties = seen(&scene, reader).await["parties"].as_array().unwrap().len();
        assert_eq!((bids, parties), (count, count));
    }
    for stranger in [&rival, &scene.world.operator().await] {
        assert_eq!(stranger.get(&record).await.status, 404);
        assert!([403, 404].contains(&stranger.get(&scene.at("negotiation")).await.status.as_u16()));
    }
    assert_eq!(rival.get(&scene.at("negotiation")).await.status, 404);

    // Minutes are kept once, of who has responded, and not of tomorrow.
    let change = |version: i64| json!({"change_id": id(), "version": version, "change": CHANGE});
    refused(&buyer.post(&scene.at("negotiation/changes"), change(1)).await, "negotiation-unequal");
    let own = minutes(&scene, &scene.bids[0]);
    for _ in 0..2 {
        buyer.post(&scene.at("negotiation/minutes"), own.clone()).await.ok();
    }
    wrong(&buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, &id())).await, "bid", "choice");
    let mut early = minutes(&scene, &scene.bids[1]);
    early["held_at"] = in_days(&scene.world, 1).into();
    wrong(&buyer.post(&scene.at("negotiation/minutes"), early).await, "held_at", "minutes-time");
    scene.world.settle().await;
    assert_eq!(seen(&scene, first).await["minutes"].as_array().unwrap().len(), 1);
    for (reader, reads) in [(buyer, true), (first, true), (second, false), (third, false)] {
        let page = reader.page(&scene.at("negotiation")).await.ok().text;
        assert!(page.contains(WORDS) == reads && !page.contains('⟦'), "{page}");
        for place in [dossier.as_str(), "/", "/inbox", "/bids"] {
            assert!(!reader.page(place).await.text.contains(WORDS), "{place}");
        }
    }
    assert!(first.get("/inbox").await.ok().text.contains("negotiation-minutes"));
    assert!(!second.get("/inbox").await.ok().text.contains("negotiation-minutes"));

    // The bidder confirms, once, with what it has to say; nobody else can.
    let confirmation = json!({"confirmed": own["minutes_id"], "remark": "驻场加一人须另议。"});
    assert_eq!(second.post(&scene.at("negotiation/confirmation"), confirmation.clone()).await.status, 404);
    for _ in 0..2 {
        first.post(&scene.at("negotiation/confirmation"), confirmation.clone()).await.ok();
    }
    let other = json!({"confirmed": own["minutes_id"], "remark": "改口"});
    refused(&first.post(&scene.at("negotiation/confirmation"), other).await, "minutes-confirmed");
    assert_eq!(seen(&scene, buyer).await["minutes"][0]["remark"], "驻场加一人须另议。");

    // Nothing changes, and nothing is invited, before each was heard; then all are told in one act, and nobody alone.
    let refusal = buyer.post(&scene.at("negotiation/changes"), change(1)).await;
    refused(&refusal, "negotiation-unequal");
    let until = in_days(&scene.world, 3);
    let invitation = json!({"version": 1, "until": until});
    refused(&buyer.post(&scene.at("negotiation/invitation"), invitation).await, "negotiation-unequal");
    for bid in &scene.bids[1..] {
        buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, bid)).await.ok();
    }
    let mut alone = change(1);
    alone["bid"] = scene.bids[0].clone().into();
    wrong(&buyer.post(&scene.at("negotiation/changes"), alone).await, "bid", "unknown-field");
    let told = change(1);
    for _ in 0..2 {
        buyer.post(&scene.at("negotiation/changes"), told.clone()).await.ok();
    }
    assert_eq!(buyer.post(&scene.at("negotiation/changes"), change(1)).await.status, 412, "seen before the change");
    scene.world.settle().await;
    for provider in &scene.providers {
        assert_eq!(seen(&scene, provider).await["changes"][0]["words"], CHANGE);
        assert_eq!(seen(&scene, provider).await["changes"].as_array().unwrap().len(), 1);
        assert!(provider.get("/inbox").await.ok().text.contains("negotiation-changed"));
    }
    assert!(!rival.get("/inbox").await.ok().text.contains("negotiation-changed"));
    assert_eq!(first.post(&scene.at("negotiation/changes"), change(2)).await.status, 403, "the buyer's act alone");

    // Who leaves is heard no more; two suffice with a reason that all read, and not before a day.
    for _ in 0..2 {
        third.post(&scene.at("negotiation/leaving"), json!({})).await.ok();
    }
    wrong(&buyer.post(&scene.at("negotiation/minutes"), minutes(&scene, &scene.bids[2])).await, "bid", "choice");
    let mut invitation = json!({"version": 2, "until": in_days(&scene.world, 3)});
    refused(&buyer.post(&scene.at("negotiation/invitation"), invitation.clone()).await, "negotiation-few");
    invitation["few_reason"] = "科研项目，市场竞争不充分。".into();
    invitation["until"] = scene.world.clock.now().to_string().into();
    wrong(&buyer.post(&scene.at("negotiation/invitation"), invitation.clone()).await, "until", "final-offers-soon");
    invitation["until"] = in_days(&scene.world, 3).into();
    buyer.post(&scene.at("negotiation/invitation"), invitation).await.ok();
    refused(&buyer.post(&scene.at("negotiation/changes"), change(3)).await, "negotiation-over");
    refused(&first.post(&scene.at("negotiation/leaving"), json!({})).await, "negotiation-over");
    assert_eq!(seen(&scene, first).await["negotiation"]["least_offers"], 2);
    refused(&give(&scene, third, &id(), "90", None).await, "negotiation-left");
    assert_eq!(give(&scene, &rival, &id(), "90", None).await.status, 404, "who has not responded");
    refused(&scene.award(&scene.bids[0], None).await, "lot-not-in-evaluation");
    derived::agree(&scene.world).await;
}

#[tokio::test]
async fn final_offers_are_sealed_until_their_hour_and_what_is_evaluated_then() {
    sabotaged();
    let scene = opened(3).await;
    let [first, second, third] = &scene.providers[..] else { panic!("three") };
    scene.form_and_draw().await;
    let sitting = scene.sitting().await;
    for one in &sitting {
        scene.declare(one).await;
    }
    hear_all(&scene).await;
    assert!(sitting[0].page(&scene.at("negotiation")).await.ok().text.contains(WORDS), "who evaluates reads it");
    refused(&scene.score(sitting[0], "A", ["30", "15.5"]).await, "final-offers-first");
    refused(&give(&scene, first, &id(), "90", None).await, "final-offers-uninvited");
    let until = invite(&scene).await;
    let lot = scene.lot.parse().unwrap();
    let early = app::sourcing::negotiation::release(&scene.world.app, lot).await;
    assert_eq!(early.err().unwrap().code, "opening-not-yet");

    let page = first.page(&scene.at("negotiation")).await.ok().text;
    assert!(page.contains("密封并提交") && page.contains("谁也看不到") && !page.contains('⟦'), "{page}");
    let wrong = [("id", id()), ("price", "很低".to_owned()), ("delivery_days", "25".to_owned())];
    let wrong: Vec<_> = wrong.iter().map(|(field, value)| (*field, value.as_str())).collect();
    let kept = first.submit(&scene.at("final-offers"), &wrong).await;
    assert!(kept.status == 422 && kept.text.contains("value=\"很低\"") && !kept.text.contains('⟦'), "{}", kept.text);

    // Given once, replaced by who has seen it, told to nobody.
    let told = async || {
        let mut page = seen(&scene, &scene.buyer).await;
        page.as_object_mut().unwrap().remove("form");
        let record = scene.buyer.get(&format!("/tenders/{}/opening", scene.tender)).await.ok().json();
        (page, record)
    };
    let (before, offer) = (told().await, id());
    let (one, two) = tokio::join!(give(&scene, first, &offer, "90", None), give(&scene, first, &offer, "90", None));
    assert!(one.status.is_success() && two.status.is_success(), "{} {}", one.text, two.text);
    refused(&give(&scene, first, &id(), "70", None).await, "final-offer-exists");
    let scheme = [7; 40_000];
    let fields = [("id", &*offer), ("price", "85"), ("delivery_days", "25"), ("note", "两小时到场"), ("version", "1")];
    first.upload(&scene.at("final-offers"), &fields, &[("files", "驻场方案.pdf", &scheme[..])]).await.ok();
    assert_eq!(give(&scene, first, &offer, "60", Some(1)).await.status, 412, "another version");
    let older = [("id", &*offer), ("price", "很低"), ("delivery_days", "25"), ("version", "1")];
    let kept = first.submit(&scene.at("final-offers"), &older).await;
    assert!(kept.status == 422 && kept.text.contains("name=\"version\" value=\"1\""), "{}", kept.text);
    assert_eq!(give(&scene, first, &offer, "90", None).await.status, 412, "the first form brings nothing back");
    assert_eq!(give(&scene, second, &offer, "60", Some(2)).await.status, 404, "another's");
    assert_eq!(give(&scene, &scene.buyer, &id(), "1", None).await.code(), "providers-only");
    assert!(first.get(&format!("/final-offers/{offer}/receipt")).await.ok().text.contains("final-offer"));
    assert_eq!(second.get(&format!("/final-offers/{offer}/receipt")).await.status, 404);
    scene.world.pass(SignedDuration::from_secs(60)).await;
    let proven = first.get(&format!("/final-offers/{offer}/proof")).await.ok().json();
    assert_eq!(proven["receipt"]["statement"]["version"], 2, "{proven}");
    assert_eq!(second.get(&format!("/final-offers/{offer}/proof")).await.status, 404);
    give(&scene, third, &id(), "80", None).await.ok();
    scene.world.settle().await;
    assert_eq!(told().await, before, "the buyer reads nothing of it");
    assert_eq!(seen(&scene, second).await["own"], Value::Null);
    assert_eq!(
        scene.world.count("SELECT count(*) FROM final_offer WHERE price IS NOT NULL OR bid IS NOT NULL").await,
        0
    );
    assert_eq!(
        scene.world.count("SELECT count(*) FROM bid_file").await,
        0,
        "what is attached is sealed with the price"
    );
    assert_eq!(scene.world.count("SELECT count(*) FROM final_offer WHERE blob IS NOT NULL").await, 1);
    give(&scene, second, &id(), "95", None).await.ok();

    // Late is late, with both times; then all are open, and bidders read who offered what last.
    scene.world.until(until).await;
    scene.world.settle().await;
    let late = give(&scene, first, &offer, "1", Some(2)).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "deadline-passed"));
    assert!(late.text.contains("收到"), "{}", late.text);
    let record = second.get(&format!("/tenders/{}/opening", scene.tender)).await.ok().json()["lots"][0]["bids"].clone();
    let prices: Vec<_> = record.as_array().unwrap().iter().map(|bid| bid["price"].as_i64().unwrap()).collect();
    assert_eq!(prices, [8000, 8500, 9500]);
    let firsts: Vec<_> = record.as_array().unwrap().iter().filter_map(|bid| bid["first_price"].as_i64()).collect();
    assert_eq!(firsts, [20_000], "of others no first offer");
    assert!(third.get("/inbox").await.ok().text.contains("final-offers-opened"));

    // The files came to light with the price: for the buyer, their bidder, and who evaluates.
    let page = seen(&scene, &scene.buyer).await;
    let party = page["parties"].as_array().unwrap().iter().find(|one| one["bid"] == json!(scene.bids[0]));
    let files = party.unwrap()["files"].clone();
    assert_eq!((files.as_array().map(Vec::len), &files[0]["name"]), (Some(1), &json!("驻场方案.pdf")), "{page}");
    let file = format!("bid-files/{}", files[0]["id"].as_str().unwrap());
    for (reader, path) in [(&scene.buyer, &*file), (first, &*file), (sitting[0], &*file.replace("bid-", "evaluation-"))]
    {
        assert_eq!(reader.get(&format!("/{path}")).await.ok().text.len(), scheme.len());
    }
    assert_eq!(second.get(&format!("/{file}")).await.status, 404);
    assert!(sitting[1].page(&scene.at("scores")).await.ok().text.contains("驻场方案.pdf"));

    // Points, candidates, award and letter follow the final offers.
    for one in &sitting {
        scene.score_and_sign(one).await.ok();
    }
    scene.stand_still().await;
    let shown = scene.world.visitor().get(&scene.at("candidates")).await.ok().json();
    let candidates = &shown["publications"][0]["candidates"];
    assert_eq!((&candidates[0]["bid"], &candidates[0]["price"]), (&json!(scene.bids[2]), &json!(8000)));
    scene.award(&scene.bids[2], None).await.ok();
    assert_eq!(third.get(&scene.at("letter")).await.ok().json()["price"], 8000);
    assert_eq!(first.get(&scene.at("letter")).await.ok().json()["price"], 8500);
}
