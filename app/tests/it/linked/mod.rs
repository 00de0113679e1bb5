//! Signing in through a group's or a third party's account: off until agreed to, linked by its person alone, never by itself.

mod attack;
mod issuer;
mod leaving;
mod lies;
mod logout;
mod order;

use crate::consent::{give, withdraw};
use crate::factor::{self, Phone, is_told};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::text;
use crate::verification::refusal;
use crate::world::{Answer, Browser, World, beginning, sabotaged};
use app::config::Settings;
use app::doctor::examine;
use app::identity::account::Whom;
use issuer::{Issuer, Return};
use jiff::SignedDuration;
use kit::id::Id;
use kit::random::Random;
use serde_json::{Value, json};
use vault::Subject;

const LINKS: &str = "SELECT count(*) FROM account_link";

/// A world with an issuer under contract.
async fn world() -> (World, Issuer) {
    let clock = beginning();
    let issuer = Issuer::new("lanhe", &clock).await;
    let world = World::made(clock, |config| issuer.configure(config, "2028-12-31")).await;
    (world, issuer)
}

/// A world with two.
async fn two() -> (World, [Issuer; 2]) {
    let clock = beginning();
    let both = [Issuer::new("lanhe", &clock).await, Issuer::new("other", &clock).await];
    let world = World::made(clock, |config| both.iter().for_each(|one| one.configure(config, "2028-12-31"))).await;
    (world, both)
}

/// Goes to an issuer from this page of ours. Answers where it leads.
async fn go(browser: &Browser, path: &str) -> String {
    text(&browser.post(path, json!({})).await.ok().json(), "address")
}

/// Comes back.
async fn arrive(browser: &Browser, code: &str, back: &Return) -> Answer {
    browser.post(&format!("/session/linked/{code}/return"), back.fields()).await
}

/// Links an account of this name there.
async fn link(browser: &Browser, issuer: &Issuer, subject: &str) -> Answer {
    let back = issuer.admits(&go(browser, "/me/link/lanhe").await, subject);
    arrive(browser, "lanhe", &back).await
}

/// Signs in through it.
async fn enter(browser: &Browser, issuer: &Issuer, subject: &str) -> Answer {
    let back = issuer.admits(&go(browser, "/session/linked/lanhe").await, subject);
    arrive(browser, "lanhe", &back).await
}

/// Somebody who has switched the function on and linked an account of this name.
async fn linked(world: &World, issuer: &Issuer, subject: &str) -> (Applicant, Browser) {
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    give(&me, "linked-sign-in").await.ok();
    link(&me, issuer, subject).await.ok();
    (who, me)
}

async fn links(browser: &Browser) -> Vec<Value> {
    browser.get("/me/linked").await.ok().json()["links"].as_array().unwrap().clone()
}

/// Who somebody is to the vault.
async fn subject(world: &World, who: &Applicant) -> Id<Subject> {
    let whom = Whom::read(world.app.accounts(), &who.email);
    world.app.db().read::<_, kit::db::Error>(move |tx| whom.find(tx)).await.unwrap().unwrap().1
}

#[tokio::test]
async fn it_is_off_until_it_is_agreed_to_and_keeps_nothing() {
    sabotaged();
    let (world, _) = world().await;
    let me = world.applicant(&Applicant::new("both")).await;
    assert_eq!(refusal(&me.post("/me/link/lanhe", json!({})).await), (403, "no-consent".into()));
    let page = me.page("/me/linked").await.ok().text;
    assert!(page.contains("这项功能没有开启") && !page.contains("/me/link/lanhe") && !page.contains('⟦'), "{page}");
    assert_eq!(world.count("SELECT count(*) FROM link_attempt").await, 0);
    let english = me.page("/me/linked?lang=en").await.ok().text;
    assert!(english.contains("not switched on") && !english.contains('⟦'), "{english}");
}

