//! Spreadsheets: the buyer's colleagues, and companies that the operator has a list of.

use super::super::cast::{COLLEAGUE, SOUGHT};
use super::super::client::{Failed, text};
use super::super::companies::UNWILLING;
use super::super::person::Person;
use super::{Play, Seen, hold};

pub async fn colleagues(play: &mut Play) -> Seen {
    let buyer = &play.buyer;
    buyer.be_signed_in().await?;
    let list = buyer.hand_in_list(&play.ids().next(), COLLEAGUE.email).await?;
    let import = buyer.client.get(&list).await?.ok()?["import"].clone();
    hold(import["counts"]["broken"] == 1, || format!("one row cannot be read: {import}"))?;
    let invited = buyer.confirm_list(&list).await?;
    hold(invited == 3, || format!("{invited} were invited"))?;
    Ok("four rows shown first: one could not be read, three were invited".into())
}

pub async fn companies(play: &mut Play) -> Seen {
    let (operator, outbox) = (&play.operator, &play.outbox);
    operator.be_signed_in().await?;
    let list = operator.hand_in_companies(&play.ids().next()).await?;
    let invited = operator.confirm_list(&list).await?;
    hold(invited == 2, || format!("{invited} were prepared"))?;
    let mut unwilling = Person::new(SOUGHT.account(play.app.random()), &play.root)?;
    unwilling.account.email = UNWILLING.to_owned();
    let link = format!("/prepared/{}", unwilling.key(outbox, "/prepared/").await?);
    unwilling.client.post(&format!("{link}/refusal"), &[]).await?.ok()?;
    let gone = play.visitor.get(&link).await?.ok()?;
    hold(gone["prepared"].is_null(), || format!("something is left of what was refused: {gone}"))?;
    let (company, code) = SOUGHT.company.ok_or_else(|| Failed::because("no company"))?;
    let person = Person::new(SOUGHT.account(play.app.random()), &play.root)?;
    let key = person.key(outbox, "/prepared/").await?;
    let place = [("prepared", key.as_str()), ("company", company), ("credit_code", code), ("provider", "1")];
    person.enter(outbox, &place).await?;
    let state = text(&person.client.get("/session").await?.ok()?, "/company/state")?;
    hold(state == "pending", || format!("{company} is {state}"))?;
    Ok(format!(
        "two of three rows prepared: one refused and is gone, {company} registered and waits for its verification"
    ))
}
