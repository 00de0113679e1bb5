//! Other companies, other roles, races, and what changes between the look and the act.

use super::{INVITED, confirm, csv, email, fates, hand_in, list, strangers, whys};
use crate::colleague::{account, colleague, invite, remove, version};
use crate::people::Applicant;
use crate::sourcing::{id, text};
use crate::world::{Browser, World};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn another_companys_list_is_not_there_and_who_is_no_owner_has_none() {
    let world = World::new().await;
    let (owner, stranger) = (world.member("buyer").await, world.member("buyer").await);
    let one = colleague(&world, &owner, &["buyer"]).await;
    let list = list(&owner, &[("qian@example.cn", "viewer")]).await;
    for path in [list.clone(), format!("{list}/problems.xlsx")] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
        assert_eq!(one.get(&path).await.code(), "duty-owner", "{path}");
    }
    for act in ["confirmation", "stop", "removal"] {
        let path = format!("{list}/{act}");
        assert_eq!(stranger.post(&path, json!({})).await.status, 404, "{path}");
        assert_eq!(one.post(&path, json!({})).await.code(), "duty-owner", "{path}");
    }
    // The id of another company's list, and the same list under another id's name.
    let taken = list.rsplit('/').next().unwrap();
    assert_eq!(hand_in(&stranger, taken, "a.csv", &csv(&[("sun@example.cn", "viewer")])).await.status, 404);
    assert_eq!(hand_in(&one, &id(), "a.csv", &csv(&[("sun@example.cn", "viewer")])).await.code(), "duty-owner");
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM member_import").await, 1);
    assert_eq!(world.count(INVITED).await, 0);
}

#[tokio::test]
async fn two_words_at_once_are_one_and_two_sendings_are_one_list() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let (same, content) = (id(), csv(&[("qian@example.cn", "viewer"), ("sun@example.cn", "viewer")]));
    let sent = join_all((0..3).map(|_| hand_in(&owner, &same, "a.csv", &content))).await;
    let made = sent.into_iter().map(|answer| text(&answer.ok().json(), "id")).collect::<Vec<_>>();
    assert!(made.iter().all(|one| *one == same), "{made:?}");
    assert_eq!(world.count("SELECT count(*) FROM member_import_row").await, 2);
    let (path, token, nothing) = (format!("/company/imports/{same}/confirmation"), owner.token().await, json!({}));
    for answer in join_all((0..4).map(|_| owner.post_with(&token, &path, &nothing))).await {
        answer.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM job WHERE kind = 'roster.carry-out'").await, 1);
    world.settle().await;
    assert_eq!(world.count(INVITED).await, 2);
    confirm(&owner, &format!("/company/imports/{same}")).await.ok();
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM invitation").await, 2, "a replay does nothing");
}

/// Two owners, and a list of more rows than one limit's worth, confirmed by the second.
async fn two_owners(world: &World) -> (Browser, Browser, String) {
    let owner = world.member("buyer").await;
    let second = crowned(world, &owner).await;
    let strangers = strangers(32);
    let rows: Vec<_> = strangers.iter().map(|email| (email.as_str(), "viewer")).collect();
    let list = list(&owner, &rows).await;
    confirm(&second, &list).await.ok();
    (owner, second, list)
}

/// A colleague who was invited as an owner.
async fn crowned(world: &World, owner: &Browser) -> Browser {
    let second = colleague(world, owner, &["owner"]).await;
    world.pass(SignedDuration::from_hours(6)).await;
    second
}

#[tokio::test]
async fn it_ends_with_the_ownership_of_who_confirmed_it() {
    let world = World::new().await;
    let (owner, second, list) = two_owners(&world).await;
    remove(&owner, &account(&second).await).await.ok();
    world.settle().await;
    let page = owner.get(&list).await.ok().json();
    assert_eq!((&page["import"]["state"], &page["import"]["reason"]), (&json!("halted"), &json!("owner-gone")));
    assert_eq!((world.count(INVITED).await, &page["import"]["counts"]["left"]), (0, &json!(32)));
    let shown = owner.page(&list).await.ok().text;
    assert!(shown.contains("已不再是公司的所有者"), "{shown}");
}

#[tokio::test]
async fn it_ends_in_the_middle_when_who_confirmed_it_has_other_duties() {
    let world = World::new().await;
    let (owner, second, list) = two_owners(&world).await;
    world.settle().await;
    assert_eq!(world.count(INVITED).await, 30);
    let theirs = account(&second).await;
    let form = json!({"version": version(&owner, &theirs).await, "duty": ["buyer"]});
    owner.post(&format!("/company/people/{theirs}/duties"), form).await.ok();
    world.pass(SignedDuration::from_hours(1)).await;
    let page = owner.get(&list).await.ok().json();
    assert_eq!(page["import"]["reason"], "owner-gone");
    assert_eq!((world.count(INVITED).await, &page["import"]["counts"]["left"]), (30, &json!(2)), "what is done stays");
}

