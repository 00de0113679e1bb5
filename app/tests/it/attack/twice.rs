//! An act that is repeated under its idempotency key after its process died between the act and the record of its answer:
//! whatever it was, it has happened once.

use crate::sourcing::{draft, id, in_days, published, text};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

struct Program<'w> {
    world: &'w World,
    secret: String,
}

impl<'w> Program<'w> {
    async fn of(world: &'w World, owner: &Browser) -> Self {
        let form = json!({"id": id(), "name": "系统", "days": "365", "read": true, "tender": true, "bid": true});
        let secret = text(&owner.post("/company/tokens", form).await.ok().json(), "secret");
        Self { world, secret }
    }

    fn request(&self, path: &str, key: &str) -> RequestBuilder {
        self.world.visitor().request(Method::POST, path).bearer_auth(&self.secret).header("idempotency-key", key)
    }

    async fn get(&self, path: &str) -> Value {
        let visitor = self.world.visitor();
        visitor.send(visitor.request(Method::GET, path).bearer_auth(&self.secret)).await.ok().json()
    }

    /// Acts, loses the record of the answer as a process that dies does, and acts again.
    async fn twice(&self, path: &str, send: impl Fn(RequestBuilder) -> RequestBuilder) -> Answer {
        let key = id();
        let visitor = self.world.visitor();
        let first = visitor.send(send(self.request(path, &key))).await.ok();
        let once = state(self.world).await;
        let lost = |tx: &mut kit::db::Tx| tx.execute("UPDATE idempotency_key SET status = NULL", &[]);
        self.world.app.db().write::<_, kit::db::Error>(lost).await.unwrap();
        let waiting = visitor.send(send(self.request(path, &key))).await;
        assert_eq!(waiting.code(), "idempotency-in-flight", "{path}");
        self.world.clock.advance(SignedDuration::from_secs(61));
        let again = visitor.send(send(self.request(path, &key))).await;
        let is_told = again.status.is_success() || [404, 409, 412].contains(&again.status.as_u16());
        assert!(is_told && again.header("idempotency-replayed").is_empty(), "{path}: {} {}", again.status, again.text);
        assert_eq!(state(self.world).await, once, "{path}: {} {}", again.status, again.text);
        first
    }

    async fn json(&self, path: &str, body: &Value) -> Answer {
        self.twice(path, |request| request.json(body)).await
    }
}

/// All that acts leave: rows of each kind, and what was recorded of them.
async fn state(world: &World) -> Vec<i64> {
    world.settle().await;
    let mut counts = Vec::new();
    for sql in [
        "SELECT count(*) FROM tender",
        "SELECT CAST(sum(version) AS BIGINT) FROM tender",
        "SELECT count(*) FROM lot",
        "SELECT count(*) FROM tender_document",
        "SELECT count(*) FROM question",
        "SELECT count(*) FROM question WHERE answer IS NOT NULL",
        "SELECT count(*) FROM bid",
        "SELECT count(*) FROM bid_receipt",
        "SELECT count(*) FROM bid_file",
        "SELECT count(*) FROM award",
        "SELECT count(*) FROM event",
    ] {
        counts.push(world.count(sql).await);
    }
    counts.push(world.app.blobs().list(app::app::REGION).await.unwrap().len() as i64);
    counts
}

#[tokio::test]
async fn a_tenders_acts_happen_once() {
    let world = World::crowded().await;
    let buyer = Program::of(&world, &world.member("buyer").await).await;
    let tender = text(&buyer.json("/tenders", &draft(&world)).await.json(), "id");
    let at = |what: &str| format!("/tenders/{tender}/{what}");
    let mut change = draft(&world);
    change.as_object_mut().unwrap().remove("id");
    change["version"] = json!(1);
    buyer.json(&at("draft"), &change).await;
    let lots = [id(), id()];
    for lot in &lots {
        buyer.json(&at("lots"), &json!({"lot_id": lot, "lot_title": "网络设备维保"})).await;
    }
    buyer.json(&format!("/lots/{}/removal", lots[1]), &json!({})).await;
    let file = || reqwest::multipart::Part::bytes(b"%PDF-1.7".to_vec()).file_name("文件.pdf");
    let files = |request: RequestBuilder| request.multipart(reqwest::multipart::Form::new().part("documents", file()));
    buyer.twice(&at("documents"), files).await;
    let document = text(&buyer.get(&at("draft")).await["documents"][0], "id");
    buyer.json(&format!("/documents/{document}/removal"), &json!({})).await;
    let seen = buyer.get(&at("publication")).await;
    buyer.json(&at("publication"), &json!({"version": seen["tender"]["version"]})).await;
    let shown = buyer.get(&format!("/tenders/{tender}")).await;
    assert_eq!((&shown["tender"]["state"], shown["lots"].as_array().unwrap().len()), (&json!("published"), 1));
}

#[tokio::test]
async fn a_bidders_and_a_choosers_acts_happen_once() {
    let world = World::crowded().await;
    let (owner, bidder) = (world.member("buyer").await, world.member("provider").await);
    let (buyer, provider) = (Program::of(&world, &owner).await, Program::of(&world, &bidder).await);
    let (tender, lot) = published(&world, &owner).await;
    let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    provider.json(&format!("/tenders/{tender}/questions"), &question).await;
    let answer = format!("/questions/{}/answer", text(&question, "question_id"));
    buyer.json(&answer, &json!({"answer": "含夜间。"})).await;
    let offer = id();
    provider.json(&format!("/lots/{lot}/bids"), &json!({"id": offer, "price": "100", "delivery_days": "30"})).await;
    let large = || reqwest::multipart::Part::bytes(vec![7; 60_000]).file_name("方案.pdf");
    let replaced = |request: RequestBuilder| {
        let form = reqwest::multipart::Form::new().text("version", "1").text("price", "90").text("delivery_days", "30");
        request.multipart(form.part("files", large()))
    };
    provider.twice(&format!("/bids/{offer}/replacement"), replaced).await;
    provider.json(&format!("/bids/{offer}/withdrawal"), &json!({"version": 2})).await;

    for _ in 0..3 {
        crate::sourcing::bid(&world.member("provider").await, &lot, "100").await;
    }
    let passed: jiff::Timestamp = in_days(&world, 10).parse().unwrap();
    world.until(passed).await;
    let list = buyer.get(&format!("/lots/{lot}/award")).await;
    let chosen = text(&list["opened"]["bids"][0], "id");
    buyer.json(&format!("/lots/{lot}/award"), &json!({"bid": chosen, "reason": "价格最低，符合要求"})).await;
}
