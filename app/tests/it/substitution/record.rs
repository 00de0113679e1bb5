//! What was done in whose name, what is told, and what stays personal.

use super::{Firm, PLACE, accept, asked, email, form, prepared};
use crate::colleague::{account, colleague};
use crate::sourcing::{bid, draft, id, in_days, publish, published, text};
use crate::verification::refusal;
use crate::world::{Browser, World};
use serde_json::json;

async fn told(who: &Browser, kind: &str) -> usize {
    let inbox = who.get("/inbox").await.ok().json();
    inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == kind).count()
}

#[tokio::test]
async fn who_comes_back_sees_what_was_done_in_their_name() {
    let world = World::new().await;
    let (Firm { owner, absent, substitute }, path) =
        Firm::standing_in(&world, "buyer", &["buyer"], &["project-manager"]).await;
    // Drafting is the substitute's own duty, publishing is not.
    let tender = prepared(&world, &substitute).await;
    publish(&substitute, &tender).await.ok();
    substitute.post(&format!("/tenders/{tender}/publication"), json!({ "version": 1 })).await;
    for who in [&absent, &owner, &substitute] {
        let done = who.get(&path).await.ok().json()["done"].clone();
        assert_eq!(done.as_array().map(Vec::len), Some(1), "{done}");
        assert_eq!(done[0]["operation"], "tender.publish");
        assert_eq!(done[0]["about"], format!("/tenders/{tender}"));
    }
    let page = absent.page(&path).await.ok().text;
    assert!(page.contains("发布") && page.contains(&format!("/tenders/{tender}")) && !page.contains('⟦'), "{page}");
    let sql = "SELECT count(*) FROM event WHERE kind = 'people.stood-in' AND actor IS NOT NULL";
    assert_eq!(world.count(sql).await, 1);
    // What whoever is away does themselves is theirs.
    publish(&absent, &prepared(&world, &absent).await).await.ok();
    assert_eq!(world.count(sql).await, 1);
}

#[tokio::test]
async fn no_row_tells_that_a_substitute_has_bid_or_asked() {
    let world = World::new().await;
    let (tender, lot) = published(&world, &world.member("buyer").await).await;
    let (Firm { absent, substitute, .. }, path) = Firm::standing_in(&world, "provider", &["bidder"], &["viewer"]).await;
    bid(&substitute, &lot, "4,000,000").await;
    let ask = json!({ "question_id": id(), "question": "是否接受联合体？" });
    substitute.post(&format!("/tenders/{tender}/questions"), ask).await.ok();
    assert!(absent.get(&path).await.ok().json()["done"].as_array().unwrap().is_empty());
    assert_eq!(world.count("SELECT count(*) FROM stood_in").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'people.stood-in'").await, 0);
    assert!(absent.get("/bids").await.ok().text.contains(&lot), "the company's people see the bid as ever");
}

#[tokio::test]
async fn letters_of_authorisation_and_tokens_are_personal() {
    let world = World::new().await;
    let (Firm { owner, absent, substitute }, _) = Firm::standing_in(&world, "buyer", &["buyer"], &["viewer"]).await;
    let made = json!({ "id": id(), "name": "采购系统", "days": "30", "read": true, "tender": true });
    let secret = text(&substitute.post("/company/tokens", made).await.ok().json(), "secret");
    let program = world.visitor();
    let request = program.request(reqwest::Method::POST, "/tenders").bearer_auth(secret).json(&draft(&world));
    assert_eq!(refusal(&program.send(request).await), (403, "duty-preparer".into()), "a program stands in for nobody");
    owner.post("/company/mandate-rule", json!({ "rule": "letters" })).await.ok();
    let letter = async |holder: &Browser| {
        let letter = json!({"id": id(), "account": account(holder).await, "act": ["publish"],
            "valid_from": in_days(&world, -1), "valid_until": in_days(&world, 30)});
        owner.post("/company/mandates", letter).await.ok();
    };
    letter(&absent).await;
    let tender = prepared(&world, &substitute).await;
    assert_eq!(refusal(&publish(&substitute, &tender).await), (403, "mandate-missing".into()));
    letter(&substitute).await;
    publish(&substitute, &tender).await.ok();
}

#[tokio::test]
async fn each_is_told_what_concerns_them_and_the_substitute_what_the_duty_is_told() {
    let world = World::new().await;
    let Firm { owner, absent, substitute } = Firm::new(&world, "provider", &["bidder"], &["viewer"]).await;
    let path = asked(&world, &owner, &absent, &substitute, 0, 1).await;
    world.settle().await;
    assert_eq!(told(&substitute, "substitution-asked").await, 1);
    let desk = substitute.get("/").await.ok().text;
    assert!(desk.contains(PLACE), "it waits on the desk: {desk}");
    let asker = world.member("buyer").await;
    crate::conversation::ask(&asker, &owner).await.ok();
    world.settle().await;
    assert_eq!(told(&substitute, "contact-asked").await, 0, "not before it runs");
    accept(&substitute, &path).await.ok();
    world.settle().await;
    assert_eq!([told(&absent, "substitution-accepted").await, told(&owner, "substitution-accepted").await], [1, 1]);
    let again = form(&world, &email(&owner, &substitute).await, 10, 11);
    let other = text(&absent.post(PLACE, again).await.ok().json(), "id");
    substitute.post(&format!("{PLACE}/{other}/refusal"), json!({})).await.ok();
    substitute.post(&format!("{PLACE}/{other}/refusal"), json!({})).await.ok();
    world.settle().await;
    assert_eq!(told(&absent, "substitution-declined").await, 1);
    let third = colleague(&world, &owner, &["viewer"]).await;
    let another = world.member("buyer").await;
    crate::conversation::ask(&another, &owner).await.ok();
    world.settle().await;
    assert_eq!([told(&substitute, "contact-asked").await, told(&third, "contact-asked").await], [1, 0]);
}

#[tokio::test]
async fn a_year_after_its_time_nothing_is_left() {
    let world = World::new().await;
    let (Firm { absent, substitute, .. }, _) = Firm::standing_in(&world, "buyer", &["buyer"], &["viewer"]).await;
    publish(&substitute, &prepared(&world, &substitute).await).await.ok();
    assert!(world.count("SELECT count(*) FROM stood_in").await > 0);
    world.stay_signed_in(400).await;
    absent.get(PLACE).await.ok();
    world.stay_verified().await;
    world.pass(jiff::SignedDuration::from_hours(24 * 360)).await;
    assert_eq!(world.count("SELECT count(*) FROM substitution").await, 1);
    world.pass(jiff::SignedDuration::from_hours(24 * 9)).await;
    assert_eq!(world.count("SELECT count(*) FROM substitution").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM stood_in").await, 0);
}
