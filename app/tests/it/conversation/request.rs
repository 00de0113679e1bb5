//! Asking for contact: once for each matter, by who is verified, so many a day; answered, taken back, or over.

use super::{ask, company, joined, mails, notices, told, wanted};
use crate::people::Applicant;
use crate::sourcing::{id, text};
use crate::world::World;
use futures::future::join;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn one_asks_the_other_accepts_and_both_have_a_thread() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let form = wanted(&company(&provider).await, "provider");
    let sent = buyer.post("/contact-requests", form.clone()).await.ok().json();
    let again = buyer.post("/contact-requests", form.clone()).await.ok().json();
    assert_eq!((&sent["id"], &sent["state"], &sent["text"]), (&again["id"], &json!("open"), &form["text"]));
    assert_eq!(world.count("SELECT count(*) FROM contact_request").await, 1, "sent twice it is one");
    world.settle().await;
    let path = format!("/contact-requests/{}", text(&sent, "id"));
    let task = provider.get("/").await.ok().json()["tasks"].to_string();
    assert!(task.contains("conversation-waiting") && task.contains(&path), "{task}");
    let received = provider.get(&path).await.ok().json();
    assert_eq!((&received["text"], &received["is_asker"]), (&form["text"], &json!(false)));
    let page = provider.page(&path).await.ok().text;
    assert!(page.contains("接受并开始会话") && page.contains("驻场维保") && !page.contains('⟦'), "{page}");
    assert!(notices(&provider).await.iter().any(|line| line.contains("请求与")));
    assert!(!mails(&world).contains("驻场维保"), "a mail never holds the text");
    let thread = text(&provider.post(&format!("{path}/acceptance"), json!({})).await.ok().json(), "thread");
    let twice = text(&provider.post(&format!("{path}/acceptance"), json!({})).await.ok().json(), "thread");
    assert_eq!(thread, twice);
    world.settle().await;
    assert!(notices(&buyer).await.iter().any(|line| line.contains("接受了")));
    for side in [&buyer, &provider] {
        assert_eq!(text(&side.get("/threads").await.ok().json()["threads"][0], "id"), thread);
        assert_eq!(text(&side.get("/contact-requests").await.ok().json()["requests"][0], "thread"), thread);
        for page in ["/threads", "/contact-requests", &path, &format!("/threads/{thread}")] {
            let page = side.page(page).await.ok().text;
            assert!(!page.contains('⟦'), "{page}");
        }
    }
    let more = buyer.post("/contact-requests", wanted(&company(&provider).await, "provider")).await;
    assert_eq!(told(&more), (409, "thread-exists".into()));
}

#[tokio::test]
async fn a_pair_has_one_open_request_for_a_matter_whoever_asks() {
    let world = World::new().await;
    let (one, other) = (world.member("both").await, world.member("both").await);
    let (mine, theirs) = (company(&one).await, company(&other).await);
    let (tokens, forms) =
        ((one.token().await, other.token().await), (wanted(&theirs, "general"), wanted(&mine, "general")));
    let asked = join(
        one.post_with(&tokens.0, "/contact-requests", &forms.0),
        other.post_with(&tokens.1, "/contact-requests", &forms.1),
    );
    let (a, b) = asked.await;
    let mut answers = [told(&a), told(&b)].map(|(status, _)| status);
    answers.sort_unstable();
    assert_eq!(answers, [201, 409], "both at once, one stands");
    one.post("/contact-requests", wanted(&theirs, "provider")).await.ok();
    assert_eq!(told(&one.post("/contact-requests", wanted(&mine, "general")).await), (409, "own-company".into()));
    let nobody = one.post("/contact-requests", wanted(&id(), "general")).await;
    assert_eq!(told(&nobody), (404, "not-found".into()));
    let mut wrong = wanted(&theirs, "tender");
    wrong["text"] = json!("好");
    let errors = one.post("/contact-requests", wrong).await.json()["errors"].to_string();
    assert!(errors.contains("matter-tender") && errors.contains("too-short"), "{errors}");
}

