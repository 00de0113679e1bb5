//! Requests to the personal information officer: asked, due, answered, asked again once; and who may read them.

use crate::account::refused;
use crate::command::{folder, ziyun};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What the form sends.
pub fn wanted() -> Value {
    json!({ "id": crate::sourcing::id(), "kind": "explanation", "text": "请说明我的手机号用在哪里，赤霞路七号。" })
}

async fn asked(me: &Browser) -> (String, String) {
    let line = me.post("/me/complaints", wanted()).await.ok().json();
    let id = line["id"].as_str().unwrap().to_owned();
    (format!("/me/complaints/{id}"), format!("/desk/privacy/requests/{id}"))
}

#[tokio::test]
async fn a_request_is_answered_and_may_be_asked_again_once() {
    let world = World::new().await;
    let (me, officer) = (world.member("both").await, world.operator().await);
    let (mine, case) = asked(&me).await;
    let list = me.get("/me/complaints").await.ok().json();
    assert_eq!(list["complaints"][0]["due_at"], "2026-12-14T15:59:59Z", "the fifteenth working day, in Beijing");
    let queue = officer.get("/desk/privacy").await.ok().json();
    assert_eq!((&queue["open"], &queue["overdue"]), (&json!(1), &json!(0)));
    officer.post(&format!("{case}/claim"), json!({})).await.ok();
    assert!(officer.get(&case).await.ok().text.contains("赤霞路七号"));
    refused(&officer.post(&format!("{case}/answer"), json!({ "text": "" })).await, "text", "required");
    let early = me.post(&format!("{mine}/reopening"), json!({ "text": "还没有答复就再问" })).await;
    assert_eq!(early.code(), "complaint-not-answered");
    officer.post(&format!("{case}/answer"), json!({ "text": "用于登录和验证码，没有其他用途。" })).await.ok();
    let twice = officer.post(&format!("{case}/answer"), json!({ "text": "第二次答复同一件" })).await;
    assert_eq!((twice.status.as_u16(), twice.code().as_str()), (409, "complaint-answered"));
    let thread = me.get(&mine).await.ok().json();
    assert_eq!(thread["messages"][1]["text"], "用于登录和验证码，没有其他用途。");
    world.settle().await;
    assert!(world.messages().iter().any(|message| message.text.contains("已有答复")));
    me.post(&format!("{mine}/reopening"), json!({ "text": "通知短信算不算其他用途？" })).await.ok();
    officer.post(&format!("{case}/answer"), json!({ "text": "算必要通知，见第二节。" })).await.ok();
    let third = me.post(&format!("{mine}/reopening"), json!({ "text": "我还想再问一次" })).await;
    assert_eq!((third.status.as_u16(), third.code().as_str()), (409, "complaint-reopened"));
    let page = me.page(&mine).await.ok().text;
    assert!(page.contains("人民法院") && !page.contains('⟦'), "{page}");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'complaint.changed'").await, 5);
}

#[tokio::test]
async fn only_the_person_and_the_officer_read_it_and_the_person_reads_of_that() {
    let world = World::new().await;
    let (me, you, officer) = (world.member("both").await, world.member("both").await, world.operator().await);
    let (mine, case) = asked(&me).await;
    for path in [mine.clone(), format!("{mine}/receipt")] {
        assert_eq!(you.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(you.post(&format!("{mine}/reopening"), json!({ "text": "别人的请求" })).await.status, 404);
    assert_eq!(you.get(&case).await.status, 404);
    assert_eq!(officer.get(&mine).await.status, 404, "the officer has a page of their own");
    officer.get("/desk/privacy").await.ok();
    let before = me.get("/me/accesses").await.ok().json()["others"].to_string();
    assert!(!before.contains("个人信息负责人"), "the queue opens nothing: {before}");
    officer.get(&case).await.ok();
    let told = me.get("/me/accesses").await.ok().json()["others"].to_string();
    assert!(told.contains("个人信息负责人为“受理并答复您的请求和投诉”打开了你的请求和投诉的内容"), "{told}");
    assert!(me.get("/me/data").await.ok().text.contains("赤霞路七号"));
    let id = mine.rsplit('/').next().unwrap();
    let same = json!({ "id": id, "kind": "deletion", "text": "用别人的编号再提" });
    assert_eq!(you.post("/me/complaints", same).await.status, 404, "another person's id");
}

#[tokio::test]
async fn the_receipt_proves_the_day_without_the_text() {
    let world = World::new().await;
    let me = world.member("both").await;
    let (mine, _) = asked(&me).await;
    let receipt = me.get(&format!("{mine}/receipt")).await.ok().text;
    assert!(receipt.contains("2026-12-14T15:59:59Z") && !receipt.contains("赤霞路"), "{receipt}");
    let here = folder();
    std::fs::write(here.path().join("receipt.json"), receipt).unwrap();
    let output = ziyun(here.path(), &["verify", "receipt.json"]).current_dir(here.path()).output().unwrap();
    assert!(output.status.success());
}

#[tokio::test]
async fn the_officer_is_reminded_once_and_what_is_late_is_marked() {
    let world = World::new().await;
    let (me, officer) = (world.member("both").await, world.operator().await);
    asked(&me).await;
    world.stay_signed_in(40).await;
    let reminders = || world.messages().iter().filter(|message| message.text.contains("三天内到期")).count();
    world.pass(SignedDuration::from_hours(24 * 18)).await;
    assert_eq!(reminders(), 0);
    world.pass(SignedDuration::from_hours(24)).await;
    world.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(reminders(), 1);
    world.pass(SignedDuration::from_hours(24 * 4)).await;
    let queue = officer.get("/desk/privacy").await.ok().json();
    assert_eq!((&queue["overdue"], &queue["requests"][0]["overdue"]), (&json!(1), &json!(true)));
    assert!(officer.page("/desk/privacy").await.ok().text.contains("已超期"));
    assert_eq!(reminders(), 1);
}

#[tokio::test]
async fn the_records_of_processing_are_what_the_program_enforces() {
    let world = World::new().await;
    let officer = world.operator().await;
    let records = officer.get("/desk/privacy/records").await.ok().json();
    assert_eq!(records["uses"].as_array().unwrap().len(), policy::ROWS.len());
    assert!(officer.page("/desk/privacy/records").await.ok().text.contains("PIPL 13(1)(3)"));
}
