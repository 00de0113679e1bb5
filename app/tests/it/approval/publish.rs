//! Publishing where it has to be approved.

use super::{Firm, ask, give, prepare, seen, set, state, told};
use crate::colleague::{account, colleague, remove, version};
use crate::sourcing::{add_lot, id, publish};
use crate::verification::refusal;
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn nothing_is_published_that_was_not_approved_as_it_is() {
    let world = World::new().await;
    let Firm { asker, second, .. } = Firm::asking(&world, &["colleague"]).await;
    let tender = prepare(&world, &asker).await;
    let refused = publish(&asker, &tender).await;
    assert_eq!(refusal(&refused), (403, "needs-approval".into()));
    assert_eq!(refused.json()["way"], "/company/approvals");
    let request = ask(&asker, &tender).await;
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "approval-waiting".into()));
    give(&second, &request, "colleague").await.ok();
    assert_eq!(state(&asker, &request).await, "approved");
    // A lot more, and away again: what is there is as it was, and still nobody has approved it.
    let lot = id();
    add_lot(&asker, &tender, &lot, "网络设备维保").await;
    assert_eq!(state(&asker, &request).await, "void");
    asker.post(&format!("/lots/{lot}/removal"), json!({})).await.ok();
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "needs-approval".into()));
    assert_eq!(give(&second, &request, "colleague").await.code(), "approval-ended");
    let anew = ask(&asker, &tender).await;
    let shown = asker.get(&anew).await.ok().json();
    assert_eq!(shown["before"], request.rsplit('/').next().unwrap(), "compared with the one before");
    assert!(shown["former"].as_array().unwrap().is_empty(), "nothing differs: {}", shown["former"]);
    give(&second, &anew, "colleague").await.ok();
    let form = seen(&asker, &tender).await;
    // The approval is the asker's: another does not act by it.
    let path = format!("/tenders/{tender}/publication");
    assert_eq!(second.post(&path, form.clone()).await.code(), "needs-approval");
    asker.post(&path, form.clone()).await.ok();
    assert_eq!(state(&asker, &anew).await, "done");
    asker.post(&path, form).await.ok();
    let other = prepare(&world, &asker).await;
    assert_eq!(publish(&asker, &other).await.code(), "needs-approval", "used once, and for that one");
}

#[tokio::test]
async fn nobody_approves_their_own_request_nor_two_steps_of_one() {
    let world = World::new().await;
    let Firm { owner, asker, second, finance } = Firm::asking(&world, &["colleague", "finance", "owner"]).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    assert_eq!(refusal(&give(&asker, &request, "colleague").await), (403, "approval-own".into()));
    assert_eq!(refusal(&give(&finance, &request, "finance").await), (403, "approval-duty".into()), "not yet theirs");
    assert_eq!(
        refusal(&give(&second, &request, "finance").await),
        (409, "approval-step-over".into()),
        "in their order"
    );
    give(&second, &request, "colleague").await.ok();
    assert_eq!(refusal(&give(&second, &request, "finance").await), (403, "approval-once".into()));
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "approval-waiting".into()));
    give(&finance, &request, "finance").await.ok();
    give(&owner, &request, "owner").await.ok();
    publish(&asker, &tender).await.ok();
    // An owner who asks is no second owner.
    let tender = prepare(&world, &owner).await;
    let form = seen(&owner, &tender).await;
    let alone = owner.post(&format!("/tenders/{tender}/approval"), form).await;
    assert_eq!(refusal(&alone), (409, "approval-nobody".into()));
    assert_eq!(alone.json()["way"], "/company/people");
}

#[tokio::test]
async fn requests_are_the_companys_own() {
    let world = World::new().await;
    let Firm { owner, asker, .. } = Firm::asking(&world, &["colleague"]).await;
    let stranger = world.member("buyer").await;
    let viewer = colleague(&world, &owner, &["viewer"]).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    assert_eq!(stranger.get(&request).await.status, 404);
    assert_eq!(give(&stranger, &request, "colleague").await.status, 404);
    let refused = json!({ "step": "colleague", "reason": "预算过高，请重新核算" });
    assert_eq!(stranger.post(&format!("{request}/refusal"), refused.clone()).await.status, 404);
    assert_eq!(stranger.post(&format!("{request}/withdrawal"), json!({})).await.status, 404);
    assert_eq!(owner.post(&format!("{request}/withdrawal"), json!({})).await.status, 404, "the asker's to withdraw");
    let form = json!({ "version": 2 });
    assert_eq!(stranger.post(&format!("/tenders/{tender}/approval"), form).await.status, 404);
    assert_eq!(give(&viewer, &request, "colleague").await.code(), "duty-any");
    viewer.get(&request).await.ok();
    let list = stranger.get("/company/approvals").await.ok().json();
    assert!(["to_decide", "open", "over"].iter().all(|part| list[part].as_array().unwrap().is_empty()));
    assert_eq!(state(&asker, &request).await, "waiting");
}

#[tokio::test]
async fn who_has_left_or_lost_the_duty_has_approved_nothing() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::asking(&world, &["colleague"]).await;
    let (first, tender) = (account(&second).await, prepare(&world, &asker).await);
    let request = ask(&asker, &tender).await;
    give(&second, &request, "colleague").await.ok();
    let other = json!({ "version": version(&owner, &first).await, "duty": ["finance"] });
    owner.post(&format!("/company/people/{first}/duties"), other).await.ok();
    assert_eq!(state(&asker, &request).await, "waiting");
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "approval-waiting".into()));
    give(&owner, &request, "colleague").await.ok();
    publish(&asker, &tender).await.ok();
    // Who is taken out of the company while it is published: one of the two comes first.
    for _ in 0..3 {
        let second = colleague(&world, &owner, &["buyer"]).await;
        let gone = account(&second).await;
        world.pass(SignedDuration::from_hours(25)).await;
        let (second, tender) = (world.again(&second).await, prepare(&world, &asker).await);
        let request = ask(&asker, &tender).await;
        give(&second, &request, "colleague").await.ok();
        let (published, removed) = tokio::join!(publish(&asker, &tender), remove(&owner, &gone));
        removed.ok();
        assert!(published.status == 201 || published.code() == "approval-waiting", "{}", published.text);
        let expected = if published.status == 201 { "done" } else { "waiting" };
        assert_eq!(state(&asker, &request).await, expected);
    }
}

