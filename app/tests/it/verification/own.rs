//! What a company hands in, and what comes back.

use super::{CASE, give, hand_in, handed_in, pages, photo, refusal};
use crate::account::refused;
use crate::colleague::colleague;
use crate::people::Applicant;
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_company_reads_its_level_and_the_way_to_the_next() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    let overview = member.get("/company/verification").await.ok().json();
    assert_eq!((&overview["level"], &overview["cases"][0]["state"]), (&json!("contact"), &json!("open")));
    let page = member.page("/company/verification").await.ok().text;
    for text in ["尚未达到", "可以使用", "上传营业执照和授权书", CASE] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains('⟦') && !member.page(CASE).await.ok().text.contains('⟦'));
    assert!(member.page("/company").await.ok().text.contains(CASE), "the company's page leads there");
    let approved = world.member("provider").await;
    let overview = approved.get("/company/verification").await.ok().json();
    assert_eq!((&overview["level"], &overview["cases"][0]["on_register"]), (&json!("company"), &json!(true)));
}

#[tokio::test]
async fn steps_are_given_replaced_handed_in_and_taken_back() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    let early = member.post(&format!("{CASE}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()));
    for _ in 0..2 {
        give(&member, "licence", &photo()).await.ok();
    }
    let case = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!(pages(&case, "licence").len(), 1, "a second time replaces the first");
    give(&member, "letter", &photo()).await.ok();
    assert_eq!(member.get("/").await.json()["tasks"][1]["what"], "verification-waiting-complete");
    hand_in(&member).await;
    assert_eq!(refusal(&give(&member, "letter", &photo()).await), (409, "verification-not-open".into()));
    member.post(&format!("{CASE}/taking-back"), json!({})).await.ok();
    let twice = member.post(&format!("{CASE}/taking-back"), json!({})).await;
    assert_eq!(refusal(&twice), (409, "verification-not-handed-in".into()));
    give(&member, "letter", &photo()).await.ok();
    assert_eq!(member.get("/company/verification/nonsense").await.status, 404);
    let nowhere = member.upload(&format!("{CASE}/steps/nonsense"), &[], &[("pages", "a.jpg", &photo())]).await;
    assert_eq!(nowhere.status, 404);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_on_its_step_with_the_reason() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    let files: [(&[u8], &str); 4] = [
        (b"<html><script>alert(1)</script>", "file-kind"),
        (b"%PDF-1.7\ntrailer<</Encrypt 5 0 R/Root 1 0 R>>\n%%EOF\n", "file-encrypted"),
        (&photo()[..200], "file-broken"),
        (&[photo().as_slice(), b"PK\x03\x04\x14\x00\x08\x00"].concat(), "file-two"),
    ];
    for (content, rule) in files {
        refused(&give(&member, "licence", content).await, "pages", rule);
    }
    refused(&member.upload(&format!("{CASE}/steps/letter"), &[], &[]).await, "pages", "required");
    let many: Vec<_> = (0..7).map(|_| ("pages", "a.jpg", b"x".as_slice())).collect();
    refused(&member.upload(&format!("{CASE}/steps/letter"), &[], &many).await, "pages", "too-many-files");
    let case = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&case["id"], pages(&case, "licence").len()), (&serde_json::Value::Null, 0), "nothing was begun");
    world.settle().await;
    assert_eq!(world.app.blobs().list("default").await.unwrap().len(), 0);
}

#[tokio::test]
async fn pages_go_a_while_after_the_decision_and_are_drawn_without_metadata() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    world.stay_signed_in(90).await;
    let shown = member.get(CASE).await.ok().json()["case"].clone();
    let page = format!("/me/verification-pages/{}", pages(&shown, "licence")[0]["id"].as_str().unwrap());
    let kept = member.get(&page).await.ok();
    assert_eq!(kept.header("content-type"), "image/jpeg");
    assert!(!kept.text.contains("Exif") && !kept.text.contains("Canon"), "nothing beside the pixels");
    world.pass(SignedDuration::from_hours(24 * 45)).await;
    assert_eq!(world.app.blobs().list("default").await.unwrap().len(), 2, "while it waits nothing goes");
    let operator = world.operator().await;
    operator.post(&format!("{case}/claim"), json!({})).await.ok();
    operator.post(&format!("{case}/decision"), super::accepted()).await.ok();
    world.pass(SignedDuration::from_hours(24 * 29)).await;
    member.get(&page).await.ok();
    world.pass(SignedDuration::from_hours(24 * 2)).await;
    assert_eq!(member.get(&page).await.status, 404);
    assert_eq!(world.app.blobs().list("default").await.unwrap().len(), 0);
    assert_eq!(world.count("SELECT count(*) FROM verification_page WHERE page_key IS NOT NULL").await, 0);
    let shown = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&shown["state"], &shown["steps"][0]["state"]), (&json!("accepted"), &json!("accepted")));
}

