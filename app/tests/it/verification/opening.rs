//! Who opens what was handed in, and what its person reads of that.

use super::{CASE, accepted, give, handed_in, pages, photo, refusal, second};
use crate::people::Applicant;
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn documents_open_for_who_has_the_case_and_the_person_reads_of_it() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let (one, other) = (world.operator().await, second(&world).await);
    let shown = one.get(&case).await.ok().json()["case"].clone();
    let page = format!("{case}/pages/{}", pages(&shown, "letter")[0]["id"].as_str().unwrap());
    assert_eq!(refusal(&one.get(&page).await), (409, "verification-not-claimed".into()), "not before it is claimed");
    assert!(!one.page(&case).await.ok().text.contains("<img"));
    let told = async || member.get("/me/accesses").await.ok().json()["others"].to_string();
    assert!(!told().await.contains("审核人员"), "the queue and the page open nothing");
    one.post(&format!("{case}/claim"), json!({})).await.ok();
    let first = one.get(&page).await.ok();
    assert_eq!((first.header("content-type"), first.header("cache-control")), ("image/jpeg", "no-store"));
    assert_eq!(refusal(&other.get(&page).await), (409, "verification-not-claimed".into()));
    assert!(
        told().await.contains(
            "运营方的审核人员为“审核企业和代表企业的人的实名认证：材料、证件上的姓名和证件号码”打开了你的认证材料的图片"
        ),
        "{}",
        told().await
    );
    assert_eq!(one.get(&page).await.ok().text, first.text, "the same minute, the same mark");
    world.pass(SignedDuration::from_mins(2)).await;
    assert_ne!(one.get(&page).await.ok().text, first.text, "another time is in the mark");
    world.pass(SignedDuration::from_mins(31)).await;
    assert_eq!(refusal(&one.get(&page).await), (409, "verification-not-claimed".into()), "a claim ends");
    one.post(&format!("{case}/claim"), json!({})).await.ok();
    one.post(&format!("{case}/decision"), accepted()).await.ok();
    assert_eq!(refusal(&one.get(&page).await), (409, "verification-not-claimed".into()), "nor after the decision");
}

#[tokio::test]
async fn pages_are_nobody_elses() {
    let world = World::new().await;
    let (member, case) = handed_in(&world, "provider").await;
    let (stranger, operator) = (world.member("both").await, world.operator().await);
    let shown = member.get(CASE).await.ok().json()["case"].clone();
    let id = pages(&shown, "licence")[0]["id"].as_str().unwrap().to_owned();
    let own = format!("/me/verification-pages/{id}");
    member.get(&own).await.ok();
    for (who, status) in [(&stranger, 404), (&operator, 404), (&world.visitor(), 401)] {
        assert_eq!(who.get(&own).await.status, status);
    }
    for path in [case.clone(), format!("{case}/pages/{id}"), "/desk/verifications".to_owned()] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
        assert_eq!(member.get(&path).await.status, 404, "{path}");
    }
    // A page of one case is not there under another.
    let (_, second) = handed_in(&world, "provider").await;
    operator.post(&format!("{second}/claim"), json!({})).await.ok();
    assert_eq!(operator.get(&format!("{second}/pages/{id}")).await.status, 404);
    for act in ["claim", "release", "recusal", "decision", "refusal"] {
        assert_eq!(stranger.post(&format!("{case}/{act}"), json!({})).await.status, 404, "{act}");
    }
    let moved = member.get("/desk/verifications?after=AAAA").await;
    assert_eq!(moved.status, 404);
    assert_eq!(refusal(&operator.get("/desk/verifications?after=AAAA").await), (400, "cursor".into()));
}

#[tokio::test]
async fn what_was_handed_in_lies_nowhere_in_the_clear() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    give(&member, "licence", &photo()).await.ok();
    world.settle().await;
    let blobs = world.app.blobs();
    let names = blobs.list("default").await.unwrap();
    assert_eq!(names.len(), 1);
    let lying = blobs.get("default", names[0]).await.unwrap();
    assert!(lying.starts_with(b"age-encryption.org/v1"), "encrypted under a key of its own");
    let rows = world.count("SELECT count(*) FROM verification_page WHERE page_key IS NOT NULL").await;
    assert_eq!(rows, 1);
    let name = "周小舟的执照";
    assert!(!crate::canary::is_found(world.folder.path(), name), "not even the name of the file");
}
