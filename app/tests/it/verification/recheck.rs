//! The yearly re-check of a company's own case: told of, done without papers where nothing has changed, and overdue without harm
//! to others.

use super::{CASE, accepted, give, photo, refusal, second};
use crate::account::refused;
use crate::colleague::colleague;
use crate::firm::{identity, standing};
use crate::people::Applicant;
use crate::sourcing::{after, bid, id, published, submit};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

const RECHECK: &str = "/company/verification/company/recheck";

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// The member, of a company whose day came a moment ago.
pub async fn overdue(world: &World, member: Browser) -> Browser {
    let company = member.get("/company").await.ok().json()["company"]["id"].as_str().unwrap().to_owned();
    let company: kit::id::Id<()> = company.parse().unwrap();
    let end = move |tx: &mut kit::db::Tx| {
        let now = tx.now();
        let sql = "UPDATE verification_case SET valid_until = $1 WHERE kind = 'company' AND company = $2";
        tx.execute(sql, kit::values![now, company])
    };
    assert_eq!(world.app.db().write::<_, kit::db::Error>(end).await.unwrap(), 1, "it has a day");
    member
}

/// For tests about other verifications: the companies' own are far from their day.
pub async fn far(world: &World) {
    let far = |tx: &mut kit::db::Tx| {
        let later = tx.now() + days(10_000);
        let sql = "UPDATE verification_case SET valid_until = $1, remind_at = NULL WHERE kind = 'company'";
        tx.execute(sql, kit::values![later])
    };
    world.app.db().write::<_, kit::db::Error>(far).await.unwrap();
}

async fn say(member: &Browser, what: &str) -> Answer {
    member.post(RECHECK, json!({ "recheck": what })).await
}

async fn level(member: &Browser) -> Value {
    member.get("/company/verification").await.ok().json()["level"].clone()
}

/// The lines of the inbox about verifications, the newest first.
async fn told(member: &Browser) -> Vec<String> {
    let inbox = member.get("/inbox").await.ok().json();
    let lines = inbox["unread"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap().to_owned());
    lines.filter(|kind| kind.starts_with("verification-")).collect()
}

async fn on_desk(answer: Answer) -> String {
    format!("/desk/verifications/{}", answer.ok().json()["id"].as_str().unwrap())
}

fn same() -> Value {
    json!({ "outcome": "same", "recheck_checks": ["register", "operating"] })
}

#[tokio::test]
async fn a_year_later_it_is_told_of_and_comes_back_without_papers_where_nothing_has_changed() {
    let world = World::new().await;
    let member = world.member("both").await;
    world.stay_signed_in(900).await;
    assert_eq!(refusal(&say(&member, "unchanged").await), (409, "verification-holds".into()));
    world.pass(days(334)).await;
    assert!(told(&member).await.is_empty() && !member.page(CASE).await.ok().text.contains("将要复核"));
    world.pass(days(1)).await;
    assert_eq!(told(&member).await, ["verification-ends-soon"]);
    let page = member.page(CASE).await.ok().text;
    assert!(page.contains("将要复核") && page.contains("不用上传材料") && !page.contains('⟦'), "{page}");
    let tasks = member.get("/").await.ok().json()["tasks"].to_string();
    assert!(tasks.contains("verification-waiting-recheck"), "{tasks}");
    refused(&member.post(RECHECK, json!({})).await, "recheck", "required");
    let case = on_desk(say(&member, "unchanged").await).await;
    assert_eq!(refusal(&say(&member, "unchanged").await), (409, "verification-not-decided".into()), "sent twice");
    assert_eq!(level(&member).await, "company", "it holds until its day");
    // Nobody has looked: it can be taken back, and stands as it was.
    member.post(&format!("{CASE}/taking-back"), json!({})).await.ok();
    assert_eq!(member.get(CASE).await.ok().json()["case"]["state"], "accepted");
    say(&member, "unchanged").await.ok();
    let reviewer = world.operator().await;
    assert!(reviewer.page("/desk/verifications").await.ok().text.contains("年度复核"));
    world.pass(days(30)).await;
    assert_eq!((level(&member).await, told(&member).await[0].as_str()), (json!("overdue"), "verification-ended"));
    let reviewer = world.operator().await;
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let page = reviewer.page(&case).await.ok().text;
    assert!(page.contains("请按国家企业信用信息公示系统核对") && !page.contains('⟦'), "{page}");
    assert!(!reviewer.page(&format!("{case}?lang=en")).await.ok().text.contains('⟦'));
    let aside = reviewer.post(&format!("{case}/decision"), json!({})).await;
    assert_eq!(refusal(&aside), (409, "recheck-asked".into()), "nothing is accepted by deciding on nothing");
    refused(
        &reviewer.post(&format!("{case}/recheck"), json!({ "outcome": "same" })).await,
        "recheck_checks",
        "all-checks",
    );
    refused(&reviewer.post(&format!("{case}/recheck"), json!({ "outcome": "papers" })).await, "reason", "reason");
    let other = second(&world).await;
    assert_eq!(
        refusal(&other.post(&format!("{case}/recheck"), same()).await),
        (409, "verification-not-claimed".into())
    );
    reviewer.post(&format!("{case}/recheck"), same()).await.ok();
    world.settle().await;
    assert_eq!((level(&member).await, told(&member).await[0].as_str()), (json!("company"), "verification-accepted"));
    let again = reviewer.post(&format!("{case}/recheck"), same()).await;
    assert_eq!(refusal(&again), (409, "recheck-not-asked".into()));
    world.pass(days(364)).await;
    assert_eq!(level(&member).await, "company", "a year from the re-check");
}

