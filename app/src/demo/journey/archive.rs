//! The archive of the tender that many hands opened: its buyer has it made, and checks it by the code of `ziyun verify`.

use super::super::client::{Failed, text};
use super::{Play, Seen, hold};
use crate::sourcing::archive::verify;
use serde_json::Value;
use std::io::Cursor;

/// How often the clock is moved on at most. The log has to show the award first, and then that it has the list: two moves. Each takes one
/// more where the job that waits looks at the new hour before the log does.
const MOVES: usize = 24;

pub async fn check(play: &mut Play) -> Seen {
    let (tender, id) = (play.hands()?.tender.id.clone(), play.ids().next());
    play.buyer.be_signed_in().await?;
    let page = format!("/tenders/{tender}/archive");
    play.buyer.client.post(&page, &[("id", id.as_str())]).await?.ok()?;
    let ready = ready(play, &page).await?;
    let path = format!("/archives/{id}");
    let (status, bytes) = play.buyer.client.bytes(&path).await?;
    hold(status == 200 && ready["size"] == bytes.len(), || format!("{path} answers {status} with {}", bytes.len()))?;
    std::fs::write(play.receipts.with_file_name("archive.zip"), &bytes)?;
    let key = play.visitor.get("/log/key").await?.text;
    let (mut files, mut proven) = (0, 0);
    let told = |one: &verify::Checked| {
        files += 1;
        proven += usize::from(one.checked.contains(&"log"));
    };
    verify::check(Cursor::new(&bytes), &key, told).map_err(Failed::because)?;
    let other = evidence::Signer::from_seed(&[0; 32]).public_key();
    let refused = verify::check(Cursor::new(&bytes), &other, |_| {}).err();
    let refused = refused.ok_or_else(|| Failed::because("another's key fits the archive"))?;
    play.refused("the archive is checked with another's key", refused);
    let foreign = play.providers[0].client.get(&path).await?;
    play.refuses("a bidder takes the buyer's archive", foreign, 404, "not-found")?;
    play.checks += files;
    Ok(format!("{files} files, {proven} of them with a proof in the log"))
}

/// The archive, once it can be downloaded. The clock is moved on, so that nobody waits for the log.
async fn ready(play: &Play, page: &str) -> Result<Value, Failed> {
    for _ in 0..MOVES {
        play.app.settle().await?;
        let seen = play.buyer.client.get(page).await?.ok()?;
        if text(&seen, "/archives/0/state")? == "ready" {
            for person in play.everybody() {
                person.be_signed_in().await?;
            }
            return Ok(seen["archives"][0].clone());
        }
        play.buyer.client.post("/demo/clock", &[("by", "hour")]).await?.ok()?;
    }
    Err(Failed::because("the archive is never ready"))
}
