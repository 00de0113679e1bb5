//! The public door: people without an account see, correct and delete what is kept of them; nobody else learns anything by it.

use crate::account::refused;
use crate::people::{Applicant, digits};
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::SignedDuration;
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// Somebody's data are typed into a registration that is never finished.
async fn registered(world: &World) -> Applicant {
    let who = Applicant::new("buyer");
    world.visitor().post("/registrations", who.form()).await.ok();
    world.settle().await;
    who
}

/// Asks for a code; answers the visit's address.
async fn ask(browser: &Browser, contact: &str) -> String {
    let asked = browser.post("/privacy/door/visits", json!({ "contact": contact })).await.ok();
    asked.header("location").to_owned()
}

/// The newest code of the door that went there, if any did.
async fn code(world: &World, to: &str) -> Option<String> {
    world.settle().await;
    let is_ours = |text: &str| text.contains("查看平台保存的你的信息");
    let mut all = world.messages().into_iter().filter(|one| one.to.contains(to) && is_ours(&one.text));
    all.next().and_then(|message| digits(&message.text))
}

/// The code typed in; answers the page of entries.
async fn prove(world: &World, browser: &Browser, contact: &str) -> (String, Answer) {
    let visit = ask(browser, contact).await;
    let code = code(world, contact).await.expect("a code");
    let proven = browser.post(&format!("{visit}/proof"), json!({ "code": code })).await.ok();
    (visit, proven)
}

async fn entries(browser: &Browser, visit: &str) -> Vec<Value> {
    browser.get(visit).await.ok().json()["entries"].as_array().unwrap().clone()
}

/// The whole way in; answers what the code was answered with, which carries the visit's cookie.
pub async fn enter(world: &World, browser: &Browser, contact: &str) -> Answer {
    let (visit, proven) = prove(world, browser, contact).await;
    let entry = entries(browser, &visit).await[0]["entry"].clone();
    browser.post(&format!("{visit}/recognition"), json!({ "entry": entry })).await.ok();
    proven
}

#[tokio::test]
async fn somebody_without_an_account_sees_what_is_kept_of_them_and_who_looked() {
    let world = World::new().await;
    let who = registered(&world).await;
    let guest = world.visitor();
    let (visit, _) = prove(&world, &guest, &who.phone).await;
    let page = guest.page(&visit).await.ok().text;
    assert!(page.contains(&who.company) && page.contains("这不是我") && !page.contains('⟦'), "{page}");
    assert!(!page.contains(&who.email) && !page.contains(&who.phone), "nothing is shown before: {page}");
    assert_eq!(guest.get("/me/data").await.status, 401, "nor elsewhere");
    let entry = entries(&guest, &visit).await[0]["entry"].clone();
    guest.post(&format!("{visit}/recognition"), json!({ "entry": entry })).await.ok();
    let data = guest.get("/me/data").await.ok().json();
    let values: Vec<_> = data["fields"].as_array().unwrap().iter().map(|field| &field["values"][0]["value"]).collect();
    assert_eq!(values, [&json!(format!("+86{}", who.phone)), &json!(who.email)]);
    for (path, word) in [
        ("/privacy/door/visit", "可以决定的"),
        ("/me/data", "更正"),
        ("/me/accesses", "你自己的页面"),
        ("/me/consents", "向需求方显示联系人"),
        ("/me/export", "申请"),
        ("/me/complaints", "请求"),
    ] {
        let page = guest.page(path).await.ok().text;
        assert!(page.contains(word) && !page.contains('⟦') && !page.contains("密码：只存"), "{path}: {page}");
    }
    let english = guest.page("/privacy/door/visit?lang=en").await.ok().text;
    assert!(english.contains("What you can decide") && !english.contains('⟦'), "{english}");
    let looked = guest.get("/me/accesses").await.ok().json();
    assert_eq!(looked["own"][0]["count"], 4, "two kinds of values, each opened twice, on record: {looked}");
}

