//! Levels: every route asks for the level of its function, and whoever is refused is told which, and the way there.

use super::{CASE, refusal};
use crate::people::Applicant;
use crate::world::{Browser, World};
use app::web::{FUNCTIONS, Level, Row, Who, needed};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A company's member at each level.
async fn at(world: &World, level: Level) -> Browser {
    match level {
        Level::Contact => world.applicant(&Applicant::new("both")).await,
        Level::Overdue => super::recheck::overdue(world, world.member("both").await).await,
        Level::Company => world.member("both").await,
        Level::DemandSide => super::demand::verified(world, world.member("both").await).await,
    }
}

/// The route's address, with an id of nothing for each parameter.
fn address(row: &Row) -> String {
    let nothing = crate::sourcing::id();
    let parts = row.path.split('/').map(|part| if part.starts_with('{') { nothing.as_str() } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether it is for one side of business: for members of companies that buy, or provide.
fn is_sided(row: &Row) -> bool {
    let buys = matches!(row.who, Who::Buyer | Who::Preparer | Who::Purchaser);
    buys || matches!(row.who, Who::Provider | Who::Presenter | Who::Bidder)
}

async fn ask(member: &Browser, row: &Row) -> Value {
    let path = address(row);
    let answer = if row.method == "POST" { member.post(&path, json!({})).await } else { member.get(&path).await };
    let problem: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    json!([answer.status.as_u16(), problem["level"].is_string(), problem["code"]])
}

#[tokio::test]
async fn every_route_asks_for_the_level_of_its_function() {
    let world = World::new().await;
    let (below, between) = (at(&world, Level::Contact).await, at(&world, Level::Company).await);
    let late = at(&world, Level::Overdue).await;
    let above = at(&world, Level::DemandSide).await;
    let mut asked = 0;
    for row in world.app.table().iter().filter(|row| is_sided(row) || needed(row.op.id) > Level::Contact) {
        let refused = ask(&below, row).await;
        assert_eq!(refused[0], 403, "{} {}: {refused}", row.method, row.path);
        assert_eq!(refused[2], "company-pending", "{} {}", row.method, row.path);
        let overdue = ask(&late, row).await;
        if needed(row.op.id) > Level::Overdue {
            assert_eq!(overdue, json!([403, true, "recheck-overdue"]), "{} {}", row.method, row.path);
        } else {
            assert_eq!(overdue[1], false, "{} {}: {overdue}", row.method, row.path);
        }
        if needed(row.op.id) == Level::DemandSide {
            assert_eq!(ask(&between, row).await, json!([403, true, "demand-side-first"]), "{}", row.path);
        } else {
            assert_eq!(ask(&between, row).await[1], false, "{} {}", row.method, row.path);
        }
        let admitted = ask(&above, row).await;
        assert_eq!(admitted[1], false, "{} {}: {admitted}", row.method, row.path);
        asked += 1;
    }
    assert!(asked > 35, "{asked} routes");
}

#[tokio::test]
async fn the_table_names_operations_that_exist_and_asks_it_for_business_only() {
    let world = World::new().await;
    let table = world.app.table();
    let known: BTreeSet<_> = table.iter().map(|row| row.op.id).collect();
    for function in FUNCTIONS {
        let gone: Vec<_> = function.operations.iter().filter(|id| !known.contains(*id)).collect();
        assert!(gone.is_empty(), "{}: no such operation {gone:?}", function.word);
    }
    for row in table.iter().filter(|row| is_sided(row)) {
        assert!(needed(row.op.id) >= Level::Overdue, "{}: the page of the levels does not tell of it", row.op.id);
    }
    for row in table.iter().filter(|row| matches!(row.who, Who::Anyone | Who::Person | Who::Operator)) {
        assert_eq!(needed(row.op.id), Level::Contact, "{}: nothing but business needs more than an account", row.op.id);
    }
}

#[tokio::test]
async fn whoever_is_refused_is_told_the_level_and_the_way() {
    let world = World::new().await;
    let member = at(&world, Level::Contact).await;
    let refused = member.get("/tenders").await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        (&refused.json()["level"], &refused.json()["way"]),
        (&json!("company"), &json!("/company/verification"))
    );
    let page = member.page("/tenders/new").await;
    assert!(page.text.contains("href=\"/company/verification\"") && page.text.contains("公司已认证"), "{}", page.text);
    let buyer = at(&world, Level::Company).await;
    let contacts = format!("/companies/{}/contacts", crate::sourcing::id());
    let refused = buyer.get(&contacts).await.json();
    let way = json!("/company/verification/demand-side");
    assert_eq!((&refused["level"], &refused["way"]), (&json!("demand-side"), &way));
    let page = buyer.page(&contacts).await.text;
    assert!(page.contains("href=\"/company/verification/demand-side\"") && page.contains("需求方已认证"), "{page}");
    assert!(buyer.page("/company/verification/demand-side").await.ok().text.contains("采购需求证明"));
    let stranger = world.member("provider").await.get("/tenders").await;
    assert_eq!(stranger.json()["level"], Value::Null, "another side is no level");
}

/// As it was before there were cases.
async fn forget_cases(world: &World) {
    let forget = |tx: &mut kit::db::Tx| {
        ["verification_step", "verification_case"]
            .iter()
            .try_for_each(|table| tx.execute(&format!("DELETE FROM {table}"), &[]).map(drop))
    };
    world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
}

#[tokio::test]
async fn what_was_decided_before_there_were_cases_stands() {
    let world = World::new().await;
    let (approved, refused) = (world.member("both").await, world.applicant(&Applicant::new("both")).await);
    let operator = world.operator().await;
    let id = |page: Value| page["company"]["id"].as_str().unwrap().to_owned();
    let ids = [id(approved.get("/company").await.ok().json()), id(refused.get("/company").await.ok().json())];
    crate::company::decide(&operator, &ids[1], "refusal", json!({ "reason": "公示信息查不到" })).await.ok();
    forget_cases(&world).await;
    approved.get("/tenders").await.ok();
    let case = approved.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&case["id"], &case["state"], &case["on_register"]), (&Value::Null, &json!("accepted"), &json!(true)));
    let overview = approved.get("/company/verification").await.ok().json();
    assert_eq!(overview["level"], "company");
    let opened = operator.post(&format!("/operator/companies/{}/verification", ids[0]), json!({})).await.ok().json();
    assert_eq!((&opened["state"], &opened["on_register"]), (&json!("accepted"), &json!(true)));
    let case = refused.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&case["state"], &case["reason"]), (&json!("refused"), &json!("公示信息查不到")));
    let words = json!({ "appeal": "昨天刚刚完成登记，请再查。" });
    let appeal = refused.post(&format!("{CASE}/appeal"), words).await.ok().json();
    let claim = format!("/desk/verifications/{}/claim", appeal["id"].as_str().unwrap());
    assert_eq!(refusal(&operator.post(&claim, json!({})).await), (409, "verification-own-decision".into()));
}
