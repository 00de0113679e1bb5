//! The policy changes: announced seven days ahead, told to everybody, asked anew where it is material; and until somebody
//! agrees, only what they have agreed to.

use crate::world::{Browser, START, World};
use app::web::is_always_open;
use jiff::{SignedDuration, Timestamp};
use kit::values;
use policy::{Use, Version, Versions};
use serde_json::{Value, json};

/// A version under the id that people of tests agree to when they register, and one after it that shows them their browser
/// too; and one that only changes words.
pub const IDS: [&str; 3] = ["2026-12", "2027-01", "2027-02"];

fn versions(count: usize) -> Versions {
    let current = policy::current();
    let all = current.uses;
    let less: Vec<_> = all.iter().filter(|one| one.field != "user-agent").copied().collect();
    let of = |id, uses: Vec<Use>| Version { id, uses: uses.leak(), zh: current.zh, en: current.en };
    let made = [of(IDS[0], less), of(IDS[1], all.to_vec()), of(IDS[2], all.to_vec())];
    Versions::new(made.into_iter().take(count).collect::<Vec<_>>().leak())
}

/// An installation that began with the first version, and whose program has since been built with so many.
pub async fn world(count: usize) -> World {
    let world = World::knowing(versions(count)).await;
    let begin = |tx: &mut kit::db::Tx| tx.execute("UPDATE policy_schedule SET version = $1", values![IDS[0]]);
    world.app.db().write::<_, kit::db::Error>(begin).await.unwrap();
    world
}

fn days(world: &World, days: i64) -> Timestamp {
    world.clock.now() + SignedDuration::from_hours(24 * days)
}

fn plan(version: &str, effective_at: Timestamp, after: i64) -> Value {
    json!({ "policy": version, "effective_at": effective_at, "after": after })
}

/// The operator announces a version.
pub async fn announce(world: &World, operator: &Browser, version: &str, after: i64) {
    let soon = days(world, 8);
    operator.post("/desk/policies", plan(version, soon, after)).await.ok();
}

/// The second version is announced and has taken effect; sessions live on.
async fn in_force(world: &World, operator: &Browser) {
    announce(world, operator, IDS[1], 1).await;
    world.stay_signed_in(9).await;
    world.pass(SignedDuration::from_hours(24 * 9)).await;
}

/// What the renewal page asks, as its form sends it.
async fn answer(browser: &Browser) -> Value {
    let page = browser.get("/policy/renewal").await.ok().json();
    json!({
        "policy": page["version"], "text_sha256": page["text_sha256"], "language": page["language"], "agree": true,
    })
}

fn with(mut fields: Value, name: &str, value: Value) -> Value {
    fields[name] = value;
    fields
}

#[tokio::test]
async fn a_change_is_announced_seven_days_ahead_or_not_at_all() {
    let world = world(2).await;
    let (operator, visitor) = (world.operator().await, world.visitor());
    let refused = async |effective_at: Timestamp| {
        let answer = operator.post("/desk/policies", plan(IDS[1], effective_at, 1)).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert_eq!(answer.json()["errors"][0]["code"], "seven-days");
    };
    let minute = SignedDuration::from_mins(1);
    refused(days(&world, 7) - minute).await;
    refused(days(&world, -30)).await;
    assert!(!visitor.page("/notices").await.text.contains("重要变更"));
    let announced = operator.post("/desk/policies", plan(IDS[1], days(&world, 7) + minute, 1)).await.ok().json();
    assert_eq!((&announced["number"], &announced["is_material"]), (&json!(2), &json!(true)), "it is computed");
    world.pass(SignedDuration::from_secs(2)).await;
    let page = visitor.page("/notices").await.ok();
    assert!(page.text.contains("隐私政策有重要变更，2026-11-30"), "every page tells it");
    let list = visitor.get("/policy/versions").await.ok().json();
    assert_eq!(list["versions"][0]["standing"], "coming");
    assert_eq!(visitor.get("/policy").await.ok().json()["version"], IDS[0], "not in force yet");
    world.pass(SignedDuration::from_hours(7 * 24) + minute).await;
    assert_eq!(visitor.get("/policy").await.ok().json()["version"], IDS[1]);
    assert!(!visitor.page("/notices").await.ok().text.contains("重要变更"));
}

