//! The clock engine among other work: what fails does not keep the rest from its hour, and is made up for.

use crate::sourcing::{after, bid, published};
use crate::world::World;
use kit::db::Error;

async fn method(world: &World, tender: &str, code: &'static str) {
    let id: kit::id::Id<()> = tender.parse().unwrap();
    let set =
        move |tx: &mut kit::db::Tx| tx.execute("UPDATE tender SET method = $1 WHERE id = $2", kit::values![code, id]);
    world.app.db().write::<_, Error>(set).await.unwrap();
}

#[tokio::test]
async fn a_tender_that_cannot_be_read_keeps_no_other_from_its_hour_and_is_opened_once_it_can() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    let mut tenders = Vec::new();
    for _ in 0..3 {
        let (tender, lot) = published(&world, &buyer).await;
        for provider in &providers {
            bid(provider, &lot, "100").await;
        }
        tenders.push(tender);
    }
    method(&world, &tenders[0], "of a later version").await;
    world.clock.set(after(world.clock.now(), 10));
    for _ in 0..4 {
        assert!(world.app.settle().await.is_err(), "it is told each time");
    }
    let state = async |tender: &str| {
        let seen = world.visitor().get(&format!("/tenders/{tender}")).await;
        if seen.status.is_success() { seen.json()["tender"]["state"].clone() } else { seen.status.as_u16().into() }
    };
    assert_eq!([state(&tenders[1]).await, state(&tenders[2]).await], ["evaluation", "evaluation"]);
    assert_eq!(state(&tenders[0]).await, 500);
    method(&world, &tenders[0], "open").await;
    world.settle().await;
    assert_eq!(state(&tenders[0]).await, "evaluation", "its hour was not lost");
}
