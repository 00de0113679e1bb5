//! Officers of an opening to come who leave: who is told, what the page says, and who comes back.

use super::{Stage, choose, names, officer, told};
use crate::colleague::{account, remove};
use crate::sourcing::{add_lot, draft, id, publish, text};
use crate::world::{Answer, Browser};
use serde_json::{Value, json};

async fn dossier(stage: &Stage, reader: &Browser) -> Value {
    reader.get(&format!("/tenders/{}", stage.tender)).await.ok().json()["holders"].clone()
}

async fn page(stage: &Stage) -> Answer {
    stage.buyer.page(&format!("/tenders/{}", stage.tender)).await.ok()
}

#[tokio::test]
async fn who_can_do_something_is_told_and_the_page_counts_who_is_left() {
    let mut stage = Stage::new().await;
    let manager = crate::colleague::colleague(&stage.world, &stage.buyer, &["project-manager"]).await;
    let viewer = crate::colleague::colleague(&stage.world, &stage.buyer, &["viewer"]).await;
    assert_eq!(dossier(&stage, &stage.buyer).await, Value::Null);
    // Somebody without a key leaves, and an officer loses a duty: nothing of it concerns an opening.
    viewer.post("/company/leaving", json!({})).await.ok();
    let officer = account(&stage.officers[1].0).await;
    let version = crate::colleague::version(&stage.buyer, &officer).await;
    let duties = json!({"version": version, "duty": ["viewer"]});
    stage.buyer.post(&format!("/company/people/{officer}/duties"), duties).await.ok();
    stage.world.settle().await;
    assert!(!told(&stage.buyer, "的一位开标员离开了公司").await && dossier(&stage, &manager).await.is_null());

    // The first leaves: two are left, and two are enough.
    stage.officers[1].0.post("/company/leaving", json!({})).await.ok();
    stage.world.settle().await;
    for reader in [&stage.buyer, &manager] {
        assert!(told(reader, "的一位开标员离开了公司").await);
        assert_eq!(dossier(&stage, reader).await, json!({"k": 2, "n": 3, "left": 2}));
    }
    assert!(!told(&stage.officers[2].0, "的一位开标员离开了公司").await, "who reads along is not");
    let provider = stage.world.member("provider").await;
    for stranger in [&provider, &stage.world.visitor(), &stage.officers[1].0] {
        assert!(dossier(&stage, stranger).await.is_null(), "nobody else reads of it");
    }
    let shown = page(&stage).await.text;
    assert!(shown.contains("还有2位，开标要2位") && shown.contains("演练") && !shown.contains('⟦'), "{shown}");

    // The second is taken out: with who is left nothing can be opened.
    let third = account(&stage.officers[2].0).await;
    remove(&stage.buyer, &third).await.ok();
    stage.world.settle().await;
    assert_eq!(stage.world.count("SELECT count(*) FROM event WHERE kind = 'opening.holder-left'").await, 2);
    let shown = page(&stage).await.text;
    assert!(shown.contains("开标员不够：还有1位") && shown.contains("终止招标"), "{shown}");

    // Whoever comes back opens with the key that they had.
    let who = stage.officers[1].0.clone();
    let email = text(&who.get("/me").await.ok().json(), "email");
    let link = crate::colleague::invite(&stage.world, &stage.buyer, &email, &["viewer"]).await;
    who.post(&format!("{link}/acceptance"), json!({})).await.ok();
    assert_eq!(dossier(&stage, &stage.buyer).await, json!({"k": 2, "n": 3, "left": 2}));
    for fen in [100, 200, 300] {
        stage.bid(fen).await;
    }
    stage.hour().await;
    stage.give(0).await.ok();
    stage.give(1).await.ok();
    assert_eq!(stage.state().await, "evaluation");
    assert_eq!(dossier(&stage, &stage.buyer).await, Value::Null, "opened, it is of no account any more");
}

#[tokio::test]
async fn an_officer_who_is_erased_is_missed_too() {
    let stage = Stage::new().await;
    // They are to witness an opening of another company, too.
    let other = stage.world.member("buyer").await;
    officer(&other).await;
    stage.world.stay_signed_in(30).await;
    let witness = stage.officers[2].1.to_public().to_string();
    let tender = text(&other.post("/tenders", draft(&stage.world)).await.ok().json(), "id");
    add_lot(&other, &tender, &id(), "备件").await;
    other.post(&format!("/tenders/{tender}/witness"), json!({"witness": witness})).await.ok();
    stage.officers[2].0.post(&format!("/me/witnessing/{tender}/acceptance"), json!({})).await.ok();
    let holders = [names(&other, &tender).await, vec![witness]].concat();
    choose(&other, &tender, "2", &holders).await.ok();
    publish(&other, &tender).await.ok();
    crate::cancellation::ask(&stage.officers[2].0).await.ok();
    stage.world.pass(crate::cancellation::OVER).await;
    assert!(told(&stage.buyer, "的一位开标员离开了公司").await);
    assert_eq!(dossier(&stage, &stage.buyer).await, json!({"k": 2, "n": 3, "left": 2}));
    assert!(told(&other, "的一位开标员离开了公司").await, "a witness who is gone is missed by whoever asked them");
    let named = "SELECT count(*) FROM event WHERE kind = 'officer.holder-gone' AND body LIKE '%age1%'";
    assert_eq!(stage.world.count(named).await, 0, "no key of theirs stands in an event");
}
