//! Letters of authorisation: who acts in a company's name where it asks for letters, and what no letter lets anybody do.

use crate::account::refused;
use crate::colleague::{account, colleague, invite, register, remove};
use crate::people::Applicant;
use crate::sourcing::{add_lot, bid, draft, id, in_days, publish, published, submit, text};
use crate::verification::refusal;
use crate::world::{Browser, World};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The form of a letter for these acts, from now on for thirty days.
fn letter(world: &World, account: &str, acts: &[&str]) -> Value {
    json!({
        "id": id(), "account": account, "act": acts, "target": "",
        "valid_from": in_days(world, 0), "valid_until": in_days(world, 30),
    })
}

/// The same for one tender or lot.
fn letter_for(world: &World, account: &str, acts: &[&str], target: &str) -> Value {
    let mut form = letter(world, account, acts);
    form["target"] = json!(target);
    form
}

/// The company asks for letters: `none`, `letters` or `persons`.
async fn ask_for(owner: &Browser, rule: &str) {
    owner.post("/company/mandate-rule", json!({ "rule": rule })).await.ok();
}

/// Issues it; answers its address.
async fn issue(owner: &Browser, form: Value) -> String {
    format!("/company/mandates/{}", text(&owner.post("/company/mandates", form).await.ok().json(), "id"))
}

async fn revoke(owner: &Browser, letter: &str) {
    owner.post(&format!("{letter}/revocation"), json!({})).await.ok();
}

/// An owner of a provider that asks for letters, and a colleague of theirs who bids.
async fn firm(world: &World) -> (Browser, Browser, String) {
    let owner = world.member("provider").await;
    let bidder = colleague(world, &owner, &["bidder"]).await;
    let account = account(&bidder).await;
    ask_for(&owner, "letters").await;
    (owner, bidder, account)
}

async fn tries(bidder: &Browser, lot: &str) -> (u16, String) {
    refusal(&submit(bidder, lot, &id(), "300").await)
}

#[tokio::test]
async fn who_holds_no_letter_in_force_does_not_bid() {
    let world = World::new().await;
    let (tender, lot) = published(&world, &world.member("buyer").await).await;
    let (owner, bidder, account) = firm(&world).await;
    let refused = submit(&bidder, &lot, &id(), "300").await;
    assert_eq!(refusal(&refused), (403, "mandate-missing".into()));
    assert_eq!(refused.json()["way"], "/company/mandates", "{}", refused.text);
    let page = bidder.page(&format!("/lots/{lot}/bids/new")).await;
    assert!(
        page.status == 403 && page.text.contains("href=\"/company/mandates\""),
        "the form says so before: {}",
        page.text
    );
    issue(&owner, letter(&world, &account, &["ask", "award"])).await;
    assert_eq!(tries(&bidder, &lot).await, (403, "mandate-scope".into()), "another act");
    let (other, _) = published(&world, &world.member("buyer").await).await;
    issue(&owner, letter_for(&world, &account, &["bid"], &other)).await;
    assert_eq!(tries(&bidder, &lot).await, (403, "mandate-scope".into()), "another tender");
    let mut later = letter(&world, &account, &["bid"]);
    (later["valid_from"], later["valid_until"]) = (json!(in_days(&world, 1)), json!(in_days(&world, 2)));
    issue(&owner, later).await;
    assert_eq!(tries(&bidder, &lot).await, (403, "mandate-not-yet".into()));
    let question = json!({ "question_id": id(), "question": "是否接受联合体投标？" });
    bidder.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    world.pass(SignedDuration::from_hours(25)).await;
    let bidder = world.again(&bidder).await;
    let own = bid(&bidder, &lot, "300").await;
    world.pass(SignedDuration::from_hours(24)).await;
    let bidder = world.again(&bidder).await;
    let withdrawal = bidder.post(&format!("/bids/{own}/withdrawal"), json!({ "version": 1 })).await;
    assert_eq!(refusal(&withdrawal), (403, "mandate-over".into()), "it binds the withdrawal as it does the bid");
    let owner = world.again(&owner).await;
    owner.post(&format!("/bids/{own}/withdrawal"), json!({ "version": 1 })).await.ok();
}

