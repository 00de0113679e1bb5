//! The policy: readable by all, and agreed to with version, time, channel, language and hash.

use crate::people::Applicant;
use crate::world::World;
use kit::values;

#[tokio::test]
async fn anybody_reads_the_policy_without_a_cookie() {
    let world = World::new().await;
    let visitor = world.visitor();
    let page = visitor.page("/policy").await.ok();
    assert!(page.text.contains("<mark>") && page.text.contains(policy::current().id));
    assert_eq!(page.header("set-cookie"), "");
    let english = visitor.page(&format!("/policy/{}?lang=en", policy::current().id)).await.ok();
    assert!(english.text.contains("Privacy policy of Resource Sharing Cloud"));
    assert_eq!(visitor.get("/policy/1999-01").await.status, 404);
}

#[tokio::test]
async fn the_hash_is_of_the_text_as_shown() {
    let world = World::new().await;
    let shown = world.visitor().get("/policy").await.ok().json();
    let contact = &world.app.config().privacy_contact;
    let text = policy::current().text("zh-CN").shown(contact);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    assert_eq!(shown["text_sha256"], hex::encode(hash.as_ref()));
    assert_eq!(shown["contact"], contact.as_str());
    assert!(text.contains(contact.as_str()) && !text.contains("{contact}"));
}

#[tokio::test]
async fn an_agreement_is_kept_with_an_event_and_never_before_it_is_confirmed() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let count = async || {
        let read = |tx: &mut kit::db::Tx| {
            let rows: i64 = tx.one("SELECT count(*) FROM agreement", &[], |row| row.next())?;
            let sql = "SELECT count(*) FROM event WHERE kind = $1";
            let events: i64 = tx.one(sql, values!["policy.agreed"], |row| row.next())?;
            Ok((rows, events))
        };
        world.app.db().read::<_, kit::db::Error>(read).await.unwrap()
    };
    world.visitor().post("/registrations", who.form()).await.ok();
    assert_eq!(count().await, (0, 0));
    let browser = world.applicant(&Applicant::new("buyer")).await;
    assert_eq!(count().await, (1, 1));
    let agreement = browser.get("/me").await.json()["agreements"][0].clone();
    assert_eq!(agreement["version"], policy::current().id);
    assert_eq!(agreement["language"], "zh-CN");
    assert_eq!(agreement["text_sha256"], world.visitor().get("/policy").await.json()["text_sha256"]);
}

#[tokio::test]
async fn the_registration_page_shows_what_is_agreed_to_with_nothing_ticked() {
    let world = World::new().await;
    let page = world.visitor().page("/registration").await.ok();
    for block in ["class=\"terms\"", "name=\"agree\"", "name=\"adult\"", "class=\"prose policy\""] {
        assert!(page.text.contains(block), "{block} is missing");
    }
    assert!(!page.text.contains(" checked"), "nothing is ticked beforehand");
}
