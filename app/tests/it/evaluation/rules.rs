//! What a draft may say of its evaluation, and who can be named.

use super::{Scene, criteria, refused, wrong};
use crate::colleague::colleague;
use crate::people::Applicant;
use crate::sourcing::{draft, text};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn a_draft_says_by_what_it_is_evaluated_and_the_weights_make_a_hundred() {
    let world = World::new().await;
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let at = format!("/tenders/{tender}/criteria");
    let version = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["tender"]["version"].clone();
    let with = |field: &str, value: &str| {
        let mut form = criteria(version.clone());
        form[field] = value.into();
        form
    };
    for (field, value, wrongly, code) in [
        ("price_weight", "50", "criteria", "criteria-sum"),
        ("criteria", "技术方案", "criteria", "criteria-line"),
        ("criteria", "", "criteria", "required"),
        ("seats", "4", "seats", "choice"),
        ("seats", "3", "seats", "committee-too-small"),
        ("price_weight", "0", "price_weight", "criteria-weight"),
        ("by", "nobody", "by", "choice"),
    ] {
        wrong(&buyer.post(&at, with(field, value)).await, wrongly, code);
    }
    let mut light = with("price_weight", "5");
    light["criteria"] = "技术方案 95".into();
    wrong(&buyer.post(&at, light).await, "price_weight", "price-weighs-little");
    assert_eq!(other.post(&at, criteria(version.clone())).await.status, 404);
    assert!(buyer.page(&at).await.ok().text.contains("评标委员会打分"));
    buyer.post(&at, criteria(version.clone())).await.ok();
    assert_eq!(buyer.post(&at, with("price_weight", "50").clone()).await.status, 422);
    let mut stale = criteria(version.clone());
    stale["seats"] = "7".into();
    assert_eq!(buyer.post(&at, stale).await.status, 412);
    let review = buyer.page(&format!("/tenders/{tender}/publication")).await.ok().text;
    assert!(review.contains("5 人评标委员会") && review.contains("暗标"), "{review}");
    let seen = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    assert_eq!(seen["criteria"]["criteria"][1]["weight"], 20);
    let none = json!({"version": seen["tender"]["version"], "by": "buyer"});
    buyer.post(&at, none).await.ok();
    assert!(buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["criteria"].is_null());
}

#[tokio::test]
async fn a_third_at_most_are_the_buyers_own_and_only_colleagues_with_the_duty() {
    let scene = Scene::new(2).await;
    let at = scene.at("committee");
    refused(&scene.buyer.post(&at, json!({})).await, "committee-pool-small");
    let duty = Applicant::new("buyer");
    let link = crate::colleague::invite(&scene.world, &scene.buyer, &duty.email, &["project-manager"]).await;
    let (done, manager) = crate::colleague::register(&scene.world, &duty, &link).await;
    done.ok();
    let viewer = colleague(&scene.world, &scene.buyer, &["viewer"]).await;
    let stranger = Applicant::new("buyer");
    for wrongly in [stranger.email.clone(), format!("{} {}", duty.email, stranger.email)] {
        let answer = scene.buyer.post(&at, json!({"own": wrongly})).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
    }
    wrong(&scene.buyer.post(&at, json!({"own": "not an address"})).await, "own", "email");
    for who in [&scene.providers[0], &viewer, &manager] {
        assert_eq!(who.post(&at, json!({})).await.status, 403);
    }
    scene.world.settle().await;
    scene.buyer.post(&at, json!({"own": duty.email})).await.ok();
    scene.form_and_draw().await;
    let page = scene.buyer.get(&at).await.ok().json();
    assert_eq!((page["members"].as_array().map(Vec::len), &page["members"][0]["own"]), (Some(3), &json!(true)));
    assert!(!page.to_string().contains(&duty.email), "an address is not kept");
    scene.declare(&manager).await;
    assert_eq!(manager.get(&scene.at("scores")).await.ok().json()["seat"]["number"], 1);
    // With nobody left in reserve a seat stays empty until a new pool is formed.
    let aside = json!({"interest": "conflict", "reason": "曾在其中一家任职"});
    manager.post(&scene.at("declaration"), aside).await.ok();
    assert_eq!(scene.phase().await, "short");
    refused(&scene.buyer.post(&at, json!({})).await, "committee-pool-small");
    assert_eq!(scene.phase().await, "short", "what was there stays");
}
