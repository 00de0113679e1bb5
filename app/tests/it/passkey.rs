//! Passkeys: registered, used to sign in, as second factor and as fresh proof, listed and removed.

use crate::account::refused;
use crate::authenticator::{Authenticator, ORIGIN};
use crate::factor::{Phone, is_told, step};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::text;
use crate::world::{Answer, Browser, World};
use app::config::SecondFactor;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A challenge, under the path that it is answered at.
pub async fn challenge(browser: &Browser, path: &str) -> Value {
    browser.post(&format!("{path}/challenge"), json!({})).await.ok().json()
}

/// An answer to a challenge.
pub async fn answer(browser: &Browser, path: &str, asked: &Value, credential: &str) -> Answer {
    browser.post(path, json!({ "challenge": asked["challenge"], "credential": credential })).await
}

/// Registers a new one.
pub async fn register(browser: &Browser, key: &mut Authenticator, name: &str) -> Answer {
    let asked = challenge(browser, "/me/security/passkeys").await;
    let credential = key.create(&asked["options"]);
    let fields = json!({ "challenge": asked["challenge"], "credential": credential, "name": name });
    browser.post("/me/security/passkeys", fields).await
}

/// Uses one: to sign in (`/session/passkey`), as second factor or as fresh proof.
pub async fn used(browser: &Browser, key: &mut Authenticator, path: &str) -> Answer {
    let asked = challenge(browser, path).await;
    answer(browser, path, &asked, &key.get(&asked["options"])).await
}

/// Somebody who has registered one.
pub async fn person(world: &World, side: &str) -> (Applicant, Browser, Authenticator) {
    let (who, mut key) = (Applicant::new(side), Authenticator::new());
    let browser = world.applicant(&who).await;
    register(&browser, &mut key, "办公室电脑").await.ok();
    (who, browser, key)
}

/// The passkeys that a person sees listed.
pub async fn listed(browser: &Browser) -> Vec<Value> {
    browser.get("/me/security").await.ok().json()["passkeys"].as_array().unwrap().clone()
}

const SIGN_IN: &str = "/session/passkey";
const FACTOR: &str = "/session/factor/passkey";
const STEP_UP: &str = "/me/step-up/passkey";

#[tokio::test]
async fn one_is_registered_and_signs_in_by_itself() {
    let world = World::new().await;
    let (who, me, mut key) = person(&world, "buyer").await;
    let page = me.page("/me/security").await.ok().text;
    for shown in ["办公室电脑", "还没有用过", "data-passkey=\"create\"", "没有运行脚本", "已启用第二因素", ORIGIN]
    {
        assert!(page.contains(shown) && !page.contains('⟦'), "{shown}: {page}");
    }
    let browser = world.visitor();
    let page = browser.page("/session/new?next=/company").await.ok().text;
    assert!(page.contains("用通行密钥登录") && page.contains("data-passkey=\"get\"") && !page.contains('⟦'), "{page}");
    world.pass(SignedDuration::from_mins(3)).await;
    let begun = used(&browser, &mut key, SIGN_IN).await.ok().json();
    assert_eq!((&begun["waits_for_second_factor"], begun["session"].is_string()), (&json!(false), true));
    let mine = listed(&browser).await;
    assert_eq!((&mine[0]["name"], mine[0]["used_at"].is_string()), (&json!("办公室电脑"), true));
    assert_eq!(world.count("SELECT counter FROM passkey").await, 1);
    // Device and person are two factors: the session may do what a second factor is asked for.
    browser.post("/me/security/recovery-codes", json!({})).await.ok();
    let centre = browser.get("/me").await.ok().json()["centre"].to_string();
    assert!(centre.contains("已启用通行密钥 1 个，剩 10 个恢复码"), "{centre}");
    world.settle().await;
    assert!(is_told(&world, &who, "登记了一个通行密钥"));
}

