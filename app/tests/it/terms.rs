//! Service agreements and platform rules: read by anybody, accepted by companies, changed after public comment; and nothing
//! rests on an edition that does not bind the company.

use crate::sourcing::{id, text};
use crate::world::{Browser, START, World};
use app::trust::terms::governs;
use jiff::{SignedDuration, Timestamp};
use kit::values;
use serde_json::{Value, json};

/// Two editions of the rules that the program has.
const RULES: [&str; 2] = ["2026-11", "2026-12"];

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn hours(world: &World, hours: i64) -> Timestamp {
    world.clock.now() + SignedDuration::from_hours(hours)
}

/// An installation that began with the first edition of the rules, and whose program has since been built with the second.
async fn began_earlier(world: &World) {
    let sql = "UPDATE terms_schedule SET edition = $1 WHERE terms = 'rules' AND number = 1";
    world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(sql, values![RULES[0]])).await.unwrap();
}

async fn world() -> World {
    let world = World::new().await;
    began_earlier(&world).await;
    world
}

/// What the desk sends to announce the second edition: comments for so many hours, in force after so many.
fn plan(world: &World, comments: i64, effective: i64) -> Value {
    json!({
        "agreement": "rules", "edition": RULES[1], "after": 1,
        "comments_until": hours(world, comments), "effective_at": hours(world, effective),
    })
}

/// The second edition of the rules is announced: two days for comments, in force on the tenth.
pub async fn announced(world: &World, operator: &Browser) {
    began_earlier(world).await;
    let desk = operator.get("/desk/agreements").await.ok().json();
    let rules = desk["agreements"].as_array().unwrap().iter().find(|one| one["terms"] == "rules").unwrap().clone();
    if rules["after"] == 1 {
        operator.post("/desk/agreements", plan(world, 48, 240)).await.ok();
    }
}

/// The announced edition takes effect; sessions live on.
async fn in_force(world: &World) {
    world.stay_signed_in(11).await;
    world.pass(SignedDuration::from_hours(11 * 24)).await;
}

/// A comment on the second edition, as its form sends it.
pub fn comment(id: &str, words: &str) -> Value {
    json!({"comment_id": id, "edition": RULES[1], "comment": words})
}

/// What the page of an agreement asks, as its form sends it.
pub async fn yes(browser: &Browser, terms: &str) -> Value {
    let page = browser.get(&format!("/agreements/{terms}")).await.ok().json();
    json!({
        "edition": page["edition"], "text_sha256": page["text_sha256"], "language": page["language"], "agree": true,
    })
}

fn with(mut fields: Value, name: &str, value: impl Into<Value>) -> Value {
    fields[name] = value.into();
    fields
}

async fn accept(browser: &Browser, terms: &str) -> Value {
    browser.post(&format!("/agreements/{terms}/acceptances"), yes(browser, terms).await).await.ok().json()
}

#[tokio::test]
async fn everybody_reads_and_keeps_every_edition() {
    let world = world().await;
    let (visitor, operator) = (world.visitor(), world.operator().await);
    let list = visitor.page("/agreements").await.ok();
    assert!(list.text.contains("用户服务协议") && list.text.contains("平台规则") && !list.text.contains('⟦'));
    assert!(visitor.page("/").await.ok().text.contains("href=\"/agreements\""), "from every page");
    for hidden in ["rules/2026-12", "rules/2026-12/text", "rules/1999-01", "privacy", "..%2Fservice"] {
        assert_eq!(visitor.get(&format!("/agreements/{hidden}")).await.status, 404, "{hidden}");
    }
    announced(&world, &operator).await;
    for path in ["/agreements/service", "/agreements/rules", "/agreements/rules/2026-11", "/agreements/rules/2026-12"] {
        let page = visitor.page(path).await.ok();
        assert!(page.text.contains("class=\"prose policy\"") && page.header("set-cookie").is_empty(), "{path}");
        assert!(!page.text.contains("name=\"agree\""), "only a company accepts");
        let told = visitor.get(path).await.ok().json();
        let edition = told["edition"].as_str().unwrap();
        let file = visitor.page(&format!("/agreements/{}/{edition}/text", told["terms"].as_str().unwrap())).await.ok();
        let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, file.text.as_bytes());
        assert_eq!(told["text_sha256"], hex::encode(sum), "{path}");
        assert!(world.visitor().page(&format!("{path}?lang=en")).await.ok().text.contains("Resource Sharing Cloud"));
    }
    let change = visitor.get("/agreements/rules/2026-12").await.ok().json();
    assert_eq!((&change["standing"], &change["may_comment"]), (&json!("coming"), &json!(false)));
    let headings = change["differences"].as_array().unwrap();
    assert!(headings.iter().any(|one| one["heading"].as_str().unwrap().contains("修改规则")), "{headings:?}");
}

