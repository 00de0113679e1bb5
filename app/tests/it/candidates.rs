//! Between the committee's report and the award: the publication of the candidates with its standstill, objections, appeals, letters.

use crate::evaluation::{Scene, refused, wrong};
use crate::operator_duty::holder;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser};
use app::web::OperatorDuty;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The newest publication of a lot, as everybody reads it.
async fn shown(scene: &Scene) -> Value {
    scene.world.visitor().get(&scene.at("candidates")).await.ok().json()["publications"][0].clone()
}

async fn object(scene: &Scene, bidder: &Browser, objection: &str) -> Answer {
    let fields = json!({"id": objection, "reason": "第一名的业绩与证明材料不符", "wanted": "请核对业绩"});
    bidder.post(&scene.at("objections"), fields).await
}

async fn answer(scene: &Scene, objection: &str, text: &str) -> Answer {
    scene.buyer.post(&format!("/objections/{objection}/answer"), json!({"answer": text})).await
}

fn when(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// The bids of the publication that stands, in its order.
async fn candidates(scene: &Scene) -> Vec<String> {
    let shown = shown(scene).await;
    shown["candidates"].as_array().unwrap().iter().map(|one| text(one, "bid")).collect()
}

#[tokio::test]
async fn nothing_is_awarded_inside_the_standstill_or_while_an_objection_waits() {
    let scene = Scene::new(3).await;
    refused(
        &scene.buyer.post(&scene.at("candidates"), json!({"id": id(), "days": "3"})).await,
        "evaluation-not-concluded",
    );
    scene.conclude().await;
    refused(&scene.award(&scene.bids[0], None).await, "candidates-unpublished");
    refused(&object(&scene, &scene.providers[1], &id()).await, "objection-early");

    // The buyer publishes the first of the report, for three days at least, once; nobody else does.
    let page = scene.buyer.get(&scene.at("candidates")).await.ok().json();
    assert_eq!(page["proposed"].as_array().map(Vec::len), Some(3));
    assert!(scene.buyer.page(&scene.at("candidates")).await.ok().text.contains("待公示的中标候选人"));
    let form = json!({"id": id(), "days": "3"});
    assert_eq!(scene.world.member("buyer").await.post(&scene.at("candidates"), form.clone()).await.status, 404);
    let short = json!({"id": id(), "days": "2"});
    wrong(&scene.buyer.post(&scene.at("candidates"), short).await, "days", "candidates-days");
    let chosen = json!({"id": id(), "days": "3", "bid": scene.bids[1]});
    wrong(&scene.buyer.post(&scene.at("candidates"), chosen).await, "bid", "unknown-field");
    for _ in 0..2 {
        scene.buyer.post(&scene.at("candidates"), form.clone()).await.ok();
    }
    refused(&scene.buyer.post(&scene.at("candidates"), json!({"id": id(), "days": "3"})).await, "candidates-published");
    scene.world.settle().await;
    assert_eq!(scene.world.count("SELECT count(*) FROM candidates_publication").await, 1);

    // Everybody reads them: by points, with the prices, and no person.
    let now = shown(&scene).await;
    let total = |at: usize| now["candidates"][at]["total"].as_i64().unwrap();
    assert!(total(0) >= total(1) && total(1) >= total(2), "{now}");
    assert_eq!((&now["candidates"][0]["bid"], &now["candidates"][0]["price"]), (&json!(scene.bids[0]), &json!(10_000)));
    assert_eq!((&now["standing"], &now["earliest"]), (&json!("standstill"), &now["until"]));
    let least = SignedDuration::from_hours(72);
    assert!(when(&now["until"]).duration_since(when(&now["published_at"])) >= least, "three whole days: {now}");
    let visitor = scene.world.visitor();
    let notices = visitor.get("/notices?kind=result").await.ok().json();
    assert!(notices["notices"].to_string().contains("中标候选人公示"), "{notices}");
    let notice = visitor.get(&text(&notices["notices"][0], "address")).await.ok().text;
    assert!(notice.contains("报价100.00元") && notice.contains("综合得分"), "{notice}");
    // Open data tell the criteria with the tender, and the candidates as a document; the record is what the releases say together.
    let releases = crate::ocds::releases(&scene.world).await;
    let tender = &releases[0]["tender"];
    assert_eq!(tender["awardCriteria"], "ratedCriteria");
    assert!(text(tender, "awardCriteriaDetails").contains("评标委员会"), "{tender}");
    let told = releases.last().unwrap();
    let document = &told["tender"]["documents"][0];
    assert_eq!((&told["tag"], &document["documentType"]), (&json!(["tenderUpdate"]), &json!("evaluationReports")));
    assert!(text(document, "description").contains("报价100.00元"), "{document}");
    assert_eq!(told["bids"], Value::Null, "the opening of a quotation is not public");
    let record = visitor.get(&format!("/ocds/records/{}", text(told, "ocid"))).await.ok().json();
    assert_eq!(record["records"][0]["compiledRelease"]["tender"]["documents"][0]["id"], document["id"]);
    let dossier = visitor.page(&format!("/tenders/{}", scene.tender)).await.ok().text;
    assert!(dossier.contains("公示中") && dossier.contains("公示中标候选人") && !dossier.contains('⟦'), "{dossier}");
    assert!(scene.providers[1].page("/inbox").await.ok().text.contains("公示了中标候选人"), "bidders are told");
    let early = scene.award(&scene.bids[0], None).await;
    refused(&early, "award-standstill");
    assert_eq!(scene.buyer.get(&scene.at("award")).await.code(), "award-standstill");
    let out = json!({"number": "1", "reason": "与投标人有利害关系"});
    refused(&scene.buyer.post(&scene.at("replacement"), out).await, "candidates-published");

    objected(&scene).await;
}

/// An objection that is answered late, appealed against and dismissed.
async fn objected(scene: &Scene) {
    let (objector, other, first) = (&scene.providers[1], &scene.providers[2], id());
    assert_eq!(object(scene, &scene.experts[0], &id()).await.status, 404, "who has not bid");
    assert_eq!(object(scene, &scene.buyer, &id()).await.status, 403);
    assert!(objector.page(&scene.at("objections/new")).await.ok().text.contains("提交异议"));
    let empty = json!({"id": id(), "reason": ""});
    wrong(&objector.post(&scene.at("objections"), empty).await, "reason", "required");
    for _ in 0..2 {
        object(scene, objector, &first).await.ok();
    }
    assert_eq!(object(scene, other, &first).await.status, 404, "another's id");
    refused(&object(scene, objector, &id()).await, "objection-open");
    scene.world.settle().await;
    assert_eq!(scene.world.count("SELECT count(*) FROM objection").await, 1);
    assert!(scene.buyer.page("/inbox").await.ok().text.contains("收到异议"), "the buyer is told");

    // Public is only that the award is paused; its two sides and the proper duty read the rest.
    let path = format!("/objections/{first}");
    let public = scene.world.visitor().get(&scene.at("candidates")).await.ok();
    assert_eq!(public.json()["publications"][0]["standing"], "paused");
    assert!(!public.text.contains("业绩") && public.json()["objections"] == json!([]), "{}", public.text);
    for reader in [&scene.buyer, objector] {
        assert_eq!(reader.get(&path).await.ok().json()["objection"]["wanted"], "请核对业绩");
        assert!(reader.page(&path).await.ok().text.contains("证明材料不符"));
    }
    for (stranger, status) in [(other, 404), (&scene.experts[0], 404), (&scene.world.visitor(), 401)] {
        assert_eq!(stranger.get(&path).await.status, status);
    }
    let risk = holder(&scene.world, OperatorDuty::Risk).await;
    let support = holder(&scene.world, OperatorDuty::Support).await;
    scene.world.stay_signed_in(100).await;
    assert!(risk.page(&format!("/desk/objections/{first}")).await.ok().text.contains("证明材料不符"));
    assert_eq!(support.get(&format!("/desk/objections/{first}")).await.status, 403);

    // Past the standstill and the day of the answer it stays paused, late on the operator's desk, and nobody objects any more.
    let now = shown(scene).await;
    scene.world.until(when(&now["until"])).await;
    refused(&scene.award(&scene.bids[0], None).await, "award-paused");
    let late = object(scene, other, &id()).await;
    refused(&late, "objection-closed");
    scene.world.pass(SignedDuration::from_hours(48)).await;
    assert!(risk.page("/desk/objections").await.ok().text.contains("逾期"));
    assert!(risk.page("/").await.ok().text.contains("逾期的异议"));
    refused(&scene.award(&scene.bids[0], None).await, "award-paused");

    // Only the buyer answers, once. Before the days of an appeal are over nothing is awarded.
    assert_eq!(objector.post(&format!("{path}/answer"), json!({"answer": "我们自己答复"})).await.status, 403);
    let early = json!({"id": id(), "reason": "还没有答复就申诉"});
    refused(&objector.post(&format!("{path}/appeal"), early).await, "appeal-early");
    for _ in 0..2 {
        answer(scene, &first, "业绩已经核对，合同和验收单都在投标文件里").await.ok();
    }
    refused(&answer(scene, &first, "换一个说法").await, "objection-answered");
    scene.world.settle().await;
    assert!(objector.page("/inbox").await.ok().text.contains("答复了你公司"));
    refused(&scene.award(&scene.bids[0], None).await, "award-appealable");

    let appeal = json!({"id": id(), "reason": "答复没有说明验收单的日期"});
    assert_eq!(other.post(&format!("{path}/appeal"), appeal.clone()).await.status, 404);
    for _ in 0..2 {
        objector.post(&format!("{path}/appeal"), appeal.clone()).await.ok();
    }
    let again = json!({"id": id(), "reason": "再申诉一次"});
    refused(&objector.post(&format!("{path}/appeal"), again).await, "appeal-made");
    refused(&scene.award(&scene.bids[0], None).await, "award-paused");
    let decision = json!({"outcome": "dismissed", "decision": "验收单日期在投标截止之前，答复属实"});
    let desk = format!("/desk/objections/{first}/decision");
    assert_eq!(support.post(&desk, decision.clone()).await.status, 403);
    for _ in 0..2 {
        risk.post(&desk, decision.clone()).await.ok();
    }
    refused(&risk.post(&desk, json!({"outcome": "upheld", "decision": "改主意，申诉成立"})).await, "appeal-decided");
    let seen = objector.page(&path).await.ok().text;
    assert!(seen.contains("申诉驳回") && seen.contains("行政监督部门"), "{seen}");
    scene.award(&scene.bids[0], None).await.ok();
    letters(scene).await;
}

/// What each bidder is told of its own bid, and of the others nothing more than is public.
async fn letters(scene: &Scene) {
    let won = scene.providers[0].get(&scene.at("letter")).await.ok().json();
    assert_eq!((&won["is_won"], &won["rank"], won["contract_by"].is_string()), (&json!(true), &json!(1), true));
    let lost = scene.providers[1].get(&scene.at("letter")).await.ok();
    let told = lost.json();
    assert_eq!((&told["is_won"], &told["rank"], &told["points"]["price"]), (&json!(false), &json!(3), &json!(2000)));
    assert_eq!(told["points"]["criteria"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["first"], shown(scene).await["candidates"][0]["total"]);
    assert!(!lost.text.contains(&scene.bids[2]), "nothing of the third");
    let page = scene.providers[1].page(&scene.at("letter")).await.ok().text;
    assert!(page.contains("中标结果通知书") && page.contains("项目团队") && !page.contains('⟦'), "{page}");
    for stranger in [&scene.buyer, &scene.experts[0]] {
        assert_eq!(stranger.get(&scene.at("letter")).await.status, 404);
        assert_eq!(stranger.get(&scene.at("letter.pdf")).await.status, 404);
    }
    let request = scene.providers[1].request(reqwest::Method::GET, &scene.at("letter.pdf"));
    let bytes = request.send().await.unwrap().bytes().await.unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 2000);
}

#[tokio::test]
async fn an_appeal_that_is_upheld_voids_the_publication_and_the_next_candidate_can_follow_the_first() {
    let scene = Scene::new(4).await;
    scene.conclude().await;
    scene.publish().await;
    let (objector, objection) = (&scene.providers[2], id());
    object(&scene, objector, &objection).await.ok();
    answer(&scene, &objection, "评分没有问题，不予采纳").await.ok();
    let appeal = json!({"id": id(), "reason": "答复没有说明理由"});
    objector.post(&format!("/objections/{objection}/appeal"), appeal).await.ok();
    let risk = holder(&scene.world, OperatorDuty::Risk).await;
    let upheld = json!({"outcome": "upheld", "decision": "业绩证明的日期晚于投标截止"});
    risk.post(&format!("/desk/objections/{objection}/decision"), upheld).await.ok();
    scene.world.settle().await;
    assert_eq!(shown(&scene).await["standing"], "void");
    scene.world.stay_signed_in(100).await;
    scene.world.pass(SignedDuration::from_hours(24 * 5)).await;
    refused(&scene.award(&scene.bids[0], None).await, "candidates-unpublished");
    assert!(scene.buyer.page("/inbox").await.ok().text.contains("决定了"), "both sides are told");
    let notices = scene.world.visitor().get("/notices?kind=result").await.ok().text;
    assert!(notices.contains("公示撤销"), "{notices}");

    // Late by now: the reason is asked for, and public. Then it is withdrawn, and a member replaced.
    let late = json!({"id": id(), "days": "4"});
    wrong(&scene.buyer.post(&scene.at("candidates"), late.clone()).await, "lateness", "candidates-late");
    let mut told = late;
    told["lateness"] = "前次公示因申诉失效".into();
    scene.buyer.post(&scene.at("candidates"), told.clone()).await.ok();
    let public = shown(&scene).await;
    assert_eq!(public["lateness"], "前次公示因申诉失效");
    let withdrawal = json!({"publication": public["id"], "reason": "一名评委与投标人有亲属关系"});
    assert_eq!(objector.post(&scene.at("candidates/withdrawal"), withdrawal.clone()).await.status, 403);
    for _ in 0..2 {
        scene.buyer.post(&scene.at("candidates/withdrawal"), withdrawal.clone()).await.ok();
    }
    assert_eq!(shown(&scene).await["ended_reason"], "一名评委与投标人有亲属关系");
    refused(&object(&scene, objector, &id()).await, "objection-closed");
    let before = scene.sitting().await;
    let out = json!({"number": "1", "reason": "与投标人有亲属关系"});
    scene.buyer.post(&scene.at("replacement"), out).await.ok();
    scene.world.settle().await;
    let now = scene.sitting().await;
    let next = now.iter().find(|one| before.iter().all(|other| other.phone != one.phone)).unwrap();
    scene.declare(next).await;
    scene.score_and_sign(next).await.ok();

    // The first of the new report drops out: the next is chosen, with a reason that is public.
    scene.stand_still().await;
    assert_eq!(shown(&scene).await["round"], 2);
    let bids = candidates(&scene).await;
    wrong(&scene.award(&bids[1], None).await, "departure", "departure-needed");
    assert!(scene.buyer.page("/").await.ok().text.contains("公示期满"), "on the buyer's desk");
    scene.award(&bids[1], Some("第一名书面放弃中标")).await.ok();
    scene.world.settle().await;
    let noted = "SELECT count(*) FROM event WHERE kind = 'tender.standstill-ended'";
    assert_eq!(scene.world.count(noted).await, 1, "of three publications one has come to its end");
    let dossier = scene.world.visitor().get(&format!("/tenders/{}", scene.tender)).await.ok().json();
    assert_eq!(dossier["tender"]["state"], "awarded");
    assert_eq!(dossier["awards"][0]["departure"], "第一名书面放弃中标");
    let notices = scene.world.visitor().get("/notices?kind=result&words=放弃").await.ok().json();
    assert_eq!(notices["notices"].as_array().map(Vec::len), Some(1), "public with the result");
    refused(
        &scene.buyer.post(&scene.at("candidates"), json!({"id": id(), "days": "3"})).await,
        "lot-not-in-evaluation",
    );
}

#[tokio::test]
async fn whoever_comes_first_at_the_end_of_the_standstill_no_objection_is_passed_over() {
    let scene = Scene::new(3).await;
    scene.conclude().await;
    scene.publish().await;
    let until = scene.standstill().await;
    // An hour before, on a clock that jumps: the objection is taken, the award is not.
    scene.world.clock.set(until.checked_sub(SignedDuration::from_hours(1)).unwrap());
    refused(&scene.award(&scene.bids[0], None).await, "award-standstill");
    // At the last instants all at once: what is taken pauses, what is awarded found nothing pending.
    let choice = json!({"bid": scene.bids[0], "reason": "综合得分符合要求"});
    let objection = |id: &str| json!({"id": id, "reason": "第一名的业绩与证明材料不符"});
    let (one, two) = (id(), id());
    let acts = [
        (&scene.buyer, scene.at("award"), choice.clone()),
        (&scene.providers[1], scene.at("objections"), objection(&one)),
        (&scene.providers[2], scene.at("objections"), objection(&two)),
        (&scene.buyer, scene.at("award"), choice),
    ];
    let tokens = join_all(acts.iter().map(|(browser, _, _)| browser.token())).await;
    scene.world.clock.set(until.checked_sub(SignedDuration::from_millis(5)).unwrap());
    let sent = acts.iter().zip(&tokens);
    let answers = join_all(sent.map(|((browser, path, fields), token)| browser.post_with(token, path, fields))).await;
    let taken = answers[1..3].iter().filter(|answer| answer.status == 201).count();
    let awarded = [0, 3].iter().filter(|at| answers[**at].status == 201).count();
    let told: Vec<_> = answers.iter().map(|answer| (answer.status.as_u16(), answer.code())).collect();
    assert!(taken == 0 || awarded == 0, "an award and a pending objection: {told:?}");
    assert!(answers[1..3].iter().all(|answer| answer.status == 201 || answer.code() == "objection-closed"), "{told:?}");
    if taken > 0 {
        refused(&scene.award(&scene.bids[0], None).await, "award-paused");
        for one in [one, two] {
            if scene.buyer.get(&format!("/objections/{one}")).await.status == 200 {
                answer(&scene, &one, "业绩已经核对，材料齐全").await.ok();
            }
        }
    }
    // No process was up when standstill and appeals ended: the instants decide, and the engine makes up for it.
    scene.world.clock.set(until.checked_add(SignedDuration::from_hours(24 * 6)).unwrap());
    scene.award(&scene.bids[0], None).await.ok();
    scene.world.settle().await;
    let due = "SELECT count(*) FROM tender WHERE next_check < 9000000000000000000 AND state = 'awarded'";
    assert_eq!(scene.world.count(due).await, 0, "nothing is left for the clock");
}

#[tokio::test]
async fn a_lot_that_is_ended_in_its_standstill_takes_no_objection_and_leaves_nothing_to_the_clock() {
    let scene = Scene::new(3).await;
    scene.conclude().await;
    scene.publish().await;
    crate::derived::agree(&scene.world).await;
    let (objector, objection) = (&scene.providers[1], id());
    object(&scene, objector, &objection).await.ok();
    let ended = crate::termination::form(&scene.buyer, &scene.tender, &[1]).await;
    scene.buyer.post(&format!("/tenders/{}/termination", scene.tender), ended).await.ok();
    refused(&object(&scene, &scene.providers[2], &id()).await, "objection-over");
    refused(&scene.award(&scene.bids[0], None).await, "lot-not-in-evaluation");
    let withdrawal = json!({"publication": shown(&scene).await["id"], "reason": "已经终止，不再公示"});
    refused(&scene.buyer.post(&scene.at("candidates/withdrawal"), withdrawal).await, "candidates-over");
    // What was asked is answered all the same, and can lead nowhere any more.
    answer(&scene, &objection, "标段已经终止，另行通知").await.ok();
    let appeal = json!({"id": id(), "reason": "终止没有说明理由"});
    refused(&objector.post(&format!("/objections/{objection}/appeal"), appeal).await, "appeal-void");
    scene.world.pass(SignedDuration::from_hours(24 * 5)).await;
    assert_eq!(shown(&scene).await["standing"], "over");
    let ended = "SELECT count(*) FROM event WHERE kind = 'tender.standstill-ended'";
    assert_eq!(scene.world.count(ended).await, 0, "it has not ended, the lot has");
    let risk = holder(&scene.world, OperatorDuty::Risk).await;
    assert_eq!(risk.get("/desk/objections").await.ok().json()["objections"], json!([]));
}