#[tokio::test]
async fn an_overdue_re_check_stops_what_is_new_and_nothing_that_goes_on() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (tender, lot) = published(&world, &buyer).await;
    let (_, other_lot) = published(&world, &world.member("buyer").await).await;
    let first = bid(&provider, &lot, "100").await;
    for price in ["200", "300"] {
        bid(&world.member("provider").await, &lot, price).await;
    }
    let (buyer, provider) = (overdue(&world, buyer).await, overdue(&world, provider).await);
    // What is new.
    let anew = buyer.post("/tenders", json!({ "id": id() })).await;
    assert_eq!(refusal(&anew), (403, "recheck-overdue".into()));
    assert_eq!((&anew.json()["level"], &anew.json()["way"]), (&json!("company"), &json!("/company/verification")));
    assert_eq!(refusal(&submit(&provider, &other_lot, &id(), "100").await), (403, "recheck-overdue".into()));
    let page = buyer.page("/tenders/new").await;
    assert!(page.text.contains("href=\"/company/verification\"") && page.text.contains("逾期"), "{}", page.text);
    let page = provider.page(CASE).await.ok().text;
    assert!(page.contains("暂停的") && page.contains("不受影响的") && !page.contains('⟦'), "{page}");
    let levels = provider.page("/company/verification").await.ok().text;
    assert!(levels.contains("公司已认证，复核逾期") && !levels.contains('⟦'), "{levels}");
    // What goes on: bids are read, the tender is opened and awarded, the overdue bidder wins.
    provider.get(&format!("/bids/{first}")).await.ok();
    buyer.get("/tenders").await.ok();
    world.stay_signed_in(60).await;
    world.until(after(world.clock.now(), 11)).await;
    let award = json!({ "bid": first, "reason": "价格最低，交货期符合要求" });
    buyer.post(&format!("/lots/{lot}/award"), award).await.ok();
    let public = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(public["tender"]["state"], "awarded");
}

