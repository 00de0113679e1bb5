//! The use log: sealed, read by its own person and by the duty on record, and gone after six months.

use crate::account::{changed, refused};
use crate::sourcing::{draft, published_as, text};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use kit::values;
use serde_json::{Value, json};

const TODAY: &str = "2026-11-23";

/// What the security duty sends: `field` is `person` or `day`.
pub fn inquiry(field: &str, about: &str) -> Value {
    json!({ "id": crate::sourcing::id(), field: about, "reason": "核实这一时段的异常登录" })
}

/// Asks, and answers the address of what may be read.
async fn inquired(operator: &Browser, field: &str, about: &str) -> String {
    let made = operator.post("/desk/uses", inquiry(field, about)).await.ok().json();
    format!("/desk/uses/{}", text(&made, "id"))
}

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
    let today = inquired(&operator, "day", TODAY).await;
    let day = entries(&operator, &today).await;
    assert!(has(&day, "/notices", "words=visitors-words") && !has(&day, "/notices", "words=%E6%99%BA%E6%85%A7"));
    assert!(day.iter().any(|one| one["ip"] == "127.0.9.9" && one["status"] == 404), "{day:?}");
    assert!(operator.page(&today).await.ok().text.contains("words=visitors-words"));
    let sql = "SELECT count(*) FROM opening WHERE opener_role = 'security-duty' AND purpose = 'security' AND outcome = 'opened'";
    assert_eq!(world.count(sql).await - before, 2, "each reading is on record, asking is none");
    let prefetch = operator.request(reqwest::Method::GET, &today).header("sec-purpose", "prefetch");
    assert_eq!(operator.send(prefetch.header("accept", "application/json")).await.status.as_u16(), 403);
}

#[tokio::test]
async fn a_members_use_is_read_with_a_reason_that_the_member_sees() {
    let world = World::new().await;
    let (buyer, other, operator) = (world.member("buyer").await, world.member("buyer").await, world.operator().await);
    buyer.get("/notices?words=of-the-buyer").await.ok();
    other.get("/notices?words=of-the-other").await.ok();
    world.app.write_uses(true).await.unwrap();
    let read = inquired(&operator, "person", &buyer.phone).await;
    let seen = entries(&operator, &read).await;
    assert!(has(&seen, "/notices", "words=of-the-buyer") && !has(&seen, "/notices", "words=of-the-other"), "{seen:?}");
    let told = |page: Value| page["others"].as_array().unwrap().iter().filter(|one| one["reason"].is_string()).count();
    let accesses = buyer.get("/me/accesses").await.ok().json();
    let line = &accesses["others"][0];
    assert_eq!(line["reason"], "说明的理由：核实这一时段的异常登录", "{accesses}");
    assert!(line["told"].as_str().unwrap().contains("运营方的安全职责"), "{line}");
    assert_eq!(told(other.get("/me/accesses").await.ok().json()), 0, "nobody else was read");
    let page = buyer.page("/me/accesses").await.ok().text;
    assert!(page.contains("核实这一时段的异常登录") && !page.contains('⟦'), "{page}");
    world.settle().await;
    assert_eq!(told(buyer.get("/me/accesses").await.ok().json()), 1, "it stays when the record is spread");

    let colleague = world.operator_of("13900139008", "colleague@operator.example").await;
    assert_eq!(colleague.get(&read).await.status, 404, "who has not asked does not read on another's reason");
    let desk = colleague.page("/desk/uses").await.ok().text;
    assert!(desk.contains("核实这一时段的异常登录") && desk.contains("同事"), "but sees that it was asked: {desk}");
    assert!(!desk.contains(&buyer.phone) && !desk.contains('⟦'));
    world.pass(SignedDuration::from_hours(25)).await;
    let operator = world.again_as("13900139000").await;
    let late = operator.get(&read).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "usage-over"));
    assert!(operator.page("/desk/uses?lang=en").await.ok().text.contains("by you"));
}

