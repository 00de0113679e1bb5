//! A tender that two of three officers open: from what is needed to the sealed bids.

use super::super::cast::OFFICERS;
use super::super::client::{Failed, text};
use super::super::demand::Wish;
use super::super::hands::{Content, Enclosed, Officer};
use super::super::person::Person;
use super::super::trade::Tender;
use super::{Play, Seen, hold};
use jiff::SignedDuration;
use serde_json::Value;

/// What the steps hand on about it.
pub struct ByHands {
    pub tender: Tender,
    /// The buyer first.
    pub officers: Vec<Officer>,
    /// In the order of the providers.
    pub bids: Vec<String>,
    /// The envelopes that whoever copied the stores found.
    pub copied: Vec<Vec<u8>>,
    /// Who offers to evaluate.
    pub experts: Vec<Person>,
}

impl ByHands {
    /// Its only lot.
    pub fn lot(&self) -> Result<&str, Failed> {
        self.tender.lots.first().map(String::as_str).ok_or_else(|| Failed::because("it has no lot"))
    }
}

/// The word that stands in each of its bids and nowhere else.
pub const MARK: &str = "九曲回廊";

/// In fen, in the order of the providers.
pub const PRICES: [i64; 3] = [61_870_035, 58_230_019, 64_410_077];

pub const WISH: Wish = Wish {
    title: "涂装线废气在线监测",
    category: "it-hardware",
    summary: "三条涂装线的废气在线监测：采样、预处理、分析和数据上传，含验收比对和两年运维，断网时本地保存三十天。",
    budget: ("680000", true),
    days: 150,
    invited: "",
};

pub async fn demand(play: &mut Play) -> Seen {
    let (now, ids) = (play.app.clock().now(), play.ids());
    let demand = play.buyer.need(&WISH, now, &ids).await?;
    let path = format!("/demands/{demand}");
    play.visitor.get(&path).await?.refused(404, "not-found")?;
    play.buyer.announce(&demand).await?;
    let seen = text(&play.visitor.get(&path).await?.ok()?, "/demand/title")?;
    hold(seen == WISH.title, || format!("the public reads {seen}"))?;
    let asked = &play.providers[..2];
    for (provider, price) in asked.iter().zip(["590000", "640000"]) {
        provider.be_interested(&demand, "做过两条同类产线，可先做两周比对试验。", price, &ids).await?;
    }
    let shown = play.buyer.client.get(&path).await?.ok()?;
    let interests = shown["interests"].as_array().map_or(0, Vec::len);
    hold(interests == 2, || format!("two providers have answered: {shown}"))?;
    let other = play.providers[2].client.get(&path).await?.ok()?;
    hold(!other.to_string().contains("590000"), || format!("a third reads what others answered: {other}"))?;
    play.demand = demand;
    Ok(format!("{}: two providers answered, each read by the buyer alone", WISH.title))
}

