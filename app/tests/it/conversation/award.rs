//! What was left for an award while the bids were open: seen by its other side from the award on, and by nobody else.

use super::{company, look, own, say, shared, told, wanted};
use crate::sourcing::{after, bid, id, published, text};
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Leaves a number for the award of a tender: what the form sent, and what came of it.
async fn leave(by: &Browser, tender: &str, phone: &str) -> (Value, Answer) {
    let path = format!("/tenders/{tender}/award-contact");
    let preview = by.post(&format!("{path}/preview"), own(phone)).await.ok().json();
    let form = shared(&preview, own(phone));
    let answer = by.post(&path, form.clone()).await;
    (form, answer)
}

#[tokio::test]
async fn what_was_left_for_an_award_is_seen_by_its_other_side_alone() {
    sabotaged();
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    let path = format!("/tenders/{tender}/award-contact");
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    let outsider = world.member("provider").await;
    world.stay_signed_in(60).await;
    let mut bids = Vec::new();
    for (provider, price) in providers.iter().zip(["100", "200", "300"]) {
        bids.push(bid(provider, &lot, price).await);
    }
    // Before the opening a row would tell who has bid: there is none, and who has bid learns what everybody does.
    assert_eq!(told(&buyer.get(&path).await), (409, "award-contact-early".into()));
    for provider in [&providers[0], &outsider] {
        assert_eq!(told(&provider.get(&path).await), (404, "not-found".into()));
    }
    world.until(after(world.clock.now(), 10)).await;
    let [winner, loser, _] = &providers[..] else { panic!("three providers") };
    let page = buyer.get(&path).await.ok().json();
    assert_eq!((page["others"].as_array().map(Vec::len), &page["shown"]), (Some(3), &Value::Null));
    let (form, left) = leave(&buyer, &tender, "13911118888").await;
    left.ok();
    buyer.post(&path, form).await.ok();
    let (old, left) = leave(winner, &tender, "13922229999").await;
    left.ok();
    leave(loser, &tender, "13933330000").await.1.ok();
    assert_eq!(told(&outsider.get(&path).await), (404, "not-found".into()));
    let mut forged = shared(&json!({ "id": id(), "seen": "00".repeat(32) }), own("13944441111"));
    assert_eq!(told(&buyer.post(&path, forged.clone()).await), (409, "not-previewed".into()));
    // Taken back, an old form leaves nothing anew.
    winner.post(&format!("{path}/end"), json!({})).await.ok();
    assert_eq!(told(&winner.post(&path, old).await), (409, "not-previewed".into()));
    leave(winner, &tender, "13922229999").await.1.ok();
    assert!(winner.page(&path).await.ok().text.contains("13922229999"));
    assert!(winner.get("/me/data").await.ok().json()["fields"].to_string().contains("13922229999"));
    buyer.post(&format!("/lots/{lot}/award"), json!({ "bid": bids[0], "reason": "价格最低，满足要求" })).await.ok();
    world.settle().await;
    // From the award on the two see each other's, each look on record.
    let threads = winner.get("/threads").await.ok().json();
    let opened = threads["threads"].as_array().unwrap().iter().find(|one| one["tender"] == json!(tender));
    let thread = text(opened.expect("a thread about the tender"), "id");
    let offered = buyer.get(&format!("/threads/{thread}")).await.ok().json()["offered"].clone();
    assert_eq!(offered[0]["what"], json!(["name", "phone"]));
    for (looks, phone) in [(&buyer, "13922229999"), (winner, "13911118888")] {
        let seen = look(looks, &thread).await.ok().json();
        assert_eq!(seen["people"][0]["phone"], format!("+86{phone}"), "{seen}");
    }
    let name = text(&buyer.get("/company").await.ok().json()["company"], "name");
    assert!(winner.get("/me/accesses").await.ok().json()["others"].to_string().contains(&name));
    // Who has won nothing neither sees nor shows, even in a thread about the same tender.
    let mut about = wanted(&company(&buyer).await, "tender");
    about["tender"] = json!(tender);
    let request = text(&loser.post("/contact-requests", about).await.ok().json(), "id");
    let accepted = buyer.post(&format!("/contact-requests/{request}/acceptance"), json!({})).await.ok().json();
    let other = text(&accepted, "thread");
    say(&buyer, &other, "您好").await.ok();
    say(loser, &other, "您好").await.ok();
    for side in [&buyer, loser] {
        assert_eq!(told(&look(side, &other).await), (409, "nothing-shared".into()));
    }
    assert_eq!(world.count("SELECT count(*) FROM award_contact").await, 2, "what the loser left is deleted");
    // It is over: nothing is left any more, and what was left goes when its person says so, or on its day.
    forged["id"] = json!(id());
    assert_eq!(told(&buyer.post(&path, forged).await), (409, "award-contact-late".into()));
    winner.post(&format!("{path}/end"), json!({})).await.ok();
    assert_eq!(told(&look(&buyer, &thread).await), (409, "nothing-shared".into()));
    world.pass(SignedDuration::from_hours(24 * 181)).await;
    assert_eq!(world.count("SELECT count(*) FROM award_contact").await, 0);
}
