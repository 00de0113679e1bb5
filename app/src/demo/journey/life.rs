//! A person's life here: signed up, agreed, looked at who looked, refused everything that may be refused, took a copy along,
//! left for good with a certificate. And the rehearsal that shows that nobody comes back with an old back-up.

use super::super::client::{Failed, text};
use super::{LOOKS, PAUSE, Play, Seen, hold};
use crate::drill::{Outcome, drill};
use serde_json::Value;

pub async fn arrival(play: &mut Play) -> Seen {
    let me = &play.leaver;
    me.register(&play.outbox).await?;
    let own = me.client.get("/me/data").await?.ok()?.to_string();
    hold(own.contains(&me.account.email) && own.contains(&me.account.phone), || format!("not all is shown: {own}"))?;
    let agreements = me.client.get("/me/agreements").await?.ok()?;
    let receipt = me.client.get(&format!("/me/agreements/{}/receipt", text(&agreements, "/agreements/0/id")?)).await?;
    let key = play.visitor.get("/log/key").await?.text;
    evidence::verify(&receipt.text, &key)
        .map_err(|flaw| Failed::because(format!("the agreement's receipt: {flaw}")))?;
    let looked = me.client.get("/me/accesses").await?.ok()?;
    let others = looked["others"].as_array().map_or(0, Vec::len);
    Ok(format!("{}: own data in full, the agreement's receipt holds, {others} openings by others", me.company()))
}

pub async fn refusal(play: &mut Play) -> Seen {
    let me = &play.leaver;
    let functions = me.client.get("/me/consents").await?.ok()?["functions"].clone();
    let functions = functions.as_array().cloned().unwrap_or_default();
    hold(!functions.is_empty(), || "there is no additional function".into())?;
    for function in &functions {
        let purpose = text(function, "/purpose")?;
        me.client.post(&format!("/me/consents/{purpose}/withdrawal"), &[]).await?.ok()?;
    }
    me.client.post("/me/searches/display", &[("density", "compact")]).await?.refused(403, "no-consent")?;
    play.visitor.get("/notices").await?.ok()?;
    Ok(format!("{} functions refused; what they would keep is refused, the rest goes on", functions.len()))
}

pub async fn copy(play: &mut Play) -> Seen {
    let me = &play.leaver;
    let fields = [("id", play.ids().next()), ("current", me.account.password.clone())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let id = text(&me.client.post("/me/export", &fields).await?.ok()?, "/id")?;
    for _ in 0..LOOKS {
        let copies = me.client.get("/me/export").await?.ok()?;
        if copies.pointer("/copies/0/state").and_then(Value::as_str) == Some("ready") {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let (status, archive) = me.client.take(&format!("/me/export/{id}/download")).await?;
    hold(status == 201, || format!("the copy answers {status}"))?;
    std::fs::write(play.receipts.with_file_name("copy.zip"), &archive)?;
    let manifest = crate::trust::export::check(&archive).map_err(Failed::because)?;
    let key = play.visitor.get("/log/key").await?.text;
    evidence::verify(&manifest, &key).map_err(|flaw| Failed::because(format!("the copy: {flaw}")))?;
    let (again, _) = me.client.take(&format!("/me/export/{id}/download")).await?;
    hold(again == 404, || format!("handed over twice: {again}"))?;
    Ok(format!("{} bytes, signed, each file as the manifest says; a second time 404", archive.len()))
}

pub async fn departure(play: &mut Play) -> Seen {
    let me = &play.leaver;
    let fields = [("id", play.ids().next()), ("password", me.account.password.clone())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    me.client.post("/me/cancellation", &fields).await?.ok()?;
    let link = text(&me.client.get("/me/cancellation").await?.ok()?, "/link")?;
    play.visitor.get(&format!("{link}/certificate")).await?.refused(409, "certificate-not-yet")?;
    for _ in 0..8 {
        play.buyer.be_signed_in().await?;
        play.buyer.client.post("/demo/clock", &[("by", "day")]).await?.ok()?;
    }
    let certificate = certificate(play, &link).await?;
    let key = play.visitor.get("/log/key").await?.text;
    evidence::verify(&certificate, &key).map_err(|flaw| Failed::because(format!("the certificate: {flaw}")))?;
    std::fs::write(play.receipts.with_file_name("certificate.json"), &certificate)?;
    let me = &play.leaver;
    let told = [&me.account.phone, &me.account.email].into_iter().find(|value| certificate.contains(value.as_str()));
    hold(told.is_none(), || "the certificate holds a personal value".into())?;
    hold(me.sign_in().await.is_err(), || "who has left signs in".into())?;
    for person in play.everybody() {
        person.be_signed_in().await?;
    }
    Ok("seven days to think, then erased; the certificate holds, and nobody signs in any more".into())
}

async fn certificate(play: &Play, link: &str) -> Result<String, Failed> {
    for _ in 0..LOOKS {
        let answer = play.visitor.get(&format!("{link}/certificate")).await?;
        if answer.status == 200 {
            return Ok(answer.text);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failed::because("no certificate comes"))
}

pub async fn rehearsal(play: &mut Play) -> Seen {
    let place = play.receipts.with_file_name("drill");
    std::fs::create_dir_all(&place)?;
    let report = drill(play.app.config(), &place, play.app.clock(), play.app.random()).await;
    std::fs::remove_dir_all(&place)?;
    let report = report.map_err(Failed::because)?;
    hold(report.outcome == Outcome::Held, || format!("the drill: {}", report.told))?;
    let figures = play.visitor.get("/trust").await?;
    hold(figures.status == 200, || format!("/trust answers {}", figures.status))?;
    Ok(format!("{} rows restored twice: the erased unreadable, the living readable", report.rows))
}
