//! Bids: sealed until the hour, late is late, and nobody but the bidder learns that they exist.

use crate::sourcing::{after, bid, id, published, submit, text};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn the_journey_from_bids_to_the_award_and_its_notice() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    let mut providers = Vec::new();
    for yuan in ["4,500,000", "4,300,000", "4,700,000.50", "1.00"] {
        let provider = world.member("provider").await;
        providers.push((provider.clone(), bid(&provider, &lot, yuan).await));
    }
    let (third, third_bid) = &providers[2];
    let replaced = json!({"version": 1, "price": "4,200,000", "delivery_days": "45"});
    third.post(&format!("/bids/{third_bid}/replacement"), replaced.clone()).await.ok();
    assert_eq!(third.post(&format!("/bids/{third_bid}/replacement"), replaced).await.status, 412);
    let (fourth, fourth_bid) = &providers[3];
    fourth.post(&format!("/bids/{fourth_bid}/withdrawal"), json!({"version": 1})).await.ok();

    world.until(after(world.clock.now(), 10)).await;
    let opened = world.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().json();
    let prices: Vec<_> =
        opened["lots"][0]["bids"].as_array().unwrap().iter().map(|bid| bid["price"].as_i64().unwrap()).collect();
    assert_eq!(prices, [420_000_000, 430_000_000, 450_000_000]);
    assert_eq!(opened["lots"][0]["bids"][0]["rank"], 1);
    assert_eq!(opened["lots"][0]["bids"][0]["note"], json!(null), "remarks are for the buyer");

    let (buyer, third) = (world.again(&buyer).await, world.again(third).await);
    let choice = json!({"bid": third_bid, "reason": "价格最低，满足全部要求"});
    assert_eq!(world.member("buyer").await.post(&format!("/lots/{lot}/award"), choice.clone()).await.status, 404);
    assert_eq!(third.post(&format!("/lots/{lot}/award"), choice.clone()).await.status, 403);
    buyer.post(&format!("/lots/{lot}/award"), choice.clone()).await.ok();
    buyer.post(&format!("/lots/{lot}/award"), choice).await.ok();
    let other = json!({"bid": providers[0].1, "reason": "改变主意，换一家"});
    assert_eq!(buyer.post(&format!("/lots/{lot}/award"), other).await.code(), "lot-not-in-evaluation");
    world.settle().await;
    let found = world.visitor().get("/notices?words=云平台设备维保+中标").await.ok().json();
    assert!(found.to_string().contains("中标公告"), "{found}");
}

#[tokio::test]
async fn before_the_hour_no_page_tells_that_a_bid_exists() {
    let world = World::new().await;
    let (buyer, bidder, rival) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let operator = world.operator().await;
    let (tender, lot) = published(&world, &buyer).await;
    let watchers = [("buyer", buyer), ("rival", rival), ("operator", operator), ("visitor", world.visitor())];
    let paths = [
        format!("/tenders/{tender}"),
        format!("/tenders/{tender}/opening"),
        "/opportunities".into(),
        "/notices".into(),
        "/tenders".into(),
        "/bids".into(),
        "/".into(),
        "/health".into(),
        format!("/lots/{lot}/bids/new"),
    ];
    let look = async || {
        let mut seen = Vec::new();
        for (who, browser) in &watchers {
            for path in &paths {
                let answer = browser.get(path).await;
                let without_ids = answer.text.split('"').filter(|part| part.len() != 36).collect::<Vec<_>>().join("\"");
                seen.push((*who, path.clone(), answer.status, without_ids));
            }
        }
        seen
    };
    let before = look().await;
    let sealed = bid(&bidder, &lot, "4,500,000").await;
    world.settle().await;
    for (before, after) in before.into_iter().zip(look().await) {
        assert_eq!(before, after);
    }
    for (who, browser) in &watchers {
        let status = browser.get(&format!("/bids/{sealed}")).await.status.as_u16();
        assert!(matches!(status, 401 | 403 | 404), "{who}: {status}");
    }
    assert_eq!(bidder.get(&format!("/bids/{sealed}")).await.ok().json()["bid"]["state"], "sealed");
    assert!(bidder.get("/bids").await.ok().text.contains(&sealed));
}

