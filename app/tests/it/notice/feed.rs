//! The list as an Atom feed: the same notices under the same filters, known again, followed page by page.

use super::{line, load, text};
use crate::world::{Answer, Browser, World};
use app::reach::notice::{Kind, Notice, Origin, publish};
use atom_syndication::{Entry, Feed};
use jiff::SignedDuration;
use kit::db;
use kit::id::Id;
use reqwest::Method;
use serde_json::json;

fn read(answer: &Answer) -> Feed {
    assert!(answer.header("content-type").starts_with("application/atom+xml"), "{}", answer.header("content-type"));
    Feed::read_from(answer.text.as_bytes()).expect("a feed")
}

fn link<'a>(feed: &'a Feed, rel: &str) -> Option<&'a str> {
    feed.links.iter().find(|link| link.rel == rel).map(|link| link.href.as_str())
}

/// The path of an address of ours.
fn path(address: &str) -> String {
    let address = reqwest::Url::parse(address).expect("an address");
    address.query().map_or(address.path().to_owned(), |query| format!("{}?{query}", address.path()))
}

fn term(entry: &Entry, scheme: &str) -> String {
    let found = entry.categories.iter().find(|one| one.scheme.as_ref().is_some_and(|it| it.ends_with(scheme)));
    found.map(|category| category.term.clone()).unwrap_or_default()
}

async fn all(visitor: &Browser, first: &str) -> Vec<Entry> {
    let (mut next, mut entries) = (Some(first.to_owned()), Vec::new());
    while let Some(at) = next {
        let feed = read(&visitor.get(&at).await.ok());
        assert_eq!(link(&feed, "self").map(path).as_deref(), Some(at.as_str()));
        next = link(&feed, "next").map(path);
        entries.extend(feed.entries);
    }
    entries
}

/// Notices of one tender on this platform, an hour apart.
async fn series(world: &World) -> [Id<Notice>; 4] {
    let ids = [1u8, 2, 3, 4].map(|number| Id::<Notice>::from_bytes([number; 16]));
    let at = world.clock.now();
    let published = world.app.db().write::<_, db::Error>(move |tx| {
        let kinds = [
            (Kind::Tender, "招标公告"),
            (Kind::Amendment, "变更公告"),
            (Kind::Result, "流标公告"),
            (Kind::Result, "终止公告"),
        ];
        for ((hours, id), (kind, word)) in (0..).zip(ids).zip(kinds) {
            let at = at.checked_add(SignedDuration::from_hours(hours)).unwrap_or(at);
            let tender = if word == "终止公告" { [8; 16] } else { [7; 16] };
            let origin = Origin::Own { company: [9; 16], tender };
            let mut notice = Notice::own(id, kind, word, &format!("岚河通信机柜采购{word}"), at, origin);
            notice.buyer = Some("岚河通信 <集团>".to_owned());
            publish(tx, &notice)?;
        }
        Ok(())
    });
    published.await.expect("published");
    ids
}

#[tokio::test]
async fn an_entry_is_a_notice_and_is_updated_by_what_follows() {
    let world = World::new().await;
    let ids = series(&world).await;
    load(
        &world,
        &text(&[line(
            1,
            "岚河通信\u{8}机房 <空调> & 新风招标公告",
            json!({"budget": null, "purchaseContent": "预算30万元。"}),
        )]),
    )
    .await;
    let visitor = world.visitor();
    let feed = read(&visitor.get("/notices.atom").await.ok());
    assert_eq!((feed.title.value.as_str(), feed.lang.as_deref()), ("招标采购公告", Some("zh-CN")));
    let entry =
        |id: Id<Notice>| feed.entries.iter().find(|entry| entry.id == format!("urn:uuid:{id}")).expect("an entry");
    let kinds = ids.map(|id| term(entry(id), "#kind"));
    assert_eq!(kinds, ["tender", "amendment", "failure", "termination"]);
    let first = entry(ids[0]);
    assert_eq!(first.updated, entry(ids[2]).updated, "the failure of its tender is an update of the invitation");
    assert!(first.updated > first.published.expect("published") && entry(ids[3]).updated > first.updated);
    assert_eq!(first.authors[0].name, "岚河通信 <集团>");
    assert!(first.links[0].href.ends_with(&format!("/notices/{}", ids[0])));
    let external = feed.entries.iter().find(|entry| entry.title.value.contains("空调")).expect("the imported one");
    assert_eq!(external.title.value, "岚河通信 机房 <空调> & 新风招标公告");
    assert_eq!((term(external, "#region").as_str(), term(external, "#kind").as_str()), ("36", "tender"));
    let summary = &external.summary.as_ref().expect("a summary").value;
    assert!(summary.contains("CNY 300000.00 (程序识读)") && summary.contains("岚河采购网"), "{summary}");

    let english = read(&visitor.get("/notices.atom?lang=en&kind=result").await.ok());
    assert_eq!((english.title.value.as_str(), english.lang.as_deref()), ("Procurement notices · Result", Some("en")));
    assert_eq!(english.entries.len(), 2);
    assert!(english.entries[0].categories[0].label.as_deref() == Some("Termination"));
    let page = visitor.page("/notices?kind=result").await.ok().text;
    let head = "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/notices.atom?kind=result\"";
    assert!(page.contains(head) && page.matches("/notices.atom?kind=result").count() == 2, "{page}");
}

