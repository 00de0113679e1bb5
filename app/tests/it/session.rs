//! Login sessions through the front door: signing in and out, what is told to whom, passwords.

use crate::account::{changed, refused, wrong};
use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

const OTHER: &str = "sieben graue Esel am Bach";

#[tokio::test]
async fn signing_in_takes_phone_or_email_and_leads_where_one_wanted() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    for account in [who.phone.as_str(), &who.email, &who.email.to_uppercase(), &format!("+86 {}", who.phone)] {
        let browser = world.visitor();
        browser.sign_in(account, PASSWORD).await.ok();
        browser.get("/me").await.ok();
    }
    let browser = world.visitor();
    let asked = browser.page("/me?tab=1").await;
    assert_eq!((asked.status.as_u16(), asked.header("location")), (303, "/session/new?next=%2Fme%3Ftab%3D1"));
    let form = browser.page(asked.header("location")).await.ok();
    assert!(form.text.contains("value=\"/me?tab=1\""), "{}", form.text);
    let fields = [("account", who.phone.as_str()), ("password", PASSWORD), ("next", "/me?tab=1")];
    assert_eq!(browser.submit("/session", &fields).await.header("location"), "/me?tab=1");
}

#[tokio::test]
async fn next_never_leads_away() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    let browser = world.visitor();
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: a=b"] {
        let fields = json!({ "account": who.phone, "password": PASSWORD, "next": next });
        refused(&browser.post("/session", fields).await, "next", "local-path");
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = browser.page(&format!("/session/new?next={query}")).await.ok();
        assert!(!page.text.contains("evil.example\""), "{}", page.text);
    }
}

#[tokio::test]
async fn no_answer_tells_whether_there_is_an_account() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    let browser = world.visitor();
    for account in [who.phone.as_str(), "13800139999", "nobody@hengchuan.example", "neither"] {
        refused(&browser.sign_in(account, OTHER).await, "password", "credentials");
    }
    let known = browser.post("/password-resets", json!({ "account": who.email })).await.ok();
    let unknown = browser.post("/password-resets", json!({ "account": "nobody@hengchuan.example" })).await.ok();
    let without_id = |answer: &Answer| changed(answer.json(), "id", json!(""));
    let close = |value: Value| changed(value, "expires_at", json!(""));
    assert_eq!(close(without_id(&known)), close(without_id(&unknown)));
}

#[tokio::test]
async fn guessing_is_slowed_and_locks_nobody_else_out() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    let guesser = world.visitor_from("127.0.0.66");
    for _ in 0..5 {
        refused(&guesser.sign_in(&who.phone, OTHER).await, "password", "credentials");
    }
    let limited = guesser.sign_in(&who.phone, PASSWORD).await;
    assert_eq!((limited.status.as_u16(), limited.code().as_str()), (429, "limited"));
    world.visitor().sign_in(&who.phone, PASSWORD).await.ok();
    world.pass(SignedDuration::from_mins(5)).await;
    refused(&guesser.sign_in(&who.phone, OTHER).await, "password", "credentials");
    assert_eq!(guesser.sign_in(&who.phone, OTHER).await.status, 429);
    let sprayer = world.visitor_from("127.0.0.67");
    let mut last = 0;
    for n in 0..61 {
        last = sprayer.sign_in(&format!("1380014{n:04}"), OTHER).await.status.as_u16();
    }
    assert_eq!(last, 429, "one source, many accounts");
    world.visitor().sign_in(&who.phone, PASSWORD).await.ok();
}

#[tokio::test]
async fn signing_out_and_time_end_a_session() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let browser = world.applicant(&who).await;
    browser.post("/session/end", json!({})).await.ok();
    assert_eq!(browser.get("/me").await.status, 401);
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    world.pass(SignedDuration::from_hours(11)).await;
    browser.get("/me").await.ok();
    world.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(browser.get("/me").await.status, 401);
}

