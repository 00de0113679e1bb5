//! Closing a company: time to think, what stands against it, what becomes of its people, its name and its credit code.

use crate::colleague::{colleague, invite};
use crate::contacts::named;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{add_lot, bid, draft, id, in_days, published, text};
use crate::world::{Answer, Browser, World};
use futures::future::join;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

async fn ask(owner: &Browser) -> Answer {
    owner.post("/company/closing", json!({"id": id(), "password": PASSWORD})).await
}

const CLOSED: &str = "SELECT count(*) FROM company WHERE closed_at IS NOT NULL";
const NAMES: &str = "SELECT count(*) FROM company WHERE former_code IS NOT NULL";

/// A company with a code of the test's own, approved; its owner, signed in, and what they registered with.
async fn founded(world: &World, side: &str) -> (Browser, Applicant) {
    let who = Applicant::new(side);
    let owner = world.applicant(&who).await;
    let company = text(&owner.get("/company").await.ok().json()["company"], "id");
    let operator = world.operator().await;
    crate::company::decide(&operator, &company, "approval", json!({})).await.ok();
    world.settle().await;
    (owner, who)
}

#[tokio::test]
async fn a_company_closes_after_seven_days_and_its_people_go_on_without_it() {
    let world = World::new().await;
    let (owner, who) = founded(&world, "buyer").await;
    let one = colleague(&world, &owner, &["buyer"]).await;
    invite(&world, &owner, &Applicant::new("buyer").email, &["viewer"]).await;
    one.post("/tenders", draft(&world)).await.ok();
    assert_eq!(refusal(&one.get("/company/closing").await), (403, "duty-owner".into()));
    let wrong = owner.post("/company/closing", json!({"id": id(), "password": "falsch"})).await;
    assert_eq!(wrong.json()["errors"][0]["code"], "current-password");
    world.stay_signed_in(10).await;
    let form = json!({"id": id(), "password": PASSWORD});
    for _ in 0..2 {
        owner.post("/company/closing", form.clone()).await.ok();
    }
    world.settle().await;
    let told = world.messages().iter().filter(|message| message.text.contains("申请关闭公司。七天后")).count();
    assert_eq!(told, 2, "everybody in it, once");
    assert_eq!(one.get("/").await.ok().json()["tasks"][0]["what"], "closing-waiting");
    let page = owner.page("/company/closing").await.ok().text;
    assert!(page.contains("撤回关闭申请") && !page.contains('⟦'), "{page}");
    world.pass(SignedDuration::from_hours(24 * 7 - 1)).await;
    one.get("/tenders").await.ok();
    world.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(world.count(CLOSED).await, 1);
    for person in [&owner, &one] {
        assert_eq!(refusal(&person.get("/tenders").await), (403, "no-company".into()));
        assert!(!person.page("/me").await.ok().text.contains('⟦'));
    }
    for left in ["tender", "invitation WHERE state = 'waiting'", "account WHERE company IS NOT NULL"] {
        let sql: &'static str = format!("SELECT count(*) FROM {left}").leak();
        assert_eq!(world.count(sql).await, 0, "{left}");
    }
    assert_eq!(world.count(NAMES).await, 0, "no transaction needs the name");
    let nameless = "SELECT count(*) FROM company WHERE name LIKE '衡川%'";
    assert_eq!(world.count(nameless).await, 0);
    // The same credit code registers again at once, by whoever may.
    let next = Applicant { credit_code: who.credit_code.clone(), ..Applicant::new("buyer") };
    world.applicant(&next).await.get("/company").await.ok();
}

#[tokio::test]
async fn the_contacts_of_a_closed_company_are_erased() {
    let world = World::new().await;
    let (owner, _, _) = named(&world).await;
    ask(&owner).await.ok();
    let (contacts, keys) =
        ("SELECT count(*) FROM contact", "SELECT count(*) FROM subject WHERE standing = 'destroyed'");
    world.pass(SignedDuration::from_hours(24 * 7 - 1)).await;
    assert_eq!([world.count(contacts).await, world.count(keys).await], [1, 0]);
    world.pass(SignedDuration::from_hours(2)).await;
    assert_eq!([world.count(contacts).await, world.count(keys).await], [0, 1]);
}

#[tokio::test]
async fn an_owner_takes_it_back_and_nothing_has_happened() {
    let world = World::new().await;
    let (owner, _) = founded(&world, "buyer").await;
    ask(&owner).await.ok();
    let second = colleague(&world, &owner, &["owner"]).await;
    for _ in 0..2 {
        let answer = second.post("/company/closing/withdrawal", json!({})).await.ok();
        assert_eq!(answer.json()["state"], "withdrawn");
    }
    world.stay_signed_in(10).await;
    world.pass(SignedDuration::from_hours(24 * 8)).await;
    assert_eq!(world.count(CLOSED).await, 0);
    owner.get("/tenders").await.ok();
    let stranger = world.member("buyer").await;
    assert_eq!(refusal(&stranger.post("/company/closing/withdrawal", json!({})).await), (409, "closing-none".into()));
}

