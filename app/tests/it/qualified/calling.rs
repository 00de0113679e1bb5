//! A call: what cannot be published, how often one applies, and how it ends without a result.

use super::{WORDS, call, evidence, heard, instant, publish, published, read};
use crate::approval::{Firm, give, state};
use crate::demand::{broken, told};
use crate::sourcing::{after, id, in_days, text};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn a_call_with_too_few_fails_and_nothing_is_applied_with_twice() {
    let world = World::new().await;
    let (buyer, one, two) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    world.stay_signed_in(100).await;
    // What cannot be published.
    let mut form = call(&world, "framework");
    form["applications_until"] = json!("");
    let without = buyer.post("/qualified-lists", form.clone()).await;
    assert_eq!(broken(&without), ("applications_until".into(), "qualified-until-needed".into()));
    form["applications_until"] = json!(in_days(&world, 4));
    let list = text(&buyer.post("/qualified-lists", form.clone()).await.ok().json(), "id");
    assert_eq!(told(&publish(&buyer, &list).await), (409, "qualified-too-soon".into()));
    form.as_object_mut().unwrap().remove("id");
    form["version"] = json!(1);
    form["applications_until"] = json!(in_days(&world, 6));
    let (page, deadline) = (format!("/qualified-lists/{list}"), instant(&form, "applications_until"));
    buyer.post(&format!("{page}/draft"), form.clone()).await.ok();
    assert_eq!(told(&buyer.post(&format!("{page}/draft"), form).await), (412, "stale".into()));
    assert_eq!(told(&one.get(&page).await), (404, "not-found".into()), "a draft is its company's own");
    for _ in 0..2 {
        buyer.post(&format!("{page}/publication"), json!({"version": 2})).await.ok();
    }
    assert_eq!(told(&buyer.get(&format!("{page}/draft")).await), (409, "qualified-not-draft".into()));

    // One application a company, however it is sent.
    let path = format!("{page}/application");
    let sent = |version: i64, words: &str| json!({"id": id(), "version": version, "statement": words});
    let first = sent(0, "第一份申请。");
    for _ in 0..2 {
        one.post(&path, first.clone()).await.ok();
    }
    let partner = crate::colleague::colleague(&world, &one, &["bidder"]).await;
    assert_eq!(told(&partner.post(&path, sent(0, "同一公司的第二份申请。")).await), (412, "stale".into()));
    let changes = (sent(1, "改过的申请。"), sent(1, "同时改的申请。"));
    let (left, right) = tokio::join!(one.post(&path, changes.0), partner.post(&path, changes.1));
    let mut both = [left.status.as_u16(), right.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [201, 412], "{} {}", left.text, right.text);
    assert_eq!(told(&two.post(&path, first).await), (404, "not-found".into()), "another's form");
    assert_eq!(broken(&two.post(&path, sent(0, "短")).await), ("statement".into(), "too-short".into()));
    let both_sides = world.member("both").await;
    let (theirs, _) = published(&world, &both_sides, call(&world, "standing")).await;
    assert_eq!(
        told(&both_sides.post(&format!("{theirs}/application"), sent(0, "自己申请自己。")).await),
        (409, "own-list".into())
    );
    assert_eq!(world.count("SELECT CAST(count(*) AS BIGINT) FROM qualified_application").await, 1);

    // Fewer than three: it has failed when its hour comes, and is called again from what is there.
    world.until(deadline).await;
    assert_eq!(read(&one, &page).await["list"]["state"], "failed");
    world.settle().await;
    assert_eq!((heard(&one, "qualified-failed").await, heard(&buyer, "qualified-failed").await), (1, 1));
    let copied = json!({"id": id()});
    for _ in 0..2 {
        buyer.post(&format!("{page}/copy"), copied.clone()).await.ok();
    }
    let again = read(&buyer, &format!("/qualified-lists/{}/draft", text(&copied, "id"))).await;
    assert_eq!(again["list"]["requirements"], json!(["持有海上作业资质", "近三年有两项同类业绩"]));
    assert!(again["earliest"].is_string(), "its deadline is set anew");

    // Ended before the deadline, what was sent is destroyed unread.
    let (second, list) = published(&world, &buyer, call(&world, "framework")).await;
    evidence(&two, &list, WORDS).await.ok();
    let version = read(&buyer, &second).await["list"]["version"].clone();
    let end = json!({"version": version, "reason": "项目取消。"});
    for _ in 0..2 {
        buyer.post(&format!("{second}/end"), end.clone()).await.ok();
    }
    world.until(after(world.clock.now(), 7)).await;
    let desk = read(&buyer, &format!("{second}/applications")).await;
    assert_eq!(desk["applications"], json!([]));
    assert_eq!(world.count("SELECT CAST(count(*) AS BIGINT) FROM qualified_file").await, 0);
}

#[tokio::test]
async fn no_call_is_published_that_was_not_approved_as_it_is() {
    let world = World::new().await;
    let Firm { asker, second, .. } = Firm::asking(&world, &["colleague"]).await;
    let list = text(&asker.post("/qualified-lists", call(&world, "standing")).await.ok().json(), "id");
    let page = format!("/qualified-lists/{list}");
    assert_eq!(told(&publish(&asker, &list).await), (403, "needs-approval".into()));
    let ask = async |version: i64| {
        let asked = asker.post(&format!("{page}/approval"), json!({"version": version})).await.ok().json();
        format!("/company/approvals/{}", text(&asked, "id"))
    };
    let void = ask(1).await;
    give(&second, &void, "colleague").await.ok();
    asker.upload(&format!("{page}/documents"), &[], &[("documents", "入库须知.pdf", b"%PDF-1.7")]).await.ok();
    assert_eq!(state(&asker, &void).await, "void", "another file is another draft");
    let request = ask(2).await;
    let shown = second.page(&request).await.ok().text;
    assert!(shown.contains("持有海上作业资质") && shown.contains("入库须知.pdf") && !shown.contains('⟦'), "{shown}");
    give(&second, &request, "colleague").await.ok();
    publish(&asker, &list).await.ok();
    assert_eq!(read(&world.visitor(), &page).await["list"]["state"], "published");
}
