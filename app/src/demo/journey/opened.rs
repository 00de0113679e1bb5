//! From the hour to the record of the opening: what is too late, what is no share, and what is enough.

use super::super::client::Failed;
use super::super::hands::Content;
use super::bidding::come;
use super::enclosed::{MARK, PRICES, list, state};
use super::{LOOKS, PAUSE, Play, Seen, copy, hold};
use crate::sourcing::tender::{self, Tender};
use kit::id::Id;
use sealing::Shut;
use serde_json::Value;

pub async fn hour(play: &mut Play) -> Seen {
    let (bid, slow) = (play.hands()?.bids[2].clone(), play.providers[2].clone());
    let content = Content { version: 2, price: 100, days: 1, note: "" };
    let sealed = slow.enclose(&format!("/bids/{bid}/replacement"), &content).await?;
    let moved = come(play, play.hands()?.tender.deadline).await?;
    for officer in &play.hands()?.officers {
        officer.person.be_signed_in().await?;
    }
    let late = slow.submit(&format!("/bids/{bid}/envelopes"), ("version", "1"), &sealed).await?;
    play.refuses("a bidder who has sealed in time sends after the hour", late, 409, "deadline-passed")?;
    let late = slow.withdraw(&bid).await?;
    play.refuses("a bidder withdraws after the hour", late, 409, "deadline-passed")?;
    let now = state(play).await?;
    hold(now == "closed", || format!("the tender is {now}, and not closed"))?;
    Ok(format!("{moved}; the tender takes no bids, and waits for its officers"))
}

pub async fn too_few(play: &mut Play) -> Seen {
    let tender = play.hands()?.tender.id.clone();
    let officer = &play.hands()?.officers[1];
    // Out of the file, with the passphrase.
    let parts = officer.answer(&tender, &officer.unlocked().await?).await?;
    hold(parts.len() == 3, || format!("three shares are asked for, not {}", parts.len()))?;
    let mut swapped = parts.clone();
    (swapped[0].share, swapped[1].share) = (parts[1].share.clone(), parts[0].share.clone());
    let (swapped, missing) = (officer.give(&tender, &swapped).await?, officer.give(&tender, &parts[1..]).await?);
    let given = officer.give(&tender, &parts).await?.ok()?;
    let again = officer.give(&tender, &parts).await?.ok()?;
    play.refuses("shares are given for one another's bids", swapped, 409, "share-foreign")?;
    play.refuses("a bid is left out", missing, 409, "share-missing")?;
    hold(given["given"] == 1 && again["given"] == 1, || format!("one share, given twice, is {again}"))?;
    play.app.settle().await?;
    let now = state(play).await?;
    hold(now == "closed", || format!("with one share of two the tender is {now}"))?;
    // By now the place that releases the platform's key does: that alone, with the one officer, is too little still.
    let id: Id<Tender> = tender.parse().map_err(|_| Failed::because("no id"))?;
    let (platform, hands) = (tender::key::release(&play.app, id).await?, play.hands()?);
    let shut = copy::tried(&hands.copied, &platform, &[&hands.officers[1].key])?;
    hold(shut == Shut::TooFew { have: 1, need: 2 }, || shut.to_string())?;
    play.refused("after the hour, the platform's key and the one share", shut);
    let visitor = play.visitor.get(&format!("/tenders/{tender}/opening")).await?;
    play.refuses("anybody reads the record of the opening", visitor, 404, "not-found")?;
    Ok("one of two has given: nothing is open".into())
}

pub async fn enough(play: &mut Play) -> Seen {
    let tender = play.hands()?.tender.id.clone();
    let officer = &play.hands()?.officers[2];
    officer.give(&tender, &officer.answer(&tender, &officer.key).await?).await?.ok()?;
    for _ in 0..LOOKS {
        if state(play).await? == "evaluation" {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let record = play.buyer.client.get(&format!("/tenders/{tender}/opening")).await?.ok()?;
    let bids = list(&record, "/lots/0/bids");
    let seen: Vec<_> = bids.iter().map(|bid| bid["price"].as_i64().unwrap_or_default()).collect();
    let mut expected = PRICES;
    expected.sort_unstable();
    hold(seen == expected, || format!("three prices expected: {record}"))?;
    let has_words = |bid: &Value| bid["note"].as_str().is_some_and(|note| note.contains(MARK));
    hold(bids.iter().all(has_words) && bids.iter().all(|bid| list(bid, "/files").len() == 1), || {
        format!("words or files are missing: {record}")
    })?;
    // The buyer's own officer was not asked: two of three are enough.
    Ok("three prices, words and files are as they were sealed; the third officer was not needed".into())
}
