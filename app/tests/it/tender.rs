//! Tenders: drafting, publishing, questions, and what time does.

use crate::sourcing::{add_lot, after, draft, id, in_days, publish, published, published_as, text};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_draft_is_its_buyers_own_until_it_is_published() {
    let world = World::new().await;
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    for path in [format!("/tenders/{tender}"), format!("/tenders/{tender}/draft")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(world.visitor().get(&format!("/tenders/{tender}")).await.status, 404);
    assert_eq!(
        other.post(&format!("/tenders/{tender}/lots"), json!({"lot_id": id(), "lot_title": "别人的"})).await.status,
        404
    );
    add_lot(&buyer, &tender, &id(), "网络设备维保").await;
    publish(&buyer, &tender).await.ok();
    let public = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(public["tender"]["state"], "published");
    assert_eq!(public["lots"][0]["budget"], 486_000_000);
    assert!(world.visitor().get("/opportunities").await.ok().text.contains(&tender));
}

#[tokio::test]
async fn publishing_needs_a_lot_and_the_methods_time_and_what_was_seen() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut short = draft(&world);
    short["deadline"] = in_days(&world, 4).into();
    short["questions_until"] = in_days(&world, 1).into();
    let tender = text(&buyer.post("/tenders", short).await.ok().json(), "id");
    let review = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json();
    let rules: Vec<_> = review["unready"].as_array().unwrap().iter().map(|one| text(one, "rule")).collect();
    assert_eq!(rules, ["no-lot", "deadline-too-soon"]);
    assert_eq!(publish(&buyer, &tender).await.code(), "tender-unready");
    let version = review["tender"]["version"].as_i64().unwrap();
    let mut changed = draft(&world);
    changed.as_object_mut().unwrap().remove("id");
    changed["version"] = version.into();
    buyer.post(&format!("/tenders/{tender}/draft"), changed.clone()).await.ok();
    add_lot(&buyer, &tender, &id(), "网络设备维保").await;
    assert_eq!(buyer.post(&format!("/tenders/{tender}/draft"), changed).await.status, 412);
    let stale = buyer.post(&format!("/tenders/{tender}/publication"), json!({"version": version})).await;
    assert_eq!(stale.status, 412);
    publish(&buyer, &tender).await.ok();
    let again = buyer.post(&format!("/tenders/{tender}/publication"), json!({"version": version + 1})).await;
    assert_eq!(again.code(), "tender-not-draft");
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_names_the_way_out() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let fields = [("id", id()), ("title", "维".into()), ("method", "open".into()), ("deadline", "明天".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = buyer.submit("/tenders", &fields).await;
    assert_eq!(page.status, 422);
    for part in ["太短", "不是有效的日期时间", "value=\"明天\"", "value=\"维\"", "aria-invalid"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains('⟦'), "{}", page.text);
    let problem = buyer.post("/tenders", json!({"id": id(), "titel": "x"})).await.json();
    let codes: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|one| (text(one, "field"), text(one, "code"))).collect();
    assert!(codes.contains(&("titel".into(), "unknown-field".into())), "{codes:?}");
    assert!(codes.contains(&("title".into(), "required".into())), "{codes:?}");
}

#[tokio::test]
async fn the_same_draft_twice_is_one_draft() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let form = draft(&world);
    buyer.post("/tenders", form.clone()).await.ok();
    buyer.post("/tenders", form.clone()).await.ok();
    assert_eq!(buyer.get("/tenders").await.ok().json()["tenders"].as_array().unwrap().len(), 1);
    let thief = world.member("buyer").await;
    assert_eq!(thief.post("/tenders", form).await.status, 404);
}

#[tokio::test]
async fn documents_are_public_with_the_tender_and_only_with_it() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let files: [(&str, &str, &[u8]); 2] =
        [("documents", "../../招标文件.pdf", b"%PDF-1.7 tender"), ("documents", "清单.xlsx", b"PK")];
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], &files).await.ok();
    let page = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    let document = &page["documents"][0];
    assert_eq!(document["name"], "招标文件.pdf");
    let path = format!("/documents/{}", text(document, "id"));
    assert_eq!(world.visitor().get(&path).await.status, 404);
    add_lot(&buyer, &tender, &id(), "网络设备维保").await;
    publish(&buyer, &tender).await.ok();
    let file = world.visitor().get(&path).await.ok();
    assert_eq!(file.text, "%PDF-1.7 tender");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let late = buyer.upload(&format!("/tenders/{tender}/documents"), &[], &files).await;
    assert_eq!(late.code(), "tender-not-draft");
}