#[tokio::test]
async fn who_declines_gives_a_reason_or_none_and_may_block() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let path = format!("/contact-requests/{}", text(&ask(&buyer, &provider).await.ok().json(), "id"));
    assert_eq!(told(&buyer.post(&format!("{path}/refusal"), json!({})).await), (404, "not-found".into()));
    let reason = json!({ "reason": "暂不承接外省项目" });
    for _ in 0..2 {
        provider.post(&format!("{path}/refusal"), reason.clone()).await.ok();
    }
    let seen = buyer.get(&path).await.ok().json();
    assert_eq!((&seen["state"], &seen["reason"]), (&json!("declined"), &reason["reason"]));
    let late = provider.post(&format!("{path}/acceptance"), json!({})).await;
    assert_eq!(told(&late), (409, "request-over".into()));
    let path = format!("/contact-requests/{}", text(&ask(&buyer, &provider).await.ok().json(), "id"));
    provider.post(&format!("{path}/refusal"), json!({ "block": true })).await.ok();
    assert_eq!(told(&ask(&buyer, &provider).await), (409, "not-reachable".into()), "told no more than that");
    assert_eq!(told(&ask(&provider, &buyer).await), (409, "you-blocked".into()));
    let blocks = provider.get("/threads").await.ok().json()["blocks"].clone();
    let lift = format!("/company/blocks/{}/end", text(&blocks[0], "id"));
    assert_eq!(told(&buyer.post(&lift, json!({})).await), (404, "not-found".into()));
    provider.post(&lift, json!({})).await.ok();
    ask(&buyer, &provider).await.ok();
}

#[tokio::test]
async fn who_is_not_verified_asks_nobody_and_is_told_the_way() {
    let world = World::new().await;
    let provider = world.member("provider").await;
    let pending = world.applicant(&Applicant::new("buyer")).await;
    let answer = ask(&pending, &provider).await;
    assert_eq!(told(&answer), (403, "company-pending".into()));
    assert_eq!(answer.json()["level"], "company");
    let unseen = ask(&provider, &pending).await;
    assert_eq!(told(&unseen), (404, "not-found".into()), "nor is it reached");
    let visitor = world.visitor().get("/contact-requests").await;
    assert_eq!(told(&visitor), (401, "unauthenticated".into()));
}

#[tokio::test]
async fn what_nobody_answers_is_over_and_both_hear_of_it() {
    let world = World::new().await;
    world.stay_signed_in(40).await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    world.stay_signed_in(40).await;
    let path = format!("/contact-requests/{}", text(&ask(&buyer, &provider).await.ok().json(), "id"));
    world.pass(SignedDuration::from_hours(24 * 14 - 1)).await;
    assert_eq!(buyer.get(&path).await.ok().json()["state"], "open");
    world.clock.advance(SignedDuration::from_hours(1));
    let late = provider.post(&format!("{path}/acceptance"), json!({})).await;
    assert_eq!(told(&late), (409, "request-over".into()), "by the clock, not by the routine");
    world.settle().await;
    assert_eq!(buyer.get(&path).await.ok().json()["state"], "expired");
    for side in [&buyer, &provider] {
        assert!(notices(side).await.iter().any(|line| line.contains("无人答复")));
    }
    let again = text(&ask(&buyer, &provider).await.ok().json(), "id");
    let withdrawal = format!("/contact-requests/{again}/withdrawal");
    assert_eq!(told(&provider.post(&withdrawal, json!({})).await), (404, "not-found".into()));
    buyer.post(&withdrawal, json!({})).await.ok();
    assert_eq!(provider.get(&format!("/contact-requests/{again}")).await.ok().json()["state"], "withdrawn");
}

#[tokio::test]
async fn a_company_asks_so_many_a_day_and_no_more() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let target = company(&provider).await;
    let mut answers = Vec::new();
    for _ in 0..11 {
        answers.push(buyer.post("/contact-requests", wanted(&target, "general")).await);
    }
    assert!(answers[..10].iter().all(|answer| answer.status != 429));
    assert_eq!(told(&answers[10]), (429, "limited".into()));
    assert_eq!(world.count("SELECT count(*) FROM contact_request").await, 1);
}

#[tokio::test]
async fn requests_are_listed_page_by_page_and_a_cursor_is_for_its_company() {
    let world = World::new().await;
    let one = world.member("both").await;
    let mut expected = Vec::new();
    for n in 0..4 {
        let other = world.member("provider").await;
        let sent = if n % 2 == 0 { ask(&one, &other).await } else { ask(&other, &one).await };
        expected.insert(0, text(&sent.ok().json(), "id"));
        world.clock.advance(SignedDuration::from_secs(1));
    }
    let list = one.get("/contact-requests").await.ok().json();
    let ids: Vec<_> = list["requests"].as_array().unwrap().iter().map(|one| text(one, "id")).collect();
    assert_eq!((ids, &list["next"]), (expected, &Value::Null), "both ways, the newest first");
    let foreign = one.get("/contact-requests?after=AAAA").await;
    assert_eq!(told(&foreign), (400, "cursor".into()));
    let other = world.member("buyer").await;
    joined(&one, &other).await;
    assert_eq!(other.get("/contact-requests").await.ok().json()["requests"].as_array().map(Vec::len), Some(1));
}
