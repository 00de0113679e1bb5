//! What a bid has to keep within: ceiling prices, how long it binds, which of equal ones comes first.

use crate::amendment::problems;
use crate::demand::told;
use crate::sourcing::{after, bid, draft, id, publish, submit, text};
use crate::world::{World, sabotaged};
use serde_json::{Value, json};

/// A ceiling in every way that it could be written.
const SEALED: [&str; 4] = ["432109876", "4321098.76", "4,321,098.76", "432.11"];

#[tokio::test]
async fn a_ceiling_is_known_or_sealed_and_nothing_above_it_wins() {
    sabotaged();
    let world = World::new().await;
    let (buyer, visitor) = (world.member("buyer").await, world.visitor());
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    let mut form = draft(&world);
    form["validity_days"] = json!("366");
    assert_eq!(problems(&buyer.post("/tenders", form.clone()).await), ["validity-days"]);
    (form["validity_days"], form["tie"]) = (json!("5"), json!("technical"));
    let tender = text(&buyer.post("/tenders", form.clone()).await.ok().json(), "id");
    let (known, sealed) = (id(), id());
    let lot = |id: &str, ceiling: &str, shown: &str| json!({"lot_id": id, "lot_title": "抢修船", "lot_budget": "5000000", "lot_ceiling": ceiling, "lot_ceiling_shown": shown});
    let lots = format!("/tenders/{tender}/lots");
    assert_eq!(problems(&buyer.post(&lots, lot(&known, "5000000.01", "1")).await), ["ceiling-over-budget"]);
    buyer.post(&lots, lot(&known, "100", "1")).await.ok();
    buyer.post(&lots, lot(&sealed, "4321098.76", "")).await.ok();
    let unready = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json()["unready"].clone();
    assert_eq!(unready, json!([{"rule": "tie"}]), "nobody gives technical points");
    form.as_object_mut().unwrap().remove("id");
    let seen = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["tender"]["version"].clone();
    (form["version"], form["tie"]) = (seen, json!("earlier"));
    buyer.post(&format!("/tenders/{tender}/draft"), form).await.ok();
    publish(&buyer, &tender).await.ok();
    world.settle().await;

    // One is in the notice, the other nowhere.
    let page = format!("/tenders/{tender}");
    let public = visitor.get(&page).await.ok().json();
    assert_eq!((&public["lots"][0]["ceiling"], &public["lots"][1]["ceiling"]), (&json!(10_000), &Value::Null));
    let notice = format!("/notices/{}", text(&visitor.get("/notices").await.ok().json()["notices"][0], "id"));
    let content = visitor.page(&notice).await.ok().text;
    assert!(content.contains("最高限价100.00元") && content.contains("先递交者优先"), "{content}");
    for reader in [&visitor, &providers[0]] {
        for path in [page.as_str(), &format!("/lots/{sealed}/bids/new"), &notice, "/ocds/releases", "/opportunities"] {
            for answer in [reader.get(path).await, reader.page(path).await] {
                assert!(!SEALED.iter().any(|needle| answer.text.contains(needle)), "{path}: {}", answer.text);
            }
        }
    }
    assert_eq!(buyer.get(&page).await.ok().json()["lots"][1]["ceiling"], 432_109_876);

    // Above a known one nothing is taken; of a sealed one nothing is told.
    assert_eq!(problems(&submit(&providers[0], &known, &id(), "100.01").await), ["price-over-ceiling"]);
    let mut bids = Vec::new();
    for (provider, yuan) in providers.iter().zip(["4321098.77", "4000000", "4000000"]) {
        bid(provider, &known, "100").await;
        bids.push(bid(provider, &sealed, yuan).await);
    }
    world.until(after(world.clock.now(), 10)).await;
    let opened = visitor.get(&format!("{page}/opening")).await.ok().json();
    let lot = &opened["lots"][1];
    assert_eq!(lot["lot"]["ceiling"], 432_109_876, "it is known from now on");
    let seen: Vec<_> = lot["bids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(one, "id"), one["over_ceiling"].clone(), one["rank"].clone()))
        .collect();
    let expected = [(1, false, json!(1)), (2, false, json!(2)), (0, true, Value::Null)];
    assert_eq!(seen, expected.map(|(at, over, rank)| (bids[at].clone(), json!(over), rank)));
    let html = visitor.page(&format!("{page}/opening")).await.ok().text;
    assert!(html.contains("高于最高限价，否决") && !html.contains('⟦'), "{html}");
    let choice = |at: usize| json!({"bid": bids[at], "reason": "价格合理，满足要求"});
    let award = format!("/lots/{sealed}/award");
    assert_eq!(told(&buyer.post(&award, choice(0)).await), (409, "bid-over-ceiling".into()));
    assert!(!buyer.page(&award).await.ok().text.contains(&bids[0]), "the form does not offer it");
    buyer.post(&award, choice(1)).await.ok();

    // Who is not bound any more wins nothing.
    world.until(after(world.clock.now(), 6)).await;
    let first = text(&opened["lots"][0]["bids"][0], "id");
    let late = json!({"bid": first, "reason": "价格合理，满足要求"});
    assert_eq!(told(&buyer.post(&format!("/lots/{known}/award"), late).await), (409, "bids-expired".into()));
}
