//! What buyers and providers do: draft and publish a tender, ask and answer, bid, award.

use super::client::{Answer, Failed, text};
use super::person::Person;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::random::Random;
use serde_json::Value;

/// A tender as somebody means it.
pub(super) struct Plan {
    pub title: &'static str,
    /// As the form has it: `open`, `quotation`, `invited`, `negotiated`.
    pub method: &'static str,
    pub category: &'static str,
    pub region: &'static str,
    pub summary: &'static str,
    /// Title and budget in yuan of each lot.
    pub lots: &'static [(&'static str, &'static str)],
    /// How long bids are taken.
    pub bidding: SignedDuration,
}

/// A tender that was published.
pub(super) struct Tender {
    pub id: String,
    pub lots: Vec<String>,
    pub deadline: Timestamp,
}

/// Makes the ids that forms carry.
pub(super) struct Ids<'a>(pub &'a Random);

impl Ids<'_> {
    /// A fresh one.
    pub fn next(&self) -> String {
        Id::<()>::v4(self.0).to_string()
    }
}

/// The next ten o'clock in Beijing, when offices open.
pub(super) fn ten_o_clock(at: Timestamp) -> Timestamp {
    const DAY: i64 = 24 * 3600;
    let second = at.as_second() + DAY - (at.as_second() - 2 * 3600).rem_euclid(DAY);
    Timestamp::from_second(second).unwrap_or(at)
}

impl Person {
    /// Drafts a tender with its lots and a document. Questions end a day before the deadline.
    pub async fn draft(&self, plan: &Plan, now: Timestamp, ids: &Ids<'_>) -> Result<Tender, Failed> {
        self.draft_with(plan, &[], now, ids).await
    }

    /// The same, with more fields of the form.
    pub async fn draft_with(
        &self,
        plan: &Plan,
        more: &[(&str, &str)],
        now: Timestamp,
        ids: &Ids<'_>,
    ) -> Result<Tender, Failed> {
        let (id, deadline) = (ids.next(), ten_o_clock(now + plan.bidding));
        let questions_until = deadline - SignedDuration::from_hours(25);
        let fields = [
            ("id", id.as_str()),
            ("title", plan.title),
            ("method", plan.method),
            ("category", plan.category),
            ("region", plan.region),
            ("summary", plan.summary),
            ("budget_shown", "1"),
            ("questions_until", &questions_until.to_string()),
            ("deadline", &deadline.to_string()),
        ];
        self.client.post("/tenders", &[&fields[..], more].concat()).await?.ok()?;
        let mut lots = Vec::new();
        for (title, budget) in plan.lots {
            let lot = ids.next();
            let fields = [("lot_id", lot.as_str()), ("lot_title", title), ("lot_budget", budget)];
            self.client.post(&format!("/tenders/{id}/lots"), &fields).await?.ok()?;
            lots.push(lot);
        }
        let document = format!("{}\n\n{}\n", plan.title, plan.summary);
        let file = ("documents", "采购需求.txt", document.into_bytes());
        self.client.upload(&format!("/tenders/{id}/documents"), &[], file).await?.ok()?;
        Ok(Tender { id, lots, deadline })
    }

    /// Publishes a draft as it stands.
    pub async fn publish(&self, tender: &Tender) -> Result<(), Failed> {
        let draft = self.client.get(&format!("/tenders/{}/draft", tender.id)).await?.ok()?;
        let fields = [("version", text(&draft, "/tender/version")?)];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.client.post(&format!("/tenders/{}/publication", tender.id), &fields).await?.ok()?;
        Ok(())
    }

    /// Everything that this person may see of a tender.
    pub async fn dossier(&self, tender: &Tender) -> Result<Value, Failed> {
        self.client.get(&format!("/tenders/{}", tender.id)).await?.ok()
    }

    /// Asks a question about a tender. Answers the question's id.
    pub async fn ask(&self, tender: &Tender, question: &str, ids: &Ids<'_>) -> Result<String, Failed> {
        let id = ids.next();
        let fields = [("question_id", id.as_str()), ("question", question)];
        self.client.post(&format!("/tenders/{}/questions", tender.id), &fields).await?.ok()?;
        Ok(id)
    }

