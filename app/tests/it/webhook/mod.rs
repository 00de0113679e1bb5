//! Webhooks: signed, in order, known again by their id, retried, sent again, given up; and every way to make the platform ask
//! where it must not, or wait for whom it must not.

mod attack;
mod process;
pub mod target;

use crate::people::Applicant;
use crate::sourcing::{after, bid, id, published, text};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use kit::id::Id;
use kit::outgoing::Reach;
use serde_json::{Value, json};
use target::{Target, status};

/// The pauses of docs/webhooks.md, in seconds.
const PAUSES: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 73_495];

async fn world() -> World {
    World::configured(|config| config.webhook_reach = Reach::Anywhere).await
}

fn wanted(url: &str, kinds: &[&str]) -> Value {
    json!({ "id": id(), "url": url, "kinds": kinds })
}

/// A registration: its id, and its secret.
async fn register(browser: &Browser, url: &str, kinds: &[&str]) -> (String, String) {
    let made = browser.post("/company/webhooks", wanted(url, kinds)).await.ok().json();
    (text(&made["webhook"], "id"), text(&made, "secret"))
}

async fn look(browser: &Browser, id: &str) -> Value {
    browser.get(&format!("/company/webhooks/{id}")).await.ok().json()
}

/// Sends a trial: the id of its message.
async fn trial(browser: &Browser, hook: &str) -> String {
    text(&browser.post(&format!("/company/webhooks/{hook}/test"), json!({ "id": id() })).await.ok().json(), "delivery")
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn a_message_is_signed_and_holds_ids_only_and_tells_nothing_of_bids() {
    let world = world().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (target, theirs) = (Target::new().await, Target::new().await);
    let kinds = ["tender.published", "question.asked", "tender.closed", "tender.opened", "tender.lot-awarded"];
    let (hook, secret) = register(&buyer, &target.address, &kinds).await;
    let (_, other) = register(&provider, &theirs.address, &["award.won", "tender.opened"]).await;
    let began = world.clock.now();
    let (tender, lot) = published(&world, &buyer).await;
    let request = target.heard().remove(0);
    assert!(request.head.starts_with("POST /hook HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!((request.signed_by(&secret), request.signed_by(&other)), (Some(0), None));
    assert_eq!((request.kind(), &request.json()["data"]), ("tender.published".into(), &json!({ "tender": tender })));
    let sent: i64 = request.header("webhook-timestamp").parse().unwrap();
    assert!((began.as_second()..=world.clock.now().as_second()).contains(&sent), "{sent}: the clock goes on meanwhile");
    let first = bid(&provider, &lot, "100").await;
    for price in ["200", "300"] {
        bid(&world.member("provider").await, &lot, price).await;
    }
    world.settle().await;
    assert_eq!(target.kinds().len(), 1, "before the hour nothing of bids is told");
    let question = json!({ "question_id": id(), "question": "备件更换是否需要逐次报验？" });
    provider.post(&format!("/tenders/{tender}/questions"), question.clone()).await.ok();
    world.settle().await;
    let asked = target.heard().remove(1);
    assert_eq!(asked.json()["data"], json!({ "tender": tender, "question": question["question_id"] }), "not who asks");
    world.stay_signed_in(60).await;
    world.until(after(world.clock.now(), 10)).await;
    let award = json!({ "bid": first, "reason": "价格最低，交货期符合要求" });
    buyer.post(&format!("/lots/{lot}/award"), award).await.ok();
    world.settle().await;
    assert_eq!(target.kinds(), kinds, "in the order in which it happened");
    assert_eq!(theirs.kinds(), ["award.won"], "another's tender is told to nobody else");
    assert_eq!(theirs.heard()[0].signed_by(&other), Some(0));
    for request in target.heard().iter().chain(&theirs.heard()) {
        let told = request.json()["data"].as_object().unwrap().clone();
        for (name, value) in told {
            assert!(["tender", "lot", "question", "company"].contains(&name.as_str()), "{name}: {}", request.body);
            assert!(value.as_str().is_some_and(|value| value.parse::<Id<()>>().is_ok()), "{value} is not an id");
        }
        let mut fields: Vec<_> = request.json().as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, ["data", "timestamp", "type"], "{}", request.body);
    }
    let page = look(&buyer, &hook).await;
    assert!(page["deliveries"].as_array().unwrap().iter().all(|one| one["state"] == "delivered"), "{page}");
    let shown = buyer.page(&format!("/company/webhooks/{hook}")).await.ok().text;
    assert!(shown.contains("HTTP 204") && shown.contains("从这条起重发") && !shown.contains('⟦'), "{shown}");
    assert!(!page.to_string().contains(&secret[6..]) && !shown.contains(&secret[6..]), "the secret is shown once");
}

#[tokio::test]
async fn who_is_busy_is_asked_again_under_the_same_id_and_the_others_wait_their_turn() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    target.answers([status("503 Service Unavailable"), status("500 Internal Server Error")]);
    // The first try is between these two: the clock goes on, however long the machine takes.
    let before = world.clock.now();
    published(&world, &buyer).await;
    published(&world, &buyer).await;
    let failed = world.clock.now();
    assert_eq!(target.heard().len(), 1, "the second waits behind the first");
    let page = look(&buyer, &hook).await;
    assert_eq!((&page["webhook"]["failures"], &page["deliveries"][1]["outcome"]), (&json!(1), &json!("503")));
    world.until(before).await;
    assert_eq!(target.heard().len(), 1, "not before its pause is over");
    world.until(failed + seconds(5)).await;
    let again = world.clock.now();
    world.until(failed + seconds(5 + 290)).await;
    assert_eq!(target.heard().len(), 2);
    world.until(again + seconds(300)).await;
    let ids = target.ids();
    assert_eq!((ids.len(), &ids[0], &ids[1]), (4, &ids[1], &ids[2]));
    assert_ne!(ids[2], ids[3]);
    assert_eq!(look(&buyer, &hook).await["webhook"]["failures"], 0);
}

#[tokio::test]
async fn a_clock_that_goes_back_or_leaps_loses_nothing_and_sends_nothing_twice() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    register(&buyer, &target.address, &["tender.published"]).await;
    target.answers([status("503 Service Unavailable"), status("503 Service Unavailable")]);
    published(&world, &buyer).await;
    let failed = world.clock.now();
    world.until(failed - SignedDuration::from_hours(1)).await;
    assert_eq!(target.heard().len(), 1, "its time has not come");
    world.until(failed + seconds(5)).await;
    assert_eq!(target.heard().len(), 2);
    let leapt = world.clock.now() + SignedDuration::from_hours(24 * 10);
    world.pass(SignedDuration::from_hours(24 * 10)).await;
    world.settle().await;
    let heard = target.heard();
    assert_eq!((heard.len(), target.ids()[0].clone()), (3, target.ids()[2].clone()), "ten days at once are one pause");
    let sent: i64 = heard[2].header("webhook-timestamp").parse().unwrap();
    assert!((leapt.as_second()..=world.clock.now().as_second()).contains(&sent), "{sent}: the clock goes on meanwhile");
}

