//! Who looked: every opening of a person's data, in plain words, for that person alone.

use crate::consent::switch_on;
use crate::people::Applicant;
use crate::world::World;
use app::web::Locale;
use app::web::text::Words;
use policy::purpose;
use serde_json::json;
use vault::{Error, Grant, Id, Opener, Proof, Refusal, Scope, Slot, Subject};

#[tokio::test]
async fn a_person_reads_who_opened_their_data_and_nobody_else_does() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    let you = world.member("both").await;
    for _ in 0..3 {
        me.get("/me").await.ok();
    }
    let password = json!({ "current": crate::people::PASSWORD, "password": "sieben fette Ziegen im Nebel" });
    me.post("/me/password", password).await.ok();
    let page = me.get("/me/accesses").await.ok().json();
    let told: Vec<_> = page["others"].as_array().unwrap().iter().map(|line| line["told"].as_str().unwrap()).collect();
    let code =
        "平台的账号服务（发送验证码）为“注册、登录、核对验证码、找回密码，并在账号页面向您本人显示”打开了你的手机号";
    assert!(told.contains(&code), "{told:?}");
    assert_eq!(told.len(), 2, "one code by message, one by mail: {told:?}");
    let own = page["own"].as_array().unwrap();
    let account = own.iter().find(|day| day["fields"] == "联系邮箱、手机号").unwrap();
    assert_eq!((&account["count"], &account["day"]), (&json!(3), &json!("2026-11-23")), "own pages stand together");
    world.settle().await;
    let after = me.get("/me/accesses").await.ok().json();
    assert_eq!(after["others"].as_array().unwrap().len(), 3, "the letter about the new password");
    let others = you.get("/me/accesses").await.ok().text;
    let id = page["others"][0]["id"].as_str().unwrap();
    assert!(!others.contains(id), "another person's");
    let page = me.page("/me/accesses").await.ok().text;
    assert!(page.contains("谁查看过") && page.contains("平台的通知服务") && !page.contains('⟦'), "{page}");
    assert!(me.page("/me").await.ok().text.matches("href=\"/me/accesses\"").count() >= 3, "each why-mark leads there");
}

/// A job that has no right to what it asks for.
struct Curious(Id<Subject>);

impl Proof for Curious {
    type Recipient = policy::recipient::Delivery;
    fn opener(&self) -> Opener {
        Opener::program("account.letter")
    }
    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

#[tokio::test]
async fn a_denied_attempt_is_told_with_its_reason() {
    let world = World::new().await;
    let me = world.member("both").await;
    switch_on(&me, "remembered-search").await;
    let sql = "SELECT a.subject FROM account a WHERE a.operator = 0";
    let subject: Id<Subject> =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap();
    let slot: Slot<vault::Followed> = Slot::new("digest", "followed");
    let sealed = world.app.vault().seal(slot, subject, world.app.random().id::<()>(), &"{}".parse().unwrap()).await;
    let curious = Curious(subject);
    let grant = Grant::<purpose::Digest, _>::new(&curious, world.app.random().id());
    let refused = world.app.vault().open(&grant, &sealed.unwrap()).await;
    assert!(matches!(refused, Err(Error::Refused(ref why)) if why == &[Refusal::NoConsent(subject)]), "{refused:?}");
    for _ in 0..2 {
        let page = me.get("/me/accesses").await.ok().json();
        let line = page["others"].as_array().unwrap().iter().find(|line| line["opened"] == false).unwrap().clone();
        let told = line["told"].as_str().unwrap();
        assert!(told.contains("想为“每周一") && told.ends_with("原因：没有你的同意。"), "{told}");
        world.settle().await;
    }
}

#[tokio::test]
async fn a_list_goes_on_where_its_page_ended_and_only_for_its_own_person() {
    let world = World::new().await;
    let (me, you) = (world.member("both").await, world.member("both").await);
    let sql = "SELECT subject FROM account WHERE operator = 0 ORDER BY created_at LIMIT 1";
    let subject: Id<Subject> =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap();
    let slot: Slot<vault::Followed> = Slot::new("digest", "followed");
    let sealed = world.app.vault().seal(slot, subject, world.app.random().id::<()>(), &"{}".parse().unwrap()).await;
    let sealed = sealed.unwrap();
    for _ in 0..40 {
        let curious = Curious(subject);
        let grant = Grant::<purpose::Digest, _>::new(&curious, world.app.random().id());
        world.app.vault().open(&grant, &sealed).await.unwrap_err();
    }
    let first = me.get("/me/accesses").await.ok().json();
    let next = first["next"].as_str().unwrap().to_owned();
    let second = me.get(&next).await.ok().json();
    let count = |page: &serde_json::Value| page["others"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&second) >= 10), (30, true));
    assert_eq!(you.get(&next).await.status, 400, "another person's cursor");
}

#[tokio::test]
async fn every_job_that_opens_data_has_a_name_in_both_languages() {
    let world = World::new().await;
    let me = world.member("both").await;
    me.get("/me").await.ok();
    world.settle().await;
    let roles = world.app.db().read::<_, kit::db::Error>(|tx| {
        tx.all("SELECT DISTINCT opener_role FROM opening", &[], |row| row.next::<String>())
    });
    let roles = roles.await.unwrap();
    assert!(roles.len() >= 3, "{roles:?}");
    for (role, locale) in roles.iter().flat_map(|role| Locale::ALL.map(|locale| (role, locale))) {
        let words = Words::new(world.app.catalogue(), locale);
        assert!(words.find(&format!("opener-{}", role.replace('.', "-")), &[]).is_some(), "{role}");
    }
}
