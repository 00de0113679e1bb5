//! Consents: off until agreed to, one by one, in the person's own name, to the text that was shown; taken back by one click.

use crate::people::Applicant;
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// How a function stands on a person's page; `of`: `functions` or `authorisations`.
pub async fn function(browser: &Browser, of: &str, purpose: &str) -> Value {
    let page = browser.get("/me/consents").await.ok().json();
    let all = page[of].as_array().unwrap().clone();
    all.into_iter().find(|one| one["purpose"] == purpose).unwrap_or(Value::Null)
}

/// The answer that the page's form carries.
pub fn yes(function: &Value) -> Value {
    json!({
        "question": function["question"], "after": function["after"], "policy": function["asks"]["version"],
        "text_sha256": function["asks"]["text_sha256"], "language": function["asks"]["language"],
    })
}

/// Switches a function on, with the company's authorisation if it needs one.
pub async fn switch_on(browser: &Browser, purpose: &str) {
    let firm = function(browser, "authorisations", purpose).await;
    if firm["is_on"] == false {
        browser.post(&format!("/company/authorisations/{purpose}"), yes(&firm)).await.ok();
    }
    give(browser, purpose).await.ok();
}

pub async fn give(browser: &Browser, purpose: &str) -> Answer {
    let asked = function(browser, "functions", purpose).await;
    browser.post(&format!("/me/consents/{purpose}"), yes(&asked)).await
}

pub async fn withdraw(browser: &Browser, purpose: &str) -> Answer {
    browser.post(&format!("/me/consents/{purpose}/withdrawal"), json!({})).await
}

#[tokio::test]
async fn everything_is_off_until_its_person_switches_it_on_and_one_click_switches_it_off() {
    let world = World::new().await;
    let me = world.member("both").await;
    let page = me.page("/me/consents").await.ok().text;
    assert!(!page.contains("checked") && !page.contains("⟦") && page.matches("已关闭").count() == 7, "{page}");
    for asked in ["每周公告摘要", "联系邮箱；关注的类别和地区", "受托把短信或邮件送达您本人的服务", "12个月"]
    {
        assert!(page.contains(asked), "{asked}");
    }
    switch_on(&me, "digest").await;
    let on = function(&me, "functions", "digest").await;
    assert_eq!((&on["is_on"], &on["waits_for_company"]), (&json!(true), &json!(false)));
    assert!(on["until"].as_str().is_some_and(|end| end.starts_with("2027-11-23T01:0")), "{on}");
    assert_eq!(function(&me, "functions", "remembered-search").await["is_on"], false, "one by one");
    let done = me.submit("/me/consents/digest/withdrawal", &[]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/me/consents?done=consent-withdrawn"));
    assert_eq!(function(&me, "functions", "digest").await["is_on"], false);
    withdraw(&me, "digest").await.ok();
    let acts = me.get("/me/consents").await.ok().json();
    let acts: Vec<_> = acts["history"].as_array().unwrap().iter().map(|event| event["act"].clone()).collect();
    assert_eq!(acts.len(), 3, "what is off is not withdrawn again: {acts:?}");
    assert!(me.page("/me/consents?lang=en").await.ok().text.contains("withdrawn"));
}

#[tokio::test]
async fn a_yes_is_to_the_text_that_was_shown_once_and_of_its_own_person() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    let shown = yes(&function(&me, "functions", "remembered-search").await);
    let path = "/me/consents/remembered-search";
    let send = async |who: &Browser, path: &str, change: Value| {
        let mut fields = shown.clone();
        fields.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = who.post(path, fields).await;
        (answer.status.as_u16(), if answer.status.is_success() { String::new() } else { answer.code() })
    };
    let refused = |code: &str| (409, code.to_owned());
    let hash = "0".repeat(64);
    assert_eq!(send(&me, path, json!({ "text_sha256": hash })).await, refused("consent-other-text"));
    assert_eq!(send(&me, path, json!({ "policy": "2022-05" })).await, refused("consent-other-text"));
    assert_eq!(send(&me, path, json!({ "language": "en" })).await, refused("consent-other-text"));
    assert_eq!(send(&me, path, json!({ "after": "4" })).await, refused("consent-answered"));
    assert_eq!(send(&me, "/me/consents/digest", json!({})).await, refused("consent-other-text"), "of another function");
    assert_eq!(send(&me, "/me/consents/account", json!({})).await.0, 404, "a basic function is not for choice");
    assert_eq!(send(&me, "/company/authorisations/remembered-search", json!({})).await.0, 404);
    for _ in 0..2 {
        assert_eq!(send(&me, path, json!({})).await.0, 201, "sent twice, it is one");
    }
    assert_eq!(send(&you, path, json!({})).await, refused("consent-answered"), "another person's answer");
    withdraw(&me, "remembered-search").await.ok();
    assert_eq!(send(&me, path, json!({})).await, refused("consent-answered"), "an old answer brings nothing back");
    assert_eq!(function(&me, "functions", "remembered-search").await["is_on"], false);
    assert_eq!(function(&you, "functions", "remembered-search").await["is_on"], false);
}

