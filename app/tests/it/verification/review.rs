//! Reviewing: claimed by one, decided step by step, mended and decided again.

use super::{CASE, accepted, give, hand_in, handed_in, one_refused, pages, photo, refusal, second};
use crate::account::refused;
use crate::colleague::invitation;
use crate::people::Applicant;
use crate::world::World;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_provider_is_verified_after_one_step_was_refused_and_mended() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let operator = world.operator().await;
    let tasks = operator.get("/").await.ok().json()["tasks"].clone();
    assert!(tasks.as_array().unwrap().iter().any(|task| task["what"] == "verification-waiting-queue"), "{tasks}");
    assert_eq!(operator.get("/desk/verifications").await.ok().json()["cases"].as_array().unwrap().len(), 1);
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    let page = operator.page(&case).await.ok().text;
    assert!(page.contains("<img") && page.contains("名称与注册的一致") && !page.contains('⟦'), "{page}");
    operator.post(&format!("{case}/decision"), one_refused()).await.ok();
    world.settle().await;
    assert!(world.messages()[0].text.contains("授权书没有盖章"), "{}", world.messages()[0].text);
    let shown = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&shown["state"], &shown["steps"][0]["state"]), (&json!("returned"), &json!("accepted")));
    assert_eq!(shown["steps"][1]["reason"], "授权书没有盖章，请盖章后重新拍摄");
    assert!(member.page(CASE).await.ok().text.contains("有1步需要重新上传"));
    assert_eq!(refusal(&give(&member, "licence", &photo()).await), (409, "verification-step-accepted".into()));
    let early = member.post(&format!("{CASE}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()));
    assert_eq!(member.get("/session").await.json()["company"]["state"], "pending");
    give(&member, "letter", &photo()).await.ok();
    member.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    let too_much = operator.post(&format!("{case}/decision"), accepted()).await;
    assert_eq!(refusal(&too_much), (409, "verification-unjudged".into()), "what was accepted is not decided again");
    let letter = json!({ "letter": "accept", "letter_checks": ["seal", "person", "scope"] });
    operator.post(&format!("{case}/decision"), letter.clone()).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
    let twice = operator.post(&format!("{case}/decision"), letter).await;
    assert_eq!(refusal(&twice), (409, "verification-not-handed-in".into()));
    assert!(member.page(CASE).await.ok().text.contains("已认证"));
    assert!(operator.page("/desk/verifications?state=accepted").await.ok().text.contains(&case));
}

#[tokio::test]
async fn accepting_takes_every_tick_and_refusing_a_reason() {
    let world = World::new().await;
    let (_, case) = handed_in(&world, "provider").await;
    let operator = world.operator().await;
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    let decide = async |fields: Value| operator.post(&format!("{case}/decision"), fields).await;
    let careless =
        json!({ "licence": "accept", "licence_checks": ["name"], "letter": "refuse", "letter_reason": "短" });
    let answer = decide(careless).await;
    refused(&answer, "licence_checks", "all-checks");
    refused(&answer, "letter_reason", "reason");
    refused(&decide(json!({ "licence": "perhaps" })).await, "licence", "choice");
    refused(&decide(json!({})).await, "licence", "required");
    let half = json!({ "licence": "accept", "licence_checks": ["name", "code", "valid"] });
    refused(&decide(half).await, "letter", "required");
    let page = operator.submit(&format!("{case}/decision"), &[("licence", "accept")]).await;
    assert!(page.status == 422 && page.text.contains("通过之前要逐项核对并勾选"), "{}", page.text);
    decide(one_refused()).await.ok();
}

#[tokio::test]
async fn a_case_is_with_one_reviewer_at_a_time() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let (one, other) = (world.operator().await, second(&world).await);
    let path = format!("{case}/claim");
    let claims = [&one, &other].map(|reviewer| reviewer.post(&path, json!({})));
    let mut answers: Vec<_> = join_all(claims).await.iter().map(|answer| answer.status.as_u16()).collect();
    answers.sort_unstable();
    assert_eq!(answers, [201, 409], "of two that claim at once one has it");
    let first = one.get(&case).await.ok().json()["case"]["is_mine"] == true;
    let (has, has_not) = if first { (&one, &other) } else { (&other, &one) };
    let claim = has_not.post(&format!("{case}/claim"), json!({})).await;
    assert_eq!(refusal(&claim), (409, "verification-claimed".into()));
    for (act, fields) in
        [("decision", accepted()), ("refusal", json!({ "reason": "冒用他人名义" })), ("release", json!({}))]
    {
        let answer = has_not.post(&format!("{case}/{act}"), fields).await;
        assert_eq!(refusal(&answer), (409, "verification-not-claimed".into()), "{act}");
    }
    let back = member.post(&format!("{CASE}/taking-back"), json!({})).await;
    assert_eq!(refusal(&back), (409, "verification-claimed".into()));
    let company = one.get(&case).await.ok().json()["case"]["company"].as_str().unwrap().to_owned();
    let aside = crate::company::decide(has_not, &company, "approval", json!({})).await;
    assert_eq!(refusal(&aside), (409, "verification-claimed".into()), "nor past the case");
    world.pass(SignedDuration::from_mins(31)).await;
    let late = has.post(&format!("{case}/decision"), accepted()).await;
    assert_eq!(refusal(&late), (409, "verification-not-claimed".into()), "a claim ends by itself");
    has_not.post(&format!("{case}/claim"), json!({})).await.ok();
    has_not.post(&format!("{case}/release"), json!({})).await.ok();
    has.post(&format!("{case}/claim"), json!({})).await.ok();
    has.post(&format!("{case}/decision"), accepted()).await.ok();
}