#[tokio::test]
async fn the_answer_is_the_same_for_everybody_and_so_is_the_work() {
    let world = World::new().await;
    let (known, member, nobody) = (registered(&world).await, Applicant::new("buyer"), Applicant::new("buyer"));
    world.applicant(&member).await;
    world.settle().await;
    let before = world.messages().len();
    let mut seen = Vec::new();
    for who in [&known, &member, &nobody] {
        for contact in [&who.phone, &who.email] {
            let browser = world.visitor();
            let jobs = world.count("SELECT count(*) FROM job WHERE kind = 'door.code'").await;
            let visit = ask(&browser, contact).await;
            let left = world.count("SELECT count(*) FROM job WHERE kind = 'door.code'").await - jobs;
            let mut json = browser.get(&visit).await.ok().json();
            let page = browser.page(&visit).await.ok().text;
            assert!(!page.contains(contact.as_str()), "where it went is not repeated");
            (json["id"], json["expires_at"]) = (json!(null), json!(null));
            seen.push((json["by_mail"].as_bool().unwrap(), left, json));
        }
    }
    for by_mail in [false, true] {
        let answers: Vec<_> = seen.iter().filter(|one| one.0 == by_mail).collect();
        assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
    }
    world.settle().await;
    let sent: Vec<_> = world.messages().into_iter().take(world.messages().len() - before).collect();
    let to = |who: &Applicant| sent.iter().filter(|one| one.to.contains(&who.phone) || one.to == who.email).count();
    assert_eq!((to(&known), to(&member), to(&nobody)), (2, 2, 0), "{sent:?}");
    let told = |one: &&kit::mail::outbox::Delivered| one.to.contains(&member.phone) && one.channel == Channel::Sms;
    let told = sent.iter().find(told).unwrap();
    assert!(
        told.text.contains("请登录") && digits(&told.text).is_none(),
        "who has an account gets no code: {}",
        told.text
    );
}

#[tokio::test]
async fn a_forwarded_link_and_code_are_of_no_use_in_another_browser() {
    sabotaged();
    let world = World::new().await;
    let who = registered(&world).await;
    let (mine, other) = (world.visitor(), world.visitor());
    let visit = ask(&mine, &who.phone).await;
    // A visit of the other's own, so that there is a cookie in that browser.
    ask(&other, &Applicant::new("buyer").phone).await;
    let code = code(&world, &who.phone).await.unwrap();
    assert_eq!(other.get(&visit).await.status, 404);
    assert_eq!(other.post(&format!("{visit}/proof"), json!({ "code": code })).await.status, 404);
    // A scanner of mail that fetches every address changes nothing.
    for path in [visit.clone(), format!("{visit}/proof"), format!("{visit}/recognition"), format!("{visit}/denial")] {
        for browser in [&mine, &other, &world.visitor()] {
            browser.get(&path).await;
            browser.page(&path).await;
        }
    }
    mine.post(&format!("{visit}/proof"), json!({ "code": code })).await.ok();
    let entry = entries(&mine, &visit).await[0]["entry"].clone();
    for act in ["recognition", "denial"] {
        assert_eq!(other.post(&format!("{visit}/{act}"), json!({ "entry": entry })).await.status, 404);
    }
    assert_eq!(mine.post(&format!("{visit}/proof"), json!({ "code": code })).await.status, 404, "once");
    mine.post(&format!("{visit}/recognition"), json!({ "entry": entry })).await.ok();
    mine.get("/me/data").await.ok();
    assert_eq!(other.get("/me/data").await.status, 401);
}

