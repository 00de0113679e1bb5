//! A leak that somebody reports: what ends at once, who hears of it, and the way back.

use crate::account::refused;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{id, text};
use crate::world::{Browser, World};
use serde_json::{Value, json};

/// What the form sends.
pub fn report() -> Value {
    json!({ "id": id(), "text": "有人拿到了我的密码，登录过我的账号，赤霞路七号。" })
}

/// Sets the password anew, by the codes to phone and mailbox.
async fn come_back(world: &World, phone: &str, email: &str) -> Browser {
    let anybody = world.visitor();
    let reset = anybody.post("/password-resets", json!({ "account": phone })).await.ok();
    let who = Applicant { phone: phone.to_owned(), email: email.to_owned(), ..Applicant::new("both") };
    let mut codes = world.codes(&who).await;
    codes["password"] = json!(PASSWORD);
    anybody.post(&format!("{}/password", reset.header("location")), codes).await.ok();
    world.again_as(phone).await
}

#[tokio::test]
async fn a_report_ends_every_session_and_opens_a_case() {
    let world = World::new().await;
    let (me, officer) = (world.member("buyer").await, world.operator().await);
    let number: u64 = me.phone[7..].parse().unwrap();
    let (email, elsewhere) = (format!("person{number}@hengchuan.example"), world.again(&me).await);
    let secret = text(&crate::token::make(&world, &me, &["read"]).await.ok().json(), "secret");
    let page = me.page("/me/leak").await.ok().text;
    assert!(page.contains("全部登录会话结束") && !page.contains('⟦'), "{page}");
    let sent = report();
    let done = me.post("/me/leak", sent.clone()).await.ok().json();
    assert_eq!((&done["shut"], &done["tokens"], &done["case"]["kind"]), (&json!(true), &json!(1), &json!("leak")));
    assert_eq!(done["case"]["due_at"], "2026-11-24T15:59:59Z", "the end of the next working day, in Beijing");
    for browser in [&me, &elsewhere] {
        assert_eq!(browser.get("/me").await.status, 401);
        assert_eq!(browser.sign_in(&me.phone, PASSWORD).await.status, 422, "the password is void");
    }
    let program = world.visitor();
    let request = program.request(reqwest::Method::GET, "/tenders").bearer_auth(&secret);
    assert_eq!(program.send(request).await.status, 401, "the token is void");
    world.settle().await;
    let told =
        |to: &str, words: &str| world.messages().iter().any(|one| one.to.contains(to) && one.text.contains(words));
    assert!(told(&email, "密码和你建立的接口令牌已作废"));
    assert!(world.messages().iter().any(|one| one.text.contains("有用户报告泄露")), "the officer hears of it at once");
    assert!(!world.messages().iter().any(|one| one.text.contains("三天内到期")), "and once");
    let case = format!("/desk/privacy/requests/{}", text(&done["case"], "id"));
    officer.post(&format!("{case}/claim"), json!({})).await.ok();
    assert!(officer.get(&case).await.ok().text.contains("赤霞路七号"));
    let back = come_back(&world, &me.phone, &email).await;
    assert!(back.page("/me/complaints").await.ok().text.contains("泄露报告"));
    let again = back.post("/me/leak", sent).await.ok().json();
    assert_eq!(again["shut"], false, "sent twice it is one report");
    back.get("/me").await.ok();
}

#[tokio::test]
async fn what_is_refused_ends_nothing_and_a_leak_is_no_kind_that_one_chooses() {
    let world = World::new().await;
    let me = world.member("buyer").await;
    refused(&me.post("/me/leak", json!({ "id": id(), "text": "嗯" })).await, "text", "too-short");
    let chosen = json!({ "id": id(), "kind": "leak", "text": "当作一般请求提出" });
    refused(&me.post("/me/complaints", chosen).await, "kind", "choice");
    me.get("/me").await.ok();
}

#[tokio::test]
async fn another_persons_report_is_not_answered_and_shuts_nobody() {
    let world = World::new().await;
    let (me, you) = (world.member("buyer").await, world.member("buyer").await);
    let sent = report();
    me.post("/me/leak", sent.clone()).await.ok();
    assert_eq!(you.post("/me/leak", sent).await.status, 404, "the id is another person's");
    you.get("/me").await.ok();
}
