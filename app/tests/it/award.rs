//! Awards of several lots.

use crate::sourcing::{add_lot, after, bid, draft, id, publish, text};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn who_wins_two_lots_is_named_once_in_the_notice() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let lots = [id(), id(), id()];
    for lot in &lots {
        add_lot(&buyer, &tender, lot, "维保服务").await;
    }
    publish(&buyer, &tender).await.ok();
    let mut bids = Vec::new();
    for lot in &lots {
        for provider in &providers {
            bids.push(bid(provider, lot, "100").await);
        }
    }
    world.until(after(world.clock.now(), 10)).await;
    // The first and the last lot go to one company, the second to another.
    for (lot, chosen) in lots.iter().zip([0, 4, 6]) {
        let choice = json!({"bid": bids[chosen], "reason": "满足全部要求，价格合理"});
        buyer.post(&format!("/lots/{lot}/award"), choice).await.ok();
    }
    world.settle().await;
    let seen = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    let name = |at: usize| text(&seen["awards"][at], "company_name");
    let winner: String = {
        let read =
            |tx: &mut kit::db::Tx| tx.one("SELECT winner FROM notice WHERE winner IS NOT NULL", &[], |row| row.next());
        world.app.db().read::<_, kit::db::Error>(read).await.unwrap()
    };
    assert_eq!(name(0), name(2));
    assert_eq!(winner, format!("{}；{}", name(0), name(1)));
}
