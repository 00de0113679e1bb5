//! Tenders that a committee of three evaluates: one of the buyer's own and two experts, drawn. One was awarded after its standstill and an
//! objection. Of another an objection to the candidates waits for the buyer's answer, and its award with it. Of the third the first lot's candidates are published and the standstill runs; in the second lot one evaluator has signed and
//! the others still score.

use super::client::{Failed, text};
use super::clock;
use super::person::Person;
use super::trade::{Ids, Plan, Tender};
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

/// What was evaluated, published and awarded before.
pub(super) const SETTLED: Plan = Plan {
    title: "仓储条码与库位管理系统",
    method: "quotation",
    category: "it-software",
    region: "33",
    summary: "建设两个成品仓的条码与库位管理系统：入库、上架、拣配、盘点，手持终端二十台，与现有财务系统对接，含一年运维。",
    lots: &[("条码与库位管理系统", "320000")],
    bidding: SignedDuration::from_hours(24 * 5),
};

/// To whose candidates a bidder has objected.
pub(super) const DISPUTED: Plan = Plan {
    title: "厂区电动叉车电池监测",
    method: "quotation",
    category: "it-hardware",
    region: "33",
    summary: "为三十台电动叉车加装电池监测：电压、温度、充放电次数，车间看板显示并提前提醒更换，含安装和两年质保。",
    lots: &[("电池监测三十套", "240000")],
    bidding: SignedDuration::from_hours(24 * 5),
};

/// What is said against them, without an answer yet.
pub(super) const PENDING: &str = "第一名承诺的采样间隔与其样本册不一致，请核对技术参数是否满足询价文件第四条。";

/// What a bidder says against the candidates, and what the buyer answers.
pub(super) const OBJECTION: &str =
    "第一名提交的仓储项目业绩只有合同首页，看不出验收时间，请核对是否满足近三年业绩的要求。";
pub(super) const ANSWER: &str =
    "已核对：合同全文和验收单在投标文件第三册，验收时间在近三年之内，评分依据成立，维持公示。";

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

    /// Has a committee drawn, beside those of its own people whom it names.
    pub async fn form_a_committee(&self, app: &App, lot: &str, own: &[(&str, &str)]) -> Result<(), Failed> {
        self.client.post(&format!("/lots/{lot}/committee"), own).await?.ok()?;
        let later = app.clock().now().checked_add(TO_DRAW).map_err(Failed::because)?;
        clock::set(app, later).await?;
        self.client.post(&format!("/lots/{lot}/draw"), &[]).await?.ok().map(drop)
    }

    /// Declares and scores, where it has a seat. Answers whether it has one.
    pub async fn evaluate(&self, lot: &str) -> Result<bool, Failed> {
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

    /// Publishes the candidates of a lot for three days. Answers the bid of the first.
    pub async fn publish_candidates(&self, lot: &str, ids: &Ids<'_>) -> Result<String, Failed> {
        let path = format!("/lots/{lot}/candidates");
        self.client.post(&path, &[("id", ids.next().as_str()), ("days", "3")]).await?.ok()?;
        text(&self.client.get(&path).await?.ok()?, "/publications/0/candidates/0/bid")
    }

    /// Objects to them. Answers the objection.
    pub async fn object(&self, lot: &str, reason: &str, ids: &Ids<'_>) -> Result<String, Failed> {
        let id = ids.next();
        let fields = [("id", id.as_str()), ("reason", reason), ("wanted", "请核对并书面答复。")];
        self.client.post(&format!("/lots/{lot}/objections"), &fields).await?.ok()?;
        Ok(id)
    }

    /// Answers an objection.
    pub async fn answer_objection(&self, objection: &str, answer: &str) -> Result<(), Failed> {
        self.client.post(&format!("/objections/{objection}/answer"), &[("answer", answer)]).await?.ok().map(drop)
    }

    /// Signs what it has given.
    pub async fn sign_scores(&self, lot: &str) -> Result<(), Failed> {
        self.client.post(&format!("/lots/{lot}/signature"), &[]).await?.ok().map(drop)
    }
}

/// Has the first lot evaluated to the end, the second, if there is one, begun.
pub(super) async fn evaluate(app: &App, buyer: &Person, experts: &[Person], tender: &Tender) -> Result<(), Failed> {
    for (lot, signatures) in tender.lots.iter().zip([3, 1]) {
        buyer.form_a_committee(app, lot, &[("own", buyer.account.email.as_str())]).await?;
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
