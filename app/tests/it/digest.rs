//! The weekly digest: off until agreed to, one mail a week with what is new, ended by one click wherever that is pressed.

use crate::consent::{function, give, switch_on, withdraw};
use crate::people::Applicant;
use crate::world::{Browser, World, sabotaged};
use app::reach::digest::ROOM;
use app::reach::notice::importing::import;
use base64::Engine;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::mail::outbox::Delivered;
use serde_json::json;
use std::path::PathBuf;
use vault::{Sealed, Slot, Subject};

/// 08:00 of the Monday after the world's beginning, in Beijing.
const MONDAY: &str = "2026-11-30T00:00:00Z";

/// A notice of another site. One with `IT` in its title is about software.
async fn notice(world: &World, number: usize, region: &str, title: &str, date: &str) {
    let line = json!({
        "id": format!("lanhe-{number}"), "sourceName": "岚河采购网", "region": region, "title": title, "date": date,
        "category": "招标公告", "url": format!("https://lanhe.example/notice?id={number}"),
    });
    import(world.app.db(), "notices.jsonl", format!("{line}\n").as_bytes(), |_| {}).await.unwrap();
    world.settle().await;
}

async fn follow(browser: &Browser, categories: &[&str], regions: &[&str]) {
    browser.post("/me/digest", json!({ "categories": categories, "regions": regions })).await.ok();
}

/// Somebody who follows software in Jiangxi.
async fn reader(world: &World) -> (Browser, Applicant) {
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    switch_on(&me, "digest").await;
    follow(&me, &["it-software"], &["36"]).await;
    world.stay_signed_in(90).await;
    (me, who)
}

/// What was mailed to somebody about new notices, the newest first.
fn digests(world: &World, who: &Applicant) -> Vec<Delivered> {
    world
        .messages()
        .into_iter()
        .filter(|mail| mail.to.contains(&who.email) && mail.subject.contains("新公告"))
        .collect()
}

/// The file of a mail, its headers unfolded.
fn file(world: &World, mail: &Delivered) -> String {
    let path: PathBuf = world.app.config().outbox_dir.join("mail").join(format!("{}.eml", mail.id));
    std::fs::read_to_string(path).unwrap().replace("\r\n ", "")
}

/// The HTML of a mail.
fn html(world: &World, mail: &Delivered) -> String {
    let file = file(world, mail);
    let part = file.split("--part-").find(|part| part.contains("Content-Type: text/html")).unwrap().to_owned();
    let (_, body) = part.split_once("\r\n\r\n").unwrap();
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(body.replace("\r\n", "")).unwrap()).unwrap()
}

/// Where the header says that one POST ends it.
fn one_click(world: &World, mail: &Delivered) -> String {
    let file = file(world, mail);
    let header = file.lines().find_map(|line| line.strip_prefix("List-Unsubscribe: <")).unwrap().to_owned();
    let address = header.trim_end_matches('>');
    address[address.find("/digests/").unwrap()..].to_owned()
}

async fn monday(world: &World) {
    world.until(MONDAY.parse().unwrap()).await;
}

const KEPT: &str = "SELECT CAST(count(*) AS BIGINT) FROM digest";