#[tokio::test]
async fn an_account_is_linked_signs_in_and_is_unlinked_with_the_address_of_its_third_party() {
    let (world, issuer) = world().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    give(&me, "linked-sign-in").await.ok();
    let shown = me.submit("/me/link/lanhe", &[]).await;
    let host = issuer.root().trim_start_matches("http://").split(':').next().unwrap().to_owned();
    for words in ["岚河集团", "别无其他", "https://lanhe.example/privacy", &host] {
        assert!(shown.status == 201 && shown.text.contains(words) && !shown.text.contains('⟦'), "{}", shown.text);
    }
    link(&me, &issuer, "u-1").await.ok();
    let mine = links(&me).await;
    assert_eq!((mine.len(), &mine[0]["issuer"], &mine[0]["used_at"]), (1, &json!("lanhe"), &Value::Null));
    for path in ["/me/linked", "/me/security"] {
        let page = me.page(path).await.ok().text;
        assert!(page.contains("https://lanhe.example/account") && page.contains("岚河集团账号"), "{path}: {page}");
    }
    world.settle().await;
    assert!(is_told(&world, &who, "刚刚关联了“岚河集团账号-lanhe”"));
    // In another browser, by the way of the sign-in page, to where its reader wanted to go.
    let browser = world.visitor();
    let page = browser.page("/session/new?next=/company").await.ok().text;
    assert!(page.contains("/session/linked/lanhe") && page.contains("岚河集团账号") && !page.contains('⟦'), "{page}");
    let gone = browser.post("/session/linked/lanhe", json!({ "next": "/company" })).await.ok().json();
    let back = issuer.admits(&text(&gone, "address"), "u-1");
    let path = format!("/session/linked/lanhe/return?code={}&state={}&iss={}", back.code, back.state, back.iss);
    let page = browser.page(&path).await.ok().text;
    assert!(page.contains("data-go") && page.contains(&back.code) && !page.contains('⟦'), "{page}");
    assert_eq!(issuer.redeemed().len(), 1, "reading the page changes nothing");
    let fields = [("code", back.code.as_str()), ("state", &back.state), ("iss", &back.iss)];
    let done = browser.submit("/session/linked/lanhe/return", &fields).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/company"), "{}", done.text);
    assert_eq!(browser.get("/session").await.json()["signed_in"], true);
    assert!(links(&browser).await[0]["used_at"].is_string());
    // Unlinked: it signs in no more, and the password still does.
    let id = text(&links(&browser).await[0], "id");
    let removed = browser.post(&format!("/me/linked/{id}/removal"), json!({})).await.ok().json();
    assert_eq!(text(&removed, "account_url"), "https://lanhe.example/account");
    assert_eq!(browser.post(&format!("/me/linked/{id}/removal"), json!({})).await.status, 404);
    assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-unknown".into()));
    assert_eq!(world.count(LINKS).await, 0);
    world.visitor().sign_in(&who.phone, PASSWORD).await.ok();
    world.settle().await;
    assert!(is_told(&world, &who, "解除了与“岚河集团账号-lanhe”的关联"));
}

#[tokio::test]
async fn of_what_an_issuer_says_the_identifier_alone_is_kept_sealed_and_its_person_sees_it() {
    let (world, issuer) = world().await;
    let (_, me) = linked(&world, &issuer, "u-4711").await;
    enter(&world.visitor(), &issuer, "u-4711").await.ok();
    world.settle().await;
    world.rows(|table, row| {
        let row = String::from_utf8_lossy(row);
        for value in ["王小明", "wang@lanhe.example", "u-4711", "sid-", "code-"] {
            assert!(!row.contains(value), "{table} holds {value}");
        }
    });
    let own = me.page("/me/data").await.ok().text;
    assert!(own.contains(&format!("{} u-4711", issuer.root())) && own.contains("第三方账号的编号"), "{own}");
}

