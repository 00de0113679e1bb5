//! Two companies after the award: a data centre is chosen, messages are written, one with a file.

use super::super::client::text;
use super::super::correspond::correspond;
use super::{Play, Seen, hold};

/// What the file says.
const FILE: &str = "运维范围：六台网关，两年。\n";

pub async fn data_centre(play: &mut Play) -> Seen {
    let buyer = &play.buyer;
    buyer.be_signed_in().await?;
    let page = buyer.client.get("/company/data-region").await?.ok()?;
    let centre = text(&page, "/centres/0/name")?;
    let fields = [("region", centre.as_str()), ("seen", &text(&page, "/chosen")?)];
    let chosen = text(&buyer.client.post("/company/data-region", &fields).await?.ok()?, "/chosen")?;
    hold(chosen == centre, || format!("files go to {chosen}, not to {centre}"))?;
    Ok(format!("the buyer's new files lie in {centre}"))
}

pub async fn correspondence(play: &mut Play) -> Seen {
    // Who did not win: the award has opened a thread with who did.
    let (provider, buyer, ids) = (&play.providers[2], &play.buyer, play.ids());
    provider.be_signed_in().await?;
    let thread = correspond(provider, buyer, play.tender()?, &ids).await?;
    let fields = [("id", &*ids.next()), ("text", "运维范围见附件。")];
    let file = ("files", "运维范围.txt", FILE.as_bytes().to_vec());
    buyer.client.upload(&format!("{thread}/messages"), &fields, file).await?.ok()?;
    let shown = provider.client.get(&thread).await?.ok()?;
    let messages = shown["messages"].as_array().cloned().unwrap_or_default();
    let mut files = messages.iter().filter_map(|one| one["files"][0]["id"].as_str());
    let path = format!("/thread-files/{}", files.next_back().unwrap_or_default());
    let read = provider.client.get(&path).await?;
    hold(read.text == FILE, || format!("{path} is not the file: {}", read.text))?;
    play.visitor.get(&path).await?.refused(401, "unauthenticated")?;
    Ok(format!("asked, accepted, {} messages, one with a file that its reader has and nobody else", messages.len()))
}
