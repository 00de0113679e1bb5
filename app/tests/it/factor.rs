//! The second factor: an authenticator app and recovery codes, from registering them to signing in with them.

use crate::account::refused;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::text;
use crate::world::{Answer, Browser, World};
use app::config::SecondFactor;
use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// The app on somebody's phone, with the codes that they have printed.
pub struct Phone {
    secret: Vec<u8>,
    /// Which it is.
    pub id: String,
    /// The recovery codes.
    pub recovery: Vec<String>,
}

impl Phone {
    /// Registers one: its first code is the one of now.
    pub async fn register(world: &World, browser: &Browser) -> Self {
        let begun = browser.post("/me/security/authenticator", json!({})).await.ok().json();
        let secret = data_encoding::BASE32_NOPAD.decode(text(&begun, "secret").as_bytes()).unwrap();
        let mut phone = Self { secret, id: text(&begun, "id"), recovery: Vec::new() };
        let first = json!({ "code": phone.code(world) });
        let held = browser.post(&confirmation(&phone.id), first).await.ok().json();
        phone.recovery =
            held["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        phone
    }

    /// The code that it shows now, after RFC 6238.
    pub fn code(&self, world: &World) -> String {
        self.code_at(world.clock.now())
    }

    /// The code that it shows at an instant.
    pub fn code_at(&self, at: Timestamp) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let tag = hmac::sign(&key, &(at.as_second() / 30).to_be_bytes());
        let at = usize::from(tag.as_ref()[19] & 15);
        let number = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// A new code: half a minute later.
    pub async fn next(&self, world: &World) -> String {
        world.pass(SignedDuration::from_secs(30)).await;
        self.code(world)
    }
}

fn confirmation(id: &str) -> String {
    format!("/me/security/authenticator/{id}/confirmation")
}

/// Gives the second factor of a sign-in.
pub async fn step(browser: &Browser, code: &str) -> Answer {
    browser.post("/session/factor", json!({ "code": code })).await
}

/// Whether somebody got a mail with these words.
pub fn is_told(world: &World, who: &Applicant, words: &str) -> bool {
    let mails = world.messages().into_iter().filter(|one| one.channel == Channel::Mail && one.to == who.email);
    mails.into_iter().any(|mail| mail.text.contains(words))
}

/// Somebody who has registered one.
pub async fn person(world: &World, side: &str) -> (Applicant, Browser, Phone) {
    let who = Applicant::new(side);
    let browser = world.applicant(&who).await;
    let phone = Phone::register(world, &browser).await;
    (who, browser, phone)
}

#[tokio::test]
async fn the_password_alone_signs_nobody_in_who_has_a_second_factor() {
    let world = World::new().await;
    let (who, mine, phone) = person(&world, "buyer").await;
    mine.get("/me").await.ok();
    let browser = world.visitor();
    let waits = browser.sign_in(&who.phone, PASSWORD).await.ok();
    let (waits, location) = (waits.json(), waits.header("location").to_owned());
    assert_eq!((&waits["waits_for_second_factor"], &waits["session"]), (&json!(true), &Value::Null));
    assert_eq!(location, "/session/factor?next=%2F");
    assert_eq!(browser.get("/me").await.status, 401, "nobody is signed in yet");
    let page = browser.page("/session/factor?next=/company").await.ok().text;
    assert!(page.contains("登录第二步") && page.contains("value=\"/company\"") && !page.contains('⟦'), "{page}");
    refused(&step(&browser, "12345").await, "code", "factor-form");
    refused(&step(&browser, "000000").await, "code", "factor-wrong-left");
    let code = phone.next(&world).await;
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let done = browser.submit("/session/factor", &[("code", &spaced), ("next", "/company")]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/company"));
    browser.get("/me").await.ok();
    let over = browser.get("/session/factor").await;
    assert_eq!((over.status.as_u16(), over.code().as_str()), (409, "sign-in-step-over"));
    assert_eq!(world.count("SELECT count(*) FROM sign_in_step").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'account.signed-in'").await, 1);
}

#[tokio::test]
async fn a_sign_in_that_stops_half_way_is_over_after_ten_minutes() {
    let world = World::new().await;
    let (who, _, phone) = person(&world, "buyer").await;
    let browser = world.visitor();
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    world.pass(SignedDuration::from_mins(10)).await;
    let late = step(&browser, &phone.code(&world)).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "sign-in-step-over"));
    assert_eq!(world.count("SELECT count(*) FROM sign_in_step").await, 0, "swept");
    let page = browser.page("/session/factor").await.text;
    assert!(page.contains("href=\"/session/new\"") && page.contains("重新登录"), "{page}");
}

/// The session has another secret from then on, and so have the forms of the page that says so.
#[tokio::test]
async fn the_page_of_the_recovery_codes_can_be_acted_from() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("buyer")).await;
    let begun = me.post("/me/security/authenticator", json!({})).await.ok().json();
    let secret = data_encoding::BASE32_NOPAD.decode(text(&begun, "secret").as_bytes()).unwrap();
    let phone = Phone { secret, id: text(&begun, "id"), recovery: Vec::new() };
    let page = me.submit(&confirmation(&phone.id), &[("code", &phone.code(&world))]).await.ok();
    let token = page.text.split("name=\"csrf\" value=\"").nth(1).expect("a form").split('"').next().unwrap();
    me.post_with(token, "/session/end", &json!({})).await.ok();
}

