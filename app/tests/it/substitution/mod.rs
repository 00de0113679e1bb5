//! Substitution while away: who acts for whom, from when until when, and what never passes.

mod approval;
mod ending;
mod record;

use crate::colleague::{account, colleague};
use crate::sourcing::{add_lot, draft, id, publish, text};
use crate::verification::refusal;
use crate::world::{Answer, Browser, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub const PLACE: &str = "/company/substitutions";

/// A company whose buyer will be away, and a colleague who only reads.
pub struct Firm {
    pub owner: Browser,
    pub absent: Browser,
    pub substitute: Browser,
}

impl Firm {
    pub async fn new(world: &World, side: &str, absent: &[&str], substitute: &[&str]) -> Self {
        let owner = world.member(side).await;
        let absent = colleague(world, &owner, absent).await;
        let substitute = colleague(world, &owner, substitute).await;
        Self { owner, absent, substitute }
    }

    /// The same, with the substitution accepted that runs today and tomorrow.
    pub async fn standing_in(world: &World, side: &str, absent: &[&str], substitute: &[&str]) -> (Self, String) {
        let firm = Self::new(world, side, absent, substitute).await;
        let path = asked(world, &firm.owner, &firm.absent, &firm.substitute, 0, 1).await;
        accept(&firm.substitute, &path).await.ok();
        (firm, path)
    }
}

/// By which e-mail somebody's account is reached, as the owner reads it.
pub async fn email(owner: &Browser, one: &Browser) -> String {
    let (account, people) = (account(one).await, owner.get("/company/people").await.ok().json());
    let found = people["members"].as_array().unwrap().iter().find(|line| line["account"] == account.as_str());
    text(found.expect("a colleague"), "email")
}

/// A day by the calendar of the installation, so many after today.
pub fn day(world: &World, days: i64) -> String {
    let at = world.clock.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
    at.to_zoned_datetime(world.app.zone()).date().to_string()
}

/// What the form sends.
pub fn form(world: &World, email: &str, from: i64, until: i64) -> Value {
    json!({ "id": id(), "email": email, "begins_on": day(world, from), "ends_on": day(world, until) })
}

/// Asks a colleague to stand in from one day to another; answers where it is.
pub async fn asked(
    world: &World,
    owner: &Browser,
    absent: &Browser,
    substitute: &Browser,
    from: i64,
    until: i64,
) -> String {
    let form = form(world, &email(owner, substitute).await, from, until);
    let made = absent.post(PLACE, form).await.ok().json();
    format!("{PLACE}/{}", text(&made, "id"))
}

pub async fn accept(who: &Browser, path: &str) -> Answer {
    who.post(&format!("{path}/acceptance"), json!({})).await
}

pub async fn end(who: &Browser, path: &str) -> Answer {
    who.post(&format!("{path}/ending"), json!({})).await
}

pub async fn state(who: &Browser, path: &str) -> String {
    text(&who.get(path).await.ok().json()["substitution"], "state")
}

/// A draft with one lot.
pub async fn prepared(world: &World, buyer: &Browser) -> String {
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    add_lot(buyer, &tender, &id(), "服务器与存储维保").await;
    tender
}

fn instant(shown: &Value, field: &str) -> Timestamp {
    shown["substitution"][field].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_substitute_acts_with_both_duties_from_the_first_instant_and_not_at_the_last() {
    let world = World::new().await;
    let firm = Firm::new(&world, "buyer", &["buyer"], &["viewer"]).await;
    let Firm { owner, absent, substitute } = &firm;
    world.stay_signed_in(30).await;
    let path = asked(&world, owner, absent, substitute, 2, 4).await;
    let may = async || substitute.post("/tenders", draft(&world)).await;
    accept(substitute, &path).await.ok();
    assert_eq!(refusal(&may().await), (403, "duty-preparer".into()), "accepted, and not begun");
    assert_eq!(state(absent, &path).await, "coming");
    let shown = absent.get(&path).await.ok().json();
    let (begins, ends) = (instant(&shown, "begins_at"), instant(&shown, "ends_at"));
    assert_eq!(begins.to_zoned_datetime(world.app.zone()).hour(), 0, "a day begins by the installation's zone");
    assert_eq!(ends.duration_since(begins), SignedDuration::from_hours(72), "the last day is one of them");
    let minute = SignedDuration::from_mins(1);
    world.until(begins - minute).await;
    assert_eq!(may().await.code(), "duty-preparer");
    world.until(begins).await;
    may().await.ok();
    assert_eq!(state(substitute, &path).await, "running");
    let tender = prepared(&world, substitute).await;
    world.until(ends - minute).await;
    may().await.ok();
    world.until(ends).await;
    assert_eq!(may().await.code(), "duty-preparer");
    assert_eq!(publish_code(substitute, &tender).await, "duty-buyer");
    assert_eq!(state(absent, &path).await, "over");
    // A clock that goes back and forth leaves nothing behind.
    world.clock.set(ends - minute);
    may().await.ok();
    world.clock.set(begins - minute);
    assert_eq!(may().await.code(), "duty-preparer");
}

async fn publish_code(who: &Browser, tender: &str) -> String {
    who.post(&format!("/tenders/{tender}/publication"), json!({ "version": 2 })).await.code()
}

#[tokio::test]
async fn nobody_becomes_an_owner_nor_a_data_contact_by_standing_in() {
    let world = World::new().await;
    let owner = world.member("both").await;
    let substitute = colleague(&world, &owner, &["viewer"]).await;
    let path = asked(&world, &owner, &owner, &substitute, 0, 1).await;
    accept(&substitute, &path).await.ok();
    let shown = substitute.get(&path).await.ok().json();
    let passed = ["buyer", "project-manager", "bidder", "finance"];
    assert_eq!(shown["substitution"]["duties"], json!(passed));
    substitute.post("/tenders", draft(&world)).await.ok();
    let own = account(&substitute).await;
    let invited = crate::colleague::invitation("nobody@hengchuan.example", &["viewer"]);
    assert_eq!(refusal(&substitute.post("/company/invitations", invited).await), (403, "duty-owner".into()));
    assert_eq!(refusal(&substitute.get(&format!("/company/people/{own}")).await), (403, "duty-owner".into()));
    let digest = substitute.post("/company/authorisations/digest", json!({})).await;
    assert_eq!(refusal(&digest), (403, "duty-personal-information".into()));
    let people = substitute.get("/company/people").await.ok().json();
    assert!(people["members"].as_array().unwrap().iter().all(|one| one["email"].is_null()), "no addresses are opened");
    assert!(substitute.get(PLACE).await.ok().json()["is_owner"] == false);
}

#[tokio::test]
async fn what_has_passed_passes_no_further_and_nobody_stands_in_while_away() {
    let world = World::new().await;
    let (Firm { owner, absent, substitute }, _) = Firm::standing_in(&world, "both", &["buyer"], &["bidder"]).await;
    let third = colleague(&world, &owner, &["viewer"]).await;
    let on = asked(&world, &owner, &substitute, &third, 0, 1).await;
    accept(&third, &on).await.ok();
    assert_eq!(third.get(&on).await.ok().json()["substitution"]["duties"], json!(["bidder"]));
    assert_eq!(refusal(&third.post("/tenders", draft(&world)).await), (403, "duty-preparer".into()));
    // Back to whoever is away themselves: they cannot be asked for these days, nor accept for them.
    let refused = third.post(PLACE, form(&world, &email(&owner, &owner).await, 0, 1)).await;
    assert_eq!(refusal(&refused), (409, "substitution-nothing".into()), "who only reads has nothing to pass");
    let other = colleague(&world, &owner, &["finance"]).await;
    let refused = other.post(PLACE, form(&world, &email(&owner, &absent).await, 1, 3)).await;
    assert_eq!(refused.json()["errors"][0]["code"], "substitute-is-away");
    let fresh = colleague(&world, &owner, &["project-manager"]).await;
    let waits = asked(&world, &owner, &other, &fresh, 5, 6).await;
    let away = asked(&world, &owner, &fresh, &third, 6, 8).await;
    accept(&third, &away).await.ok();
    assert_eq!(refusal(&accept(&fresh, &waits).await), (409, "substitute-away".into()));
}

#[tokio::test]
async fn a_form_that_asks_too_much_is_told_what_is_wrong() {
    let world = World::new().await;
    let Firm { owner, absent, substitute } = Firm::new(&world, "buyer", &["buyer"], &["viewer"]).await;
    let (known, own) = (email(&owner, &substitute).await, email(&owner, &absent).await);
    let stranger = world.member("buyer").await;
    let theirs = email(&stranger, &stranger).await;
    for (email, from, until, code) in [
        (known.as_str(), 3, 2, "substitution-ends-first"),
        (&known, 0, 90, "substitution-too-long"),
        (&known, -3, -1, "substitution-past"),
        (&known, 400, 401, "substitution-far"),
        (&own, 0, 1, "substitute-self"),
        (&theirs, 0, 1, "substitute-unknown"),
        ("nobody@hengchuan.example", 0, 1, "substitute-unknown"),
    ] {
        let refused = absent.post(PLACE, form(&world, email, from, until)).await;
        assert_eq!((refused.status.as_u16(), refused.json()["errors"][0]["code"].clone()), (422, json!(code)));
    }
    world.app.db().write::<_, kit::db::Error>(|tx| tx.execute("DELETE FROM rate_limit", &[])).await.unwrap();
    let mut broken = form(&world, &known, 0, 1);
    broken["begins_on"] = json!("2026-13-45");
    assert_eq!(absent.post(PLACE, broken).await.json()["errors"][0]["code"], "day");
    let page = absent.submit(PLACE, &[("id", &id()), ("email", &known), ("begins_on", ""), ("ends_on", "")]).await;
    assert!(page.status == 422 && page.text.contains(&known), "what was typed stays");
    // The longest that is let pass; sent twice it is one.
    let longest = form(&world, &known, 0, 89);
    let (one, other) = tokio::join!(absent.post(PLACE, longest.clone()), absent.post(PLACE, longest.clone()));
    assert_eq!(one.ok().json()["id"], other.ok().json()["id"]);
    assert_eq!(world.count("SELECT count(*) FROM substitution").await, 1);
    assert_eq!(refusal(&absent.post(PLACE, form(&world, &known, 5, 6)).await), (409, "substitution-overlaps".into()));
    assert_eq!(refusal(&owner.post(PLACE, longest).await), (404, "not-found".into()), "another's id");
    let tries = async || absent.post(PLACE, form(&world, "nobody@hengchuan.example", 100, 101)).await.status.as_u16();
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(tries().await);
    }
    assert!(answers.contains(&429), "whoever tries addresses learns of few: {answers:?}");
}

#[tokio::test]
async fn a_substitution_is_the_business_of_three() {
    let world = World::new().await;
    let Firm { owner, absent, substitute } = Firm::new(&world, "buyer", &["buyer"], &["viewer"]).await;
    let (stranger, other) = (world.member("buyer").await, colleague(&world, &owner, &["buyer"]).await);
    let path = asked(&world, &owner, &absent, &substitute, 0, 1).await;
    for who in [&stranger, &other] {
        assert_eq!(who.get(&path).await.status, 404);
        for act in ["acceptance", "refusal", "ending"] {
            assert_eq!(who.post(&format!("{path}/{act}"), json!({})).await.status, 404, "{act}");
        }
        let list = who.get(PLACE).await.ok().json();
        assert!(list["open"].as_array().unwrap().is_empty() && list["over"].as_array().unwrap().is_empty());
    }
    for who in [&absent, &owner] {
        assert_eq!(accept(who, &path).await.status, 404, "only who is asked accepts");
        assert_eq!(who.post(&format!("{path}/refusal"), json!({})).await.status, 404);
    }
    for who in [&owner, &absent, &substitute] {
        assert_eq!(state(who, &path).await, "asked");
        for address in [PLACE, path.as_str()] {
            let page = who.page(address).await.ok().text;
            assert!(!page.contains('⟦'), "{page}");
        }
    }
    accept(&substitute, &path).await.ok();
    accept(&substitute, &path).await.ok();
    assert_eq!(
        refusal(&substitute.post(&format!("{path}/refusal"), json!({})).await),
        (409, "substitution-over".into())
    );
    publish(&substitute, &prepared(&world, &substitute).await).await.ok();
    assert!(substitute.page(PLACE).await.ok().text.contains("不再代理"));
}
