//! A standing pool: who is in it, who is suspended, objects, appeals and leaves, and what is bought from it.

use super::{WORDS, call, drafted, evidence, heard, own, providers, published, read, review, unready};
use crate::demand::{broken, told};
use crate::sourcing::{after, draft, id, publish as publish_tender, text};
use crate::world::World;
use serde_json::{Value, json};

#[tokio::test]
async fn a_pool_takes_in_suspends_and_orders_from_who_is_in_it() {
    let world = World::new().await;
    let (buyer, visitor) = (world.member("buyer").await, world.visitor());
    let all = providers(&world, 4).await;
    world.stay_signed_in(100).await;
    let (page, list) = published(&world, &buyer, call(&world, "standing")).await;
    for one in &all {
        evidence(one, &list, WORDS).await.ok();
    }
    world.settle().await;
    assert_eq!(heard(&buyer, "qualified-to-review").await, 1, "several within the hour are one");
    let places =
        [own(&all[0], &page).await, own(&all[1], &page).await, own(&all[2], &page).await, own(&all[3], &page).await];
    for place in &places[..3] {
        review(&buyer, place, &[], "").await.ok();
    }
    review(&buyer, &places[3], &["1"], "没有资质证书。").await.ok();
    let members = read(&visitor, &page).await["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 3, "a pool's members are public");
    let again = json!({"version": 1, "unmet": [], "reason": ""});
    assert_eq!(told(&buyer.post(&format!("{}/review", places[3]), again).await), (409, "qualified-decided".into()));

    // Who fails objects once; upheld, it is in.
    let object = json!({"id": id(), "text": "证书在附件第二页。"});
    let objecting = format!("{}/objection", places[3]);
    assert_eq!(told(&all[2].post(&objecting, object.clone()).await), (404, "not-found".into()));
    for _ in 0..2 {
        all[3].post(&objecting, object.clone()).await.ok();
    }
    let second = json!({"id": id(), "text": "再次提出异议。"});
    assert_eq!(told(&all[3].post(&objecting, second).await), (409, "qualified-objection-exists".into()));
    assert_eq!(
        told(&all[0].post(&format!("{}/objection", places[0]), object.clone()).await),
        (409, "qualified-objection-not-open".into())
    );
    let found = text(&read(&buyer, &places[3]).await["application"]["objections"][0], "id");
    let answer = json!({"outcome": "upheld", "answer": "证书有效，予以入库。"});
    let answering = format!("/qualified-objections/{found}/answer");
    assert_eq!(world.member("buyer").await.post(&answering, answer.clone()).await.status, 404);
    for _ in 0..2 {
        buyer.post(&answering, answer.clone()).await.ok();
    }
    let other = json!({"outcome": "rejected", "answer": "证书无效，不予入库。"});
    assert_eq!(told(&buyer.post(&answering, other).await), (409, "qualified-objection-answered".into()));
    assert_eq!(read(&visitor, &page).await["members"].as_array().unwrap().len(), 4);

    // A draft among all follows the list; a direct order is from one of it.
    let tender = drafted(&buyer, &page, json!({"id": id()})).await;
    let count = async || read(&buyer, &format!("{tender}/draft")).await["naming"]["named"].as_array().unwrap().len();
    assert_eq!(count().await, 4);
    let version = read(&buyer, &places[0]).await["application"]["version"].clone();
    let reason = json!({"version": version, "reason": "资质年检没有通过。"});
    for _ in 0..2 {
        buyer.post(&format!("{}/suspension", places[0]), reason.clone()).await.ok();
    }
    assert_eq!((count().await, read(&visitor, &page).await["members"].as_array().unwrap().len()), (3, 3));
    assert!(all[0].page(&places[0]).await.ok().text.contains("资质年检没有通过"));
    let leave =
        json!({"version": read(&all[1], &places[1]).await["application"]["version"], "reason": "业务调整，不再承接。"});
    assert_eq!(told(&all[2].post(&format!("{}/leaving", places[1]), leave.clone()).await), (404, "not-found".into()));
    all[1].post(&format!("{}/leaving", places[1]), leave).await.ok();
    assert_eq!(count().await, 2);
    let few = buyer.post(&format!("{page}/tender"), json!({"id": id()})).await;
    assert_eq!(told(&few), (409, "qualified-not-usable".into()), "an invited tender takes three");
    let order = |provider: &Value| json!({"id": id(), "method": "direct", "provider": provider});
    let suspended = read(&all[0], "/company").await["company"]["id"].clone();
    let refused = buyer.post(&format!("{page}/tender"), order(&suspended)).await;
    assert_eq!(broken(&refused), ("provider".into(), "qualified-provider-unknown".into()));
    let chosen = read(&all[2], "/company").await["company"]["id"].clone();
    let direct = drafted(&buyer, &page, order(&chosen)).await;
    let naming = read(&buyer, &format!("{direct}/draft")).await["naming"].clone();
    assert_eq!((&naming["named"][0]["company"], &naming["of_list"]), (&chosen, &json!(true)));
    assert!(!unready(&buyer, &direct).await.contains(&"not-of-list".to_owned()));

    // Against a rejected objection there is an appeal, which the operator's risk duty decides without reading the application.
    let object = json!({"id": id(), "text": "年检已经通过，附证明。"});
    all[0].post(&format!("{}/objection", places[0]), object.clone()).await.ok();
    let rejected = json!({"outcome": "rejected", "answer": "附件没有年检证明。"});
    let objection = text(&object, "id");
    let (answering, appealing) =
        (format!("/qualified-objections/{objection}/answer"), format!("/qualified-objections/{objection}/appeal"));
    let appeal = json!({"id": id(), "text": "证明在附件第二页。"});
    assert_eq!(told(&all[0].post(&appealing, appeal.clone()).await), (409, "qualified-appeal-not-open".into()));
    buyer.post(&answering, rejected).await.ok();
    assert_eq!(told(&all[2].post(&appealing, appeal.clone()).await), (404, "not-found".into()));
    for _ in 0..2 {
        all[0].post(&appealing, appeal.clone()).await.ok();
    }
    let more = json!({"id": id(), "text": "再次提出申诉。"});
    assert_eq!(told(&all[0].post(&appealing, more).await), (409, "qualified-appeal-made".into()));
    let operator = world.operator().await;
    let case = format!("/desk/qualified-objections/{objection}");
    assert_eq!(read(&operator, "/desk/qualified-objections").await["objections"][0]["id"], json!(objection));
    let shown = operator.page(&case).await.ok().text;
    assert!(shown.contains("证明在附件第二页") && !shown.contains(WORDS) && !shown.contains('⟦'), "{shown}");
    let decision = json!({"outcome": "upheld", "decision": "证明有效，暂停没有依据。"});
    for _ in 0..2 {
        operator.post(&format!("{case}/decision"), decision.clone()).await.ok();
    }
    let other = json!({"outcome": "rejected", "decision": "证明无效，维持答复。"});
    assert_eq!(
        told(&operator.post(&format!("{case}/decision"), other).await),
        (409, "qualified-appeal-decided".into())
    );
    assert_eq!(count().await, 3, "in again");
    let version = async || read(&buyer, &places[0]).await["application"]["version"].clone();
    let again = json!({"version": version().await, "reason": "资质证书过期。"});
    buyer.post(&format!("{}/suspension", places[0]), again).await.ok();
    let restore = json!({"version": version().await});
    buyer.post(&format!("{}/restoration", places[0]), restore).await.ok();
    world.settle().await;
    assert_eq!(heard(&all[0], "qualified-result").await, 5, "in, suspended, in by the appeal, suspended, in again");
    assert_eq!((heard(&all[0], "qualified-appeal").await, heard(&buyer, "qualified-appeal").await), (1, 2));
    assert_eq!(heard(&buyer, "qualified-left").await, 1);

    // Members of a pool may bid together, and with nobody else.
    let mut joint = draft(&world);
    joint.as_object_mut().unwrap().remove("id");
    (joint["method"], joint["consortium_most"]) = (json!("invited"), json!("2"));
    joint["version"] = read(&buyer, &format!("{tender}/draft")).await["tender"]["version"].clone();
    buyer.post(&format!("{tender}/draft"), joint).await.ok();
    publish_tender(&buyer, tender.rsplit('/').next().unwrap()).await.ok();
    let lot = text(&read(&buyer, &tender).await["lots"][0], "id");
    let join = async |partner: usize| {
        let code = text(&read(&all[partner], "/company").await["company"], "credit_code");
        let form = json!({"id": id(), "share": "60", "work": "抢修", "partners": format!("{code}，40，勘察"),
            "clauses": "各方按份额完成工作并分配款项。"});
        all[0].post(&format!("/lots/{lot}/consortia"), form).await
    };
    assert_eq!(broken(&join(1).await), ("partners".into(), "consortium-off-list".into()));
    join(2).await.ok();

    // Its term ends by the clock, and nothing is made of it any more.
    world.until(after(world.clock.now(), 61)).await;
    assert_eq!(read(&visitor, &page).await["list"]["state"], "ended");
    assert_eq!(
        told(&buyer.post(&format!("{page}/tender"), order(&chosen)).await),
        (409, "qualified-not-usable".into())
    );
    assert!(unready(&buyer, &direct).await.contains(&"list-over".to_owned()));
    assert_eq!(told(&evidence(&all[1], &list, WORDS).await), (409, "applications-over".into()));
}
