//! Orders to affiliates (clause 8.2): signed, acknowledged by a signed answer, or listed as pending until they are.

use super::issuer::Issuer;
use super::{enter, linked, links};
use crate::cancellation::{OVER, ask};
use crate::sourcing::text;
use crate::verification::refusal;
use crate::webhook::target::{Says, Target, status};
use crate::world::{Browser, World, beginning, sabotaged};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SECRET: [u8; 32] = [7; 32];

/// HMAC-SHA256 (RFC 2104), in hexadecimal.
fn tag(secret: &[u8], text: &str) -> String {
    let mut key = secret.to_vec();
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    hex::encode(Sha256::new().chain_update(pad(0x5C)).chain_update(inner).finalize())
}

/// A world with an affiliate that takes orders.
async fn world() -> (World, Issuer, Target) {
    let clock = beginning();
    let (issuer, target) = (Issuer::new("lanhe", &clock).await, Target::new().await);
    let world = World::made(clock, |config| {
        issuer.configure(config, "2028-12-31");
        let file = config.data_dir.parent().unwrap().join("orders.secret");
        std::fs::write(&file, STANDARD.encode(SECRET)).unwrap();
        config.issuers[0].orders = Some((target.address.parse().unwrap(), file));
    })
    .await;
    (world, issuer, target)
}

/// The orders as the officer sees them.
async fn orders(world: &World) -> [Vec<Value>; 2] {
    let page = world.operator().await.get("/desk/privacy/orders").await.ok().json();
    ["open", "over"].map(|part| page[part].as_array().unwrap().clone())
}

/// What the affiliate says next time to the order that it heard last: it answers only what it knows, so the nonce is taken from there.
struct Answering {
    order: String,
    nonce: String,
    at: i64,
}

