//! From nobody to five people of whom the companies are approved.

use super::super::client::{Client, Failed, text};
use super::super::scene::hire_operator;
use super::{LOOKS, PAUSE, Play, Seen, hold};

pub async fn health(play: &mut Play) -> Seen {
    let answer = play.visitor.get("/health").await?;
    hold(answer.status == 200, || format!("/health answers {}", answer.status))?;
    Ok(answer.text.trim().to_owned())
}

pub async fn operator(play: &mut Play) -> Seen {
    hire_operator(&play.app, &play.operator.account).await?;
    play.operator.sign_in().await?;
    let session = play.operator.client.get("/session").await?.ok()?;
    hold(session["operator"] == true, || format!("the session is not the operator's: {session}"))?;
    Ok("account made as `ziyun operator add` does, signed in over HTTP".into())
}

pub async fn buyer(play: &mut Play) -> Seen {
    let buyer = &play.buyer;
    let registration = buyer.apply().await?;
    let (phone, email) = buyer.codes(&play.outbox).await?;
    let wrong = if phone == "000000" { "111111" } else { "000000" };
    buyer.confirm(&registration, wrong, &email).await?.refused(422, "invalid")?;
    buyer.confirm(&registration, &phone, &email).await?.ok()?;
    let mut stranger = buyer.clone();
    stranger.client = Client::new(&play.root)?;
    let reused = stranger.confirm(&registration, &phone, &email).await?;
    hold((400..500).contains(&reused.status), || format!("a used code was accepted: {}", reused.text))?;
    Ok(format!("{}: codes by short message and mail; wrong code 422, used code {}", buyer.company(), reused.status))
}

pub async fn providers(play: &mut Play) -> Seen {
    for provider in &play.providers {
        provider.register(&play.outbox).await?;
    }
    Ok(play.providers.iter().map(|one| one.company()).collect::<Vec<_>>().join("、"))
}

pub async fn unapproved(play: &mut Play) -> Seen {
    play.buyer.client.post("/tenders", &[]).await?.refused(403, "company-pending")?;
    Ok("403 company-pending".into())
}

pub async fn verification(play: &mut Play) -> Seen {
    let (provider, reviewer) = (&play.providers[0], &play.operator);
    let case = provider.hand_in("company", &["licence", "letter"], false).await?;
    let licence = [("licence", "accept"), ("licence_checks", "name code valid")];
    let unsealed = [("letter", "refuse"), ("letter_reason", "The letter bears no seal; seal it and upload it anew.")];
    reviewer.review(&case, &[licence, unsealed].concat()).await?;
    let shown = provider.client.get("/company/verification/company").await?.ok()?["case"].clone();
    let states = (shown["state"].as_str(), shown["steps"][0]["state"].as_str(), shown["steps"][1]["state"].as_str());
    hold(states == (Some("returned"), Some("accepted"), Some("refused")), || format!("not one step alone: {shown}"))?;
    provider
        .client
        .post("/company/verification/company/handing-in", &[])
        .await?
        .refused(409, "verification-incomplete")?;
    provider.hand_in("company", &["letter"], true).await?;
    reviewer.review(&case, &[("letter", "accept"), ("letter_checks", "seal person scope")]).await?;
    let session = provider.client.get("/session").await?.ok()?;
    hold(session["company"]["state"] == "approved", || format!("the provider is not verified: {session}"))?;
    Ok(format!("{}: licence accepted, letter refused, only the letter uploaded anew, verified", provider.company()))
}

pub async fn approval(play: &mut Play) -> Seen {
    let names = play.operator.approve_all().await?;
    hold(names.len() == 3, || format!("three companies wait, {} were approved", names.len()))?;
    let session = play.buyer.client.get("/session").await?.ok()?;
    hold(session["company"]["state"] == "approved", || format!("the buyer is not approved: {session}"))?;
    Ok(names.join("、"))
}

/// Signed out: the page by its address, and the list by a word of it as soon as the index has it.
pub async fn introduction(play: &mut Play) -> Seen {
    let provider = &play.providers[0];
    provider.introduce().await?;
    let company = provider.client.get("/company").await?.ok()?;
    let address = format!("/providers/{}", text(&company, "/company/id")?);
    let page = play.visitor.get(&address).await?.ok()?;
    let references = page["provider"]["profile"]["references"].as_array().map_or(0, Vec::len);
    hold(references > 0, || format!("{address} does not show what was published: {page}"))?;
    for _ in 0..LOOKS {
        let list = play.visitor.get("/providers?category=it-software&region=33").await?.ok()?;
        if list["total"] == 1 {
            return Ok(format!("{address}: {}, {references} references", provider.company()));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failed::because("the list does not have the provider"))
}
