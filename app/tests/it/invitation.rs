//! Invitations: sent by an owner, accepted once, by the invited e-mail only.

use crate::colleague::{account, colleague, form, invitation, invite, link, register, remove};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{id, text};
use crate::world::{Answer, World};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn an_owner_invites_and_the_colleague_joins_with_the_duties_offered() {
    let world = World::new().await;
    let (owner, who) = (world.member("buyer").await, Applicant::new("buyer"));
    let link = invite(&world, &owner, &who.email, &["buyer", "finance"]).await;
    let waiting = owner.get("/company/people").await.ok().json();
    assert_eq!(waiting["invitations"][0]["email"], who.email, "the owner sees whom");
    let page = world.visitor().page(&link).await.ok().text;
    assert!(page.contains("采购经办") && page.contains("财务") && !page.contains(&who.email), "{page}");
    let registration = world.visitor().page(&format!("/registration?invitation={}", &link[13..])).await.ok().text;
    assert!(registration.contains("你将加入") && !registration.contains("统一社会信用代码</label>"), "{registration}");
    let (done, browser) = register(&world, &who, &link).await;
    assert_eq!(done.ok().json()["state"], "approved", "the company's, which is approved");
    let mine = browser.get("/company/people").await.ok().json();
    let own = mine["members"].as_array().unwrap().iter().find(|one| one["is_self"] == true).unwrap().clone();
    assert_eq!(own["duties"], json!(["buyer", "finance"]));
    assert_eq!((mine["is_owner"].clone(), own["email"].clone()), (json!(false), json!(null)), "no owner, no e-mails");
    let page = owner.page("/company/people").await.ok().text;
    assert!(page.contains(&who.email) && !page.contains('⟦'), "{page}");
    world.settle().await;
    let told = browser.page("/me/accesses").await.ok().text;
    assert!(told.contains("所有者") && told.contains("管理公司的成员和职责"), "{told}");
    assert!(world.messages().iter().any(|one| one.text.contains("一位同事接受邀请")), "the owner is told");
    assert_eq!(world.count("SELECT count(*) FROM invitation WHERE length(email) > 0").await, 0, "the address is gone");
}

#[tokio::test]
async fn opening_the_link_changes_nothing_and_a_forged_one_is_not_there() {
    let world = World::new().await;
    let (owner, who) = (world.member("buyer").await, Applicant::new("buyer"));
    let link = invite(&world, &owner, &who.email, &["viewer"]).await;
    let events = "SELECT count(*) FROM event";
    let before = world.count(events).await;
    for _ in 0..3 {
        world.visitor().get(&link).await.ok();
        world.visitor().page(&link).await.ok();
    }
    assert_eq!(world.count(events).await, before);
    let mut forged = link.clone();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);
    for path in [forged.as_str(), "/invitations/AAAA", "/invitations/%00"] {
        assert_eq!(world.visitor().get(path).await.status, 404, "{path}");
    }
    let answer = world.visitor().post("/registrations", form(&who, &forged)).await;
    assert_eq!(answer.status, 404, "{}", answer.text);
    let page = world.visitor().page(&format!("/registration?invitation={}", &forged[13..])).await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn an_invitation_is_used_once_and_not_after_it_was_revoked_or_has_expired() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let (first, second, third) = (Applicant::new("buyer"), Applicant::new("buyer"), Applicant::new("buyer"));
    let used = invite(&world, &owner, &first.email, &["viewer"]).await;
    // Two windows registered by it before either was confirmed: one joins.
    let again = Applicant { phone: Applicant::new("buyer").phone, ..first.clone() };
    let begun = [&first, &again].map(|who| (who.clone(), world.visitor()));
    let mut done = Vec::new();
    for (who, browser) in &begun {
        let registration = browser.post("/registrations", form(who, &used)).await.ok();
        let codes = world.codes(who).await;
        done.push((browser, format!("{}/confirmation", registration.header("location")), codes));
    }
    let (browser, path, codes) = &done[0];
    browser.post(path, codes.clone()).await.ok();
    let (browser, path, codes) = &done[1];
    assert_eq!(refusal(&browser.post(path, codes.clone()).await), (409, "invitation-used".into()));
    let revoked = invite(&world, &owner, &second.email, &["viewer"]).await;
    let waiting = owner.get("/company/people").await.ok().json();
    let one = text(&waiting["invitations"][0], "id");
    for _ in 0..2 {
        let answer = owner.post(&format!("/company/invitations/{one}/revocation"), json!({})).await.ok();
        assert_eq!(answer.json()["state"], "revoked", "twice is once");
    }
    let expired = invite(&world, &owner, &third.email, &["viewer"]).await;
    world.pass(SignedDuration::from_hours(24 * 7 - 1)).await;
    assert_eq!(world.visitor().get(&expired).await.ok().json()["state"], "waiting");
    world.pass(SignedDuration::from_hours(1)).await;
    let cases = [
        (&used, &first, "invitation-used"),
        (&revoked, &second, "invitation-revoked"),
        (&expired, &third, "invitation-expired"),
    ];
    for (link, who, code) in cases {
        assert_eq!(refusal(&world.visitor().post("/registrations", form(who, link)).await), (409, code.into()));
        let page = world.visitor().page(link).await.ok().text;
        assert!(!page.contains('⟦') && !page.contains("注册并加入"), "{page}");
    }
    assert_eq!(world.count("SELECT count(*) FROM invitation WHERE length(email) > 0").await, 0, "no address is left");
    assert_eq!(world.count("SELECT count(*) FROM account WHERE company IS NOT NULL").await, 2);
}