#[tokio::test]
async fn the_first_brings_recovery_codes_and_the_password_alone_is_enough_no_more() {
    let world = World::new().await;
    let (who, mut key) = (Applicant::new("buyer"), Authenticator::new());
    let me = world.applicant(&who).await;
    let asked = challenge(&me, "/me/security/passkeys").await;
    let fields = [
        ("challenge", asked["challenge"].as_str().unwrap()),
        ("credential", &key.create(&asked["options"])),
        ("name", "手机"),
    ];
    let shown = me.submit("/me/security/passkeys", &fields).await;
    assert!(shown.status == 201 && shown.text.contains("<ol class=\"recovery\">"), "{}", shown.text);
    let mut second = Authenticator::new();
    let added = register(&me, &mut second, "安全密钥").await.ok().json();
    assert_eq!(added["codes"], json!([]), "the set stays");
    assert_eq!(second.handle, key.handle, "one person, one handle");
    let browser = world.visitor();
    assert_eq!(browser.sign_in(&who.phone, PASSWORD).await.ok().json()["waits_for_second_factor"], true);
    assert_eq!(browser.get("/me").await.status, 401);
    let page = browser.page("/session/factor").await.ok().text;
    assert!(page.contains("用通行密钥继续") && page.contains("一个恢复码") && !page.contains('⟦'), "{page}");
    used(&browser, &mut second, FACTOR).await.ok();
    browser.get("/me").await.ok();
    assert_eq!(world.count("SELECT count(*) FROM sign_in_step").await, 0);
    let code = shown.text.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    let other = world.visitor();
    other.sign_in(&who.phone, PASSWORD).await.ok();
    step(&other, code).await.ok();
}

#[tokio::test]
async fn it_is_a_fresh_proof_and_raises_a_low_session() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let me = world.applicant(&who).await;
    let before = world.visitor();
    before.sign_in(&who.phone, PASSWORD).await.ok();
    let mut key = Authenticator::new();
    register(&me, &mut key, "手机").await.ok();
    let renewal = "/me/security/recovery-codes";
    assert_eq!(before.post(renewal, json!({})).await.code(), "step-up", "by the password alone, before there was one");
    let page = before.page("/me/step-up?next=/me/security").await.ok().text;
    assert!(page.contains("用通行密钥确认") && page.contains("/me/step-up/passkey/challenge"), "{page}");
    let asked = challenge(&before, STEP_UP).await;
    assert_eq!(asked["options"]["allowCredentials"].as_array().map(Vec::len), Some(1));
    let credential = key.get(&asked["options"]);
    let fields =
        [("challenge", asked["challenge"].as_str().unwrap()), ("credential", &credential), ("next", "/me/security")];
    let done = before.submit(STEP_UP, &fields).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/me/security"));
    before.post(renewal, json!({})).await.ok();
    world.pass(SignedDuration::from_mins(16)).await;
    assert_eq!(me.post(renewal, json!({})).await.code(), "step-up");
    assert_eq!(used(&me, &mut key, STEP_UP).await.ok().json()["by_second"], true);
    me.post(renewal, json!({})).await.ok();
}