#[tokio::test]
async fn a_company_that_closes_takes_its_list_along() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    world.stay_signed_in(20).await;
    owner.post("/company/closing", json!({"id": id(), "password": crate::people::PASSWORD})).await.ok();
    world.pass(SignedDuration::from_hours(24 * 6)).await;
    let list = list(&owner, &[("qian@example.cn", "viewer"), ("nobody", "viewer")]).await;
    // Confirmed a day before, and held up by a limit that lasts longer: nobody is invited by a company that is gone.
    let used_up = |tx: &mut kit::db::Tx| tx.execute("UPDATE rate_limit SET tat = tat + 864000000000", &[]);
    for email in ["a@x.example", "b@x.example"] {
        owner.post("/company/invitations", crate::colleague::invitation(email, &["viewer"])).await.ok();
    }
    world.app.db().write::<_, kit::db::Error>(used_up).await.unwrap();
    confirm(&owner, &list).await.ok();
    world.settle().await;
    assert_eq!(owner.get(&list).await.ok().json()["import"]["state"], "running");
    world.pass(SignedDuration::from_hours(24 * 2)).await;
    assert_eq!(world.count("SELECT count(*) FROM company WHERE closed_at IS NOT NULL").await, 1);
    let halted = "SELECT count(*) FROM member_import WHERE state = 'halted' AND reason = 'company-closed'";
    assert_eq!(world.count(halted).await, 1);
    assert_eq!((world.count(INVITED).await, world.count(super::KEPT).await), (0, 0));
}

#[tokio::test]
async fn each_row_is_judged_again_when_its_turn_comes() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let second = crowned(&world, &owner).await;
    let (joins, invited, goes) = (Applicant::new("buyer"), Applicant::new("buyer"), Applicant::new("buyer"));
    let goer = {
        let link = invite(&world, &owner, &goes.email, &["viewer"]).await;
        let (done, browser) = crate::colleague::register(&world, &goes, &link).await;
        done.ok();
        browser
    };
    let own = email(&owner, &owner).await;
    let rows = [
        (joins.email.as_str(), "viewer"),
        (invited.email.as_str(), "viewer"),
        (goes.email.as_str(), "buyer"),
        (own.as_str(), "buyer"),
    ];
    let list = list(&second, &rows).await;
    let before = second.get(&list).await.ok().json();
    assert_eq!(fates(&before), ["invite", "invite", "change", "change"], "{before}");
    // Meanwhile: one joins with other duties, one is invited otherwise, one is removed, and the confirming owner is left alone.
    let link = invite(&world, &owner, &joins.email, &["bidder"]).await;
    crate::colleague::register(&world, &joins, &link).await.0.ok();
    invite(&world, &owner, &invited.email, &["finance"]).await;
    remove(&owner, &account(&goer).await).await.ok();
    confirm(&second, &list).await.ok();
    let theirs = account(&second).await;
    let form = json!({"version": version(&owner, &theirs).await, "duty": ["owner"]});
    owner.post(&format!("/company/people/{theirs}/duties"), form).await.ok();
    world.settle().await;
    let after = second.get(&list).await.ok().json();
    assert_eq!(fates(&after), ["changed", "refused", "invited", "changed"], "{after}");
    assert_eq!(whys(&after), ["invited-otherwise"]);
}

#[tokio::test]
async fn nobody_is_made_an_owner_and_no_company_loses_its_last() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["viewer"]).await;
    let (known, own) = (email(&owner, &one).await, email(&owner, &owner).await);
    let refused = list(&owner, &[(&known, "owner"), (&own, "viewer"), ("new@example.cn", "owner")]).await;
    let page = owner.get(&refused).await.ok().json();
    assert_eq!(fates(&page), ["refuse", "refuse", "invite"], "whoever is invited accepts it");
    assert_eq!(whys(&page), ["owner-is-offered", "oneself"]);
    confirm(&owner, &refused).await.ok();
    world.settle().await;
    let owners = "SELECT count(*) FROM account WHERE duties LIKE '%owner%' AND operator = 0";
    assert_eq!(world.count(owners).await, 1);
}

#[tokio::test]
async fn a_company_has_two_hundred_people_and_not_one_more() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let strangers = strangers(205);
    let rows: Vec<_> = strangers.iter().map(|email| (email.as_str(), "viewer")).collect();
    let list = list(&owner, &rows).await;
    let page = owner.get(&list).await.ok().json();
    assert_eq!((&page["foresight"]["invite"], &page["foresight"]["refuse"]), (&json!(199), &json!(6)), "{page}");
    assert_eq!(page["rows"].as_array().unwrap().len(), 100);
    let next = owner.get(&text(&page, "next")).await.ok().json();
    let last = owner.get(&text(&next, "next")).await.ok().json();
    assert_eq!((last["rows"].as_array().unwrap().len(), &last["next"]), (5, &json!(null)));
    assert!(whys(&last).iter().all(|why| why == "too-many-people"));
    assert_eq!(owner.get(&format!("{list}?after=nonsense")).await.status, 400);
}
