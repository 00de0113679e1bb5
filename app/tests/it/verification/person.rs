//! Persons who act for a company: its legal representative, and who bids for it. Each hands in their own, and nobody else's.

use super::{photo, refusal};
use crate::colleague::{account, colleague, remove};
use crate::firm::{NAME, form};
use crate::people::{Applicant, resident_id};
use crate::sourcing::{id, in_days, published, submit};
use crate::world::{Browser, World};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

pub const REPRESENTATIVE: &str = "/company/verification/legal-representative";
pub const BIDDER: &str = "/company/verification/authorised-bidder";

/// Gives a document of nobody's: another number each time.
pub async fn identify(member: &Browser, case: &str) {
    static NEXT: AtomicU64 = AtomicU64::new(100);
    identify_as(member, case, &resident_id(NEXT.fetch_add(1, Ordering::Relaxed), "19000101")).await;
}

/// The same with this number.
pub async fn identify_as(member: &Browser, case: &str, number: &str) {
    let fields = [("document", "resident-id"), ("id_name", NAME), ("id_number", number)];
    member.upload(&format!("{case}/steps/identity"), &fields, &[("pages", "证件.jpg", &photo())]).await.ok();
}

/// Hands in a document and these steps, and the case. Answers its address on the desk.
pub async fn hand_in(member: &Browser, case: &str, steps: &[&str]) -> String {
    identify(member, case).await;
    for step in steps {
        member.upload(&format!("{case}/steps/{step}"), &[], &[("pages", "材料.jpg", &photo())]).await.ok();
    }
    let handed = member.post(&format!("{case}/handing-in"), json!({})).await.ok().json();
    format!("/desk/verifications/{}", handed["id"].as_str().expect("an id"))
}

pub fn representative() -> Value {
    json!({
        "identity": "accept", "identity_checks": ["person", "number", "valid", "adult"],
        "appointment": "accept", "appointment_checks": ["name", "register", "recent"],
        "statement": "accept", "statement_checks": ["signed", "same", "account"],
    })
}

pub fn employed() -> Value {
    json!({
        "identity": "accept", "identity_checks": ["person", "number", "valid", "adult"],
        "employment": "accept", "employment_checks": ["seal", "person", "recent"],
    })
}

pub async fn decide(reviewer: &Browser, case: &str, decision: Value) {
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{case}/decision"), decision).await.ok();
}

pub async fn holds(member: &Browser, case: &str) -> bool {
    member.get(case).await.ok().json()["case"]["holds"] == true
}

