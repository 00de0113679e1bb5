//! From the draw of the committee to the letters.

use super::super::cast::{APPLICANT, EXPERTS, MENDER};
use super::super::client::{Failed, text};
use super::super::person::Person;
use super::bidding::come;
use super::enclosed::{PRICES, list};
use super::{Play, Seen, hold};
use evidence::tile::{Content, Tile, WIDTH};
use evidence::{Hash, draw};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Of the price, in hundredths (`Person::ask_for_a_committee`).
const MOST: i64 = 4000;

pub async fn drawn(play: &mut Play) -> Seen {
    let experts = gather(play).await?;
    let (lot, buyer) = (play.hands()?.lot()?.to_owned(), play.buyer.clone());
    let unformed = buyer.client.post(&format!("/lots/{lot}/draw"), &[]).await?;
    play.refuses("the buyer draws from a pool that is not committed to", unformed, 409, "committee-unformed")?;
    let award = json!({ "bid": play.hands()?.bids[0], "reason": "不等评标委员会。" });
    let award = buyer.client.send(&format!("/lots/{lot}/award"), &award).await?;
    play.refuses("the buyer awards before the committee has reported", award, 409, "evaluation-not-concluded")?;
    buyer.form_a_committee(&play.app, &lot, &[]).await?;
    let drawing = play.visitor.get(&format!("/lots/{lot}/draw")).await?.ok()?["drawing"].clone();
    let hash = |value: &Value| Hash::try_from(value.as_str().unwrap_or_default().to_owned()).map_err(Failed::because);
    let order = list(&drawing, "/order").iter().map(hash).collect::<Result<Vec<_>, _>>()?;
    let (pool, seed) = (hash(&drawing["pool"])?, hash(&drawing["seed"])?);
    hold(order.len() == experts.len(), || format!("{} in a pool of {}", order.len(), experts.len()))?;
    hold(draw::pool(&order) == pool, || format!("the pool was another when it was committed to: {drawing}"))?;
    hold(draw::order(&order, seed) == order, || format!("drawn again, the order is another: {drawing}"))?;
    let entry = drawing["entry"].as_u64().ok_or_else(|| Failed::because("no entry gave the seed"))?;
    let leaf = leaf(play, entry).await?;
    hold(leaf == hex::encode(seed.as_bytes()), || format!("entry {entry} of the log is {leaf}"))?;
    play.hands_mut()?.experts = experts;
    Ok(format!("three of four, by entry {entry} of the log; drawn again from it, the order is the same"))
}

/// Four companies that have not bid, whose people offer to evaluate.
async fn gather(play: &mut Play) -> Result<Vec<Person>, Failed> {
    let mut experts = Vec::new();
    for player in EXPERTS.iter().chain([&APPLICANT, &MENDER]) {
        let person = Person::new(player.account(play.app.random()), &play.root)?;
        person.register(&play.outbox).await?;
        experts.push(person);
    }
    play.operator.be_signed_in().await?;
    play.operator.approve_all().await?;
    for expert in &experts {
        expert.be_signed_in().await?;
        expert.offer_to_evaluate().await?;
    }
    Ok(experts)
}

/// The hash of an entry, out of the log's lowest tile as anybody gets it.
async fn leaf(play: &Play, entry: u64) -> Result<String, Failed> {
    let checkpoint = play.visitor.get("/log/checkpoint").await?.text;
    let size: u64 = checkpoint.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
    let index = entry / WIDTH;
    let tile = Tile { content: Content::Hashes(0), index, width: (size - index * WIDTH).min(WIDTH) };
    let (status, bytes) = play.visitor.bytes(&format!("/log/tile/{tile}")).await?;
    let at = usize::try_from(entry % WIDTH).unwrap_or_default() * 32;
    let hash = bytes.get(at..at + 32).ok_or_else(|| Failed::because(format!("{tile} answers {status}")))?;
    Ok(hex::encode(hash))
}

