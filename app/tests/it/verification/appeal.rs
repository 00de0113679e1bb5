//! An appeal: once, as the case is, and another reviewer decides.

use super::{CASE, accepted, handed_in, refusal, second};
use crate::account::refused;
use crate::people::Applicant;
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn another_reviewer_decides_on_an_appeal() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let (one, other) = (world.operator().await, second(&world).await);
    let words = json!({ "appeal": "名称变更已经登记，附上的执照是新的。" });
    let early = member.post(&format!("{CASE}/appeal"), words.clone()).await;
    assert_eq!(refusal(&early), (409, "verification-not-refused".into()));
    one.post(&format!("{case}/claim"), json!({})).await.ok();
    one.post(&format!("{case}/refusal"), json!({ "reason": "名称与登记的不一致" })).await.ok();
    assert!(member.page(CASE).await.ok().text.contains("只能申诉一次"));
    refused(&member.post(&format!("{CASE}/appeal"), json!({ "appeal": "不对" })).await, "appeal", "too-short");
    member.post(&format!("{CASE}/appeal"), words.clone()).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "pending");
    let company = one.get(&case).await.ok().json()["case"]["company"].as_str().unwrap().to_owned();
    for answer in [
        one.post(&format!("{case}/claim"), json!({})).await,
        crate::company::decide(&one, &company, "approval", json!({})).await,
        crate::company::decide(&one, &company, "refusal", json!({ "reason": "还是不一致" })).await,
    ] {
        assert_eq!(refusal(&answer), (409, "verification-own-decision".into()));
    }
    assert!(other.page(&case).await.ok().text.contains("名称变更已经登记"));
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    other.post(&format!("{case}/decision"), accepted()).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
}

#[tokio::test]
async fn an_appeal_without_documents_is_decided_by_the_register() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    let company = member.get("/company").await.ok().json()["company"]["id"].as_str().unwrap().to_owned();
    let (one, other) = (world.operator().await, second(&world).await);
    crate::company::decide(&one, &company, "refusal", json!({ "reason": "公示信息查不到" })).await.ok();
    let case =
        member.post(&format!("{CASE}/appeal"), json!({ "appeal": "昨天刚刚完成登记，请再查。" })).await.ok().json();
    let case = format!("/desk/verifications/{}", case["id"].as_str().unwrap());
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    let nothing = other.post(&format!("{case}/decision"), json!({})).await;
    assert_eq!(refusal(&nothing), (409, "verification-incomplete".into()), "nothing was seen, nothing is accepted");
    crate::company::decide(&other, &company, "approval", json!({})).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
}

#[tokio::test]
async fn an_appeal_is_made_once() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let words = json!({ "appeal": "请另一位审核人员再看一次。" });
    for reviewer in [world.operator().await, second(&world).await] {
        reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
        reviewer.post(&format!("{case}/refusal"), json!({ "reason": "名称与登记的不一致" })).await.ok();
        let answer = member.post(&format!("{CASE}/appeal"), words.clone()).await;
        let code = if answer.status == 201 { String::new() } else { answer.code() };
        assert!(["", "verification-appealed"].contains(&code.as_str()), "{code}");
    }
    assert_eq!(refusal(&member.post(&format!("{CASE}/appeal"), words).await), (409, "verification-appealed".into()));
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'verification.changed'").await, 8);
}
