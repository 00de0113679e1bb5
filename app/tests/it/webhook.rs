//! Webhooks: signed, once by their id, retried, sent again, given up; and every way to make the platform ask where it must not.

use crate::people::Applicant;
use crate::sourcing::{after, bid, id, published, text};
use crate::world::{Browser, World};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use kit::outgoing::Reach;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A target that notes what it is sent and answers as it was told, with 200 when it was not.
#[derive(Clone)]
struct Target {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Target {
    async fn new() -> Self {
        let listener = TcpListener::from_std(crate::world::listen()).unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let target = Self { address, heard: Arc::default(), answers: Arc::default() };
        let serving = target.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut heard = String::new();
                while !heard.ends_with('}') {
                    let mut some = [0; 4096];
                    let read = stream.read(&mut some).await.unwrap();
                    assert!(read > 0, "a whole request");
                    heard.push_str(std::str::from_utf8(&some[..read]).unwrap());
                }
                serving.heard.lock().unwrap().push(heard);
                let next = serving.answers.lock().unwrap().pop_front();
                let answer = next.unwrap_or("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        target
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// The types of the messages, in the order in which they came.
    fn types(&self) -> Vec<String> {
        self.heard().iter().map(|one| text(&body(one), "type")).collect()
    }

    fn answers(&self, all: &[&'static str]) {
        self.answers.lock().unwrap().extend(all);
    }
}

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn header<'r>(request: &'r str, name: &str) -> &'r str {
    let line = request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {request}"))
}

/// The signature that a receiver computes.
fn signature(secret: &str, request: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let signed = format!("{}.{}.{body}", header(request, "webhook-id"), header(request, "webhook-timestamp"));
    let signed = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    format!("v1,{}", STANDARD.encode(signed))
}

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

async fn state(browser: &Browser, id: &str) -> Value {
    browser.get(&format!("/company/webhooks/{id}")).await.ok().json()
}

#[tokio::test]
async fn a_message_is_signed_and_holds_ids_only_and_tells_nothing_of_bids() {
    let world = world().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let target = Target::new().await;
    let kinds = ["tender.published", "tender.closed", "tender.opened", "tender.lot-awarded"];
    let (hook, secret) = register(&buyer, &target.address, &kinds).await;
    let (_, other) = register(&provider, &target.address, &["award.won"]).await;
    let (tender, lot) = published(&world, &buyer).await;
    assert_eq!(target.types(), ["tender.published"]);
    let request = target.heard().remove(0);
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    assert_eq!(header(&request, "webhook-signature"), signature(&secret, &request));
    let published = body(&request);
    assert_eq!(published["data"], json!({ "tender": tender }));
    let first = bid(&provider, &lot, "100").await;
    for price in ["200", "300"] {
        bid(&world.member("provider").await, &lot, price).await;
    }
    world.settle().await;
    assert_eq!(target.types().len(), 1, "before the hour nothing of bids is told");
    world.stay_signed_in(60).await;
    world.until(after(world.clock.now(), 10)).await;
    let award = json!({ "bid": first, "reason": "价格最低，交货期符合要求" });
    buyer.post(&format!("/lots/{lot}/award"), award).await.ok();
    world.settle().await;
    let mut types = target.types();
    types.sort();
    assert_eq!(types, ["award.won", "tender.closed", "tender.lot-awarded", "tender.opened", "tender.published"]);
    let won = target.heard().into_iter().find(|one| one.contains("award.won")).unwrap();
    assert_eq!(header(&won, "webhook-signature"), signature(&other, &won));
    for request in target.heard() {
        for word in ["price", "bid", "reason", "account", "actor", "@", "138"] {
            assert!(!body(&request)["data"].to_string().contains(word), "{word}: {request}");
        }
    }
    let page = state(&buyer, &hook).await;
    assert!(page["deliveries"].as_array().unwrap().iter().all(|one| one["state"] == "delivered"), "{page}");
    assert!(!page.to_string().contains(&secret[6..]) && !world.app.config().outbox_dir.join("push").exists());
}

#[tokio::test]
async fn who_is_busy_is_asked_again_under_the_same_id_and_the_others_wait_their_turn() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    target.answers(&[BUSY, BUSY]);
    published(&world, &buyer).await;
    published(&world, &buyer).await;
    assert_eq!(target.heard().len(), 1, "the second waits behind the first");
    let page = state(&buyer, &hook).await;
    assert_eq!((&page["webhook"]["failures"], &page["deliveries"][1]["outcome"]), (&json!(1), &json!("503")));
    world.pass(SignedDuration::from_secs(4)).await;
    assert_eq!(target.heard().len(), 1, "not before its pause is over");
    world.pass(SignedDuration::from_secs(1)).await;
    world.pass(SignedDuration::from_secs(30)).await;
    let heard = target.heard();
    let ids: Vec<_> = heard.iter().map(|one| header(one, "webhook-id").to_owned()).collect();
    assert_eq!((heard.len(), &ids[0], &ids[1]), (4, &ids[1], &ids[2]));
    assert_ne!(ids[2], ids[3]);
    assert_eq!(state(&buyer, &hook).await["webhook"]["failures"], 0);
}

#[tokio::test]
async fn a_process_that_dies_after_sending_sends_the_same_message_again() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    register(&buyer, &target.address, &["tender.published"]).await;
    published(&world, &buyer).await;
    // As if the note of it, and the cursor before it, had not been committed.
    for sql in [
        "UPDATE webhook_delivery SET state = 'waiting'",
        "UPDATE webhook SET due_at = created_at",
        "UPDATE follower SET seq = 0 WHERE name = 'webhook'",
    ] {
        let undo = move |tx: &mut kit::db::Tx| tx.execute(sql, &[]);
        world.app.db().write::<_, kit::db::Error>(undo).await.unwrap();
    }
    world.settle().await;
    let heard = target.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(header(&heard[0], "webhook-id"), header(&heard[1], "webhook-id"));
}