#[tokio::test]
async fn an_unlinked_identity_opens_nothing_though_its_mailbox_is_somebodys() {
    let (world, issuer) = world().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    give(&me, "linked-sign-in").await.ok();
    // What the issuer says of the mailbox is not read.
    let browser = world.visitor();
    let answer = enter(&browser, &issuer, &who.email).await;
    assert_eq!(refusal(&answer), (409, "link-unknown".into()));
    assert_eq!(browser.get("/session").await.json()["signed_in"], false);
    let back = issuer.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    let fields = [("code", back.code.as_str()), ("state", &back.state), ("iss", &back.iss)];
    let page = browser.submit("/session/linked/lanhe/return", &fields).await;
    assert!(page.status == 409 && page.text.contains("没有账号关联了它") && page.text.contains("再到“登录保护”里关联"));
}

#[tokio::test]
async fn it_stands_in_for_the_password_and_the_second_factor_is_asked_for_as_ever() {
    let (world, issuer) = world().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let phone = Phone::register(&world, &me).await;
    give(&me, "linked-sign-in").await.ok();
    link(&me, &issuer, "u-1").await.ok();
    let browser = world.visitor();
    let waiting = enter(&browser, &issuer, "u-1").await.ok().json();
    assert_eq!((&waiting["waits_for_second_factor"], &waiting["linked"]), (&json!(true), &Value::Null));
    assert_eq!(browser.get("/me").await.status, 401, "nobody is signed in yet");
    let code = phone.next(&world).await;
    factor::step(&browser, &code).await.ok();
    browser.get("/me").await.ok();
    assert_eq!(world.count("SELECT count(*) FROM login_session WHERE link IS NOT NULL AND assurance = 2").await, 1);
}

#[tokio::test]
async fn who_withdraws_while_the_second_factor_is_waited_for_lets_nobody_in() {
    let (world, issuer) = world().await;
    let me = world.applicant(&Applicant::new("both")).await;
    let phone = Phone::register(&world, &me).await;
    give(&me, "linked-sign-in").await.ok();
    link(&me, &issuer, "u-1").await.ok();
    let browser = world.visitor();
    enter(&browser, &issuer, "u-1").await.ok();
    withdraw(&me, "linked-sign-in").await.ok();
    world.settle().await;
    let over = factor::step(&browser, &phone.next(&world).await).await;
    assert_eq!(refusal(&over), (409, "sign-in-step-over".into()));
}

#[tokio::test]
async fn linking_asks_for_a_fresh_proof() {
    let (world, issuer) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    let id = text(&links(&me).await[0], "id");
    world.pass(SignedDuration::from_mins(30)).await;
    for path in
        ["/me/link/lanhe".to_owned(), format!("/me/linked/{id}/removal"), format!("/me/linked/{id}/confirmation")]
    {
        assert_eq!(refusal(&me.post(&path, json!({})).await), (403, "step-up".into()), "{path}");
    }
}

#[tokio::test]
async fn what_was_linked_goes_with_the_consent_however_that_ends() {
    sabotaged();
    let (world, issuer) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    withdraw(&me, "linked-sign-in").await.ok();
    assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-unknown".into()), "at once");
    world.settle().await;
    assert_eq!(world.count(LINKS).await, 0, "withdrawn");
    world.clock.advance(SignedDuration::from_secs(1));
    give(&me, "linked-sign-in").await.ok();
    assert_eq!(
        refusal(&enter(&world.visitor(), &issuer, "u-1").await),
        (409, "link-unknown".into()),
        "nothing comes back"
    );
    link(&me, &issuer, "u-1").await.ok();
    world.pass(SignedDuration::from_hours(24 * 366)).await;
    assert_eq!(world.count(LINKS).await, 0, "expired");
}