#[tokio::test]
async fn a_new_session_has_a_new_token_and_ends_the_old_one() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let browser = world.applicant(&who).await;
    let first = browser.sign_in(&who.phone, PASSWORD).await.ok();
    let second = browser.sign_in(&who.phone, PASSWORD).await.ok();
    let cookie = |answer: &Answer| answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(cookie(&first), cookie(&second));
    let replayed = world.visitor();
    let request = replayed.request(reqwest::Method::GET, "/me").header("cookie", cookie(&first));
    assert_eq!(replayed.send(request.header("accept", "application/json")).await.status, 401);
    assert_eq!(browser.get("/me").await.json()["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn ones_own_sessions_can_be_ended_and_nobody_elses() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let (desk, phone) = (world.applicant(&who).await, world.visitor());
    phone.sign_in(&who.phone, PASSWORD).await.ok();
    let sessions = desk.get("/me").await.json()["sessions"].clone();
    let other = sessions.as_array().unwrap().iter().find(|session| session["is_current"] == false).unwrap();
    let path = format!("/me/sessions/{}/end", other["id"].as_str().unwrap());
    let stranger = world.applicant(&Applicant::new("provider")).await;
    assert_eq!(stranger.post(&path, json!({})).await.status, 404);
    phone.get("/me").await.ok();
    desk.post(&path, json!({})).await.ok();
    assert_eq!(phone.get("/me").await.status, 401);
    assert_eq!(desk.post(&path, json!({})).await.status, 404);
    desk.get("/me").await.ok();
    let unknown = desk.post("/me/sessions/nonsense/end", json!({})).await;
    assert_eq!((unknown.status.as_u16(), unknown.code().as_str()), (404, "not-found"));
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let (desk, phone) = (world.applicant(&who).await, world.visitor());
    phone.sign_in(&who.phone, PASSWORD).await.ok();
    let stolen =
        desk.sign_in(&who.phone, PASSWORD).await.ok().header("set-cookie").split(';').next().unwrap().to_owned();
    let thief = async || {
        let visitor = world.visitor();
        let request = visitor.request(reqwest::Method::GET, "/me").header("cookie", &stolen);
        visitor.send(request.header("accept", "application/json")).await.status.as_u16()
    };
    assert_eq!(thief().await, 200, "who has copied a cookie is signed in");
    let change = |current: &str, new: &str| json!({ "current": current, "password": new });
    refused(&desk.post("/me/password", change(OTHER, OTHER)).await, "current", "current-password");
    refused(&desk.post("/me/password", change(PASSWORD, "kurz")).await, "password", "password-short");
    let page = desk.submit("/me/password", &[("current", OTHER), ("password", OTHER)]).await;
    assert!(page.status == 422 && page.text.contains("现在的密码不对"), "{}", page.text);
    assert_eq!(desk.post("/me/password", change(PASSWORD, OTHER)).await.ok().json()["ended"], 1);
    assert_eq!(phone.get("/me").await.status, 401);
    desk.get("/me").await.ok();
    assert_eq!(thief().await, 401, "until the password is changed");
    refused(&phone.sign_in(&who.phone, PASSWORD).await, "password", "credentials");
    phone.sign_in(&who.phone, OTHER).await.ok();
    world.settle().await;
    assert!(world.messages()[0].text.contains("密码刚刚更改"));
}

#[tokio::test]
async fn a_forgotten_password_is_reset_by_both_codes() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let signed_in = world.applicant(&who).await;
    let browser = world.visitor();
    world.pass(SignedDuration::from_mins(1)).await;
    let path = browser.post("/password-resets", json!({ "account": who.phone })).await.ok();
    let path = path.header("location").to_owned();
    let codes = world.codes(&who).await;
    let set = format!("{path}/password");
    let with = |codes: &Value| changed(codes.clone(), "password", json!(OTHER));
    refused(&browser.post(&set, with(&wrong(&codes))).await, "phone_code", "code-wrong");
    browser.post(&set, with(&codes)).await.ok();
    assert_eq!(signed_in.get("/me").await.status, 401, "all sessions end");
    let again = browser.post(&set, with(&codes)).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "reset-over"));
    browser.sign_in(&who.phone, OTHER).await.ok();
    let nobody = browser.post("/password-resets", json!({ "account": "13800139999" })).await.ok();
    world.settle().await;
    assert!(!world.messages().iter().any(|message| message.to.contains("13800139999")));
    let path = nobody.header("location").to_owned();
    refused(&browser.post(&format!("{path}/password"), with(&codes)).await, "phone_code", "code-wrong");
    assert_eq!(browser.get("/password-resets/nonsense").await.status, 404);
}

#[tokio::test]
async fn pages_with_personal_data_are_kept_by_nobody_and_not_prefetched() {
    let world = World::new().await;
    let browser = world.applicant(&Applicant::new("buyer")).await;
    let page = browser.page("/me").await.ok();
    assert_eq!(page.header("cache-control"), "no-store");
    let request = browser.request(reqwest::Method::GET, "/me").header("accept", "application/json");
    let early = browser.send(request.header("sec-purpose", "prefetch;prerender")).await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (403, "prefetch"));
}

#[tokio::test]
async fn the_theme_is_kept_and_leads_back() {
    let world = World::new().await;
    let browser = world.applicant(&Applicant::new("buyer")).await;
    let chosen = browser.submit("/preferences/theme", &[("theme", "dark"), ("next", "/company")]).await;
    assert_eq!((chosen.status.as_u16(), chosen.header("location")), (303, "/company"));
    assert!(browser.page("/company").await.text.contains("data-theme=\"dark\""));
    browser.submit("/preferences/theme", &[("theme", "system"), ("next", "/")]).await;
    assert!(!browser.page("/company").await.text.contains("data-theme=\"dark\""));
    let foreign = browser.post("/preferences/theme", json!({ "theme": "dark", "next": "//evil.example" })).await;
    refused(&foreign, "next", "local-path");
    refused(&browser.post("/preferences/theme", json!({ "theme": "pink" })).await, "theme", "choice");
}

#[tokio::test]
async fn the_record_of_a_sign_in_is_kept_for_six_months_and_then_cleared() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let person = world.applicant(&who).await;
    person.post("/session/end", json!({})).await.ok();
    let kept = "SELECT count(*) FROM login_session";
    world.pass(SignedDuration::from_hours(24 * 180)).await;
    assert_eq!(world.count(kept).await, 1);
    let again = world.again(&person).await;
    world.pass(SignedDuration::from_hours(24 * 6)).await;
    assert_eq!(world.count(kept).await, 1, "the first is gone, the second has begun six days ago");
    assert_eq!(again.get("/me").await.status, 401);
}
