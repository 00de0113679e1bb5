//! Questions about a call: nobody learns who asks, everybody reads the answer, and one that matters moves the deadline on.

use super::{call, heard, instant, published, read};
use crate::demand::{broken, told};
use crate::sourcing::{after, id, text};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn an_answer_is_for_all_and_leaves_time_to_apply() {
    let world = World::new().await;
    let (buyer, asker, other) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    world.stay_signed_in(100).await;
    let form = call(&world, "single");
    let deadline = instant(&form, "applications_until");
    let (page, _) = published(&world, &buyer, form).await;
    let ask = format!("{page}/questions");
    let question = json!({"question_id": id(), "question": "在建的工程算不算业绩？"});
    for _ in 0..2 {
        asker.post(&ask, question.clone()).await.ok();
    }
    assert_eq!(told(&other.post(&ask, question.clone()).await), (404, "not-found".into()), "another's form");
    let refused = asker.submit(&ask, &[("question_id", &id()), ("question", "短")]).await;
    assert!(refused.status == 422 && refused.text.contains(&format!("action=\"{ask}\"")), "{}", refused.text);
    other
        .post(&format!("{page}/application"), json!({"id": id(), "version": 0, "statement": "有四项业绩。"}))
        .await
        .ok();
    world.settle().await;
    assert_eq!(read(&other, &page).await["questions"], json!([]), "not before it is answered");
    assert_eq!(read(&asker, &page).await["questions"][0]["own"], true);
    let seen = read(&buyer, &page).await["questions"].clone();
    assert_eq!((seen.as_array().unwrap().len(), &seen[0]["own"]), (1, &json!(false)));
    let company = text(&asker.get("/company").await.ok().json()["company"], "id");
    assert!(!buyer.get(&page).await.text.contains(&company), "the buyer does not see who asks");
    assert_eq!(heard(&buyer, "qualified-asked").await, 1);
    assert!(buyer.page("/").await.ok().text.contains("有问题待答复：海底光缆抢修服务"));
    assert!(!buyer.page(&page).await.ok().text.contains('⟦'));

    // Questions end two days before the deadline; an answer that matters then needs another deadline.
    world.until(after(deadline, -2)).await;
    let late = json!({"question_id": id(), "question": "保证金交不交？"});
    assert_eq!(told(&asker.post(&ask, late.clone()).await), (409, "questions-ended".into()));
    let reply = format!("/qualified-questions/{}/answer", text(&seen[0], "id"));
    assert_eq!(world.member("buyer").await.post(&reply, json!({"answer": "不算。"})).await.status, 404);
    let wrong = async |deadline: String| {
        broken(&buyer.post(&reply, json!({"answer": "不算。", "affects": "1", "deadline": deadline})).await)
    };
    assert_eq!(wrong(String::new()).await, ("deadline".into(), "answer-moves-deadline".into()));
    assert_eq!(wrong(after(deadline, -1).to_string()).await, ("deadline".into(), "amendment-earlier".into()));
    let refused = buyer.submit(&reply, &[("answer", "不"), ("affects", "1")]).await;
    assert!(refused.status == 422 && refused.text.contains("可能影响申请"), "{}", refused.text);
    let later = after(deadline, 3);
    let given = json!({"answer": "不算。", "affects": "1", "deadline": later.to_string()});
    for _ in 0..2 {
        buyer.post(&reply, given.clone()).await.ok();
    }
    assert_eq!(told(&buyer.post(&reply, json!({"answer": "算。"})).await), (409, "question-answered".into()));
    world.settle().await;
    let shown = read(&world.visitor(), &page).await;
    assert_eq!(
        (&shown["questions"][0]["answer"], instant(&shown["list"], "applications_until")),
        (&json!("不算。"), later)
    );
    let notices = read(&world.visitor(), "/notices?kind=amendment").await;
    assert_eq!(notices["notices"].as_array().map(Vec::len), Some(1), "moved on once, and told to everybody");
    for one in [&asker, &other] {
        assert_eq!(heard(one, "qualified-replied").await, 1);
    }
    asker.post(&ask, late).await.ok();
    world.until(later).await;
    let waiting = read(&buyer, &page).await["questions"][1].clone();
    let reply = format!("/qualified-questions/{}/answer", text(&waiting, "id"));
    assert_eq!(told(&buyer.post(&reply, json!({"answer": "不交。"})).await), (409, "answers-ended".into()));
}
