//! A negotiated tender: talks apart and alike, a change that all are told, final offers that are sealed until their hour.

use super::super::client::Failed;
use super::super::trade::{Ids, Plan, Tender, ten_o_clock};
use super::circle::reach;
use super::enclosed::list;
use super::{Play, Seen, hold};
use crate::sourcing::negotiation;
use crate::sourcing::tender::Lot;
use jiff::SignedDuration;
use kit::id::Id;

const PLAN: Plan = Plan {
    title: "铸造车间粉尘治理数字孪生",
    method: "negotiated",
    category: "it-platform",
    region: "33",
    summary: "铸造车间除尘管网的数字孪生：风量测点、压差预警与节能调度。做法尚待比较，先磋商，再报最后价格，含一年驻场。",
    lots: &[("数字孪生平台", "780000")],
    bidding: SignedDuration::from_hours(24 * 11),
};

/// In yuan, in the order of the providers: first, and at last.
const PRICES: [[&str; 3]; 2] = [["742000", "728000", "765000"], ["705000", "716000", "699000"]];

/// Words that stand in the minutes with the first provider and nowhere else.
const WORDS: &str = "测点由八十个减为六十四个，仍满足压差预警。";

const CHANGE: &str = "测点数由八十个改为六十四个，驻场由一年改为半年，其余不变。";

pub async fn bids(play: &mut Play) -> Seen {
    let (app, now) = (play.app.clone(), play.app.clock().now());
    let (buyer, ids) = (play.buyer.clone(), Ids(app.random()));
    let tender = buyer.draft_negotiated(&PLAN, now, &ids).await?;
    buyer.publish(&tender).await?;
    for (provider, price) in play.providers.iter().zip(PRICES[0]) {
        provider.bid(&tender.lots[0], &ids.next(), price, "120").await?.ok()?;
    }
    let detail = format!("{}: three have responded; deadline {}", PLAN.title, tender.deadline);
    play.negotiated = Some(tender);
    Ok(detail)
}

/// The tender's only lot.
fn lot(tender: Option<&Tender>) -> Result<&str, Failed> {
    tender
        .and_then(|tender| tender.lots.first())
        .map(String::as_str)
        .ok_or_else(|| Failed::because("no negotiated lot"))
}

pub async fn talks(play: &mut Play) -> Seen {
    let deadline = play.negotiated.as_ref().map(|tender| tender.deadline);
    reach(play, deadline.ok_or_else(|| Failed::because("nothing is negotiated"))?).await?;
    let lot = lot(play.negotiated.as_ref())?.to_owned();
    let (app, now) = (play.app.clone(), play.app.clock().now());
    let (buyer, all, ids) = (play.buyer.clone(), play.providers.clone(), Ids(app.random()));
    let path = format!("/lots/{lot}/negotiation");
    for (at, provider) in all.iter().enumerate() {
        let early = buyer.change_requirements(&lot, CHANGE, &ids).await?;
        play.refuses(format!("a change is told before {at} of three were heard"), early, 409, "negotiation-unequal")?;
        let words = if at == 0 { WORDS } else { "说明了方案，对测点数和驻场时间没有异议。" };
        buyer.keep_minutes(&lot, provider.company(), words, now, &ids).await?.ok()?;
    }
    all[0].confirm_minutes(&lot, 0, "").await?;
    buyer.change_requirements(&lot, CHANGE, &ids).await?.ok()?;
    for (at, provider) in all.iter().enumerate() {
        let seen = provider.client.get(&path).await?.ok()?;
        hold(list(&seen, "/changes").len() == 1, || format!("{} was not told: {seen}", provider.company()))?;
        let is_own = list(&seen, "/minutes").len() == 1 && list(&seen, "/parties").len() == 1;
        hold(is_own && seen.to_string().contains(WORDS) == (at == 0), || format!("others' minutes are read: {seen}"))?;
    }
    let stranger = play.hands()?.experts[0].clone();
    stranger.be_signed_in().await?;
    let stranger = stranger.client.get(&path).await?;
    play.refuses("who has not responded reads the negotiation", stranger, 404, "not-found")?;
    Ok("each was heard apart and reads its own minutes; the change was told to all three in one act".into())
}

pub async fn finals(play: &mut Play) -> Seen {
    let lot = lot(play.negotiated.as_ref())?.to_owned();
    let (app, now) = (play.app.clone(), play.app.clock().now());
    let (buyer, all, ids) = (play.buyer.clone(), play.providers.clone(), Ids(app.random()));
    let until = ten_o_clock(now + SignedDuration::from_hours(24 * 2));
    buyer.invite_final_offers(&lot, until).await?.ok()?;
    for (provider, price) in all.iter().zip(PRICES[1]) {
        provider.offer_finally(&lot, &ids.next(), price, "按变动后的要求报价。").await?.ok()?;
    }
    let second = all[0].offer_finally(&lot, &ids.next(), "690000", "再报一次。").await?;
    play.refuses("a bidder gives a second final offer", second, 409, "final-offer-exists")?;
    let seen = buyer.client.get(&format!("/lots/{lot}/negotiation")).await?.ok()?;
    let shows =
        list(&seen, "/parties").iter().any(|party| !party["price"].is_null() || !party["received_at"].is_null());
    hold(!shows, || format!("the buyer reads of final offers: {seen}"))?;
    let id: Id<Lot> = lot.parse().map_err(|_| Failed::because("no id"))?;
    match negotiation::release(&app, id).await {
        Ok(_) => return Err(Failed::because("the key of final offers was released before the hour")),
        Err(error) if error.code == "opening-not-yet" => {
            play.refused("the key of final offers is asked for before their hour", "409 opening-not-yet");
        }
        Err(error) => return Err(error.into()),
    }
    reach(play, until).await?;
    let late = all[1].offer_finally(&lot, &ids.next(), "1", "迟到。").await?;
    play.refuses("a final offer comes after the hour", late, 409, "deadline-passed")?;
    let tender = play.negotiated.as_ref().map(|tender| tender.id.clone()).unwrap_or_default();
    let record = all[1].client.get(&format!("/tenders/{tender}/opening")).await?.ok()?;
    let prices: Vec<_> = list(&record, "/lots/0/bids").iter().map(|bid| bid["price"].as_i64().unwrap_or(0)).collect();
    hold(prices == [69_900_000, 70_500_000, 71_600_000], || format!("three final prices expected: {record}"))?;
    Ok(format!("sealed until {until}; from then on the three final prices are what is evaluated"))
}
