//! The desk: what waits, what goes on, what is new; and that refused forms of the wing come back with what was typed.

use crate::sourcing::{after, bid, draft, id, published, published_as, text};
use crate::world::{Browser, World};
use serde_json::{Value, json};

/// The items of the shelf with this heading.
async fn shelf(who: &Browser, heading: &str) -> Vec<Value> {
    let desk = who.get("/").await.ok().json();
    let shelves = desk["shelves"].as_array().unwrap();
    let found = shelves.iter().find(|shelf| shelf["heading"] == heading).unwrap_or_else(|| panic!("{heading}: {desk}"));
    found["items"].as_array().unwrap().clone()
}

/// What is new, by its keys.
async fn news(who: &Browser) -> Vec<String> {
    let desk = who.get("/").await.ok().json();
    desk["news"].as_array().unwrap().iter().map(|one| text(one, "what")).collect()
}

#[tokio::test]
async fn a_desk_shows_what_goes_on_and_what_is_new() {
    let world = World::new().await;
    let (buyer, provider, rival) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let third = world.member("provider").await;
    let (tender, lot) = published(&world, &buyer).await;
    let running = shelf(&buyer, "tender-running").await;
    assert_eq!((running.len(), text(&running[0], "then")), (1, "tender-next-questions".into()));
    assert_eq!(shelf(&provider, "tender-opportunities").await.len(), 1);
    assert_eq!(shelf(&provider, "bid-running").await.len(), 0);

    let question = json!({"question_id": id(), "question": "是否含夜间？"});
    provider.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    assert_eq!(news(&buyer).await, ["clarification-news-asked"]);
    let before = buyer.get("/").await.ok().text;
    let own = bid(&provider, &lot, "4,300,000").await;
    bid(&rival, &lot, "4,400,000").await;
    bid(&third, &lot, "4,500,000").await;
    assert_eq!(buyer.get("/").await.ok().text, before, "a buyer's desk tells nothing of bids");
    let sealed = shelf(&provider, "bid-running").await;
    assert_eq!((sealed.len(), text(&sealed[0], "path")), (1, format!("/bids/{own}")));

    world.until(after(world.clock.now(), 10)).await;
    let (buyer, provider, rival) = (world.again(&buyer).await, world.again(&provider).await, world.again(&rival).await);
    assert!(news(&buyer).await.contains(&"tender-news-opened".to_owned()));
    assert!(news(&provider).await.contains(&"bid-news-opened".to_owned()));
    let waits = buyer.get("/").await.ok().json();
    assert_eq!(waits["tasks"][0]["what"], "tender-waiting-award");
    let choice = json!({"bid": own, "reason": "价格最低，满足全部要求"});
    buyer.post(&format!("/lots/{lot}/award"), choice).await.ok();
    assert!(news(&provider).await.contains(&"award-news-won".to_owned()));
    assert!(news(&rival).await.contains(&"award-news-decided".to_owned()));
    for who in [&buyer, &provider, &rival] {
        let page = who.page("/?lang=en").await.ok().text;
        assert!(!page.contains('⟦') && page.contains("class=\"fortnight\""), "{page}");
    }
}

#[tokio::test]
async fn refused_forms_come_back_with_what_was_typed() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (tender, _) = published(&world, &buyer).await;
    let (asked, key) = (format!("/tenders/{tender}/questions"), id());
    let page = provider.submit(&asked, &[("question_id", &key), ("question", "夜间")]).await;
    assert!(page.status == 422 && page.text.contains("夜间</textarea>") && page.text.contains(&key), "{}", page.text);
    let question = json!({"question_id": key, "question": "备件到场是否含夜间？"});
    provider.post(&asked, question).await.ok();
    let page = buyer.submit(&format!("/questions/{key}/answer"), &[("answer", "含")]).await;
    assert!(
        page.status == 422 && page.text.contains("含</textarea>") && page.text.contains("备件到场"),
        "{}",
        page.text
    );

    let drafted = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let page = buyer.upload(&format!("/tenders/{drafted}/documents"), &[], &[]).await;
    assert_eq!(page.status, 422);
}

#[tokio::test]
async fn a_lot_is_awarded_on_a_page_of_its_own() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (_, lot) = published(&world, &buyer).await;
    let path = format!("/lots/{lot}/award");
    let mut bids = Vec::new();
    for yuan in ["4,300,000", "4,400,000", "4,500,000"] {
        bids.push(bid(&world.member("provider").await, &lot, yuan).await);
    }
    assert_eq!(buyer.get(&path).await.code(), "lot-not-in-evaluation", "nothing of bids before the hour");
    world.until(after(world.clock.now(), 10)).await;
    let buyer = world.again(&buyer).await;
    let page = buyer.page(&path).await.ok().text;
    assert!(
        page.contains(&bids[0]) && page.contains("比最低价高 100,000.00 元") && !page.contains("checked"),
        "{page}"
    );
    let page = buyer.submit(&path, &[("bid", &bids[1]), ("reason", "好")]).await;
    assert!(
        page.status == 422 && page.text.contains("好</textarea>") && page.text.contains("checked"),
        "{}",
        page.text
    );
    assert_eq!(world.member("buyer").await.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_budget_that_is_hidden_stays_so_in_data_too() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let mut hidden = draft(&world);
    hidden["budget_shown"] = "".into();
    let (tender, lot) = published_as(&world, &buyer, hidden).await;
    assert!(buyer.get(&format!("/tenders/{tender}")).await.ok().text.contains("486000000"));
    let form = provider.get(&format!("/lots/{lot}/bids/new")).await.ok().text;
    let own = bid(&provider, &lot, "4,300,000").await;
    for yuan in ["4,400,000", "4,500,000"] {
        bid(&world.member("provider").await, &lot, yuan).await;
    }
    let mut seen = vec![form, provider.get(&format!("/bids/{own}")).await.ok().text];
    world.until(after(world.clock.now(), 10)).await;
    let provider = world.again(&provider).await;
    for path in
        [format!("/tenders/{tender}"), format!("/tenders/{tender}/opening"), "/bids".into(), format!("/bids/{own}")]
    {
        seen.push(provider.get(&path).await.ok().text);
    }
    for text in seen {
        assert!(!text.contains("486000000"), "{text}");
    }
}