#[tokio::test]
async fn a_link_that_is_handed_on_is_of_no_use() {
    let world = World::new().await;
    let (owner, invited) = (world.member("buyer").await, Applicant::new("buyer"));
    let link = invite(&world, &owner, &invited.email, &["owner"]).await;
    let stranger = Applicant::new("buyer");
    let refused = world.visitor().post("/registrations", form(&stranger, &link)).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["errors"][0]["code"]),
        (422, &json!("invitation-other-email"))
    );
    // With the invited address the code goes there, and not to whoever has the link.
    let pretender = Applicant { email: invited.email.clone(), ..stranger.clone() };
    let browser = world.visitor();
    let begun = browser.post("/registrations", form(&pretender, &link)).await.ok();
    world.settle().await;
    let path = format!("{}/confirmation", begun.header("location"));
    let answer = browser.post(&path, json!({"phone_code": "000000", "email_code": "000000"})).await;
    assert_eq!(answer.status, 422);
    // Somebody with an account of their own and another e-mail.
    let other = colleague(&world, &owner, &["viewer"]).await;
    remove(&owner, &account(&other).await).await.ok();
    let other = world.again(&other).await;
    assert_eq!(
        refusal(&other.post(&format!("{link}/acceptance"), json!({})).await),
        (409, "invitation-other-email".into())
    );
    assert_eq!(other.get(&link).await.ok().json()["reader"], "other");
    assert_eq!(world.count("SELECT count(*) FROM account WHERE company IS NOT NULL").await, 1);
}

#[tokio::test]
async fn the_same_form_is_one_invitation_and_nobody_else_can_invite() {
    let world = World::new().await;
    let (owner, stranger) = (world.member("buyer").await, world.member("buyer").await);
    let who = Applicant::new("buyer");
    let new = invitation(&who.email, &["bidder"]);
    let token = owner.token().await;
    for answer in join_all((0..3).map(|_| owner.post_with(&token, "/company/invitations", &new))).await {
        answer.ok();
    }
    world.settle().await;
    let letters = world.messages().into_iter().filter(|one| one.to.contains(&who.email)).count();
    assert_eq!((world.count("SELECT count(*) FROM invitation").await, letters), (1, 1));
    let again = owner.post("/company/invitations", invitation(&who.email, &["viewer"])).await;
    assert_eq!(again.json()["errors"][0]["code"], "invited-already");
    assert_eq!(stranger.post("/company/invitations", new.clone()).await.status, 404, "another company's id");
    let one = text(&new, "id");
    assert_eq!(stranger.post(&format!("/company/invitations/{one}/revocation"), json!({})).await.status, 404);
    let viewer = colleague(&world, &owner, &["viewer"]).await;
    let fresh = invitation(&Applicant::new("buyer").email, &["viewer"]);
    assert_eq!(refusal(&viewer.post("/company/invitations", fresh).await), (403, "duty-owner".into()));
    for (field, bad) in [("duty", json!([])), ("duty", json!(["emperor"])), ("email", json!("nobody"))] {
        let mut wrong = invitation(&Applicant::new("buyer").email, &["viewer"]);
        wrong[field] = bad;
        assert_eq!(owner.post("/company/invitations", wrong).await.status, 422);
    }
}

#[tokio::test]
async fn invited_into_two_companies_one_joins_one() {
    let world = World::new().await;
    let (one, two, first) = (world.member("buyer").await, world.member("provider").await, world.member("buyer").await);
    let who = Applicant::new("buyer");
    let link_one = invite(&world, &one, &who.email, &["viewer"]).await;
    let link_two = invite(&world, &two, &who.email, &["bidder"]).await;
    assert_ne!(link_one, link_two);
    let (done, browser) = register(&world, &who, &link_one).await;
    done.ok();
    assert_eq!(browser.get(&link_two).await.ok().json()["reader"], "elsewhere");
    let path = format!("{link_two}/acceptance");
    assert_eq!(refusal(&browser.post(&path, json!({})).await), (409, "member-elsewhere".into()));
    // Removed there, the other offer still stands; sent five times at once it is accepted once.
    remove(&one, &account(&browser).await).await.ok();
    let browser = world.again(&browser).await;
    assert_eq!(browser.get("/").await.ok().json()["tasks"][0]["what"], "invitation-waiting");
    let token = browser.token().await;
    let nothing = json!({});
    let answers = join_all((0..5).map(|_| browser.post_with(&token, &path, &nothing))).await;
    let joined = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(joined, 1, "{:?}", answers.iter().map(refusal_or_none).collect::<Vec<_>>());
    let people = browser.get("/company/people").await.ok().json();
    assert_eq!(people["members"].as_array().unwrap().len(), 2);
    assert_eq!(refusal(&first.post(&path, json!({})).await), (409, "member-elsewhere".into()));
}

fn refusal_or_none(answer: &Answer) -> (u16, String) {
    if answer.status.is_success() { (answer.status.as_u16(), String::new()) } else { refusal(answer) }
}

#[tokio::test]
async fn who_has_an_account_already_is_told_by_message_and_no_answer_tells_of_it() {
    let world = World::new().await;
    let (owner, known) = (world.member("buyer").await, Applicant::new("provider"));
    world.applicant(&known).await;
    let answer = owner.post("/company/invitations", invitation(&known.email, &["viewer"])).await.ok();
    assert_eq!(answer.json()["state"], "waiting", "as to an address without an account");
    world.settle().await;
    let link = link(&world, &known.email);
    let browser = world.visitor();
    browser.sign_in(&known.phone, PASSWORD).await.ok();
    assert_eq!(browser.get(&link).await.ok().json()["reader"], "elsewhere");
    let id = id();
    assert_eq!(owner.post(&format!("/company/invitations/{id}/revocation"), json!({})).await.status, 404);
}
