//! Accounts through the front door: registering, and the codes that confirm it.

use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use kit::db::{Db, Settings, Tx};
use kit::random::Random;
use serde_json::{Value, json};

/// A registration on its way: who, with which browser, and the address of its codes.
async fn begun(world: &World) -> (Applicant, Browser, String) {
    let (who, browser) = (Applicant::new("both"), world.visitor());
    let path = browser.post("/registrations", who.form()).await.ok().header("location").to_owned();
    (who, browser, path)
}

/// A form with one field set otherwise.
pub fn changed(mut form: Value, field: &str, value: Value) -> Value {
    form[field] = value;
    form
}

/// Codes of which the phone's is not the one that was sent.
pub fn wrong(codes: &Value) -> Value {
    let code = codes["phone_code"].as_str().unwrap();
    let other = if code == "000000" { "000001" } else { "000000" };
    changed(codes.clone(), "phone_code", json!(other))
}

/// It was refused for this field, by this rule.
#[track_caller]
pub fn refused(answer: &Answer, field: &str, code: &str) {
    assert_eq!(answer.status, 422, "{}", answer.text);
    let errors = answer.json()["errors"].clone();
    let found = errors.as_array().unwrap().iter().any(|error| error["field"] == field && error["code"] == code);
    assert!(found, "{field} {code} is not among {errors}");
}

#[tokio::test]
async fn who_registers_is_signed_in_and_finds_their_own_data() {
    let world = World::new().await;
    let (who, browser, path) = begun(&world).await;
    let codes = world.codes(&who).await;
    let confirmed = browser.post(&format!("{path}/confirmation"), codes).await.ok();
    assert_eq!(confirmed.header("location"), "/?done=registered");
    let me = browser.get("/me").await.ok().json();
    assert_eq!(me["phone"], format!("+86{}", who.phone));
    assert_eq!(me["email"], who.email.as_str());
    assert_eq!(me["sessions"][0]["ip"], "127.0.0.1");
    assert_eq!(me["sessions"][0]["is_current"], true);
    assert_eq!(me["agreements"][0]["channel"], "web-json");
}

#[tokio::test]
async fn a_form_on_a_page_does_the_same() {
    let world = World::new().await;
    let (who, browser) = (Applicant::new("buyer"), world.visitor());
    let fields = [
        ("company", who.company.as_str()),
        ("credit_code", &who.credit_code),
        ("buyer", "1"),
        ("phone", &who.phone),
        ("email", &who.email),
        ("password", &who.password),
        ("adult", "1"),
        ("agree", "1"),
        ("policy", policy::current().id),
    ];
    let incomplete = browser.submit("/registrations", &fields[..7]).await;
    assert_eq!(incomplete.status, 422);
    assert!(incomplete.text.contains(&who.company) && incomplete.text.contains(&who.email), "what was typed is kept");
    assert!(!incomplete.text.contains(PASSWORD), "but no secret");
    let created = browser.submit("/registrations", &fields).await;
    assert_eq!(created.status, 303);
    let path = created.header("location").to_owned();
    assert!(browser.page(&path).await.ok().text.contains("短信验证码"));
    let codes = world.codes(&who).await;
    let fields = ["phone_code", "email_code"].map(|name| (name, codes[name].as_str().unwrap()));
    let confirmed = browser.submit(&format!("{path}/confirmation"), &fields).await;
    assert_eq!((confirmed.status.as_u16(), confirmed.header("location")), (303, "/?done=registered"));
    assert_eq!(browser.get("/me").await.json()["agreements"][0]["channel"], "web-html");
}

