//! The same name twice, and the same thing said in two places: what is read is one of them, always the same one, or none.

use super::{get, session};
use crate::account::{changed, refused};
use crate::sourcing::{draft, text};
use crate::world::World;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_name_twice_in_an_object_is_refused_by_name() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let token = buyer.token().await;
    let form = draft(&world).to_string();
    let rest = form.strip_prefix('{').unwrap();
    let post = async |body: String| {
        let request = buyer.request(Method::POST, "/tenders").header("x-csrf-token", &token);
        let request = request.header("content-type", "application/json").header("accept", "application/json");
        buyer.send(request.body(body)).await
    };
    for (name, value) in [("title", "\"另一个标题四字\""), ("deadline", "null"), ("summary", "[]"), ("id", "\"\"")]
    {
        let body = format!("{{\"{name}\": {value}, {rest}");
        refused(&post(body).await, name, "repeated");
    }
    refused(&post(format!("{{\"t\\u0069tle\": \"另一个标题四字\", {rest}")).await, "title", "repeated");
    refused(&post(format!("{{\"csrf\": \"a\", \"csrf\": \"b\", {rest}")).await, "csrf", "repeated");
    refused(&post(format!("{{\"unknown\": 1, \"unknown\": 2, {rest}")).await, "unknown", "unknown-field");
    let twice = format!("{{\"title\": [\"一个标题四个字\", \"另一个标题四字\"], {}", rest)
        .replace("\"title\":\"", "\"titel\":\"");
    refused(&post(twice).await, "title", "repeated");
    assert_eq!(world.count("SELECT count(*) FROM tender").await, 0);
    post(form).await.ok();
}

#[tokio::test]
async fn a_name_twice_in_a_form_is_refused_by_name() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let form = draft(&world);
    let fields: Vec<_> =
        form.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    for name in ["title", "deadline", "id", "budget_shown"] {
        let mut twice = fields.clone();
        twice.push((name, form[name].as_str().unwrap()));
        let page = buyer.submit("/tenders", &twice).await;
        assert!(page.status == 422 && page.text.contains("只能填写一次"), "{name}: {}", page.status);
    }
    let parts = [("title", "一个标题四个字"), ("title", "另一个标题四字")];
    let answer = buyer.upload("/tenders", &parts, &[]).await;
    refused(&answer, "title", "repeated");
    assert_eq!(world.count("SELECT count(*) FROM tender").await, 0);
}

#[tokio::test]
async fn what_an_address_says_is_no_field() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let form = draft(&world);
    let answer = buyer.post("/tenders?title=%E5%88%AB%E7%9A%84&id=0&csrf=x&_method=DELETE", form.clone()).await.ok();
    let id = text(&answer.json(), "id");
    assert_eq!(id, text(&form, "id"));
    assert_eq!(buyer.get(&format!("/tenders/{id}")).await.ok().json()["tender"]["title"], form["title"]);
    let other = crate::sourcing::id();
    let path = format!("/tenders/{id}/draft");
    let mut change = changed(form, "version", json!(1));
    change["id"] = json!(other);
    refused(&buyer.post(&path, change).await, "id", "unknown-field");
    for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let request = buyer.request(Method::GET, "/session/end").header(header, "POST");
        assert_eq!(buyer.send(request.header("accept", "application/json")).await.status, 405, "{header}");
    }
    let token = buyer.token().await;
    let request =
        buyer.request(Method::POST, &format!("/preferences/theme?csrf={token}")).json(&json!({"theme": "dark"}));
    assert_eq!(buyer.send(request.header("accept", "application/json")).await.code(), "csrf", "a token is no address");
}

#[tokio::test]
async fn a_parameter_twice_is_refused_for_page_and_data_alike() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    crate::sourcing::published(&world, &buyer).await;
    world.settle().await;
    let kinds = world.visitor().get("/notices?kind=tender&kind=result&words=维保").await.ok().json();
    assert_eq!(kinds["total"], 1, "what may stand several times may: {kinds}");
    for (name, query) in [
        ("words", "words=维保&words=没有的词"),
        ("region", "region=44&region=36"),
        ("from", "from=2026-01-01&from=2026-01-01"),
        ("after", "after=x&after=y"),
    ] {
        for answer in [
            world.visitor().get(&format!("/notices?{query}")).await,
            world.visitor().page(&format!("/notices?{query}")).await,
        ] {
            assert_eq!(answer.status, 400, "{query}");
            assert!(answer.text.contains(name), "{query}: {}", answer.text);
        }
    }
    for query in
        ["after=x", "after=x&after=y", "from=x&from=2026-01-01", "kind[]=x", "region=44&region=%00", "words=%00"]
    {
        let answer = world.visitor().get(&format!("/notices?{query}")).await;
        assert!(answer.status.as_u16() < 500, "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn two_cookies_of_a_name_are_none() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let session = session(&member).await;
    let json = "accept: application/json\r\n";
    let one = get(&world, "/me", &format!("{json}cookie: a=1; {session}; b=2\r\n")).await;
    assert_eq!(one.status, 200);
    for twice in [
        format!("cookie: {session}; {session}\r\n"),
        format!("cookie: session=x; {session}\r\n"),
        format!("cookie: {session}\r\ncookie: session=\r\n"),
        format!("cookie: {}\r\n", session.replacen("session", "Session", 1)),
        format!("cookie: __Host-{session}\r\n"),
    ] {
        assert_eq!(get(&world, "/me", &format!("{json}{twice}")).await.status, 401, "{twice}");
    }
}
