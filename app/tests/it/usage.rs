//! The use log: sealed, read by its own person and by the duty on record, and gone after six months.

use crate::sourcing::{draft, published_as, text};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use kit::values;
use serde_json::Value;

const TODAY: &str = "/desk/uses?day=2026-11-23";

async fn entries(browser: &Browser, path: &str) -> Vec<Value> {
    browser.get(path).await.ok().json()["entries"].as_array().unwrap().clone()
}

fn has(entries: &[Value], page: &str, query: &str) -> bool {
    entries.iter().any(|one| one["page"] == page && one["query"] == query)
}

#[tokio::test]
async fn each_reads_their_own_and_the_duty_reads_a_day_of_visitors_on_record() {
    let world = World::new().await;
    let (buyer, other, operator) = (world.member("buyer").await, world.member("buyer").await, world.operator().await);
    let visitor = world.visitor_from("127.0.9.9");
    visitor.get("/notices?words=visitors-words").await.ok();
    visitor.get("/notices/01980000-0000-7000-8000-00000000dead").await;
    buyer.get("/notices?words=%E6%99%BA%E6%85%A7").await.ok();
    assert_eq!(world.count("SELECT count(*) FROM use_log").await, 0, "no request waits for it");
    world.app.write_uses(true).await.unwrap();
    let own = entries(&buyer, "/me/use").await;
    assert!(has(&own, "/notices", "words=%E6%99%BA%E6%85%A7"), "{own:?}");
    assert!(own.iter().all(|one| one["ip"] == "127.0.0.1" && one["at"].is_string()), "{own:?}");
    assert!(!has(&own, "/notices", "words=visitors-words"));
    assert!(!has(&entries(&other, "/me/use").await, "/notices", "words=%E6%99%BA%E6%85%A7"), "another's are not there");
    let page = buyer.page("/me/use").await.ok();
    assert!(page.text.contains("words=智慧") && !page.text.contains('⟦'), "{}", page.text);
    assert_eq!(page.header("cache-control"), "no-store");

    let before = world.count("SELECT count(*) FROM opening WHERE opener_role = 'security-duty'").await;
    assert_eq!(entries(&operator, "/desk/uses").await.len(), 0);
    let day = entries(&operator, TODAY).await;
    assert!(has(&day, "/notices", "words=visitors-words") && !has(&day, "/notices", "words=%E6%99%BA%E6%85%A7"));
    assert!(day.iter().any(|one| one["ip"] == "127.0.9.9" && one["status"] == 404), "{day:?}");
    assert!(operator.page(TODAY).await.ok().text.contains("words=visitors-words"));
    let sql = "SELECT count(*) FROM opening WHERE opener_role = 'security-duty' AND purpose = 'security' AND outcome = 'opened'";
    assert_eq!(world.count(sql).await - before, 2, "each reading is on record, the form is none");
    let prefetch = operator.request(reqwest::Method::GET, TODAY).header("sec-purpose", "prefetch");
    assert_eq!(operator.send(prefetch.header("accept", "application/json")).await.status.as_u16(), 403);
}

#[tokio::test]
async fn nothing_of_it_stands_in_the_clear_and_no_instant_beside_a_bid() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published_as(&world, &buyer, draft(&world)).await;
    crate::sourcing::bid(&provider, &lot, "300").await;
    world.app.write_uses(true).await.unwrap();
    let rows = world.app.db().read::<_, kit::db::Error>(|tx| {
        tx.all("SELECT id, hour, entries FROM use_log", &[], |row| {
            Ok((row.next::<[u8; 16]>()?, row.next::<i64>()?, row.next::<Vec<u8>>()?))
        })
    });
    let rows = rows.await.unwrap();
    let hour = world.clock.now().as_microsecond() / 3_600_000_000;
    for (id, at, sealed) in &rows {
        assert_eq!((sealed[0], *at), (1, hour), "sealed, and told by the hour");
        assert_eq!(id[6] >> 4, 4, "a random id tells no time");
        for needle in [lot.as_bytes(), b"127.0.0.1", b"/lots/"] {
            assert!(!sealed.windows(needle.len()).any(|part| part == needle));
        }
    }
    let ids: Vec<_> = rows.iter().map(|row| row.0).collect();
    assert!(ids.is_sorted() && rows.len() >= 4, "a batch has no order but that of its ids: {}", rows.len());
}

