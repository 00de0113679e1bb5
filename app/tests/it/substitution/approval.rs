//! Where a second person is asked for, a substitute is none.

use super::{Firm, accept, asked, end};
use crate::approval::{ask, give, prepare, set, state, told};
use crate::colleague::colleague;
use crate::sourcing::publish;
use crate::verification::refusal;
use crate::world::{Browser, World};
use serde_json::json;

async fn chained(world: &World, firm: &Firm, steps: &[&str]) {
    set(&firm.owner, "publish", &[("", steps)]).await.ok();
    world.settle().await;
}

#[tokio::test]
async fn a_substitute_is_no_second_person() {
    let world = World::new().await;
    let firm = Firm::new(&world, "buyer", &["buyer"], &["buyer", "finance"]).await;
    chained(&world, &firm, &["colleague"]).await;
    let Firm { owner, absent, substitute } = &firm;
    // Asked before they went away: the substitute is not the other person.
    let before = ask(absent, &prepare(&world, absent).await).await;
    let path = asked(&world, owner, absent, substitute, 0, 1).await;
    accept(substitute, &path).await.ok();
    assert_eq!(refusal(&give(substitute, &before, "colleague").await), (403, "approval-substitute".into()));
    // Nor is whoever is away the other person of what the substitute asks.
    let tender = prepare(&world, substitute).await;
    let theirs = ask(substitute, &tender).await;
    assert_eq!(refusal(&give(absent, &theirs, "colleague").await), (403, "approval-substitute".into()));
    assert_eq!(refusal(&give(substitute, &theirs, "colleague").await), (403, "approval-own".into()));
    // What was asked while it ran stays so.
    end(absent, &path).await.ok();
    assert_eq!(refusal(&give(absent, &theirs, "colleague").await), (403, "approval-substitute".into()));
    give(owner, &theirs, "colleague").await.ok();
    publish(substitute, &tender).await.ok();
    give(substitute, &before, "colleague").await.ok();
    assert_eq!(state(absent, &before).await, "approved", "they are two again");
}

#[tokio::test]
async fn two_steps_of_one_request_are_given_by_two_people() {
    let world = World::new().await;
    let firm = Firm::new(&world, "buyer", &["finance"], &["buyer"]).await;
    chained(&world, &firm, &["colleague", "finance"]).await;
    let Firm { owner, absent, substitute } = &firm;
    let path = asked(&world, owner, absent, substitute, 0, 1).await;
    accept(substitute, &path).await.ok();
    let request = ask(owner, &prepare(&world, owner).await).await;
    give(substitute, &request, "colleague").await.ok();
    assert_eq!(refusal(&give(substitute, &request, "finance").await), (403, "approval-once".into()));
    assert_eq!(refusal(&give(absent, &request, "finance").await), (403, "approval-substitute".into()));
    // Two who stand in for the same colleague one after the other are not two either.
    end(substitute, &path).await.ok();
    let third = colleague(&world, owner, &["viewer"]).await;
    let other = colleague(&world, owner, &["buyer"]).await;
    let next = asked(&world, owner, absent, &third, 0, 1).await;
    accept(&third, &next).await.ok();
    assert_eq!(refusal(&give(&third, &request, "finance").await), (403, "approval-substitute".into()));
    assert_eq!(refusal(&give(&other, &request, "finance").await), (403, "approval-duty".into()));
}

#[tokio::test]
async fn a_step_given_for_who_is_away_counts_while_it_runs_and_is_asked_for_anew_after() {
    let world = World::new().await;
    let firm = Firm::new(&world, "buyer", &["finance"], &["viewer"]).await;
    chained(&world, &firm, &["finance"]).await;
    let Firm { owner, absent, substitute } = &firm;
    let asker = colleague(&world, owner, &["buyer"]).await;
    let path = asked(&world, owner, absent, substitute, 0, 1).await;
    accept(substitute, &path).await.ok();
    let tender = prepare(&world, &asker).await;
    let request = ask(&asker, &tender).await;
    world.settle().await;
    assert_eq!([told(absent, "approval-asked").await, told(substitute, "approval-asked").await], [1, 1]);
    give(substitute, &request, "finance").await.ok();
    assert_eq!(state(&asker, &request).await, "approved");
    let done = absent.get(&path).await.ok().json()["done"].clone();
    assert_eq!(done[0]["operation"], "approval.approve", "{done}");
    assert_eq!(done[0]["about"], request);
    end(owner, &path).await.ok();
    assert_eq!(state(&asker, &request).await, "waiting", "whoever is trusted no more has approved nothing");
    assert_eq!(refusal(&publish(&asker, &tender).await), (403, "approval-waiting".into()));
    give(absent, &request, "finance").await.ok();
    publish(&asker, &tender).await.ok();
}

#[tokio::test]
async fn where_only_the_substitute_is_left_nobody_is_asked() {
    let world = World::new().await;
    let owner: Browser = world.member("buyer").await;
    let asker = colleague(&world, &owner, &["buyer"]).await;
    set(&owner, "publish", &[("", &["colleague"])]).await.ok();
    let path = asked(&world, &owner, &owner, &asker, 0, 1).await;
    accept(&asker, &path).await.ok();
    let tender = prepare(&world, &asker).await;
    let form = crate::approval::seen(&asker, &tender).await;
    let refused = asker.post(&format!("/tenders/{tender}/approval"), form.clone()).await;
    assert_eq!(refusal(&refused), (409, "approval-nobody".into()));
    end(&asker, &path).await.ok();
    asker.post(&format!("/tenders/{tender}/approval"), form).await.ok();
    assert_eq!(json!(1), json!(world.count("SELECT count(*) FROM approval_request").await));
}
