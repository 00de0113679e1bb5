//! Receipts with proofs.

use super::{after, begun, checkpoint, file};
use crate::sourcing::{bid, published, text};
use crate::world::{Browser, World};
use evidence::{Flaw, verify};
use serde_json::{Value, json};

async fn proof(bidder: &Browser, bid: &str) -> Value {
    bidder.get(&format!("/bids/{bid}/proof")).await.ok().json()
}

#[tokio::test]
async fn a_receipt_is_proven_once_its_epoch_is_shown() {
    let world = begun(World::new().await).await;
    let (buyer, bidder, rival) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let own = bid(&bidder, &lot, "4,500,000").await;
    let early = bidder.get(&format!("/bids/{own}/proof")).await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "proof-not-yet"));
    world.until(after(300)).await;
    let key = String::from_utf8(file(&world, "/log/key").await.bytes).unwrap();
    let proven = proof(&bidder, &own).await;
    let receipt = verify(&proven.to_string(), &key).unwrap();
    assert_eq!(receipt.statement["bid"], json!(own));
    assert_eq!(proven["receipt"], bidder.get(&format!("/bids/{own}/receipt")).await.ok().json());
    let newest = checkpoint(&world).await.checkpoint.to_string();
    assert!(text(&proven["proof"], "checkpoint").starts_with(&newest));
    assert_eq!(rival.get(&format!("/bids/{own}/proof")).await.status, 404);
    assert_eq!(buyer.get(&format!("/bids/{own}/proof")).await.status, 403);
    // Another version has a receipt and a proof of its own, and the earlier proof holds for ever.
    bidder
        .post(&format!("/bids/{own}/replacement"), json!({"version": 1, "price": "9", "delivery_days": 3}))
        .await
        .ok();
    world.until(after(600)).await;
    let second = proof(&bidder, &own).await;
    assert_eq!(verify(&second.to_string(), &key).unwrap().statement["version"], 2);
    assert!(verify(&proven.to_string(), &key).is_ok());
    let mut mixed = second.clone();
    mixed["receipt"] = proven["receipt"].clone();
    assert_eq!(verify(&mixed.to_string(), &key).unwrap_err(), Flaw::Event);
}

/// What an opened proof tells is its own bid's, and nothing of another.
#[tokio::test]
async fn a_proof_tells_nothing_of_others() {
    let world = begun(World::new().await).await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    let (one, other) = (world.member("provider").await, world.member("provider").await);
    let (own, foreign) = (bid(&one, &lot, "4,500,000").await, bid(&other, &lot, "4,400,000").await);
    world.until(after(300)).await;
    let proven = proof(&one, &own).await;
    let event: Value = serde_json::from_str(&text(&proven["proof"], "event")).unwrap();
    assert_eq!((&event["actor"], &event["company"], &event["tender"]), (&Value::Null, &Value::Null, &json!(tender)));
    assert_eq!(event["body"].as_object().unwrap().len(), 3);
    assert!(event.get("seq").is_none() && !proven.to_string().contains(&foreign));
    assert_ne!(proven["proof"]["slot"], proof(&other, &foreign).await["proof"]["slot"]);
}
