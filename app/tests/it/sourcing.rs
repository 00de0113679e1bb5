//! From draft to award through the front door: what the tests of the sourcing wing share.

use crate::world::{Answer, Browser, World};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::random::Random;
use serde_json::{Value, json};

/// Days after the world's present, as a form takes them.
pub fn in_days(world: &World, days: i64) -> String {
    after(world.clock.now(), days).to_string()
}

/// So many days after an instant.
pub fn after(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap()
}

/// A fresh id, as a form carries it.
pub fn id() -> String {
    Id::<()>::v4(&Random::system()).to_string()
}

/// The form of a draft that can be published.
pub fn draft(world: &World) -> Value {
    json!({
        "id": id(),
        "title": "岚河通信云平台设备维保服务采购",
        "method": "open",
        "category": "other",
        "region": "36",
        "summary": "云平台设备 24 个月维保，含备件与驻场，四小时到场。",
        "questions_until": in_days(world, 7),
        "deadline": in_days(world, 10),
        "budget_shown": "1",
    })
}

/// A published tender with one lot: their ids.
pub async fn published(world: &World, buyer: &Browser) -> (String, String) {
    published_as(world, buyer, draft(world)).await
}

/// The same from a draft of the test's own.
pub async fn published_as(world: &World, buyer: &Browser, draft: Value) -> (String, String) {
    let tender = text(&buyer.post("/tenders", draft).await.ok().json(), "id");
    let lot = id();
    add_lot(buyer, &tender, &lot, "服务器与存储维保").await;
    publish(buyer, &tender).await.ok();
    world.settle().await;
    (tender, lot)
}

/// Adds a lot to a draft.
pub async fn add_lot(buyer: &Browser, tender: &str, lot: &str, title: &str) {
    let fields = json!({"lot_id": lot, "lot_title": title, "lot_budget": "4,860,000"});
    buyer.post(&format!("/tenders/{tender}/lots"), fields).await.ok();
}

/// Publishes a draft as its buyer has just seen it.
pub async fn publish(buyer: &Browser, tender: &str) -> Answer {
    let seen = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json();
    buyer.post(&format!("/tenders/{tender}/publication"), json!({"version": seen["tender"]["version"]})).await
}

/// Seals a bid and answers its id.
pub async fn bid(provider: &Browser, lot: &str, yuan: &str) -> String {
    let bid = id();
    submit(provider, lot, &bid, yuan).await.ok();
    bid
}

/// Tries to seal a bid.
pub async fn submit(provider: &Browser, lot: &str, bid: &str, yuan: &str) -> Answer {
    let fields = json!({"id": bid, "price": yuan, "delivery_days": "30", "note": "两年质保"});
    provider.post(&format!("/lots/{lot}/bids"), fields).await
}

/// A text out of JSON.
#[track_caller]
pub fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}