#[tokio::test]
async fn after_five_days_it_is_given_up_with_a_notice_and_goes_on_when_it_is_switched_on() {
    let world = world().await;
    let who = Applicant::new("buyer");
    let buyer = world.member("buyer").await;
    drop(who);
    let nobody = format!("http://127.0.0.1:{}/", crate::world::port());
    let (hook, _) = register(&buyer, &nobody, &["tender.published"]).await;
    published(&world, &buyer).await;
    world.stay_signed_in(30).await;
    for _ in 0..30 {
        world.pass(SignedDuration::from_hours(6)).await;
    }
    assert_eq!(state(&buyer, &hook).await["webhook"]["state"], "given-up");
    let inbox = buyer.get("/inbox").await.ok().json();
    let told = inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == "webhook-given-up");
    assert_eq!(told.map(|line| line["path"].clone()).collect::<Vec<_>>(), [json!(format!("/company/webhooks/{hook}"))]);
    let on = buyer.post(&format!("/company/webhooks/{hook}/on"), json!({})).await.ok().json();
    assert_eq!(on["state"], "on");
    world.settle().await;
    assert_eq!(state(&buyer, &hook).await["webhook"]["failures"], 1, "what waited is tried again");
}

#[tokio::test]
async fn secrets_overlap_messages_are_sent_again_and_a_trial_is_a_message() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, old) = register(&buyer, &target.address, &["tender.published"]).await;
    let at = |act: &str| format!("/company/webhooks/{hook}/{act}");
    let rotated = buyer.post(&at("secret"), json!({})).await.ok().json();
    let new = text(&rotated, "secret");
    assert_ne!(old, new);
    buyer.post(&at("test"), json!({})).await.ok();
    world.settle().await;
    let trial = target.heard().remove(0);
    assert_eq!(text(&body(&trial), "type"), "webhook.test");
    let both = format!("{} {}", signature(&new, &trial), signature(&old, &trial));
    assert_eq!(header(&trial, "webhook-signature"), both);
    world.pass(SignedDuration::from_hours(11)).await;
    world.stay_signed_in(3).await;
    world.pass(SignedDuration::from_hours(14)).await;
    published(&world, &buyer).await;
    let later = target.heard().remove(1);
    assert_eq!(header(&later, "webhook-signature"), signature(&new, &later), "after a day the old one is over");
    let page = state(&buyer, &hook).await;
    let from = text(page["deliveries"].as_array().unwrap().last().unwrap(), "id");
    let replayed = buyer.post(&at("replay"), json!({ "from": from })).await.ok().json();
    assert_eq!(replayed["count"], 2);
    world.settle().await;
    assert_eq!(target.types(), ["webhook.test", "tender.published", "webhook.test", "tender.published"]);
    assert_eq!(header(&target.heard()[2], "webhook-id"), header(&trial, "webhook-id"));
    assert_eq!(buyer.post(&at("replay"), json!({ "from": id() })).await.status, 404);
    buyer.post(&at("off"), json!({})).await.ok();
    published(&world, &buyer).await;
    assert_eq!(target.heard().len(), 4, "what is off is told nothing");
    buyer.post(&at("removal"), json!({})).await.ok();
    assert_eq!(buyer.get(&format!("/company/webhooks/{hook}")).await.status, 404);
}

