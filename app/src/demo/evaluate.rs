//! A tender of two lots that a committee of three evaluates: one of the buyer's own and two experts, drawn. The first lot has its report,
//! in the second one evaluator has signed and the others still score.

use super::client::{Failed, text};
use super::clock;
use super::person::Person;
use super::trade::{Plan, Tender};
use crate::app::App;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Until the log has an entry after the one that commits to the pool.
const TO_DRAW: SignedDuration = SignedDuration::from_secs(30);

/// What is tendered.
pub(super) const JUDGED: Plan = Plan {
    title: "生产现场安全培训平台",
    method: "quotation",
    category: "it-software",
    region: "33",
    summary: "建设生产现场安全培训平台：课程、考试、持证到期提醒，与人事系统对接；制作二十门三维安全课程，含一年运维。",
    lots: &[("培训平台建设", "260000"), ("安全课程制作", "170000")],
    bidding: SignedDuration::from_hours(24 * 5),
};

/// What the criteria have for the bids A, B and C, before an evaluator's own leaning.
const POINTS: [[i64; 2]; 3] = [[33, 16], [30, 18], [35, 14]];

impl Person {
    /// Says that a committee of three evaluates a draft.
    pub async fn ask_for_a_committee(&self, tender: &Tender) -> Result<(), Failed> {
        let draft = self.client.get(&format!("/tenders/{}/draft", tender.id)).await?.ok()?;
        let fields = json!({
            "version": draft["tender"]["version"], "by": "committee", "seats": "3", "price_weight": "40",
            "criteria": "技术方案 40\n实施团队 20", "blind": "1",
        });
        self.client.send(&format!("/tenders/{}/criteria", tender.id), &fields).await?.ok().map(drop)
    }

    /// Offers to evaluate for other companies.
    pub async fn offer_to_evaluate(&self) -> Result<(), Failed> {
        self.client.post("/evaluations/offer", &[("available", "1")]).await?.ok().map(drop)
    }

    /// Names itself, and has the others drawn.
    async fn form_a_committee(&self, app: &App, lot: &str) -> Result<(), Failed> {
        let fields = [("own", self.account.email.as_str())];
        self.client.post(&format!("/lots/{lot}/committee"), &fields).await?.ok()?;
        let later = app.clock().now().checked_add(TO_DRAW).map_err(Failed::because)?;
        clock::set(app, later).await?;
        self.client.post(&format!("/lots/{lot}/draw"), &[]).await?.ok().map(drop)
    }

    /// Declares and scores, where it has a seat. Answers whether it has one.
    async fn evaluate(&self, lot: &str) -> Result<bool, Failed> {
        self.be_signed_in().await?;
        let path = format!("/lots/{lot}/scores");
        let seen = self.client.get(&path).await?;
        if seen.status == 404 {
            return Ok(false);
        }
        let leaning = seen.ok()?.pointer("/seat/number").and_then(Value::as_i64).unwrap_or_default() % 3;
        self.client.post(&format!("/lots/{lot}/declaration"), &[("interest", "none")]).await?.ok()?;
        let bids = self.client.get(&path).await?.ok()?["bids"].clone();
        for (bid, points) in bids.as_array().into_iter().flatten().zip(POINTS) {
            let points = points.map(|points| (points + leaning).to_string());
            let fields =
                json!({ "bid": text(bid, "/letter")?, "points": points, "remark": "方案完整，人员配备符合要求。" });
            self.client.send(&path, &fields).await?.ok()?;
        }
        Ok(true)
    }

    async fn sign_scores(&self, lot: &str) -> Result<(), Failed> {
        self.client.post(&format!("/lots/{lot}/signature"), &[]).await?.ok().map(drop)
    }
}

/// Has the first lot evaluated to the end, the second begun.
pub(super) async fn evaluate(app: &App, buyer: &Person, experts: &[Person], tender: &Tender) -> Result<(), Failed> {
    for (lot, signatures) in tender.lots.iter().zip([3, 1]) {
        buyer.form_a_committee(app, lot).await?;
        let mut sitting = Vec::new();
        for person in std::iter::once(buyer).chain(experts) {
            if person.evaluate(lot).await? {
                sitting.push(person);
            }
        }
        for person in sitting.into_iter().take(signatures) {
            person.sign_scores(lot).await?;
        }
    }
    Ok(())
}