#[tokio::test]
async fn what_changes_is_told_in_words_and_in_uses() {
    let world = world(2).await;
    let operator = world.operator().await;
    let desk = operator.get("/desk/policies").await.ok().json();
    assert_eq!(desk["candidates"][0]["added"][0]["field"], "登录时的浏览器标识");
    assert!(operator.page("/desk/policies").await.ok().text.contains("重要变更"));
    assert_eq!(world.visitor().get("/policy/2027-01").await.status, 404, "not before it is announced");
    assert_eq!(world.visitor().get("/policy/versions/2027-01").await.status, 404);
    announce(&world, &operator, IDS[1], 1).await;
    let page = world.visitor().page("/policy/versions/2027-01").await.ok();
    assert!(page.text.contains("登录时的浏览器标识") && !page.text.contains('⟦'), "{}", page.text);
    assert_eq!(page.header("set-cookie"), "");
    let compiled = World::new().await;
    let change = compiled.visitor().get(&format!("/policy/versions/{}", policy::current().id)).await.ok().json();
    let told = change["change"]["differences"].as_array().unwrap();
    assert!(told.iter().any(|one| one["heading"].as_str().unwrap().starts_with("13 ")), "{told:?}");
    assert!(compiled.visitor().page("/policy/versions").await.ok().text.contains("早于本平台启用"));
}

#[tokio::test]
async fn who_has_not_agreed_keeps_their_rights_and_nothing_else() {
    let world = world(2).await;
    let (operator, member) = (world.operator().await, world.member("both").await);
    assert!(member.page("/").await.ok().text.contains("工作台"));
    in_force(&world, &operator).await;
    for browser in [&operator, &member] {
        for row in world.app.table() {
            if row.path.contains('{') || row.method != "GET" {
                continue;
            }
            let (page, data) = (browser.page(row.path).await, browser.get(row.path).await);
            let asks = page.header("location").starts_with("/policy/renewal?next=");
            let code = if data.status.is_success() { String::new() } else { data.code() };
            if is_always_open(row.path) {
                assert!(!asks && code != "policy-renewal", "{} is a right", row.path);
            } else {
                let hidden = [401, 403, 404].contains(&data.status.as_u16());
                assert!(hidden && (asks || code != "policy-renewal"), "{}: {} {code}", row.path, data.status);
            }
        }
    }
    let refused = member.post("/tenders", json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "policy-renewal"));
    assert!(member.page("/").await.header("location").starts_with("/policy/renewal?next=%2F"));
    for right in ["/me/export", "/me/consents/{purpose}", "/me/complaints", "/me/cancellation", "/session/end"] {
        assert!(is_always_open(right), "{right}");
    }
    member.get("/me/consents").await.ok();
    member.post("/session/end", json!({})).await.ok();
    world.visitor().page("/").await.ok();
}

#[tokio::test]
async fn what_the_accepted_version_does_not_permit_waits_for_the_agreement() {
    let world = world(2).await;
    let (operator, member) = (world.operator().await, world.member("buyer").await);
    let refused = member.get("/me").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "policy-not-accepted"), "{}", refused.text);
    in_force(&world, &operator).await;
    assert_eq!(member.get("/me").await.code(), "policy-not-accepted", "in force, and not agreed to");
    let sql = "SELECT count(*) FROM opening WHERE outcome = 'denied' AND reason = 'not-accepted'";
    assert_eq!(world.count(sql).await, 2, "each attempt is on record");
    member.post("/policy/renewals", answer(&member).await).await.ok();
    member.get("/me").await.ok();
    member.get("/tenders").await.ok();
}

#[tokio::test]
async fn agreeing_is_explicit_happens_once_and_has_a_receipt_that_verifies() {
    let world = world(2).await;
    let (operator, member) = (world.operator().await, world.member("buyer").await);
    let other = world.member("provider").await;
    in_force(&world, &operator).await;
    let page = member.page("/policy/renewal?next=%2Ftenders").await.ok();
    for word in ["登录时的浏览器标识", "name=\"agree\"", "value=\"/tenders\"", "<mark>", "class=\"prose policy\""]
    {
        assert!(page.text.contains(word), "{word} is missing");
    }
    assert!(!page.text.contains(" checked"), "nothing is ticked beforehand");
    let yes = answer(&member).await;
    let silent = member.post("/policy/renewals", with(yes.clone(), "agree", json!(false))).await;
    assert_eq!(silent.json()["errors"][0]["code"], "not-agreed");
    for _ in 0..2 {
        member.post("/policy/renewals", yes.clone()).await.ok();
    }
    let own = member.get("/me/agreements").await.ok().json();
    assert_eq!(own["agreements"].as_array().unwrap().len(), 2, "one for each version");
    let newest = &own["agreements"][0];
    assert_eq!((&newest["version"], &newest["text_sha256"]), (&yes["policy"], &yes["text_sha256"]));
    let path = format!("/me/agreements/{}/receipt", newest["id"].as_str().unwrap());
    let receipt = member.get(&path).await.ok();
    let key = world.app.signer().public_key();
    evidence::verify(&receipt.text, &key).unwrap();
    let forged = receipt.text.replace("2027-01", "2026-12");
    assert!(evidence::verify(&forged, &key).is_err());
    assert_eq!(other.get(&path).await.status, 404, "of its own person only");
}