#[tokio::test]
async fn after_six_months_it_is_gone_with_the_days_key_and_not_before() {
    let world = World::new().await;
    let (buyer, visitor) = (world.member("buyer").await, world.visitor());
    visitor.get("/notices?words=early").await.ok();
    buyer.get("/notices").await.ok();
    world.app.write_uses(true).await.unwrap();
    let subject =
        world.app.db().read::<_, kit::db::Error>(|tx| tx.one("SELECT subject FROM use_day", &[], |row| row.next()));
    let subject: [u8; 16] = subject.await.unwrap();
    world.pass(SignedDuration::from_hours(24 * 183)).await;
    world.app.write_uses(true).await.unwrap();
    assert!(has(&entries(&world.operator().await, TODAY).await, "/notices", "words=early"), "six months are not over");
    world.pass(SignedDuration::from_hours(24 * 3)).await;
    let old = "SELECT count(*) FROM use_log WHERE hour < 498900";
    assert_eq!(world.count(old).await, 0, "hour 498,900 is in December 2026");
    assert_eq!(world.count("SELECT count(*) FROM use_day WHERE ended_at IS NOT NULL").await, 1);
    let keys = move |tx: &mut kit::db::Tx| {
        tx.one("SELECT count(*) FROM data_key WHERE subject = $1", values![subject], |row| row.next::<i64>())
    };
    assert_eq!(world.app.keys().read::<_, kit::db::Error>(keys).await.unwrap(), 0, "the day's key is destroyed");
    assert_eq!(entries(&world.operator().await, TODAY).await.len(), 0);
    world.pass(SignedDuration::from_mins(11)).await;
    let trust = world.visitor().get("/trust").await.ok().json();
    let clause = trust["clauses"].as_array().unwrap().iter().find(|one| one["id"] == "3.3").unwrap().clone();
    assert_eq!(clause["evidence"]["figures"]["use-log"], serde_json::json!({ "overdue": 0, "clear": 0, "ended": 1 }));
    assert!(!world.visitor().page("/trust").await.ok().text.contains('⟦'));
}

#[tokio::test]
async fn who_is_erased_gets_no_new_key_by_what_still_waits() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    buyer.get("/notices").await.ok();
    let subject = "SELECT subject FROM account WHERE company IS NOT NULL";
    let subject =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(subject, &[], |row| row.next())).await.unwrap();
    world.app.db().write(move |tx| app::identity::account::erase(tx, subject)).await.unwrap();
    world.settle().await;
    world.app.write_uses(true).await.unwrap();
    let keys = move |tx: &mut kit::db::Tx| {
        tx.one("SELECT count(*) FROM data_key WHERE subject = $1", values![subject], |row| row.next::<i64>())
    };
    assert_eq!(world.app.keys().read::<_, kit::db::Error>(keys).await.unwrap(), 0);
}

#[tokio::test]
async fn it_is_written_in_seconds_and_a_flood_is_bounded_and_counted() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    world.app.write_uses(true).await.unwrap();
    let before = world.count("SELECT count(*) FROM use_log").await;
    buyer.get("/notices").await.ok();
    world.pass(SignedDuration::from_secs(6)).await;
    assert!(
        world.count("SELECT count(*) FROM use_log").await > before,
        "a routine writes what has waited for five seconds"
    );
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let one = buyer.get(&format!("/tenders/{tender}?{}", "x=y&".repeat(900))).await;
    assert!(one.status.is_success(), "{one:?}");
    for number in 0..200 {
        buyer.get(&format!("/notices?words={number}&{}", "a".repeat(990))).await.ok();
    }
    world.app.write_uses(true).await.unwrap();
    let own = entries(&buyer, "/me/use").await;
    assert!(own.len() > 100 && own.iter().all(|one| one["query"].as_str().unwrap().len() <= 1000), "{}", own.len());
    let next = buyer.get("/me/use").await.ok().json()["next"].as_str().map(str::to_owned).expect("more pages");
    assert!(!entries(&buyer, &next).await.is_empty());
}

/// Whoever reads what visitors used could act by the keys of the links that they opened.
#[tokio::test]
async fn the_keys_of_links_are_not_written_down() {
    let world = World::new().await;
    let (operator, visitor) = (world.operator().await, world.visitor());
    let key = "Q".repeat(54);
    for path in [format!("/guardian/{key}"), format!("/cancellations/{key}/certificate"), format!("/sign-ins/{key}")] {
        assert_eq!(visitor.get(&path).await.status, 404, "{path}");
    }
    world.app.write_uses(true).await.unwrap();
    let day = entries(&operator, TODAY).await;
    assert!(has(&day, "/guardian/…", "") && has(&day, "/cancellations/…/certificate", ""), "{day:?}");
    assert!(day.iter().all(|one| !one.to_string().contains(&key)), "{day:?}");
}