#[tokio::test]
async fn after_three_days_it_is_given_up_with_a_notice_and_nothing_is_lost() {
    let world = world().await;
    let who = Applicant::new("buyer");
    let buyer = world.applicant(&who).await;
    let company = text(&buyer.get("/company").await.ok().json()["company"], "id");
    crate::company::decide(&world.operator().await, &company, "approval", json!({})).await.ok();
    world.settle().await;
    let target = Target::new().await;
    target.answers((0..10).map(|_| status("500 Internal Server Error")));
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    world.stay_signed_in(30).await;
    published(&world, &buyer).await;
    for pause in PAUSES {
        assert_eq!(look(&buyer, &hook).await["webhook"]["state"], "on");
        world.pass(seconds(pause)).await;
    }
    assert_eq!((look(&buyer, &hook).await["webhook"]["state"].clone(), target.heard().len()), (json!("given-up"), 10));
    let inbox = buyer.get("/inbox").await.ok().json();
    let told = inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == "webhook-given-up");
    assert_eq!(told.map(|line| line["path"].clone()).collect::<Vec<_>>(), [json!(format!("/company/webhooks/{hook}"))]);
    let mails = world.messages().into_iter().filter(|mail| mail.to.contains(&who.email));
    assert_eq!(mails.filter(|mail| mail.subject.contains("网络回调")).count(), 1);
    // What happens meanwhile waits, too.
    published(&world, &buyer).await;
    world.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(target.heard().len(), 10, "nothing goes there any more");
    buyer.post(&format!("/company/webhooks/{hook}/on"), json!({})).await.ok();
    world.settle().await;
    let ids = target.ids();
    assert_eq!((ids.len(), &ids[10]), (12, &ids[0]));
}

