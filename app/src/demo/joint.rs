//! A tender in the demo that takes consortia, while people walk about: for its first lot one has agreed and bid, for its second one waits for
//! the member that it invites.

use super::client::{Answer, Failed, text};
use super::library::QUALITY;
use super::person::Person;
use super::trade::{Ids, Plan};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// How many members a consortium has at most.
pub(super) const MOST: (&str, &str) = ("consortium_most", "3");

/// Its words ask for what a checklist can look for in a library. Its deadline is the nearest of all.
const PLAN: Plan = Plan {
    title: "厂区视频与周界安防联网",
    method: "open",
    category: "it-integration",
    region: "33",
    summary: "两个厂区的视频监控、周界报警与门禁联网，统一存储九十天，值班室集中告警。投标人须具有质量管理体系认证证书。投标人近三年具有至少一项类似项目业绩。投标保证金2万元。接受联合体投标，分工写入共同投标协议。",
    lots: &[("东厂区安防联网", "880000"), ("西厂区安防联网", "760000")],
    bidding: SignedDuration::from_mins(24 * 60 * 5 + 10),
};

/// Beside the shares and the work.
const CLAUSES: &str =
    "牵头人负责总体方案、投标文件汇总和对招标人的联络；各方按份额完成各自的工作并分配款项，保证金由牵头人缴纳。";

/// Publishes it, with what the providers have agreed on so far.
pub(super) async fn together(
    buyer: &Person,
    providers: &[Person],
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<(), Failed> {
    let [one, two, three, ..] = providers else { return Err(Failed::because("three providers")) };
    let tender = buyer.draft_with(&PLAN, &[MOST, ("validity_days", "90")], now, ids).await?;
    buyer.publish(&tender).await?;
    let [first, second] = tender.lots.as_slice() else { return Err(Failed::because("two lots")) };
    let consortium = one.make_consortium(first, two, ids).await?;
    two.accept_agreement(&consortium).await?.ok()?;
    one.bid_with(first, &ids.next(), "852000", &one.kept(QUALITY.name).await?).await?.ok()?;
    three.make_consortium(second, one, ids).await.map(drop)
}

impl Person {
    /// Forms a consortium for a lot, with another company. Answers its id.
    pub async fn make_consortium(&self, lot: &str, partner: &Person, ids: &Ids<'_>) -> Result<String, Failed> {
        let id = ids.next();
        let partners = format!("{}，40，视频数据接入、存储与检索", partner.company());
        let fields = [
            ("id", id.as_str()),
            ("share", "60"),
            ("work", "总体方案、联网平台与现场实施"),
            ("partners", &partners),
            ("clauses", CLAUSES),
        ];
        self.client.post(&format!("/lots/{lot}/consortia"), &fields).await?.ok()?;
        Ok(id)
    }

    /// Accepts the agreement of a consortium, as it stands there.
    pub async fn accept_agreement(&self, consortium: &str) -> Result<Answer, Failed> {
        let path = format!("/consortia/{consortium}");
        let agreement = text(&self.client.get(&path).await?.ok()?, "/agreement_sha256")?;
        self.client.post(&format!("{path}/acceptance"), &[("agreement", agreement.as_str())]).await
    }

    /// Hands in a sealed bid with a document of the library.
    pub async fn bid_with(&self, lot: &str, id: &str, price: &str, kept: &str) -> Result<Answer, Failed> {
        let fields = json!({
            "id": id, "price": price, "delivery_days": "75", "note": "报价含税，质保两年。", "kept": [kept],
        });
        self.client.send(&format!("/lots/{lot}/bids"), &fields).await
    }
}