#[tokio::test]
async fn what_is_never_handed_in_goes_and_is_missing_again() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    world.stay_signed_in(90).await;
    give(&member, "licence", &photo()).await.ok();
    world.pass(SignedDuration::from_hours(24 * 31)).await;
    let case = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((&case["state"], &case["steps"][0]["state"]), (&json!("open"), &json!("missing")));
}

#[tokio::test]
async fn whoever_leaves_takes_their_pages_along() {
    let world = World::new().await;
    let (member, _) = handed_in(&world, "provider").await;
    let subject = "SELECT subject FROM verification_page ORDER BY id LIMIT 1";
    let subject =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(subject, &[], |row| row.next())).await.unwrap();
    let account = "SELECT id FROM account WHERE subject = $1";
    let app = world.app.clone();
    let erase = move |tx: &mut kit::db::Tx| {
        let account = tx.one(account, kit::values![subject], |row| row.next())?;
        let gone = app::web::Gone { account, subject };
        let rooms = app::app::ROOMS.iter().filter_map(|room| room.erased);
        rooms.map(|erased| erased(tx, &app, &gone)).collect::<Result<Vec<_>, app::web::Error>>()
    };
    let erased = world.app.db().write(erase).await.unwrap();
    let pages = erased.iter().flatten().find(|one| one.what == "erased-verification-pages").unwrap();
    assert_eq!(pages.count, 2);
    world.settle().await;
    assert_eq!(world.app.blobs().list("default").await.unwrap().len(), 0);
    assert_eq!(world.count("SELECT count(*) FROM verification_case WHERE state = 'open'").await, 1, "it waits no more");
    drop(member);
}

#[tokio::test]
async fn a_company_that_closes_takes_its_pages_along() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    world.stay_signed_in(30).await;
    let closing = json!({ "id": crate::sourcing::id(), "password": crate::people::PASSWORD });
    member.post("/company/closing", closing).await.ok();
    world.pass(SignedDuration::from_hours(24 * 8)).await;
    let operator = world.operator().await;
    assert_eq!(world.app.blobs().list("default").await.unwrap().len(), 0);
    assert_eq!(world.count("SELECT count(*) FROM verification_page WHERE page_key IS NOT NULL").await, 0);
    assert_eq!(operator.get("/desk/verifications").await.ok().json()["cases"], json!([]));
    assert_eq!(
        refusal(&operator.post(&format!("{case}/claim"), json!({})).await),
        (409, "verification-not-handed-in".into())
    );
}

#[tokio::test]
async fn who_is_no_owner_reads_the_case_and_is_told_who_acts() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    give(&member, "licence", &photo()).await.ok();
    let viewer = colleague(&world, &member, &["finance"]).await;
    let page = viewer.page(CASE).await.ok().text;
    assert!(page.contains("由公司的所有者上传、提交和申诉") && !page.contains("type=\"file\""), "{page}");
    assert!(page.contains("由同事上传") && !page.contains("/me/verification-pages/"), "{page}");
    for (path, fields) in
        [("handing-in", json!({})), ("taking-back", json!({})), ("appeal", json!({ "appeal": "请再看一次吧，谢谢。" }))]
    {
        assert_eq!(
            refusal(&viewer.post(&format!("{CASE}/{path}"), fields).await),
            (403, "duty-owner".into()),
            "{path}"
        );
    }
    assert_eq!(refusal(&give(&viewer, "letter", &photo()).await), (403, "duty-owner".into()));
}