#[tokio::test]
async fn a_document_may_be_as_large_as_the_page_says() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let path = format!("/tenders/{tender}/documents");
    let megabytes = |count: usize| vec![b'x'; count * 1024 * 1024];
    buyer.upload(&path, &[], &[("documents", "图纸.pdf", &megabytes(24))]).await.ok();
    let page = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    assert_eq!(page["documents"][0]["size"], 24 * 1024 * 1024);
    let more = buyer.upload(&path, &[], &[("documents", "图纸.pdf", &megabytes(26))]).await;
    assert_eq!((more.status.as_u16(), more.code()), (413, "too-large".into()));
}

#[tokio::test]
async fn nobody_learns_who_asks_and_all_read_the_answer() {
    let world = World::new().await;
    let (buyer, asker, other) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let (tender, _) = published(&world, &buyer).await;
    let path = format!("/tenders/{tender}");
    let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    asker.post(&format!("{path}/questions"), question.clone()).await.ok();
    asker.post(&format!("{path}/questions"), question).await.ok();
    assert_eq!(other.get(&path).await.json()["questions"].as_array().unwrap().len(), 0);
    assert_eq!(asker.get(&path).await.json()["questions"][0]["own"], true);
    let seen = buyer.get(&path).await.json()["questions"].clone();
    assert_eq!((seen.as_array().unwrap().len(), &seen[0]["own"]), (1, &json!(false)));
    let answer = format!("/questions/{}/answer", text(&seen[0], "id"));
    assert_eq!(world.member("buyer").await.post(&answer, json!({"answer": "含夜间。"})).await.status, 404);
    buyer.post(&answer, json!({"answer": "含夜间。"})).await.ok();
    assert_eq!(world.visitor().get(&path).await.json()["questions"][0]["answer"], "含夜间。");
    world.until(after(world.clock.now(), 8)).await;
    let late = world.again(&asker).await;
    let late = late.post(&format!("{path}/questions"), json!({"question_id": id(), "question": "还能提问吗？"})).await;
    assert_eq!(late.code(), "questions-ended");
}

#[tokio::test]
async fn too_few_bids_fail_the_tender_unopened_and_a_notice_says_so() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    for yuan in ["100", "200"] {
        let provider = world.member("provider").await;
        crate::sourcing::bid(&provider, &lot, yuan).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    let public = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!((&public["tender"]["state"], &public["opening"]), (&json!("failed"), &json!(null)));
    assert_eq!(world.visitor().get(&format!("/tenders/{tender}/opening")).await.status, 404);
    assert!(world.visitor().get("/notices?words=流标公告").await.ok().text.contains("流标"));
    let page = world.visitor().page(&format!("/tenders/{tender}")).await.ok();
    assert!(page.text.contains("流标") && !page.text.contains('⟦'), "{}", page.text);
}

#[tokio::test]
async fn a_lot_that_fails_does_not_stop_the_others() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let (full, poor) = (id(), id());
    add_lot(&buyer, &tender, &full, "服务器维保").await;
    add_lot(&buyer, &tender, &poor, "网络维保").await;
    publish(&buyer, &tender).await.ok();
    for yuan in ["300", "100", "200"] {
        crate::sourcing::bid(&world.member("provider").await, &full, yuan).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    let buyer = world.again(&buyer).await;
    let opened = buyer.get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(opened["tender"]["state"], "evaluation");
    let states: Vec<_> = opened["lots"].as_array().unwrap().iter().map(|lot| text(lot, "state")).collect();
    assert_eq!(states, ["evaluation", "failed"]);
    let best = text(&opened["opening"][0]["bids"][0], "id");
    buyer.post(&format!("/lots/{full}/award"), json!({"bid": best, "reason": "价格最低，满足全部要求"})).await.ok();
    assert_eq!(buyer.get(&format!("/tenders/{tender}")).await.json()["tender"]["state"], "awarded");
}

#[tokio::test]
async fn a_quotation_shows_its_opening_to_buyer_and_bidders_only() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut form = draft(&world);
    form["method"] = "quotation".into();
    let (tender, lot) = published_as(&world, &buyer, form).await;
    let mut bidder = None;
    for yuan in ["300", "100", "200"] {
        let provider = world.member("provider").await;
        crate::sourcing::bid(&provider, &lot, yuan).await;
        bidder = Some(provider);
    }
    world.until(after(world.clock.now(), 10)).await;
    let (buyer, bidder) = (world.again(&buyer).await, world.again(&bidder.unwrap()).await);
    let path = format!("/tenders/{tender}/opening");
    assert_eq!(world.visitor().get(&path).await.status, 404);
    assert_eq!(world.member("provider").await.get(&path).await.status, 404);
    buyer.get(&path).await.ok();
    bidder.get(&path).await.ok();
}

#[tokio::test]
async fn time_that_jumps_over_everything_leaves_nothing_out() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, _) = published(&world, &buyer).await;
    world.pass(SignedDuration::from_hours(24 * 400)).await;
    assert_eq!(buyer.get("/tenders").await.status, 401, "the login session ended meanwhile");
    let public = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(public["tender"]["state"], "failed");
}