#[tokio::test]
async fn an_agreement_verifies_off_line_down_to_the_text_that_was_shown() {
    let world = World::new().await;
    let (member, visitor) = (world.member("buyer").await, world.visitor());
    let own = member.get("/me/agreements").await.ok().json()["agreements"][0].clone();
    assert!(member.page("/me/agreements").await.ok().text.contains("取凭证"));
    let path = format!("/me/agreements/{}/receipt", own["id"].as_str().unwrap());
    let receipt = member.get(&path).await.ok();
    evidence::verify(&receipt.text, &world.app.signer().public_key()).unwrap();
    let told = receipt.json()["statement"].clone();
    for (name, wanted) in [("channel", "web-json"), ("language", "zh-CN"), ("document", "privacy-policy")] {
        assert_eq!(told[name], wanted);
    }
    assert!(told["at"].as_str().unwrap().starts_with("2026-11-23T") && told["subject"].is_string());
    let file = format!("/policy/{}/text", told["version"].as_str().unwrap());
    let text = visitor.page(&file).await.ok();
    assert_eq!(text.header("content-type"), "text/markdown; charset=utf-8");
    let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.text.as_bytes());
    assert_eq!(told["text_sha256"], hex::encode(sum), "the file is the text that was agreed to");
    assert_eq!(visitor.page("/policy/1999-01/text").await.status, 404);
    assert_eq!(world.member("provider").await.get(&path).await.status, 404, "of its own person only");
}

#[tokio::test]
async fn nobody_agrees_for_another_nor_to_another_text() {
    let world = world(3).await;
    let (operator, [member, other]) =
        (world.operator().await, [world.member("buyer").await, world.member("provider").await]);
    let early = with(answer(&member).await, "policy", json!(IDS[1]));
    assert_eq!(member.post("/policy/renewals", early).await.code(), "policy-not-in-force", "not before its day");
    in_force(&world, &operator).await;
    let yes = answer(&member).await;
    for version in ["2026-12", "2027-02", "1999-01", "<b>"] {
        let answer = member.post("/policy/renewals", with(yes.clone(), "policy", json!(version))).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "policy-not-in-force"), "{version}");
    }
    let answer = member.post("/policy/renewals", with(yes.clone(), "text_sha256", json!("0".repeat(64)))).await;
    assert_eq!(answer.code(), "policy-other-text");
    for name in ["account", "subject", "at"] {
        let answer = member.post("/policy/renewals", with(yes.clone(), name, json!("x"))).await;
        assert_eq!(answer.json()["errors"][0]["code"], "unknown-field", "{name}");
    }
    let token = other.token().await;
    assert_eq!(member.post_with(&token, "/policy/renewals", &yes).await.code(), "csrf");
    assert_eq!(world.visitor().post("/policy/renewals", yes.clone()).await.status, 401);
    member.post("/policy/renewals", yes).await.ok();
    assert_eq!(other.get("/company").await.code(), "policy-renewal", "each agrees for themselves");
    assert_eq!(world.count("SELECT count(*) FROM agreement WHERE version = '2027-01'").await, 1);
}

#[tokio::test]
async fn an_editorial_change_is_announced_and_asks_nobody() {
    let world = world(3).await;
    let operator = world.operator().await;
    in_force(&world, &operator).await;
    operator.post("/policy/renewals", answer(&operator).await).await.ok();
    announce(&world, &operator, IDS[2], 2).await;
    let desk = operator.page("/").await.ok().text;
    assert!(desk.contains("隐私政策有文字修订") && !desk.contains("<dialog"), "{desk}");
    world.stay_signed_in(9).await;
    world.pass(SignedDuration::from_hours(24 * 9)).await;
    assert_eq!(operator.get("/policy").await.ok().json()["version"], IDS[2]);
    operator.get("/desk/policies").await.ok();
}

#[tokio::test]
async fn a_material_change_pops_up_at_the_desk_of_each_person_and_closes_without_scripts() {
    let world = world(2).await;
    let (operator, member) = (world.operator().await, world.member("buyer").await);
    announce(&world, &operator, IDS[1], 1).await;
    let desk = member.page("/").await.ok().text;
    let popup = &desk[desk.find("<dialog").expect("a window")..desk.find("</dialog>").unwrap()];
    assert!(popup.contains("登录时的浏览器标识") && popup.contains("method=\"dialog\""), "{popup}");
    assert!(!member.page("/tenders").await.ok().text.contains("<dialog"));
    assert!(!world.visitor().page("/").await.ok().text.contains("<dialog"));
    operator.post("/desk/policies/2/withdrawal", json!({})).await.ok();
    assert!(!member.page("/").await.ok().text.contains("<dialog"), "taken back");
}

