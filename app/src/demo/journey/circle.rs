//! Whom a tender is for: a pool and an order from it, a tender that is read by those whom it names; and what a provider keeps for its bids.

use super::super::circle::names;
use super::super::client::{Failed, text};
use super::super::clock;
use super::super::library::{Paper, QUALITY, RENEWED};
use super::super::qualified;
use super::super::trade::{Ids, Plan};
use super::enclosed::list;
use super::{Play, Seen, hold};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// The word that only this tender has.
const WORD: &str = "岸桥减速箱";

const INVITED: Plan = Plan {
    title: "岸桥减速箱振动监测",
    method: "invited",
    category: "it-hardware",
    region: "33",
    summary: "四台岸桥减速箱的振动与油温监测，现场无线组网，数据留在厂内，含一年标定。涉及码头布局，只邀请熟悉现场的服务商。",
    lots: &[("振动监测四套", "360000")],
    bidding: SignedDuration::from_hours(24 * 6),
};

pub async fn library(play: &mut Play) -> Seen {
    let (app, now) = (play.app.clone(), play.app.clock().now());
    let (one, rival, ids) = (play.providers[0].clone(), play.providers[1].clone(), Ids(app.random()));
    let ended = one.keep(&Paper { days: Some(-1), ..QUALITY }, now, &ids).await?;
    play.refuses("a certificate is kept that has ended", ended, 422, "invalid")?;
    let kept = one.keep(&QUALITY, now, &ids).await?.ok()?;
    let path = format!("/company/library/{}", text(&kept, "/id")?);
    one.renew(&text(&kept, "/id")?, &RENEWED, now, &ids).await?.ok()?;
    let shown = one.client.get(&path).await?.ok()?;
    let file = text(&shown, "/document/file")?;
    hold(shown["document"]["edition"] == 2 && list(&shown, "/earlier").len() == 1, || format!("renewed: {shown}"))?;
    let foreign = rival.client.get(&path).await?;
    play.refuses("another provider reads what a document is", foreign, 404, "not-found")?;
    let foreign = rival.client.get(&format!("/library-files/{file}")).await?;
    play.refuses("another provider takes its file", foreign, 404, "not-found")?;
    Ok(format!("{}: kept, renewed, with its history; read by its company alone", QUALITY.name))
}

pub async fn pool(play: &mut Play) -> Seen {
    let (app, until) = (play.app.clone(), play.app.clock().now());
    let (buyer, all, ids) = (play.buyer.clone(), play.providers.clone(), Ids(app.random()));
    let pool = qualified::lists(&buyer, &all, until, &ids).await?;
    let refused = json!({ "id": ids.next(), "method": "direct", "provider": all[2].company_id().await? });
    let refused = buyer.client.send(&format!("/qualified-lists/{pool}/tender"), &refused).await?;
    play.refuses("an order goes to who is not in the pool", refused, 422, "invalid")?;
    let order = buyer.order_of(&pool, &all[1], &ids).await?;
    buyer.publish(&order).await?;
    let public = play.visitor.get(&format!("/tenders/{}", order.id)).await?.ok()?;
    hold(public["named"][0]["name"] == all[1].company(), || format!("the public reads of another: {public}"))?;
    let why = text(&public, "/tender/reason")?;
    let other = all[0].bid(&order.lots[0], &ids.next(), "150000", "20").await?;
    play.refuses("another of the pool bids for what was ordered of one", other, 409, "not-named")?;
    Ok(format!("two of three are in it; the order goes to {}, and everybody reads why: {why}", all[1].company()))
}

pub async fn invited(play: &mut Play) -> Seen {
    let (app, now) = (play.app.clone(), play.app.clock().now());
    let (buyer, all, ids) = (play.buyer.clone(), play.providers.clone(), Ids(app.random()));
    let tender = buyer.draft(&INVITED, now, &ids).await?;
    buyer.name(&tender.id, &names(&all[..2]), "").await?;
    let version = buyer.client.get(&format!("/tenders/{}/draft", tender.id)).await?.ok()?;
    let version = text(&version, "/tender/version")?;
    let few = buyer.client.post(&format!("/tenders/{}/publication", tender.id), &[("version", &version)]).await?;
    play.refuses("a tender is published that invites two", few, 409, "tender-unready")?;
    buyer.name(&tender.id, &names(&all), "").await?;
    buyer.publish(&tender).await?;
    let (page, stranger) = (format!("/tenders/{}", tender.id), play.hands()?.experts[0].clone());
    stranger.be_signed_in().await?;
    let (unnamed, public) = (stranger.client.get(&page).await?, play.visitor.get(&page).await?);
    play.refuses("a provider who is not invited reads the tender", unnamed, 404, "not-found")?;
    play.refuses("anybody reads the tender", public, 404, "not-found")?;
    let found = play.visitor.get(&format!("/notices?words={WORD}")).await?.ok()?;
    hold(list(&found, "/notices").is_empty(), || format!("a search tells of it: {found}"))?;
    for (provider, price) in all.iter().zip(["331000", "342500", "338800"]) {
        let seen = text(&provider.client.get(&page).await?.ok()?, "/tender/title")?;
        hold(seen == INVITED.title, || format!("{} reads {seen}", provider.company()))?;
        provider.bid(&tender.lots[0], &ids.next(), price, "40").await?.ok()?;
    }
    let detail = format!("{}: three read it and bid, nobody else knows; deadline {}", INVITED.title, tender.deadline);
    play.invited = Some(tender);
    Ok(detail)
}

pub async fn opened(play: &mut Play) -> Seen {
    let tender = play.invited.as_ref().ok_or_else(|| Failed::because("nobody was invited"))?;
    let (page, deadline) = (format!("/tenders/{}/opening", tender.id), tender.deadline);
    reach(play, deadline).await?;
    let public = play.visitor.get(&page).await?;
    play.refuses("anybody reads the record of its opening", public, 404, "not-found")?;
    let record = play.providers[2].client.get(&page).await?.ok()?;
    let bids = list(&record, "/lots/0/bids");
    hold(bids.len() == 3 && bids[0]["price"] == 33_100_000, || format!("three bids expected: {record}"))?;
    Ok(format!("{deadline}: opened; the three who bid read the record, the public does not"))
}

/// Moves the clock to an instant; whoever was signed out meanwhile signs in again.
pub async fn reach(play: &Play, instant: Timestamp) -> Result<(), Failed> {
    clock::set(&play.app, instant).await?;
    for person in play.everybody() {
        person.be_signed_in().await?;
    }
    Ok(())
}