#[tokio::test]
async fn a_company_authorises_for_its_people_and_decides_for_none_of_them() {
    let world = World::new().await;
    let (me, other) = (world.member("both").await, world.member("both").await);
    let firm = function(&me, "authorisations", "digest").await;
    me.post("/company/authorisations/digest", yes(&firm)).await.ok();
    assert_eq!(function(&me, "functions", "digest").await["is_on"], false);
    give(&other, "digest").await.ok();
    let waiting = function(&other, "functions", "digest").await;
    assert_eq!((&waiting["is_on"], &waiting["waits_for_company"]), (&json!(true), &json!(true)));
    assert!(other.page("/me/consents").await.ok().text.contains("还差公司的授权"));
    let operator = world.operator().await;
    let page = operator.get("/me/consents").await.ok().json();
    assert_eq!(page["authorisations"], json!([]), "the operator's people act for no company");
}

#[tokio::test]
async fn a_consent_ends_after_a_year_and_may_be_given_again() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    give(&me, "remembered-search").await.ok();
    world.stay_signed_in(800).await;
    world.pass(SignedDuration::from_hours(24 * 366)).await;
    let over = function(&me, "functions", "remembered-search").await;
    assert_eq!((&over["is_on"], &over["after"]), (&json!(false), &json!(2)), "{over}");
    give(&me, "remembered-search").await.ok();
    assert_eq!(function(&me, "functions", "remembered-search").await["is_on"], true);
    assert_eq!(world.count("SELECT CAST(count(*) AS BIGINT) FROM event WHERE kind = 'consent.changed'").await, 3);
}

/// The newest event's receipt.
async fn receipt(browser: &Browser) -> Answer {
    let page = browser.get("/me/consents").await.ok().json();
    let id = page["history"][0]["id"].as_str().unwrap().to_owned();
    browser.get(&format!("/me/consents/events/{id}/receipt")).await.ok()
}

/// Leaves the statements of receipts for `scripts/shapes.sh`, which holds them to their shapes as a graph.
#[tokio::test]
async fn receipts_of_every_kind_are_there_for_the_shapes() {
    let world = World::new().await;
    let me = world.member("both").await;
    switch_on(&me, "digest").await;
    withdraw(&me, "digest").await.ok();
    me.post("/company/authorisations/digest/withdrawal", json!({})).await.ok();
    give(&me, "remembered-search").await.ok();
    world.stay_signed_in(800).await;
    world.pass(SignedDuration::from_hours(24 * 366)).await;
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("receipts");
    std::fs::create_dir_all(&folder).unwrap();
    let page = me.get("/me/consents").await.ok().json();
    let events = page["history"].as_array().unwrap();
    assert_eq!(events.len(), 6, "two given and withdrawn, one given and expired");
    for (number, event) in events.iter().enumerate() {
        let path = format!("/me/consents/events/{}/receipt", event["id"].as_str().unwrap());
        let statement = me.get(&path).await.ok().json()["statement"].clone();
        let name = format!("{number}-{}.json", event["act"].as_str().unwrap());
        std::fs::write(folder.join(name), statement.to_string()).unwrap();
    }
}

#[tokio::test]
async fn a_receipt_says_what_was_agreed_to_and_verifies_offline() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    switch_on(&me, "digest").await;
    let text = receipt(&me).await.text;
    let checked = evidence::verify(&text, &world.app.signer().public_key()).unwrap();
    let document = serde_json::to_value(&checked.statement).unwrap();
    let schema: Value = serde_json::from_str(include_str!("../../../docs/consent-receipt.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new(), "{document:#}");
    for missing in ["dpv:hasConsentStatus", "dpv:hasNotice", "dpv:hasProcess", "dpv:hasDataController", "@context"] {
        let mut broken = document.clone();
        broken.as_object_mut().unwrap().remove(missing);
        assert!(!validator.is_valid(&broken), "without {missing}");
    }
    let notice = &document["dpv:hasNotice"];
    let hash =
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, notice["dct:description"].as_str().unwrap().as_bytes());
    assert_eq!(notice["cn-pipl:sha256"], hex::encode(hash.as_ref()), "the text as rendered");
    assert_eq!(document["dpv:hasConsentStatus"], "dpv:ConsentGiven");
    withdraw(&me, "digest").await.ok();
    let after = receipt(&me).await.json();
    assert_eq!(after["statement"]["dpv:hasConsentStatus"], "dpv:ConsentWithdrawn");
    assert!(validator.is_valid(&after["statement"]), "{after:#}");
    let id = checked.statement["dct:identifier"].as_str().unwrap();
    assert_eq!(you.get(&format!("/me/consents/events/{id}/receipt")).await.status, 404, "not theirs");
}
