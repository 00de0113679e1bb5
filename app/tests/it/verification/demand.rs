//! The demand side: a company that buys shows that it does before its people read contacts; until then it only says so.

use super::{pages, photo, refusal, second};
use crate::colleague::{account, colleague, remove};
use crate::consent::give;
use crate::contacts::{NAME, PURPOSE, at_door, authorise, named};
use crate::people::Applicant;
use crate::world::{Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The case.
pub const CASE: &str = "/company/verification/demand-side";

/// Hands in both steps, and the case. Answers its address on the desk.
pub async fn hand_in(member: &Browser) -> String {
    for step in ["need", "undertaking"] {
        member.upload(&format!("{CASE}/steps/{step}"), &[], &[("pages", "立项.jpg", &photo())]).await.ok();
    }
    let case = member.post(&format!("{CASE}/handing-in"), json!({})).await.ok().json();
    format!("/desk/verifications/{}", case["id"].as_str().expect("an id"))
}

/// Both steps are accepted.
pub fn accepted() -> Value {
    json!({
        "need": "accept", "need_checks": ["name", "purchase", "recent"],
        "undertaking": "accept", "undertaking_checks": ["seal", "use", "deletion"],
    })
}

/// A reviewer takes the case up and accepts it.
pub async fn accept(reviewer: &Browser, case: &str) {
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{case}/decision"), accepted()).await.ok();
}

/// The member, of a company that is verified as demand side.
pub async fn verified(world: &World, member: Browser) -> Browser {
    let case = hand_in(&member).await;
    accept(&world.operator().await, &case).await;
    world.settle().await;
    member
}

/// A member with a buyer's duty of such a company.
pub async fn demand_side(world: &World) -> Browser {
    verified(world, world.member("buyer").await).await
}

/// A provider whose contact and who itself have said yes.
async fn agreed(world: &World) -> String {
    let (provider, company, phone) = named(world).await;
    authorise(&provider).await;
    give(&at_door(world, &phone).await, PURPOSE).await.ok();
    company
}

/// Where a provider's contacts are shown.
fn showing(company: &str) -> String {
    format!("/companies/{company}/contacts/showing")
}

/// The lines of the inbox about verifications, the newest first.
async fn told(member: &Browser) -> Vec<String> {
    let inbox = member.get("/inbox").await.ok().json();
    let lines = inbox["unread"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap().to_owned());
    lines.filter(|kind| kind.starts_with("verification-")).collect()
}

#[tokio::test]
async fn a_buyer_that_only_says_so_reads_no_contact() {
    let world = World::new().await;
    let company = agreed(&world).await;
    let path = showing(&company);
    let (buyer, both) = (world.member("buyer").await, world.member("both").await);
    for declared in [&buyer, &both] {
        let refused = declared.post(&path, json!({})).await;
        assert_eq!(refusal(&refused), (403, "demand-side-first".into()), "{}", refused.text);
        assert_eq!(declared.get(&format!("/companies/{company}/contacts")).await.code(), "demand-side-first");
        assert!(!refused.text.contains(NAME));
    }
    // Handing in is not being verified, nor is a step that was refused.
    let (case, reviewer) = (hand_in(&buyer).await, world.operator().await);
    assert_eq!(buyer.post(&path, json!({})).await.code(), "demand-side-first");
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let half = json!({
        "need": "accept", "need_checks": ["name", "purchase", "recent"],
        "undertaking": "refuse", "undertaking_reason": "没有写明用完删除，请补写后盖章",
    });
    reviewer.post(&format!("{case}/decision"), half).await.ok();
    assert_eq!(buyer.post(&path, json!({})).await.code(), "demand-side-first");
    assert!(buyer.page(CASE).await.ok().text.contains("没有写明用完删除"));
    buyer.upload(&format!("{CASE}/steps/undertaking"), &[], &[("pages", "a.jpg", &photo())]).await.ok();
    buyer.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let rest = json!({ "undertaking": "accept", "undertaking_checks": ["seal", "use", "deletion"] });
    reviewer.post(&format!("{case}/decision"), rest).await.ok();
    world.settle().await;
    assert!(buyer.post(&path, json!({})).await.ok().text.contains(NAME));
    assert_eq!(told(&buyer).await, ["verification-accepted"]);
    assert_eq!(both.post(&path, json!({})).await.code(), "demand-side-first", "of its own company, and of no other");
    // A colleague without a buyer's duty reads nothing, and one who was removed nothing more.
    let (viewer, purchaser) =
        (colleague(&world, &buyer, &["viewer"]).await, colleague(&world, &buyer, &["buyer"]).await);
    assert_eq!(viewer.post(&path, json!({})).await.code(), "duty-buyer");
    purchaser.post(&path, json!({})).await.ok();
    remove(&buyer, &account(&purchaser).await).await.ok();
    assert_eq!(purchaser.post(&path, json!({})).await.code(), "unauthenticated");
}

#[tokio::test]
async fn it_comes_after_the_company_and_for_buyers_only() {
    let world = World::new().await;
    let (pending, provider) = (world.applicant(&Applicant::new("buyer")).await, world.member("provider").await);
    let file = [("pages", "a.jpg", photo())];
    for (who, code) in [(&pending, "company-pending"), (&provider, "buyers-only")] {
        assert_eq!(who.get(CASE).await.code(), code);
        let files = [(file[0].0, file[0].1, file[0].2.as_slice())];
        assert_eq!(who.upload(&format!("{CASE}/steps/need"), &[], &files).await.code(), code);
        for act in ["handing-in", "taking-back", "renewal"] {
            assert_eq!(who.post(&format!("{CASE}/{act}"), json!({})).await.code(), code, "{act}");
        }
    }
    let kinds = |overview: Value| overview["cases"].to_string().contains("\"demand-side\"");
    assert!(!kinds(provider.get("/company/verification").await.ok().json()));
    assert!(kinds(pending.get("/company/verification").await.ok().json()));
    assert!(pending.page("/company/verification").await.ok().text.contains("公司认证之后"));
    let buyer = world.member("buyer").await;
    let wrong = buyer.upload(&format!("{CASE}/steps/licence"), &[], &[("pages", "a.jpg", &photo())]).await;
    assert_eq!(wrong.status, 404, "a step of another kind");
    assert!(!buyer.page(CASE).await.ok().text.contains('⟦'));
    assert!(!buyer.page(&format!("{CASE}?lang=en")).await.ok().text.contains('⟦'));
}

#[tokio::test]
async fn a_refusal_is_told_appealed_to_another_and_begun_anew() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (one, other) = (world.operator().await, second(&world).await);
    let case = hand_in(&buyer).await;
    one.post(&format!("{case}/claim"), json!({})).await.ok();
    one.post(&format!("{case}/refusal"), json!({ "reason": "立项批复是别家公司的" })).await.ok();
    world.settle().await;
    assert_eq!(told(&buyer).await, ["verification-refused"]);
    let shown = buyer.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&shown["reason"], &shown["may_renew"]), (&json!("立项批复是别家公司的"), &json!(true)));
    assert_eq!(buyer.get("/session").await.json()["company"]["state"], "approved", "the company stays what it is");
    buyer.post(&format!("{CASE}/appeal"), json!({ "appeal": "批复上的名称是更名之前的。" })).await.ok();
    assert_eq!(buyer.get("/session").await.json()["company"]["state"], "approved", "nor does an appeal touch it");
    let own = one.post(&format!("{case}/claim"), json!({})).await;
    assert_eq!(refusal(&own), (409, "verification-own-decision".into()));
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    other.post(&format!("{case}/refusal"), json!({ "reason": "更名没有登记" })).await.ok();
    let again = buyer.post(&format!("{CASE}/appeal"), json!({ "appeal": "请再看一次这份材料。" })).await;
    assert_eq!(refusal(&again), (409, "verification-appealed".into()));
    buyer.post(&format!("{CASE}/renewal"), json!({})).await.ok();
    let shown = buyer.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&shown["state"], pages(&shown, "need").len()), (&json!("open"), 0), "nothing of before counts");
    let twice = buyer.post(&format!("{CASE}/renewal"), json!({})).await;
    assert_eq!(refusal(&twice), (409, "verification-not-decided".into()));
    assert_eq!(hand_in(&buyer).await, case);
    accept(&one, &case).await;
    assert_eq!(buyer.get("/company/verification").await.ok().json()["level"], "demand-side");
}