pub async fn draft(play: &mut Play) -> Seen {
    let (now, demand) = (play.app.clock().now(), play.demand.clone());
    let id = play.buyer.tender_of(&demand, &play.ids()).await?;
    let tender = play.buyer.complete(&id, "quotation", now, SignedDuration::from_hours(24 * 5)).await?;
    let draft = play.buyer.client.get(&format!("/tenders/{id}/draft")).await?.ok()?;
    let same = [("/tender/title", WISH.title), ("/tender/summary", WISH.summary), ("/lots/0/title", WISH.title)];
    for (place, was) in same {
        let is = text(&draft, place)?;
        hold(is == was, || format!("{place} of the draft is {is}"))?;
    }
    hold(draft["documents"].as_array().is_some_and(|files| files.len() == 1), || {
        "the demand's file is missing".into()
    })?;
    let closed = text(&play.visitor.get(&format!("/demands/{demand}")).await?.ok()?, "/demand/state")?;
    play.visitor.get(&format!("/tenders/{id}")).await?.refused(404, "not-found")?;
    let (officers, bids, copied, experts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    play.hands = Some(ByHands { tender, officers, bids, copied, experts });
    Ok(format!("words, budget and file came along; the demand is {closed}, the draft is the buyer's own"))
}

pub async fn officers(play: &mut Play) -> Seen {
    let mut people = vec![play.buyer.clone()];
    for player in &OFFICERS {
        let colleague = Person::new(player.account(play.app.random()), &play.root)?;
        play.buyer.invite(&play.ids().next(), player.email, &["viewer"]).await?;
        colleague.join(&play.outbox).await?;
        people.push(colleague);
    }
    // A key is a credential: who enrols one has just proved who they are.
    people[0].sign_in().await?;
    let [buyer, one, two] = people.as_slice() else { return Err(Failed::because("three officers")) };
    let ids = play.ids();
    let (buyer, one, two) =
        tokio::try_join!(Officer::enrol(buyer, &ids), Officer::enrol(one, &ids), Officer::enrol(two, &ids))?;
    let officers = vec![buyer, one, two];
    let ends = officers.iter().map(|one| one.recipient[one.recipient.len() - 6..].to_owned());
    let detail =
        format!("keys …{}; their secret halves lie under a passphrase each", ends.collect::<Vec<_>>().join(", …"));
    play.hands_mut()?.officers = officers;
    Ok(detail)
}

pub async fn publication(play: &mut Play) -> Seen {
    let hands = play.hands()?;
    play.buyer.ask_for_a_committee(&hands.tender).await?;
    let holders = play.buyer.choose_hands(&hands.tender).await?;
    hold(holders == 3, || format!("three can be chosen, not {holders}"))?;
    play.buyer.publish(&hands.tender).await?;
    let seen = play.visitor.get(&format!("/tenders/{}", hands.tender.id)).await?.ok()?;
    let (k, n) = (&seen["tender"]["hands"]["k"], seen["tender"]["hands"]["holders"].as_array().map_or(0, Vec::len));
    hold(*k == 2 && n == 3, || format!("the public reads of {k} of {n}"))?;
    Ok(format!("{}, deadline {}, 2 of 3 officers", text(&seen, "/tender/number")?, hands.tender.deadline))
}

pub async fn bids(play: &mut Play) -> Seen {
    let lot = play.hands()?.lot()?.to_owned();
    let (form, path) = (format!("/lots/{lot}/bids/new"), format!("/lots/{lot}/envelopes"));
    let (providers, mut bids, mut bytes) = (play.providers.clone(), Vec::new(), Vec::new());
    for (provider, price) in providers.iter().zip(PRICES) {
        let note = format!("报价含税，{MARK}，质保两年。");
        let sealed = provider.enclose(&form, &Content { version: 1, price, days: 60, note: &note }).await?;
        let id = play.ids().next();
        if bids.is_empty() {
            let clear = provider.bid(&lot, &id, "618700.35", "60").await?;
            play.refuses("a bid in the clear, for the program to seal", clear, 409, "bid-sealed-only")?;
            let mut changed = Enclosed { envelope: sealed.envelope.clone(), commitment: sealed.commitment.clone() };
            changed.envelope.last_mut().into_iter().for_each(|byte| *byte ^= 1);
            let changed = provider.submit(&path, ("id", &id), &changed).await?;
            play.refuses("another envelope than was committed to", changed, 409, "commitment-differs")?;
        }
        provider.submit(&path, ("id", &id), &sealed).await?.ok()?;
        play.save_receipt(provider, &id, "submitted").await?;
        bytes.push(sealed.envelope.len());
        bids.push(id);
    }
    let own = play.buyer.client.get(&form).await?;
    play.refuses("the buyer bids for its own tender", own, 403, "providers-only")?;
    play.hands_mut()?.bids = bids;
    Ok(format!("three envelopes of {bytes:?} bytes, which the program has never seen open; each with a receipt"))
}

/// How a tender stands for the public.
pub async fn state(play: &Play) -> Result<String, Failed> {
    let seen = play.visitor.get(&format!("/tenders/{}", play.hands()?.tender.id)).await?.ok()?;
    text(&seen, "/tender/state")
}

/// A list in an answer.
pub fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
