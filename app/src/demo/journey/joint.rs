//! A consortium that bids as one, and that nobody else learns of before the opening.

use super::super::client::{Failed, text};
use super::super::joint::MOST;
use super::super::library::QUALITY;
use super::super::trade::{Ids, Plan, Tender};
use super::circle::reach;
use super::enclosed::list;
use super::{Play, Seen, hold};
use jiff::SignedDuration;

const PLAN: Plan = Plan {
    title: "老厂房消防报警改造",
    method: "open",
    category: "it-integration",
    region: "33",
    summary: "两栋老厂房的火灾报警与消防联动改造，接入厂区值班室，夜间施工，含检测与两年维保。接受联合体投标。",
    lots: &[("消防报警改造", "980000")],
    bidding: SignedDuration::from_hours(24 * 6),
};

/// What the steps hand on about it.
pub struct Joint {
    tender: Tender,
    /// The consortium's bid.
    bid: String,
}

pub async fn bid(play: &mut Play) -> Seen {
    let (app, now) = (play.app.clone(), play.app.clock().now());
    let (buyer, all, ids) = (play.buyer.clone(), play.providers.clone(), Ids(app.random()));
    let [lead, member, rival] = all.as_slice() else { return Err(Failed::because("three providers")) };
    let third = play.hands()?.experts[0].clone();
    let tender = buyer.draft_with(&PLAN, &[MOST], now, &ids).await?;
    buyer.publish(&tender).await?;
    let page = format!("/tenders/{}", tender.id);
    let before = play.visitor.get(&page).await?.ok()?;
    let lot = tender.lots.first().ok_or_else(|| Failed::because("no lot"))?;
    let consortium = lead.make_consortium(lot, member, &ids).await?;
    let (bid, file) = (ids.next(), lead.kept(QUALITY.name).await?);
    let early = lead.bid_with(lot, &bid, "921000", &file).await?;
    play.refuses("the lead bids before the member has agreed", early, 409, "consortium-incomplete")?;
    member.accept_agreement(&consortium).await?.ok()?;
    let alone = member.bid(lot, &ids.next(), "900000", "60").await?;
    play.refuses("a member bids alone beside it", alone, 409, "consortium-member")?;
    lead.bid_with(lot, &bid, "921000", &file).await?.ok()?;
    third.be_signed_in().await?;
    rival.bid(lot, &ids.next(), "948000", "60").await?.ok()?;
    third.bid(lot, &ids.next(), "965000", "60").await?.ok()?;
    let seen = rival.client.get(&format!("/consortia/{consortium}")).await?;
    play.refuses("a rival reads of the consortium", seen, 404, "not-found")?;
    let seen = rival.client.get(&format!("/bids/{bid}")).await?;
    play.refuses("a rival reads its bid", seen, 404, "not-found")?;
    let now = play.visitor.get(&page).await?.ok()?;
    hold(now == before, || format!("the public page has changed with it: {now}"))?;
    let own = member.client.get(&format!("/bids/{bid}")).await?.ok()?;
    hold(own["is_partner"] == true && own["can_change"] == false, || format!("the member's page says {own}"))?;
    play.joint = Some(Joint { tender, bid });
    Ok(format!(
        "{} leads, {} is a member: one bid, sealed, with a paper of the library",
        lead.company(),
        member.company()
    ))
}

pub async fn opened(play: &mut Play) -> Seen {
    let joint = play.joint.as_ref().ok_or_else(|| Failed::because("there is no consortium"))?;
    reach(play, joint.tender.deadline).await?;
    let [lead, member, _] = play.providers.as_slice() else { return Err(Failed::because("three providers")) };
    let record = play.visitor.get(&format!("/tenders/{}/opening", joint.tender.id)).await?.ok()?;
    let first = record.pointer("/lots/0/bids/0").ok_or_else(|| Failed::because(format!("no bids: {record}")))?;
    let name = text(first, "/company_name")?;
    let names_both = name.contains(lead.company()) && name.contains(member.company());
    hold(first["id"] == joint.bid.as_str() && names_both, || format!("the first bid is {first}"))?;
    hold(list(first, "/consortium/members").len() == 2, || format!("two members: {first}"))?;
    let lot = joint.tender.lots.first().ok_or_else(|| Failed::because("no lot"))?;
    play.buyer.award(lot, &joint.bid, "报价最低，共同投标协议的分工满足要求。").await?;
    play.app.settle().await?;
    let letter = member.client.get(&format!("/lots/{lot}/letter")).await?.ok()?;
    hold(letter["is_won"] == true && letter["is_joint"] == true, || format!("the member's letter says {letter}"))?;
    Ok(format!("{name} has won; each member has the letter"))
}
