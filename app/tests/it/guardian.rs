//! Minors: nothing is kept of them before a guardian has agreed by a link of their own, which also takes it back.

use crate::account::{changed, refused};
use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MAILBOX: &str = "vormund.6114@familie.example";

/// A path in the mail to a guardian.
fn link(world: &World) -> String {
    let mail = world.messages().into_iter().find(|mail| mail.to.contains(MAILBOX)).unwrap();
    let at = mail.text.find("/guardian/").unwrap();
    mail.text[at..].split_whitespace().next().unwrap().to_owned()
}

async fn asked(world: &World) -> String {
    world.visitor().post("/guardian-requests", json!({ "email": MAILBOX })).await.ok();
    link(world)
}

fn yes() -> Value {
    json!({ "policy": policy::current().id, "guardian": true, "agree": true })
}

/// The guardian agrees; answers the permission.
async fn agree(guardian: &Browser, link: &str) -> String {
    let done = guardian.post(&format!("{link}/consent"), yes()).await.ok().json();
    done["permission"].as_str().unwrap().split("guardian=").nth(1).unwrap().to_owned()
}

fn form(who: &Applicant, permission: &str) -> Value {
    changed(changed(who.form(), "adult", json!(false)), "guardian", json!(permission))
}

async fn register(world: &World, who: &Applicant, permission: &str) -> (Browser, Answer) {
    let browser = world.visitor();
    let begun = browser.post("/registrations", form(who, permission)).await.ok();
    let codes = world.codes(who).await;
    let confirmed = browser.post(&format!("{}/confirmation", begun.header("location")), codes).await;
    (browser, confirmed)
}

const KEPT: [&str; 4] = [
    "SELECT CAST(count(*) AS BIGINT) FROM registration",
    "SELECT CAST(count(*) AS BIGINT) FROM subject",
    "SELECT CAST(count(*) AS BIGINT) FROM job WHERE kind <> 'log.audit'",
    "SELECT CAST(count(*) AS BIGINT) FROM guardian_consent",
];

#[tokio::test]
async fn a_minor_registers_only_after_a_guardian_has_agreed() {
    sabotaged();
    let world = World::new().await;
    let (who, minor, guardian) = (Applicant::new("buyer"), world.visitor(), world.visitor());
    let alone = minor.post("/registrations", changed(who.form(), "adult", json!(false))).await;
    refused(&alone, "adult", "adult-undeclared");
    let page = minor.page("/registration").await.ok().text;
    assert!(
        page.contains("href=\"/guardian\"") && minor.page("/guardian").await.ok().text.contains("不保存"),
        "{page}"
    );
    let link = asked(&world).await;
    for forged in ["x", &link[10..]] {
        refused(&minor.post("/registrations", form(&who, forged)).await, "guardian", "guardian-unknown");
    }
    world.settle().await;
    for kept in KEPT {
        assert_eq!(world.count(kept).await, 0, "nothing of anybody is kept: {kept}");
    }
    let page = guardian.page(&link).await.ok().text;
    assert!(page.contains("监护人的同意") && !page.contains(MAILBOX) && !page.contains('⟦'), "{page}");
    assert!(guardian.page(&format!("{link}?lang=en")).await.ok().text.contains("Somebody wants to register here"));
    let incomplete = guardian.post(&format!("{link}/consent"), changed(yes(), "guardian", json!(false))).await;
    refused(&incomplete, "guardian", "guardian-undeclared");
    let permission = agree(&guardian, &link).await;
    assert_eq!(agree(&guardian, &link).await, permission, "twice is once");
    let page = minor.page(&format!("/registration?guardian={permission}")).await.ok().text;
    assert!(page.contains(&format!("value=\"{permission}\"")) && !page.contains("name=\"adult\""), "{page}");
    let (browser, confirmed) = register(&world, &who, &permission).await;
    confirmed.ok();
    browser.get("/me").await.ok();
    let again = Applicant::new("buyer");
    refused(&world.visitor().post("/registrations", form(&again, &permission)).await, "guardian", "guardian-unknown");
    assert_eq!(guardian.get(&link).await.ok().json()["stage"], "used");
}

#[tokio::test]
async fn a_guardian_takes_it_back_at_any_time_and_the_account_is_blocked() {
    let world = World::new().await;
    let (who, guardian) = (Applicant::new("buyer"), world.visitor());
    let link = asked(&world).await;
    let permission = agree(&guardian, &link).await;
    let (browser, confirmed) = register(&world, &who, &permission).await;
    confirmed.ok();
    let stranger = world.visitor();
    let of_permission = format!("/guardian/{permission}/withdrawal");
    assert_eq!(stranger.post(&of_permission, json!({})).await.status, 404, "the minor's link is not the guardian's");
    for _ in 0..2 {
        guardian.post(&format!("{link}/withdrawal"), json!({})).await.ok();
    }
    assert_eq!(browser.get("/me").await.status, 401, "signed out at once");
    let back = world.visitor().sign_in(&who.phone, PASSWORD).await;
    let nobody = world.visitor().sign_in("13899999999", PASSWORD).await;
    assert_eq!((back.status, back.code()), (nobody.status, nobody.code()), "as one who has no account");
    assert_eq!(guardian.get(&link).await.ok().json()["stage"], "withdrawn");
    let again = guardian.post(&format!("{link}/consent"), yes()).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "guardian-withdrawn"));
    let blocked = "SELECT CAST(count(*) AS BIGINT) FROM subject WHERE standing = 'blocked'";
    assert_eq!(world.count(blocked).await, 1);
}

#[tokio::test]
async fn a_permission_that_is_taken_back_or_spent_meanwhile_brings_no_account() {
    let world = World::new().await;
    let (one, two, guardian) = (Applicant::new("buyer"), Applicant::new("buyer"), world.visitor());
    let link = asked(&world).await;
    let permission = agree(&guardian, &link).await;
    let late = world.visitor();
    let begun = late.post("/registrations", form(&two, &permission)).await.ok().header("location").to_owned();
    let codes = world.codes(&two).await;
    register(&world, &one, &permission).await.1.ok();
    let spent = late.post(&format!("{begun}/confirmation"), codes).await;
    assert_eq!((spent.status.as_u16(), spent.code().as_str()), (409, "guardian-withdrawn"));
    assert_eq!(world.count("SELECT CAST(count(*) AS BIGINT) FROM account").await, 1);
}

#[tokio::test]
async fn a_link_ends_after_seven_days_and_no_mailbox_is_flooded() {
    let world = World::new().await;
    let link = asked(&world).await;
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    let guardian = world.visitor();
    assert_eq!(guardian.get(&link).await.ok().json()["stage"], "late");
    let late = guardian.post(&format!("{link}/consent"), yes()).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "guardian-late"));
    assert_eq!(guardian.get(&format!("/guardian/{}", "A".repeat(54))).await.status, 404);
    let ask = async || world.visitor().post("/guardian-requests", json!({ "email": MAILBOX })).await.status.as_u16();
    assert_eq!([ask().await, ask().await, ask().await], [201, 201, 429]);
    let sent = world.messages().into_iter().filter(|mail| mail.to.contains(MAILBOX)).count();
    assert_eq!(sent, 3);
}
