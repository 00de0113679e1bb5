//! The inbox: told once, what is needed always, what is optional as the person wants, and nothing that tells who has bid.

use crate::people::Applicant;
use crate::sourcing::{after, bid, id, published};
use crate::world::{Browser, World, sabotaged};
use jiff::SignedDuration;
use kit::db::Tx;
use kit::mail::outbox::Delivered;
use serde_json::{Value, json};

const PASSWORD: &str = "sieben fette Ziegen im Nebel";

/// Somebody of an approved company, signed in.
async fn joined(world: &World, who: &Applicant) -> Browser {
    let browser = world.applicant(who).await;
    let company = browser.get("/company").await.ok().json()["company"]["id"].as_str().unwrap().to_owned();
    crate::company::decide(&world.operator().await, &company, "approval", json!({})).await.ok();
    world.settle().await;
    browser
}

/// What is told of these kinds, the newest first.
async fn told(browser: &Browser, kind: &str) -> Vec<Value> {
    let inbox = browser.get("/inbox").await.ok().json();
    let all = inbox["unread"].as_array().unwrap().iter().chain(inbox["read"].as_array().unwrap());
    all.filter(|line| line["kind"] == kind).cloned().collect()
}

fn mails(world: &World, who: &Applicant, subject: &str) -> Vec<Delivered> {
    let all = world.messages().into_iter();
    all.filter(|mail| mail.to.contains(&who.email) && mail.subject.contains(subject)).collect()
}

async fn change_password(browser: &Browser, from: &str, to: &str) {
    browser.post("/me/password", json!({ "current": from, "password": to })).await.ok();
}

async fn wants_mails_of_questions(browser: &Browser) {
    browser.post("/me/notifications", json!({ "on": ["question-asked.inbox", "question-asked.mail"] })).await.ok();
}

async fn execute(world: &World, sql: &'static str) -> u64 {
    world.app.db().write::<_, kit::db::Error>(move |tx: &mut Tx| tx.execute(sql, &[])).await.unwrap()
}

#[tokio::test]
async fn what_has_happened_stands_in_the_inbox_until_it_is_read_and_that_can_be_undone() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = joined(&world, &who).await;
    world.settle().await;
    let page = me.page("/inbox").await.ok().text;
    assert!(
        page.contains(&format!("{} 已通过审核", who.company)) && page.contains("1 条未读") && !page.contains('⟦'),
        "{page}"
    );
    assert!(page.contains("<span class=\"count\">1</span>"), "the frame counts it: {page}");
    let english = me.page("/inbox?lang=en").await.ok().text;
    assert!(english.contains("is approved") && english.contains("One unread") && !english.contains('⟦'), "{english}");
    let line = told(&me, "company-approved").await.remove(0);
    let of = |act: &str| format!("/inbox/{}/{act}", line["id"].as_str().unwrap());
    let opened = me.post(&of("opening"), json!({})).await.ok();
    assert_eq!(opened.json()["path"], "/company");
    assert_eq!(me.get("/inbox").await.ok().json()["count"], 0);
    me.post(&of("unreading"), json!({})).await.ok();
    me.post(&of("unreading"), json!({})).await.ok();
    assert_eq!(me.get("/inbox").await.ok().json()["count"], 1);
    let until = me.get("/inbox").await.ok().json()["now"].clone();
    world.clock.advance(SignedDuration::from_secs(1));
    change_password(&me, crate::people::PASSWORD, PASSWORD).await;
    world.settle().await;
    let marked = me.post("/inbox/reading", json!({ "until": until })).await.ok().json();
    assert_eq!(marked["count"], 1, "what came after the page was read stays");
    assert_eq!(me.get("/inbox").await.ok().json()["unread"][0]["kind"], "password-changed");
    let undone = me.post("/inbox/unreading", json!({ "at": marked["at"] })).await.ok().json();
    assert_eq!((&undone["count"], &me.get("/inbox").await.ok().json()["count"]), (&json!(1), &json!(2)));
    let company = me.get("/inbox?about=company").await.ok().json();
    assert_eq!(company["unread"].as_array().unwrap().len(), 1);
    assert_eq!(me.get("/inbox?about=cats").await.code(), "filter");
    assert_eq!(mails(&world, &who, "已通过审核").len(), 1);
}

#[tokio::test]
async fn nobody_reads_or_marks_what_another_was_told() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    world.settle().await;
    let line = told(&me, "company-approved").await.remove(0);
    for act in ["reading", "unreading", "opening"] {
        let refused = you.post(&format!("/inbox/{}/{act}", line["id"].as_str().unwrap()), json!({})).await;
        assert_eq!(refused.status, 404);
    }
    assert!(!you.get("/inbox").await.ok().text.contains(line["id"].as_str().unwrap()));
    assert_eq!(me.get("/inbox").await.ok().json()["count"], 1, "nothing of it was read");
    assert_eq!(world.visitor().get("/inbox").await.status, 401);
}

