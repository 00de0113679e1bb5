//! Answers with interest, and questions: who reads them, and how often they count.

use super::{answer, offer, published, read, told, version};
use crate::colleague::{account, colleague};
use crate::sourcing::{id, in_days, text};
use crate::world::{World, sabotaged};
use serde_json::{Value, json};

/// Unmistakable words of an answer.
const WORDS: &str = "青瓷驳船改作通勤渡轮，含两名船长";

#[tokio::test]
async fn interest_is_read_by_the_two_companies_alone() {
    sabotaged();
    let world = World::new().await;
    let (buyer, one, two) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let demand = published(&world, &buyer).await;
    let (page, place) = (format!("/demands/{demand}"), format!("/demands/{demand}/interest"));
    let first = offer(0, WORDS);
    for _ in 0..2 {
        one.post(&place, first.clone()).await.ok();
    }
    answer(&two, &demand, "普通大巴，每班一辆。").await.ok();
    world.settle().await;
    let of = async |reader: &crate::world::Browser| read(reader, &demand).await["interests"].clone();
    assert_eq!(of(&buyer).await.as_array().unwrap().len(), 2, "each once");
    let own = of(&one).await;
    assert_eq!((own.as_array().unwrap().len(), &own[0]["offered"]["price"]), (1, &json!(45_000_050)));
    let others = [world.visitor(), two.clone(), world.member("buyer").await, world.operator().await];
    for reader in &others {
        for path in [page.as_str(), "/demands", "/interests", "/", "/inbox"] {
            assert!(!reader.page(path).await.text.contains(WORDS), "{path}");
            assert!(!reader.get(path).await.text.contains(WORDS), "{path}");
        }
        let company = text(&own[0], "company");
        assert!(!reader.get(&page).await.text.contains(&company), "nor who has answered");
    }
    assert!(
        buyer.page(&page).await.ok().text.contains(WORDS) && one.page("/interests").await.ok().text.contains(WORDS)
    );
    let bodies = world.app.db().read::<_, kit::db::Error>(|tx| {
        let mut all: Vec<Vec<u8>> = tx.all("SELECT content FROM demand_interest", &[], |row| row.next())?;
        let events: Vec<String> = tx.all("SELECT body FROM event", &[], |row| row.next())?;
        all.extend(events.into_iter().map(String::into_bytes));
        Ok(all)
    });
    for body in bodies.await.unwrap() {
        assert!(!body.windows(WORDS.len()).any(|part| part == WORDS.as_bytes()), "it lies sealed");
    }
    assert!(world.messages().iter().all(|mail| !mail.text.contains(WORDS)));

    // Changed, taken back, given again; what was seen counts.
    let second = offer(1, "改报两艘渡轮。");
    for _ in 0..2 {
        one.post(&place, second.clone()).await.ok();
    }
    assert_eq!(told(&one.post(&place, offer(1, "这是旧的表单")).await), (412, "stale".into()));
    assert_eq!(told(&one.post(&place, offer(7, "没有的版本")).await), (412, "stale".into()));
    assert_eq!(broken_text(&one.post(&place, offer(2, "短")).await), "too-short");
    assert_eq!(broken_text(&one.post(&place, offer(2, &"长".repeat(5001))).await), "too-long");
    let withdrawal = format!("{place}/withdrawal");
    assert_eq!(told(&one.post(&withdrawal, json!({"version": 1})).await), (412, "stale".into()));
    for _ in 0..2 {
        one.post(&withdrawal, json!({"version": 2})).await.ok();
    }
    assert_eq!(of(&buyer).await.as_array().unwrap().len(), 1, "what it said is gone");
    assert_eq!(of(&one).await[0]["offered"], Value::Null);
    one.post(&place, offer(3, "还是改报一艘。")).await.ok();
    assert_eq!(of(&buyer).await.as_array().unwrap().len(), 2);

    // Two of one company's at once, by forms of two people: one is there, the other has not seen it.
    let other = published(&world, &buyer).await;
    let partner = colleague(&world, &one, &["bidder"]).await;
    let (left, right) = tokio::join!(answer(&one, &other, "渡轮一艘。"), answer(&partner, &other, "渡轮两艘。"));
    let mut both = [left.status.as_u16(), right.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [201, 412], "{} {}", left.text, right.text);
    assert_eq!(read(&buyer, &other).await["interests"].as_array().unwrap().len(), 1);
    let stolen = json!({"id": first["id"], "version": 0, "text": "别人的表单编号"});
    assert_eq!(told(&two.post(&format!("/demands/{other}/interest"), stolen).await), (404, "not-found".into()));
    // Its own company does not answer, and nobody does any more when it is closed.
    assert_eq!(answer(&buyer, &demand, "自己回应自己。").await.code(), "providers-only");
    let both_sides = world.member("both").await;
    let theirs = published(&world, &both_sides).await;
    assert_eq!(told(&answer(&both_sides, &theirs, "自己回应自己。").await), (409, "own-demand".into()));
    let reason = json!({"version": version(&buyer, &demand).await, "reason": "已经有了安排。"});
    buyer.post(&format!("{page}/closing"), reason).await.ok();
    assert_eq!(told(&one.post(&place, offer(4, "来得及吗？")).await), (409, "demand-not-open".into()));
    assert_eq!(told(&one.post(&withdrawal, json!({"version": 4})).await), (409, "demand-not-open".into()));
}