#[tokio::test]
async fn each_hands_in_their_own_and_nobody_sees_anothers() {
    let world = World::new().await;
    let owner = world.member("provider").await;
    let bidder = colleague(&world, &owner, &["bidder"]).await;
    let viewer = colleague(&world, &owner, &["viewer"]).await;
    assert_eq!(bidder.get(REPRESENTATIVE).await.code(), "duty-owner");
    assert_eq!(viewer.get(BIDDER).await.code(), "duty-bidder");
    assert_eq!(viewer.post(&format!("{BIDDER}/handing-in"), json!({})).await.code(), "duty-any");
    let case = hand_in(&bidder, BIDDER, &["employment"]).await;
    let own = owner.get(BIDDER).await.ok().json()["case"].clone();
    assert_eq!((&own["id"], &own["state"]), (&Value::Null, &json!("open")), "the owner's own is another");
    assert_eq!(world.member("buyer").await.get(BIDDER).await.code(), "providers-only");
    assert_eq!(world.applicant(&Applicant::new("provider")).await.get(REPRESENTATIVE).await.code(), "company-pending");
    let cases = async |who: &Browser| {
        let overview = who.get("/company/verification").await.ok().json();
        overview["cases"].as_array().unwrap().iter().map(|case| case["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(cases(&owner).await, ["company", "bank-account", "legal-representative", "authorised-bidder"]);
    assert_eq!(cases(&viewer).await, ["company", "bank-account"]);
    let reviewer = world.operator().await;
    decide(&reviewer, &case, employed()).await;
    assert!(holds(&bidder, BIDDER).await && !holds(&owner, BIDDER).await, "what may be left out was left out");
    for page in [BIDDER, REPRESENTATIVE, "/company/verification"] {
        for language in ["", "?lang=en"] {
            assert!(!owner.page(&format!("{page}{language}")).await.ok().text.contains('⟦'), "{page}{language}");
        }
    }
}

#[tokio::test]
async fn what_may_be_left_out_is_decided_on_when_it_is_there() {
    let world = World::new().await;
    let owner = world.member("provider").await;
    let early = owner.post(&format!("{BIDDER}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()));
    let case = hand_in(&owner, BIDDER, &["employment", "mandate"]).await;
    let reviewer = world.operator().await;
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    crate::account::refused(&reviewer.post(&format!("{case}/decision"), employed()).await, "mandate", "required");
    let mut forged = employed();
    (forged["mandate"], forged["mandate_reason"]) = (json!("refuse"), json!("印章与公司名称不一致，请重新盖章"));
    reviewer.post(&format!("{case}/decision"), forged).await.ok();
    let shown = owner.get(BIDDER).await.ok().json()["case"].clone();
    assert_eq!((&shown["state"], &shown["holds"]), (&json!("returned"), &json!(false)));
}

#[tokio::test]
async fn a_company_has_one_legal_representative_who_needs_no_letter() {
    let world = World::new().await;
    let (_, lot) = published(&world, &world.member("buyer").await).await;
    let owner = world.member("provider").await;
    owner.post("/company/representative", form("/company/representative")).await.ok();
    let first = hand_in(&owner, REPRESENTATIVE, &["appointment", "statement"]).await;
    let reviewer = world.operator().await;
    decide(&reviewer, &first, representative()).await;
    assert!(holds(&owner, REPRESENTATIVE).await);
    // Another owner succeeds: whoever was it before is it no more.
    let other = colleague(&world, &owner, &["bidder"]).await;
    let offer = json!({ "id": id(), "hands_over": false });
    owner.post(&format!("/company/people/{}/ownership", account(&other).await), offer.clone()).await.ok();
    let path = format!("/company/ownership/{}/acceptance", offer["id"].as_str().unwrap());
    other.post(&path, json!({})).await.ok();
    let second = hand_in(&other, REPRESENTATIVE, &["appointment", "statement"]).await;
    assert!(holds(&owner, REPRESENTATIVE).await, "not before it is decided");
    decide(&reviewer, &second, representative()).await;
    assert!(holds(&other, REPRESENTATIVE).await && !holds(&owner, REPRESENTATIVE).await);
    // Without the duty of an owner, the representative still acts without a letter, and another bidder does not.
    owner.post("/company/mandate-rule", json!({ "rule": "letters" })).await.ok();
    let seen = crate::colleague::version(&owner, &account(&other).await).await;
    let duties = json!({ "version": seen, "duty": ["bidder"] });
    owner.post(&format!("/company/people/{}/duties", account(&other).await), duties).await.ok();
    let third = colleague(&world, &owner, &["bidder"]).await;
    assert_eq!(submit(&third, &lot, &id(), "300").await.code(), "mandate-missing");
    submit(&other, &lot, &id(), "300").await.ok();
}

#[tokio::test]
async fn where_persons_are_asked_for_a_letter_alone_is_not_enough() {
    let world = World::new().await;
    let (_, lot) = published(&world, &world.member("buyer").await).await;
    let owner = world.member("provider").await;
    let bidder = colleague(&world, &owner, &["bidder"]).await;
    let holder = account(&bidder).await;
    owner.post("/company/mandate-rule", json!({ "rule": "persons" })).await.ok();
    let letter = json!({
        "id": id(), "account": holder, "act": ["bid"], "target": "",
        "valid_from": in_days(&world, 0), "valid_until": in_days(&world, 30),
    });
    owner.post("/company/mandates", letter).await.ok();
    assert_eq!(submit(&bidder, &lot, &id(), "300").await.code(), "mandate-person");
    let case = hand_in(&bidder, BIDDER, &["employment"]).await;
    assert_eq!(submit(&bidder, &lot, &id(), "300").await.code(), "mandate-person", "handing in is not being verified");
    decide(&world.operator().await, &case, employed()).await;
    submit(&bidder, &lot, &id(), "300").await.ok();
    remove(&owner, &holder).await.ok();
    let sql = "SELECT count(*) FROM verification_case WHERE kind = 'authorised-bidder' AND valid_until IS NOT NULL";
    assert_eq!(world.count(sql).await, 1, "what was decided stays, and is relied on no more");
    assert_eq!(submit(&bidder, &lot, &id(), "300").await.status, 401);
}