#[tokio::test]
async fn what_is_needed_arrives_although_it_was_switched_off() {
    sabotaged();
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = joined(&world, &who).await;
    let refused = me.post("/me/notifications", json!({ "on": ["password-changed.mail"] })).await;
    assert_eq!((refused.status.as_u16(), refused.json()["errors"][0]["code"].clone()), (422, json!("choice")));
    let choices = me.post("/me/notifications", json!({ "on": [] })).await.ok().json();
    for kind in choices["kinds"].as_array().unwrap() {
        let on = kind["ways"].as_array().unwrap().iter().filter(|way| way["on"] == true).count();
        assert_eq!(on, if kind["needed"] == true { 2 } else { 0 }, "{kind}");
    }
    change_password(&me, crate::people::PASSWORD, PASSWORD).await;
    world.settle().await;
    assert_eq!(told(&me, "password-changed").await.len(), 1);
    let mails = mails(&world, &who, "你的密码已更改");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("不能退订") && !mails[0].text.contains("/off"), "{}", mails[0].text);
}

#[tokio::test]
async fn what_is_needed_is_taken_up_again_when_its_job_is_lost() {
    sabotaged();
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = joined(&world, &who).await;
    world.settle().await;
    change_password(&me, crate::people::PASSWORD, PASSWORD).await;
    // The program numbers events and follows them, and dies before any job.
    while kit::follower::sequence(world.app.db()).await.unwrap() + routine(&world, "inbox").await > 0 {}
    assert_eq!(execute(&world, "DELETE FROM job WHERE kind = 'inbox.mail'").await, 1, "one mail was left to a job");
    world.settle().await;
    assert_eq!(mails(&world, &who, "你的密码已更改").len(), 0);
    world.pass(SignedDuration::from_hours(3)).await;
    assert_eq!(mails(&world, &who, "你的密码已更改").len(), 1, "another job has brought it");
    world.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(mails(&world, &who, "你的密码已更改").len(), 1, "and none again");
}

/// One step of a routine of the inbox.
async fn routine(world: &World, name: &str) -> usize {
    let found = app::reach::inbox::ROOM.routines.iter().find(|routine| routine.name == name);
    (found.expect("a routine of this name").step)(world.app.clone()).await.unwrap()
}

#[tokio::test]
async fn nobody_is_told_twice_however_often_the_work_is_done_again() {
    sabotaged();
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = joined(&world, &who).await;
    change_password(&me, crate::people::PASSWORD, PASSWORD).await;
    world.settle().await;
    // As if nothing of it had been committed: the follower begins anew, and each job runs again.
    for _ in 0..2 {
        execute(&world, "UPDATE follower SET seq = 0 WHERE name = 'inbox'").await;
        execute(&world, "UPDATE notification_delivery SET state = 'waiting'").await;
        world.settle().await;
    }
    assert_eq!(told(&me, "password-changed").await.len(), 1);
    assert_eq!(told(&me, "company-approved").await.len(), 1);
    assert_eq!(mails(&world, &who, "你的密码已更改").len(), 1);
}

#[tokio::test]
async fn a_mail_is_sent_again_as_the_same_mail_when_the_program_dies_before_it_is_noted() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = joined(&world, &who).await;
    world.settle().await;
    change_password(&me, crate::people::PASSWORD, PASSWORD).await;
    while kit::follower::sequence(world.app.db()).await.unwrap() + routine(&world, "inbox").await > 0 {}
    let read = |tx: &mut Tx| {
        tx.one("SELECT id, payload FROM job WHERE kind = 'inbox.mail'", &[], |row| Ok((row.next()?, row.next()?)))
    };
    let (id, payload): (kit::id::Id<kit::job::Job>, Vec<u8>) =
        world.app.db().read::<_, kit::db::Error>(read).await.unwrap();
    let work = app::reach::inbox::ROOM.jobs.iter().find(|work| work.kind == "inbox.mail").unwrap();
    (work.run)(world.app.clone(), id, payload.clone()).await.unwrap();
    let first = mails(&world, &who, "你的密码已更改");
    // The mail is out; what noted it is rolled back.
    execute(&world, "UPDATE notification_delivery SET state = 'waiting'").await;
    (work.run)(world.app.clone(), id, payload.clone()).await.unwrap();
    world.settle().await;
    assert_eq!(mails(&world, &who, "你的密码已更改"), first, "one file of one Message-ID");
    (work.run)(world.app.clone(), id, payload).await.unwrap();
    assert_eq!(first.len(), 1);
}

