//! Qualified lists in the demo: a standing pool with two members and one who was refused, and a pre-qualification that takes applications.

use super::client::{Failed, text};
use super::person::Person;
use super::trade::Ids;
use jiff::{SignedDuration, Timestamp};

/// The pool, reviewed as its three applicants came; the call before a tender, with applications that nobody may read yet. `now`: when the story ends.
/// Answers the pool.
pub(super) async fn lists(
    buyer: &Person,
    providers: &[Person],
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<String, Failed> {
    let pool = buyer.call_for(("standing", "厂区信息化运维供应商库", ""), ids).await?;
    for (provider, words) in providers.iter().zip(APPLICATIONS) {
        provider.apply_to(&pool, words, ids).await?;
    }
    let found = buyer.client.get(&format!("/qualified-lists/{pool}/applications")).await?.ok()?;
    for (at, (unmet, reason)) in REVIEWS.into_iter().enumerate().take(providers.len()) {
        let (id, version) = (format!("/applications/{at}/id"), format!("/applications/{at}/version"));
        let fields = [("version", text(&found, &version)?), ("unmet", unmet.to_owned()), ("reason", reason.to_owned())];
        let mut fields = fields.each_ref().map(|(name, value)| (*name, value.as_str())).to_vec();
        fields.retain(|(name, value)| *name != "unmet" || !value.is_empty());
        let review = format!("/qualified-applications/{}/review", text(&found, &id)?);
        buyer.client.post(&review, &fields).await?.ok()?;
    }
    let until = now.checked_add(SignedDuration::from_hours(24 * 9)).unwrap_or(now).to_string();
    let call = buyer.call_for(("single", "新厂区综合布线工程资格预审", &until), ids).await?;
    if let Some(provider) = providers.first() {
        provider.apply_to(&call, APPLICATIONS[0], ids).await?;
    }
    Ok(pool)
}

impl Person {
    /// Publishes a call of this kind, with a file. Answers its id.
    async fn call_for(&self, (kind, title, until): (&str, &str, &str), ids: &Ids<'_>) -> Result<String, Failed> {
        let id = ids.next();
        let fields = [
            ("id", id.as_str()),
            ("kind", kind),
            ("title", title),
            ("category", "it-software"),
            ("region", "33"),
            ("summary", "厂区网络、服务器与业务系统的建设和运维，按项目从名单中邀请，名单内公平竞争。"),
            ("requirements", "有独立法人资格，近三年没有重大违法记录\n近三年有两项同类业绩\n有驻场运维团队"),
            ("applications_until", until),
            ("valid_days", "365"),
        ];
        self.client.post("/qualified-lists", &fields).await?.ok()?;
        let page = format!("/qualified-lists/{id}");
        let file = ("documents", "申请须知.txt", format!("{title}\n\n按资格要求逐条说明，附证明文件。\n").into_bytes());
        self.client.upload(&format!("{page}/documents"), &[], file).await?.ok()?;
        let version = text(&self.client.get(&page).await?.ok()?, "/list/version")?;
        self.client.post(&format!("{page}/publication"), &[("version", version.as_str())]).await?.ok()?;
        Ok(id)
    }

    /// Applies, with a file.
    async fn apply_to(&self, list: &str, words: &str, ids: &Ids<'_>) -> Result<(), Failed> {
        let id = ids.next();
        let fields = [("id", id.as_str()), ("version", "0"), ("statement", words)];
        let file = ("files", "业绩证明.txt", "合同与验收单（示例）\n".as_bytes().to_vec());
        self.client.upload(&format!("/qualified-lists/{list}/application"), &fields, file).await?.ok()?;
        Ok(())
    }
}

const APPLICATIONS: [&str; 3] = [
    "一、营业执照和信用查询见附件。二、近三年完成两家工厂的信息化运维。三、驻场团队十二人。",
    "一、证照齐全。二、近三年有三项同类业绩。三、本地驻场八人，四小时到场。",
    "一、证照齐全。二、去年完成一项同类业绩。三、可以按需派驻。",
];

/// Number of the requirement that is not met, and why.
const REVIEWS: [(&str, &str); 3] = [("", ""), ("", ""), ("2", "同类业绩只有一项，少于要求的两项。")];