#[tokio::test]
async fn it_is_off_and_keeps_nothing_until_it_is_agreed_to() {
    sabotaged();
    let world = World::new().await;
    let me = world.member("both").await;
    let page = me.page("/me/digest").await.ok().text;
    assert!(
        page.contains("这项功能没有开启") && !page.contains("name=\"categories\"") && !page.contains('⟦'),
        "{page}"
    );
    let wanted = json!({ "regions": ["36"] });
    let refused = me.post("/me/digest", wanted.clone()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "no-consent"));
    give(&me, "digest").await.ok();
    assert_eq!(me.post("/me/digest", wanted.clone()).await.code(), "no-consent", "the company has not authorised it");
    assert!(me.page("/me/digest").await.ok().text.contains("还差公司的授权"));
    switch_on_company(&me).await;
    assert_eq!(world.count(KEPT).await, 0);
    me.post("/me/digest", wanted).await.ok();
    assert_eq!(world.count(KEPT).await, 1);
    assert!(
        !me.page("/me/consents").await.ok().text.contains("每周公告摘要</h3><span class=\"state\">这项功能还在建设")
    );
    let nothing = me.post("/me/digest", json!({})).await;
    assert_eq!(nothing.json()["errors"][0]["code"], "nothing-followed");
    assert_eq!(me.post("/me/digest", json!({ "regions": ["99"] })).await.json()["errors"][0]["code"], "choice");
    for (page, word) in [("/me/digest", "下一封在"), ("/me/digest?lang=en", "The next one goes out")] {
        let text = me.page(page).await.ok().text;
        assert!(text.contains(word) && text.contains("value=\"36\" checked") && !text.contains('⟦'), "{text}");
    }
}

async fn switch_on_company(browser: &Browser) {
    let firm = function(browser, "authorisations", "digest").await;
    browser.post("/company/authorisations/digest", crate::consent::yes(&firm)).await.ok();
}

#[tokio::test]
async fn each_monday_the_new_notices_that_match_are_mailed_and_only_those() {
    let world = World::new().await;
    notice(&world, 1, "江西", "岚河通信软件开发旧公告", "2026-11-22").await;
    world.clock.advance(SignedDuration::from_secs(1));
    let (me, who) = reader(&world).await;
    notice(&world, 2, "江西", "岚河通信营业厅软件开发招标公告", "2026-11-23").await;
    notice(&world, 3, "浙江", "岚河通信软件开发浙江招标公告", "2026-11-23").await;
    notice(&world, 4, "江西", "岚河通信办公楼保洁服务招标公告", "2026-11-23").await;
    notice(&world, 5, "江西", "岚河通信软件开发档案", "2025-11-23").await;
    assert_eq!(digests(&world, &who).len(), 0);
    world.until("2026-11-29T23:59:59Z".parse().unwrap()).await;
    assert_eq!(digests(&world, &who).len(), 0, "not before its hour");
    monday(&world).await;
    let mails = digests(&world, &who);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert!(mail.subject.contains("1 条") && mail.text.contains("营业厅软件开发招标公告"), "{}", mail.text);
    for other in ["浙江招标公告", "保洁", "档案", "旧公告"] {
        assert!(!mail.text.contains(other), "{other}: {}", mail.text);
    }
    assert!(file(&world, mail).contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    let html = html(&world, mail);
    for part in ["营业厅软件开发招标公告", "江西 · 软件开发 · 2026-11-23", "/notices/", "/digests/", "退订"]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains('⟦') && !mail.text.contains('⟦'), "{html}");
    monday(&world).await;
    world.until("2026-12-07T00:00:00Z".parse().unwrap()).await;
    assert_eq!(digests(&world, &who).len(), 1, "nothing new, no mail");
    notice(&world, 6, "江西", "岚河通信软件开发第二公告", "2026-12-07").await;
    world.until("2026-12-28T00:00:00Z".parse().unwrap()).await;
    assert_eq!(digests(&world, &who).len(), 2, "one, although weeks have passed");
    let told = me.get("/me/accesses").await.ok().text;
    assert!(told.contains("平台的每周摘要服务"), "{told}");
}