impl Answering {
    fn says(&self, secret: &[u8], body: &Value) -> Says {
        let (body, at) = (body.to_string(), self.at.to_string());
        let signature = tag(secret, &format!("ziyun-order-answer-v1\n{at}\n{}\n{body}", self.nonce));
        let head = format!(
            "HTTP/1.1 200 OK\r\nziyun-timestamp: {at}\r\nziyun-nonce: {}\r\nziyun-signature: v1={signature}\r\n",
            self.nonce
        );
        Says::Bytes(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
    }

    fn done(&self) -> Value {
        json!({ "order": self.order, "outcome": "done" })
    }
}

async fn leave(world: &World, me: &Browser) -> String {
    ask(me).await.ok();
    let path = text(&me.get("/me/cancellation").await.ok().json(), "link");
    world.pass(OVER).await;
    path
}

#[tokio::test]
async fn who_leaves_is_deleted_with_the_affiliate_and_each_order_is_acknowledged_or_pending() {
    sabotaged();
    let (world, issuer, target) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    target.acknowledges(acknowledge);
    let path = leave(&world, &me).await;
    let [request] = &target.heard()[..] else { panic!("one order: {:?}", target.heard()) };
    let order = request.json();
    let subject = tag(&SECRET, &format!("ziyun-order-subject-v1\n{}\nu-1", issuer.root()));
    assert_eq!((&order["kind"], &order["subject"]), (&json!("deletion"), &json!(subject)));
    assert_eq!((&order["issuer"], order.as_object().unwrap().len()), (&json!(issuer.root()), 5), "and nothing else");
    assert!(!request.body.contains("u-1"));
    let (at, nonce) = (request.header("ziyun-timestamp"), request.header("ziyun-nonce"));
    let signature = tag(&SECRET, &format!("ziyun-order-v1\n{at}\n{nonce}\n{}", request.body));
    assert_eq!(request.header("ziyun-signature"), format!("v1={signature}"));
    let [open, over] = orders(&world).await;
    assert_eq!((open.len(), over.len(), &over[0]["state"]), (0, 1, &json!("acknowledged")));
    assert_eq!(world.count("SELECT count(*) FROM affiliate_order WHERE mark IS NOT NULL").await, 0, "the hash is gone");
    let page = world.visitor().page(&path).await.ok().text;
    assert!(page.contains("发给关联公司的删除指令") && page.contains("已确认") && !page.contains('⟦'), "{page}");
    let statement = world.visitor().get(&format!("{path}/certificate")).await.ok().json()["statement"].clone();
    assert_eq!(statement["third_parties"][0]["order"], "pending", "when it was signed");
    assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-unknown".into()));
    world.pass(SignedDuration::from_hours(24 * 1097)).await;
    assert_eq!(world.count("SELECT count(*) FROM affiliate_order").await, 0, "after three years");
}

/// Signs that the order was carried out.
fn acknowledge(request: &crate::webhook::target::Request) -> Says {
    let answering = Answering {
        order: text(&request.json(), "order"),
        nonce: request.header("ziyun-nonce").to_owned(),
        at: request.header("ziyun-timestamp").parse().unwrap(),
    };
    answering.says(&SECRET, &answering.done())
}

#[tokio::test]
async fn an_answer_that_is_not_the_affiliates_acknowledges_nothing() {
    sabotaged();
    let (world, issuer, target) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    world.stay_signed_in(7).await;
    type Lie = fn(&mut Answering) -> (Vec<u8>, Value);
    let lies: [(Lie, &str); 6] = [
        (|it| ([8; 32].to_vec(), it.done()), "forged"),
        (
            |it| {
                it.nonce = "0".repeat(32);
                (SECRET.to_vec(), it.done())
            },
            "replayed",
        ),
        (
            |it| {
                it.at -= 3600;
                (SECRET.to_vec(), it.done())
            },
            "stale",
        ),
        (|_| (SECRET.to_vec(), json!({ "order": crate::sourcing::id(), "outcome": "done" })), "another-order"),
        (|it| (SECRET.to_vec(), json!({ "order": it.order, "outcome": "later" })), "not-done"),
        (|_| (SECRET.to_vec(), json!("done")), "malformed"),
    ];
    for (n, (lie, trouble)) in lies.into_iter().enumerate() {
        target.acknowledges(move |request| {
            let mut answering = Answering {
                order: text(&request.json(), "order"),
                nonce: request.header("ziyun-nonce").to_owned(),
                at: request.header("ziyun-timestamp").parse().unwrap(),
            };
            let (secret, body) = lie(&mut answering);
            answering.says(&secret, &body)
        });
        if n == 0 {
            // Pressed twice, it is one order.
            me.post("/me/other-sessions/end", json!({})).await.ok();
            me.post("/me/other-sessions/end", json!({})).await.ok();
            world.settle().await;
        } else {
            world.pass(SignedDuration::from_hours(24)).await;
        }
        let own = me.get("/me/linked").await.ok().json()["orders"].clone();
        assert_eq!((own.as_array().unwrap().len(), &own[0]["state"]), (1, &json!("pending")), "{trouble}");
        assert_eq!((&own[0]["trouble"], &own[0]["kind"]), (&json!(trouble), &json!("sign-out")));
        assert_eq!(own[0]["tries"], json!(n + 1));
    }
    assert_eq!(links(&me).await.len(), 1, "a sign-out unlinks nothing");
    assert!(me.page("/me/linked").await.ok().text.contains("答复的格式不对"));
}

#[tokio::test]
async fn an_affiliate_that_is_down_is_asked_for_three_days_and_then_the_officer_goes_on() {
    let (world, issuer, target) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    world.operator().await;
    target.acknowledges(|_| status("503 Service Unavailable"));
    leave(&world, &me).await;
    let [open, _] = orders(&world).await;
    assert_eq!((&open[0]["state"], &open[0]["trouble"]), (&json!("pending"), &json!("status")));
    for hours in [1, 5, 10, 20, 20, 24, 24, 24] {
        world.pass(SignedDuration::from_hours(hours)).await;
    }
    let operator = world.operator().await;
    let [open, _] = orders(&world).await;
    assert_eq!((&open[0]["state"], &open[0]["tries"]), (&json!("given-up"), &json!(9)));
    let mut names: Vec<_> = target.heard().iter().map(|one| text(&one.json(), "order")).collect();
    names.dedup();
    assert_eq!((names.len(), target.heard().len()), (1, 9), "the same order each time");
    let page = operator.page("/desk/privacy/orders").await.ok().text;
    assert!(page.contains("已放弃") && page.contains("再次发送") && !page.contains('⟦'), "{page}");
    target.acknowledges(acknowledge);
    let path = format!("/desk/privacy/orders/{}/again", text(&open[0], "id"));
    operator.post(&path, json!({})).await.ok();
    assert_eq!(operator.post(&path, json!({})).await.status, 404, "it is under way");
    world.settle().await;
    let [open, over] = orders(&world).await;
    assert_eq!((open.len(), over.len()), (0, 1));
    let english = operator.page("/desk/privacy/orders?lang=en").await.ok().text;
    assert!(english.contains("Every order is acknowledged") && !english.contains('⟦'), "{english}");
}
