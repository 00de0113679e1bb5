//! How a substitution ends before its time, and what a race leaves.

use super::{Firm, accept, asked, end, prepared, publish_code, state};
use crate::colleague::{account, remove, version};
use crate::sourcing::draft;
use crate::verification::refusal;
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn either_side_and_an_owner_end_it_at_once() {
    let world = World::new().await;
    for who in 0..3 {
        let (firm, path) = Firm::standing_in(&world, "buyer", &["buyer"], &["viewer"]).await;
        let tender = prepared(&world, &firm.substitute).await;
        end([&firm.absent, &firm.substitute, &firm.owner][who], &path).await.ok();
        let refused = publish_code(&firm.substitute, &tender).await;
        assert_eq!(refused, "duty-buyer");
        assert_eq!(state(&firm.owner, &path).await, "ended");
        for one in [&firm.absent, &firm.substitute] {
            end(one, &path).await.ok();
        }
        assert_eq!(refusal(&accept(&firm.substitute, &path).await), (409, "substitution-over".into()));
        world.settle().await;
        let told = async |one: usize| {
            let inbox = [&firm.absent, &firm.substitute][one].get("/inbox").await.ok().json();
            let all = inbox["unread"].as_array().unwrap();
            all.iter().filter(|line| line["kind"] == "substitution-ended").count()
        };
        assert_eq!([told(0).await, told(1).await], [usize::from(who != 0), usize::from(who != 1)], "told is the other");
        // The days are free again.
        asked(&world, &firm.owner, &firm.absent, &firm.substitute, 0, 1).await;
    }
}

#[tokio::test]
async fn it_ends_with_the_place_of_either_and_follows_the_duties_of_who_is_away() {
    let world = World::new().await;
    let (Firm { owner, absent, substitute }, path) = Firm::standing_in(&world, "buyer", &["buyer"], &["viewer"]).await;
    let away = account(&absent).await;
    let may = async || substitute.post("/tenders", draft(&world)).await;
    may().await.ok();
    let duties = json!({ "version": version(&owner, &away).await, "duty": ["finance"] });
    owner.post(&format!("/company/people/{away}/duties"), duties).await.ok();
    assert_eq!(refusal(&may().await), (403, "duty-preparer".into()), "what they have no more passes no more");
    let duties = json!({ "version": version(&owner, &away).await, "duty": ["buyer"] });
    owner.post(&format!("/company/people/{away}/duties"), duties).await.ok();
    may().await.ok();
    remove(&owner, &away).await.ok();
    assert_eq!(refusal(&may().await), (403, "duty-preparer".into()));
    assert_eq!(state(&substitute, &path).await, "ended");
    let (firm, path) = Firm::standing_in(&world, "buyer", &["buyer"], &["viewer"]).await;
    firm.substitute.post("/company/leaving", json!({})).await.ok();
    assert_eq!(state(&firm.absent, &path).await, "ended");
    let waits = Firm::new(&world, "buyer", &["buyer"], &["viewer"]).await;
    let path = asked(&world, &waits.owner, &waits.absent, &waits.substitute, 3, 4).await;
    remove(&waits.owner, &account(&waits.substitute).await).await.ok();
    assert_eq!(state(&waits.absent, &path).await, "ended");
}

#[tokio::test]
async fn of_who_is_blocked_nothing_passes() {
    let world = World::new().await;
    let (Firm { absent, substitute, .. }, _) = Firm::standing_in(&world, "buyer", &["buyer"], &["viewer"]).await;
    substitute.post("/tenders", draft(&world)).await.ok();
    let id: kit::id::Id<app::identity::account::Account> = account(&absent).await.parse().unwrap();
    let block = move |tx: &mut kit::db::Tx| {
        let sql = "SELECT subject FROM account WHERE id = $1";
        let subject = tx.one(sql, kit::values![id], |row| row.next())?;
        vault::change_standing(tx, subject, vault::Standing::Blocked)
    };
    world.app.db().write::<_, vault::Error>(block).await.unwrap();
    assert_eq!(refusal(&substitute.post("/tenders", draft(&world)).await), (403, "duty-preparer".into()));
}

#[tokio::test]
async fn of_accepting_and_taking_back_at_once_one_comes_first() {
    let world = World::new().await;
    let Firm { owner, absent, substitute } = Firm::new(&world, "buyer", &["buyer"], &["viewer"]).await;
    for _ in 0..4 {
        let path = asked(&world, &owner, &absent, &substitute, 0, 1).await;
        let (accepted, ended) = tokio::join!(accept(&substitute, &path), end(&absent, &path));
        ended.ok();
        assert!(accepted.status == 201 || accepted.code() == "substitution-over", "{}", accepted.text);
        let expected = if accepted.status == 201 { "ended" } else { "withdrawn" };
        assert_eq!(state(&absent, &path).await, expected);
        assert_eq!(refusal(&substitute.post("/tenders", draft(&world)).await), (403, "duty-preparer".into()));
    }
}

#[tokio::test]
async fn an_act_under_way_finds_it_running_or_does_not_come() {
    let world = World::new().await;
    let Firm { owner, absent, substitute } = Firm::new(&world, "buyer", &["buyer"], &["viewer"]).await;
    for _ in 0..4 {
        let path = asked(&world, &owner, &absent, &substitute, 0, 1).await;
        accept(&substitute, &path).await.ok();
        let tender = prepared(&world, &substitute).await;
        // As its page was read before.
        let publication = format!("/tenders/{tender}/publication");
        let seen = substitute.get(&publication).await.ok().json();
        let form = json!({ "version": seen["tender"]["version"] });
        let (published, ended) = tokio::join!(substitute.post(&publication, form), end(&owner, &path));
        ended.ok();
        let refused = ["duty-buyer", "duties-changed"].contains(&published.code().as_str());
        assert!(published.status == 201 || refused, "{}", published.text);
        let done = absent.get(&path).await.ok().json();
        let noted = done["done"].as_array().unwrap().iter().filter(|one| one["operation"] == "tender.publish").count();
        assert_eq!(noted, usize::from(published.status == 201), "noted if it came, and only then");
    }
}