pub async fn report(play: &mut Play) -> Seen {
    let lot = play.hands()?.lot()?.to_owned();
    let mut sitting = Vec::new();
    for expert in play.hands()?.experts.clone() {
        if expert.evaluate(&lot).await? {
            sitting.push(expert);
        }
    }
    hold(sitting.len() == 3, || format!("{} sit", sitting.len()))?;
    let path = format!("/lots/{lot}/evaluation");
    let alone = sitting[0].client.get(&format!("/lots/{lot}/scores")).await?.ok()?;
    let shows = list(&alone, "/bids").iter().any(|bid| !list(bid, "/others").is_empty() || !bid["price"].is_null());
    hold(!shows, || format!("an evaluator reads names, prices or what others gave: {alone}"))?;
    for (at, expert) in sitting.iter().enumerate() {
        let early = play.buyer.client.get(&path).await?;
        if at == 0 {
            play.refuses("the buyer reads scores before all have signed", early, 404, "not-found")?;
        }
        expert.sign_scores(&lot).await?;
    }
    let again = json!({ "bid": "A", "points": ["1", "1"] });
    let again = sitting[0].client.send(&format!("/lots/{lot}/scores"), &again).await?;
    play.refuses("an evaluator scores after signing", again, 409, "scores-signed")?;
    let shown = play.buyer.client.get(&path).await?.ok()?;
    let lowest = PRICES.into_iter().min().unwrap_or_default();
    let mut totals = Vec::new();
    for bid in list(&shown, "/report/bids") {
        let number = |name: &str| bid[name].as_i64().unwrap_or_default();
        let price = number("price");
        let points = (2 * MOST * lowest + price) / (2 * price);
        hold(number("price_points") == points, || format!("{points} hundredths for {price}: {bid}"))?;
        let all: i64 = list(bid, "/votes").iter().map(|vote| vote["total"].as_i64().unwrap_or_default()).sum();
        let technical = (2 * all + 3) / 6;
        hold(number("technical") == technical, || format!("a mean of {technical} hundredths: {bid}"))?;
        hold(number("total") == points + technical, || format!("{points} and {technical} are: {bid}"))?;
        totals.push(number("total"));
        play.checks += 3;
    }
    hold(totals.len() == 3 && totals.is_sorted_by(|one, next| one >= next), || format!("the order is {totals:?}"))?;
    let file = sitting[1].client.get(&format!("/lots/{lot}/evaluation-report")).await?.text;
    let sha256 = Hash::of(&[file.as_bytes()]).to_string();
    hold(shown["sha256"] == sha256, || "the report is not the one that the log commits to".into())?;
    Ok(format!("hundredths of points, counted again: {totals:?}; the log commits to report {}…", &sha256[..16]))
}

pub async fn candidates(play: &mut Play) -> Seen {
    let lot = play.hands()?.lot()?.to_owned();
    let first = play.buyer.publish_candidates(&lot, &play.ids()).await?;
    let shown = play.visitor.get(&format!("/lots/{lot}/candidates")).await?.ok()?;
    let until = text(&shown, "/publications/0/until")?;
    hold(list(&shown, "/publications/0/candidates").len() == 3, || format!("three are public: {shown}"))?;
    let award = json!({ "bid": first, "reason": "公示期还没有结束。" });
    let award = play.buyer.client.send(&format!("/lots/{lot}/award"), &award).await?;
    play.refuses("the buyer awards within the standstill", award, 409, "award-standstill")?;
    let stranger = play.hands()?.experts[0].clone();
    let objection = json!({ "id": play.ids().next(), "reason": "没有投标，也想提出异议。" });
    let objection = stranger.client.send(&format!("/lots/{lot}/objections"), &objection).await?;
    play.refuses("somebody who has not bid objects", objection, 404, "not-found")?;
    Ok(format!("three candidates with price and points; the standstill ends {until}"))
}

pub async fn award(play: &mut Play) -> Seen {
    let (lot, tender) = (play.hands()?.lot()?.to_owned(), play.hands()?.tender.id.clone());
    let path = format!("/lots/{lot}/candidates");
    let shown = play.visitor.get(&path).await?.ok()?;
    let until: Timestamp = text(&shown, "/publications/0/until")?.parse().map_err(Failed::because)?;
    let moved = come(play, until).await?;
    let first = text(&shown, "/publications/0/candidates/0/bid")?;
    play.buyer.award(&lot, &first, "公示期满无异议，综合得分第一。").await?;
    let public = play.visitor.get(&format!("/tenders/{tender}")).await?.ok()?;
    let winner = text(&public, "/awards/0/company_name")?;
    let mut won = Vec::new();
    for provider in &play.providers {
        let letter = provider.client.get(&format!("/lots/{lot}/letter")).await?.ok()?;
        if letter["is_won"] == true {
            won.push(provider.company().to_owned());
        }
        let (_, paper) = provider.client.bytes(&format!("/lots/{lot}/letter.pdf")).await?;
        hold(paper.starts_with(b"%PDF-"), || format!("the letter of {} is no PDF", provider.company()))?;
        hold(list(&letter, "/points/criteria").len() == 2, || format!("without its own points: {letter}"))?;
    }
    hold(won == [winner.clone()], || format!("{won:?} are told that they have won, {winner} has"))?;
    Ok(format!("{moved}: {winner}; three letters with each one's own points, on the page and on paper"))
}