#[tokio::test]
async fn it_is_removed_and_the_last_takes_the_recovery_codes_along() {
    let world = World::new().await;
    let (who, me, mut key) = person(&world, "buyer").await;
    let phone = Phone::register(&world, &me).await;
    let removal = |id: &Value| format!("/me/security/passkeys/{}/removal", id.as_str().unwrap());
    let id = &listed(&me).await[0]["id"];
    let done = me.submit(&removal(id), &[]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/me/security?done=passkey-removed"));
    assert_eq!(world.count("SELECT count(*) FROM recovery_code").await, 10, "there is the authenticator");
    refused(&used(&world.visitor(), &mut key, SIGN_IN).await, "credential", "passkey-refused");
    assert_eq!(me.post(&removal(id), json!({})).await.status, 404, "once");
    register(&me, &mut Authenticator::new(), "新手机").await.ok();
    me.post(&format!("/me/security/authenticator/{}/removal", phone.id), json!({})).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM recovery_code").await, 10, "there is the passkey");
    me.post(&removal(&listed(&me).await[0]["id"]), json!({})).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM recovery_code").await, 0);
    world.visitor().sign_in(&who.phone, PASSWORD).await.ok();
    world.settle().await;
    assert!(is_told(&world, &who, "移除了一个通行密钥"));
}

#[tokio::test]
async fn there_are_ten_at_most_and_none_twice() {
    let world = World::new().await;
    let (_, me, key) = person(&world, "buyer").await;
    refused(&register(&me, &mut key.clone(), "又一次").await, "credential", "passkey-refused");
    let other = world.applicant(&Applicant::new("provider")).await;
    refused(&register(&other, &mut key.clone(), "别人的").await, "credential", "passkey-refused");
    let elsewhere = world.visitor();
    used(&elsewhere, &mut key.clone(), SIGN_IN).await.ok();
    let asked = challenge(&elsewhere, "/me/security/passkeys").await;
    assert_eq!(asked["options"]["excludeCredentials"].as_array().map(Vec::len), Some(1));
    for n in 2..=10 {
        register(&me, &mut Authenticator::new(), &format!("第{n}个")).await.ok();
    }
    let full = me.post("/me/security/passkeys/challenge", json!({})).await;
    assert_eq!((full.status.as_u16(), full.code().as_str()), (409, "passkeys-enough"));
    // One that was asked for in another browser before there were ten.
    let credential = Authenticator::new().create(&asked["options"]);
    let late = json!({ "challenge": asked["challenge"], "credential": credential, "name": "晚了" });
    assert_eq!(elsewhere.post("/me/security/passkeys", late).await.code(), "passkeys-enough");
    let page = me.page("/me/security").await.ok().text;
    assert!(page.contains("已有10个") && !page.contains("data-passkey"), "{page}");
}

#[tokio::test]
async fn an_operator_gives_it_as_the_second_factor_and_keeps_one() {
    let world = World::configured(|config| config.operator_second_factor = SecondFactor::Required).await;
    let operator = world.operator().await;
    assert_eq!(operator.get("/operator/companies").await.code(), "second-factor-first");
    let mut key = Authenticator::new();
    register(&operator, &mut key, "工位电脑").await.ok();
    operator.get("/operator/companies").await.ok();
    let removal = format!("/me/security/passkeys/{}/removal", text(&listed(&operator).await[0], "id"));
    let kept = operator.post(&removal, json!({})).await;
    assert_eq!((kept.status.as_u16(), kept.code().as_str()), (409, "second-factor-required"));
    assert!(!operator.page("/me/security").await.ok().text.contains("/removal\""));
    let browser = world.visitor();
    let waits = browser.sign_in("desk@operator.example", PASSWORD).await.ok().json();
    assert_eq!(waits["waits_for_second_factor"], true);
    used(&browser, &mut key, FACTOR).await.ok();
    browser.get("/operator/companies").await.ok();
    // With an authenticator beside it, either may go, but not both.
    let phone = Phone::register(&world, &operator).await;
    let app = format!("/me/security/authenticator/{}/removal", phone.id);
    let (first, second) = tokio::join!(operator.post(&removal, json!({})), operator.post(&app, json!({})));
    let mut came = [first.status.as_u16(), second.status.as_u16()];
    came.sort_unstable();
    assert_eq!(came, [201, 409]);
    assert!(operator.get("/operator/companies").await.status == 200, "one is left");
}

#[tokio::test]
async fn after_a_leak_none_signs_in_by_itself_until_it_is_confirmed() {
    let world = World::new().await;
    let (who, me, mut key) = person(&world, "buyer").await;
    let report = json!({ "id": crate::sourcing::id(), "text": "我的手机丢了，有人可能看到了密码。" });
    me.post("/me/leak", report).await.ok();
    refused(&used(&world.visitor(), &mut key, SIGN_IN).await, "credential", "passkey-refused");
    let browser = world.visitor();
    let reset = browser.post("/password-resets", json!({ "account": who.phone })).await.ok();
    let mut codes = world.codes(&who).await;
    codes["password"] = json!("sieben graue Esel am Bach");
    browser.post(&format!("{}/password", reset.header("location")), codes).await.ok();
    browser.sign_in(&who.phone, "sieben graue Esel am Bach").await.ok();
    used(&browser, &mut key, FACTOR).await.ok();
    let one = listed(&browser).await.remove(0);
    assert!(one["paused_at"].is_string(), "{one}");
    let page = browser.page("/me/security").await.ok().text;
    assert!(page.contains("暂停单独登录") && page.contains("是我的，恢复单独登录") && !page.contains('⟦'), "{page}");
    let confirmation = format!("/me/security/passkeys/{}/confirmation", text(&one, "id"));
    browser.post(&confirmation, json!({})).await.ok();
    assert_eq!(browser.post(&confirmation, json!({})).await.status, 404, "once");
    used(&world.visitor(), &mut key, SIGN_IN).await.ok();
}

#[tokio::test]
async fn nothing_of_it_is_left_of_who_left_and_the_copy_of_ones_data_has_its_name() {
    let world = World::new().await;
    let (_, me, mut key) = person(&world, "buyer").await;
    let own = me.page("/me/data").await.ok().text;
    assert!(own.contains("办公室电脑") && own.contains("通行密钥的名称") && !own.contains('⟦'), "{own}");
    let stored = world
        .app
        .db()
        .read::<_, kit::db::Error>(|tx| tx.one("SELECT name FROM passkey", &[], |row| row.next::<Vec<u8>>()));
    let (stored, plain) = (stored.await.unwrap(), "办公室电脑".as_bytes());
    assert!(!stored.windows(plain.len()).any(|part| part == plain), "the name lies sealed");
    crate::cancellation::ask(&me).await.ok();
    world.pass(crate::cancellation::OVER).await;
    for table in [
        "SELECT count(*) FROM passkey",
        "SELECT count(*) FROM passkey_handle",
        "SELECT count(*) FROM passkey_challenge",
    ] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    refused(&used(&world.visitor(), &mut key, SIGN_IN).await, "credential", "passkey-refused");
}

#[tokio::test]
async fn an_address_that_browsers_refuse_offers_none() {
    let world = World::configured(|config| config.public_url = Some("http://192.0.2.7:8080".parse().unwrap())).await;
    let me = world.applicant(&Applicant::new("buyer")).await;
    for (browser, path) in [(&me, "/me/security/passkeys"), (&me, STEP_UP), (&world.visitor(), SIGN_IN)] {
        let off = browser.post(&format!("{path}/challenge"), json!({})).await;
        assert_eq!((off.status.as_u16(), off.code().as_str()), (409, "passkeys-off"), "{path}");
    }
    let page = me.page("/me/security").await.ok().text;
    assert!(page.contains("不是用 HTTPS 打开的域名") && !page.contains("data-passkey"), "{page}");
    assert!(!world.visitor().page("/session/new").await.ok().text.contains("data-passkey"));
}

#[tokio::test]
async fn who_runs_the_program_removes_an_operators_with_the_rest() {
    let world = World::configured(|config| config.operator_second_factor = SecondFactor::Required).await;
    let operator = world.operator().await;
    register(&operator, &mut Authenticator::new(), "丢了的手机").await.ok();
    assert!(app::identity::account::forget_operators_factor(&world.app, "desk@operator.example").await.unwrap());
    assert_eq!(operator.get("/me").await.status, 401);
    assert_eq!(world.count("SELECT count(*) FROM passkey").await, 0);
    assert_eq!(world.operator().await.get("/operator/companies").await.code(), "second-factor-first");
}
