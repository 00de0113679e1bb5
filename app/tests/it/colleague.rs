//! Colleagues for a test: invited by an owner, by the letter's link, through the front door.

use crate::people::Applicant;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// What the form of an invitation sends.
pub fn invitation(email: &str, duties: &[&str]) -> Value {
    json!({"id": id(), "email": email, "duty": duties})
}

/// Invites somebody, and answers the path of the letter's link.
pub async fn invite(world: &World, owner: &Browser, email: &str, duties: &[&str]) -> String {
    owner.post("/company/invitations", invitation(email, duties)).await.ok();
    world.settle().await;
    link(world, email)
}

/// The path of the link in the newest letter of invitation to this address.
#[track_caller]
pub fn link(world: &World, email: &str) -> String {
    let letters = world.messages().into_iter().filter(|one| one.channel == Channel::Mail && one.to.contains(email));
    let links = letters.filter_map(|one| one.text.split_once("/invitations/").map(|(_, rest)| rest.to_owned()));
    let rest = links.into_iter().next().expect("a letter of invitation");
    let key: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("/invitations/{key}")
}

/// What the registration form of somebody invited sends.
pub fn form(who: &Applicant, link: &str) -> Value {
    let mut form = who.form();
    for field in ["company", "credit_code", "buyer", "provider"] {
        form.as_object_mut().expect("a form").remove(field);
    }
    form["invitation"] = json!(link.trim_start_matches("/invitations/"));
    form
}

/// Registers by an invitation: the answer to both codes, and the browser.
pub async fn register(world: &World, who: &Applicant, link: &str) -> (Answer, Browser) {
    let mut browser = world.visitor();
    browser.phone = who.phone.clone();
    let begun = browser.post("/registrations", form(who, link)).await.ok();
    let codes = world.codes(who).await;
    let done = browser.post(&format!("{}/confirmation", begun.header("location")), codes).await;
    (done, browser)
}

/// Somebody with these duties in the owner's company, signed in.
pub async fn colleague(world: &World, owner: &Browser, duties: &[&str]) -> Browser {
    let who = Applicant::new("buyer");
    let link = invite(world, owner, &who.email, duties).await;
    let (done, browser) = register(world, &who, &link).await;
    done.ok();
    world.settle().await;
    browser
}

/// The account of whoever sits at this browser.
pub async fn account(browser: &Browser) -> String {
    let people = browser.get("/company/people").await.ok().json();
    let own = people["members"].as_array().expect("people").iter().find(|one| one["is_self"] == true);
    text(own.expect("oneself"), "account")
}

/// The version of a colleague's place, as the owner's page shows it.
pub async fn version(owner: &Browser, account: &str) -> Value {
    owner.get(&format!("/company/people/{account}")).await.ok().json()["version"].clone()
}

/// Takes a colleague out of the company.
pub async fn remove(owner: &Browser, account: &str) -> Answer {
    let seen = version(owner, account).await;
    owner.post(&format!("/company/people/{account}/removal"), json!({"version": seen})).await
}
