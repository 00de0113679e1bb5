//! A negotiated tender in the demo, while people walk about: its first lot is in the second round of talks, after a change that all were told;
//! for the second, final offers are invited, and one has come.

use super::client::{Answer, Failed, text};
use super::person::Person;
use super::trade::{Ids, Plan, Tender, ten_o_clock};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const PLAN: Plan = Plan {
    title: "能源管理平台与储能协调控制",
    method: "negotiated",
    category: "it-platform",
    region: "33",
    summary: "建设厂区能源管理平台，并与拟建的储能系统协调控制：削峰填谷策略、需量控制、碳排放核算。技术路线尚待比较，所以先磋商，再报最后价格。",
    lots: &[("能源管理平台", "900000"), ("储能协调控制", "700000")],
    bidding: SignedDuration::from_hours(24 * 12),
};

/// First offers in yuan, lot by lot, in the order of the providers.
const FIRST: [[&str; 3]; 2] = [["868000", "842000", "879000"], ["672000", "655000", "689000"]];

/// What was talked about with each.
const WORDS: [&str; 3] = [
    "介绍了削峰填谷的三种策略和两家工厂的运行数据。同意把数据采集间隔缩短到一分钟；驻场人员由两人增加到三人，费用待核。",
    "说明平台部署在厂内，不依赖外网。历史数据迁移按接口数计价；同意增加一次操作培训。",
    "比较了两种储能控制方式，建议先联调一个月再验收。对付款节点没有异议。",
];

/// What a bidder says to its minutes.
const REMARK: &str = "驻场增加的一人按半年计，其余与记录一致。";

/// What all are told, and what follows with one of them.
const CHANGE: &str = "数据采集间隔由五分钟改为一分钟；付款节点增加“联调满一个月”，比例百分之十。其余不变。";
const AFTERWARDS: &str = "确认一分钟采集所需的网关数量为四十二台，最后报价按此计算；联调期的值守由投标人承担。";

/// When final offers are due, after they are invited.
const FINALS: SignedDuration = SignedDuration::from_hours(24 * 4);

/// Publishes it, with the first offers of these providers.
pub(super) async fn call(
    buyer: &Person,
    providers: &[Person],
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<Tender, Failed> {
    let tender = buyer.draft_negotiated(&PLAN, now, ids).await?;
    buyer.publish(&tender).await?;
    for (lot, prices) in tender.lots.iter().zip(FIRST) {
        for (person, price) in providers.iter().zip(prices) {
            person.bid(lot, &ids.next(), price, "150").await?.ok()?;
        }
    }
    Ok(tender)
}

/// Its first offers are open: what was said, told, and invited since.
pub(super) async fn talk(
    buyer: &Person,
    providers: &[Person],
    tender: &Tender,
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<(), Failed> {
    let [talks, finals] = tender.lots.as_slice() else { return Err(Failed::because("two lots")) };
    let [one, two, ..] = providers else { return Err(Failed::because("three providers")) };
    for lot in [talks, finals] {
        for (person, words) in providers.iter().zip(WORDS) {
            buyer.keep_minutes(lot, person.company(), words, now, ids).await?.ok()?;
        }
    }
    one.confirm_minutes(talks, 0, REMARK).await?;
    two.confirm_minutes(talks, 0, "").await?;
    two.confirm_minutes(finals, 0, "").await?;
    buyer.change_requirements(talks, CHANGE, ids).await?.ok()?;
    buyer.keep_minutes(talks, one.company(), AFTERWARDS, now, ids).await?.ok()?;
    buyer.invite_final_offers(finals, ten_o_clock(now + FINALS)).await?.ok()?;
    two.offer_finally(finals, &ids.next(), "641000", "接受全部要求；操作培训增加一次。").await?.ok()?;
    Ok(())
}

impl Person {
    /// Drafts a tender that is negotiated, and says by which points its final offers are evaluated.
    pub async fn draft_negotiated(&self, plan: &Plan, now: Timestamp, ids: &Ids<'_>) -> Result<Tender, Failed> {
        let tender = self.draft(plan, now, ids).await?;
        let draft = self.client.get(&format!("/tenders/{}/draft", tender.id)).await?.ok()?;
        let fields = json!({
            "version": draft["tender"]["version"], "by": "committee", "seats": "3", "price_weight": "40",
            "criteria": "技术方案 40\n实施团队与培训 20",
        });
        self.client.send(&format!("/tenders/{}/criteria", tender.id), &fields).await?.ok()?;
        Ok(tender)
    }

    /// Keeps minutes of a negotiation with one bidder.
    pub async fn keep_minutes(
        &self,
        lot: &str,
        company: &str,
        words: &str,
        at: Timestamp,
        ids: &Ids<'_>,
    ) -> Result<Answer, Failed> {
        let path = format!("/lots/{lot}/negotiation");
        let seen = self.client.get(&path).await?.ok()?;
        let mut parties = seen["parties"].as_array().into_iter().flatten();
        let one = parties.find(|one| one["company_name"] == company);
        let bid = text(one.ok_or_else(|| Failed::because(format!("{company} does not respond")))?, "/bid")?;
        let (id, at) = (ids.next(), at.to_string());
        let fields = [("minutes_id", id.as_str()), ("bid", &bid), ("held_at", &at), ("minutes", words)];
        self.client.post(&format!("{path}/minutes"), &fields).await
    }

    /// Confirms its own minutes of this place in the list.
    pub async fn confirm_minutes(&self, lot: &str, at: usize, remark: &str) -> Result<(), Failed> {
        let path = format!("/lots/{lot}/negotiation");
        let minutes = text(&self.client.get(&path).await?.ok()?, &format!("/minutes/{at}/id"))?;
        let fields = [("confirmed", minutes.as_str()), ("remark", remark)];
        self.client.post(&format!("{path}/confirmation"), &fields).await?.ok()?;
        Ok(())
    }

    /// Changes the requirements in substance, told to all.
    pub async fn change_requirements(&self, lot: &str, words: &str, ids: &Ids<'_>) -> Result<Answer, Failed> {
        let (id, version) = (ids.next(), self.negotiated(lot).await?);
        let fields = [("change_id", id.as_str()), ("version", &version), ("change", words)];
        self.client.post(&format!("/lots/{lot}/negotiation/changes"), &fields).await
    }

    /// Invites final offers until an instant.
    pub async fn invite_final_offers(&self, lot: &str, until: Timestamp) -> Result<Answer, Failed> {
        let (version, until) = (self.negotiated(lot).await?, until.to_string());
        let fields = [("version", version.as_str()), ("until", &until)];
        self.client.post(&format!("/lots/{lot}/negotiation/invitation"), &fields).await
    }

    /// Gives a final offer: price in yuan, and what is said to the changes.
    pub async fn offer_finally(&self, lot: &str, id: &str, price: &str, note: &str) -> Result<Answer, Failed> {
        let fields = [("id", id), ("price", price), ("delivery_days", "140"), ("note", note)];
        self.client.post(&format!("/lots/{lot}/final-offers"), &fields).await
    }

    /// The version of a negotiation.
    async fn negotiated(&self, lot: &str) -> Result<String, Failed> {
        text(&self.client.get(&format!("/lots/{lot}/negotiation")).await?.ok()?, "/negotiation/version")
    }
}
