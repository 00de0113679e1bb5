//! Announcements: drafted by the publisher, on top of every page until their end, withdrawn for good.

use crate::account::{changed, refused};
use crate::operator_duty::holder;
use crate::sourcing::{id, in_days, text};
use crate::world::{Answer, Browser, World};
use app::web::OperatorDuty;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// An announcement that stands for three days.
pub fn words(world: &World) -> Value {
    json!({
        "id": id(), "title_zh": "周六夜间升级", "title_en": "Upgrade on Saturday night",
        "body_zh": "周六22时起停机两小时。\n请提前提交投标。", "body_en": "Down for two hours from 22:00.\nSubmit bids before.",
        "ends_at": in_days(world, 3)
    })
}

/// The same fields without one.
pub fn without(mut fields: Value, name: &str) -> Value {
    fields.as_object_mut().expect("fields").remove(name);
    fields
}

#[track_caller]
fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.text);
}

async fn drafted(publisher: &Browser, world: &World) -> (String, i64) {
    let draft = publisher.post("/desk/announcements", words(world)).await.ok().json();
    (text(&draft, "id"), draft["version"].as_i64().unwrap())
}

#[tokio::test]
async fn what_is_published_stands_on_every_page_until_its_end() {
    let world = World::new().await;
    let (publisher, buyer) = (holder(&world, OperatorDuty::Publisher).await, world.member("buyer").await);
    let (id, version) = drafted(&publisher, &world).await;
    let pages = async || {
        let mut shown = Vec::new();
        for (browser, path) in
            [(&world.visitor(), "/"), (&world.visitor(), "/notices"), (&buyer, "/me"), (&buyer, "/nowhere")]
        {
            shown.push(browser.page(path).await.text.contains("周六夜间升级"));
        }
        shown
    };
    assert_eq!(pages().await, [false; 4], "a draft is nobody's");
    is(&world.visitor().get(&format!("/announcements/{id}")).await, 404, "not-found");
    publisher.post(&format!("/desk/announcements/{id}/publication"), json!({ "version": version })).await.ok();
    // What is kept of public pages is made anew within a second.
    world.pass(SignedDuration::from_secs(1)).await;
    assert_eq!(pages().await, [true; 4]);
    let english = world.visitor().page("/?lang=en").await.text;
    assert!(english.contains("Upgrade on Saturday night") && !english.contains("周六夜间升级"), "{english}");
    let page = world.visitor().page(&format!("/announcements/{id}")).await.ok().text;
    assert!(page.contains("<p>周六22时起停机两小时。</p><p>请提前提交投标。</p>") && !page.contains('⟦'), "{page}");
    let list = world.visitor().page("/announcements").await.ok().text;
    assert!(list.contains(&format!("/announcements/{id}")) && !list.contains('⟦'), "{list}");
    world.pass(SignedDuration::from_hours(73)).await;
    let visitor = world.visitor();
    assert!(!visitor.page("/").await.text.contains("周六夜间升级"), "its end has come");
    let list = visitor.get("/announcements").await.ok().json();
    assert_eq!(list["announcements"][0]["is_over"], true, "and it stays in the list");
}

#[tokio::test]
async fn a_draft_is_changed_as_it_was_read_and_what_is_published_only_withdrawn() {
    let world = World::new().await;
    let publisher = holder(&world, OperatorDuty::Publisher).await;
    let (id, version) = drafted(&publisher, &world).await;
    let path = format!("/desk/announcements/{id}");
    let change = |version: i64| without(changed(words(&world), "version", json!(version)), "id");
    let changed_once =
        publisher.post(&path, changed(change(version), "title_zh", json!("周日夜间升级"))).await.ok().json();
    let now = changed_once["version"].as_i64().unwrap();
    is(&publisher.post(&path, change(version)).await, 412, "stale");
    is(&publisher.post(&format!("{path}/publication"), json!({ "version": version })).await, 412, "stale");
    publisher.post(&format!("{path}/publication"), json!({ "version": now })).await.ok();
    is(
        &publisher.post(&format!("{path}/publication"), json!({ "version": now + 1 })).await,
        409,
        "announcement-not-a-draft",
    );
    is(&publisher.post(&path, change(now + 1)).await, 409, "announcement-not-a-draft");
    assert!(world.visitor().page("/").await.text.contains("周日夜间升级"));
    for _ in 0..2 {
        publisher.post(&format!("{path}/withdrawal"), json!({})).await.ok();
    }
    let visitor = world.visitor();
    assert!(!visitor.page("/").await.text.contains("周日夜间升级"), "at once, on this process");
    is(&visitor.get(&format!("/announcements/{id}")).await, 404, "not-found");
    assert_eq!(visitor.get("/announcements").await.ok().json()["announcements"], json!([]));
    let desk = publisher.page(&path).await.ok().text;
    assert!(desk.contains("已撤回") && !desk.contains('⟦'), "{desk}");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'announcement.changed'").await, 4);
}

#[tokio::test]
async fn only_the_publisher_announces_and_in_both_languages() {
    let world = World::new().await;
    let (publisher, reviewer) =
        (holder(&world, OperatorDuty::Publisher).await, holder(&world, OperatorDuty::Reviewer).await);
    is(&reviewer.post("/desk/announcements", words(&world)).await, 403, "operator-duty-publisher-missing");
    let draft = async |field: &str, value: Value| {
        publisher.post("/desk/announcements", changed(words(&world), field, value)).await
    };
    refused(&draft("title_en", json!("")).await, "title_en", "required");
    refused(&draft("body_zh", json!("")).await, "body_zh", "required");
    refused(&draft("ends_at", json!("2026-11-22T00:00:00Z")).await, "ends_at", "announcement-end");
    refused(&draft("title_zh", json!("升\u{202e}级通告")).await, "title_zh", "hidden-character");
    let form = words(&world);
    let one = publisher.post("/desk/announcements", form.clone()).await.ok().json();
    assert_eq!(publisher.post("/desk/announcements", form.clone()).await.ok().json()["id"], one["id"]);
    assert_eq!(world.count("SELECT count(*) FROM announcement").await, 1, "sent twice, it is one");
    let second = holder(&world, OperatorDuty::Publisher).await;
    is(&second.post("/desk/announcements", form).await, 404, "not-found");
    let page = publisher.submit("/desk/announcements", &[("title_zh", "x")]).await;
    assert!(page.status == 422 && !page.text.contains('⟦'), "{}", page.text);
    let script = changed(words(&world), "title_zh", json!("<script>alert(1)</script>"));
    let evil = publisher.post("/desk/announcements", script).await.ok().json();
    let path = format!("/desk/announcements/{}/publication", text(&evil, "id"));
    publisher.post(&path, json!({ "version": evil["version"] })).await.ok();
    assert!(!world.visitor().page("/").await.text.contains("<script>alert"), "its words are text");
}

#[tokio::test]
async fn an_end_that_came_before_publication_is_refused() {
    let world = World::new().await;
    let publisher = holder(&world, OperatorDuty::Publisher).await;
    let (id, version) = drafted(&publisher, &world).await;
    world.stay_signed_in(10).await;
    world.pass(SignedDuration::from_hours(73)).await;
    let late = publisher.post(&format!("/desk/announcements/{id}/publication"), json!({ "version": version })).await;
    is(&late, 409, "announcement-past");
}
