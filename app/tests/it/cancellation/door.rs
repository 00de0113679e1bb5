//! After a cancellation no way in serves the person any more, and nothing on its way reaches them (clause 8.2).

use super::{OVER, ask};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{id, text};
use crate::world::World;
use app::identity::account::Account;
use app::identity::account::letter::{Letter, to_account};
use jiff::SignedDuration;
use kit::id::Id;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn no_way_in_serves_who_has_left_and_nothing_on_its_way_arrives() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let company = text(&me.get("/company").await.ok().json()["company"], "id");
    crate::company::decide(&world.operator().await, &company, "approval", json!({})).await.ok();
    let wanted = json!({"id": id(), "name": "采购系统", "read": true, "tender": true, "bid": true, "days": "90"});
    let secret = text(&me.post("/company/tokens", wanted).await.ok().json(), "secret");
    let account = "SELECT id FROM account WHERE company IS NOT NULL";
    let account: [u8; 16] =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(account, &[], |row| row.next())).await.unwrap();
    let account = Id::<Account>::from_bytes(account);
    crate::consent::switch_on(&me, "digest").await;
    me.post("/me/digest", json!({ "categories": [], "regions": ["36"] })).await.ok();
    let elsewhere = world.again_as(&who.phone).await;
    ask(&me).await.ok();
    world.stay_signed_in(30).await;
    world.pass(OVER).await;
    let told = world.messages().len();

    // Login sessions, in every browser, for pages and for programs.
    for browser in [&me, &elsewhere] {
        for path in ["/me", "/company", "/me/export", "/me/consents", "/me/accesses", "/company/tokens"] {
            assert_eq!(browser.get(path).await.status, 401, "{path}");
            assert_eq!(browser.page(path).await.status, 303, "{path} leads to signing in");
        }
        assert_eq!(browser.post("/me/complaints", crate::complaint::wanted()).await.status, 401);
        assert!(browser.page("/").await.ok().text.contains("href=\"/session/new\""), "the desk is a visitor's");
    }
    // The names that one signs in with.
    for (n, name) in [&who.phone, &who.email].into_iter().enumerate() {
        let browser = world.visitor_from(&format!("127.0.7.{}", n + 1));
        assert_eq!(browser.sign_in(name, PASSWORD).await.status, 422, "{name}");
        browser.post("/password-resets", json!({ "account": name })).await.ok();
    }
    // An integrator's token, on every kind of route that tokens are for.
    for (method, path) in [(Method::GET, "/company"), (Method::GET, "/tenders"), (Method::POST, "/tenders")] {
        let program = world.visitor();
        let request = program.request(method, path).header("accept", "application/json");
        let answer = program.send(request.header("authorization", format!("Bearer {secret}"))).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "token-invalid"), "{path}");
    }
    // What was queued for them, and what anybody queues later.
    let letter = Letter::new("letter-password-changed");
    world.app.db().write::<_, kit::db::Error>(move |tx| to_account(tx, account, &letter)).await.unwrap();
    world.pass(SignedDuration::from_hours(8 * 24)).await;
    let after: Vec<_> = world.messages().drain(..world.messages().len() - told).map(|one| one.to).collect();
    assert!(!after.iter().any(|to| to.contains(&who.phone) || to.contains(&who.email)), "{after:?}");
    let opened = "SELECT count(*) FROM opening WHERE outcome = 'opened' AND purpose = 'notification' AND at > \
                  (SELECT ended_at FROM account WHERE company IS NOT NULL)";
    assert_eq!(world.count(opened).await, 0, "no address is opened for them");
    assert_eq!(world.count("SELECT count(*) FROM job WHERE dead = 1").await, 0, "and no job fails for it");
}
