//! Answers that may affect bids, and amendments of a lot: what bidders are left, and what they learn.

use crate::amendment::{amend, as_it_stands, problems, shown};
use crate::colleague::colleague;
use crate::sourcing::{after, bid, draft, id, publish, published, text};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn an_answer_that_may_affect_bids_leaves_bidders_time() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let manager = colleague(&world, &buyer, &["project-manager"]).await;
    world.stay_signed_in(100).await;
    let start = world.clock.now();
    let (tender, _) = published(&world, &buyer).await;
    let question = json!({"question_id": id(), "question": "备件是否必须为原厂件？"});
    provider.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    let path = format!("/questions/{}/answer", text(&shown(&buyer, &tender).await["questions"][0], "id"));
    let answer = |affects: &str, days: Option<i64>| {
        let deadline = days.map(|days| after(start, days).to_string()).unwrap_or_default();
        json!({"answer": "必须为原厂件，报价请计入。", "affects": affects, "deadline": deadline})
    };
    // Two days are left, and three are asked for.
    world.until(after(start, 8)).await;
    assert_eq!(problems(&buyer.post(&path, answer("1", None)).await), ["answer-moves-deadline"]);
    assert_eq!(problems(&buyer.post(&path, answer("", Some(12))).await), ["answer-affects-nothing"]);
    assert_eq!(problems(&buyer.post(&path, answer("1", Some(9))).await), ["amendment-earlier"]);
    let soon = json!({"answer": "必须为原厂件。", "affects": "1", "deadline": after(start, 10).checked_add(SignedDuration::from_hours(1)).unwrap().to_string()});
    assert_eq!(problems(&buyer.post(&path, soon).await), ["amendment-too-soon"]);
    assert_eq!(problems(&manager.post(&path, answer("1", Some(12))).await), ["answer-needs-buyer"]);
    let refused = buyer.submit(&path, &[("answer", "必须为原厂件，报价请计入。"), ("affects", "1")]).await;
    assert!(
        refused.status == 422 && refused.text.contains("请同时把截止延后") && refused.text.contains("必须为原厂件"),
        "{}",
        refused.text
    );
    assert_eq!(shown(&provider, &tender).await["questions"][0]["answer"], Value::Null, "nothing was said");
    for _ in 0..2 {
        buyer.post(&path, answer("1", Some(12))).await.ok();
    }
    let now = shown(&world.visitor(), &tender).await;
    assert_eq!(text(&now["tender"], "deadline"), after(start, 12).to_string());
    assert_eq!((now["amendments"].as_array().unwrap().len(), &now["amendments"][0]["class"]), (1, &json!("dates")));
    assert_eq!(now["questions"][0]["answer"], "必须为原厂件，报价请计入。");
}

#[tokio::test]
async fn a_lot_is_amended_with_its_ceiling_and_touched_by_that() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let lots = [id(), id()];
    for (lot, shown) in lots.iter().zip(["1", ""]) {
        let fields = json!({"lot_id": lot, "lot_title": "维保", "lot_description": "二十四个月", "lot_budget": "500",
            "lot_ceiling": "400", "lot_ceiling_shown": shown});
        buyer.post(&format!("/tenders/{tender}/lots"), fields).await.ok();
    }
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    let bids = [bid(&provider, &lots[0], "100").await, bid(&provider, &lots[1], "100").await];
    let form = async |class: &str, touched: &[&str], of: &[(&str, &str)]| {
        let mut form = as_it_stands(&buyer, &tender).await;
        (form["class"], form["lots"]) = (json!(class), json!(touched));
        for (field, value) in of {
            form[*field] = json!(value);
        }
        form
    };
    let tried = async |class: &str, touched: &[&str], of: &[(&str, &str)]| {
        problems(&amend(&buyer, &tender, &form(class, touched, of).await).await)
    };
    assert_eq!(
        tried("editorial", &[], &[("lot_number", "1"), ("lot_ceiling", "300")]).await,
        ["amendment-ceiling-material"]
    );
    assert_eq!(
        tried("material", &["2"], &[("lot_number", "1"), ("lot_ceiling", "300")]).await,
        ["amendment-lot-untouched"]
    );
    assert_eq!(
        tried("material", &["1"], &[("lot_number", "1"), ("lot_ceiling", "500.01")]).await,
        ["ceiling-over-budget"]
    );
    assert_eq!(tried("material", &["1"], &[("lot_number", "3"), ("lot_ceiling", "300")]).await, ["choice"]);
    assert_eq!(tried("material", &["1"], &[("lot_ceiling", "300")]).await, ["required"]);
    assert_eq!(
        tried("dates", &[], &[("lot_number", "1"), ("lot_description", "三十六个月")]).await,
        ["amendment-more-than-dates"]
    );
    let first =
        form("material", &["1"], &[("lot_number", "1"), ("lot_ceiling", "300"), ("lot_description", "三十六个月")])
            .await;
    for _ in 0..2 {
        amend(&buyer, &tender, &first).await.ok();
    }
    let now = shown(&provider, &tender).await;
    assert_eq!((&now["lots"][0]["ceiling"], &now["lots"][0]["description"]), (&json!(30_000), &json!("三十六个月")));
    assert_eq!(
        (&now["lots"][0]["amended"], &now["lots"][1]["amended"]),
        (&json!(1), &json!(0)),
        "the other lot stands"
    );
    let own = async |at: usize| provider.page(&format!("/bids/{}", bids[at])).await.ok().text;
    assert!(own(0).await.contains("待确认") && !own(1).await.contains("待确认"));
    // Of a sealed ceiling others learn that it changed, and not to what.
    let second = form("material", &["2"], &[("lot_number", "2"), ("lot_ceiling", "234.56")]).await;
    amend(&buyer, &tender, &second).await.ok();
    world.settle().await;
    let page = format!("/tenders/{tender}");
    for path in [page.as_str(), "/notices?words=%E5%8F%98%E6%9B%B4", "/ocds/releases"] {
        for answer in [provider.get(path).await, provider.page(path).await] {
            assert!(!["23456", "234.56"].iter().any(|needle| answer.text.contains(needle)), "{path}: {}", answer.text);
        }
    }
    assert!(provider.page(&page).await.ok().text.contains("有调整，不公开"));
    let html = buyer.page(&page).await.ok().text;
    assert!(html.contains("234.56") && !html.contains('⟦'), "{html}");
    let releases = provider.get("/ocds/releases").await.ok().json()["releases"].clone();
    assert_eq!(releases[0]["tender"]["lots"][0]["description"], "二十四个月", "as it was published");
    assert_eq!(releases[1]["tender"]["lots"][0]["description"], "三十六个月");
}
