//! A tender whose auction runs while people walk about: open, begun ten minutes ago, with a few offers.

use super::client::{Failed, text};
use super::clock;
use super::person::Person;
use super::trade::{Ids, Plan, Tender};
use crate::app::App;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// How long ago it began.
const AGO: SignedDuration = SignedDuration::from_mins(10);

const PLAN: Plan = Plan {
    title: "数控车间压缩空气系统节能改造",
    method: "open",
    category: "it-hardware",
    region: "33",
    summary: "三台空压机变频改造并联网监测，管路查漏，保证压力波动不超过正负零点一兆帕，节能率不低于百分之十五，质保两年。开标后竞价。",
    lots: &[("空压机变频改造", "640000")],
    bidding: SignedDuration::from_hours(0),
};

/// Publishes it, with the bids of these providers: opened a day before `now`. Answers its lot.
pub(super) async fn call(
    buyer: &Person,
    providers: &[Person],
    app: &App,
    now: Timestamp,
    ids: &Ids<'_>,
) -> Result<String, Failed> {
    let begun = app.clock().now();
    let plan = Plan { bidding: now.duration_since(begun) - SignedDuration::from_hours(48), ..PLAN };
    let tender = buyer.draft(&plan, begun, ids).await?;
    buyer.ask_for_an_auction(&tender, now - AGO).await?;
    buyer.publish(&tender).await?;
    let lot = tender.lots.first().cloned().ok_or_else(|| Failed::because("no lot"))?;
    for (person, price) in providers.iter().zip(["598000", "612000", "586500"]) {
        person.bid(&lot, &ids.next(), price, "45").await?.ok()?;
    }
    Ok(lot)
}

/// Its envelopes are opened a day before it begins; what the providers have offered since.
pub(super) async fn begin(app: &App, now: Timestamp, providers: &[Person], lot: &str) -> Result<(), Failed> {
    clock::set(app, now - SignedDuration::from_hours(23)).await?;
    clock::set(app, now).await?;
    let ids = Ids(app.random());
    for person in providers {
        person.be_signed_in().await?;
    }
    for (person, yuan) in providers.iter().cycle().zip(["580000", "574000", "565000", "558800"]) {
        let fields = [("id", ids.next()), ("amount", yuan.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        person.client.post(&format!("/lots/{lot}/offers"), &fields).await?.ok()?;
    }
    Ok(())
}

impl Person {
    /// Says that the draft has an open auction of eight hours, with steps of half a percent.
    async fn ask_for_an_auction(&self, tender: &Tender, at: Timestamp) -> Result<(), Failed> {
        let path = format!("/tenders/{}/auction", tender.id);
        let version = text(&self.client.get(&path).await?.ok()?, "/tender/version")?;
        let fields = json!({
            "version": version, "mode": "open", "auction_at": at.to_string(), "step": "0.5",
            "minutes": "480", "extension_minutes": "3", "hard_minutes": "480",
        });
        self.client.send(&path, &fields).await?.ok().map(drop)
    }
}
