//! Witnesses of openings: asked by their key, holding a share once they have accepted, and nobody else's business.

use super::{Stage, choose, names, officer, told, waits};
use crate::sourcing::{add_lot, draft, id, publish, text};
use crate::world::World;
use serde_json::{Value, json};

#[tokio::test]
async fn a_witness_of_another_company_accepts_holds_a_share_and_gives_it() {
    let mut stage = Stage::new().await;
    let Stage { world, buyer, officers, .. } = &stage;
    let (witness, stranger) = (world.member("provider").await, world.member("both").await);
    let key = officer(&witness).await;
    let recipient = key.to_public().to_string();
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    let lot = id();
    add_lot(buyer, &tender, &lot, "备件").await;
    let path = format!("/tenders/{tender}/witness");
    // A key that nobody has, one of the buyer's own, and what is no key.
    let unknown = sealing::new_key().to_public().to_string();
    let own = officers[1].1.to_public().to_string();
    for (named, code) in [(&*unknown, "witness-unknown"), (&*own, "witness-own"), ("age1x", "officer-recipient")] {
        let refused = buyer.post(&path, json!({"witness": named})).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)));
    }
    assert_eq!(stranger.post(&path, json!({"witness": recipient})).await.status, 404);
    for _ in 0..2 {
        buyer.post(&path, json!({"witness": recipient})).await.ok();
    }
    world.settle().await;
    assert!(told(&witness, "请你见证开标").await && !told(&stranger, "请你见证开标").await);
    assert_eq!(waits(&witness).await, ["witness-waiting-answer"]);
    assert!(waits(&stranger).await.is_empty() && waits(buyer).await.is_empty());

    // Before they accept no draft names their key; nobody else answers for them.
    let holders = [names(buyer, &tender).await[..1].to_vec(), vec![recipient.clone()]].concat();
    assert_eq!(choose(buyer, &tender, "2", &holders).await.code(), "hands-not-enrolled");
    let asked = format!("/me/witnessing/{tender}");
    for other in [&stranger, buyer] {
        assert_eq!(other.get(&asked).await.status, 404);
        assert_eq!(other.post(&format!("{asked}/acceptance"), json!({})).await.status, 404);
    }
    let page = witness.page(&asked).await.ok().text;
    assert!(page.contains(&recipient) && page.contains("答应见证") && !page.contains('⟦'), "{page}");
    witness.post(&format!("{asked}/acceptance"), json!({})).await.ok();
    let answered = witness.post(&format!("{asked}/acceptance"), json!({})).await.ok().json();
    assert_eq!(answered["witness"]["standing"], "accepted");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.witness-answered'").await, 1);
    choose(buyer, &tender, "2", &holders).await.ok();
    assert!(waits(&witness).await.is_empty(), "nothing is to be done before the publication");

    // Who declines afterwards is missed before the publication, and fixed by it.
    witness.post(&format!("{asked}/refusal"), json!({})).await.ok();
    assert_eq!(publish(buyer, &tender).await.code(), "tender-unready");
    witness.post(&format!("{asked}/acceptance"), json!({})).await.ok();
    publish(buyer, &tender).await.ok();
    assert_eq!(witness.post(&format!("{asked}/refusal"), json!({})).await.code(), "tender-not-draft");
    let shown = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(shown["tender"]["hands"], json!({"k": 2, "holders": holders, "witness": recipient}));
    assert_eq!(waits(&witness).await, ["witness-waiting-hour"]);
    let desk = witness.page("/").await.ok().text;
    assert!(desk.contains("你见证开标，时刻一到请给出份额") && !desk.contains('⟦'), "{desk}");
    let seen = buyer.get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(seen["holders"], Value::Null, "nobody is missing among them");

    // After the hour the witness is told, and opens with one officer.
    (stage.tender, stage.lot) = (tender, lot);
    for fen in [300, 100, 200] {
        stage.bid(fen).await;
    }
    stage.hour().await;
    let witness = stage.world.again(&witness).await;
    assert!(told(&witness, "开标份额").await);
    assert_eq!(waits(&witness).await, ["opening-waiting-share"]);
    // Named as an officer's is: by the order of the holders.
    let at = first(&stage, &holders);
    stage.officers = vec![stage.officers.remove(at), (witness, key)];
    stage.give(0).await.ok();
    assert_eq!(stage.state().await, "closed");
    stage.give(1).await.ok();
    assert_eq!(stage.state().await, "evaluation");
    assert_eq!(stage.opened().await.len(), 3);
}

/// Which of the officers holds the first of these keys.
fn first(stage: &Stage, holders: &[String]) -> usize {
    let holds = |key: &sealing::Identity| key.to_public().to_string() == holders[0];
    stage.officers.iter().position(|(_, key)| holds(key)).unwrap()
}

#[tokio::test]
async fn a_person_of_the_operator_may_witness_while_their_key_holds() {
    let world = World::new().await;
    let (buyer, operator) = (world.member("buyer").await, world.operator().await);
    officer(&buyer).await;
    let recipient = officer(&operator).await.to_public().to_string();
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    add_lot(&buyer, &tender, &id(), "备件").await;
    buyer.post(&format!("/tenders/{tender}/witness"), json!({"witness": recipient})).await.ok();
    operator.post(&format!("/me/witnessing/{tender}/acceptance"), json!({})).await.ok();
    let holders = [names(&buyer, &tender).await, vec![recipient]].concat();
    choose(&buyer, &tender, "2", &holders).await.ok();
    // A key that its person ends is named no more.
    let key = text(&operator.get("/me/opening-key").await.ok().json()["keys"][0], "id");
    operator.post(&format!("/me/opening-key/{key}/revocation"), json!({})).await.ok();
    let page = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    assert_eq!(page["unready"], json!([{"rule": "hands"}]));
    let page = buyer.page(&format!("/tenders/{tender}/draft")).await.ok().text;
    assert!(page.contains("开标见证人") && !page.contains('⟦'), "{page}");
}
