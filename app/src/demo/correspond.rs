//! A provider asks the buyer about a tender that is over, the two write to each other, and a person of the provider shares how to
//! reach them.

use super::client::{Failed, text};
use super::person::Person;
use super::trade::{Ids, Tender};
use serde_json::json;

/// Who writes for the provider. Nothing is ever sent there.
const NAME: &str = "苏砚秋";
const PHONE: &str = "13800138032";

/// They have a thread, messages in it, and a phone number that was shared. Answers the thread's address.
pub(super) async fn correspond(
    provider: &Person,
    buyer: &Person,
    about: &Tender,
    ids: &Ids<'_>,
) -> Result<String, Failed> {
    let company = text(&buyer.client.get("/company").await?.ok()?, "/company/id")?;
    let wanted = json!({ "id": ids.next(), "company": company, "matter": "tender", "tender": about.id,
        "text": "我们没有中标，想了解评审意见，也希望介绍一下能耗监测的运维服务。" });
    let request = text(&provider.client.send("/contact-requests", &wanted).await?.ok()?, "/id")?;
    let accepted = buyer.client.send(&format!("/contact-requests/{request}/acceptance"), &json!({})).await?.ok()?;
    let thread = format!("/threads/{}", text(&accepted, "/thread")?);
    buyer.write(&thread, "评审意见在招标页的结果里。运维服务明年会另行招标，欢迎关注。", ids).await?;
    provider.write(&thread, "谢谢。我把联系方式分享在会话里，有需要请直接找我。", ids).await?;
    provider.share(&thread).await?;
    buyer.write(&thread, "收到。", ids).await?;
    Ok(thread)
}

impl Person {
    async fn write(&self, thread: &str, words: &str, ids: &Ids<'_>) -> Result<(), Failed> {
        let message = json!({ "id": ids.next(), "text": words });
        self.client.send(&format!("{thread}/messages"), &message).await?.ok().map(drop)
    }

    /// Exactly what was previewed.
    async fn share(&self, thread: &str) -> Result<(), Failed> {
        let preview = json!({ "name": NAME, "phone": PHONE });
        let seen = self.client.send(&format!("{thread}/sharing/preview"), &preview).await?.ok()?;
        let shared = json!({ "name": NAME, "phone": PHONE, "id": seen["id"], "seen": seen["seen"] });
        self.client.send(&format!("{thread}/sharing"), &shared).await?.ok().map(drop)
    }
}