#[tokio::test]
async fn while_it_rests_messages_wait_and_a_month_later_they_are_gone() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    world.stay_signed_in(60).await;
    let at = |act: &str| format!("/company/webhooks/{hook}/{act}");
    buyer.post(&at("off"), json!({})).await.ok();
    assert_eq!(buyer.post(&at("test"), json!({ "id": id() })).await.code(), "webhook-paused");
    published(&world, &buyer).await;
    world.pass(SignedDuration::from_hours(24 * 10)).await;
    published(&world, &buyer).await;
    assert!(target.heard().is_empty());
    world.pass(SignedDuration::from_hours(24 * 22)).await;
    buyer.post(&at("on"), json!({})).await.ok();
    world.settle().await;
    assert_eq!(target.kinds(), ["tender.published"], "one of them is kept no more");
    let page = buyer.page(&format!("/company/webhooks/{hook}")).await.ok().text;
    assert!(page.contains("暂停") && !page.contains('⟦'));
}

#[tokio::test]
async fn secrets_overlap_for_a_day_and_a_form_sent_twice_does_not_end_the_old_one() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, old) = register(&buyer, &target.address, &["tender.published"]).await;
    let at = |act: &str| format!("/company/webhooks/{hook}/{act}");
    let lost = text(&buyer.post(&at("secret"), json!({})).await.ok().json(), "secret");
    let new = text(&buyer.post(&at("secret"), json!({})).await.ok().json(), "secret");
    assert!(old != new && lost != new);
    world.stay_signed_in(3).await;
    trial(&buyer, &hook).await;
    world.settle().await;
    let both = target.heard().remove(0);
    assert_eq!((both.kind(), both.json()["data"].clone()), ("webhook.test".into(), json!({ "webhook": hook })));
    assert_eq!([&new, &old, &lost].map(|secret| both.signed_by(secret)), [Some(0), Some(1), None]);
    world.pass(SignedDuration::from_hours(24)).await;
    trial(&buyer, &hook).await;
    world.settle().await;
    let later = target.heard().remove(1);
    assert_eq!([&new, &old].map(|secret| later.signed_by(secret)), [Some(0), None]);
    assert_eq!(world.count("SELECT count(*) FROM webhook WHERE old_secret IS NOT NULL").await, 0, "it is not kept");
    assert_eq!(buyer.post(&at("secret"), json!({})).await.code(), "step-up", "a secret asks for a fresh proof");
}

#[tokio::test]
async fn from_a_message_on_all_is_sent_again_in_its_order_and_a_form_sent_twice_is_one() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    let at = |act: &str| format!("/company/webhooks/{hook}/{act}");
    let form = json!({ "id": id() });
    for _ in 0..2 {
        buyer.post(&at("test"), form.clone()).await.ok();
    }
    world.settle().await;
    published(&world, &buyer).await;
    published(&world, &buyer).await;
    let first = target.ids();
    assert_eq!(first.len(), 3);
    let from = first[1].strip_prefix("msg_").unwrap();
    for count in [2, 0] {
        let replayed = buyer.post(&at("replay"), json!({ "from": from })).await.ok().json();
        assert_eq!(replayed, json!({ "count": count, "next": null }));
    }
    world.settle().await;
    assert_eq!(target.ids(), [&first[..], &first[1..]].concat());
    let page = look(&buyer, &hook).await;
    assert_eq!(page["deliveries"].as_array().unwrap().iter().map(|one| one["n"].clone()).collect::<Vec<_>>().len(), 3);
}

#[tokio::test]
async fn of_a_message_ids_are_told_to_the_side_that_reads_it_and_never_its_text() {
    let world = world().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (target, theirs) = (Target::new().await, Target::new().await);
    register(&buyer, &target.address, &["thread.message"]).await;
    register(&provider, &theirs.address, &["thread.message"]).await;
    let thread = crate::conversation::joined(&buyer, &provider).await;
    let form = json!({ "id": id(), "text": "青瓷驳船，电话 13911118888" });
    buyer.post(&format!("/threads/{thread}/messages"), form.clone()).await.ok();
    world.settle().await;
    assert_eq!((target.kinds().len(), theirs.kinds()), (0, vec!["thread.message".to_owned()]), "the writer knows");
    let heard = theirs.heard().remove(0);
    assert_eq!(heard.json()["data"], json!({ "thread": thread, "message": form["id"] }));
}
