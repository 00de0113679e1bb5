//! Devices: a sign-in with a new browser is told to its person, who can say that it was not them.

use crate::attack::cookie;
use crate::factor::is_told;
use crate::people::{Applicant, PASSWORD};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use serde_json::json;

const NEW: &str = "一个以前没有用过的浏览器";

/// The link in the newest mail about a new browser.
fn link(world: &World, who: &Applicant) -> String {
    let mails = world.messages().into_iter().filter(|one| one.to == who.email && one.text.contains(NEW));
    let mail = mails.into_iter().next().expect("a mail about a new browser");
    let at = mail.text.find("/sign-ins/").expect("a link");
    mail.text[at..].split_whitespace().next().unwrap().to_owned()
}

fn told(world: &World, who: &Applicant) -> usize {
    world.messages().into_iter().filter(|one| one.to == who.email && one.text.contains(NEW)).count()
}

/// Somebody registered, and somebody who signed in with their password elsewhere.
async fn stolen(world: &World) -> (Applicant, Browser, Browser) {
    let who = Applicant::new("buyer");
    let (me, thief) = (world.applicant(&who).await, world.visitor_from("127.0.0.66"));
    thief.sign_in(&who.phone, PASSWORD).await.ok();
    world.settle().await;
    (who, me, thief)
}

#[tokio::test]
async fn a_new_browser_is_told_and_a_known_one_is_not() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let me = world.applicant(&who).await;
    world.settle().await;
    assert_eq!(told(&world, &who), 0, "the one that registered");
    me.post("/session/end", json!({})).await.ok();
    assert!(cookie(&me.sign_in(&who.phone, PASSWORD).await.ok(), "device").is_none(), "it is known");
    world.settle().await;
    assert_eq!(told(&world, &who), 0, "the same again");
    let other = world.visitor();
    assert!(cookie(&other.sign_in(&who.phone, PASSWORD).await.ok(), "device").is_some());
    world.settle().await;
    assert_eq!(told(&world, &who), 1);
    other.sign_in(&who.phone, PASSWORD).await.ok();
    world.settle().await;
    assert_eq!((told(&world, &who), world.count("SELECT count(*) FROM device").await), (1, 2));
    let me = me.get("/me").await.ok().json();
    assert!(me["sessions"].as_array().unwrap().iter().all(|one| one["known_since"].is_string()), "{me}");
}

#[tokio::test]
async fn who_says_that_it_was_not_them_ends_all_sessions_and_the_password() {
    let world = World::new().await;
    let (who, me, thief) = stolen(&world).await;
    let (link, anybody) = (link(&world, &who), world.visitor());
    let page = anybody.page(&link).await.ok().text;
    assert!(page.contains("这次登录是你吗") && page.contains("2026-11-23 09:00") && !page.contains('⟦'), "{page}");
    me.get("/me").await.ok();
    let done = anybody.submit(&format!("{link}/denial"), &[]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/password-reset?done=sign-in-denied"));
    for browser in [&me, &thief] {
        assert_eq!(browser.get("/me").await.status, 401);
        assert_eq!(browser.sign_in(&who.phone, PASSWORD).await.status, 422, "the password is void");
    }
    world.settle().await;
    assert!(is_told(&world, &who, "密码已作废"));
    let reset = anybody.post("/password-resets", json!({ "account": who.phone })).await.ok();
    let mut codes = world.codes(&who).await;
    codes["password"] = json!(PASSWORD);
    anybody.post(&format!("{}/password", reset.header("location")), codes).await.ok();
    me.sign_in(&who.phone, PASSWORD).await.ok();
    anybody.post(&format!("{link}/denial"), json!({})).await.ok();
    me.get("/me").await.ok();
    assert!(anybody.page(&link).await.ok().text.contains("已经报告不是本人"), "a second time changes nothing");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'account.sign-in-denied'").await, 1);
}

#[tokio::test]
async fn a_link_is_for_one_sign_in_and_thirty_days_and_cannot_be_made_up() {
    let world = World::new().await;
    let (who, me, thief) = stolen(&world).await;
    let (link, anybody) = (link(&world, &who), world.visitor());
    let mut forged = link.clone().into_bytes();
    let last = forged.len() - 2;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for wrong in [forged.as_str(), "/sign-ins/nonsense", "/sign-ins/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(anybody.get(wrong).await.status, 404, "{wrong}");
        assert_eq!(anybody.post(&format!("{wrong}/denial"), json!({})).await.status, 404, "{wrong}");
    }
    world.stay_signed_in(40).await;
    world.pass(SignedDuration::from_hours(24 * 30)).await;
    anybody.get(&link).await.ok();
    thief.post("/session/end", json!({})).await.ok();
    assert_eq!(anybody.post(&format!("{link}/denial"), json!({})).await.status, 404, "too late");
    me.get("/me").await.ok();
}

#[tokio::test]
async fn the_list_leads_there_too_and_ends_all_others_at_once() {
    let world = World::new().await;
    let (who, me, thief) = stolen(&world).await;
    let third = world.again_as(&who.phone).await;
    let page = me.page("/me").await.ok().text;
    assert!(page.matches("/sign-ins/").count() == 2 && page.contains("结束其他所有会话"), "{page}");
    assert_eq!(me.post("/me/other-sessions/end", json!({})).await.ok().json()["ended"], 2);
    for browser in [&thief, &third] {
        assert_eq!(browser.get("/me").await.status, 401);
    }
    assert!(!me.page("/me").await.ok().text.contains("/me/other-sessions/end"), "there are no others");
}

/// Whoever reads the database does not learn which accounts share a browser.
#[tokio::test]
async fn two_accounts_of_one_browser_have_nothing_in_common() {
    let world = World::new().await;
    let (one, two) = (Applicant::new("buyer"), Applicant::new("provider"));
    let browser = world.applicant(&one).await;
    world.applicant(&two).await;
    browser.sign_in(&two.phone, PASSWORD).await.ok();
    let marks = "SELECT count(*) - count(DISTINCT mark) FROM device";
    assert_eq!((world.count("SELECT count(*) FROM device").await, world.count(marks).await), (3, 0));
    world.settle().await;
    assert_eq!(told(&world, &two), 1, "known for one account is not known for another");
    browser.sign_in(&one.phone, PASSWORD).await.ok();
    world.settle().await;
    assert_eq!(told(&world, &one), 0);
}

#[tokio::test]
async fn a_browser_is_forgotten_a_year_after_its_last_use() {
    let world = World::new().await;
    world.applicant(&Applicant::new("buyer")).await;
    world.pass(SignedDuration::from_hours(24 * 364)).await;
    assert_eq!(world.count("SELECT count(*) FROM device").await, 1);
    world.pass(SignedDuration::from_hours(48)).await;
    assert_eq!(world.count("SELECT count(*) FROM device").await, 0);
}
