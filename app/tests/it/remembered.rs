//! Remembered searches: off until agreed to, a person's own, gone with the consent.

use crate::consent::{give, withdraw};
use crate::people::Applicant;
use crate::sourcing::id;
use crate::world::{Browser, World, sabotaged};
use jiff::SignedDuration;
use serde_json::{Value, json};

const KEPT: &str = "SELECT CAST(count(*) AS BIGINT) FROM remembered";

fn search(name: &str, query: &str) -> Value {
    json!({ "id": id(), "name": name, "query": query })
}

async fn keep(browser: &Browser, name: &str, query: &str) {
    browser.post("/me/searches", search(name, query)).await.ok();
}

async fn names(browser: &Browser) -> Vec<String> {
    let list = browser.get("/me/searches").await.ok().json();
    list["searches"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn it_is_off_and_keeps_nothing_until_it_is_agreed_to() {
    sabotaged();
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    for path in ["/me/searches", "/me/searches/new?region=36"] {
        let page = me.page(path).await.ok().text;
        assert!(page.contains("这项功能没有开启") && !page.contains("name=\"query\"") && !page.contains('⟦'), "{page}");
    }
    for (path, fields) in [
        ("/me/searches", search("江西", "region=36")),
        ("/me/searches/display", json!({ "density": "compact" })),
        (&format!("/me/searches/{}/removal", id()), json!({})),
    ] {
        let refused = me.post(path, fields).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "no-consent"), "{path}");
    }
    assert_eq!(world.count(KEPT).await, 0);
}

#[tokio::test]
async fn a_search_is_kept_listed_opened_and_forgotten_by_its_own_person() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    let list = me.page("/notices?words=%E7%BB%B4%E4%BF%9D&region=36").await.ok().text;
    assert!(list.contains("/me/searches/new?words=%E7%BB%B4%E4%BF%9D"), "{list}");
    for one in [&me, &you] {
        give(one, "remembered-search").await.ok();
    }
    let form = me.page("/me/searches/new?words=%E7%BB%B4%E4%BF%9D&region=36").await.ok().text;
    assert!(form.contains("value=\"维保\"") && !form.contains('⟦'), "{form}");
    let fields = search("江西的维保", "words=维保&region=36");
    for _ in 0..2 {
        me.post("/me/searches", fields.clone()).await.ok();
    }
    keep(&me, "软件", "category=it").await;
    assert_eq!(names(&me).await, ["江西的维保", "软件"], "sent twice, it is one");
    assert_eq!(names(&you).await, Vec::<String>::new());
    for (query, code) in [("region=99", "search-unknown"), ("density=compact", "search-empty")] {
        assert_eq!(me.post("/me/searches", search("x", query)).await.json()["errors"][0]["code"], code, "{query}");
    }
    let first = me.get("/me/searches").await.ok().json()["searches"][0].clone();
    assert_eq!(first["address"], "/notices?words=%E7%BB%B4%E4%BF%9D&region=36");
    me.post("/me/searches/display", json!({ "density": "compact" })).await.ok();
    let page = me.get("/me/searches").await.ok().json();
    let address = page["searches"][0]["address"].as_str().unwrap().to_owned();
    assert_eq!((&page["display"]["compact"], address.ends_with("density=compact")), (&json!(true), true), "{page}");
    assert_eq!(me.get(&address).await.ok().json()["filter"]["compact"], true);
    let removal = format!("/me/searches/{}/removal", first["id"].as_str().unwrap());
    assert_eq!(you.post(&removal, json!({})).await.status, 404, "not theirs");
    me.post(&removal, json!({})).await.ok();
    assert_eq!(names(&me).await, ["软件"]);
    let accesses = me.get("/me/accesses").await.ok().json();
    let own = accesses["own"].as_array().unwrap();
    assert!(own.iter().any(|day| day["fields"] == "记住的搜索和显示偏好"), "each is on record: {own:?}");
    let page = me.page("/me/searches?lang=en").await.ok().text;
    assert!(page.contains("Remembered searches") && page.contains("软件") && !page.contains('⟦'), "{page}");
    let text = world
        .app
        .db()
        .read::<_, kit::db::Error>(|tx| tx.all("SELECT content FROM remembered", &[], |row| row.next::<Vec<u8>>()));
    let sealed = text.await.unwrap();
    assert!(sealed.iter().all(|bytes| !String::from_utf8_lossy(bytes).contains("软件")), "sealed");
}

#[tokio::test]
async fn searches_kept_at_the_same_time_are_all_kept_and_no_more_than_thirty() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    give(&me, "remembered-search").await.ok();
    keep(&me, "0", "region=36").await;
    let token = me.token().await;
    let (one, two) = (search("1", "region=33"), search("2", "region=44"));
    let both = tokio::join!(me.post_with(&token, "/me/searches", &one), me.post_with(&token, "/me/searches", &two),);
    assert!(both.0.status == 201 && both.1.status == 201, "{both:?}");
    assert_eq!(names(&me).await.len(), 3);
    for number in 3..30 {
        keep(&me, &number.to_string(), "region=36").await;
    }
    let refused = me.post("/me/searches", search("31", "region=36")).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "too-many-searches"));
}

#[tokio::test]
async fn what_was_kept_goes_with_the_consent_however_that_ends() {
    sabotaged();
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    give(&me, "remembered-search").await.ok();
    keep(&me, "江西", "region=36").await;
    withdraw(&me, "remembered-search").await.ok();
    assert!(me.page("/me/searches").await.ok().text.contains("这项功能没有开启"), "at once");
    world.settle().await;
    assert_eq!(world.count(KEPT).await, 0, "withdrawn");
    world.clock.advance(SignedDuration::from_secs(1));
    give(&me, "remembered-search").await.ok();
    assert_eq!(names(&me).await, Vec::<String>::new(), "nothing comes back");
    keep(&me, "浙江", "region=33").await;
    world.settle().await;
    assert_eq!(names(&me).await, ["浙江"]);
    world.pass(SignedDuration::from_hours(24 * 366)).await;
    assert_eq!(world.count(KEPT).await, 0, "expired");
}
