//! What a company asks for: by amount, stricter at once, looser after a day.

use super::{Firm, ask, give, prepare, seen, set, state, told};
use crate::account::refused;
use crate::colleague::colleague;
use crate::sourcing::{draft, id, publish, text};
use crate::verification::refusal;
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn one_owner_does_not_relax_the_rule_and_act_on_the_same_day() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::asking(&world, &["colleague"]).await;
    world.settle().await;
    let before = told(&owner, "approval-ruled").await;
    let tender = prepare(&world, &owner).await;
    let owner = world.again(&owner).await;
    let off = set(&owner, "publish", &[]).await.ok().json();
    assert_eq!(off["chain"], json!([]));
    let ceasing = text(&off["ceasing"][0], "id");
    world.settle().await;
    assert_eq!(told(&owner, "approval-ruled").await, before + 1);
    assert_eq!(refusal(&publish(&owner, &tender).await), (403, "needs-approval".into()));
    world.pass(SignedDuration::from_hours(23)).await;
    let owner = world.again(&owner).await;
    assert_eq!(refusal(&publish(&owner, &tender).await), (403, "needs-approval".into()));
    // Taken back in time, it binds as it did.
    let restoration = "/company/approval-rules/publish/restoration";
    assert_eq!(second.post(restoration, json!({ "rule": ceasing })).await.code(), "duty-owner");
    owner.post(restoration, json!({ "rule": ceasing })).await.ok();
    world.pass(SignedDuration::from_hours(48)).await;
    let owner = world.again(&owner).await;
    assert_eq!(refusal(&publish(&owner, &tender).await), (403, "needs-approval".into()));
    assert_eq!(owner.post(restoration, json!({ "rule": ceasing })).await.code(), "approval-rule-over");
    // Nobody takes it back: after the day it binds no more, and what was asked is not needed.
    let request = ask(&asker, &tender).await;
    set(&owner, "publish", &[]).await.ok();
    world.pass(SignedDuration::from_hours(24)).await;
    let owner = world.again(&owner).await;
    publish(&owner, &tender).await.ok();
    assert_eq!(state(&asker, &request).await, "void");
    let needless = prepare(&world, &asker).await;
    let form = seen(&asker, &needless).await;
    let asked = asker.post(&format!("/tenders/{needless}/approval"), form).await;
    assert_eq!(refusal(&asked), (409, "approval-not-needed".into()));
}

#[tokio::test]
async fn what_is_looser_for_one_amount_and_stricter_for_another_is_both() {
    let world = World::new().await;
    let Firm { owner, asker, second, finance } = Firm::new(&world).await;
    set(&owner, "publish", &[("", &["colleague"])]).await.ok();
    // From 4,860,000 yuan on finance, and below 1,000,000 nobody any more.
    set(&owner, "publish", &[("1,000,000", &["colleague"]), ("4860000", &["colleague", "finance"])]).await.ok();
    world.stay_signed_in(90).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    give(&second, &request, "colleague").await.ok();
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "approval-waiting".into()), "the stricter part binds");
    give(&finance, &request, "finance").await.ok();
    publish(&asker, &tender).await.ok();
    let small = async |yuan: &str| {
        let tender = text(&asker.post("/tenders", draft(&world)).await.ok().json(), "id");
        let lot = json!({"lot_id": id(), "lot_title": "备件", "lot_budget": yuan});
        asker.post(&format!("/tenders/{tender}/lots"), lot).await.ok();
        publish(&asker, &tender).await
    };
    assert_eq!(small("999,999.99").await.code(), "needs-approval", "the looser part waits");
    world.pass(SignedDuration::from_hours(24)).await;
    small("999,999.99").await.ok();
    assert_eq!(small("1,000,000").await.code(), "needs-approval");
    assert_eq!(small("").await.code(), "needs-approval", "no budget needs what the highest does");
    let rules = asker.get("/company/approval-rules").await.ok().json();
    assert_eq!(rules["rules"][0]["chain"][1], json!({"from": 486_000_000, "steps": ["colleague", "finance"]}));
}

#[tokio::test]
async fn a_rule_that_was_tightened_binds_what_was_approved_already() {
    let world = World::new().await;
    let Firm { owner, asker, second, finance } = Firm::asking(&world, &["colleague"]).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    give(&second, &request, "colleague").await.ok();
    assert_eq!(state(&asker, &request).await, "approved");
    let owner = world.again(&owner).await;
    set(&owner, "publish", &[("", &["colleague", "finance"])]).await.ok();
    assert_eq!(state(&asker, &request).await, "waiting");
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "approval-waiting".into()));
    give(&finance, &request, "finance").await.ok();
    publish(&asker, &tender).await.ok();
}

#[tokio::test]
async fn a_rule_is_checked_and_set_by_an_owner_who_proves_who_they_are() {
    let world = World::new().await;
    let alone = world.member("buyer").await;
    refused(&set(&alone, "publish", &[("", &["colleague"])]).await, "steps_1", "approval-nobody");
    refused(&set(&alone, "award", &[("", &["finance"])]).await, "steps_1", "approval-nobody");
    assert_eq!(world.count("SELECT count(*) FROM approval_rule").await, 0);
    let buyer = colleague(&world, &alone, &["buyer"]).await;
    refused(&set(&alone, "publish", &[("", &["colleague", "finance", "owner"])]).await, "steps_1", "approval-nobody");
    set(&alone, "publish", &[("", &["colleague"])]).await.ok();
    for (tiers, field, code) in [
        ([("50", &["colleague"][..]), ("50", &["colleague"][..])], "from_2", "approval-rising"),
        ([("50", &["owner"][..]), ("60", &["colleague"][..])], "steps_2", "approval-fewer"),
        ([("50", &["owner"][..]), ("60", &[][..])], "steps_2", "approval-no-steps"),
        ([("50", &["owner"][..]), ("", &["owner"][..])], "from_2", "required"),
        ([("0", &["owner"][..]), ("60", &["owner"][..])], "from_1", "money-zero"),
        ([("-5", &["owner"][..]), ("60", &["owner"][..])], "from_1", "money-not-a-number"),
        ([("5", &["chair"][..]), ("60", &["owner"][..])], "steps_1", "choice"),
        ([("9999999999999999999999", &["owner"][..]), ("60", &["owner"][..])], "from_1", "money-too-large"),
    ] {
        refused(&set(&alone, "publish", &tiers).await, field, code);
    }
    assert_eq!(set(&buyer, "publish", &[]).await.code(), "duty-owner");
    assert_eq!(set(&alone, "bid", &[]).await.status, 404);
    assert_eq!(alone.page("/company/approval-rules/publish?lang=zh").await.ok().text.matches('⟦').count(), 0);
    assert_eq!(alone.page("/company/approval-rules/award?lang=en").await.ok().text.matches('⟦').count(), 0);
    set(&alone, "publish", &[("", &["colleague"])]).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM approval_rule").await, 1, "the same again changes nothing");
    world.pass(SignedDuration::from_mins(16)).await;
    assert_eq!(refusal(&set(&alone, "publish", &[]).await), (403, "step-up".into()));
    assert_eq!(world.count("SELECT count(*) FROM approval_rule WHERE until IS NULL").await, 1);
}