#[tokio::test]
async fn the_row_the_event_and_the_envelope_tell_nothing() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let company = text(&bidder.get("/session").await.json()["company"], "id");
    bid(&bidder, &lot, "4,567,891.23").await;
    let company: kit::id::Id<()> = company.parse().unwrap();
    let (rows, events) = world
        .app
        .db()
        .read::<_, kit::db::Error>(move |tx| {
            let bids = tx.all("SELECT envelope, company, price, size FROM bid", &[], |row| {
                Ok((
                    row.next::<Vec<u8>>()?,
                    row.next::<Option<Vec<u8>>>()?,
                    row.next::<Option<i64>>()?,
                    row.next::<i64>()?,
                ))
            })?;
            let events = tx.all("SELECT body, company, actor FROM event WHERE kind = 'bid.acted'", &[], |row| {
                Ok((row.next::<String>()?, row.next::<Option<Vec<u8>>>()?, row.next::<Option<Vec<u8>>>()?))
            })?;
            Ok((bids, events))
        })
        .await
        .unwrap();
    let (envelope, no_company, no_price, size) = &rows[0];
    assert_eq!((no_company, no_price), (&None, &None));
    assert!(envelope.starts_with(b"age-encryption.org/v1"));
    assert!(*size > 4096, "the envelope is padded");
    for secret in [&b"456789123"[..], "两年质保".as_bytes(), company.as_bytes()] {
        assert!(!envelope.windows(secret.len()).any(|part| part == secret));
    }
    assert_eq!((&events[0].1, &events[0].2), (&None, &None));
    assert!(!events[0].0.contains(&company.to_string()));
}

#[tokio::test]
async fn late_is_late_by_the_instant_of_the_write() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    let mut bidders = Vec::new();
    for yuan in ["100", "200", "300"] {
        let provider = world.member("provider").await;
        bidders.push((provider.clone(), bid(&provider, &lot, yuan).await));
    }
    let deadline: jiff::Timestamp =
        text(&buyer.get(&format!("/tenders/{tender}")).await.json()["tender"], "deadline").parse().unwrap();
    world.clock.set(deadline.checked_sub(SignedDuration::from_mins(2)).unwrap());
    world.settle().await;
    assert_eq!(world.visitor().get(&format!("/tenders/{tender}")).await.json()["tender"]["state"], "published");
    world.clock.set(deadline);
    let (late, own) = &bidders[0];
    // The login session has ended meanwhile: nine days are longer than it lives.
    let late = world.again(late).await;
    let answer = submit(&late, &lot, &id(), "50").await;
    assert_eq!(answer.code(), "deadline-passed");
    let told = deadline.in_tz("Asia/Shanghai").unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string();
    assert!(answer.json()["title"].as_str().unwrap().contains(&told), "both times are named: {}", answer.text);
    let change = json!({"version": 1, "price": "50", "delivery_days": "1"});
    assert_eq!(late.post(&format!("/bids/{own}/replacement"), change).await.code(), "deadline-passed");
    assert_eq!(late.post(&format!("/bids/{own}/withdrawal"), json!({"version": 1})).await.code(), "deadline-passed");
    world.settle().await;
    assert_eq!(world.visitor().get(&format!("/tenders/{tender}")).await.json()["tender"]["state"], "evaluation");
}

#[tokio::test]
async fn the_key_is_not_released_before_the_hour() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, _) = published(&world, &buyer).await;
    let id = tender.parse().unwrap();
    let early = app::sourcing::tender::key::release(&world.app, id).await;
    assert_eq!(early.err().unwrap().code, "opening-not-yet");
}

#[tokio::test]
async fn one_bid_for_a_company_and_lot_whoever_submits_twice() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let bid = id();
    let (one, two) = tokio::join!(submit(&bidder, &lot, &bid, "100"), submit(&bidder, &lot, &bid, "100"));
    assert!(one.status.is_success() && two.status.is_success(), "{} {}", one.text, two.text);
    assert_eq!(submit(&bidder, &lot, &id(), "90").await.code(), "bid-exists");
    assert_eq!(bidder.get("/bids").await.json()["bids"].as_array().unwrap().len(), 1);
    let thief = world.member("provider").await;
    assert_eq!(submit(&thief, &lot, &bid, "80").await.status, 404, "another's id is not found");
    assert_eq!(thief.post(&format!("/bids/{bid}/withdrawal"), json!({"version": 1})).await.status, 404);
}

#[tokio::test]
async fn own_bids_are_found_among_many_tenders_by_few_statements() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    let mut bids = Vec::new();
    for n in 0..11 {
        let (_, lot) = published(&world, &buyer).await;
        if n % 4 != 1 {
            bids.push(bid(&bidder, &lot, "100").await);
        }
        bid(&world.member("provider").await, &lot, "90").await;
    }
    let listed = bidder.get("/bids").await.ok().json();
    let mut listed: Vec<_> = listed["bids"].as_array().unwrap().iter().map(|line| text(&line["bid"], "id")).collect();
    let desk = bidder.get("/").await.ok().json();
    let shelf = desk["shelves"].as_array().unwrap().iter().find(|shelf| shelf["heading"] == "bid-running").unwrap();
    assert_eq!((listed.len(), shelf["items"].as_array().unwrap().len()), (bids.len(), bids.len()));
    listed.sort();
    bids.sort();
    assert_eq!(listed, bids);
}

