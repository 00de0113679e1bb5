//! From a draft to the deadline.

use super::super::client::{Failed, text};
use super::super::person::Person;
use super::super::trade::Plan;
use super::{Play, Seen, hold};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The word that only this tender's notices have.
pub const WORD: &str = "激光测距";

const PLAN: Plan = Plan {
    title: "装配线激光测距系统采购与集成",
    method: "open",
    category: "it-integration",
    region: "33",
    summary: "为装配线采购并集成激光测距系统：测距精度正负零点一毫米，数据接入制造执行系统，含安装调试、培训和两年质保。",
    lots: &[("激光测距系统", "860000"), ("备品备件", "120000")],
    bidding: SignedDuration::from_hours(24 * 6),
};

/// Prices in yuan of the first lot, in the order of the providers; the second replaces its own.
const PRICES: [&str; 3] = ["812000", "845000", "798500.50"];
pub const REPLACED: &str = "779000";

pub async fn publication(play: &mut Play) -> Seen {
    let now = play.app.clock().now();
    let tender = play.buyer.draft(&PLAN, now, &play.ids()).await?;
    let hidden = play.visitor.get(&format!("/tenders/{}", tender.id)).await?;
    hidden.refused(404, "not-found")?;
    play.buyer.publish(&tender).await?;
    let seen = play.visitor.get(&format!("/tenders/{}", tender.id)).await?.ok()?;
    let number = text(&seen, "/tender/number")?;
    hold(seen["lots"].as_array().is_some_and(|lots| lots.len() == 2), || format!("two lots expected: {seen}"))?;
    let detail = format!("{number}, deadline {}; a draft was 404 for the public", tender.deadline);
    play.tender = Some(tender);
    Ok(detail)
}

pub async fn clarification(play: &mut Play) -> Seen {
    let tender = play.tender()?;
    let [asker, other, _] = play.providers.as_slice() else { return Err(Failed::because("three providers")) };
    let question = asker.ask(tender, "测距数据接入采用何种协议？是否提供接口文档？", &play.ids()).await?;
    let early = other.dossier(tender).await?;
    hold(!early.to_string().contains(&question), || "others see a question before its answer".into())?;
    play.buyer.answer(&question, "采用 OPC UA，接口文档随合同提供。").await?;
    for reader in [&play.buyer, other] {
        let dossier = reader.dossier(tender).await?;
        let shown = find(&dossier["questions"], &question).ok_or_else(|| Failed::because("the answer is not there"))?;
        hold(shown["answer"].is_string() && shown["own"] == false, || format!("who asked shows: {shown}"))?;
        hold(!shown.to_string().contains(asker.company()), || "the asker's name shows".into())?;
    }
    let public = play.visitor.get(&format!("/tenders/{}", tender.id)).await?.ok()?;
    hold(find(&public["questions"], &question).is_some(), || "the public does not see the answer".into())?;
    play.before = public;
    Ok("answered; read by the other providers and the public, without the asker".into())
}

pub async fn bids(play: &mut Play) -> Seen {
    let tender = play.tender()?;
    let mut bids = Vec::new();
    for (provider, price) in play.providers.iter().zip(PRICES) {
        let id = play.ids().next();
        provider.bid(&tender.lots[0], &id, price, "45").await?.ok()?;
        play.save_receipt(provider, &id, "submitted").await?;
        bids.push(id);
    }
    let withdrawn = play.ids().next();
    play.providers[2].bid(&tender.lots[1], &withdrawn, "99000", "30").await?.ok()?;
    play.save_receipt(&play.providers[2], &withdrawn, "submitted").await?;
    play.bids = bids;
    play.withdrawn = withdrawn;
    Ok("three for the first lot, one for the second".into())
}

pub async fn foreign_bids(play: &mut Play) -> Seen {
    let lot = &play.tender()?.lots[0];
    let (second, buyers) = (play.ids().next(), play.ids().next());
    play.providers[0].bid(lot, &second, "700000", "45").await?.refused(409, "bid-exists")?;
    play.buyer.bid(lot, &buyers, "700000", "45").await?.refused(403, "providers-only")?;
    Ok("409 bid-exists, 403 providers-only".into())
}