#[tokio::test]
async fn what_has_changed_is_shown_with_papers_and_what_is_refused_ends() {
    let world = World::new().await;
    let member = world.member("both").await;
    world.stay_signed_in(900).await;
    world.pass(days(340)).await;
    let renamed = identity(&member, json!({ "company": "换名之后有限公司" })).await;
    member.post("/company/identity", renamed).await.ok();
    assert_eq!(refusal(&say(&member, "unchanged").await), (409, "recheck-changed".into()));
    let case = on_desk(say(&member, "changed").await).await;
    let early = member.post(&format!("{CASE}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()));
    for step in ["licence", "letter"] {
        give(&member, step, &photo()).await.ok();
    }
    member.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    assert_eq!(level(&member).await, "company");
    let reviewer = world.operator().await;
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let aside = reviewer.post(&format!("{case}/recheck"), same()).await;
    assert_eq!(refusal(&aside), (409, "recheck-not-asked".into()));
    reviewer.post(&format!("{case}/decision"), accepted()).await.ok();
    assert_eq!(standing(&member, "identity").await, "reviewed", "what was filed since is found true");
    assert_eq!(member.get("/company").await.ok().json()["company"]["name"], "换名之后有限公司");
    world.pass(days(340)).await;
    assert_eq!(level(&member).await, "company");
    // A reviewer wants papers although nothing has changed; until its day it holds.
    say(&member, "unchanged").await.ok();
    let reviewer = world.operator().await;
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let doubt = json!({ "outcome": "papers", "reason": "公示的住所有变更，请上传营业执照" });
    reviewer.post(&format!("{case}/recheck"), doubt).await.ok();
    world.settle().await;
    let shown = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&shown["state"], &shown["holds"]), (&json!("returned"), &json!(true)));
    assert!(world.messages()[0].text.contains("公示的住所有变更"), "{}", world.messages()[0].text);
    for step in ["licence", "letter"] {
        give(&member, step, &photo()).await.ok();
    }
    member.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{case}/refusal"), json!({ "reason": "营业执照是伪造的" })).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "refused", "at once");
}

#[tokio::test]
async fn an_owner_says_so_and_nobody_else_and_a_new_company_has_a_day() {
    let world = World::new().await;
    let member = world.member("both").await;
    let bidder = colleague(&world, &member, &["bidder"]).await;
    let viewer = colleague(&world, &member, &["viewer"]).await;
    assert_eq!(say(&bidder, "unchanged").await.code(), "duty-owner");
    assert_eq!(say(&viewer, "unchanged").await.code(), "duty-owner");
    assert_eq!(world.visitor().post(RECHECK, json!({ "recheck": "unchanged" })).await.status, 401);
    let pending = world.applicant(&Applicant::new("both")).await;
    assert_eq!(refusal(&say(&pending, "unchanged").await), (409, "verification-not-decided".into()));
    refused(&say(&member, "perhaps").await, "recheck", "choice");
}

#[tokio::test]
async fn who_was_approved_before_there_were_re_checks_gets_a_day_with_time_to_prepare() {
    let world = World::new().await;
    let (old, new) = (world.member("both").await, world.member("both").await);
    // As it was before there were cases, and what the step of the schema does then.
    let migrate = |tx: &mut kit::db::Tx| {
        for table in ["verification_step", "verification_case"] {
            tx.execute(&format!("DELETE FROM {table}"), &[])?;
        }
        let steps = include_str!("../../../../migrations/0301_recheck.sql").split(';');
        let text = |step: &str| step.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
        let inserts: Vec<_> = steps.map(text).filter(|step| step.trim_start().starts_with("INSERT")).collect();
        inserts.iter().try_fold(0, |done, step| Ok(done + tx.execute(step, &[])?))
    };
    let made = world.app.db().write::<_, kit::db::Error>(migrate).await.unwrap();
    assert_eq!(made, 2 + 4, "a case each, with its two steps");
    world.clock.advance(days(700));
    let forgotten = world.again_as(&new.phone).await;
    world.settle().await;
    let until = async |member: &Browser| member.get(CASE).await.ok().json()["case"]["valid_until"].clone();
    let old = world.again_as(&old.phone).await;
    assert_eq!(level(&old).await, "company", "nobody is overdue from one day to the next");
    for member in [&old, &forgotten] {
        let day: jiff::Timestamp = until(member).await.as_str().unwrap().parse().unwrap();
        let notice = day.duration_since(world.clock.now());
        assert!(notice <= days(60) && notice > days(59), "{notice}");
    }
}