#[tokio::test]
async fn who_may_not_bid_is_told_why() {
    let world = World::new().await;
    let both = world.member("both").await;
    let (_, lot) = published(&world, &both).await;
    assert_eq!(submit(&both, &lot, &id(), "100").await.code(), "own-tender");
    assert_eq!(submit(&world.member("buyer").await, &lot, &id(), "100").await.code(), "providers-only");
    assert_eq!(submit(&world.visitor(), &lot, &id(), "100").await.code(), "unauthenticated");
    assert_eq!(submit(&world.operator().await, &lot, &id(), "100").await.code(), "members-only");
    let provider = world.member("provider").await;
    for (price, code) in
        [("0", "money-zero"), ("abc", "money-not-a-number"), ("1.005", "money-too-fine"), ("", "required")]
    {
        let problem = submit(&provider, &lot, &id(), price).await;
        assert_eq!((problem.status.as_u16(), text(&problem.json()["errors"][0], "code").as_str()), (422, code));
    }
}

#[tokio::test]
async fn a_receipt_proves_itself_offline() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let bid = bid(&bidder, &lot, "100").await;
    let receipt = bidder.get(&format!("/bids/{bid}/receipt")).await.ok().text;
    let key = world.app.signer().public_key();
    assert_eq!(evidence::verify(&receipt, &key).unwrap().statement["bid"], json!(bid));
    let forged = receipt.replace("submitted", "withdrawn");
    assert!(evidence::verify(&forged, &key).is_err());
}

#[tokio::test]
async fn files_in_an_envelope_come_out_for_buyer_and_bidder_alone() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, lot) = published(&world, &buyer).await;
    let (bidder, large) = (world.member("provider").await, vec![7u8; 300_000]);
    let bid_id = id();
    let fields = [("id", bid_id.as_str()), ("price", "100"), ("delivery_days", "30")];
    bidder.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "技术方案.pdf", &large)]).await.ok();
    for yuan in ["200", "300"] {
        bid(&world.member("provider").await, &lot, yuan).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    let (buyer, bidder) = (world.again(&buyer).await, world.again(&bidder).await);
    let record = buyer.get(&format!("/tenders/{tender}/opening")).await.ok().json();
    let file = &record["lots"][0]["bids"][0]["files"][0];
    assert_eq!((&file["name"], &file["size"]), (&json!("技术方案.pdf"), &json!(300_000)));
    let path = format!("/bid-files/{}", text(file, "id"));
    assert_eq!(buyer.get(&path).await.ok().text.len(), 300_000);
    assert_eq!(bidder.get(&path).await.ok().text.len(), 300_000);
    assert_eq!(world.member("provider").await.get(&path).await.status, 404);
    let public = world.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().json();
    assert_eq!(public["lots"][0]["bids"][0]["files"], json!([]));
}

#[tokio::test]
async fn a_large_envelope_that_is_replaced_or_withdrawn_leaves_the_store() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let (bid_id, large) = (id(), vec![7u8; 60_000]);
    let fields = [("id", bid_id.as_str()), ("price", "100"), ("delivery_days", "30")];
    let files: [(&str, &str, &[u8]); 1] = [("files", "方案.pdf", &large)];
    bidder.upload(&format!("/lots/{lot}/bids"), &fields, &files).await.ok();
    let blobs = async || world.app.blobs().list(app::app::REGION).await.unwrap().len();
    assert_eq!(blobs().await, 1);
    let fields = [("version", "1"), ("price", "90"), ("delivery_days", "30")];
    bidder.upload(&format!("/bids/{bid_id}/replacement"), &fields, &files).await.ok();
    world.settle().await;
    assert_eq!(blobs().await, 1, "the replaced envelope is gone");
    bidder.post(&format!("/bids/{bid_id}/withdrawal"), json!({"version": 2})).await.ok();
    world.settle().await;
    assert_eq!(blobs().await, 0);
    assert_eq!(submit(&bidder, &lot, &bid_id, "80").await.status, 412, "the first form was used");
    assert_eq!(submit(&bidder, &lot, &id(), "80").await.code(), "bid-exists");
    let again = json!({"version": 3, "price": "80", "delivery_days": "30"});
    let sealed = bidder.post(&format!("/bids/{bid_id}/replacement"), again).await.ok();
    let seen = bidder.get(sealed.header("location").split('?').next().unwrap()).await.ok().json();
    assert_eq!(
        (&seen["bid"]["state"], &seen["receipts"][0]["statement"]["act"]),
        (&json!("sealed"), &json!("submitted"))
    );
}
