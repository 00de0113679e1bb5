//! A call: what cannot be published, how often one applies, and how it ends without a result.

use super::{WORDS, call, conclude, evidence, heard, instant, own, providers, publish, published, read, review};
use crate::approval::{Firm, give, set, state};
use crate::demand::{broken, told};
use crate::sourcing::{after, id, in_days, text};
use crate::world::World;
use serde_json::{Value, json};

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

#[tokio::test]
async fn where_awards_are_approved_so_is_who_comes_onto_a_list() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::new(&world).await;
    set(&owner, "award", &[("", &["colleague"])]).await.ok();
    let all = providers(&world, 3).await;
    world.stay_signed_in(100).await;
    let ask = async |path: String, form: Value| {
        let asked = asker.post(&path, form).await.ok().json();
        format!("/company/approvals/{}", text(&asked, "id"))
    };
    let needs = (403, "needs-approval".to_owned());

    // In a pool each decision, and nothing else than what was approved.
    let (page, list) = published(&world, &asker, call(&world, "standing")).await;
    evidence(&all[0], &list, WORDS).await.ok();
    let place = own(&all[0], &page).await;
    assert_eq!(told(&review(&asker, &place, &["1"], "没有资质证书。").await), needs);
    let unmet = json!({"version": 1, "unmet": ["1"], "reason": "没有资质证书。"});
    let request = ask(format!("{place}/approval"), unmet).await;
    let shown = second.page(&request).await.ok().text;
    assert!(shown.contains("没有资质证书") && shown.contains("持有海上作业资质") && !shown.contains('⟦'), "{shown}");
    assert_eq!(told(&review(&asker, &place, &["1"], "没有资质证书。").await), (403, "approval-waiting".into()));
    give(&second, &request, "colleague").await.ok();
    assert_eq!(told(&review(&asker, &place, &[], "").await), needs, "that was not approved");
    let both = asker.page(&place).await.ok().text;
    let offered = [format!(" action=\"{place}/review\""), format!("formaction=\"{place}/approval\"")];
    assert!(offered.iter().all(|way| both.contains(way)), "another decision can be asked for: {both}");
    review(&asker, &place, &["1"], "没有资质证书。").await.ok();
    assert_eq!(state(&asker, &request).await, "done");

    // Upholding an objection brings its applicant onto the list, too.
    let object = json!({"id": id(), "text": "证书在附件第二页。"});
    all[0].post(&format!("{place}/objection"), object.clone()).await.ok();
    let objection = format!("/qualified-objections/{}", text(&object, "id"));
    let upheld = json!({"outcome": "upheld", "answer": "证书有效，予以入库。"});
    assert_eq!(told(&asker.post(&format!("{objection}/answer"), upheld.clone()).await), needs);
    let rejected = json!({"outcome": "rejected", "answer": "证书无效，不予入库。"});
    let unasked = asker.post(&format!("{objection}/approval"), rejected).await;
    assert_eq!(told(&unasked), (409, "approval-not-needed".into()), "a rejection changes nothing");
    let request = ask(format!("{objection}/approval"), upheld.clone()).await;
    give(&second, &request, "colleague").await.ok();
    asker.post(&format!("{objection}/answer"), upheld).await.ok();
    assert_eq!(read(&world.visitor(), &page).await["members"].as_array().map(Vec::len), Some(1));

    // What its applicant changes or takes back is approved by nobody.
    evidence(&all[1], &list, WORDS).await.ok();
    let place = own(&all[1], &page).await;
    let decision = async |version: i64| {
        let form = json!({"version": version, "unmet": ["1"], "reason": "没有资质证书。"});
        ask(format!("{place}/approval"), form).await
    };
    let before = decision(1).await;
    let changed = json!({"id": id(), "version": 1, "statement": "补充一项业绩。"});
    all[1].post(&format!("{page}/application"), changed).await.ok();
    let then = decision(2).await;
    all[1].post(&format!("{page}/application/withdrawal"), json!({"version": 2})).await.ok();
    assert_eq!((state(&asker, &before).await, state(&asker, &then).await), ("void".into(), "void".into()));

    // The result of a call is approved as a whole, and again once a review is another one.
    let form = call(&world, "framework");
    let deadline = instant(&form, "applications_until");
    let (page, list) = published(&world, &asker, form).await;
    for one in &all {
        evidence(one, &list, WORDS).await.ok();
    }
    world.until(deadline).await;
    for one in &all {
        review(&asker, &own(one, &page).await, &[], "").await.ok();
    }
    assert_eq!(told(&conclude(&asker, &page).await), needs);
    let version = read(&asker, &page).await["list"]["version"].clone();
    let asking = format!("{page}/conclusion-approval");
    let void = ask(asking.clone(), json!({"version": version})).await;
    give(&second, &void, "colleague").await.ok();
    review(&asker, &own(&all[2], &page).await, &[], "复核无误。").await.ok();
    assert_eq!((state(&asker, &void).await, told(&conclude(&asker, &page).await)), ("void".into(), needs));
    let request = ask(asking, json!({"version": version})).await;
    give(&second, &request, "colleague").await.ok();
    let desk = asker.page(&format!("{page}/applications")).await.ok().text;
    assert!(desk.contains(&request) && desk.contains(&format!("action=\"{page}/conclusion\"")), "{desk}");
    conclude(&asker, &page).await.ok();
    assert_eq!(read(&world.visitor(), &page).await["members"].as_array().map(Vec::len), Some(3));
}
