//! Approval before an act: who approves what, and what nobody gets past.

mod amend;
mod award;
mod publish;
mod rules;

use crate::colleague::colleague;
use crate::sourcing::{add_lot, draft, id, in_days, text};
use crate::world::{Answer, Browser, World};
use serde_json::{Value, json};

/// A buyer's company: its owner, who has every duty, two who purchase, and who keeps the accounts.
pub struct Firm {
    pub owner: Browser,
    pub asker: Browser,
    pub second: Browser,
    pub finance: Browser,
}

impl Firm {
    /// Without a rule.
    pub async fn new(world: &World) -> Self {
        let owner = world.member("buyer").await;
        let asker = colleague(world, &owner, &["buyer", "project-manager"]).await;
        let second = colleague(world, &owner, &["buyer", "finance"]).await;
        let finance = colleague(world, &owner, &["finance"]).await;
        Self { owner, asker, second, finance }
    }

    /// With these steps for every publication, whatever the amount.
    pub async fn asking(world: &World, steps: &[&str]) -> Self {
        let firm = Self::new(world).await;
        set(&firm.owner, "publish", &[("", steps)]).await.ok();
        world.stay_signed_in(90).await;
        firm
    }
}

/// Sets the chain of an act; no tier switches it off.
pub async fn set(owner: &Browser, act: &str, tiers: &[(&str, &[&str])]) -> Answer {
    let mut form = json!({});
    for (number, (from, steps)) in (1..).zip(tiers) {
        form[format!("from_{number}")] = json!(from);
        form[format!("steps_{number}")] = json!(steps);
    }
    owner.post(&format!("/company/approval-rules/{act}"), form).await
}

/// A draft of one lot that can be published for weeks to come.
pub async fn prepare(world: &World, buyer: &Browser) -> String {
    let mut form = draft(world);
    (form["questions_until"], form["deadline"]) = (json!(in_days(world, 40)), json!(in_days(world, 50)));
    let tender = text(&buyer.post("/tenders", form).await.ok().json(), "id");
    add_lot(buyer, &tender, &id(), "服务器与存储维保").await;
    tender
}

/// The form of a draft's publication, as it was just seen.
pub async fn seen(buyer: &Browser, tender: &str) -> Value {
    let seen = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json();
    json!({ "version": seen["tender"]["version"] })
}

/// Asks for approval of a publication; answers the request's address.
pub async fn ask(buyer: &Browser, tender: &str) -> String {
    let form = seen(buyer, tender).await;
    let asked = buyer.post(&format!("/tenders/{tender}/approval"), form).await.ok().json();
    format!("/company/approvals/{}", text(&asked, "id"))
}

/// Gives a step of a request.
pub async fn give(who: &Browser, request: &str, step: &str) -> Answer {
    who.post(&format!("{request}/approval"), json!({ "step": step })).await
}

/// How a request stands.
pub async fn state(who: &Browser, request: &str) -> String {
    text(&who.get(request).await.ok().json()["request"], "state")
}

/// How often somebody was told this.
pub async fn told(who: &Browser, kind: &str) -> usize {
    let inbox = who.get("/inbox").await.ok().json();
    inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == kind).count()
}
