//! The feed: its pages, its tags, what it tells of bids before the opening, and the page that explains it.

use super::{Life, local, releases};
use crate::sourcing::{bid, text};
use crate::world::{Browser, World};
use jiff::Timestamp;
use kit::id::Id;
use kit::{db, values};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Stores so many releases behind the program's back.
async fn stored(world: &World, from: i64, until: i64) {
    let unit = move |tx: &mut db::Tx| {
        for number in from..=until {
            let (id, tender, now) = (tx.id::<()>(), tx.id::<()>(), tx.now());
            let body = json!({"ocid": "ocds-000000-x", "id": number.to_string()}).to_string();
            let sql =
                "INSERT INTO ocds_release (number, id, tender, at, is_award, body) VALUES ($1, $2, $3, $4, 0, $5)";
            tx.execute(sql, values![number, id, tender, now, body])?;
        }
        Ok::<_, db::Error>(())
    };
    world.app.db().write(unit).await.expect("stored");
}

fn link(page: &Value, name: &str) -> Option<String> {
    page["links"][name].as_str().map(local)
}

#[tokio::test]
async fn pages_follow_each_other_both_ways_and_the_last_grows() {
    let world = World::new().await;
    let visitor = world.visitor();
    let empty = visitor.get("/ocds/releases").await.ok().json();
    assert_eq!((&empty["releases"], &empty["links"]), (&json!([]), &Value::Null));
    stored(&world, 1, 250).await;
    let all = releases(&world).await;
    let numbers: Vec<i64> = all.iter().map(|release| text(release, "id").parse().expect("a number")).collect();
    assert_eq!(numbers, (1..=250).collect::<Vec<_>>());
    let first = visitor.get("/ocds/releases").await.ok();
    let second = link(&first.json(), "next").expect("a second page");
    let third = link(&visitor.get(&second).await.ok().json(), "next").expect("a third page");
    let last = visitor.get(&third).await.ok();
    assert_eq!((link(&last.json(), "next"), link(&last.json(), "prev")), (None, Some(second.clone())));
    assert_eq!(link(&visitor.get(&second).await.json(), "prev").as_deref(), Some("/ocds/releases"));
    assert!(
        first.header("cache-control").contains("max-age=86400") && last.header("cache-control").contains("max-age=0")
    );
    let uri = text(&last.json(), "uri");
    assert_eq!(local(&uri), third, "a package names itself");
    stored(&world, 251, 301).await;
    assert_eq!(visitor.get("/ocds/releases").await.ok().text, first.text, "a full page stays as it is");
    let grown = visitor.get(&third).await.ok().json();
    assert_eq!(grown["releases"].as_array().map(Vec::len), Some(100));
    assert!(link(&grown, "next").is_some());
    for wrong in ["x", "", "%00", &"a".repeat(3000)] {
        let answer = visitor.get(&format!("/ocds/releases?after={wrong}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "cursor"), "{wrong}");
    }
}

#[tokio::test]
async fn what_a_reader_has_is_not_sent_again() {
    let world = World::new().await;
    let life = Life::begin(&world, "open").await;
    let release = releases(&world).await.remove(0);
    let record = format!("/ocds/records/{}", text(&release, "ocid"));
    let single = format!("/ocds/releases/{}", text(&release, "id"));
    let package = world.visitor().get(&single).await.ok().json();
    assert_eq!((&package["releases"], &package["version"]), (&json!([release]), &json!("1.1")));
    for path in ["/ocds/releases", &record, &single] {
        let visitor = world.visitor();
        let first = visitor.get(path).await.ok();
        assert!(first.header("set-cookie").is_empty() && first.header("content-type") == "application/json", "{path}");
        let tag = first.header("etag").to_owned();
        let again = visitor.send(visitor.request(Method::GET, path).header("if-none-match", &tag)).await;
        assert_eq!(
            (again.status.as_u16(), again.text.as_str(), again.header("etag")),
            (304, "", tag.as_str()),
            "{path}"
        );
        let signed_in = life.buyer.get(path).await.ok();
        assert_eq!(signed_in.text, first.text, "the same for everybody");
    }
    life.answer(&world).await;
    let visitor = world.visitor();
    assert!(visitor.get(&record).await.ok().text.contains("含夜间"), "a record goes on");
    assert_eq!(visitor.get(&format!("/ocds/releases/{}", Id::<()>::from_bytes([7; 16]))).await.status, 404);
}

#[tokio::test]
async fn a_prefix_and_a_licence_are_the_operators_own_and_what_is_given_out_stays() {
    let world = World::configured(|config| {
        config.ocds_prefix = "ocds-b5fd17".to_owned();
        config.ocds_license = "https://creativecommons.org/licenses/by/4.0/".parse().ok();
    })
    .await;
    Life::begin(&world, "open").await;
    let feed = world.visitor().get("/ocds/releases").await.ok().json();
    assert_eq!(feed["license"], "https://creativecommons.org/licenses/by/4.0/");
    assert!(text(&feed["releases"][0], "ocid").starts_with("ocds-b5fd17-"));
    let page = world.visitor().page("/ocds").await.ok();
    assert!(page.text.contains("ocds-b5fd17") && !page.text.contains("没有在开放合同伙伴组织"), "{}", page.text);
    let other = World::new().await;
    for (path, words) in [("/ocds", "没有在开放合同伙伴组织"), ("/ocds?lang=en", "is not registered")] {
        let page = other.visitor().page(path).await.ok();
        assert!(page.text.contains(words) && !page.text.contains('⟦'), "{}", page.text);
    }
    assert!(other.visitor().page("/notices").await.ok().text.contains("href=\"/ocds\""));
}

/// Whatever two installations cannot have alike, by the order in which it appears.
#[derive(Default)]
struct Order(HashMap<String, usize>);

impl Order {
    fn of(&mut self, word: &str) -> String {
        let next = self.0.len();
        format!("#{}", self.0.entry(word.to_owned()).or_insert(next))
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => members.iter().map(|(name, inner)| (name.clone(), self.value(inner))).collect(),
            Value::String(text) => json!(self.text(text)),
            other => other.clone(),
        }
    }

    /// Instants, ids, cursors, and the names and numbers of a test's companies.
    fn text(&mut self, text: &str) -> String {
        // The id of a compiled release ends in an instant.
        let begins = ["衡川数维科技有限公司", "ocds-000000-"];
        if text.parse::<Timestamp>().is_ok() || begins.iter().any(|begin| text.starts_with(begin)) {
            return self.of(text);
        }
        let is_within = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let mut plain = String::new();
        for part in text.split_inclusive(|c| !is_within(c)) {
            let word = part.trim_end_matches(|c| !is_within(c));
            let is_id = word.len() >= 32 || (word.len() >= 18 && word.chars().any(|c| c.is_ascii_digit()));
            plain.push_str(&if is_id { self.of(word) } else { word.to_owned() });
            plain.push_str(&part[word.len()..]);
        }
        plain
    }
}

/// What a stranger sees.
async fn seen(visitor: &Browser, path: &str) -> (String, Value) {
    let answer = visitor.get(path).await.ok();
    (answer.header("cache-control").to_owned(), Order::default().value(&answer.json()))
}

#[tokio::test]
async fn five_sealed_bids_and_none_are_one_to_the_feed() {
    let mut worlds = Vec::new();
    for bids in [0, 5] {
        let world = World::new().await;
        let life = Life::begin(&world, "open").await;
        life.answer(&world).await;
        let more = [world.member("provider").await, world.member("provider").await];
        for provider in life.providers.iter().chain(&more).take(bids) {
            bid(provider, &life.lots[0], "4,500,000").await;
            world.settle().await;
        }
        world.settle().await;
        let visitor = world.visitor();
        let ocid = text(&releases(&world).await[0], "ocid");
        let mut all = Vec::new();
        for path in ["/ocds", "/ocds/releases", &format!("/ocds/records/{ocid}")] {
            all.push(seen(&visitor, path).await);
        }
        let bodies = "SELECT count(*) FROM ocds_release";
        worlds.push((all, world.count(bodies).await));
    }
    let with = worlds.pop().expect("five bids");
    assert_eq!(worlds.pop().expect("none"), with);
}