#[tokio::test]
async fn it_ends_after_a_year_with_a_reminder_and_holds_through_a_re_check() {
    let world = World::new().await;
    let buyer = demand_side(&world).await;
    super::recheck::far(&world).await;
    world.stay_signed_in(800).await;
    let level = async || buyer.get("/company/verification").await.ok().json()["level"].clone();
    let early = buyer.post(&format!("{CASE}/renewal"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-holds".into()));
    world.pass(SignedDuration::from_hours(24 * 336)).await;
    assert_eq!(told(&buyer).await, ["verification-ends-soon", "verification-accepted"]);
    assert!(buyer.page(CASE).await.ok().text.contains("重新认证"));
    buyer.post(&format!("{CASE}/renewal"), json!({})).await.ok();
    assert_eq!(level().await, "demand-side", "what was accepted holds until its end");
    let case = hand_in(&buyer).await;
    world.pass(SignedDuration::from_hours(24 * 30)).await;
    assert_eq!(level().await, "company", "and no longer");
    assert_eq!(told(&buyer).await[0], "verification-ended");
    let refused = buyer.get(&format!("/companies/{}/contacts", crate::sourcing::id())).await;
    assert_eq!(refusal(&refused), (403, "demand-side-first".into()));
    accept(&world.operator().await, &case).await;
    assert_eq!(level().await, "demand-side");
    // A re-check that is refused ends it at once.
    world.pass(SignedDuration::from_hours(24 * 340)).await;
    buyer.post(&format!("{CASE}/renewal"), json!({})).await.ok();
    hand_in(&buyer).await;
    let operator = world.operator().await;
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    operator.post(&format!("{case}/refusal"), json!({ "reason": "采购计划是伪造的" })).await.ok();
    assert_eq!(level().await, "company");
}

#[tokio::test]
async fn whoever_is_verified_no_more_when_the_act_comes_is_refused_though_the_page_was_open() {
    let world = World::new().await;
    let company = agreed(&world).await;
    let buyer = demand_side(&world).await;
    let page = buyer.page(&format!("/companies/{company}/contacts")).await.ok().text;
    assert!(page.contains("1 位联系人"), "{page}");
    let end = |tx: &mut kit::db::Tx| {
        let now = tx.now();
        tx.execute("UPDATE verification_case SET valid_until = $1 WHERE kind = 'demand-side'", kit::values![now])
    };
    world.app.db().write::<_, kit::db::Error>(end).await.unwrap();
    let late = buyer.post(&showing(&company), json!({})).await;
    assert_eq!(refusal(&late), (403, "demand-side-first".into()));
    assert!(!late.text.contains(NAME));
}
