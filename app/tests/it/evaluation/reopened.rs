//! What ends or reopens an evaluation: a member taken out, one who has left, a bid that the committee rejects.

use super::{Scene, refused};
use crate::sourcing::text;
use serde_json::json;

#[tokio::test]
async fn a_conflict_found_afterwards_reopens_what_was_concluded() {
    let scene = Scene::new(4).await;
    scene.form_and_draw().await;
    let sitting = scene.sitting().await;
    for expert in &sitting {
        scene.declare(expert).await;
        scene.score_and_sign(expert).await.ok();
    }
    assert_eq!(scene.phase().await, "concluded");
    let first = scene.buyer.get(&scene.at("evaluation")).await.ok().json()["sha256"].clone();
    let out = json!({"number": "1", "reason": "查明与一家投标人有亲属关系"});
    for _ in 0..2 {
        scene.buyer.post(&scene.at("replacement"), out.clone()).await.ok();
    }
    scene.world.settle().await;
    assert_eq!(scene.phase().await, "scoring");
    refused(&scene.award(&scene.bids[0], None).await, "evaluation-not-concluded");
    assert_eq!(scene.buyer.get(&scene.at("evaluation")).await.status, 404);
    for page in ["scores", "evaluation"] {
        assert_eq!(sitting[0].get(&scene.at(page)).await.status, 404, "who was taken out reads {page} no more");
    }
    assert_eq!(scene.score(sitting[0], "A", ["1", "1"]).await.status, 404);

    let now = scene.sitting().await;
    let next = now.iter().find(|one| sitting.iter().all(|other| other.phone != one.phone)).unwrap();
    scene.declare(next).await;
    let page = next.get(&scene.at("scores")).await.ok().json();
    assert!(page["bids"].as_array().unwrap().iter().all(|bid| bid["others"] == json!([])), "scores alone, too");
    scene.score_and_sign(next).await.ok();
    let shown = scene.buyer.get(&scene.at("evaluation")).await.ok().json();
    assert_eq!((&shown["report"]["round"], &shown["report"]["left"][0]["how"]), (&json!(2), &json!("removed")));
    assert_ne!(shown["sha256"], first);
    scene.stand_still().await;
    scene.award(&scene.bids[0], None).await.ok();
}

#[tokio::test]
async fn a_pool_that_is_formed_anew_is_without_those_who_are_gone() {
    let mut scene = Scene::new(3).await;
    scene.form_and_draw().await;
    for expert in scene.sitting().await {
        scene.declare(expert).await;
        scene.score_and_sign(expert).await.ok();
    }
    let out = json!({"number": "1", "reason": "查明与一家投标人有亲属关系"});
    scene.buyer.post(&scene.at("replacement"), out).await.ok();
    assert_eq!(scene.phase().await, "short");
    refused(&scene.buyer.post(&scene.at("committee"), json!({})).await, "committee-pool-small");
    let fourth = scene.world.member("provider").await;
    fourth.post("/evaluations/offer", json!({"available": "1"})).await.ok();
    scene.experts.push(fourth);
    scene.form_and_draw().await;
    let drawn = scene.buyer.get(&scene.at("draw")).await.ok().json()["drawing"]["order"].clone();
    assert_eq!(drawn.as_array().map(Vec::len), Some(3), "two of before, and the new one");
    let sitting = scene.sitting().await;
    assert_eq!(sitting.len(), 3);
    for expert in sitting {
        scene.declare(expert).await;
        scene.score_and_sign(expert).await.ok();
    }
    let shown = scene.buyer.get(&scene.at("evaluation")).await.ok().json();
    assert_eq!(shown["report"]["round"], 2, "the first one counts");
}

#[tokio::test]
async fn what_most_of_the_committee_rejects_cannot_win_and_who_left_their_company_evaluates_no_more() {
    let scene = Scene::new(4).await;
    scene.form_and_draw().await;
    let sitting = scene.sitting().await;
    for expert in &sitting {
        scene.declare(expert).await;
    }
    // By one of another lot, or of none, nothing is found.
    let other = crate::sourcing::id();
    let elsewhere = json!({"bid": "A", "points": ["1", "1"]});
    assert_eq!(sitting[0].post(&format!("/lots/{other}/scores"), elsewhere).await.status, 404);
    // An expert's company closes their place: the seat is theirs no more, and the buyer calls the next.
    let gone = sitting[2];
    let sql = "UPDATE account SET company = NULL WHERE id IN (SELECT account FROM candidate WHERE number = 3)";
    scene.world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(sql, &[])).await.unwrap();
    assert!(scene.score(gone, "A", ["1", "1"]).await.status.is_client_error());
    let out = json!({"number": "3", "reason": "已离开其公司，不能继续"});
    scene.buyer.post(&scene.at("replacement"), out).await.ok();
    let next =
        scene.sitting().await.into_iter().find(|one| sitting.iter().all(|other| other.phone != one.phone)).unwrap();
    scene.declare(next).await;

    for expert in [sitting[0], sitting[1], next] {
        let rejected = json!({"bid": "B", "points": ["0", "0"], "ground": "unqualified", "remark": "资质证书已过期"});
        for letter in ["A", "C"] {
            scene.score(expert, letter, ["30", "15"]).await.ok();
        }
        expert.post(&scene.at("scores"), rejected).await.ok();
        expert.post(&scene.at("signature"), json!({})).await.ok();
    }
    let shown = scene.buyer.get(&scene.at("evaluation")).await.ok().json();
    let bids = shown["report"]["bids"].as_array().unwrap();
    let rejected = bids.iter().find(|bid| bid["letter"] == "B").unwrap();
    assert_eq!((rejected["is_rejected"].as_bool(), rejected["rank"].is_null()), (Some(true), true));
    assert_eq!(rejected["votes"][0]["ground"], "unqualified");
    scene.stand_still().await;
    refused(&scene.award(&text(rejected, "bid"), Some("价格最低")).await, "bid-not-candidate");
    let best = bids.iter().find(|bid| bid["rank"] == 1).unwrap();
    assert_eq!(best["price_points"], 4000, "the lowest of those that count has all points");
    scene.award(&text(best, "bid"), None).await.ok();
}
