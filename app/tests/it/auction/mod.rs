//! The auction between opening and evaluation: a choice of the draft, live sessions in both modes, closed names, late offers, races,
//! lost connections.

mod draft;
mod live;
mod session;

use crate::sourcing::{add_lot, after, bid, draft as form_of_draft, id, publish, text};
use crate::world::{Answer, Browser, World};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A tender whose bids are open and whose auction is to begin.
pub struct Hall {
    pub world: World,
    pub buyer: Browser,
    pub bidders: Vec<Browser>,
    pub tender: String,
    pub lot: String,
    pub begins: Timestamp,
}

/// The form of an auction in turns of three minutes.
pub fn turns(version: &Value, at: Timestamp) -> Value {
    json!({"version": version, "mode": "turns", "auction_at": at.to_string(), "step": "1", "turn_minutes": "3"})
}

/// That of an open one: 20 minutes, put off by 3, for 30 at most.
pub fn open(version: &Value, at: Timestamp) -> Value {
    json!({
        "version": version, "mode": "open", "auction_at": at.to_string(), "step": "1",
        "minutes": "20", "extension_minutes": "3", "hard_minutes": "30",
    })
}

/// Says how a draft's auction goes.
pub async fn choose(buyer: &Browser, tender: &str, form: impl Fn(&Value, Timestamp) -> Value) -> Answer {
    let seen = buyer.get(&format!("/tenders/{tender}/auction")).await.ok().json()["tender"].clone();
    let deadline: Timestamp = text(&seen, "deadline").parse().unwrap();
    let at = deadline.checked_add(SignedDuration::from_hours(1)).unwrap();
    buyer.post(&format!("/tenders/{tender}/auction"), form(&seen["version"], at)).await
}

/// A tender with an auction, published, with these bids in yuan: its id, its lot's, and when it begins.
pub async fn published_with(
    world: &World,
    (buyer, bidders): (&Browser, &[Browser]),
    form: impl Fn(&Value, Timestamp) -> Value,
    prices: &[&str],
) -> (String, String, Timestamp) {
    published_as((buyer, bidders), (form_of_draft(world), form), prices).await
}

/// The same from a draft of the test's own.
pub async fn published_as(
    (buyer, bidders): (&Browser, &[Browser]),
    (draft, form): (Value, impl Fn(&Value, Timestamp) -> Value),
    prices: &[&str],
) -> (String, String, Timestamp) {
    let tender = text(&buyer.post("/tenders", draft).await.ok().json(), "id");
    let lot = id();
    add_lot(buyer, &tender, &lot, "服务器与存储维保").await;
    choose(buyer, &tender, form).await.ok();
    publish(buyer, &tender).await.ok();
    for (bidder, price) in bidders.iter().zip(prices) {
        bid(bidder, &lot, price).await;
    }
    let begins = buyer.get(&format!("/tenders/{tender}")).await.ok().json()["tender"]["auction_at"].clone();
    (tender, lot, begins.as_str().unwrap().parse().unwrap())
}

impl Hall {
    /// Opened, half an hour before it begins.
    pub async fn new(form: impl Fn(&Value, Timestamp) -> Value, prices: &[&str]) -> Self {
        Self::within(World::new().await, form, prices).await
    }

    pub async fn within(world: World, form: impl Fn(&Value, Timestamp) -> Value, prices: &[&str]) -> Self {
        let buyer = world.member("buyer").await;
        let bidders = join_all(prices.iter().map(|_| world.member("provider"))).await;
        world.stay_signed_in(100).await;
        let (tender, lot, begins) = published_with(&world, (&buyer, &bidders), form, prices).await;
        world.until(after(world.clock.now(), 10)).await;
        Self { world, buyer, bidders, tender, lot, begins }
    }

    /// So many seconds after it begins, whether anybody looks or not.
    pub fn at(&self, seconds: i64) {
        self.world.clock.set(self.begins.checked_add(SignedDuration::from_secs(seconds)).unwrap());
    }

    pub fn path(&self) -> String {
        format!("/lots/{}/auction", self.lot)
    }

    pub async fn shown(&self, reader: &Browser) -> Value {
        reader.get(&self.path()).await.ok().json()
    }

    pub async fn offer(&self, bidder: &Browser, offer: &str, yuan: &str) -> Answer {
        bidder.post(&format!("/lots/{}/offers", self.lot), json!({"id": offer, "amount": yuan})).await
    }

    /// Whose letter it is.
    pub async fn letters(&self) -> Vec<String> {
        let shown = join_all(self.bidders.iter().map(|bidder| self.shown(bidder))).await;
        shown.iter().map(|page| text(&page["own"], "letter")).collect()
    }

    pub async fn state(&self) -> Value {
        self.world.visitor().get(&format!("/tenders/{}", self.tender)).await.ok().json()["tender"]["state"].clone()
    }

    /// The lot in the opening record, as its reader sees it.
    pub async fn record(&self, reader: &Browser) -> Value {
        reader.get(&format!("/tenders/{}/opening", self.tender)).await.ok().json()["lots"][0].clone()
    }
}

/// The rule that a refused form breaks.
#[track_caller]
pub fn broken(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), text(&answer.json()["errors"][0], "code"))
}
