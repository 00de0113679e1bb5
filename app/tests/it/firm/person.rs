//! Who stands for a company: a natural person, sealed.

use super::{NAME, form, part};
use crate::world::World;
use jiff::SignedDuration;
use kit::id::Id;
use serde_json::json;

#[tokio::test]
async fn who_stands_for_a_company_is_sealed_and_read_by_its_own_members_alone() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    let fields = form("/company/representative");
    for _ in 0..2 {
        me.post("/company/representative", fields.clone()).await.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM company_representative").await, 1);
    assert!(!me.get("/company").await.ok().text.contains(NAME), "the company's page opens nothing");
    let opened = "SELECT count(*) FROM opening WHERE purpose = 'company-record' AND outcome = 'opened'";
    let before = world.count(opened).await;
    let page = me.get("/company/representative").await.ok();
    assert_eq!((page.json()["representative"].as_str(), page.header("cache-control")), (Some(NAME), "no-store"));
    assert_eq!(world.count(opened).await, before + 1, "on record");
    let stolen = you.post("/company/representative", fields.clone()).await;
    assert_eq!(stolen.status, 404, "the row is another company's");
    assert!(!you.get("/company/representative").await.ok().text.contains(NAME));
    let early = me.request(reqwest::Method::GET, "/company/representative").header("sec-purpose", "prefetch");
    assert_eq!(me.send(early).await.status, 403);
    let mut again = form("/company/representative");
    again["version"] = json!(1);
    assert_eq!(me.post("/company/representative", again).await.ok().json()["version"], 1, "the same name is no change");
    for wrong in ["望", "司空2号", "", &"望".repeat(61)] {
        let mut fields = form("/company/representative");
        fields["representative_name"] = json!(wrong);
        assert_eq!(me.post("/company/representative", fields).await.status, 422, "{wrong}");
    }
    let mut missed = form("/company/representative");
    (missed["role"], missed["version"]) = (json!("nobody"), json!(1));
    let typed: Vec<_> = ["id", "role", "representative_name"].map(|name| (name, missed[name].as_str().unwrap())).into();
    let refused = me.submit("/company/representative", &[&typed[..], &[("version", "1")]].concat()).await;
    assert!(refused.status == 422 && refused.text.contains(NAME), "what was typed stays for its sender");
    world.settle().await;
    world.rows(|table, row| {
        assert!(!String::from_utf8_lossy(row).contains(NAME), "{table} holds the name");
    });
}

#[tokio::test]
async fn the_name_of_who_stood_for_a_company_goes_three_years_later() {
    crate::world::sabotaged();
    let world = World::new().await;
    let me = world.member("both").await;
    me.post("/company/representative", form("/company/representative")).await.ok();
    let mut next = form("/company/representative");
    (next["version"], next["representative_name"]) = (json!(1), json!("闻人若水"));
    me.post("/company/representative", next).await.ok();
    let names = "SELECT count(*) FROM company_representative";
    let first = "SELECT subject FROM company_representative WHERE until IS NOT NULL";
    let first = move |tx: &mut kit::db::Tx| tx.one(first, &[], |row| row.next::<Id<vault::Subject>>());
    let first = world.app.db().read::<_, kit::db::Error>(first).await.unwrap();
    world.pass(SignedDuration::from_hours(24 * 1090)).await;
    assert_eq!(world.count(names).await, 2, "three years are not over");
    world.pass(SignedDuration::from_hours(24 * 10)).await;
    assert_eq!(world.count(names).await, 1);
    let gone = move |tx: &mut kit::db::Tx| vault::tombstone::find(tx, first);
    let gone = world.app.db().read::<_, vault::Error>(gone).await.unwrap();
    assert!(gone.is_some(), "its subject is erased, and its key with it");
    let me = world.again(&me).await;
    assert_eq!(part(&me, "representative").await["representative"], "闻人若水");
}