#[tokio::test]
async fn wrong_codes_count_and_five_are_the_end() {
    let world = World::new().await;
    let (who, browser, path) = begun(&world).await;
    let (confirmation, codes) = (format!("{path}/confirmation"), world.codes(&who).await);
    for _ in 0..4 {
        refused(&browser.post(&confirmation, wrong(&codes)).await, "phone_code", "code-wrong");
    }
    refused(&browser.post(&confirmation, wrong(&codes)).await, "phone_code", "code-spent");
    refused(&browser.post(&confirmation, codes.clone()).await, "phone_code", "code-spent");
    assert_eq!(browser.get(&path).await.json()["stage"], "spent");
    browser.post(&format!("{path}/codes"), json!({})).await.ok();
    let renewed = world.codes(&who).await;
    refused(&browser.post(&confirmation, codes).await, "phone_code", "code-wrong");
    browser.post(&confirmation, renewed).await.ok();
}

#[tokio::test]
async fn codes_expire_and_are_sent_a_few_times_only() {
    let world = World::new().await;
    let (who, browser, path) = begun(&world).await;
    let codes = world.codes(&who).await;
    world.pass(SignedDuration::from_secs(601)).await;
    refused(&browser.post(&format!("{path}/confirmation"), codes).await, "phone_code", "code-spent");
    for _ in 0..4 {
        browser.post(&format!("{path}/codes"), json!({})).await.ok();
        world.pass(SignedDuration::from_mins(20)).await;
    }
    let enough = browser.post(&format!("{path}/codes"), json!({})).await;
    assert_eq!((enough.status.as_u16(), enough.code().as_str()), (409, "codes-enough"));
}

#[tokio::test]
async fn messages_to_one_phone_are_limited_and_the_limit_ends() {
    let world = World::new().await;
    let (who, browser) = (Applicant::new("buyer"), world.visitor());
    for _ in 0..6 {
        browser.post("/registrations", who.form()).await.ok();
    }
    let limited = browser.post("/registrations", who.form()).await;
    assert_eq!((limited.status.as_u16(), limited.code().as_str()), (429, "limited"));
    world.visitor_from("127.0.0.68").post("/registrations", who.form()).await.ok();
    world.pass(SignedDuration::from_mins(10)).await;
    browser.post("/registrations", who.form()).await.ok();
}

#[tokio::test]
async fn a_confirmation_counts_once() {
    let world = World::new().await;
    let (who, browser, path) = begun(&world).await;
    let (confirmation, codes) = (format!("{path}/confirmation"), world.codes(&who).await);
    let first = browser.post(&confirmation, codes.clone()).await.ok().json();
    let second = browser.post(&confirmation, codes.clone()).await.ok().json();
    assert_eq!(first["account"], second["account"], "the same browser sends it twice: the same account");
    let stranger = world.visitor().post(&confirmation, codes).await;
    assert_eq!((stranger.status.as_u16(), stranger.code().as_str()), (409, "registration-over"));
    assert_eq!(world.visitor().get(&path).await.json()["stage"], "confirmed");
}

#[tokio::test]
async fn two_confirmations_at_once_make_one_account() {
    let world = World::new().await;
    let (who, browser, path) = begun(&world).await;
    let (confirmation, codes) = (format!("{path}/confirmation"), world.codes(&who).await);
    let (one, other) = (browser, world.visitor());
    let (one, other) = tokio::join!(one.post(&confirmation, codes.clone()), other.post(&confirmation, codes.clone()));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
}

#[tokio::test]
async fn an_existing_account_is_not_told_to_others_but_to_its_person() {
    let world = World::new().await;
    let known = Applicant::new("buyer");
    world.applicant(&known).await;
    let curious = Applicant { phone: known.phone.clone(), email: known.email.clone(), ..Applicant::new("buyer") };
    let fresh = Applicant::new("buyer");
    let (of_known, of_fresh) = (world.visitor(), world.visitor());
    let of_known = of_known.post("/registrations", curious.form()).await.ok();
    let of_fresh = of_fresh.post("/registrations", fresh.form()).await.ok();
    let shape = |answer: &Answer| answer.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((of_known.status, shape(&of_known)), (of_fresh.status, shape(&of_fresh)));
    world.settle().await;
    let to_known: Vec<_> = world.messages().into_iter().filter(|m| m.to.contains(&known.email)).collect();
    assert!(to_known[0].text.contains("已经有账号"), "{}", to_known[0].text);
    let codes = json!({ "phone_code": "123456", "email_code": "123456" });
    let path = of_known.header("location").to_owned();
    refused(&world.visitor().post(&format!("{path}/confirmation"), codes).await, "phone_code", "code-wrong");
}