#[tokio::test]
async fn a_mail_is_ended_by_one_click_without_signing_in_and_by_nobody_who_lacks_its_key() {
    for multipart in [false, true] {
        let world = World::new().await;
        let (me, who) = reader(&world).await;
        notice(&world, 2, "江西", "岚河通信软件开发招标公告", "2026-11-23").await;
        monday(&world).await;
        let address = one_click(&world, &digests(&world, &who)[0]);
        let visitor = world.visitor();
        let page = visitor.page(&address).await.ok();
        assert!(page.text.contains("退订每周公告摘要") && !page.text.contains(&who.email), "{}", page.text);
        assert_eq!((page.header("cache-control"), page.header("set-cookie")), ("no-store", ""));
        let mut forged = address.clone().into_bytes();
        forged[12] = if forged[12] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        let post = |path: &str| visitor.request(reqwest::Method::POST, path).header("accept", "application/json");
        assert_eq!(visitor.send(post(&forged)).await.status, 404);
        assert_eq!(function(&me, "functions", "digest").await["is_on"], true, "reading a link ends nothing");
        let request = if multipart {
            post(&address).multipart(reqwest::multipart::Form::new().text("List-Unsubscribe", "One-Click"))
        } else {
            post(&address).form(&[("List-Unsubscribe", "One-Click")])
        };
        // As a mail provider sends it: from elsewhere, without a cookie or a token.
        visitor.send(request.header("origin", "https://mail.example")).await.ok();
        assert_eq!(world.count(KEPT).await, 0, "what was followed is gone");
        let page = me.get("/me/consents").await.ok().json();
        let last = &page["history"][0];
        assert_eq!((&last["act"], &last["channel"]), (&json!("withdrawn"), &json!("mail")));
        assert_eq!(visitor.send(post(&address)).await.status, 201, "twice is once");
        assert!(visitor.page(&address).await.ok().text.contains("已经停止"));
        notice(&world, 3, "江西", "岚河通信软件开发第二公告", "2026-12-01").await;
        world.until("2026-12-07T00:00:00Z".parse().unwrap()).await;
        assert_eq!(digests(&world, &who).len(), 1);
    }
}

/// The routine that leaves the week's jobs, once, without running them.
async fn leave_jobs(world: &World) -> usize {
    let routine = ROOM.routines.iter().find(|routine| routine.name == "digest.week").unwrap();
    (routine.step)(world.app.clone()).await.unwrap()
}

#[tokio::test]
async fn a_withdrawal_stops_what_is_queued_already_and_the_attempt_is_told() {
    let world = World::new().await;
    let (me, who) = reader(&world).await;
    notice(&world, 2, "江西", "岚河通信软件开发招标公告", "2026-11-23").await;
    world.clock.set(MONDAY.parse().unwrap());
    leave_jobs(&world).await;
    let job = "SELECT payload FROM job WHERE kind = 'digest.mail'";
    let read = world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(job, &[], |row| row.next::<Vec<u8>>()));
    let payload = read.await.unwrap();
    let run = async || (ROOM.jobs[0].run)(world.app.clone(), world.app.random().id(), payload.clone()).await.unwrap();
    let kept = "SELECT id, subject, followed FROM digest";
    let row: (Id<()>, Id<Subject>, Vec<u8>) = world
        .app
        .db()
        .read::<_, kit::db::Error>(move |tx| tx.one(kept, &[], |row| Ok((row.next()?, row.next()?, row.next()?))))
        .await
        .unwrap();
    withdraw(&me, "digest").await.ok();
    // The worst case: the job runs before the row is gone.
    run().await;
    assert_eq!(digests(&world, &who).len(), 0);
    let denied = "SELECT CAST(count(*) AS BIGINT) FROM opening WHERE outcome = 'denied' AND reason = 'no-consent'";
    assert_eq!(world.count(denied).await, 1);
    world.settle().await;
    assert_eq!((world.count(KEPT).await, digests(&world, &who).len()), (0, 0));
    // Nor does what somebody has copied open afterwards.
    let sealed: Sealed<vault::Followed> = Slot::new("digest", "followed").load(row.2, row.1, row.0);
    let copied = Copied(row.1);
    let grant = vault::Grant::<policy::purpose::Digest, _>::new(&copied, world.app.random().id());
    world.app.vault().open(&grant, &sealed).await.unwrap_err();
}

struct Copied(Id<Subject>);

