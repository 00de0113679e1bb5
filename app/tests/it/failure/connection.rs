//! The connection to PostgreSQL breaks at the worst moments.

use super::proxy::{Moment, Proxy};
use crate::people::Applicant;
use crate::sourcing::{draft, id, published, submit, text};
use crate::world::{Browser, World, beginning, server};
use kit::db::Error;
use kit::values;
use serde_json::json;

/// A world that reaches its databases by a proxy, and its buyer.
async fn by_proxy() -> Option<(Proxy, World, Browser)> {
    let server = server().or_else(|| {
        eprintln!("skipped 1 test of broken connections: ZIYUN_TEST_DATABASE_URL names no server");
        None
    })?;
    let proxy = Proxy::before(server);
    let world = World::on_servers(&proxy.url(), server, beginning()).await;
    let buyer = world.member("buyer").await;
    Some((proxy, world, buyer))
}

/// How many rows of a draft there are, each with its one event.
async fn written(world: &World, draft: &str) -> i64 {
    let draft: kit::id::Id<()> = draft.parse().unwrap();
    let count = world.app.db().read::<_, Error>(move |tx| {
        let sql = "SELECT (SELECT count(*) FROM tender WHERE id = $1), (SELECT count(*) FROM event WHERE tender = $1)";
        tx.one(sql, values![draft], |row| Ok((row.next::<i64>()?, row.next::<i64>()?)))
    });
    let (rows, events) = count.await.unwrap();
    assert_eq!(rows, events, "a draft is half written");
    rows
}

#[tokio::test]
async fn a_unit_whose_connection_breaks_runs_again_on_another() {
    let Some((proxy, world, buyer)) = by_proxy().await else { return };
    let (token, once, always) = (buyer.token().await, draft(&world), draft(&world));
    proxy.cut(Moment::Statement, "INSERT INTO tender ", 1);
    buyer.post_with(&token, "/tenders", &once).await.ok();
    assert_eq!((proxy.cuts(), written(&world, &text(&once, "id")).await), (1, 1));
    // Reading is no different.
    proxy.cut(Moment::Statement, "FROM tender", 1);
    buyer.get("/tenders").await.ok();
    assert_eq!(proxy.cuts(), 2);
    // Who loses every connection is told to come again, and has left nothing.
    proxy.cut(Moment::Statement, "INSERT INTO tender ", usize::MAX);
    let answer = buyer.post_with(&token, "/tenders", &always).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "busy"));
    assert!(proxy.cuts() > 3);
    proxy.cut(Moment::Statement, "", 0);
    assert_eq!(written(&world, &text(&always, "id")).await, 0);
    buyer.post_with(&token, "/tenders", &always).await.ok();
    assert_eq!(written(&world, &text(&always, "id")).await, 1);
}

#[tokio::test]
async fn a_commit_without_an_answer_is_of_unknown_outcome_and_its_repeat_finds_its_row() {
    let Some((proxy, world, buyer)) = by_proxy().await else { return };
    let token = buyer.token().await;
    for (n, (moment, there)) in [(Moment::BeforeCommit, 0), (Moment::AfterCommit, 1)].into_iter().enumerate() {
        let draft = draft(&world);
        proxy.cut(moment, "INSERT INTO tender ", 1);
        let answer = buyer.post_with(&token, "/tenders", &draft).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "outcome-unknown"), "{moment:?}");
        assert_eq!(proxy.cuts(), n + 1, "it is not run again");
        assert_eq!(written(&world, &text(&draft, "id")).await, there, "{moment:?}");
        for _ in 0..2 {
            buyer.post_with(&token, "/tenders", &draft).await.ok();
            assert_eq!(written(&world, &text(&draft, "id")).await, 1, "{moment:?}");
        }
    }
}

#[tokio::test]
async fn a_bid_of_unknown_outcome_sent_again_is_one_bid_with_one_receipt() {
    let Some((proxy, world, buyer)) = by_proxy().await else { return };
    let (_, lot) = published(&world, &buyer).await;
    for (n, moment) in [Moment::BeforeCommit, Moment::AfterCommit].into_iter().enumerate() {
        let (provider, bid) = (world.member("provider").await, id());
        proxy.cut(moment, "INSERT INTO bid ", 1);
        let answer = submit(&provider, &lot, &bid, "4,200,000").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "outcome-unknown"), "{moment:?}");
        submit(&provider, &lot, &bid, "4,200,000").await.ok();
        let count = n as i64 + 1;
        for sql in [
            "SELECT count(*) FROM bid",
            "SELECT count(*) FROM bid_receipt",
            "SELECT count(*) FROM event WHERE kind = 'bid.acted'",
        ] {
            assert_eq!(world.count(sql).await, count, "{sql} after {moment:?}");
        }
    }
}

#[tokio::test]
async fn without_the_key_database_nothing_personal_is_shown_and_the_rest_goes_on() {
    let Some(server) = server() else { return };
    let keys = Proxy::before(server);
    let world = World::on_servers(server, &keys.url(), beginning()).await;
    let applicant = Applicant::new("buyer");
    let member = world.applicant(&applicant).await;
    world.visitor().get("/notices").await.ok();
    // Another process, which has unwrapped no key yet.
    let other = world.beside().await;
    let (visitor, member) = (world.visitor().at(&other), member.at(&other));
    keys.set_down(true);
    let opened = "SELECT count(*) FROM opening WHERE outcome = 'opened'";
    let before = world.count(opened).await;
    visitor.page("/notices").await.ok();
    member.get("/session").await.ok();
    member.get("/company").await.ok();
    let me = member.get("/me").await;
    assert_eq!((me.status.as_u16(), me.code().as_str()), (503, "busy"));
    assert!(!me.text.contains(&applicant.email) && !me.text.contains(&applicant.phone), "{}", me.text);
    let refused = visitor.post("/registrations", Applicant::new("provider").form()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (503, "busy"));
    let ready = visitor.send(visitor.request(reqwest::Method::GET, "/ready")).await;
    assert_eq!((ready.status.as_u16(), ready.text.as_str()), (503, "no key database\n"));
    keys.set_down(false);
    let shown = member.get("/me").await.ok().json();
    assert!(text(&shown, "email").contains(&applicant.email));
    assert!(world.count(opened).await > before, "what was shown is on record");
    visitor.post("/registrations", json!(Applicant::new("provider").form())).await.ok();
    let ready = visitor.send(visitor.request(reqwest::Method::GET, "/ready")).await;
    assert_eq!(ready.status, 200);
}