#[tokio::test]
async fn who_has_to_do_with_the_company_does_not_review_it() {
    let world = World::new().await;
    let (_, case) = handed_in(&world, "provider").await;
    let (one, other) = (world.operator().await, second(&world).await);
    one.post(&format!("{case}/claim"), json!({})).await.ok();
    one.post(&format!("{case}/recusal"), json!({})).await.ok();
    let company = one.get(&case).await.ok().json()["case"]["company"].as_str().unwrap().to_owned();
    let aside = crate::company::decide(&one, &company, "approval", json!({})).await;
    for answer in [one.post(&format!("{case}/claim"), json!({})).await, aside] {
        assert_eq!(refusal(&answer), (409, "verification-tied".into()));
    }
    one.post(&format!("{case}/recusal"), json!({})).await.ok();
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    other.post(&format!("{case}/decision"), accepted()).await.ok();
}

#[tokio::test]
async fn whom_the_company_has_invited_does_not_review_it() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let (one, other) = (world.operator().await, second(&world).await);
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    let sheet = other.get(&case).await.ok().json()["case"].clone();
    let page = format!("{case}/pages/{}", pages(&sheet, "letter")[0]["id"].as_str().unwrap());
    other.get(&page).await.ok();
    member.post("/company/invitations", invitation("second@operator.example", &["viewer"])).await.ok();
    assert_eq!(refusal(&other.get(&page).await), (409, "verification-tied".into()), "nothing opens any more");
    let decision = other.post(&format!("{case}/decision"), accepted()).await;
    assert_eq!(refusal(&decision), (409, "verification-tied".into()));
    world.pass(SignedDuration::from_mins(31)).await;
    one.post(&format!("{case}/claim"), json!({})).await.ok();
    one.post(&format!("{case}/decision"), accepted()).await.ok();
}

#[tokio::test]
async fn a_company_that_changes_under_the_reviewers_eyes_is_not_decided_on() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let operator = world.operator().await;
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    let renamed = crate::firm::identity(&member, json!({ "company": "换名之后有限公司" })).await;
    member.post("/company/identity", renamed).await.ok();
    let decision = operator.post(&format!("{case}/decision"), accepted()).await;
    assert_eq!(refusal(&decision), (409, "verification-company-changed".into()));
    assert_eq!(member.get("/session").await.json()["company"]["state"], "pending");
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    assert!(
        operator.page(&case).await.ok().text.contains("换名之后有限公司"),
        "what is compared is what is decided on"
    );
    operator.post(&format!("{case}/decision"), accepted()).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
}

#[tokio::test]
async fn a_whole_refusal_keeps_what_was_handed_in_for_the_next_time() {
    let world = World::new().await;
    let applicant = Applicant::new("provider");
    let member = world.applicant(&applicant).await;
    let case = hand_in(&member).await;
    let operator = world.operator().await;
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    refused(&operator.post(&format!("{case}/refusal"), json!({ "reason": "" })).await, "reason", "required");
    operator.post(&format!("{case}/refusal"), json!({ "reason": "名称与营业执照不一致，请更正" })).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "refused");
    assert_eq!(member.get(CASE).await.ok().json()["case"]["reason"], "名称与营业执照不一致，请更正");
    assert_eq!(refusal(&give(&member, "licence", &photo()).await), (409, "verification-not-open".into()));
    let again = json!({ "company": "更正后的公司名", "credit_code": applicant.credit_code, "provider": true });
    member.post("/company/application", again).await.ok();
    let shown = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&shown["state"], &shown["steps"][0]["state"]), (&json!("open"), &json!("given")));
    member.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    operator.post(&format!("{case}/decision"), accepted()).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
}

#[tokio::test]
async fn the_register_decides_without_documents_but_not_past_what_was_asked_for() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let operator = world.operator().await;
    let company = member.get("/company").await.ok().json()["company"]["id"].as_str().unwrap().to_owned();
    let opened = operator.post(&format!("/operator/companies/{company}/verification"), json!({})).await.ok();
    assert_eq!(opened.json()["id"], case.rsplit('/').next().unwrap());
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    operator.post(&format!("{case}/decision"), one_refused()).await.ok();
    let aside = crate::company::decide(&operator, &company, "approval", json!({})).await;
    assert_eq!(refusal(&aside), (409, "verification-returned".into()));
    let nobody = crate::sourcing::id();
    assert_eq!(operator.post(&format!("/operator/companies/{nobody}/verification"), json!({})).await.status, 404);
}
