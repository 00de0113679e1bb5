//! Whoever refuses every additional function does everything that the platform is for (clauses 2.1, 2.2).

use crate::consent::withdraw;
use crate::contract::operations;
use crate::sourcing::{after, bid, published, text};
use crate::world::{Browser, World, sabotaged};
use serde_json::json;
use std::collections::BTreeSet;

/// What a registration asks: the company's data, the person's, and what is declared.
const ASKED: [&str; 13] = [
    "adult",
    "agree",
    "buyer",
    "company",
    "credit_code",
    "email",
    "guardian",
    "invitation",
    "password",
    "phone",
    "policy",
    "prepared",
    "provider",
];

/// Says no to each function, and finds each shut.
async fn refuse_all(browser: &Browser) {
    // What is asked of who has an account: a contact is asked at the public door.
    let page = browser.get("/me/consents").await.ok().json();
    let functions = page["functions"].as_array().unwrap();
    assert_eq!(functions.len(), 4, "{page}");
    for function in functions {
        withdraw(browser, function["purpose"].as_str().unwrap()).await.ok();
    }
    let follow = browser.post("/me/digest", json!({ "regions": ["36"] })).await;
    assert_eq!((follow.status.as_u16(), follow.code().as_str()), (403, "no-consent"));
    let want = browser.post("/me/subscription", json!({ "regions": ["36"] })).await;
    assert_eq!((want.status.as_u16(), want.code().as_str()), (403, "no-consent"));
    let search = json!({ "id": crate::sourcing::id(), "name": "江西", "query": "region=36" });
    let keep = browser.post("/me/searches", search).await;
    assert_eq!((keep.status.as_u16(), keep.code().as_str()), (403, "no-consent"));
}

#[tokio::test]
async fn the_main_job_is_done_whole_by_people_who_refused_every_function() {
    sabotaged();
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    for person in providers.iter().chain([&buyer]) {
        refuse_all(person).await;
    }
    let (tender, lot) = published(&world, &buyer).await;
    let mut bids = Vec::new();
    for (provider, yuan) in providers.iter().zip(["300", "200", "100"]) {
        bids.push(bid(provider, &lot, yuan).await);
    }
    world.until(after(world.clock.now(), 10)).await;
    let opening = buyer.get(&format!("/tenders/{tender}/opening")).await.ok().json();
    assert!(opening.to_string().contains(&bids[2]), "all bids are opened: {opening}");
    let choice = json!({ "bid": bids[2], "reason": "满足全部要求，价格最低" });
    buyer.post(&format!("/lots/{lot}/award"), choice).await.ok();
    world.settle().await;
    let seen = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(seen["awards"].as_array().map(Vec::len), Some(1), "{}", text(&seen, "state"));
    for one in providers.iter().chain([&buyer]) {
        one.page("/notices?words=%E7%BB%B4%E4%BF%9D").await.ok();
        one.page("/me").await.ok();
    }
    let functions: Vec<_> = policy::additional().map(|purpose| purpose.id).collect();
    let purposes = world.app.db().read::<_, kit::db::Error>(|tx| {
        tx.all("SELECT DISTINCT purpose FROM opening", &[], |row| row.next::<String>())
    });
    let purposes = purposes.await.unwrap();
    assert!(purposes.iter().any(|one| one == "account") && functions.len() == 5, "{purposes:?}");
    assert!(purposes.iter().all(|one| !functions.contains(&one.as_str())), "{purposes:?}");
    for table in [
        "SELECT count(*) FROM digest",
        "SELECT count(*) FROM subscription",
        "SELECT count(*) FROM remembered",
        "SELECT count(*) FROM account_link",
    ] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
}

#[test]
fn a_registration_asks_for_no_more_of_the_person_than_number_mail_and_password() {
    let (_, _, operation) = operations().find(|one| (one.0, one.1) == ("post", "/registrations")).unwrap();
    let content = operation["requestBody"]["content"].as_object().unwrap();
    let asked: BTreeSet<_> = content.values().flat_map(|kind| fields(&kind["schema"])).collect();
    assert_eq!(asked.iter().map(String::as_str).filter(|name| *name != "csrf").collect::<Vec<_>>(), ASKED);
}

fn fields(schema: &serde_json::Value) -> Vec<String> {
    let schema = match schema["$ref"].as_str() {
        Some(name) => &crate::contract::description()["components"]["schemas"][name.rsplit('/').next().unwrap()],
        None => schema,
    };
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}
