//! Public pages that are kept: never without a notice that stands, never another reader's, packed, known again.

use crate::world::{Answer, Browser, World};
use app::reach::notice::{Kind, Notice, Origin, publish};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Db, Settings};
use kit::id::Id;
use kit::random::Random;
use reqwest::Method;

async fn published(db: &Db, number: u8, title: &str) -> Id<Notice> {
    let (id, title) = (Id::from_bytes([number; 16]), title.to_owned());
    let unit = db.write::<_, db::Error>(move |tx| {
        let origin = Origin::Own { company: [9; 16], tender: [number; 16] };
        publish(tx, &Notice::own(id, Kind::Tender, "招标公告", &title, tx.now(), origin))
    });
    unit.await.unwrap();
    id
}

/// Another process on the same database.
fn another(world: &World) -> Db {
    Db::open(&Settings::new(&world.app.config().database_url), world.clock.clone(), Random::system()).unwrap()
}

async fn asked(visitor: &Browser, path: &str, name: &str, value: &str) -> Answer {
    let request = visitor.request(Method::GET, path).header("accept", "text/html").header("accept-language", "zh-CN");
    visitor.send(request.header(name, value)).await
}

/// Changes a title behind the program's back, so that a page made before can be told from one made after.
async fn retitle(world: &World, title: &'static str) {
    let sql = format!("UPDATE notice SET title = '{title}'");
    world.app.db().write::<_, db::Error>(move |tx| tx.execute(&sql, &[])).await.unwrap();
}

#[tokio::test]
async fn a_page_is_kept_for_its_second_and_for_its_readers() {
    let world = World::new().await;
    published(world.app.db(), 1, "岚河通信机柜采购").await;
    world.settle().await;
    let (visitor, member) = (world.visitor(), world.member("provider").await);
    // The same second for each who reads, however long the others have taken.
    let second = Timestamp::from_second(world.clock.now().as_second() + 1).unwrap();
    world.clock.set(second);
    visitor.page("/notices").await.ok();
    retitle(&world, "岚河通信机柜租赁").await;
    world.clock.set(second);

    assert!(visitor.page("/notices").await.ok().text.contains("机柜采购"), "a second reader gets what was kept");
    assert!(visitor.page("/notices?from=2026-01-01").await.ok().text.contains("机柜租赁"), "another address");
    assert!(world.visitor().page("/notices?lang=en").await.ok().text.contains("机柜租赁"), "another language");
    assert!(world.visitor().get("/notices").await.ok().text.contains("机柜租赁"), "another representation");
    let own = member.page("/notices").await.ok();
    assert!(
        own.text.contains("机柜租赁") && own.header("etag").is_empty() && own.header("cache-control") == "no-store"
    );

    world.clock.advance(SignedDuration::from_secs(1));
    assert!(world.visitor().page("/notices").await.ok().text.contains("机柜租赁"), "the next second");
}

#[tokio::test]
async fn what_another_process_has_published_is_on_the_next_page() {
    let world = World::new().await;
    let (visitor, other) = (world.visitor(), another(&world));
    for number in 1..=8 {
        visitor.page("/notices").await.ok();
        let id = published(&other, number, &format!("第{number}号公告")).await;
        let page = visitor.page("/notices").await.ok();
        assert!(page.text.contains(&format!("第{number}号公告")), "{number} is missing before it has a number");
        assert!(visitor.page(&format!("/notices/{id}")).await.ok().text.contains("公告"));
        if number.is_multiple_of(3) {
            world.settle().await;
        }
    }
    world.settle().await;
    let list = world.visitor().get("/notices").await.ok().json();
    assert_eq!(list["total"], 8, "the number of all comes from the index, and a page made before is not shown again");
}

#[tokio::test]
async fn a_page_is_known_again_until_it_shows_something_else() {
    let world = World::new().await;
    let id = published(world.app.db(), 1, "岚河通信机柜采购").await;
    world.settle().await;
    let visitor = world.visitor();
    for path in ["/notices", &format!("/notices/{id}"), "/policy"] {
        let tag = visitor.page(path).await.ok().header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        world.clock.advance(SignedDuration::from_secs(2));
        let again = asked(&visitor, path, "if-none-match", &tag).await;
        assert_eq!((again.status.as_u16(), again.text.len(), again.header("etag")), (304, 0, tag.as_str()), "{path}");
        let vary: Vec<_> = again.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
        for part in ["Accept-Encoding", "Accept-Language", "Cookie"] {
            assert!(vary.iter().any(|value| value.contains(part)), "{path}: {vary:?}");
        }
        let english = asked(&world.visitor(), &format!("{path}?lang=en"), "if-none-match", &tag).await;
        assert_eq!(english.status, 200, "{path}: another language is another page");
    }
    let tag = world.visitor().page("/notices").await.ok().header("etag").to_owned();
    published(world.app.db(), 2, "岚河通信机柜租赁").await;
    let changed = asked(&world.visitor(), "/notices", "if-none-match", &tag).await;
    assert_eq!(changed.status, 200);
    assert!(changed.text.contains("机柜租赁"));
}

#[tokio::test]
async fn a_page_is_packed_as_its_reader_takes_it() {
    let world = World::new().await;
    published(world.app.db(), 1, "岚河通信机柜采购").await;
    let visitor = world.visitor();
    let plain = visitor.page("/notices").await.ok();
    assert_eq!(plain.header("content-encoding"), "");
    for (takes, coding) in [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", "")] {
        for _ in 0..2 {
            let request = visitor.request(Method::GET, "/notices").header("accept", "text/html");
            let request = request.header("accept-language", "zh-CN").header("accept-encoding", takes);
            let response = request.send().await.unwrap();
            let named = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap());
            assert_eq!(named, coding, "{takes}");
            let body = unpacked(coding, &response.bytes().await.unwrap());
            let text = String::from_utf8(body).unwrap();
            assert_eq!(timeless(&text), timeless(&plain.text), "{takes}: another page");
        }
    }
}

/// The page without the instant at which it was made: another second makes it anew.
fn timeless(page: &str) -> (&str, &str) {
    let (head, rest) = page.split_once(" data-now=\"").expect("a page says when it was made");
    (head, rest.split_once('"').expect("an instant ends").1)
}

fn unpacked(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "br" => brotli::BrotliDecompress(&mut &body[..], &mut plain).unwrap(),
        "gzip" => drop(std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(body), &mut plain).unwrap()),
        _ => plain.extend(body),
    }
    plain
}
