//! Contact data: what was previewed and shared, to whom it was shared, until it is taken back.

use super::{Pair, company, joined, look, own, read, say, share, shared, told};
use crate::colleague::colleague;
use crate::sourcing::{id, text};
use crate::world::{World, sabotaged};
use serde_json::{Value, json};

const PHONE: &str = "13911118888";

#[tokio::test]
async fn a_prospective_party_gets_only_what_was_shared() {
    sabotaged();
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    say(&pair.provider, &pair.thread, "您好").await.ok();
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    let preview = pair.provider.post(&pair.path("/sharing/preview"), own(PHONE)).await.ok().json();
    assert_eq!(preview["card"]["phone"], format!("+86{PHONE}"), "exactly what the other side would see");
    assert_eq!(
        told(&look(&pair.buyer, &pair.thread).await),
        (409, "nothing-shared".into()),
        "a preview shares nothing"
    );
    pair.provider.post(&pair.path("/sharing"), shared(&preview, own(PHONE))).await.ok();
    world.settle().await;
    // The page tells that there is something, and not what.
    let offered = read(&pair.buyer, &pair.thread).await["offered"].clone();
    assert_eq!((&offered[0]["what"], &offered[0]["member"]), (&json!(["name", "phone"]), &json!(1)));
    for page in [pair.path(""), "/threads".into(), "/inbox".into(), "/contact-requests".into()] {
        let page = pair.buyer.page(&page).await.ok().text;
        assert!(!page.contains(PHONE) && !page.contains("鹿其野"), "{page}");
    }
    let seen = look(&pair.buyer, &pair.thread).await.ok();
    assert_eq!(seen.header("cache-control"), "no-store");
    let card = json!({ "member": 1, "name": "鹿其野", "phone": format!("+86{PHONE}"), "email": null });
    assert_eq!((&seen.json()["people"], &seen.json()["address"]), (&json!([card]), &Value::Null));
    let shown = pair.buyer.submit(&pair.path("/look"), &[]).await;
    assert!(shown.text.contains(PHONE) && shown.text.contains("个人信息保护法") && !shown.text.contains('⟦'));
    // The person sees who looked: the company, for what, which fields; not the person behind it.
    let others = pair.provider.get("/me/accesses").await.ok().json()["others"].clone();
    let buyer = text(&pair.buyer.get("/company").await.ok().json()["company"], "name");
    let lines: Vec<_> = others.as_array().unwrap().iter().filter(|one| one.to_string().contains(&buyer)).collect();
    assert_eq!(lines.len(), 2, "each look is one line: {others}");
    assert!(lines[0].to_string().contains("在会话里分享的手机号"), "{}", lines[0]);
    // Nobody else's thread shows it, and a third company has none.
    let third = world.member("buyer").await;
    assert_eq!(told(&look(&third, &pair.thread).await), (404, "not-found".into()));
    let elsewhere = joined(&third, &pair.provider).await;
    assert_eq!(told(&look(&third, &elsewhere).await), (409, "nothing-shared".into()), "shared with one company only");
    // Blocked, the other side sees nothing, and again once the block is lifted.
    pair.provider.post(&pair.path("/block"), json!({})).await.ok();
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    let block = text(&pair.provider.get("/threads").await.ok().json()["blocks"][0], "id");
    pair.provider.post(&format!("/company/blocks/{block}/end"), json!({})).await.ok();
    look(&pair.buyer, &pair.thread).await.ok();
    // Taken back, it is gone; what was looked at stays on record.
    for _ in 0..2 {
        pair.provider.post(&pair.path("/sharing/end"), json!({})).await.ok();
    }
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    assert_eq!(world.count("SELECT count(*) FROM thread_sharing").await, 0);
    let others = pair.provider.get("/me/accesses").await.ok().json()["others"].clone();
    assert!(others.as_array().unwrap().iter().filter(|one| one.to_string().contains(&buyer)).count() >= 3);
}

#[tokio::test]
async fn what_was_not_previewed_is_not_shared() {
    sabotaged();
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let path = pair.path("/sharing");
    let forged = shared(&json!({ "id": id(), "seen": "00".repeat(32) }), own(PHONE));
    assert_eq!(told(&pair.provider.post(&path, forged).await), (409, "not-previewed".into()));
    let preview = pair.provider.post(&pair.path("/sharing/preview"), own(PHONE)).await.ok().json();
    let mut other = shared(&preview, own("13922229999"));
    assert_eq!(told(&pair.provider.post(&path, other.clone()).await), (409, "not-previewed".into()), "another number");
    other = shared(&preview, own(PHONE));
    other["email"] = json!("lu@example.com");
    assert_eq!(told(&pair.provider.post(&path, other).await), (409, "not-previewed".into()), "one thing more");
    // A colleague's preview, and that of another thread, are not this one's.
    let mate = colleague(&world, &pair.provider, &["bidder"]).await;
    assert_eq!(told(&mate.post(&path, shared(&preview, own(PHONE))).await), (409, "not-previewed".into()));
    let third = world.member("buyer").await;
    let elsewhere = joined(&third, &pair.provider).await;
    let answer = pair.provider.post(&format!("/threads/{elsewhere}/sharing"), shared(&preview, own(PHONE))).await;
    assert_eq!(told(&answer), (409, "not-previewed".into()));
    // Sent twice it is one sharing; sent again after it was taken back, it shares nothing.
    for _ in 0..2 {
        pair.provider.post(&path, shared(&preview, own(PHONE))).await.ok();
    }
    pair.provider.post(&pair.path("/sharing/end"), json!({})).await.ok();
    let replayed = pair.provider.post(&path, shared(&preview, own(PHONE))).await;
    assert_eq!(told(&replayed), (409, "not-previewed".into()));
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    let nothing = pair.provider.post(&pair.path("/sharing/preview"), json!({})).await;
    assert_eq!(nothing.json()["errors"][0]["code"], "sharing-nothing");
}

