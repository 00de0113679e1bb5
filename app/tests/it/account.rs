//! Accounts through the front door: registering, codes, signing in and out, sessions, passwords.

use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

const OTHER: &str = "sieben graue Esel am Bach";

/// A registration on its way: who, with which browser, and the address of its codes.
async fn begun(world: &World) -> (Applicant, Browser, String) {
    let (who, browser) = (Applicant::new("both"), world.visitor());
    let path = browser.post("/registrations", who.form()).await.ok().header("location").to_owned();
    (who, browser, path)
}

fn changed(mut form: Value, field: &str, value: Value) -> Value {
    form[field] = value;
    form
}

fn wrong(codes: &Value) -> Value {
    let code = codes["phone_code"].as_str().unwrap();
    let other = if code == "000000" { "000001" } else { "000000" };
    changed(codes.clone(), "phone_code", json!(other))
}

#[track_caller]
fn refused(answer: &Answer, field: &str, code: &str) {
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
    world.pass(SignedDuration::from_hours(25)).await;
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
async fn no_time_tells_whether_there_is_an_account() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    let browser = world.visitor();
    let mut fastest = [std::time::Duration::MAX; 2];
    for _ in 0..4 {
        for (index, account) in [who.phone.as_str(), "13800139999"].into_iter().enumerate() {
            let start = std::time::Instant::now();
            browser.sign_in(account, OTHER).await;
            fastest[index] = fastest[index].min(start.elapsed());
        }
    }
    // Without the hash of nobody the second takes less than a tenth of the first.
    assert!(fastest[1] * 3 > fastest[0] && fastest[0] * 3 > fastest[1], "{fastest:?}");
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
    let change = |current: &str, new: &str| json!({ "current": current, "password": new });
    refused(&desk.post("/me/password", change(OTHER, OTHER)).await, "current", "current-password");
    refused(&desk.post("/me/password", change(PASSWORD, "kurz")).await, "password", "password-short");
    let page = desk.submit("/me/password", &[("current", OTHER), ("password", OTHER)]).await;
    assert!(page.status == 422 && page.text.contains("现在的密码不对"), "{}", page.text);
    assert_eq!(desk.post("/me/password", change(PASSWORD, OTHER)).await.ok().json()["ended"], 1);
    assert_eq!(phone.get("/me").await.status, 401);
    desk.get("/me").await.ok();
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
