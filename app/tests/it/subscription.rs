//! Subscriptions to notices: off until agreed to, each new notice told of once, gone with the consent.

use crate::consent::{switch_on, withdraw};
use crate::people::Applicant;
use crate::world::{Browser, World, sabotaged};
use app::reach::notice::importing::import;
use jiff::SignedDuration;
use serde_json::json;

/// A notice of another site.
async fn notice(world: &World, number: usize, region: &str, word: &str) {
    let line = json!({
        "id": format!("lanhe-{number}"), "sourceName": "岚河采购网", "region": region, "date": "2026-11-23",
        "title": format!("岚河营业厅软件开发之{number}{word}"), "category": word,
        "url": format!("https://lanhe.example/notice?id={number}"),
    });
    import(world.app.db(), "notices.jsonl", format!("{line}\n").as_bytes(), |_| {}).await.unwrap();
    world.settle().await;
}

/// What stands in somebody's inbox about notices, the newest first.
async fn told(browser: &Browser) -> Vec<String> {
    let inbox = browser.get("/inbox?about=notice").await.ok().json();
    let lines = inbox["unread"].as_array().unwrap().iter();
    lines.map(|line| line["told"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_wanted_is_told_one_by_one_and_goes_with_the_consent() {
    sabotaged();
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let path = "/me/subscription";
    let page = me.page(path).await.ok().text;
    assert!(page.contains("这项功能没有开启") && !page.contains("name=\"kinds\"") && !page.contains('⟦'), "{page}");
    assert_eq!(me.post(path, json!({ "regions": ["36"] })).await.code(), "no-consent");
    switch_on(&me, "subscription").await;
    assert_eq!(me.post(path, json!({ "kinds": ["tender"] })).await.json()["errors"][0]["code"], "nothing-followed");
    let unknown = me.post(path, json!({ "kinds": ["cats"], "regions": ["36"] })).await;
    assert_eq!(unknown.json()["errors"][0]["code"], "choice");
    notice(&world, 1, "江西", "招标公告").await;
    world.clock.advance(SignedDuration::from_secs(1));
    me.post(path, json!({ "kinds": ["tender", "failure"], "regions": ["36"] })).await.ok();
    let page = me.page("/me/subscription?lang=en").await.ok().text;
    for one in ["value=\"tender\" checked", "value=\"36\" checked"] {
        assert!(page.contains(one) && !page.contains('⟦'), "{one}: {page}");
    }
    world.stay_signed_in(90).await;
    for (number, region, word) in
        [(2, "江西", "招标公告"), (3, "江西", "变更公告"), (4, "广东", "招标公告"), (5, "江西", "流标公告")]
    {
        notice(&world, number, region, word).await;
    }
    for _ in 0..2 {
        world.pass(SignedDuration::from_mins(11)).await;
        let lines = told(&me).await;
        assert!(lines.len() == 2 && lines.iter().any(|line| line.contains("之2")), "each once: {lines:?}");
        assert!(lines.iter().any(|line| line.contains("之5")), "what was there before, or is not wanted: {lines:?}");
    }
    // By mail once its person wants it, and under the same consent.
    let mails = || {
        let all = world.messages();
        all.iter().filter(|mail| mail.to.contains(&who.email) && mail.subject.contains("订阅")).count()
    };
    assert_eq!(mails(), 0);
    let ways = ["notice-arrived.inbox", "notice-arrived.mail"];
    me.post("/me/notifications", json!({ "on": ways })).await.ok();
    notice(&world, 6, "江西", "招标公告").await;
    world.pass(SignedDuration::from_mins(11)).await;
    assert_eq!((told(&me).await.len(), mails()), (3, 1));
    // Withdrawn, it keeps nothing and tells nothing.
    withdraw(&me, "subscription").await.ok();
    notice(&world, 7, "江西", "招标公告").await;
    world.pass(SignedDuration::from_mins(11)).await;
    assert_eq!(world.count("SELECT count(*) FROM subscription").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM notification WHERE kind = 'notice-arrived'").await, 0);
    assert_eq!(mails(), 1);
}
