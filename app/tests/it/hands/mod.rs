//! Bids that many hands open: keys of opening officers, the choice in a draft, envelopes sealed by their bidders, shares.

mod bid;
mod command;
mod key;
mod leaving;
mod opening;
mod own;
mod upload;
mod uploading;
mod witness;

use crate::colleague::colleague;
use crate::sourcing::{add_lot, after, draft, id, publish, text};
use crate::world::{Answer, Browser, World};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sealing::sheet::{Given, Sheet};
use sealing::{Commitment, Hands, Identity, content, keeping, one};
use serde_json::{Value, json};

/// A commitment of the right form, to nothing.
pub const LINE: &str = concat!(
    "{\"bytes\":1,\"envelope\":\"00\",\"format\":\"ziyun bid commitment v1\",\"lot\":\"l\",\"recipient\":\"00\",",
    "\"tender\":\"t\",\"version\":1}"
);

/// A key, and the form that enrols it. The passphrase's work is too little for people and right for tests.
pub fn new_key() -> (Identity, Value) {
    let key = sealing::new_key();
    let mut kept = keeping::keep(&key, "四个随便的词 horse", 2).unwrap();
    let at = kept.windows(3).position(|part| part == b" 2\n").unwrap();
    kept.splice(at + 1..at + 2, *b"16");
    let form = json!({"id": id(), "recipient": key.to_public().to_string(), "kept": STANDARD.encode(kept)});
    (key, form)
}

/// A secret half for a passkey, of which only the header is real, as a browser sends it.
pub fn wrapped() -> Value {
    let (nonce, body) = ("A".repeat(22), "B".repeat(43));
    let file = format!("age-encryption.org/v1\n-> age-encryption.org/fido2prf {nonce}\n{body}\n--- mac\nkey");
    json!({"wrapped": STANDARD.encode(file), "hint": "AGE-PLUGIN-FIDO2PRF-1QYQSZQGPQYQSZQGP"})
}

fn proof(line: &Value, key: &Identity) -> Value {
    let challenge = STANDARD.decode(text(line, "challenge")).unwrap();
    json!({"answer": STANDARD.encode(one::open(&challenge, key).unwrap())})
}

/// Somebody with a key that is enrolled and proved.
async fn officer(browser: &Browser) -> Identity {
    let (key, form) = new_key();
    let line = browser.post("/me/opening-key", form).await.ok().json();
    browser.post(&format!("/me/opening-key/{}/proof", text(&line, "id")), proof(&line, &key)).await.ok();
    key
}

/// Enrols a key that was made elsewhere, in the place of the one before.
async fn enrol_anew(browser: &Browser, recipient: &str) -> Value {
    let (_, mut form) = new_key();
    form["recipient"] = json!(recipient);
    browser.post("/me/opening-key", form).await.ok().json()
}

/// A tender that two of three officers open, published.
struct Stage {
    world: World,
    buyer: Browser,
    officers: Vec<(Browser, Identity)>,
    tender: String,
    lot: String,
}

async fn names(buyer: &Browser, tender: &str) -> Vec<String> {
    let draft = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    draft["officers"].as_array().unwrap().iter().map(|one| text(one, "recipient")).collect()
}

async fn choose(buyer: &Browser, tender: &str, k: &str, holders: &[String]) -> Answer {
    let version = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["tender"]["version"].clone();
    buyer.post(&format!("/tenders/{tender}/hands"), json!({"version": version, "k": k, "holders": holders})).await
}

impl Stage {
    async fn new() -> Self {
        Self::within(World::new().await, "open").await
    }

    /// In a world of the test's own, by this method.
    async fn within(world: World, method: &str) -> Self {
        Self::made(world, method, false).await
    }

    /// Where it lets bidders keep a share of their own bids.
    async fn letting() -> Self {
        Self::made(World::new().await, "open", true).await
    }

    async fn made(world: World, method: &str, bidder: bool) -> Self {
        let buyer = world.member("buyer").await;
        let mut officers = vec![(buyer.clone(), officer(&buyer).await)];
        for duty in ["finance", "viewer"] {
            let one = colleague(&world, &buyer, &[duty]).await;
            let key = officer(&one).await;
            officers.push((one, key));
        }
        let mut form = draft(&world);
        form["method"] = json!(method);
        let tender = text(&buyer.post("/tenders", form).await.ok().json(), "id");
        let lot = id();
        add_lot(&buyer, &tender, &lot, "服务器与存储维保").await;
        let holders = names(&buyer, &tender).await;
        choose(&buyer, &tender, "2", &holders).await.ok();
        if bidder {
            let version = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["tender"]["version"].clone();
            let chosen = json!({"version": version, "k": "2", "holders": holders, "bidder": "1"});
            buyer.post(&format!("/tenders/{tender}/hands"), chosen).await.ok();
        }
        publish(&buyer, &tender).await.ok();
        world.settle().await;
        Self { world, buyer, officers, tender, lot }
    }