#[tokio::test]
async fn another_company_neither_sees_nor_moves_it() {
    let world = world().await;
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    let (hook, _) = register(&buyer, "http://127.0.0.1:9/", &["tender.published"]).await;
    assert_eq!(other.get(&format!("/company/webhooks/{hook}")).await.status, 404);
    for act in ["secret", "on", "off", "test", "removal"] {
        assert_eq!(other.post(&format!("/company/webhooks/{hook}/{act}"), json!({})).await.status, 404, "{act}");
    }
    assert_eq!(other.post(&format!("/company/webhooks/{hook}/replay"), json!({ "from": id() })).await.status, 404);
    let same = wanted("http://127.0.0.1:9/", &["tender.opened"]);
    buyer.post("/company/webhooks", same.clone()).await.ok();
    assert_eq!(buyer.post("/company/webhooks", same).await.code(), "webhook-exists", "the secret is shown once");
    for _ in 0..8 {
        register(&buyer, "http://127.0.0.1:9/", &["tender.opened"]).await;
    }
    let eleventh = buyer.post("/company/webhooks", wanted("http://127.0.0.1:9/", &["tender.opened"])).await;
    assert_eq!(eleventh.code(), "too-many-webhooks");
}

#[tokio::test]
async fn addresses_that_are_no_target_are_refused_and_inside_is_never_asked() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    for url in [
        "http://erp.example/hook",
        "ftp://erp.example/",
        "https://user:secret@erp.example/",
        "https://erp.example/#part",
        "//erp.example",
        "javascript:alert(1)",
        "",
    ] {
        let refused = buyer.post("/company/webhooks", wanted(url, &["tender.published"])).await;
        assert_eq!(refused.status.as_u16(), 422, "{url}");
    }
    let wrong = buyer.post("/company/webhooks", wanted("https://erp.example/", &["bid.acted"])).await;
    assert_eq!(wrong.json()["errors"][0]["code"], "choice", "nothing of bids can be asked for");
    let target = Target::new().await;
    let port = target.address.rsplit_once(':').unwrap().1.trim_end_matches("/hook").to_owned();
    for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0x7f000001", "[::ffff:127.0.0.1]"] {
        let url = format!("https://{host}:{port}/hook");
        let (hook, _) = register(&buyer, &url, &["tender.published"]).await;
        buyer.post(&format!("/company/webhooks/{hook}/test"), json!({})).await.ok();
        world.settle().await;
        let page = state(&buyer, &hook).await;
        assert_eq!(page["deliveries"][0]["outcome"], "forbidden", "{host}");
        buyer.post(&format!("/company/webhooks/{hook}/removal"), json!({})).await.ok();
    }
    assert!(target.heard().is_empty(), "nobody inside was asked");
}

#[tokio::test]
async fn a_redirect_is_a_refusal_and_gone_gives_up_at_once() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let (target, inner) = (Target::new().await, Target::new().await);
    let leads: &'static str = Box::leak(
        format!("HTTP/1.1 307 Away\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", inner.address).into_boxed_str(),
    );
    target.answers(&[leads, "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"]);
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    published(&world, &buyer).await;
    assert_eq!(state(&buyer, &hook).await["deliveries"][0]["outcome"], "307");
    assert!(inner.heard().is_empty(), "a redirect is not followed");
    world.pass(SignedDuration::from_secs(6)).await;
    assert_eq!(state(&buyer, &hook).await["webhook"]["state"], "given-up");
}
