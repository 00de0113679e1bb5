//! From the opening to the notice that the public finds.

use super::super::client::{Failed, text};
use super::super::person::Person;
use super::bidding::WORD;
use super::{LOOKS, PAUSE, Play, Seen, hold};
use serde_json::Value;

pub async fn opening(play: &mut Play) -> Seen {
    let tender = play.tender()?;
    let path = format!("/tenders/{}/opening", tender.id);
    for _ in 0..LOOKS {
        if play.visitor.get(&path).await?.status == 200 {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let record = play.visitor.get(&path).await?.ok()?;
    let bids = record.pointer("/lots/0/bids").and_then(Value::as_array).cloned().unwrap_or_default();
    let seen: Vec<_> = bids.iter().map(|bid| (bid["id"].clone(), bid["price"].clone(), bid["rank"].clone())).collect();
    let expected = [(&play.bids[1], 77_900_000i64, 1), (&play.bids[2], 79_850_050, 2), (&play.bids[0], 81_200_000, 3)];
    let is_expected = seen.len() == 3
        && seen
            .iter()
            .zip(expected)
            .all(|(seen, (id, price, rank))| *seen == (Value::from(id.as_str()), price.into(), rank.into()));
    hold(is_expected, || format!("three ranked bids expected: {record}"))?;
    let line = |bid: &Value| format!("{} {}", bid["rank"], bid["company_name"].as_str().unwrap_or("?"));
    Ok(bids.iter().map(line).collect::<Vec<_>>().join(", "))
}

pub async fn failure(play: &mut Play) -> Seen {
    let dossier = play.buyer.dossier(play.tender()?).await?;
    let state = text(&dossier, "/lots/1/state")?;
    hold(state == "failed", || format!("the second lot is {state}"))?;
    let shown = dossier.pointer("/opening/1/bids").and_then(Value::as_array);
    hold(shown.is_some_and(Vec::is_empty), || "a failed lot shows bids".into())?;
    Ok("second lot: failed, unopened".into())
}

pub async fn award(play: &mut Play) -> Seen {
    let tender = play.tender()?;
    play.buyer.award(&tender.lots[0], &play.bids[1], "报价最低，响应全部实质性要求。").await?;
    let public = play.visitor.get(&format!("/tenders/{}", tender.id)).await?.ok()?;
    hold(public["tender"]["state"] == "awarded", || format!("not awarded: {}", public["tender"]))?;
    let winner = text(&public, "/awards/0/company_name")?;
    hold(winner == play.providers[1].company(), || format!("{winner} has won"))?;
    Ok(winner)
}

pub async fn notice(play: &mut Play) -> Seen {
    let winner = play.providers[1].company();
    for _ in 0..LOOKS {
        let found = play.visitor.get(&format!("/notices?words={WORD}")).await?.ok()?;
        let notices = found["notices"].as_array().into_iter().flatten();
        if let Some(result) = notices.into_iter().find(|notice| notice["kind"] == "result") {
            let address = text(result, "/address")?;
            let notice = play.visitor.get(&address).await?.ok()?;
            hold(notice["winner"] == winner, || format!("the notice names another winner: {notice}"))?;
            return Ok(format!("{} at {address}", text(result, "/title")?));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failed::because(format!("a search for {WORD} finds no notice of the result")))
}

/// By the same code as `ziyun verify`.
pub async fn receipts(play: &mut Play) -> Seen {
    let key = std::fs::read_to_string(play.receipts.with_file_name("log.pub"))?;
    let mut count = 0;
    for entry in std::fs::read_dir(&play.receipts)? {
        let path = entry?.path();
        let text = std::fs::read_to_string(&path)?;
        evidence::verify(&text, &key).map_err(|flaw| Failed::because(format!("{}: {flaw}", path.display())))?;
        count += 1;
    }
    hold(count == 9, || format!("nine receipts expected, {count} are there"))?;
    play.checks += count;
    Ok(format!("{count} receipts of both tenders"))
}

/// Each bidder fetches the proof of the newest receipt, and anybody checks it with the key that the log publishes.
pub async fn proofs(play: &mut Play) -> Seen {
    let key = play.visitor.get("/log/key").await?.text;
    let folder = play.receipts.with_file_name("proofs");
    std::fs::create_dir_all(&folder)?;
    let enclosed = play.providers.iter().zip(&play.hands()?.bids);
    let bidders = play.providers.iter().zip(&play.bids).chain([(&play.providers[2], &play.withdrawn)]).chain(enclosed);
    let mut entries = Vec::new();
    for (bidder, bid) in bidders {
        let proof = proven(bidder, bid).await?;
        evidence::verify(&proof, &key).map_err(|flaw| Failed::because(format!("{bid}: {flaw}")))?;
        std::fs::write(folder.join(format!("{bid}.json")), &proof)?;
        let proof: Value = serde_json::from_str(&proof).map_err(Failed::because)?;
        entries.push(proof["proof"]["entry"].to_string());
    }
    play.checks += entries.len();
    Ok(format!("{} receipts, in entries {} of the log", entries.len(), entries.join(", ")))
}

/// The proof, as soon as the log has come so far.
async fn proven(bidder: &Person, bid: &str) -> Result<String, Failed> {
    for _ in 0..LOOKS {
        let answer = bidder.client.get(&format!("/bids/{bid}/proof")).await?;
        if answer.status == 200 {
            return Ok(answer.text);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failed::because(format!("the log does not have the receipt of {bid}")))
}