#[tokio::test]
async fn what_was_switched_off_is_not_sent_even_on_its_way() {
    sabotaged();
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let (buyer, provider) = (joined(&world, &who).await, world.member("provider").await);
    let (tender, _) = published(&world, &buyer).await;
    wants_mails_of_questions(&buyer).await;
    let question = json!({ "question_id": id(), "question": "质保期从何时起算？" });
    provider.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    while kit::follower::sequence(world.app.db()).await.unwrap() + routine(&world, "inbox").await > 0 {}
    buyer.post("/me/notifications", json!({ "on": ["question-asked.inbox"] })).await.ok();
    world.settle().await;
    assert_eq!(told(&buyer, "question-asked").await.len(), 1);
    assert_eq!(mails(&world, &who, "有新的提问").len(), 0);
    buyer.post("/me/notifications", json!({ "on": [] })).await.ok();
    world.pass(SignedDuration::from_hours(2)).await;
    let again = json!({ "question_id": id(), "question": "可以分批交付吗？" });
    provider.post(&format!("/tenders/{tender}/questions"), again).await.ok();
    world.settle().await;
    assert_eq!(told(&buyer, "question-asked").await.len(), 1, "not even in the inbox");
    assert_eq!(mails(&world, &who, "有新的提问").len(), 0);
}

#[tokio::test]
async fn within_an_hour_one_stands_for_all_and_its_link_ends_the_mails() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let (buyer, provider) = (joined(&world, &who).await, world.member("provider").await);
    let (tender, _) = published(&world, &buyer).await;
    wants_mails_of_questions(&buyer).await;
    let ask = async |text: &str| {
        let question = json!({ "question_id": id(), "question": text });
        provider.post(&format!("/tenders/{tender}/questions"), question).await.ok();
        world.settle().await;
    };
    ask("质保期从何时起算？").await;
    let first = told(&buyer, "question-asked").await.remove(0);
    buyer.post(&format!("/inbox/{}/reading", first["id"].as_str().unwrap()), json!({})).await.ok();
    ask("可以分批交付吗？").await;
    let both = told(&buyer, "question-asked").await;
    assert_eq!((both.len(), &both[0]["times"], &both[0]["read"]), (1, &json!(2), &json!(false)));
    let sent = mails(&world, &who, "有新的提问");
    assert_eq!(sent.len(), 1);
    let link = sent[0].text.lines().find_map(|line| line.split_once("/notifications/")).unwrap().1;
    let link = format!("/notifications/{link}");
    let file = world.app.config().outbox_dir.join("mail").join(format!("{}.eml", sent[0].id));
    let file = std::fs::read_to_string(file).unwrap().replace("\r\n ", "");
    assert!(file.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click") && file.contains(&link), "{file}");
    let page = world.visitor().page(&link).await.ok().text;
    assert!(page.contains("本公司的招标收到提问") && !page.contains(&who.email), "{page}");
    assert_eq!(world.visitor().get(&link).await.ok().json()["is_on"], true, "reading it changes nothing");
    world.visitor().post(&link, json!({ "List-Unsubscribe": "One-Click" })).await.ok();
    assert_eq!(world.visitor().get(&link).await.ok().json()["is_on"], false);
    world.clock.advance(SignedDuration::from_hours(2));
    ask("付款节点如何约定？").await;
    assert_eq!(told(&buyer, "question-asked").await.len(), 2, "the inbox still tells");
    assert_eq!(mails(&world, &who, "有新的提问").len(), 1);
    let forged =
        link.replacen("/notifications/A", "/notifications/B", 1).replacen("/notifications/", "/notifications/Z", 1);
    assert_eq!(world.visitor().post(&forged, json!({})).await.status, 404);
}

