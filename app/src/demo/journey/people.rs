//! A colleague's time in a company: invited, joined, more duties, gone again.

use super::super::cast::COLLEAGUE;
use super::super::client::{Failed, text};
use super::super::person::Person;
use super::{Play, Seen, hold};
use serde_json::Value;

pub async fn colleague(play: &mut Play) -> Seen {
    let colleague = Person::new(COLLEAGUE.account(play.app.random()), &play.root)?;
    let buyer = &play.buyer;
    let before = members(buyer).await?.len();
    buyer.invite(&play.ids().next(), COLLEAGUE.email, &["viewer"]).await?;
    colleague.join(&play.outbox).await?;
    colleague.client.post("/tenders", &[]).await?.refused(403, "duty-preparer")?;
    let members = members(buyer).await?;
    let one = members.iter().find(|one| one["email"] == COLLEAGUE.email);
    let account = text(one.ok_or_else(|| Failed::because("nobody has joined"))?, "/account")?;
    let version = version(buyer, &account).await?;
    let fields = [("version", version.as_str()), ("duty", "buyer"), ("duty", "project-manager")];
    buyer.client.post(&format!("/company/people/{account}/duties"), &fields).await?.ok()?;
    colleague.client.get("/tenders/new").await?.ok()?;
    colleague.client.post("/company/leaving", &[]).await?.ok()?;
    colleague.client.get("/tenders").await?.refused(403, "no-company")?;
    colleague.client.get("/me").await?.ok()?;
    let left = self::members(buyer).await?.len();
    hold(left == before, || format!("{left} people are left"))?;
    Ok("invited, joined to read, drafts as a buyer, left: acts for nobody, and keeps the privacy centre".into())
}

async fn members(owner: &Person) -> Result<Vec<Value>, Failed> {
    let people = owner.client.get("/company/people").await?.ok()?;
    Ok(people["members"].as_array().cloned().unwrap_or_default())
}

async fn version(owner: &Person, account: &str) -> Result<String, Failed> {
    let page = owner.client.get(&format!("/company/people/{account}")).await?.ok()?;
    Ok(page["version"].to_string())
}