#[tokio::test]
async fn what_is_asked_is_checked_field_by_field() {
    let world = World::new().await;
    let browser = world.visitor();
    let who = Applicant::new("buyer");
    for (field, value, code) in [
        ("company", json!("x"), "too-short"),
        ("credit_code", json!("91110105000000019X"), "uscc-check"),
        ("credit_code", json!("123"), "uscc-length"),
        ("phone", json!("138001380"), "phone"),
        ("email", json!("nobody"), "email"),
        ("password", json!("kurz"), "password-short"),
        ("password", json!("1qaz2wsx3edc"), "password-breached"),
        ("password", json!("aaaaaaaaaaaaaaa"), "password-weak"),
        ("password", json!("x".repeat(129)), "password-long"),
        ("password", json!(who.email), "password-weak"),
        ("adult", json!(false), "adult-undeclared"),
        ("agree", json!(false), "not-agreed"),
        ("buyer", json!(false), "side"),
        ("policy", json!("1999-01"), "policy-superseded"),
        ("surname", json!("周"), "unknown-field"),
        ("phone", json!(["13800138000", "13800138001"]), "repeated"),
    ] {
        refused(&browser.post("/registrations", changed(who.form(), field, value)).await, field, code);
    }
    assert!(world.messages().is_empty());
    let known = Applicant::new("buyer");
    world.applicant(&known).await;
    let answer = browser.post("/registrations", changed(who.form(), "credit_code", json!(known.credit_code))).await;
    refused(&answer, "credit_code", "credit-code-taken");
}

#[tokio::test]
async fn what_is_never_confirmed_is_forgotten_after_a_day() {
    let world = World::new().await;
    let (who, browser, path) = begun(&world).await;
    let codes = world.codes(&who).await;
    let url = &world.app.config().key_database_url;
    let keys = Db::open(&Settings::new(url), world.clock.clone(), Random::system()).unwrap();
    let kept = async || {
        let count = |tx: &mut Tx| {
            tx.one("SELECT count(*) FROM data_key WHERE class = 'operational'", &[], |row| row.next::<i64>())
        };
        keys.read::<_, kit::db::Error>(count).await.unwrap()
    };
    assert!(kept().await > 0);
    world.pass(SignedDuration::from_hours(25)).await;
    assert_eq!(kept().await, 0, "the keys of who was forgotten are destroyed");
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(browser.post(&format!("{path}/confirmation"), codes).await.status, 404);
    let left: i64 = world
        .app
        .db()
        .read::<_, kit::db::Error>(|tx| tx.one("SELECT count(*) FROM registration", &[], |row| row.next()))
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_post_needs_its_token_and_its_own_site() {
    let world = World::new().await;
    let browser = world.visitor();
    let post = || browser.request(reqwest::Method::POST, "/session").header("accept", "application/json");
    let bare = browser.send(post().json(&json!({ "account": "13800138000", "password": PASSWORD }))).await;
    assert_eq!((bare.status.as_u16(), bare.code().as_str()), (403, "csrf"));
    let token = browser.token().await;
    let foreign = post().header("x-csrf-token", token).header("origin", "https://evil.example").json(&json!({}));
    let foreign = browser.send(foreign).await;
    assert_eq!((foreign.status.as_u16(), foreign.code().as_str()), (403, "cross-site"));
    let stale = browser.send(post().header("x-csrf-token", world.visitor().token().await).json(&json!({}))).await;
    assert_eq!(stale.code(), "csrf", "another visitor's token is nobody else's");
}
