//! Where a company asks for approval of its publications, a demand is one.

use super::{changed, draft, publish, read, told};
use crate::approval::{Firm, give, state};
use crate::sourcing::text;
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn no_demand_is_published_or_changed_that_was_not_approved_as_it_is() {
    let world = World::new().await;
    let Firm { asker, second, .. } = Firm::asking(&world, &["colleague"]).await;
    let demand = text(&asker.post("/demands", draft(&world)).await.ok().json(), "id");
    let page = format!("/demands/{demand}");
    assert_eq!(told(&publish(&asker, &demand).await), (403, "needs-approval".into()));
    let ask = async |form: serde_json::Value, place: &str| {
        let asked = asker.post(&format!("{page}/{place}"), form).await.ok().json();
        format!("/company/approvals/{}", text(&asked, "id"))
    };
    let void = ask(json!({"version": 1}), "approval").await;
    give(&second, &void, "colleague").await.ok();
    asker.upload(&format!("{page}/documents"), &[], &[("documents", "线路图.pdf", b"%PDF-1.7")]).await.ok();
    assert_eq!(state(&asker, &void).await, "void", "another file is another draft");
    assert_eq!(told(&publish(&asker, &demand).await), (403, "needs-approval".into()));
    let request = ask(json!({"version": 2}), "approval").await;
    assert_eq!(told(&publish(&asker, &demand).await), (403, "approval-waiting".into()));
    let shown = second.page(&request).await.ok().text;
    assert!(shown.contains("486,123.45") && shown.contains("线路图.pdf") && !shown.contains('⟦'), "{shown}");
    give(&second, &request, "colleague").await.ok();
    publish(&asker, &demand).await.ok();

    let change = format!("{page}/change");
    let form = changed(&world, &json!(3), "title", "通勤班车租赁（三年）");
    assert_eq!(told(&asker.post(&change, form.clone()).await), (403, "needs-approval".into()));
    let request = ask(form.clone(), "change-approval").await;
    give(&second, &request, "colleague").await.ok();
    let other = changed(&world, &json!(3), "title", "通勤班车租赁（四年）");
    assert_eq!(told(&asker.post(&change, other).await), (403, "needs-approval".into()), "another text was approved");
    asker.post(&change, form).await.ok();
    let now = read(&world.visitor(), &demand).await;
    assert_eq!((&now["demand"]["title"], &now["demand"]["edition"]), (&json!("通勤班车租赁（三年）"), &json!(2)));
}