#[tokio::test]
async fn a_secret_is_shown_once_and_holds_after_its_first_code() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let me = world.applicant(&who).await;
    let page = me.page("/me/security").await.ok().text;
    assert!(page.contains("只有密码") && page.contains("登记验证器") && !page.contains('⟦'), "{page}");
    let begun = me.submit("/me/security/authenticator", &[]).await;
    assert_eq!(begun.status, 201);
    for shown in ["<svg class=\"qr\"", "otpauth://totp/", "secret="] {
        assert!(begun.text.contains(shown) && !begun.text.contains('⟦'), "{shown}: {}", begun.text);
    }
    let action = begun.text.split("action=\"").find(|rest| rest.starts_with("/me/security/auth")).unwrap();
    let action = action.split('"').next().unwrap().to_owned();
    let wrong = me.submit(&action, &[("code", "000000")]).await;
    assert!(wrong.status == 422 && !wrong.text.contains("otpauth") && wrong.text.contains("密钥不再显示"));
    assert_eq!(world.count("SELECT count(*) FROM authenticator WHERE confirmed_at IS NOT NULL").await, 0);
    world.visitor().sign_in(&who.phone, PASSWORD).await.ok();
    let phone = Phone::register(&world, &me).await;
    assert_eq!(me.post(&confirmation(&phone.id), json!({ "code": phone.code(&world) })).await.status, 404, "it holds");
    assert_eq!(phone.recovery.len(), 10);
    let stored = world
        .app
        .db()
        .read::<_, kit::db::Error>(|tx| tx.all("SELECT secret FROM authenticator", &[], |row| row.next::<Vec<u8>>()));
    let text = data_encoding::BASE32_NOPAD.encode(&phone.secret).into_bytes();
    for sealed in stored.await.unwrap() {
        assert!(![&text, &phone.secret].iter().any(|plain| sealed.windows(plain.len()).any(|part| part == **plain)));
    }
    let security = me.get("/me/security").await.ok().json();
    assert_eq!((&security["authenticator"]["id"], &security["recovery"]["left"]), (&json!(phone.id), &json!(10)));
    let centre = me.get("/me").await.ok().json()["centre"].to_string();
    assert!(centre.contains("已启用验证器，剩 10 个恢复码"), "{centre}");
    let page = me.page("/me/security?lang=en").await.ok().text;
    assert!(page.contains("10 are left") && page.contains("Remove the authenticator") && !page.contains('⟦'), "{page}");
    world.settle().await;
    assert!(is_told(&world, &who, "启用了一个验证器"));
}

#[tokio::test]
async fn one_that_waits_too_long_for_its_first_code_is_forgotten() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("buyer")).await;
    let begun = me.post("/me/security/authenticator", json!({})).await.ok().json();
    world.pass(SignedDuration::from_mins(31)).await;
    assert_eq!(world.count("SELECT count(*) FROM authenticator").await, 0);
    me.post("/me/step-up", json!({ "proof": PASSWORD })).await.ok();
    assert_eq!(me.post(&confirmation(&text(&begun, "id")), json!({ "code": "000000" })).await.status, 404);
}

#[tokio::test]
async fn a_recovery_code_signs_in_and_a_new_set_replaces_the_old() {
    let world = World::new().await;
    let (who, me, phone) = person(&world, "buyer").await;
    let browser = world.visitor();
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    step(&browser, &phone.recovery[0].to_uppercase()).await.ok();
    browser.get("/me").await.ok();
    world.settle().await;
    assert!(is_told(&world, &who, "用你的一个恢复码"));
    assert_eq!(browser.get("/me/security").await.json()["recovery"]["left"], 9);
    let again = world.visitor();
    again.sign_in(&who.phone, PASSWORD).await.ok();
    refused(&step(&again, &phone.recovery[0]).await, "code", "factor-wrong-left");
    let new = me.post("/me/security/recovery-codes", json!({})).await.ok().json();
    refused(&step(&again, &phone.recovery[1]).await, "code", "factor-wrong-left");
    step(&again, new["codes"][0].as_str().unwrap()).await.ok();
}

