//! Envelopes that their bidders have sealed, and what is taken for one.

use super::Stage;
use crate::sourcing::{id, published, submit};
use sealing::{Commitment, Hands};
use serde_json::json;

#[tokio::test]
async fn a_bid_in_the_clear_is_refused() {
    let stage = Stage::new().await;
    let provider = stage.world.member("provider").await;
    assert_eq!(submit(&provider, &stage.lot, &id(), "100").await.code(), "bid-sealed-only");
    assert_eq!(stage.world.count("SELECT count(*) FROM bid").await, 0);
    // The page sends nothing of what is typed: its fields have no names.
    let page = provider.page(&format!("/lots/{}/bids/new", stage.lot)).await.ok().text;
    for name in ["price", "delivery_days", "note", "files"] {
        assert!(!page.contains(&format!("name=\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_this_place_s_envelope_is_refused() {
    let stage = Stage::new().await;
    let provider = stage.world.member("provider").await;
    let envelope = stage.seal(&provider, 100).await;
    let path = format!("/lots/{}/envelopes", stage.lot);
    let send = async |line: &str, envelope: &[u8]| {
        let (id, files) = (id(), [("envelope", "e", envelope)]);
        provider.upload(&path, &[("id", &id), ("commitment", line)], &files).await
    };
    let right = stage.commitment(&envelope, 1);
    let elsewhere = Commitment::to(&envelope, (&stage.tender, &id(), 1)).unwrap().line();
    let other = stage.seal(&provider, 100).await;
    for line in [elsewhere, stage.commitment(&envelope, 2), stage.commitment(&other, 1)] {
        assert_eq!(send(&line, &envelope).await.code(), "commitment-differs");
    }
    assert_eq!(send(&right, &envelope[..envelope.len() - 1]).await.code(), "envelope-malformed");
    let keys: Vec<_> = (0..3).map(|_| sealing::new_key().to_public().to_string()).collect();
    let more = Hands::new(&keys[0], &keys[1..], 2).unwrap().seal(b"x").unwrap();
    assert_eq!(send(&right, &more).await.code(), "envelope-malformed", "two of two");
    assert_eq!(send(&right.replace(":1}", ": 1}"), &envelope).await.status, 422, "not the canonical line");
    // A tender that the program opens takes none.
    let (_, lot) = published(&stage.world, &stage.buyer).await;
    let fields = [("id", &*id()), ("commitment", &*right)];
    let none = provider.upload(&format!("/lots/{lot}/envelopes"), &fields, &[("envelope", "e", &envelope)]).await;
    assert_eq!(none.code(), "bid-not-by-hands");
    // The right one, twice at once, is one bid; its receipt holds the commitment.
    let bid = id();
    let (one, two) = tokio::join!(stage.submit(&provider, &bid, &envelope), stage.submit(&provider, &bid, &envelope));
    assert!(one.status.is_success() && two.status.is_success(), "{} {}", one.text, two.text);
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    assert_eq!(seen["receipts"][0]["statement"]["commitment"], json!(right));
    // Replaced by the next version, which its commitment names.
    let fields = [("version", "1"), ("commitment", &*stage.commitment(&other, 2))];
    let files = [("envelope", "e", &*other)];
    provider.upload(&format!("/bids/{bid}/envelopes"), &fields, &files).await.ok();
    assert_eq!(provider.upload(&format!("/bids/{bid}/envelopes"), &fields, &files).await.status, 412);
}