#[tokio::test]
async fn a_change_is_open_to_comment_and_then_waits_seven_days() {
    let world = world().await;
    let (operator, visitor) = (world.operator().await, world.visitor());
    let refusals = [
        (23, 300, "comments_until", "comments-one-day"),
        (-24, 300, "comments_until", "comments-one-day"),
        (24 * 400, 300, "effective_at", "seven-days-after-comments"),
        (48, 48 + 7 * 24 - 1, "effective_at", "seven-days-after-comments"),
        (48, -24, "effective_at", "seven-days-after-comments"),
    ];
    for (comments, effective, field, code) in refusals {
        let refused = operator.post("/desk/agreements", plan(&world, comments, effective)).await;
        assert_eq!(refused.status, 422, "{comments} {effective}: {}", refused.text);
        let told = refused.json()["errors"][0].clone();
        assert_eq!((told["field"].as_str(), told["code"].as_str()), (Some(field), Some(code)));
    }
    assert_eq!(world.count("SELECT count(*) FROM terms_schedule WHERE number > 1").await, 0);
    let wanted = plan(&world, 48, 48 + 7 * 24);
    for _ in 0..2 {
        operator.post("/desk/agreements", wanted.clone()).await.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM terms_schedule WHERE number > 1").await, 1, "sent twice, it is one");
    assert_eq!(visitor.get("/agreements/rules").await.ok().json()["edition"], RULES[0]);
    world.pass(SignedDuration::from_hours(48 + 7 * 24) - HOUR).await;
    assert_eq!(visitor.get("/agreements/rules").await.ok().json()["edition"], RULES[0], "an hour before");
    world.pass(HOUR * 2).await;
    assert_eq!(visitor.get("/agreements/rules").await.ok().json()["edition"], RULES[1]);
    let old = visitor.get("/agreements/rules/2026-11").await.ok().json();
    assert_eq!(old["standing"], "superseded", "and stays readable");
}

#[tokio::test]
async fn only_a_newer_edition_of_this_program_is_announced_by_one_desk_and_taken_back_in_time() {
    let world = world().await;
    let (one, other) = (world.operator().await, world.operator().await);
    for (field, forged) in [("agreement", "privacy-policy"), ("edition", "2027-01"), ("edition", "<script>")] {
        let refused = one.post("/desk/agreements", with(plan(&world, 48, 240), field, forged)).await;
        assert_eq!(refused.json()["errors"][0]["code"], "choice", "{forged}");
    }
    let same = one.post("/desk/agreements", with(plan(&world, 48, 240), "edition", RULES[0])).await;
    assert_eq!(same.code(), "terms-not-newer");
    assert_eq!(one.submit("/desk/agreements", &[("agreement", "rules"), ("edition", RULES[1])]).await.status, 422);
    let plans = [plan(&world, 48, 240), plan(&world, 49, 241)];
    let (first, second) =
        tokio::join!(one.post("/desk/agreements", plans[0].clone()), other.post("/desk/agreements", plans[1].clone()));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", first.text, second.text);
    let next = one.post("/desk/agreements", with(plan(&world, 48, 240), "after", 2)).await;
    assert_eq!(next.code(), "terms-pending");
    let back = async |number: i64| one.post("/desk/agreements/rules/withdrawal", json!({"number": number})).await;
    assert_eq!(back(1).await.code(), "terms-edition-in-force");
    assert_eq!(back(9).await.status, 404);
    back(2).await.ok();
    assert_eq!(world.visitor().get("/agreements/rules/2026-12").await.status, 404, "taken back");
    world.clock.set(START.parse::<Timestamp>().unwrap() - HOUR);
    let behind = one.post("/desk/agreements", with(plan(&world, 48, 240), "after", 2)).await;
    assert_eq!(behind.code(), "clock-behind", "{}", behind.text);
}

#[tokio::test]
async fn a_company_accepts_explicitly_and_once_with_a_receipt_that_verifies() {
    let world = world().await;
    let [member, other] = [world.member("buyer").await, world.member("provider").await];
    let waits = member.get("/").await.ok().json();
    let task = waits["tasks"].as_array().unwrap().iter().find(|task| task["what"] == "terms-waiting").unwrap().clone();
    assert_eq!((&task["path"], &task["args"]["n"]), (&json!("/company/agreements"), &json!(2)));
    let page = member.page("/agreements/rules").await.ok().text;
    assert!(page.contains("name=\"agree\"") && !page.contains(" checked"), "nothing is ticked beforehand");
    let path = "/agreements/rules/acceptances";
    let fields = yes(&member, "rules").await;
    let silent = member.post(path, with(fields.clone(), "agree", false)).await;
    assert_eq!(silent.json()["errors"][0]["code"], "not-agreed");
    for forged in ["2026-12", "1999-01", "<b>"] {
        let answer = member.post(path, with(fields.clone(), "edition", forged)).await;
        let code = answer.code();
        assert!(["terms-edition-not-current", "terms-other-text"].contains(&code.as_str()), "{forged}: {code}");
    }
    let other_text = member.post(path, with(fields.clone(), "text_sha256", "0".repeat(64))).await;
    assert_eq!(other_text.code(), "terms-other-text");
    for name in ["company", "subject", "at"] {
        let answer = member.post(path, with(fields.clone(), name, "x")).await;
        assert_eq!(answer.json()["errors"][0]["code"], "unknown-field", "{name}");
    }
    assert_eq!(member.post_with(&other.token().await, path, &fields).await.code(), "csrf");
    assert_eq!(world.count("SELECT count(*) FROM terms_acceptance").await, 0);
    for _ in 0..2 {
        member.post(path, fields.clone()).await.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM terms_acceptance").await, 1, "sent twice, it is one");
    let own = member.get("/company/agreements").await.ok().json();
    assert_eq!(own["agreements"][0]["binding"], RULES[0]);
    assert!(member.page("/company/agreements").await.ok().text.contains("对贵方生效"));
    let receipt_path = format!("/company/agreements/{}/receipt", text(&own["acceptances"][0], "id"));
    let receipt = member.get(&receipt_path).await.ok();
    let key = world.app.signer().public_key();
    evidence::verify(&receipt.text, &key).unwrap();
    assert!(evidence::verify(&receipt.text.replace(RULES[0], RULES[1]), &key).is_err());
    assert_eq!(other.get(&receipt_path).await.status, 404, "of its own company only");
    accept(&member, "service").await;
    let tasks = member.get("/").await.ok().json()["tasks"].clone();
    assert!(tasks.as_array().unwrap().iter().all(|task| task["what"] != "terms-waiting"), "{tasks}");
}

#[tokio::test]
async fn comments_bear_their_company_wait_for_a_look_and_end_in_time() {
    let world = world().await;
    let (operator, visitor) = (world.operator().await, world.visitor());
    let [member, other] = [world.member("buyer").await, world.member("provider").await];
    let path = "/agreements/rules/comments";
    let early = member.post(path, comment(&id(), "还没有公布")).await;
    assert_eq!(early.code(), "terms-comments-closed");
    announced(&world, &operator).await;
    let (key, words) = (id(), "<script>alert(1)</script>意见");
    for _ in 0..2 {
        member.post(path, comment(&key, words)).await.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM terms_comment").await, 1, "sent twice, it is one");
    assert_eq!(other.post(path, comment(&key, "冒用别人的编号")).await.status, 404, "another's id");
    let forged = other.post(path, with(comment(&id(), "冒用别的企业"), "company", "x")).await;
    assert_eq!(forged.json()["errors"][0]["code"], "unknown-field");
    for edition in ["2026-11", "2027-01"] {
        let answer = other.post(path, with(comment(&id(), "关于别的版本"), "edition", edition)).await;
        assert_eq!(answer.code(), "terms-comments-closed", "{edition}");
    }
    let edition = "/agreements/rules/2026-12";
    let read = async |who: &Browser| who.get(edition).await.ok().json()["comments"].as_array().unwrap().len();
    assert_eq!((read(&member).await, read(&other).await, read(&visitor).await), (1, 0, 0), "not before a look");
    let decide = format!("/desk/agreement-comments/{key}/decision");
    assert_eq!(member.post(&decide, json!({"decision": "published"})).await.status, 404, "not by its own company");
    operator.page("/desk/agreements").await.ok();
    for _ in 0..2 {
        operator.post(&decide, json!({"decision": "published"})).await.ok();
    }
    assert_eq!(operator.post(&decide, json!({"decision": "withheld"})).await.code(), "terms-comment-decided");
    for page in [visitor.page(edition).await.ok(), operator.page("/desk/agreements").await.ok()] {
        assert!(page.text.contains("&#60;script&#62;") && !page.text.contains("<script>alert"), "{}", page.text);
    }
    let withheld = id();
    other.post(path, comment(&withheld, "其中有他人的手机号")).await.ok();
    let decide = format!("/desk/agreement-comments/{withheld}/decision");
    operator.post(&decide, json!({"decision": "withheld"})).await.ok();
    assert_eq!((read(&other).await, read(&member).await, read(&visitor).await), (2, 1, 1));
    for _ in 0..4 {
        other.post(path, comment(&id(), "再提一条意见")).await.ok();
    }
    assert_eq!(other.post(path, comment(&id(), "第六条意见")).await.code(), "terms-comments-full");
    let typed = member.submit(path, &[("comment_id", &id()), ("edition", RULES[1]), ("comment", "短")]).await;
    assert!(typed.status == 422 && typed.text.contains("短</textarea>"), "{}", typed.text);
    world.stay_signed_in(3).await;
    world.pass(SignedDuration::from_hours(48)).await;
    assert_eq!(member.post(path, comment(&id(), "已经截止了")).await.code(), "terms-comments-closed");
    assert!(!member.page(edition).await.ok().text.contains("<textarea"));
}

/// Whether what rests on this edition of the rules stands, for this company at this instant.
async fn stands(world: &World, company: &str, edition: &'static str, at: Timestamp) -> bool {
    let company = company.parse().unwrap();
    let unit = move |tx: &mut kit::db::Tx| governs(tx, company, "rules", edition, at);
    world.app.db().read::<_, app::web::Error>(unit).await.is_ok()
}

#[tokio::test]
async fn what_rests_on_an_edition_not_in_force_for_that_company_is_refused() {
    let world = world().await;
    let (operator, member) = (world.operator().await, world.member("buyer").await);
    let other = world.member("provider").await;
    let company = async |who: &Browser| text(&who.get("/company").await.ok().json()["company"], "id");
    let (own, foreign) = (company(&member).await, company(&other).await);
    let before = world.clock.now();
    assert!(!stands(&world, &own, RULES[0], before).await, "nothing was accepted");
    world.pass(HOUR).await;
    accept(&member, "rules").await;
    let first = world.clock.now();
    assert!(stands(&world, &own, RULES[0], first).await);
    assert!(!stands(&world, &own, RULES[0], before).await, "not for what happened before");
    assert!(!stands(&world, &foreign, RULES[0], first).await, "each company for itself");
    announced(&world, &operator).await;
    assert!(!stands(&world, &own, RULES[1], world.clock.now()).await, "announced, not in force");
    let early =
        member.post("/agreements/rules/acceptances", with(yes(&member, "rules").await, "edition", RULES[1])).await;
    assert_eq!(early.status, 409, "{}", early.text);
    in_force(&world).await;
    let unaccepted = world.clock.now();
    assert!(!stands(&world, &own, RULES[1], unaccepted).await, "in force, not accepted");
    assert!(stands(&world, &own, RULES[0], unaccepted).await, "the earlier text applies until it leaves");
    world.pass(HOUR).await;
    accept(&member, "rules").await;
    let second = world.clock.now();
    assert!(stands(&world, &own, RULES[1], second).await);
    assert!(!stands(&world, &own, RULES[0], second).await, "superseded");
    assert!(stands(&world, &own, RULES[0], unaccepted).await, "for what happened then, the text of then");
    for forged in ["", "1999-01", "2026-12' OR '1'='1"] {
        assert!(!stands(&world, &own, forged, second).await, "{forged}");
    }
}
