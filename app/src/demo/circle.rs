//! Tenders in the demo that name providers: one for those whom it invites, and an order from a member of the pool.

use super::client::{Failed, text};
use super::person::Person;
use super::trade::{Ids, Plan, Tender};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// For whom it names. It takes bids long enough that others can be invited, too.
const INVITED: Plan = Plan {
    title: "研发楼机房动环监测",
    method: "invited",
    category: "it-hardware",
    region: "33",
    summary: "研发楼机房的温湿度、漏水、配电与空调监测，本地告警，不接入外网。涉及机房布局，只邀请熟悉现场的服务商。",
    lots: &[("动环监测系统", "420000")],
    bidding: SignedDuration::from_hours(24 * 9),
};

/// What is ordered of one of the pool: its title, what is wanted, the budget in yuan, and why of this one.
const ORDER: [&str; 4] = [
    "质检系统年度运维",
    "机器视觉质检系统的年度运维：每月巡检一次，故障四小时到场，算法模型每季度更新一次，备件按实结算。",
    "180000",
    "该系统由入库的这一家实施，源代码与模型由其维护；另行采购须重新标定两条产线，停产损失高于全年运维费用。",
];

/// Publishes both. `pool`: whose member is ordered from.
pub(super) async fn narrow(
    buyer: &Person,
    providers: &[Person],
    pool: &str,
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<(), Failed> {
    let [_, two, three, ..] = providers else { return Err(Failed::because("three providers")) };
    let invited = buyer.draft(&INVITED, now, ids).await?;
    buyer.name(&invited.id, &names(providers), "").await?;
    buyer.publish(&invited).await?;
    let question = three.ask(&invited, "机房是否可以预约现场踏勘？", ids).await?;
    buyer.answer(&question, "可以，工作日上午，请提前一天在平台上联系。").await?;
    two.bid(&invited.lots[0], &ids.next(), "398000", "50").await?.ok()?;
    let order = buyer.order_of(pool, two, ids).await?;
    buyer.publish(&order).await
}

/// The names of these companies, as a form takes them.
pub(super) fn names(providers: &[Person]) -> String {
    providers.iter().map(Person::company).collect::<Vec<_>>().join("、")
}

impl Person {
    /// Names providers in a draft; `reason` where the method asks for one.
    pub async fn name(&self, tender: &str, who: &str, reason: &str) -> Result<(), Failed> {
        let draft = self.client.get(&format!("/tenders/{tender}/draft")).await?.ok()?;
        let version = text(&draft, "/tender/version")?;
        let fields = [("version", version.as_str()), ("named", who), ("reason", reason)];
        self.client.post(&format!("/tenders/{tender}/named"), &fields).await?.ok()?;
        Ok(())
    }

    /// The id of its company.
    pub async fn company_id(&self) -> Result<String, Failed> {
        text(&self.client.get("/company").await?.ok()?, "/company/id")
    }

    /// Makes a direct order's draft of a list, from this one of its members, and completes it.
    pub async fn order_of(&self, list: &str, provider: &Person, ids: &Ids<'_>) -> Result<Tender, Failed> {
        let (id, lot, [title, summary, budget, reason]) = (ids.next(), ids.next(), ORDER);
        let chosen = json!({ "id": id, "method": "direct", "provider": provider.company_id().await? });
        self.client.send(&format!("/qualified-lists/{list}/tender"), &chosen).await?.ok()?;
        let path = format!("/tenders/{id}/draft");
        let draft = self.client.get(&path).await?.ok()?;
        let was = |name: &str| draft["tender"][name].clone();
        let fields = json!({
            "version": was("version"), "title": title, "category": was("category"), "region": was("region"),
            "summary": summary, "budget_shown": "1", "method": "direct", "questions_until": was("questions_until"),
            "deadline": was("deadline"),
        });
        self.client.send(&path, &fields).await?.ok()?;
        // Its one lot is called as the list is.
        let listed = text(&draft, "/lots/0/id")?;
        self.client.post(&format!("/lots/{listed}/removal"), &[]).await?.ok()?;
        let fields = [("lot_id", lot.as_str()), ("lot_title", title), ("lot_budget", budget)];
        self.client.post(&format!("/tenders/{id}/lots"), &fields).await?.ok()?;
        self.name(&id, "", reason).await?;
        let deadline: Timestamp = text(&draft, "/tender/deadline")?.parse().map_err(Failed::because)?;
        Ok(Tender { id, lots: vec![lot], deadline })
    }
}
