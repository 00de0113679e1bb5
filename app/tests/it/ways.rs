//! The other ways by which a person is told: short messages, push messages, a calendar.

use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{draft, published};
use crate::world::World;
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

#[tokio::test]
async fn short_and_push_messages_go_to_who_wants_them_and_to_nobody_else() {
    let world = World::new().await;
    let (who, other) = (Applicant::new("both"), Applicant::new("both"));
    let (me, you) = (world.applicant(&who).await, world.applicant(&other).await);
    let on = json!({ "on": ["password-changed.sms", "password-changed.push"] });
    let choices = me.post("/me/notifications", on).await.ok().json();
    let kinds = choices["kinds"].as_array().unwrap();
    let chosen = kinds.iter().find(|kind| kind["kind"] == "password-changed").unwrap();
    assert!(chosen["ways"].as_array().unwrap().iter().all(|way| way["on"] == true), "{chosen}");
    let answered = kinds.iter().find(|kind| kind["kind"] == "question-answered").unwrap();
    let free: Vec<_> = answered["ways"].as_array().unwrap().iter().map(|way| way["free"].clone()).collect();
    assert_eq!(free, [json!(true), json!(false), json!(false), json!(false)], "before the opening no record");
    for one in [&me, &you] {
        let change = json!({ "current": PASSWORD, "password": "sieben fette Ziegen im Nebel" });
        one.post("/me/password", change).await.ok();
    }
    world.settle().await;
    let short: Vec<_> = world
        .messages()
        .into_iter()
        .filter(|one| one.channel == Channel::Sms && one.text.contains("密码已更改"))
        .collect();
    assert_eq!(short.len(), 1, "{short:?}");
    assert!(short[0].to.contains(&who.phone) && short[0].text.contains("/inbox"));
    let pushed: Vec<Value> = std::fs::read_dir(world.app.config().outbox_dir.join("push"))
        .unwrap()
        .map(|file| serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap())
        .collect();
    assert_eq!(pushed.len(), 1);
    let topic = pushed[0]["topic"].as_str().unwrap();
    assert!(topic.starts_with("zy") && topic.len() == 34, "{topic}");
    assert!(pushed[0]["click"].as_str().unwrap().ends_with("/me") && !pushed[0].to_string().contains(&who.email));
    let opened = me.get("/me/accesses").await.ok().text;
    assert!(opened.contains("平台的通知服务"), "the number and the address were opened on record");
}

#[tokio::test]
async fn who_wants_push_is_shown_a_topic_of_their_own() {
    let world = World::configured(|config| config.push_url = Some("https://:token@push.example".to_owned())).await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    let topic = async |browser: &crate::world::Browser| {
        browser.get("/me/notifications").await.ok().json()["push_topic"].as_str().unwrap().to_owned()
    };
    let (mine, yours) = (topic(&me).await, topic(&you).await);
    assert!(mine.starts_with("https://push.example/zy") && mine != yours && !mine.contains("token"), "{mine}");
    assert!(me.page("/me/notifications").await.ok().text.contains(&mine));
}

#[tokio::test]
async fn a_tenders_dates_open_in_a_calendar_and_a_drafts_are_nobodys() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (tender, _) = published(&world, &buyer).await;
    let file = world.visitor().get(&format!("/tenders/{tender}/dates")).await.ok();
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    let lines: Vec<_> = file.text.split("\r\n").collect();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "DTSTART:20261130T0100",
        "DTSTART:20261203T0100",
        "DTEND:20261203T0130",
        "END:VCALENDAR",
    ] {
        assert_eq!(lines.iter().filter(|one| one.starts_with(line)).count(), 1, "{line}: {}", file.text);
    }
    let unfolded = file.text.replace("\r\n ", "");
    assert!(unfolded.contains(&format!("UID:{tender}-deadline@ziyun")) && unfolded.contains("投标截止与开标"));
    assert!(lines.iter().all(|line| line.len() <= 75), "lines are folded");
    let other = draft(&world);
    let id = other["id"].as_str().unwrap().to_owned();
    buyer.post("/tenders", other).await.ok();
    assert_eq!(world.visitor().get(&format!("/tenders/{id}/dates")).await.status, 404);
    assert_eq!(buyer.get(&format!("/tenders/{id}/dates")).await.status, 200);
}