    /// The sealing program of a bidder: as `ziyun seal` and the browser have it.
    async fn form(&self, provider: &Browser) -> (Value, Hands) {
        let form = provider.get(&format!("/lots/{}/bids/new", self.lot)).await.ok().json();
        let holders: Vec<String> = serde_json::from_value(form["tender"]["hands"]["holders"].clone()).unwrap();
        let hands = Hands::new(&text(&form["tender"], "recipient"), &holders, 2).unwrap();
        (form, hands)
    }

    async fn seal(&self, provider: &Browser, fen: i64) -> Vec<u8> {
        self.seal_with(provider, fen, &[]).await
    }

    async fn seal_with(&self, provider: &Browser, fen: i64, files: &[sealing::File]) -> Vec<u8> {
        let (form, hands) = self.form(provider).await;
        let mut offer = form["blank"].clone();
        (offer["price"], offer["delivery_days"], offer["note"]) = (json!(fen), json!(30), json!("两年质保"));
        hands.seal(&content::pack(&offer, files)).unwrap()
    }

    fn commitment(&self, envelope: &[u8], version: i64) -> String {
        Commitment::to(envelope, (&self.tender, &self.lot, version)).unwrap().line()
    }

    async fn submit(&self, provider: &Browser, bid: &str, envelope: &[u8]) -> Answer {
        let fields = [("id", bid), ("commitment", &self.commitment(envelope, 1))];
        let path = format!("/lots/{}/envelopes", self.lot);
        provider.upload(&path, &fields, &[("envelope", "envelope.ziyun", envelope)]).await
    }

    async fn bid(&self, fen: i64) -> (Browser, String) {
        let (provider, bid) = (self.world.member("provider").await, id());
        let envelope = self.seal(&provider, fen).await;
        self.submit(&provider, &bid, &envelope).await.ok();
        (provider, bid)
    }

    /// The hour comes; everybody of the buyer's signs in anew.
    async fn hour(&mut self) {
        self.world.until(after(self.world.clock.now(), 10)).await;
        self.buyer = self.world.again(&self.buyer).await;
        for at in 0..self.officers.len() {
            self.officers[at].0 = self.world.again(&self.officers[at].0).await;
        }
    }

    async fn sheet(&self, at: usize) -> Sheet {
        let page = self.officers[at].0.get(&format!("/me/openings/{}", self.tender)).await.ok().json();
        serde_json::from_value(page["sheet"].clone()).unwrap()
    }

    async fn answer(&self, at: usize, parts: &[Given]) -> Answer {
        let answer = json!({"answer": serde_json::to_string(parts).unwrap()});
        self.officers[at].0.post(&format!("/me/openings/{}", self.tender), answer).await
    }

    async fn give(&self, at: usize) -> Answer {
        let parts = self.sheet(at).await.answer(&self.officers[at].1).unwrap();
        let answer = self.answer(at, &parts).await;
        self.world.settle().await;
        answer
    }

    async fn state(&self) -> String {
        text(&self.world.visitor().get(&format!("/tenders/{}", self.tender)).await.ok().json()["tender"], "state")
    }

    async fn opened(&self) -> Vec<Value> {
        let record = self.world.visitor().get(&format!("/tenders/{}/opening", self.tender)).await.ok().json();
        record["lots"][0]["bids"].as_array().unwrap().clone()
    }
}

async fn told(browser: &Browser, what: &str) -> bool {
    browser.get("/inbox").await.ok().json().to_string().contains(what)
}

/// What of openings waits on somebody's desk.
async fn waits(browser: &Browser) -> Vec<String> {
    let desk = browser.get("/").await.ok().json();
    let all = desk["tasks"].as_array().unwrap().iter().map(|task| text(task, "what"));
    all.filter(|what| what.starts_with("witness-") || what.starts_with("opening-")).collect()
}

async fn names_of(stage: &Stage) -> Vec<String> {
    let shown = stage.buyer.get(&format!("/tenders/{}", stage.tender)).await.ok().json();
    serde_json::from_value(shown["tender"]["hands"]["holders"].clone()).unwrap()
}
