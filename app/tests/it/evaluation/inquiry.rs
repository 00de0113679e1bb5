//! What a committee asks in writing, and what it may not do before.

use super::{Scene, refused, wrong};
use crate::demand::told;
use crate::sourcing::{id, text};
use crate::world::sabotaged;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Words that stand nowhere else.
const WORDS: &str = "青瓷船坞自有，船员为自有员工，故成本较低";

#[tokio::test]
async fn nobody_is_rejected_as_below_cost_unheard_and_the_committee_alone_reads_the_answer() {
    sabotaged();
    let scene = Scene::new(3).await;
    scene.form_and_draw().await;
    let sitting = scene.sitting().await;
    let reject = json!({"bid": "A", "points": ["1", "1"], "ground": "below-cost", "remark": "低于成本"});
    let question =
        |about: &str, kind: &str| json!({"id": id(), "about": about, "kind": kind, "question": "请说明报价的构成。"});
    refused(&sitting[0].post(&scene.at("inquiries"), question("A", "price")).await, "declaration-first");
    for one in &sitting {
        scene.declare(one).await;
    }
    wrong(&sitting[0].post(&scene.at("scores"), reject.clone()).await, "ground", "below-cost-unasked");
    wrong(&sitting[0].post(&scene.at("inquiries"), question("Z", "price")).await, "about", "choice");
    let (asked, early) = (question("A", "price"), scene.world.clock.now());
    for _ in 0..2 {
        sitting[0].post(&scene.at("inquiries"), asked.clone()).await.ok();
    }
    refused(&sitting[1].post(&scene.at("inquiries"), question("A", "price")).await, "inquiry-asked");
    wrong(&sitting[1].post(&scene.at("scores"), reject.clone()).await, "ground", "below-cost-waits");
    for letter in ["A", "B", "C"] {
        scene.score(sitting[2], letter, ["30", "15.5"]).await.ok();
    }
    refused(&sitting[2].post(&scene.at("signature"), json!({})).await, "inquiry-waits");
    scene.world.settle().await;

    // The bidder is told, and answers once; nobody else does.
    let mut bidder = None;
    for provider in &scene.providers {
        let own = provider.get("/inquiries").await.ok().json()["inquiries"].clone();
        assert_eq!(provider.get("/inbox").await.ok().text.contains("inquiry-asked"), own != json!([]));
        if own != json!([]) {
            assert!(bidder.replace((provider, own)).is_none(), "one of them");
        }
    }
    let (bidder, own) = bidder.unwrap();
    assert_eq!(own.as_array().unwrap().len(), 1, "asked once");
    assert!(bidder.page("/").await.ok().text.contains("评标委员会要求说明"), "on the desk");
    let path = format!("/inquiries/{}/answer", text(&own[0], "id"));
    for other in scene.providers.iter().filter(|one| one.phone != bidder.phone) {
        assert_eq!(other.post(&path, json!({"answer": WORDS})).await.status, 404);
    }
    assert_eq!(told(&scene.buyer.post(&path, json!({"answer": WORDS})).await), (403, "providers-only".into()));
    let short = bidder.submit(&path, &[("answer", "短")]).await;
    assert!(
        short.status == 422 && short.text.contains("\n短</textarea>") && !short.text.contains('⟦'),
        "{}",
        short.text
    );
    for _ in 0..2 {
        bidder.post(&path, json!({"answer": WORDS})).await.ok();
    }
    refused(&bidder.post(&path, json!({"answer": "改口：其实不低。"})).await, "inquiry-answered");
    let page = sitting[1].page(&scene.at("scores")).await.ok().text;
    assert!(page.contains(WORDS) && !page.contains('⟦'), "{page}");
    let tender = format!("/tenders/{}", scene.tender);
    let strangers = [&scene.buyer, &scene.world.visitor(), &scene.world.operator().await];
    for reader in strangers {
        for place in [tender.as_str(), &scene.at("committee"), &scene.at("scores"), "/inquiries", "/"] {
            assert!(!reader.page(place).await.text.contains(WORDS), "{place}");
            assert!(!reader.get(place).await.text.contains(WORDS), "{place}");
        }
    }
    sitting[1].post(&scene.at("scores"), reject).await.ok();

    // Who is silent is waited for until the hour, and not longer.
    sitting[0].post(&scene.at("inquiries"), question("B", "meaning")).await.ok();
    refused(&sitting[2].post(&scene.at("signature"), json!({})).await, "inquiry-waits");
    scene.world.pass(SignedDuration::from_hours(25)).await;
    let late: Vec<Value> = {
        let mut all = Vec::new();
        for provider in &scene.providers {
            let own = provider.get("/inquiries").await.ok().json()["inquiries"].clone();
            all.extend(own.as_array().unwrap().iter().filter(|one| one["kind"] == "meaning").cloned());
        }
        all
    };
    let path = format!("/inquiries/{}/answer", text(&late[0], "id"));
    let mut codes = Vec::new();
    for provider in &scene.providers {
        codes.push(provider.post(&path, json!({"answer": "含夜间到场。"})).await.code());
    }
    codes.sort();
    assert_eq!(codes, ["inquiry-over", "not-found", "not-found"]);
    sitting[2].post(&scene.at("signature"), json!({})).await.ok();
    assert!(scene.world.clock.now() > early);
}
