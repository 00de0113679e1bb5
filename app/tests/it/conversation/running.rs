//! Tenders that run: asked about in public, and no private channel between a buyer and who bids.

use super::{Pair, joined, notices, read, say, told, wanted};
use crate::sourcing::{after, bid, id, published, text};
use crate::world::{World, sabotaged};
use serde_json::json;

#[tokio::test]
async fn a_running_tender_is_asked_about_in_public_only() {
    sabotaged();
    let world = World::new().await;
    let Pair { buyer, provider, thread } = Pair::new(&world).await;
    let (tender, lot) = published(&world, &buyer).await;
    let about = |company: &str| {
        let mut form = wanted(company, "tender");
        form["tender"] = json!(tender);
        form
    };
    let owner = super::company(&buyer).await;
    let refused = provider.post("/contact-requests", about(&owner)).await;
    assert_eq!(told(&refused), (409, "tender-in-progress".into()));
    let query = format!("/contact-requests/new?company={owner}&matter=tender&tender={tender}");
    let form = provider.page(&query).await.ok().text;
    let way = format!("/tenders/{tender}#questions");
    assert!(form.contains(&way) && !form.contains("发送联系请求"), "the way is shown: {form}");
    // A thread about something else goes on, and says where questions about the tender go: to both sides.
    for side in [&buyer, &provider] {
        let page = side.page(&format!("/threads/{thread}")).await.ok().text;
        assert!(page.contains(&way) && page.contains("第四十三条"), "{page}");
    }
    say(&provider, &thread, "与招标无关的事").await.ok();
    world.stay_signed_in(60).await;
    let bids = [bid(&provider, &lot, "100").await];
    let (second, third) = (world.member("provider").await, world.member("provider").await);
    for rival in [&second, &third] {
        bid(rival, &lot, "200").await;
    }
    // Before the opening nothing may tell a bidder from another: they go on as everybody does.
    say(&buyer, &thread, "也与招标无关").await.ok();
    world.stay_signed_in(60).await;
    world.until(after(world.clock.now(), 10)).await;
    let refused = say(&buyer, &thread, "能否再降一点").await;
    assert_eq!(told(&refused), (409, "bids-in-evaluation".into()));
    assert_eq!(told(&say(&provider, &thread, "可以").await), (409, "bids-in-evaluation".into()));
    let page = buyer.page(&format!("/threads/{thread}")).await.ok().text;
    assert!(page.contains("你们之间有投标正在评审") && !page.contains("发送消息</button>"), "{page}");
    assert_eq!(told(&super::ask(&buyer, &second).await), (409, "bids-in-evaluation".into()));
    let outsider = world.member("provider").await;
    joined(&buyer, &outsider).await;
    buyer.post(&format!("/lots/{lot}/award"), json!({ "bid": bids[0], "reason": "价格最低，满足要求" })).await.ok();
    world.settle().await;
    say(&buyer, &thread, "恭喜").await.ok();
    // From the award on its two sides have a thread about it, and nobody else has.
    let threads = provider.get("/threads").await.ok().json();
    let opened = threads["threads"].as_array().unwrap().iter().find(|one| one["tender"] == json!(tender));
    let opened = text(opened.expect("a thread about the tender"), "id");
    assert_eq!(read(&buyer, &opened).await["matter"], "tender");
    assert!(notices(&provider).await.iter().any(|line| line.contains("有了会话")));
    for loser in [&second, &third, &outsider] {
        assert_eq!(told(&loser.get(&format!("/threads/{opened}")).await), (404, "not-found".into()));
    }
    assert_eq!(told(&provider.post("/contact-requests", about(&owner)).await), (409, "thread-exists".into()));
    // It is over: a loser may ask the buyer about it, and nobody asks a company whose tender it is not.
    second.post("/contact-requests", about(&owner)).await.ok();
    let stranger = super::company(&third).await;
    assert_eq!(told(&outsider.post("/contact-requests", about(&stranger)).await), (404, "not-found".into()));
    let none = json!({ "id": id(), "company": owner, "matter": "tender", "tender": id(), "text": "想了解这个招标" });
    assert_eq!(told(&second.post("/contact-requests", none).await), (404, "not-found".into()));
}