#[tokio::test]
async fn sent_twice_it_is_once_and_of_two_at_once_one_is_given() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::asking(&world, &["colleague", "finance"]).await;
    let tender = prepare(&world, &asker).await;
    let (one, other) = tokio::join!(ask(&asker, &tender), ask(&asker, &tender));
    assert_eq!(one, other);
    assert_eq!(world.count("SELECT count(*) FROM approval_request").await, 1);
    let (first, last) = tokio::join!(give(&second, &one, "colleague"), give(&owner, &one, "colleague"));
    let mut given = [first.status.as_u16(), last.status.as_u16()];
    given.sort_unstable();
    assert_eq!(given, [201, 409], "{} {}", first.text, last.text);
    let again = if first.status == 201 { &second } else { &owner };
    give(again, &one, "colleague").await.ok();
    assert_eq!(world.count("SELECT count(*) FROM approval_given").await, 1);
    let withdraw = format!("{one}/withdrawal");
    for _ in 0..2 {
        asker.post(&withdraw, json!({})).await.ok();
    }
    assert_eq!(give(&second, &one, "finance").await.code(), "approval-ended");
    assert_eq!(publish(&asker, &tender).await.code(), "needs-approval");
}

#[tokio::test]
async fn a_request_is_refused_with_a_reason_and_everybody_is_told_what_waits_for_them() {
    let world = World::new().await;
    let Firm { owner, asker, second, finance } = Firm::asking(&world, &["colleague", "finance"]).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    world.settle().await;
    let count = async |kind: &str| [told(&asker, kind).await, told(&second, kind).await, told(&finance, kind).await];
    assert_eq!(count("approval-asked").await, [0, 1, 0]);
    assert_eq!(told(&owner, "approval-ruled").await, 1);
    let desk = second.page("/?lang=zh").await.ok().text;
    assert!(desk.contains("等你审批"), "{desk}");
    give(&second, &request, "colleague").await.ok();
    world.settle().await;
    assert_eq!(count("approval-asked").await, [0, 1, 1]);
    let path = format!("{request}/refusal");
    let short = finance.post(&path, json!({ "step": "finance", "reason": "贵" })).await;
    crate::account::refused(&short, "reason", "too-short");
    let reason = "预算超出本季度额度，请分期。";
    finance.post(&path, json!({ "step": "finance", "reason": reason })).await.ok();
    world.settle().await;
    assert_eq!(count("approval-decided").await, [1, 0, 0]);
    for language in ["zh", "en"] {
        for page in ["/company/approvals", request.as_str(), "/company/approval-rules"] {
            for who in [&owner, &asker, &finance] {
                let shown = who.page(&format!("{page}?lang={language}")).await.ok().text;
                assert!(!shown.contains('⟦'), "{page}: {shown}");
            }
        }
    }
    assert!(asker.page(&request).await.ok().text.contains(reason));
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "needs-approval".into()));
    // Asked again after a change, the page shows what differs.
    add_lot(&asker, &tender, &id(), "网络设备维保").await;
    let anew = ask(&asker, &tender).await;
    let shown = second.get(&anew).await.ok().json();
    let new: Vec<_> = shown["lines"].as_array().unwrap().iter().filter(|line| line["is_new"] == true).collect();
    assert!(new.len() == 2 && new.iter().all(|line| line["lot"] == 2), "{new:?}");
    let page = second.page(&format!("{anew}?lang=zh")).await.ok().text;
    assert!(page.contains("有变化") && page.contains("网络设备维保"), "{page}");
}

#[tokio::test]
async fn a_request_holds_for_a_week() {
    let world = World::new().await;
    let Firm { asker, second, .. } = Firm::asking(&world, &["colleague"]).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    give(&second, &request, "colleague").await.ok();
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(state(&asker, &request).await, "expired");
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "needs-approval".into()));
    assert_eq!(give(&second, &request, "colleague").await.code(), "approval-ended", "given once, and over");
    let anew = ask(&asker, &tender).await;
    assert_ne!(anew, request);
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(give(&second, &anew, "colleague").await.code(), "approval-ended", "too late to give");
}

#[tokio::test]
async fn who_was_let_in_for_the_purpose_approves_nothing() {
    let world = World::new().await;
    let Firm { owner, asker, .. } = Firm::asking(&world, &["colleague"]).await;
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    let new = colleague(&world, &owner, &["buyer"]).await;
    assert_eq!(refusal(&give(&new, &request, "colleague").await), (403, "approval-new-here".into()));
    // Another rule in between does not make them older.
    let owner = world.again(&owner).await;
    set(&owner, "publish", &[("", &["colleague"]), ("9000000", &["colleague", "owner"])]).await.ok();
    assert_eq!(refusal(&give(&new, &request, "colleague").await), (403, "approval-new-here".into()));
    world.pass(SignedDuration::from_hours(25)).await;
    let new = world.again(&new).await;
    give(&new, &request, "colleague").await.ok();
    publish(&asker, &tender).await.ok();
}
