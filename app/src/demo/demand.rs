//! Demands in the demo: drafted, open to all and to one, closed, and one that became a tender.

use super::cast::CAST;
use super::client::{Failed, text};
use super::person::Person;
use super::trade::Ids;
use jiff::{SignedDuration, Timestamp};

/// A demand as somebody means it.
pub(super) struct Wish {
    pub title: &'static str,
    pub category: &'static str,
    pub summary: &'static str,
    /// In yuan, and whether others see it.
    pub budget: (&'static str, bool),
    /// In how many days it is wanted.
    pub days: i64,
    /// The credit code of the one company that is invited; empty for all.
    pub invited: &'static str,
}

/// The buyer's: one open to all that two providers have answered, one for an invited provider, a draft.
pub(super) async fn needs(
    buyer: &Person,
    [one, two]: [&Person; 2],
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<(), Failed> {
    let open = buyer.need(&OPEN, now, ids).await?;
    buyer.announce(&open).await?;
    let question = ids.next();
    let fields = [("question_id", question.as_str()), ("question", "三个车间的网络是否互通？")];
    one.client.post(&format!("/demands/{open}/questions"), &fields).await?.ok()?;
    let answer = [("answer", "互通，均接入厂区核心交换机，平台可集中部署。")];
    buyer.client.post(&format!("/demand-questions/{question}/answer"), &answer).await?.ok()?;
    one.be_interested(&open, "做过两家同类工厂的设备台账与点检，可先用两周做原型。", "320000", ids).await?;
    two.be_interested(&open, "可提供标准产品，按设备数收费，一个月内上线。", "260000", ids).await?;
    let invited = CAST[3].company.map_or("", |(_, code)| code);
    let private = buyer.need(&Wish { invited, ..PRIVATE }, now, ids).await?;
    buyer.announce(&private).await?;
    buyer.need(&DRAFT, now, ids).await?;
    Ok(())
}

/// Another buyer's: one that became a tender's draft, one that was closed.
pub(super) async fn ended(buyer: &Person, one: &Person, now: Timestamp, ids: &Ids<'_>) -> Result<(), Failed> {
    let became = buyer.need(&TENDERED, now, ids).await?;
    buyer.announce(&became).await?;
    one.be_interested(&became, "可以驻场实施，含三个月试运行。", "180000", ids).await?;
    buyer.tender_of(&became, ids).await?;
    let closed = buyer.need(&CLOSED, now, ids).await?;
    buyer.announce(&closed).await?;
    let version = buyer.version_of(&closed).await?;
    let fields = [("version", version.as_str()), ("reason", "本年度由总部统一采购，不再单独征集。")];
    buyer.client.post(&format!("/demands/{closed}/closing"), &fields).await?.ok()?;
    Ok(())
}

impl Person {
    /// Drafts a demand with a file. Answers its id.
    pub async fn need(&self, wish: &Wish, now: Timestamp, ids: &Ids<'_>) -> Result<String, Failed> {
        let (id, wanted) = (ids.next(), now + SignedDuration::from_hours(24 * wish.days));
        let fields = [
            ("id", id.as_str()),
            ("title", wish.title),
            ("category", wish.category),
            ("region", "33"),
            ("summary", wish.summary),
            ("budget", wish.budget.0),
            ("budget_shown", if wish.budget.1 { "1" } else { "" }),
            ("wanted_on", &wanted.to_string()[..10]),
            ("audience", if wish.invited.is_empty() { "all" } else { "invited" }),
            ("invited", wish.invited),
        ];
        self.client.post("/demands", &fields).await?.ok()?;
        let file = ("documents", "现状说明.txt", format!("{}\n\n{}\n", wish.title, wish.summary).into_bytes());
        self.client.upload(&format!("/demands/{id}/documents"), &[], file).await?.ok()?;
        Ok(id)
    }

    /// Publishes a draft as it stands.
    pub async fn announce(&self, demand: &str) -> Result<(), Failed> {
        let version = self.version_of(demand).await?;
        self.client.post(&format!("/demands/{demand}/publication"), &[("version", version.as_str())]).await?.ok()?;
        Ok(())
    }

    /// Answers a demand with interest: what is offered, an indicative price in yuan.
    pub async fn be_interested(&self, demand: &str, words: &str, price: &str, ids: &Ids<'_>) -> Result<(), Failed> {
        let id = ids.next();
        let fields = [("id", id.as_str()), ("version", "0"), ("text", words), ("price", price)];
        self.client.post(&format!("/demands/{demand}/interest"), &fields).await?.ok()?;
        Ok(())
    }

    /// Makes a tender's draft of a demand. Answers its id.
    pub async fn tender_of(&self, demand: &str, ids: &Ids<'_>) -> Result<String, Failed> {
        let (id, version) = (ids.next(), self.version_of(demand).await?);
        let fields = [("id", id.as_str()), ("version", version.as_str())];
        text(&self.client.post(&format!("/demands/{demand}/tender"), &fields).await?.ok()?, "/id")
    }

    async fn version_of(&self, demand: &str) -> Result<String, Failed> {
        text(&self.client.get(&format!("/demands/{demand}")).await?.ok()?, "/demand/version")
    }
}

const OPEN: Wish = Wish {
    title: "设备台账与点检管理",
    category: "it-software",
    summary: "三个车间约六百台设备，现用纸质台账和点检表。希望手机扫码点检、异常派单、备件提醒，能与现有门户单点登录。先了解做法和价格，再决定是否招标。",
    budget: ("350000", true),
    days: 90,
    invited: "",
};

const PRIVATE: Wish = Wish {
    title: "研发数据异地备份咨询",
    category: "it-data",
    summary: "研发图档与试验数据约四十太字节，希望评估异地备份的方案、恢复时间和费用，涉及网络结构，只请熟悉现场的服务商回应。",
    budget: ("200000", false),
    days: 60,
    invited: "",
};

const DRAFT: Wish = Wish {
    title: "食堂订餐与结算",
    category: "it-software",
    summary: "两个食堂日均一千二百人，希望提前订餐、按部门结算、减少浪费，尽量用成熟产品。",
    budget: ("80000", true),
    days: 120,
    invited: "",
};

const TENDERED: Wish = Wish {
    title: "冷库温湿度监测",
    category: "it-hardware",
    summary: "六座冷库，需要连续记录温湿度、越限报警和合规报表，断电断网时本地保存七天以上。",
    budget: ("200000", true),
    days: 75,
    invited: "",
};

const CLOSED: Wish = Wish {
    title: "工服租洗服务",
    category: "other",
    summary: "约四百人的工服租赁与洗涤，每周两次收送，按件计费，含破损更换。",
    budget: ("150000", false),
    days: 45,
    invited: "",
};