pub async fn replacement(play: &mut Play) -> Seen {
    let (bidder, bid) = (&play.providers[1], &play.bids[1]);
    bidder.replace(bid, REPLACED, "40").await?.ok()?;
    let receipt = play.save_receipt(bidder, bid, "replaced").await?;
    hold(receipt["statement"]["version"] == 2, || format!("not a second version: {receipt}"))?;
    Ok("second version, with a receipt of its own".into())
}

pub async fn withdrawal(play: &mut Play) -> Seen {
    let (bidder, bid) = (&play.providers[2], &play.withdrawn);
    bidder.withdraw(bid).await?.ok()?;
    let receipt = play.save_receipt(bidder, bid, "withdrawn").await?;
    hold(receipt["statement"]["act"] == "withdrawn", || format!("no withdrawal: {receipt}"))?;
    Ok("the second lot's only bid is taken back, with a receipt".into())
}

pub async fn early(play: &mut Play) -> Seen {
    let tender = play.tender()?;
    let (rival, bid) = (&play.providers[0], &play.bids[1]);
    for path in [format!("/bids/{bid}"), format!("/bids/{bid}/receipt")] {
        rival.client.get(&path).await?.refused(404, "not-found")?;
        for person in [&play.buyer, &play.operator] {
            let answer = person.client.get(&path).await?;
            hold(matches!(answer.status, 403 | 404), || format!("{path} answers {}", answer.status))?;
        }
    }
    for person in [&play.buyer, &play.operator, rival] {
        person.client.get(&format!("/tenders/{}/opening", tender.id)).await?.refused(404, "not-found")?;
        nothing_shows(person, play, tender_page(person, play).await?)?;
    }
    let public = play.visitor.get(&format!("/tenders/{}", tender.id)).await?.ok()?;
    hold(public == play.before, || format!("the public page has changed with the bids: {public}"))?;
    for provider in &play.providers {
        let hits = play.visitor.get(&format!("/notices?words={}", provider.company())).await?.ok()?;
        hold(hits["notices"].as_array().is_some_and(Vec::is_empty), || format!("a search tells: {hits}"))?;
    }
    Ok("bid, receipt and opening are 404 or 403 for rival, buyer and operator; the public page is what it was".into())
}

async fn tender_page(person: &Person, play: &Play) -> Result<Value, Failed> {
    person.dossier(play.tender()?).await
}

/// Of other people's bids nothing stands in what somebody reads.
fn nothing_shows(reader: &Person, play: &Play, page: Value) -> Result<(), Failed> {
    let page = page.to_string();
    for (bidder, bid) in play.providers.iter().zip(&play.bids) {
        let is_own = bidder.account.email == reader.account.email;
        let shows = page.contains(bid) || page.contains(bidder.company());
        hold(is_own || !shows, || format!("{} shows to {}", bidder.company(), reader.account.email))?;
    }
    Ok(())
}

pub async fn deadline(play: &mut Play) -> Seen {
    let deadline = play.tender()?.deadline;
    come(play, deadline).await
}

/// Moves the clock from event to event until this instant; whoever was signed out meanwhile signs in again.
pub async fn come(play: &Play, instant: Timestamp) -> Seen {
    let mut moves = 0;
    let mut now = play.app.clock().now();
    while now < instant && moves < 5 {
        let face = play.buyer.client.post("/demo/clock", &[("by", "event")]).await?.ok()?;
        now = text(&face, "/now")?.parse::<Timestamp>().map_err(Failed::because)?;
        moves += 1;
    }
    hold(now >= instant, || format!("the clock shows {now}, the hour is {instant}"))?;
    for person in play.everybody() {
        person.be_signed_in().await?;
    }
    Ok(format!("{now}, after {moves} moves"))
}

pub async fn late(play: &mut Play) -> Seen {
    let (provider, lot) = (&play.providers[0], &play.tender()?.lots[1]);
    let refused = provider.bid(lot, &play.ids().next(), "88000", "30").await?.refused(409, "deadline-passed")?;
    let replaced = play.providers[1].replace(&play.bids[1], "1", "40").await?;
    hold(replaced.status == 409, || format!("a late replacement: {}", replaced.text))?;
    text(&refused, "/title")
}

fn find<'v>(list: &'v Value, id: &str) -> Option<&'v Value> {
    list.as_array()?.iter().find(|one| one["id"] == id)
}