#[tokio::test]
async fn the_duty_reads_one_thing_at_a_time_never_many_and_never_without_a_reason() {
    let world = World::new().await;
    let (buyer, operator) = (world.member("buyer").await, world.operator().await);
    let form = || inquiry("person", &buyer.phone);
    let ask = async |form: Value| operator.post("/desk/uses", form).await;
    refused(&ask(changed(form(), "reason", json!("看看"))).await, "reason", "too-short");
    refused(&ask(changed(form(), "day", json!(TODAY))).await, "person", "usage-one");
    refused(&ask(changed(form(), "person", json!(""))).await, "person", "usage-one");
    refused(&ask(changed(form(), "person", json!([buyer.phone, "13700000000"]))).await, "person", "repeated");
    refused(&ask(changed(form(), "person", json!("13700000000"))).await, "person", "usage-nobody");
    refused(&ask(inquiry("day", "2026-11-20")).await, "day", "usage-day-none");
    refused(&ask(inquiry("day", "去年")).await, "day", "usage-day");
    for gone in ["/desk/uses?day=2026-11-23", "/desk/uses?person=13900139000"] {
        assert_eq!(operator.get(gone).await.ok().json()["entries"], Value::Null, "a parameter opens nothing");
    }
    let whole = form();
    for _ in 0..2 {
        ask(whole.clone()).await.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM use_inquiry").await, 1, "sent twice it is one");
    let colleague = world.operator_of("13900139008", "colleague@operator.example").await;
    assert_eq!(colleague.post("/desk/uses", whole).await.status, 404, "nobody takes another's inquiry over");
    let statuses = async {
        let mut statuses = Vec::new();
        for _ in 0..10 {
            statuses.push(ask(form()).await.status.as_u16());
        }
        statuses
    };
    assert_eq!(statuses.await.last(), Some(&429), "whoever would read everybody is stopped");
    let page = operator.submit("/desk/uses", &[("id", &crate::sourcing::id().to_string()), ("reason", "x")]).await;
    assert!(page.text.contains("在“某个人”和“某一天”中填写一项") && !page.text.contains('⟦'), "{}", page.text);
}

#[tokio::test]
async fn who_is_blocked_meanwhile_is_not_read_and_the_attempt_is_told() {
    let world = World::new().await;
    let (buyer, operator) = (world.member("buyer").await, world.operator().await);
    buyer.get("/notices?words=of-the-buyer").await.ok();
    world.app.write_uses(true).await.unwrap();
    let read = inquired(&operator, "person", &buyer.phone).await;
    let block = |tx: &mut kit::db::Tx| {
        let sql = "UPDATE subject SET standing = 'blocked' WHERE id IN (SELECT subject FROM account WHERE company IS NOT NULL)";
        tx.execute(sql, &[])
    };
    world.app.db().write::<_, kit::db::Error>(block).await.unwrap();
    assert_eq!(entries(&operator, &read).await.len(), 0);
    let denied = "SELECT count(*) FROM opening WHERE opener_role = 'security-duty' AND outcome = 'denied'";
    assert_eq!(world.count(denied).await, 1);
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
    let operator = world.operator().await;
    let day = inquired(&operator, "day", TODAY).await;
    assert!(has(&entries(&operator, &day).await, "/notices", "words=early"), "six months are not over");
    world.pass(SignedDuration::from_hours(24 * 3)).await;
    let old = "SELECT count(*) FROM use_log WHERE hour < 498900";
    assert_eq!(world.count(old).await, 0, "hour 498,900 is in December 2026");
    assert_eq!(world.count("SELECT count(*) FROM use_day WHERE ended_at IS NOT NULL").await, 1);
    let keys = move |tx: &mut kit::db::Tx| {
        tx.one("SELECT count(*) FROM data_key WHERE subject = $1", values![subject], |row| row.next::<i64>())
    };
    assert_eq!(world.app.keys().read::<_, kit::db::Error>(keys).await.unwrap(), 0, "the day's key is destroyed");
    let operator = world.operator().await;
    let day = inquired(&operator, "day", TODAY).await;
    assert_eq!(entries(&operator, &day).await.len(), 0);
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