#[tokio::test]
async fn a_letter_that_was_revoked_refuses_the_bid_at_once() {
    let world = World::new().await;
    let (_, lot) = published(&world, &world.member("buyer").await).await;
    let (owner, bidder, account) = firm(&world).await;
    let letter = issue(&owner, letter_for(&world, &account, &["bid"], &lot)).await;
    bidder.page(&format!("/lots/{lot}/bids/new")).await.ok();
    for _ in 0..2 {
        revoke(&owner, &letter).await;
    }
    assert_eq!(tries(&bidder, &lot).await, (403, "mandate-revoked".into()), "though the page was open");
    world.settle().await;
    let told = bidder.get("/inbox").await.ok().json();
    let unread = told["unread"].as_array().unwrap().iter();
    let mut kinds: Vec<_> = unread.map(|line| line["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["mandate-issued", "mandate-revoked"]);
    assert!(bidder.page(&letter).await.ok().text.contains("已撤销"));
    // Who may act is decided in the unit of the act: of a bid and a revocation at once the later sees the earlier.
    for _ in 0..4 {
        let (_, lot) = published(&world, &world.member("buyer").await).await;
        let letter = issue(&owner, letter_for(&world, &account, &["bid"], &lot)).await;
        let (path, fields, own) = (format!("{letter}/revocation"), json!({}), id());
        let (sent, revoked) = tokio::join!(submit(&bidder, &lot, &own, "300"), owner.post(&path, fields));
        revoked.ok();
        assert!(sent.status == 201 || sent.code() == "mandate-revoked", "{}", sent.text);
        let again = tries(&bidder, &lot).await;
        assert_eq!(again, (403, "mandate-revoked".into()));
    }
}

#[tokio::test]
async fn a_letter_is_of_one_company_and_one_holder() {
    let world = World::new().await;
    let (tender, lot) = published(&world, &world.member("buyer").await).await;
    let (owner, bidder, holder) = firm(&world).await;
    let other = colleague(&world, &owner, &["bidder"]).await;
    let (stranger, theirs, their_account) = firm(&world).await;
    let form = letter(&world, &holder, &["bid"]);
    let letter = issue(&owner, form.clone()).await;
    assert_eq!(tries(&other, &lot).await, (403, "mandate-missing".into()), "another's letter");
    assert_eq!(tries(&theirs, &lot).await, (403, "mandate-missing".into()), "of another company");
    for (who, path) in [(&stranger, &letter), (&theirs, &letter), (&other, &letter)] {
        assert_eq!(who.get(path).await.status, 404);
    }
    assert_eq!(stranger.post(&format!("{letter}/revocation"), json!({})).await.status, 404);
    assert_eq!(stranger.post("/company/mandates", form.clone()).await.status, 404, "an id that is taken");
    let foreign = self::letter(&world, &their_account, &["bid"]);
    assert_eq!(owner.post("/company/mandates", foreign).await.status, 404, "nobody of the company");
    assert_eq!(
        text(&owner.post("/company/mandates", form).await.ok().json(), "id"),
        letter.rsplit('/').next().unwrap()
    );
    assert_eq!(world.count("SELECT count(*) FROM mandate").await, 1, "sent twice it is one letter");
    for act in ["/company/mandates", "/company/mandate-rule", &format!("{letter}/revocation")] {
        assert_eq!(bidder.post(act, json!({})).await.code(), "duty-owner", "{act}");
    }
    // Neither the row nor the event tells for which tender it is.
    issue(&owner, letter_for(&world, &holder, &["bid"], &tender)).await;
    let needle = tender.replace('-', "");
    world.rows(|table, row| {
        let is_about = table == "mandate" || table == "event" && String::from_utf8_lossy(row).contains("mandate");
        assert!(!is_about || !hex::encode(row).contains(&needle), "{table}");
    });
    assert!(owner.page("/company/mandates").await.ok().text.contains("岚河通信云平台设备维保服务采购"));
}

#[tokio::test]
async fn who_leaves_and_comes_back_brings_no_letter_along() {
    let world = World::new().await;
    let (_, lot) = published(&world, &world.member("buyer").await).await;
    let owner = world.member("provider").await;
    let who = Applicant::new("provider");
    let link = invite(&world, &owner, &who.email, &["bidder"]).await;
    let (done, mut bidder) = register(&world, &who, &link).await;
    done.ok();
    bidder.phone = who.phone.clone();
    let holder = account(&bidder).await;
    ask_for(&owner, "letters").await;
    let letter = issue(&owner, letter(&world, &holder, &["bid"])).await;
    remove(&owner, &holder).await.ok();
    assert_eq!(tries(&bidder, &lot).await, (401, "unauthenticated".into()));
    let gone = world.again(&bidder).await;
    assert_eq!(gone.get(&letter).await.code(), "no-company");
    world.pass(SignedDuration::from_secs(1)).await;
    let link = invite(&world, &owner, &who.email, &["bidder"]).await;
    gone.post(&format!("{link}/acceptance"), json!({})).await.ok();
    assert_eq!(tries(&gone, &lot).await, (403, "mandate-revoked".into()));
    let state = owner.get(&letter).await.ok().json()["letter"]["state"].clone();
    assert_eq!(state, "revoked");
}

#[tokio::test]
async fn every_act_that_a_letter_names_asks_for_it_and_owners_need_none() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let purchaser = colleague(&world, &buyer, &["buyer", "project-manager"]).await;
    let account = account(&purchaser).await;
    ask_for(&buyer, "letters").await;
    let prepare = async || {
        let tender = text(&purchaser.post("/tenders", draft(&world)).await.ok().json(), "id");
        add_lot(&purchaser, &tender, &id(), "服务器与存储维保").await;
        tender
    };
    let tender = prepare().await;
    assert_eq!(publish(&purchaser, &tender).await.code(), "mandate-missing");
    issue(&buyer, letter_for(&world, &account, &["publish"], &tender)).await;
    publish(&purchaser, &tender).await.ok();
    assert_eq!(publish(&purchaser, &prepare().await).await.code(), "mandate-scope", "for that one only");
    let provider = world.member("provider").await;
    let question = id();
    let fields = json!({ "question_id": question, "question": "是否接受联合体投标？" });
    provider.post(&format!("/tenders/{tender}/questions"), fields).await.ok();
    let answer = json!({ "answer": "不接受联合体投标。" });
    let path = format!("/questions/{question}/answer");
    assert_eq!(purchaser.post(&path, answer.clone()).await.code(), "mandate-scope");
    buyer.post(&path, answer).await.ok();
    // The company asks no more, and duties are enough again.
    ask_for(&buyer, "none").await;
    publish(&purchaser, &prepare().await).await.ok();
    let rules = buyer.get("/company/mandates").await.ok().json();
    assert_eq!(rules["rule"]["rule"], "none");
}

#[tokio::test]
async fn what_is_issued_is_checked_reminded_of_and_typeset() {
    let world = World::new().await;
    let (owner, bidder, holder) = firm(&world).await;
    let with = |name: &str, value: Value| {
        let mut form = letter(&world, &holder, &["bid"]);
        form[name] = value;
        form
    };
    for (name, value, field, code) in [
        ("act", json!([]), "act", "choice"),
        ("act", json!(["bid", "abdicate"]), "act", "choice"),
        ("valid_until", json!(in_days(&world, -1)), "valid_until", "mandate-ends-first"),
        ("valid_until", json!(in_days(&world, 800)), "valid_until", "mandate-too-long"),
        ("target", json!("x"), "target", "id"),
        ("target", json!(id()), "target", "mandate-target"),
        ("account", json!(""), "account", "required"),
    ] {
        refused(&owner.post("/company/mandates", with(name, value)).await, field, code);
    }
    let mut past = with("valid_from", json!(in_days(&world, -9)));
    past["valid_until"] = json!(in_days(&world, -2));
    refused(&owner.post("/company/mandates", past).await, "valid_until", "mandate-over-already");
    refused(&owner.post("/company/mandate-rule", json!({ "rule": "perhaps" })).await, "rule", "choice");
    let letter = issue(&owner, with("act", json!(["bid", "ask"]))).await;
    for page in ["/company/mandates", letter.as_str()] {
        for who in [&owner, &bidder] {
            let shown = who.page(&format!("{page}?lang=zh")).await.ok().text;
            assert!(shown.contains("投标、替换和撤回") && !shown.contains('⟦'), "{shown}");
            assert!(!who.page(&format!("{page}?lang=en")).await.ok().text.contains('⟦'));
        }
    }
    assert!(bidder.page(&format!("{letter}?lang=zh")).await.ok().text.contains("委托人（盖章）"));
    world.stay_signed_in(60).await;
    world.pass(SignedDuration::from_hours(24 * 24)).await;
    let kinds = async |who: &Browser| {
        let inbox = who.get("/inbox").await.ok().json();
        inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == "mandate-ends-soon").count()
    };
    assert_eq!((kinds(&owner).await, kinds(&bidder).await), (1, 1));
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(bidder.get(&letter).await.ok().json()["letter"]["state"], "over");
    let rushed = join_all((0..2).map(|_| owner.post("/company/mandate-rule", json!({ "rule": "persons" })))).await;
    assert!(rushed.iter().all(|answer| answer.status == 201), "two owners at once");
}