#[tokio::test]
async fn what_others_rely_on_stands_against_it_and_stops_it_at_the_end() {
    let world = World::new().await;
    let (buyer, _) = founded(&world, "buyer").await;
    let (provider, _) = founded(&world, "provider").await;
    let (_, lot) = published(&world, &buyer).await;
    let against = buyer.get("/company/closing").await.ok().json();
    assert_eq!(against["obstacles"][0]["what"], "tender-obstacle");
    assert_eq!(refusal(&ask(&buyer).await), (409, "closing-obstacles".into()));
    // Asked for first, bid afterwards: at the end the bid is found.
    world.stay_signed_in(12).await;
    ask(&provider).await.ok();
    bid(&provider, &lot, "100").await;
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(world.count(CLOSED).await, 0);
    assert!(world.messages().iter().any(|message| message.text.contains("没有关闭。业务结束后")), "and they are told");
    let page = provider.get("/company/closing").await.ok().json();
    assert_eq!((&page["newest"]["state"], &page["obstacles"][0]["what"]), (&json!("stopped"), &json!("bid-obstacle")));
}

#[tokio::test]
async fn a_closing_and_a_new_tender_or_bid_at_the_same_moment_do_not_both_happen() {
    for round in 0..4 {
        let world = World::new().await;
        let (owner, _) = founded(&world, "buyer").await;
        ask(&owner).await.ok();
        world.stay_signed_in(10).await;
        let form = json!({"id": id(), "title": "岚河通信设备维保", "method": "open", "category": "other", "region": "36",
            "summary": "云平台设备 24 个月维保，含备件与驻场。", "questions_until": in_days(&world, 12), "deadline": in_days(&world, 20), "budget_shown": "1"});
        let tender = text(&owner.post("/tenders", form).await.ok().json(), "id");
        add_lot(&owner, &tender, &id(), "标段一").await;
        world.clock.advance(SignedDuration::from_hours(24 * 7));
        let (published, ()) = if round % 2 == 0 {
            join(publish_now(&owner, &tender), world.settle()).await
        } else {
            let ((), published) = join(world.settle(), publish_now(&owner, &tender)).await;
            (published, ())
        };
        world.settle().await;
        let closed = world.count(CLOSED).await == 1;
        assert_ne!(closed, published, "round {round}: closed and published, or neither");
    }
}

async fn publish_now(owner: &Browser, tender: &str) -> bool {
    let seen: Value = owner.get(&format!("/tenders/{tender}/publication")).await.json();
    let form = json!({"version": seen["tender"]["version"]});
    owner.post(&format!("/tenders/{tender}/publication"), form).await.status.is_success()
}

#[tokio::test]
async fn a_company_with_transactions_keeps_its_name_for_three_years_and_then_no_more() {
    let world = World::new().await;
    let (buyer, who) = founded(&world, "buyer").await;
    let (tender, _) = published(&world, &buyer).await;
    crate::demand::published(&world, &buyer).await;
    world.stay_signed_in(30).await;
    world.pass(SignedDuration::from_hours(24 * 11)).await;
    ask(&buyer).await.ok();
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!((world.count(CLOSED).await, world.count(NAMES).await), (1, 1));
    let heard = "SELECT count(*) FROM event WHERE kind = 'demand.closed'";
    assert_eq!(world.count(heard).await, 1, "the index of demands follows it");
    let page = world.visitor().page(&format!("/tenders/{tender}")).await.ok().text;
    assert!(page.contains(&who.company), "who took part reads whose it was");
    let next = Applicant { credit_code: who.credit_code.clone(), ..Applicant::new("buyer") };
    world.applicant(&next).await.get("/company").await.ok();
    world.pass(SignedDuration::from_hours(24 * 1095)).await;
    assert_eq!(world.count(NAMES).await, 1);
    world.pass(SignedDuration::from_hours(24 * 2)).await;
    assert_eq!(world.count(NAMES).await, 0);
    let page = world.visitor().page(&format!("/tenders/{tender}")).await.ok().text;
    assert!(!page.contains(&who.company) && page.contains("已注销"), "{page}");
}

#[tokio::test]
async fn a_company_whose_only_person_is_erased_closes_with_them() {
    let world = World::new().await;
    let (only, who) = founded(&world, "buyer").await;
    let page = only.page("/me/cancellation").await.ok().text;
    assert!(page.contains("公司随你的账号一起关闭"), "{page}");
    only.post("/me/cancellation", json!({"id": id(), "password": PASSWORD})).await.ok();
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!((world.count(CLOSED).await, world.count(NAMES).await), (1, 0));
    let next = Applicant { credit_code: who.credit_code.clone(), ..Applicant::new("buyer") };
    world.applicant(&next).await.get("/company").await.ok();
}
