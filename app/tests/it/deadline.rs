//! The deadline under fire: many bidders submit, replace and withdraw while the clock passes the hour and the opening runs.
//! What was acknowledged is in the opening record, what was refused is not, and nothing in it was received too late.

use crate::sourcing::{draft, id, in_days, publish, text};
use crate::world::{Answer, Browser, World};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

const BIDDERS: usize = 8;
const LOTS: usize = 4;

/// What one bidder was told about its bid for a lot: the last price that was acknowledged, if it stands.
struct Told {
    bid: String,
    fen: Option<i64>,
}

/// A tender with [`LOTS`] lots: its id, theirs, its deadline.
async fn tender(world: &World, buyer: &Browser) -> (String, Vec<String>, Timestamp) {
    let mut form = draft(world);
    form["deadline"] = in_days(world, 10).into();
    let deadline = text(&form, "deadline").parse().unwrap();
    let tender = text(&buyer.post("/tenders", form).await.ok().json(), "id");
    let mut lots = Vec::new();
    for number in 0..LOTS {
        let lot = id();
        crate::sourcing::add_lot(buyer, &tender, &lot, &format!("第{number}标段")).await;
        lots.push(lot);
    }
    publish(buyer, &tender).await.ok();
    world.settle().await;
    (tender, lots, deadline)
}

/// Submits, then replaces, then withdraws or replaces again, as long as it is let.
async fn storm(browser: &Browser, lot: &str, number: i64, done: &AtomicUsize) -> Told {
    let token = browser.token().await;
    let mut told = Told { bid: id(), fen: None };
    let first = json!({"id": told.bid, "price": (1000 + number).to_string(), "delivery_days": "30"});
    let first = browser.post_with(&token, &format!("/lots/{lot}/bids"), &first).await;
    done.fetch_add(1, Ordering::SeqCst);
    if !in_time(&first) {
        return told;
    }
    told.fen = Some((1000 + number) * 100);
    for version in 1..6 {
        let price = 1000 + number + version * 100;
        let (path, fields) = if version == 3 && number % 3 == 0 {
            ("withdrawal", json!({"version": version}))
        } else {
            ("replacement", json!({"version": version, "price": price.to_string(), "delivery_days": "30"}))
        };
        let answer = browser.post_with(&token, &format!("/bids/{}/{path}", told.bid), &fields).await;
        done.fetch_add(1, Ordering::SeqCst);
        if !in_time(&answer) {
            break;
        }
        told.fen = (path == "replacement").then_some(price * 100);
    }
    told
}

/// Acknowledged, or refused because it is late; nothing else may come back.
#[track_caller]
fn in_time(answer: &Answer) -> bool {
    let is_late = answer.status == 409 && matches!(answer.code().as_str(), "deadline-passed" | "bidding-not-open");
    assert!(answer.status == 201 || is_late, "{}: {}", answer.status, answer.text);
    answer.status == 201
}

/// `turn`: after how many answers the hour comes, while the others are under way.
async fn under_fire(world: &World, buyer: &Browser, bidders: &[Browser], turn: usize) {
    let (tender, lots, deadline) = tender(world, buyer).await;
    world.clock.set(deadline.checked_sub(SignedDuration::from_mins(30)).unwrap());
    let done = AtomicUsize::new(0);
    let storms = bidders.iter().enumerate().flat_map(|(at, browser)| {
        let done = &done;
        lots.iter().enumerate().map(move |(lot_at, lot)| storm(browser, lot, (at * LOTS + lot_at) as i64, done))
    });
    let hour = async {
        while done.load(Ordering::SeqCst) < turn {
            tokio::task::yield_now().await;
        }
        world.clock.set(deadline);
        // The opening runs against the submissions that are still under way.
        world.settle().await;
    };
    let (told, ()) = tokio::join!(join_all(storms), hour);
    world.settle().await;
    let (mut late, mut stood) = (0, BTreeMap::<usize, BTreeSet<(String, i64)>>::new());
    for (at, one) in told.into_iter().enumerate() {
        match one.fen {
            Some(fen) => drop(stood.entry(at % LOTS).or_default().insert((one.bid, fen))),
            None => late += 1,
        }
    }
    let record = buyer.get(&format!("/tenders/{tender}/opening")).await.ok().json();
    for (at, lot) in record["lots"].as_array().unwrap().iter().enumerate() {
        let expected = stood.remove(&at).unwrap_or_default();
        let opened = lot["bids"].as_array().unwrap();
        if expected.len() < 3 {
            assert_eq!((&lot["failed"], opened.len()), (&json!(true), 0), "too few bids: never opened");
            continue;
        }
        let seen: BTreeSet<_> = opened.iter().map(|bid| (text(bid, "id"), bid["price"].as_i64().unwrap())).collect();
        assert_eq!(seen, expected, "after {turn} answers: exactly what was acknowledged is opened");
        for bid in opened {
            let received: Timestamp = text(bid, "received_at").parse().unwrap();
            assert!(received < deadline, "{received} is not before {deadline}");
        }
    }
    eprintln!("turn {turn}: {late} bids without effect of {}", BIDDERS * LOTS);
}

#[tokio::test]
async fn each_acknowledged_bid_is_opened_and_no_late_one_is() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut bidders = Vec::new();
    for _ in 0..BIDDERS {
        bidders.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    // The hour comes early in the storm, in the middle of it, and near its end.
    for turn in [BIDDERS * 3, BIDDERS * LOTS + 5, BIDDERS * LOTS * 3] {
        under_fire(&world, &buyer, &bidders, turn).await;
    }
    let late = "SELECT count(*) FROM bid b JOIN tender t ON t.id = b.tender WHERE b.received_at >= t.deadline";
    assert_eq!(world.count(late).await, 0);
    let receipts =
        "SELECT count(*) FROM bid b WHERE b.version <> (SELECT count(*) FROM bid_receipt r WHERE r.bid = b.id)";
    assert_eq!(world.count(receipts).await, 0, "each version has its receipt");
    let acted = world.count("SELECT count(*) FROM event WHERE kind = 'bid.acted'").await;
    assert_eq!(acted, world.count("SELECT count(*) FROM bid_receipt").await);
    for (sql, count) in [
        ("SELECT count(*) FROM event WHERE kind = 'tender.closed'", 3),
        ("SELECT count(*) FROM event WHERE kind = 'tender.opened'", 3),
        ("SELECT count(*) FROM job WHERE kind <> 'log.audit'", 0),
    ] {
        assert_eq!(world.count(sql).await, count, "{sql}");
    }
}