#[tokio::test]
async fn a_person_shares_for_themselves_and_no_longer_than_they_act_for_the_company() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let mate = colleague(&world, &pair.provider, &["bidder"]).await;
    share(&mate, &pair.thread, own(PHONE)).await.ok();
    // The owner of the company neither sees nor ends what a colleague shares.
    let page = pair.provider.get(&pair.path("/sharing")).await.ok().json();
    assert_eq!(page["shown"], Value::Null);
    assert_eq!(mate.get(&pair.path("/sharing")).await.ok().json()["shown"]["phone"], format!("+86{PHONE}"));
    assert!(mate.page(&pair.path("/sharing")).await.ok().text.contains("对方现在看得到"));
    pair.provider.post(&pair.path("/sharing/end"), json!({})).await.ok();
    look(&pair.buyer, &pair.thread).await.ok();
    let data = mate.get("/me/data").await.ok().json()["fields"].to_string();
    assert!(data.contains(PHONE) && data.contains("鹿其野"), "the person's own page has it: {data}");
    let people = pair.provider.get("/company/people").await.ok().json();
    let account =
        people["members"].as_array().unwrap().iter().find(|one| one["is_self"] == json!(false)).unwrap().clone();
    let path = format!("/company/people/{}", text(&account, "account"));
    let version = pair.provider.get(&path).await.ok().json()["version"].clone();
    // Removed while a form is open before them: what they send then is refused.
    let token = mate.token().await;
    pair.provider.post(&format!("{path}/removal"), json!({ "version": version })).await.ok();
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()), "at once");
    let late = mate.post_with(&token, &pair.path("/messages"), &json!({ "id": id(), "text": "还有一句" })).await;
    assert_eq!(late.status, 403, "their sessions ended with the membership: {}", late.text);
    assert_eq!(world.count("SELECT count(*) FROM thread_message").await, 0);
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM thread_sharing").await, 0, "and then it is deleted");
}

#[tokio::test]
async fn an_owner_shares_the_postal_address_as_it_was_previewed() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let path = pair.path("/address");
    assert_eq!(pair.provider.get(&path).await.ok().json()["address"], Value::Null);
    let none = pair.provider.post(&path, json!({ "seen": "00".repeat(32) })).await;
    assert_eq!(told(&none), (409, "address-none".into()));
    let filed =
        json!({ "registered_region": "44", "registered_line": "深圳市南山区科苑路 15 号 A 座", "postcode": "518000" });
    file(&pair, filed.clone()).await;
    let preview = pair.provider.get(&path).await.ok().json();
    assert!(text(&preview, "address").contains("科苑路 15 号"), "{preview}");
    let mate = colleague(&world, &pair.provider, &["bidder"]).await;
    assert_eq!(told(&mate.post(&path, json!({ "seen": preview["seen"] })).await), (403, "duty-owner".into()));
    // Another address was filed since the preview.
    let mut moved = filed.clone();
    moved["registered_line"] = json!("深圳市福田区深南大道 9 号");
    file(&pair, moved).await;
    assert_eq!(
        told(&pair.provider.post(&path, json!({ "seen": preview["seen"] })).await),
        (409, "not-previewed".into())
    );
    let preview = pair.provider.get(&path).await.ok().json();
    pair.provider.post(&path, json!({ "seen": preview["seen"] })).await.ok();
    assert!(!pair.buyer.page(&pair.path("")).await.ok().text.contains("深南大道"));
    file(&pair, filed).await;
    let seen = look(&pair.buyer, &pair.thread).await.ok().json();
    assert_eq!(seen["address"], preview["address"], "as it was shared, not as it was filed since");
    let own = pair.provider.get(&path).await.ok().json();
    assert_eq!(own["views"].as_array().map(Vec::len), Some(1), "the company sees that it was looked at");
    assert!(pair.provider.page(&path).await.ok().text.contains("谁看过"));
    pair.provider.post(&pair.path("/address/end"), json!({})).await.ok();
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    assert_ne!(company(&pair.buyer).await, company(&pair.provider).await);
}

/// The provider files its addresses.
async fn file(pair: &Pair, mut fields: Value) {
    let version = pair.provider.get("/company/addresses").await.ok().json()["version"].clone();
    fields["version"] = version;
    pair.provider.post("/company/addresses", fields).await.ok();
}