#[tokio::test]
async fn it_is_replaced_and_removed_and_the_recovery_codes_go_with_it() {
    let world = World::new().await;
    let (who, me, old) = person(&world, "buyer").await;
    world.pass(SignedDuration::from_secs(30)).await;
    let new = Phone::register(&world, &me).await;
    let browser = world.visitor();
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    refused(&step(&browser, &old.next(&world).await).await, "code", "factor-wrong-left");
    step(&browser, &new.code(&world)).await.ok();
    let removal = |id: &str| format!("/me/security/authenticator/{id}/removal");
    assert_eq!(me.post(&removal(&old.id), json!({})).await.status, 404, "replaced");
    let done = me.submit(&removal(&new.id), &[]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/me/security?done=factor-removed"));
    assert_eq!(world.count("SELECT count(*) FROM recovery_code").await, 0);
    let none = me.post("/me/security/recovery-codes", json!({})).await;
    assert_eq!((none.status.as_u16(), none.code().as_str()), (409, "second-factor-none"));
    world.settle().await;
    assert!(is_told(&world, &who, "停用了验证器"));
    let alone = world.visitor();
    assert_eq!(alone.sign_in(&who.phone, PASSWORD).await.ok().json()["waits_for_second_factor"], false);
    alone.get("/me").await.ok();
}

/// Codes to phone and mailbox are of one kind with each other, and of another than the second factor.
#[tokio::test]
async fn a_reset_by_phone_and_mailbox_leaves_the_second_factor() {
    let world = World::new().await;
    let (who, _, phone) = person(&world, "buyer").await;
    let browser = world.visitor();
    let reset = browser.post("/password-resets", json!({ "account": who.phone })).await.ok();
    let mut codes = world.codes(&who).await;
    codes["password"] = json!("sieben graue Esel am Bach");
    browser.post(&format!("{}/password", reset.header("location")), codes).await.ok();
    let waits = browser.sign_in(&who.phone, "sieben graue Esel am Bach").await.ok().json();
    assert_eq!(waits["waits_for_second_factor"], true);
    assert_eq!(browser.get("/me").await.status, 401);
    step(&browser, &phone.next(&world).await).await.ok();
}

#[tokio::test]
async fn people_of_the_operator_register_a_second_factor_first() {
    let world = World::configured(|config| config.operator_second_factor = SecondFactor::Required).await;
    let operator = world.operator().await;
    let closed = operator.get("/operator/companies").await;
    assert_eq!((closed.status.as_u16(), closed.code().as_str()), (403, "second-factor-first"));
    for path in ["/", "/operator/companies", "/desk/exceptions", "/opportunities"] {
        let led = operator.page(path).await;
        assert_eq!((led.status.as_u16(), led.header("location")), (303, "/me/security"), "{path}");
    }
    let page = operator.page("/me/security").await.ok().text;
    assert!(page.contains("请先登记第二因素"), "{page}");
    operator.get("/me/data").await.ok();
    let phone = Phone::register(&world, &operator).await;
    operator.get("/operator/companies").await.ok();
    let kept = operator.post(&format!("/me/security/authenticator/{}/removal", phone.id), json!({})).await;
    assert_eq!((kept.status.as_u16(), kept.code().as_str()), (409, "second-factor-required"));
    let page = operator.page("/me/security").await.ok().text;
    assert!(page.contains("只能换一个") && !page.contains("/removal\""), "{page}");
    let member = world.applicant(&Applicant::new("buyer")).await;
    member.get("/").await.ok();
}

#[tokio::test]
async fn nothing_of_it_is_left_of_who_left() {
    let world = World::new().await;
    let (_, me, phone) = person(&world, "buyer").await;
    crate::cancellation::ask(&me).await.ok();
    world.pass(crate::cancellation::OVER).await;
    assert_eq!(world.count("SELECT count(*) FROM authenticator").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM recovery_code").await, 0);
    drop(phone);
}

#[tokio::test]
async fn who_runs_the_program_removes_what_an_operator_has_lost_and_nobody_elses() {
    let world = World::configured(|config| config.operator_second_factor = SecondFactor::Required).await;
    let operator = world.operator().await;
    Phone::register(&world, &operator).await;
    let forget = async |name: &str| app::identity::account::forget_operators_factor(&world.app, name).await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    for name in ["13800138999", who.phone.as_str()] {
        assert_eq!(forget(name).await.unwrap_err().code, "not-found", "{name}");
    }
    assert!(forget("desk@operator.example").await.unwrap());
    assert_eq!(operator.get("/me").await.status, 401, "all login sessions end");
    let again = world.operator().await;
    assert_eq!(again.get("/operator/companies").await.code(), "second-factor-first");
    world.settle().await;
    assert!(world.messages().iter().any(|one| one.text.contains("停用了验证器")));
    assert!(!forget("desk@operator.example").await.unwrap());
}
