//! Open data: what is released of our tenders, and what other publishers' releases become.

mod feed;
mod import;
mod life;
mod schema;

use crate::sourcing::{add_lot, after, bid, draft, id, publish, text};
use crate::world::{Browser, World};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A whole tender: the first lot is awarded, the second has too few bids.
pub struct Life {
    pub buyer: Browser,
    pub providers: Vec<Browser>,
    pub tender: String,
    pub lots: [String; 2],
}

impl Life {
    /// Published, with a document.
    pub async fn begin(world: &World, method: &str) -> Self {
        let buyer = world.member("buyer").await;
        let mut providers = Vec::new();
        for _ in 0..3 {
            providers.push(world.member("provider").await);
        }
        world.stay_signed_in(100).await;
        world.stay_verified().await;
        let mut form = draft(world);
        form["method"] = method.into();
        let tender = text(&buyer.post("/tenders", form).await.ok().json(), "id");
        let lots = [id(), id()];
        for (lot, title) in lots.iter().zip(["服务器维保", "存储维保"]) {
            add_lot(&buyer, &tender, lot, title).await;
        }
        let documents = [("documents", "招标文件.txt", "按此报价".as_bytes())];
        buyer.upload(&format!("/tenders/{tender}/documents"), &[], &documents).await.ok();
        publish(&buyer, &tender).await.ok();
        world.settle().await;
        Self { buyer, providers, tender, lots }
    }

    /// A question of the first provider's is answered.
    pub async fn answer(&self, world: &World) {
        let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
        self.providers[0].post(&format!("/tenders/{}/questions", self.tender), question).await.ok();
        let seen = self.buyer.get(&format!("/tenders/{}", self.tender)).await.ok().json();
        let answer = format!("/questions/{}/answer", text(&seen["questions"][0], "id"));
        self.buyer.post(&answer, json!({"answer": "含夜间。"})).await.ok();
        world.settle().await;
    }

    /// All bid for the first lot, and one for the second.
    pub async fn bid(&self, world: &World) -> Vec<String> {
        let mut bids = Vec::new();
        for (provider, yuan) in self.providers.iter().zip(["4,500,000.10", "4,300,000", "4,600,000"]) {
            bids.push(bid(provider, &self.lots[0], yuan).await);
        }
        bid(&self.providers[0], &self.lots[1], "100").await;
        world.settle().await;
        bids
    }

    /// The deadline passes, and what was sealed is opened.
    pub async fn open(&self, world: &World, days: i64) {
        world.until(after(world.clock.now(), days)).await;
    }

    /// The first lot goes to a bid.
    pub async fn award(&self, world: &World, bid: &str) {
        let buyer = world.again(&self.buyer).await;
        let choice = json!({"bid": bid, "reason": "价格最低，满足全部要求"});
        buyer.post(&format!("/lots/{}/award", self.lots[0]), choice).await.ok();
        world.settle().await;
    }
}

/// All releases, page by page.
pub async fn releases(world: &World) -> Vec<Value> {
    let (visitor, mut next, mut all) = (world.visitor(), Some("/ocds/releases".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = visitor.get(&path).await.ok().json();
        all.extend(page["releases"].as_array().expect("releases").clone());
        next = page["links"]["next"].as_str().map(local);
    }
    all
}

/// The path of an address of ours.
pub fn local(address: &str) -> String {
    let url = reqwest::Url::parse(address).expect("an address");
    url[url::Position::BeforePath..].to_owned()
}

/// The optional data, if this machine has them.
#[expect(clippy::disallowed_methods, reason = "where the optional data lie is asked of the machine")]
pub fn shared(folder: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    let folder = std::env::var_os("SHARED_DATA_DIR").map_or(beside, PathBuf::from).join("ocds").join(folder);
    folder.is_dir().then_some(folder)
}