#[tokio::test]
async fn after_a_leak_it_signs_nobody_in_until_its_person_says_that_it_is_theirs() {
    let (world, issuer) = world().await;
    let (who, me) = linked(&world, &issuer, "u-1").await;
    let report = json!({ "id": crate::sourcing::id(), "text": "我的密码泄露了，请处理" });
    me.post("/me/leak", report).await.ok();
    assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-paused".into()));
    let browser = world.visitor();
    let reset = browser.post("/password-resets", json!({ "account": who.phone })).await.ok();
    let mut fields = world.codes(&who).await;
    fields["password"] = json!("sieben graue Esel am Bach");
    browser.post(&format!("{}/password", reset.header("location")), fields).await.ok();
    browser.sign_in(&who.phone, "sieben graue Esel am Bach").await.ok();
    let one = links(&browser).await.remove(0);
    assert!(one["paused_at"].is_string(), "{one}");
    assert!(browser.page("/me/linked").await.ok().text.contains("是我的，恢复登录"));
    let path = format!("/me/linked/{}/confirmation", text(&one, "id"));
    browser.post(&path, json!({})).await.ok();
    assert_eq!(browser.post(&path, json!({})).await.status, 404, "once");
    enter(&world.visitor(), &issuer, "u-1").await.ok();
}

#[tokio::test]
async fn after_the_contract_nobody_is_sent_there() {
    let clock = beginning();
    let issuer = Issuer::new("lanhe", &clock).await;
    let world = World::made(clock, |config| issuer.configure(config, "2026-11-24")).await;
    linked(&world, &issuer, "u-1").await;
    let late = issuer.admits(&go(&world.visitor(), "/session/linked/lanhe").await, "u-1");
    world.until("2026-11-24T16:00:00Z".parse().unwrap()).await;
    let visitor = world.visitor();
    assert_eq!(visitor.post("/session/linked/lanhe", json!({})).await.status, 404);
    assert_eq!(arrive(&visitor, "lanhe", &late).await.status, 404);
    assert!(!visitor.page("/session/new").await.ok().text.contains("/session/linked/"));
}

#[tokio::test]
async fn everybody_reads_who_the_providers_are_and_the_doctor_looks_at_them() {
    let (world, issuer) = world().await;
    for (browser, path) in [(world.visitor(), "/trust"), (world.operator().await, "/desk/privacy/processors")] {
        let page = browser.page(path).await.ok().text;
        for words in
            ["信息来源", "岚河集团账号-lanhe", "dpo@lanhe.example", "https://lanhe.example/privacy", "2028-12-31"]
        {
            assert!(page.contains(words) && !page.contains('⟦'), "{path} {words}: {page}");
        }
    }
    let file = world.folder.path().join("issuers.toml");
    let told = async |until: &str, secret: &str| {
        let secret_file = world.folder.path().join("doctor.secret");
        std::fs::write(&secret_file, secret).unwrap();
        let root = issuer.root();
        let table = format!(
            "[[issuer]]\ncode = \"lanhe\"\nkind = \"group\"\nname_zh = \"甲\"\nname_en = \"A\"\nissuer = \"{root}\"\n\
             client_id = \"ziyun\"\nsecret_file = \"{}\"\naccount_url = \"{root}/a\"\nprivacy_url = \"{root}/p\"\n\
             who = \"岚河集团; dpo@lanhe.example; 华东; {until}\"\ninside = true\n",
            secret_file.display()
        );
        std::fs::write(&file, table).unwrap();
        let data = world.folder.path().join("data").display().to_string();
        let flags = [("data_dir", data), ("issuers_file", file.display().to_string())];
        let settings = Settings::read(None, [], flags).unwrap();
        let all = examine(&settings, &world.clock, &Random::seeded(5), &[]).await;
        let of_it = all.into_iter().filter(|one| one.check == "issuer");
        of_it.map(|one| format!("{:?} {}", one.state, one.what)).collect::<Vec<_>>().join("; ")
    };
    let fine = told("2028-12-31", issuer::SECRET).await;
    assert!(fine.contains("under its own name"), "{fine}");
    let over = told("2026-01-01", issuer::SECRET).await;
    assert!(over.contains("the contract is over"), "{over}");
    let short = told("2028-12-31", "short").await;
    assert!(short.contains("16 to 512"), "{short}");
    issuer.publishes(|metadata| metadata["issuer"] = json!("https://evil.example"));
    let other = told("2028-12-31", issuer::SECRET).await;
    assert!(other.contains("calls itself otherwise"), "{other}");
}