impl vault::Proof for Copied {
    type Recipient = policy::recipient::Delivery;
    fn opener(&self) -> vault::Opener {
        vault::Opener::program("digest.mail")
    }
    fn scope(&self) -> vault::Scope {
        vault::Scope::Only(self.0)
    }
}

#[tokio::test]
async fn a_job_that_died_after_the_mail_sends_the_same_mail_again() {
    let world = World::new().await;
    let (_me, who) = reader(&world).await;
    notice(&world, 2, "江西", "岚河通信软件开发招标公告", "2026-11-23").await;
    world.clock.set(MONDAY.parse().unwrap());
    leave_jobs(&world).await;
    let job = "SELECT id, payload FROM job WHERE kind = 'digest.mail'";
    let read =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(job, &[], |row| Ok((row.next()?, row.next()?))));
    let (id, payload): (Id<kit::job::Job>, Vec<u8>) = read.await.unwrap();
    (ROOM.jobs[0].run)(world.app.clone(), id, payload).await.unwrap();
    let first = digests(&world, &who);
    assert_eq!(first.len(), 1, "the mail is out, the job is not finished");
    world.settle().await;
    assert_eq!(digests(&world, &who), first);
    assert_eq!(world.count("SELECT CAST(count(*) AS BIGINT) FROM job WHERE kind = 'digest.mail'").await, 0);
}

#[tokio::test]
async fn what_was_kept_goes_with_the_consent_however_that_ends() {
    sabotaged();
    let world = World::new().await;
    let (me, _) = reader(&world).await;
    withdraw(&me, "digest").await.ok();
    world.settle().await;
    assert_eq!(world.count(KEPT).await, 0, "withdrawn");
    world.clock.advance(SignedDuration::from_secs(1));
    give(&me, "digest").await.ok();
    follow(&me, &["it"], &[]).await;
    world.settle().await;
    assert_eq!(world.count(KEPT).await, 1, "agreed again");
    world.pass(SignedDuration::from_hours(24 * 366)).await;
    assert_eq!(world.count(KEPT).await, 0, "expired");
}

#[tokio::test]
async fn a_week_is_gone_through_in_bounded_steps_and_each_reader_is_thought_of_once() {
    let world = World::new().await;
    world.settle().await;
    let unit = |tx: &mut kit::db::Tx| {
        let now = tx.now();
        for number in 0..250u32 {
            let (subject, row): (Id<Subject>, Id<()>) = (tx.id(), tx.id());
            vault::enrol(tx, subject)?;
            if number == 7 {
                vault::change_standing(tx, subject, vault::Standing::Destroyed)?;
            }
            let sql = "INSERT INTO digest (id, subject, account, followed, changed_at) VALUES ($1, $2, $3, $4, $5)";
            tx.execute(sql, kit::values![row, subject, row, b"-".as_slice(), now])?;
        }
        Ok(())
    };
    world.app.db().write::<_, vault::Error>(unit).await.unwrap();
    world.clock.set(MONDAY.parse().unwrap());
    let jobs = "SELECT CAST(count(*) AS BIGINT) FROM job WHERE kind = 'digest.mail'";
    let mut steps = Vec::new();
    while leave_jobs(&world).await > 0 {
        steps.push(world.count(jobs).await);
    }
    let distinct = "SELECT CAST(count(DISTINCT payload) AS BIGINT) FROM job WHERE kind = 'digest.mail'";
    assert!(steps.len() == 3 && steps[0] <= 100 && steps[1] <= 200, "{steps:?}");
    assert_eq!(
        (steps[2], world.count(distinct).await, world.count(KEPT).await),
        (249, 249, 249),
        "who is erased is not"
    );
    let due: Timestamp = "2026-12-07T00:00:00Z".parse().unwrap();
    let read = world
        .app
        .db()
        .read::<_, kit::db::Error>(|tx| tx.one("SELECT due_at FROM digest_week", &[], |row| row.next::<Timestamp>()));
    assert_eq!(read.await.unwrap(), due);
}
