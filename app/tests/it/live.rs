//! The count of an open page: it changes when the inbox does, whichever process has changed it, and ends with the session.

use crate::people::PASSWORD;
use crate::world::{Browser, World};
use jiff::SignedDuration;
use reqwest::Method;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};
use std::time::Duration;

/// A page that listens.
struct Page {
    response: reqwest::Response,
    rest: String,
}

impl Page {
    async fn open(browser: &Browser) -> Self {
        let request = browser.request(Method::GET, "/inbox/live").header(ACCEPT, "text/event-stream");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, rest: String::new() }
    }

    /// What comes next; nothing when the connection has ended.
    async fn next(&mut self) -> Option<Value> {
        let next = async {
            loop {
                if let Some((message, rest)) = self.rest.split_once("\n\n") {
                    let data = message.strip_prefix("data: ").map(str::to_owned);
                    self.rest = rest.to_owned();
                    match data {
                        Some(data) => return serde_json::from_str(&data).ok(),
                        None => continue,
                    }
                }
                let chunk = self.response.chunk().await.ok()??;
                self.rest.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        tokio::time::timeout(Duration::from_secs(10), next).await.expect("something comes, or the end")
    }

    async fn count(&mut self) -> Option<i64> {
        self.next().await?["count"].as_i64()
    }
}

/// Something happens that the person is told of.
async fn happen(world: &World, browser: &Browser) {
    let mark = json!({ "current": PASSWORD, "password": PASSWORD });
    browser.post("/me/password", mark).await.ok();
    world.settle().await;
}

#[tokio::test]
async fn an_open_page_learns_of_each_change_and_of_nobody_elses() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    let (mut mine, mut yours) = (Page::open(&me).await, Page::open(&you).await);
    let first = mine.next().await.unwrap();
    assert_eq!((&first["count"], &first["told"]), (&json!(1), &json!("收件箱：1 条未读")));
    assert_eq!(yours.count().await, Some(1));
    happen(&world, &me).await;
    assert_eq!(mine.count().await, Some(2));
    let until = me.get("/inbox").await.ok().json()["now"].clone();
    me.post("/inbox/reading", json!({ "until": until })).await.ok();
    world.settle().await;
    assert_eq!(mine.count().await, Some(0));
    happen(&world, &you).await;
    assert_eq!(yours.count().await, Some(2), "the first that the other heard of is their own");
    assert_eq!(world.visitor().get("/inbox/live").await.status, 401);
    world.pass(SignedDuration::from_mins(1)).await;
    let used = me.get("/me/use").await.ok().text;
    assert!(used.contains("/inbox") && !used.contains("/inbox/live"), "a page's own question is no use: {used}");
}

#[tokio::test]
async fn a_connection_ends_with_its_session_and_with_the_process() {
    let world = World::new().await;
    let me = world.member("both").await;
    let elsewhere = world.again(&me).await;
    let (mut ended, mut goes_on) = (Page::open(&elsewhere).await, Page::open(&me).await);
    assert_eq!((ended.count().await, goes_on.count().await), (Some(1), Some(1)));
    elsewhere.post("/session/end", json!({})).await.ok();
    happen(&world, &me).await;
    assert_eq!(ended.count().await, None, "who has signed out hears nothing more");
    assert_eq!(goes_on.count().await, Some(2));
    world.app.live().end();
    assert_eq!(goes_on.count().await, None);
}

#[tokio::test]
async fn a_person_holds_a_few_connections_and_no_more() {
    let world = World::new().await;
    let me = world.member("both").await;
    let mut pages = Vec::new();
    for _ in 0..8 {
        pages.push(Page::open(&me).await);
    }
    let ninth = me.get("/inbox/live").await;
    assert_eq!((ninth.status.as_u16(), ninth.code().as_str()), (429, "limited"));
    let other = world.member("both").await;
    assert_eq!(Page::open(&other).await.count().await, Some(1), "the others do not count with them");
    pages.clear();
    // The server notices that they have gone when it next writes, or reads their end.
    let freed = async {
        while me.request(Method::GET, "/inbox/live?once=1").send().await.unwrap().status() != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), freed).await.expect("their places are free again");
}

#[tokio::test]
async fn a_page_at_one_process_learns_of_what_another_has_changed() {
    let Some([a, b]) = World::two().await else { return };
    let me = a.member("both").await;
    let mut page = Page::open(&me).await;
    assert_eq!(page.count().await, Some(1));
    happen(&b, &me.at(&b)).await;
    a.settle().await;
    assert_eq!(page.count().await, Some(2));
}