#[tokio::test]
async fn pages_hold_what_the_list_holds() {
    let world = World::new().await;
    let lines: Vec<_> = (1..=120)
        .map(|number| {
            let region = if number % 3 == 0 { "浙江" } else { "江西" };
            line(number, "岚河通信机房空调招标公告", json!({ "region": region }))
        })
        .collect();
    load(&world, &text(&lines)).await;
    let visitor = world.visitor();
    for (query, count) in
        [("", 120), ("?region=33", 40), ("?words=%E6%9C%BA%E6%88%BF&lang=en", 120), ("?budget_until=6000000", 60)]
    {
        let entries = all(&visitor, &format!("/notices.atom{query}")).await;
        let mut ids: Vec<_> = entries.iter().map(|entry| entry.id.clone()).collect();
        assert!(entries.windows(2).all(|pair| pair[0].published >= pair[1].published), "{query}: the newest first");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{query}");
    }
    let feed = read(&visitor.get("/notices.atom?region=33&density=compact&utm_source=mail").await.ok());
    assert_eq!(link(&feed, "alternate").map(path).as_deref(), Some("/notices?region=33"));
    assert_eq!(path(&feed.id), "/notices.atom?region=33", "how it is shown is no other feed");
    let cursor = visitor.get("/notices").await.json()["next"].as_str().expect("a page").to_owned();
    for (wrong, code) in [
        ("/notices.atom?kind=x".to_owned(), "notice-filter"),
        (cursor.replace("/notices?", "/notices.atom?"), "cursor"),
        ("/notices.atom?after=x".to_owned(), "cursor"),
    ] {
        let answer = visitor.get(&wrong).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, code), "{wrong}");
    }
}

#[tokio::test]
async fn who_has_it_is_told_that_it_is_the_same() {
    let world = World::new().await;
    series(&world).await;
    let visitor = world.visitor();
    let ask = async |path: &str, name: &str, value: &str| {
        let request = visitor.request(Method::GET, path).header("accept", "application/atom+xml, */*");
        visitor.send(request.header(name, value)).await
    };
    let english = "/notices.atom?lang=en";
    let had = ask(english, "x-none", "").await.ok();
    assert!(had.header("set-cookie").is_empty() && had.header("cache-control").contains("public"), "no cookie for it");
    let (tag, changed) = (had.header("etag").to_owned(), had.header("last-modified").to_owned());
    assert_eq!(ask(english, "if-none-match", &tag).await.status, 304);
    assert_eq!(ask("/notices.atom?lang=zh", "if-none-match", &tag).await.status, 200, "another language");
    world.clock.advance(SignedDuration::from_hours(6));
    assert_eq!(ask(english, "if-modified-since", &changed).await.status, 304);
    load(&world, &text(&[line(1, "岚河通信机房空调招标公告", json!({"date": "2026-11-01"}))])).await;
    world.clock.advance(SignedDuration::from_secs(10));
    assert_eq!(ask(english, "if-none-match", &tag).await.status, 200);
    assert_eq!(ask(english, "if-modified-since", &changed).await.status, 200, "an older notice has come");
}
