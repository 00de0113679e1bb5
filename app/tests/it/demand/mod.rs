//! Demands: drafted, published, answered with interest, closed, tendered; and what of them reaches nobody else.

mod approval;
mod interest;
mod life;
mod shown;

use crate::sourcing::{id, in_days, text};
use crate::world::{Answer, Browser, World};
use serde_json::{Value, json};

/// The form of a draft that can be published.
pub fn draft(world: &World) -> Value {
    let wanted_on = in_days(world, 60)[..10].to_owned();
    json!({
        "id": id(),
        "title": "两厂区通勤班车租赁",
        "category": "it-software",
        "region": "36",
        "summary": "每个工作日四班，往返两个厂区，四十五座，含司机与保险。",
        "budget": "486,123.45",
        "budget_shown": "1",
        "wanted_on": wanted_on,
        "audience": "all",
        "invited": "",
    })
}

/// The same for these companies only.
pub fn inviting(world: &World, codes: &[&str]) -> Value {
    let mut form = draft(world);
    (form["audience"], form["invited"]) = (json!("invited"), json!(codes.join("\n")));
    form
}

/// The form that changes one.
pub fn changed(world: &World, version: &Value, field: &str, value: &str) -> Value {
    let mut form = draft(world);
    form.as_object_mut().expect("a form").remove("id");
    (form["version"], form[field]) = (version.clone(), json!(value));
    form
}

/// The credit code of somebody's company.
pub async fn code(browser: &Browser) -> String {
    text(&browser.get("/company").await.ok().json()["company"], "credit_code")
}

/// A published demand: its id.
pub async fn published(world: &World, buyer: &Browser) -> String {
    published_as(buyer, draft(world)).await
}

/// The same from a draft of the test's own.
pub async fn published_as(buyer: &Browser, draft: Value) -> String {
    let demand = text(&buyer.post("/demands", draft).await.ok().json(), "id");
    publish(buyer, &demand).await.ok();
    demand
}

/// Publishes a draft as it was just seen.
pub async fn publish(buyer: &Browser, demand: &str) -> Answer {
    let seen = buyer.get(&format!("/demands/{demand}/publication")).await.ok().json();
    buyer.post(&format!("/demands/{demand}/publication"), json!({"version": seen["demand"]["version"]})).await
}

/// A demand as somebody reads it.
pub async fn read(reader: &Browser, demand: &str) -> Value {
    reader.get(&format!("/demands/{demand}")).await.ok().json()
}

/// The version of a demand.
pub async fn version(reader: &Browser, demand: &str) -> Value {
    read(reader, demand).await["demand"]["version"].clone()
}

/// What the form of an answer sends.
pub fn offer(version: i64, words: &str) -> Value {
    json!({"id": id(), "version": version, "text": words, "price": "450000.50", "earliest_on": "2027-03-01"})
}

/// Answers a demand with interest, for the first time.
pub async fn answer(provider: &Browser, demand: &str, words: &str) -> Answer {
    provider.post(&format!("/demands/{demand}/interest"), offer(0, words)).await
}

/// Status and code of a refusal.
pub fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// The first field that a form was refused for, and the rule.
pub fn broken(answer: &Answer) -> (String, String) {
    let first = &answer.json()["errors"][0];
    (text(first, "field"), text(first, "code"))
}