    /// Answers a question, to all.
    pub async fn answer(&self, question: &str, answer: &str) -> Result<(), Failed> {
        self.client.post(&format!("/questions/{question}/answer"), &[("answer", answer)]).await?.ok()?;
        Ok(())
    }

    /// Amends a published tender materially: another text, and a day more until the deadline.
    pub async fn amend(&self, tender: &Tender, summary: &str, reason: &str, ids: &Ids<'_>) -> Result<(), Failed> {
        let path = format!("/tenders/{}/amendment", tender.id);
        let seen = self.client.get(&path).await?.ok()?;
        let deadline = tender.deadline + SignedDuration::from_hours(24);
        let fields = [
            ("id", ids.next()),
            ("version", text(&seen, "/tender/version")?),
            ("class", "material".to_owned()),
            ("lots", "1".to_owned()),
            ("deadline", deadline.to_string()),
            ("questions_until", text(&seen, "/tender/questions_until")?),
            ("summary", summary.to_owned()),
            ("reason", reason.to_owned()),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.client.post(&path, &fields).await?.ok()?;
        Ok(())
    }

    /// Ends a published tender of one lot.
    pub async fn terminate(&self, tender: &Tender, reason: &str, ids: &Ids<'_>) -> Result<(), Failed> {
        let path = format!("/tenders/{}/termination", tender.id);
        let version = text(&self.client.get(&path).await?.ok()?, "/tender/version")?;
        let id = ids.next();
        let fields = [("id", id.as_str()), ("version", version.as_str()), ("lots", "1"), ("reason", reason)];
        self.client.post(&path, &fields).await?.ok()?;
        Ok(())
    }

    /// Hands in a sealed bid: price in yuan, days of delivery, a file.
    pub async fn bid(&self, lot: &str, id: &str, price: &str, days: &str) -> Result<Answer, Failed> {
        let fields = [("id", id), ("price", price), ("delivery_days", days), ("note", "报价含税，质保一年。")];
        self.client.upload(&format!("/lots/{lot}/bids"), &fields, self.offer(price, 60)).await
    }

    /// Puts another envelope, a larger one, in the place of the first.
    pub async fn replace(&self, bid: &str, price: &str, days: &str) -> Result<Answer, Failed> {
        let version = self.version(bid).await?;
        let fields = [("version", version.as_str()), ("price", price), ("delivery_days", days), ("note", "更正报价。")];
        self.client.upload(&format!("/bids/{bid}/replacement"), &fields, self.offer(price, 1200)).await
    }

    /// Takes a bid back.
    pub async fn withdraw(&self, bid: &str) -> Result<Answer, Failed> {
        let version = self.version(bid).await?;
        self.client.post(&format!("/bids/{bid}/withdrawal"), &[("version", &version)]).await
    }

    /// The newest receipt of a bid, as its file.
    pub async fn receipt(&self, bid: &str) -> Result<String, Failed> {
        let answer = self.client.get(&format!("/bids/{bid}/receipt")).await?;
        let receipt = answer.text.clone();
        answer.ok()?;
        Ok(receipt)
    }

    /// Awards a lot to a bid.
    pub async fn award(&self, lot: &str, bid: &str, reason: &str) -> Result<(), Failed> {
        self.client.post(&format!("/lots/{lot}/award"), &[("bid", bid), ("reason", reason)]).await?.ok()?;
        Ok(())
    }

    async fn version(&self, bid: &str) -> Result<String, Failed> {
        let page = self.client.get(&format!("/bids/{bid}")).await?.ok()?;
        text(&page, "/bid/version")
    }

    fn offer(&self, price: &str, lines: usize) -> (&'static str, &'static str, Vec<u8>) {
        let plan = "需求调研、方案设计、部署联调、培训验收。\n".repeat(lines);
        let offer = format!("{}\n总价：{price} 元\n{plan}", self.company());
        ("files", "技术方案.txt", offer.into_bytes())
    }
}
