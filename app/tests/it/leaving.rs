//! Leaving a company, and handing it over: a person's own acts, of two sides where another answers for it afterwards.

use crate::colleague::{account, colleague, invite, remove, version};
use crate::sourcing::{draft, id};
use crate::world::{Answer, Browser, World};
use futures::future::join_all;
use serde_json::{Value, json};

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// The path under which the offer to this colleague is answered.
async fn offered(owner: &Browser, to: &Browser, hands_over: bool) -> String {
    let (form, account) = (json!({"id": id(), "hands_over": hands_over}), account(to).await);
    owner.post(&format!("/company/people/{account}/ownership"), form.clone()).await.ok();
    format!("/company/ownership/{}", form["id"].as_str().unwrap())
}

async fn duties(browser: &Browser) -> Value {
    let people = browser.get("/company/people").await.ok().json();
    let own = people["members"].as_array().unwrap().iter().find(|one| one["is_self"] == true).cloned();
    own.unwrap()["duties"].clone()
}

#[tokio::test]
async fn a_member_leaves_and_goes_on_as_a_person_who_can_join_again() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["buyer"]).await;
    let second = world.again(&one).await;
    assert!(one.page("/company/leaving").await.ok().text.contains("离开公司"));
    one.post("/company/leaving", json!({})).await.ok();
    assert_eq!(refusal(&one.post("/company/leaving", json!({})).await), (403, "no-company".into()));
    assert_eq!(second.get("/me").await.status, 401, "the other window is signed out");
    for path in ["/", "/me", "/me/data", "/me/consents", "/me/export", "/me/cancellation", "/me/agreements"] {
        assert!(!one.page(path).await.ok().text.contains('⟦'), "{path}");
    }
    assert_eq!(refusal(&one.post("/tenders", draft(&world)).await), (403, "no-company".into()));
    world.settle().await;
    assert!(world.messages().iter().any(|message| message.text.contains("离开了")), "the owners are told");
    let mail = one.get("/me").await.ok().json()["email"].as_str().unwrap().to_owned();
    let link = invite(&world, &owner, &mail, &["viewer"]).await;
    one.post(&format!("{link}/acceptance"), json!({})).await.ok();
    assert_eq!(duties(&one).await, json!(["viewer"]));
}

#[tokio::test]
async fn the_last_owner_neither_leaves_nor_cancels_before_somebody_else_answers_for_the_company() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    assert_eq!(refusal(&owner.post("/company/leaving", json!({})).await), (409, "company-left-alone".into()));
    let one = colleague(&world, &owner, &["buyer"]).await;
    assert_eq!(refusal(&owner.post("/company/leaving", json!({})).await), (409, "last-owner".into()));
    let page = owner.get("/me/cancellation").await.ok().json();
    assert_eq!(page["obstacles"][0]["what"], "people-obstacle-owner");
    let answer = owner.post("/me/cancellation", json!({"id": id(), "password": crate::people::PASSWORD})).await;
    assert_eq!(refusal(&answer), (409, "cancellation-obstacles".into()));
    let offer = offered(&owner, &one, true).await;
    assert_eq!(duties(&one).await, json!(["buyer"]), "an offer alone changes nothing");
    one.post(&format!("{offer}/acceptance"), json!({})).await.ok();
    assert_eq!(duties(&one).await, json!(["owner", "buyer"]));
    assert!(!duties(&owner).await.as_array().unwrap().contains(&json!("owner")));
    assert_eq!(owner.get("/me/cancellation").await.ok().json()["obstacles"], json!([]));
    owner.post("/company/leaving", json!({})).await.ok();
}

#[tokio::test]
async fn ownership_handed_over_twice_goes_once() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let (one, two) = (colleague(&world, &owner, &["viewer"]).await, colleague(&world, &owner, &["viewer"]).await);
    let (first, second) = (offered(&owner, &one, true).await, offered(&owner, &two, true).await);
    let (path_one, path_two) = (format!("{first}/acceptance"), format!("{second}/acceptance"));
    assert_eq!(two.post(&path_one, json!({})).await.status, 404, "another's offer");
    let (token_one, token_two, nothing) = (one.token().await, two.token().await, json!({}));
    let answers =
        join_all([one.post_with(&token_one, &path_one, &nothing), two.post_with(&token_two, &path_two, &nothing)])
            .await;
    let done = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(done, 1, "{:?}", answers.iter().map(|one| one.text.as_str()).collect::<Vec<_>>());
    for refused in answers.iter().filter(|answer| !answer.status.is_success()) {
        assert_eq!(refusal(refused), (409, "ownership-void".into()));
    }
    let owners = "SELECT count(*) FROM account WHERE company IS NOT NULL AND duties LIKE '%owner%'";
    assert_eq!(world.count(owners).await, 1);
    let again = join_all((0..3).map(|_| one.post_with(&token_one, &path_one, &nothing))).await;
    assert!(again.iter().all(|answer| !answer.status.is_success()), "used once");
}

#[tokio::test]
async fn an_offer_is_declined_withdrawn_and_void_with_its_sender_or_its_days() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["viewer"]).await;
    let offer = offered(&owner, &one, false).await;
    let theirs = account(&one).await;
    let again = owner.post(&format!("/company/people/{theirs}/ownership"), json!({"id": id()})).await;
    assert_eq!(refusal(&again), (409, "ownership-waits".into()));
    let page = one.page("/company/people").await.ok().text;
    assert!(page.contains("请你成为所有者") && !page.contains('⟦'), "{page}");
    assert_eq!(one.get("/").await.ok().json()["tasks"][0]["what"], "ownership-waiting");
    one.post(&format!("{offer}/refusal"), json!({})).await.ok();
    assert_eq!(refusal(&one.post(&format!("{offer}/acceptance"), json!({})).await), (409, "ownership-void".into()));
    let offer = offered(&owner, &one, false).await;
    for _ in 0..2 {
        owner.post(&format!("{offer}/withdrawal"), json!({})).await.ok();
    }
    assert_eq!(refusal(&one.post(&format!("{offer}/acceptance"), json!({})).await), (409, "ownership-void".into()));
    let offer = offered(&owner, &one, false).await;
    world.stay_signed_in(9).await;
    world.pass(jiff::SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(refusal(&one.post(&format!("{offer}/acceptance"), json!({})).await), (409, "ownership-void".into()));
    let offer = offered(&owner, &one, false).await;
    one.post(&format!("{offer}/acceptance"), json!({})).await.ok();
    // Shared: both answer for it, and either may be removed by the other.
    let first = account(&owner).await;
    let two = colleague(&world, &owner, &["viewer"]).await;
    let stale = offered(&owner, &two, true).await;
    remove(&one, &first).await.ok();
    assert_eq!(refusal(&two.post(&format!("{stale}/acceptance"), json!({})).await), (409, "ownership-void".into()));
    let stranger = world.member("buyer").await;
    assert_eq!(stranger.post(&format!("{stale}/withdrawal"), json!({})).await.status, 404);
    assert!(version(&one, &account(&two).await).await.is_number());
}
