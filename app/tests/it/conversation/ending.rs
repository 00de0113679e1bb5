//! Who leaves: a person's part goes with their account, a company's threads are closed with it and stay the other side's.

use super::{Pair, WORDS, look, notices, own, read, say, share, texts, told};
use crate::colleague::colleague;
use crate::people::PASSWORD;
use crate::sourcing::id;
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn what_somebody_wrote_stays_their_companys_without_them() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let mate = colleague(&world, &pair.provider, &["bidder"]).await;
    say(&mate, &pair.thread, WORDS).await.ok();
    share(&mate, &pair.thread, own("13911118888")).await.ok();
    world.stay_signed_in(10).await;
    mate.post("/me/cancellation", json!({ "id": id(), "password": PASSWORD })).await.ok();
    world.pass(SignedDuration::from_hours(7 * 24 + 1)).await;
    assert_eq!(world.count("SELECT count(*) FROM thread_sharing").await, 0);
    let nameless = "SELECT count(*) FROM thread_member WHERE account IS NULL";
    assert_eq!(world.count(nameless).await, 1);
    for side in [&pair.buyer, &pair.provider] {
        assert_eq!(texts(&read(side, &pair.thread).await), [WORDS]);
    }
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    // Nobody takes the number of who has gone.
    say(&pair.provider, &pair.thread, "我接着谈").await.ok();
    let seen = read(&pair.buyer, &pair.thread).await;
    assert_ne!(seen["messages"][0]["member"], seen["messages"][1]["member"]);
}

#[tokio::test]
async fn of_a_company_that_closes_threads_are_read_only_for_the_other() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    pair.say(WORDS).await;
    share(&pair.provider, &pair.thread, own("13911118888")).await.ok();
    let third = world.member("buyer").await;
    let open = super::ask(&third, &pair.provider).await.ok().json();
    world.stay_signed_in(20).await;
    pair.provider.post("/company/closing", json!({ "id": id(), "password": PASSWORD })).await.ok();
    world.pass(SignedDuration::from_hours(7 * 24 + 1)).await;
    let seen = read(&pair.buyer, &pair.thread).await;
    assert_eq!((texts(&seen), &seen["closed_why"]), (vec![WORDS.to_owned()], &json!("company")));
    assert_eq!(told(&say(&pair.buyer, &pair.thread, "还在吗").await), (409, "thread-closed".into()));
    assert_eq!(told(&look(&pair.buyer, &pair.thread).await), (409, "nothing-shared".into()));
    assert_eq!(world.count("SELECT count(*) FROM thread_sharing").await, 0);
    let path = format!("/contact-requests/{}", open["id"].as_str().unwrap());
    assert_eq!(third.get(&path).await.ok().json()["state"], "declined");
    let page = pair.buyer.page(&pair.path("")).await.ok().text;
    assert!(page.contains("已退出平台") && !page.contains('⟦'), "{page}");
    assert!(!notices(&pair.buyer).await.is_empty());
}