#[tokio::test]
async fn two_desks_at_once_announce_one_change() {
    let world = world(3).await;
    let (one, other) = (world.operator().await, world.operator().await);
    let (soon, later) = (plan(IDS[1], days(&world, 8), 1), plan(IDS[2], days(&world, 9), 1));
    let (first, second) = tokio::join!(one.post("/desk/policies", soon.clone()), other.post("/desk/policies", later));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", first.text, second.text);
    let winner = if first.status == 201 { &one } else { &other };
    let kept = winner.get("/desk/policies").await.ok().json();
    let version = kept["lines"][0]["version"].as_str().unwrap().to_owned();
    let next = winner.post("/desk/policies", plan("2027-02", days(&world, 30), 2)).await;
    assert_eq!(next.code(), "policy-pending", "{version} waits");
    assert_eq!(world.count("SELECT count(*) FROM policy_schedule").await, 2);
}

#[tokio::test]
async fn only_a_newer_version_of_this_program_is_announced_and_what_holds_is_not_taken_back() {
    let world = world(2).await;
    let operator = world.operator().await;
    let strange = operator.post("/desk/policies", plan("<script>", days(&world, 8), 1)).await;
    assert_eq!(strange.json()["errors"][0]["code"], "choice");
    let same = operator.post("/desk/policies", plan(IDS[0], days(&world, 8), 1)).await;
    assert_eq!(same.code(), "policy-not-newer");
    assert_eq!(operator.post("/desk/policies/1/withdrawal", json!({})).await.code(), "policy-in-force");
    let wanted = plan(IDS[1], days(&world, 8), 1);
    for _ in 0..2 {
        operator.post("/desk/policies", wanted.clone()).await.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM policy_schedule").await, 2, "sent twice, it is one");
}

#[tokio::test]
async fn a_clock_that_was_moved_back_announces_nothing_and_takes_nobodys_agreement_back() {
    let world = world(2).await;
    let (operator, member) = (world.operator().await, world.member("buyer").await);
    in_force(&world, &operator).await;
    member.post("/policy/renewals", answer(&member).await).await.ok();
    world.clock.set(START.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(1));
    world.pass(SignedDuration::from_secs(2)).await;
    let back = operator.post("/desk/policies", plan(IDS[1], days(&world, 8), 2)).await;
    assert_eq!(back.code(), "clock-behind");
    member.get("/tenders").await.ok();
    let again = answer(&member).await;
    assert_eq!(again["policy"], IDS[0], "by this clock the first holds");
    member.post("/policy/renewals", again).await.ok();
    let kept = world.count("SELECT count(*) FROM subject WHERE accepted = '2027-01'").await;
    assert_eq!(kept, 1, "nobody's agreement goes back");
}

#[tokio::test]
async fn what_a_program_was_not_built_with_is_not_permitted_there() {
    let world = world(2).await;
    let (operator, member) = (world.operator().await, world.member("buyer").await);
    in_force(&world, &operator).await;
    member.post("/policy/renewals", answer(&member).await).await.ok();
    let older = world.beside_with(versions(1)).await;
    let (member, visitor) = (member.at(&older), older.visitor());
    for path in ["/tenders", "/me", "/policy/renewal"] {
        let refused = member.get(path).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (503, "policy-unknown-here"), "{path}");
        assert_eq!(refused.header("retry-after"), "10");
    }
    assert!(member.page("/tenders").await.text.contains("平台正在更新"), "and says so");
    assert_eq!(visitor.get("/registration").await.code(), "policy-unknown-here", "nobody agrees to what is not shown");
    let archive = visitor.page("/policy/versions").await.ok().text;
    assert!(archive.contains("这台服务器还没有这个版本的文本"), "{archive}");
    visitor.page("/notices").await.ok();
}

#[tokio::test]
async fn words_from_the_schedule_are_text_wherever_they_stand() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let strange = "<img src=x onerror=alert(1)>";
    let soon = days(&world, 9);
    let unit = move |tx: &mut kit::db::Tx| {
        let now = tx.now();
        let sql = "INSERT INTO policy_schedule (number, version, material, announced_at, effective_at) \
             VALUES (2, $1, 1, $2, $3)";
        tx.execute(sql, values![strange, now, soon])
    };
    world.app.db().write::<_, kit::db::Error>(unit).await.unwrap();
    world.pass(SignedDuration::from_secs(2)).await;
    for path in ["/", "/policy/versions", "/policy/versions/%3Cimg%20src=x%20onerror=alert(1)%3E"] {
        let page = member.page(path).await.ok().text;
        assert!(!page.contains(strange) && page.contains("重要变更"), "{path}: {page}");
    }
}