#[tokio::test]
async fn the_opening_and_the_award_are_told_to_those_who_have_bid_and_to_nobody_else() {
    let world = World::new().await;
    let winner = Applicant::new("provider");
    let (buyer, first) = (world.member("buyer").await, joined(&world, &winner).await);
    let (second, third, other) =
        (world.member("provider").await, world.member("provider").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let cheapest = bid(&first, &lot, "100").await;
    bid(&second, &lot, "200").await;
    bid(&third, &lot, "300").await;
    world.stay_signed_in(60).await;
    world.until(after(world.clock.now(), 10)).await;
    for one in [&buyer, &first, &second, &third] {
        assert_eq!(told(one, "tender-opened").await.len(), 1);
    }
    let award = json!({ "bid": cheapest, "reason": "价格最低，交货期符合要求" });
    buyer.post(&format!("/lots/{lot}/award"), award).await.ok();
    world.settle().await;
    assert_eq!((told(&first, "tender-awarded").await.len(), told(&first, "tender-regret").await.len()), (1, 0));
    for one in [&second, &third] {
        assert_eq!((told(one, "tender-awarded").await.len(), told(one, "tender-regret").await.len()), (0, 1));
    }
    assert_eq!(mails(&world, &winner, "中标通知").len(), 1);
    let inbox = other.get("/inbox").await.ok().json();
    assert_eq!(inbox["unread"].as_array().unwrap().len(), 1, "its own approval: {inbox}");
}

/// What stands on record of mails and openings of addresses, whoever reads the storage.
async fn record(world: &World) -> (i64, i64, usize) {
    let deliveries = world.count("SELECT CAST(count(*) AS BIGINT) FROM notification_delivery").await;
    let openings = world.count("SELECT CAST(count(*) AS BIGINT) FROM opening WHERE opener_role = 'inbox.mail'").await;
    (deliveries, openings, world.messages().len())
}

#[tokio::test]
async fn before_the_opening_and_for_ever_where_there_is_none_no_record_tells_who_has_bid() {
    let world = World::new().await;
    let who = Applicant::new("provider");
    let (buyer, bidder) = (world.member("buyer").await, joined(&world, &who).await);
    let other = world.member("provider").await;
    let (tender, lot) = published(&world, &buyer).await;
    bid(&bidder, &lot, "100").await;
    let question = json!({ "question_id": id(), "question": "质保期从何时起算？" });
    let question = {
        other.post(&format!("/tenders/{tender}/questions"), question.clone()).await.ok();
        question["question_id"].clone()
    };
    world.settle().await;
    let before = record(&world).await;
    let answer = json!({ "answer": "自验收合格之日起算。" });
    buyer.post(&format!("/questions/{}/answer", question.as_str().unwrap()), answer).await.ok();
    world.settle().await;
    for one in [&bidder, &other] {
        assert_eq!(told(one, "question-answered").await.len(), 1, "who has bid and who has asked are told");
    }
    assert_eq!(record(&world).await, before, "and no mail, no opening says so");
    world.stay_signed_in(60).await;
    world.until(after(world.clock.now(), 10)).await;
    assert_eq!(told(&bidder, "tender-failed").await.len(), 1);
    assert_eq!(told(&other, "tender-failed").await.len(), 0);
    assert_eq!(mails(&world, &who, "流标").len(), 0);
    // The row is there, and names no one: its reader is a hash of which no table has a part.
    let rows = "SELECT CAST(count(*) AS BIGINT) FROM notification WHERE kind = 'tender-failed'";
    assert_eq!(world.count(rows).await, 1);
    let named = "SELECT CAST(count(*) AS BIGINT) FROM notification n JOIN subject s ON s.id = n.reader";
    assert_eq!(world.count(named).await, 0);
    let left = "SELECT CAST(count(*) AS BIGINT) FROM notification_delivery d JOIN notification n \
         ON n.id = d.notification WHERE n.kind = 'tender-failed'";
    assert_eq!(world.count(left).await, 0);
}

#[tokio::test]
async fn everybody_is_told_of_a_new_policy_once() {
    let world = crate::renewal::world(2).await;
    let me = world.member("both").await;
    let operator = world.operator().await;
    crate::renewal::announce(&world, &operator, crate::renewal::IDS[1], 1).await;
    for _ in 0..2 {
        world.settle().await;
        execute(&world, "UPDATE follower SET seq = 0 WHERE name = 'inbox'").await;
    }
    for one in [&me, &operator] {
        assert_eq!(told(one, "policy-announced").await.len(), 1);
    }
    let sent = world.messages().into_iter().filter(|mail| mail.subject.contains("隐私政策将要变更"));
    assert_eq!(sent.count(), 2);
}

#[tokio::test]
async fn what_is_a_year_old_goes_and_what_is_told_goes_with_its_person() {
    let world = World::new().await;
    let me = world.member("both").await;
    world.settle().await;
    me.post("/me/notifications", json!({ "on": [] })).await.ok();
    const THEN: &str = "SELECT CAST(count(*) AS BIGINT) FROM notification WHERE kind = 'company-approved'";
    assert_eq!(world.count(THEN).await, 1);
    world.pass(SignedDuration::from_hours(24 * 367)).await;
    assert_eq!(world.count(THEN).await, 0, "what was told since, that a re-check is due, is not a year old");
    for sql in [
        "SELECT CAST(count(*) AS BIGINT) FROM notification_delivery d JOIN notification n ON n.id = d.notification \
         WHERE n.kind = 'company-approved'",
        "SELECT CAST(count(*) AS BIGINT) FROM notification_cause WHERE kind = 'company-approved'",
        "SELECT CAST(count(*) AS BIGINT) FROM notification_delivery \
         WHERE notification NOT IN (SELECT id FROM notification)",
    ] {
        assert_eq!(world.count(sql).await, 0, "{sql}");
    }
}
