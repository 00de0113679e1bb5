//! Approval in the demo: from three million yuan on a publication needs a second person, and one such draft waits for it.

use super::client::{Failed, text};
use super::person::Person;
use super::trade::{Ids, Plan};
use jiff::{SignedDuration, Timestamp};

impl Person {
    /// Asks for a second person where a large tender is published. The other tenders of the demo stay below.
    pub async fn ask_for_approval(&self) -> Result<(), Failed> {
        self.sign_in().await?;
        let fields = [("from_1", "3000000"), ("steps_1", "colleague")];
        self.client.post("/company/approval-rules/publish", &fields).await?.ok()?;
        Ok(())
    }

    /// Drafts a large tender, and asks for approval of it.
    pub async fn propose(&self, now: Timestamp, ids: &Ids<'_>) -> Result<(), Failed> {
        let tender = self.draft(&LARGE, now, ids).await?;
        let seen = self.client.get(&format!("/tenders/{}/publication", tender.id)).await?.ok()?;
        let version = text(&seen, "/tender/version")?;
        let fields = [("version", version.as_str())];
        self.client.post(&format!("/tenders/{}/approval", tender.id), &fields).await?.ok()?;
        Ok(())
    }
}

const LARGE: Plan = Plan {
    title: "两厂区制造执行系统建设",
    method: "open",
    category: "it-platform",
    region: "33",
    summary: "为两个厂区建设制造执行系统：工单、派工、质量追溯与设备联网，分两期上线，含数据迁移、培训与两年运维。",
    lots: &[("制造执行系统一期", "3200000"), ("制造执行系统二期", "2000000")],
    bidding: SignedDuration::from_hours(24 * 25),
};