#[tokio::test]
async fn what_was_in_the_browser_before_the_code_opens_nothing_after_it() {
    let world = World::new().await;
    let who = registered(&world).await;
    let guest = world.visitor();
    let asked = guest.post("/privacy/door/visits", json!({ "contact": who.email })).await.ok();
    let planted = asked.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(asked.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{}", asked.header("set-cookie"));
    let visit = asked.header("location").to_owned();
    let code = code(&world, &who.email).await.unwrap();
    guest.post(&format!("{visit}/proof"), json!({ "code": code })).await.ok();
    let entry = entries(&guest, &visit).await[0]["entry"].clone();
    guest.post(&format!("{visit}/recognition"), json!({ "entry": entry })).await.ok();
    let thief = world.visitor();
    let with = |path: &str| {
        let request = thief.request(reqwest::Method::GET, path).header("cookie", &planted);
        request.header("accept", "application/json")
    };
    for path in ["/me/data", "/privacy/door/visit", visit.as_str()] {
        let status = thief.send(with(path)).await.status.as_u16();
        assert!([401, 404].contains(&status), "{path}: {status}");
    }
    guest.get("/privacy/door/visit").await.ok();
}

#[tokio::test]
async fn codes_are_not_guessed_nor_used_for_another_visit() {
    let world = World::new().await;
    let (one, two) = (registered(&world).await, registered(&world).await);
    let (a, b) = (world.visitor(), world.visitor());
    let (mine, theirs) = (ask(&a, &one.phone).await, ask(&b, &two.phone).await);
    let code_of_two = code(&world, &two.phone).await.unwrap();
    refused(&a.post(&format!("{mine}/proof"), json!({ "code": "12ab" })).await, "code", "code-form");
    refused(&a.post(&format!("{mine}/proof"), json!({ "code": code_of_two })).await, "code", "code-wrong");
    let right = code(&world, &one.phone).await.unwrap();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..3 {
        refused(&a.post(&format!("{mine}/proof"), json!({ "code": wrong })).await, "code", "code-wrong");
    }
    for code in [wrong, right.as_str()] {
        refused(&a.post(&format!("{mine}/proof"), json!({ "code": code })).await, "code", "code-spent");
    }
    assert_eq!(a.get(&mine).await.ok().json()["stage"], "spent");
    assert!(a.page(&mine).await.ok().text.contains("重新开始"));
    // A code that is too old.
    world.pass(SignedDuration::from_mins(11)).await;
    refused(&b.post(&format!("{theirs}/proof"), json!({ "code": code_of_two })).await, "code", "code-spent");
    // Again and again, from one source: in the end nobody may try any more, however many visits are begun.
    let mut limited = 0;
    for _ in 0..6 {
        let again = ask(&a, &one.phone).await;
        for _ in 0..4 {
            let tried = a.post(&format!("{again}/proof"), json!({ "code": wrong })).await;
            limited += u32::from(tried.status == 429);
        }
        world.pass(SignedDuration::from_mins(10)).await;
    }
    assert!(limited >= 10, "{limited}");
}

#[tokio::test]
async fn numbers_cannot_be_tried_out_in_bulk() {
    let world = World::new().await;
    let browser = world.visitor();
    let mut answers = Vec::new();
    for _ in 0..25 {
        let asked = browser.post("/privacy/door/visits", json!({ "contact": Applicant::new("buyer").phone })).await;
        answers.push(asked.status.as_u16());
    }
    assert_eq!((answers[0], answers[24]), (201, 429), "{answers:?}");
    for junk in ["", "x", "13", &"9".repeat(5000), "a@", "\u{202e}1380013"] {
        let asked = world.visitor_from("127.0.9.1").post("/privacy/door/visits", json!({ "contact": junk })).await;
        assert_eq!(asked.status, 422, "{junk}");
    }
}

#[tokio::test]
async fn a_wrong_number_shows_nothing_and_leads_nowhere() {
    let world = World::new().await;
    let who = registered(&world).await;
    let (stranger, also) = (world.visitor(), world.visitor());
    let (visit, _) = prove(&world, &stranger, &who.phone).await;
    enter(&world, &also, &who.phone).await;
    let entry = entries(&stranger, &visit).await[0]["entry"].clone();
    let elsewhere: kit::id::Id<()> = world.app.random().id();
    assert_eq!(stranger.post(&format!("{visit}/denial"), json!({ "entry": elsewhere })).await.status, 404);
    stranger.post(&format!("{visit}/denial"), json!({ "entry": entry })).await.ok();
    assert_eq!(entries(&stranger, &visit).await, Vec::<Value>::new());
    assert!(stranger.page(&visit).await.ok().text.contains("没有任何记录用到"));
    assert_eq!(stranger.post(&format!("{visit}/recognition"), json!({ "entry": entry })).await.status, 404);
    assert_eq!(also.get("/me/data").await.status, 401, "a visit that was open to it is over");
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM registration").await, 0);
    let again = world.visitor();
    ask(&again, &who.phone).await;
    let before = code(&world, &who.phone).await;
    ask(&again, &who.phone).await;
    assert_eq!(code(&world, &who.phone).await, before, "no further code goes there");
}

#[tokio::test]
async fn a_visit_ends_by_itself_by_its_guest_and_with_the_data() {
    let world = World::new().await;
    let who = registered(&world).await;
    let guest = world.visitor();
    enter(&world, &guest, &who.email).await;
    guest.get("/me/data").await.ok();
    world.pass(SignedDuration::from_mins(31)).await;
    assert_eq!(guest.get("/me/data").await.status, 401);
    assert_eq!(guest.get("/privacy/door/visit").await.status, 401);
    enter(&world, &guest, &who.email).await;
    let ended = guest.post("/privacy/door/visit/end", json!({})).await.ok();
    assert!(ended.header("set-cookie").contains("Max-Age=0"), "{}", ended.header("set-cookie"));
    assert_eq!(guest.get("/me/data").await.status, 401);
    enter(&world, &guest, &who.email).await;
    let other = world.visitor();
    enter(&world, &other, &who.phone).await;
    other.post("/privacy/door/visit/erasure", json!({})).await.ok();
    world.settle().await;
    for browser in [&guest, &other] {
        assert_eq!(browser.get("/me/data").await.status, 401, "there is nothing to see any more");
    }
    assert_eq!(world.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 1, "with its keys");
    assert_eq!(world.count("SELECT count(*) FROM registration").await, 0);
    world.pass(SignedDuration::from_hours(25)).await;
    assert_eq!(world.count("SELECT count(*) FROM door_visit").await, 0, "the visits themselves are forgotten");
}

#[tokio::test]
async fn a_guest_takes_a_copy_and_asks_the_officer() {
    let world = World::new().await;
    let (who, stranger) = (registered(&world).await, registered(&world).await);
    let (guest, other) = (world.visitor(), world.visitor());
    enter(&world, &guest, &who.phone).await;
    enter(&world, &other, &stranger.phone).await;
    let id: kit::id::Id<()> = world.app.random().id();
    guest.post("/me/export", json!({ "id": id })).await.ok();
    world.settle().await;
    let copies = guest.get("/me/export").await.ok().json();
    assert_eq!(copies["copies"][0]["state"], "ready", "{copies}");
    let download = format!("/me/export/{id}/download");
    assert_eq!(other.post(&download, json!({})).await.status, 404);
    let taken = guest.post(&download, json!({})).await;
    assert_eq!((taken.status.as_u16(), taken.header("content-type")), (201, "application/zip"));
    let asked: kit::id::Id<()> = world.app.random().id();
    let wanted = json!({ "id": asked, "kind": "objection", "text": "请不要再用我的号码注册" });
    let line = guest.post("/me/complaints", wanted).await.ok().json();
    assert_eq!(line["kind"], "objection");
    assert!(line["due_at"].is_string());
    let path = format!("/me/complaints/{asked}");
    assert!(guest.page(&path).await.ok().text.contains("请不要再用我的号码注册"));
    assert_eq!(other.get(&path).await.status, 404);
    let operator = world.operator().await;
    let officer = format!("/desk/privacy/requests/{asked}");
    operator.post(&format!("{officer}/claim"), json!({})).await.ok();
    operator.post(&format!("{officer}/answer"), json!({ "text": "已经删除这份注册申请" })).await.ok();
    world.settle().await;
    assert!(guest.page(&path).await.ok().text.contains("已经删除这份注册申请"));
}

#[tokio::test]
async fn who_is_signed_in_is_a_member_and_no_guest() {
    let world = World::new().await;
    let who = registered(&world).await;
    let person = Applicant::new("buyer");
    let browser = world.visitor();
    enter(&world, &browser, &who.phone).await;
    world.applicant(&person).await;
    browser.sign_in(&person.phone, &person.password).await.ok();
    let own = browser.get("/me/data").await.ok().text;
    assert!(own.contains(&person.phone) && !own.contains(&who.phone), "{own}");
    assert_eq!(browser.post("/privacy/door/visits", json!({ "contact": who.phone })).await.code(), "door-signed-in");
    assert!(browser.page("/privacy/door").await.ok().text.contains("你已登录"));
    assert_eq!(browser.get("/privacy/door/visit").await.status, 404);
}

#[tokio::test]
async fn what_a_guest_reads_is_kept_for_nobody() {
    let world = World::new().await;
    let who = registered(&world).await;
    let guest = world.visitor();
    enter(&world, &guest, &who.phone).await;
    for path in ["/", "/notices", "/policy", "/opportunities"] {
        let (own, others) = (guest.page(path).await.ok(), world.visitor().page(path).await.ok());
        assert!(own.text.contains("/privacy/door/visit\""), "{path}: {}", own.text);
        assert_eq!((own.header("cache-control"), own.header("etag")), ("no-store", ""), "{path}");
        assert!(!others.text.contains("/privacy/door/visit\""), "{path}: a guest's page was shown to another");
    }
}
