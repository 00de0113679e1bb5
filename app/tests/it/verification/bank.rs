//! A company's bank account, confirmed by a reviewer on a paper of the bank's.

use super::{photo, refusal};
use crate::world::{Browser, World};
use serde_json::{Value, json};

const CASE: &str = "/company/verification/bank-account";

/// Files the company's account, with the version that its owner has just seen.
async fn file(member: &Browser, number: &str) {
    let seen = member.get("/company/bank").await.ok().json();
    let holder = member.get("/company").await.ok().json()["company"]["name"].clone();
    let version = seen["version"].to_string();
    let fields = json!({
        "version": version, "holder": holder, "bank": "江州银行营业部", "cnaps": "102100099996", "number": number,
    });
    member.post("/company/bank", fields).await.ok();
}

async fn give(member: &Browser) {
    let path = format!("{CASE}/steps/account");
    member.upload(&path, &[], &[("pages", "开户证明.jpg", &photo())]).await.ok();
}

/// Hands the bank's paper in. Answers the case's address on the desk.
async fn hand_in(member: &Browser) -> String {
    give(member).await;
    let case = member.post(&format!("{CASE}/handing-in"), json!({})).await.ok().json();
    format!("/desk/verifications/{}", case["id"].as_str().expect("an id"))
}

fn accepted() -> Value {
    json!({ "account": "accept", "account_checks": ["holder", "number", "bank"] })
}

async fn case(member: &Browser) -> Value {
    member.get(CASE).await.ok().json()["case"].clone()
}

#[tokio::test]
async fn an_account_is_confirmed_as_it_was_handed_in_and_another_one_is_not() {
    let world = World::new().await;
    let (provider, reviewer) = (world.member("provider").await, world.operator().await);
    world.stay_signed_in(30).await;
    file(&provider, "0200001019012345678").await;
    assert_eq!(provider.get("/company/bank").await.ok().json()["standing"], "filed");
    let desk = hand_in(&provider).await;
    let unclaimed = reviewer.get(&desk).await.ok();
    assert!(!unclaimed.text.contains("0200001019012345678"), "nobody sees it before it is claimed");
    reviewer.post(&format!("{desk}/claim"), json!({})).await.ok();
    let shown = reviewer.page(&desk).await.ok().text;
    assert!(
        shown.contains("0200001019012345678") && shown.contains("账号与登记的一致") && !shown.contains('⟦'),
        "{shown}"
    );

    // Filed anew while a reviewer has it: what they look at is not what would be confirmed.
    world.pass(jiff::SignedDuration::from_secs(1)).await;
    file(&provider, "0200001019012345679").await;
    let refused = reviewer.post(&format!("{desk}/decision"), accepted()).await;
    assert_eq!(refusal(&refused), (409, "verification-company-changed".into()));
    file(&provider, "0200001019012345678").await;
    let back = json!({ "account": "refuse", "account_reason": "账号与登记的不一致，请重新提交。" });
    reviewer.post(&format!("{desk}/decision"), back).await;
    assert_eq!(case(&provider).await["state"], "handed-in", "what was filed since is not decided on either");
    // The claim ends by itself, and its company takes the case back.
    world.pass(jiff::SignedDuration::from_hours(24)).await;
    provider.post(&format!("{CASE}/taking-back"), json!({})).await.ok();
    let desk = hand_in(&provider).await;
    reviewer.post(&format!("{desk}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{desk}/decision"), accepted()).await.ok();
    let confirmed = case(&provider).await;
    assert_eq!(provider.get("/company/bank").await.ok().json()["standing"], "reviewed");
    assert_eq!((&confirmed["holds"], &confirmed["may_renew"]), (&json!(true), &json!(false)), "{confirmed}");
    assert_eq!(
        refusal(&provider.post(&format!("{CASE}/renewal"), json!({})).await),
        (409, "verification-holds".into())
    );

    world.pass(jiff::SignedDuration::from_secs(1)).await;
    file(&provider, "0200001019012345670").await;
    let changed = case(&provider).await;
    assert_eq!(
        (&changed["holds"], &changed["may_renew"]),
        (&json!(false), &json!(true)),
        "another account is not confirmed"
    );
    provider.post(&format!("{CASE}/renewal"), json!({})).await.ok();
    hand_in(&provider).await;
}

#[tokio::test]
async fn what_is_refused_as_a_whole_is_not_true_any_more() {
    let world = World::new().await;
    let (buyer, reviewer) = (world.member("buyer").await, world.operator().await);
    file(&buyer, "0200001019012345678").await;
    let desk = hand_in(&buyer).await;
    reviewer.post(&format!("{desk}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{desk}/decision"), accepted()).await.ok();
    world.stay_signed_in(400).await;
    world.pass(jiff::SignedDuration::from_hours(24 * 340)).await;
    buyer.post(&format!("{CASE}/renewal"), json!({})).await.ok();
    let desk = hand_in(&buyer).await;
    reviewer.post(&format!("{desk}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{desk}/refusal"), json!({ "reason": "账户已经销户，开户证明是伪造的" })).await.ok();
    assert_eq!(buyer.get("/company/bank").await.ok().json()["standing"], "reopened");
    assert_eq!(case(&buyer).await["holds"], false);
}

#[tokio::test]
async fn a_paper_about_no_account_is_not_handed_in() {
    let world = World::new().await;
    let provider = world.member("provider").await;
    give(&provider).await;
    let refused = provider.post(&format!("{CASE}/handing-in"), json!({})).await;
    assert_eq!(refusal(&refused), (409, "bank-account-missing".into()));
}