fn broken_text(answer: &crate::world::Answer) -> String {
    text(&answer.json()["errors"][0], "code")
}

#[tokio::test]
async fn nobody_learns_who_asks_and_whoever_is_concerned_is_told() {
    let world = World::new().await;
    let (buyer, asker, other) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let demand = published(&world, &buyer).await;
    let page = format!("/demands/{demand}");
    let question = json!({"question_id": id(), "question": "司机由哪一方雇用？"});
    for _ in 0..2 {
        asker.post(&format!("{page}/questions"), question.clone()).await.ok();
    }
    assert_eq!(told(&other.post(&format!("{page}/questions"), question.clone()).await), (404, "not-found".into()));
    answer(&other, &demand, "普通大巴，每班一辆。").await.ok();
    world.settle().await;
    assert_eq!(read(&other, &demand).await["questions"], json!([]), "not before it is answered");
    assert_eq!(read(&asker, &demand).await["questions"][0]["own"], true);
    let seen = read(&buyer, &demand).await["questions"].clone();
    assert_eq!((seen.as_array().unwrap().len(), &seen[0]["own"]), (1, &json!(false)));
    let company = text(&asker.get("/company").await.ok().json()["company"], "id");
    assert!(!buyer.get(&page).await.text.contains(&company), "the buyer does not see who asks");
    let reply = format!("/demand-questions/{}/answer", text(&seen[0], "id"));
    assert_eq!(world.member("buyer").await.post(&reply, json!({"answer": "由服务商雇用。"})).await.status, 404);
    let refused = buyer.submit(&reply, &[("answer", "由")]).await;
    assert!(refused.status == 422 && refused.text.contains(&format!("action=\"{reply}\"")), "{}", refused.text);
    for _ in 0..2 {
        buyer.post(&reply, json!({"answer": "由服务商雇用。"})).await.ok();
    }
    assert_eq!(buyer.post(&reply, json!({"answer": "由我方雇用。"})).await.code(), "question-answered");
    assert_eq!(read(&world.visitor(), &demand).await["questions"][0]["answer"], "由服务商雇用。");
    world.settle().await;
    let kinds = async |who: &crate::world::Browser| {
        let inbox = who.get("/inbox?about=demand").await.ok().json();
        let mut kinds: Vec<_> = inbox["unread"].as_array().unwrap().iter().map(|line| text(line, "kind")).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&buyer).await, ["demand-asked", "demand-interest"]);
    assert_eq!(kinds(&asker).await, ["demand-answered"]);
    assert_eq!(kinds(&other).await, ["demand-answered"]);
}

#[tokio::test]
async fn who_holds_no_letter_answers_no_demand_and_publishes_none() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let demand = published(&world, &buyer).await;
    let bidder = colleague(&world, &provider, &["bidder"]).await;
    let clerk = colleague(&world, &buyer, &["buyer"]).await;
    for owner in [&buyer, &provider] {
        owner.post("/company/mandate-rule", json!({"rule": "letters"})).await.ok();
    }
    assert_eq!(told(&answer(&bidder, &demand, "渡轮一艘。").await), (403, "mandate-missing".into()));
    let letter = async |owner: &crate::world::Browser, to: &crate::world::Browser, act: &str| {
        let (from, until) = (in_days(&world, 0), in_days(&world, 30));
        let form = json!({"id": id(), "account": account(to).await, "act": [act], "target": "", "valid_from": from, "valid_until": until});
        owner.post("/company/mandates", form).await.ok();
    };
    letter(&provider, &bidder, "bid").await;
    assert_eq!(
        told(&answer(&bidder, &demand, "渡轮一艘。").await),
        (403, "mandate-scope".into()),
        "a bid is no interest"
    );
    letter(&provider, &bidder, "interest").await;
    answer(&bidder, &demand, "渡轮一艘。").await.ok();
    letter(&buyer, &clerk, "publish").await;
    let draft = text(&clerk.post("/demands", super::draft(&world)).await.ok().json(), "id");
    assert_eq!(told(&super::publish(&clerk, &draft).await), (403, "mandate-scope".into()));
    letter(&buyer, &clerk, "demand").await;
    super::publish(&clerk, &draft).await.ok();
}
