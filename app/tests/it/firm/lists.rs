//! Documents that end, and companies that control each other.

use super::{form, id, part};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn what_ends_is_told_thirty_days_before_and_on_the_day() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let permit = form("/company/permits/documents");
    for _ in 0..2 {
        me.post("/company/permits/documents", permit.clone()).await.ok();
    }
    let listed = part(&me, "permits").await;
    assert_eq!(
        (listed["documents"].as_array().unwrap().len(), &listed["documents"][0]["standing"]),
        (1, &json!("good"))
    );
    let told = |world: &World, word: &str| world.messages().into_iter().filter(|one| one.text.contains(word)).count();
    let mut ended = form("/company/permits/documents");
    ended["ends_on"] = json!("2026-01-31");
    assert_eq!(me.post("/company/permits/documents", ended).await.json()["errors"][0]["code"], "document-ended");
    world.until("2027-02-28T15:59:00Z".parse().unwrap()).await;
    assert_eq!(told(&world, "B1-20260001") + told(&world, "增值电信业务经营许可证"), 0);
    world.until("2027-03-02T00:00:00Z".parse().unwrap()).await;
    assert_eq!(told(&world, "请在到期前换发"), 1);
    let again = world.again(&me).await;
    let task = again.get("/").await.ok().json()["tasks"].to_string();
    assert!(task.contains("company-waiting-document"), "{task}");
    assert_eq!(part(&again, "permits").await["documents"][0]["standing"], "soon");
    world.until("2027-04-01T00:00:00Z".parse().unwrap()).await;
    assert_eq!((told(&world, "请在到期前换发"), told(&world, "现已到期")), (1, 1));
    let again = world.again(&me).await;
    let removal = format!("/company/permits/documents/{}/removal", permit["id"].as_str().unwrap());
    again.post(&removal, json!({})).await.ok();
    assert_eq!(again.post(&removal, json!({})).await.status, 404);
    assert_eq!(world.count("SELECT count(*) FROM company_reminder").await, 0);
}

#[tokio::test]
async fn lists_are_bounded_and_hold_companies_only() {
    let world = World::new().await;
    let me = world.member("both").await;
    let token = me.token().await;
    for _ in 0..40 {
        me.post_with(&token, "/company/permits/documents", &form("/company/permits/documents")).await.ok();
    }
    let more = me.post("/company/permits/documents", form("/company/permits/documents")).await;
    assert_eq!((more.status.as_u16(), more.code().as_str()), (409, "company-documents-full"));
    me.post("/company/group/relations", form("/company/group/relations")).await.ok();
    for (field, value, code) in [
        ("related_code", json!("91110105000000000X"), "uscc-check"),
        ("share", json!("0"), "share"),
        ("share", json!("101"), "share"),
        ("relation", json!("friend"), "choice"),
        ("related_name", json!("衡川\u{202e}控股"), "hidden-character"),
        ("related_name", json!("控".repeat(101)), "too-long"),
    ] {
        let mut wrong = form("/company/group/relations");
        wrong[field] = value;
        let refused = me.post("/company/group/relations", wrong).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{field}");
    }
    let page = me.submit("/company/group/relations", &[("id", &id()), ("related_name", "控")]).await;
    assert!(page.status == 422 && page.text.contains("衡川控股有限公司"), "the list stays while the form is refused");
}
