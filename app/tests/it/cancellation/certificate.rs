//! The certificate: had by the link, without an account; true, signed, proven by the log, and without a personal value.

use super::{OVER, ask, page};
use crate::command::{folder, out, ziyun};
use crate::people::Applicant;
use crate::sourcing::text;
use crate::world::World;
use jiff::{SignedDuration, Timestamp};

fn instant(value: &serde_json::Value, name: &str) -> Timestamp {
    text(value, name).parse().unwrap()
}

#[tokio::test]
async fn it_says_what_was_deleted_what_is_kept_and_when_it_is_final_and_verifies_offline() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    ask(&me).await.ok();
    let link = text(&page(&me).await, "link");
    let visitor = world.visitor();
    let early = visitor.get(&format!("{link}/certificate")).await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "certificate-not-yet"));
    world.pass(OVER).await;
    let file = visitor.get(&format!("{link}/certificate")).await.ok();
    assert_eq!(visitor.get(&format!("{link}/certificate")).await.ok().text, file.text, "reading consumes nothing");
    for secret in [&who.phone, &who.email, &who.company, &who.credit_code] {
        assert!(!file.text.contains(secret), "{secret}");
    }
    let statement = file.json()["statement"].clone();
    let (keys, end) = (instant(&statement, "keys_destroyed_at"), instant(&statement, "final_at"));
    assert_eq!(end.duration_since(keys), SignedDuration::from_hours(24 * 14));
    assert!(instant(&statement, "requested_at") < instant(&statement, "erased_at"));
    let deleted: Vec<_> = statement["deleted"].as_array().unwrap().iter().map(|one| text(one, "what")).collect();
    assert_eq!(
        deleted,
        ["erased-phone", "erased-email", "erased-indexes", "erased-password", "erased-sessions", "erased-devices"]
    );
    let kept: Vec<_> = statement["kept"].as_array().unwrap().iter().map(|one| text(one, "class")).collect();
    assert_eq!(kept, ["netlog_6m", "evidence_3y"]);
    assert!(statement["kept"].as_array().unwrap().iter().all(|one| !text(one, "law").is_empty()));
    // Offline, by the command, with the published key; a changed one does not hold.
    let here = folder();
    std::fs::write(here.path().join("log.pub"), world.app.signer().public_key()).unwrap();
    std::fs::write(here.path().join("certificate.json"), &file.text).unwrap();
    let changed = file.text.replace("\"key_backup_days\": 14", "\"key_backup_days\": 3");
    assert_ne!(changed, file.text);
    std::fs::write(here.path().join("changed.json"), changed).unwrap();
    world.pass(SignedDuration::from_secs(60)).await;
    let proof = visitor.get(&format!("{link}/proof")).await.ok();
    std::fs::write(here.path().join("proof.json"), &proof.text).unwrap();
    let verify = |file: &str| ziyun(here.path(), &["verify", "--key", "log.pub", file]).output().unwrap();
    for file in ["certificate.json", "proof.json"] {
        assert!(verify(file).status.success() && out(&verify(file)).contains("\"kind\":\"cancellation\""), "{file}");
    }
    assert!(!verify("changed.json").status.success());
}

#[tokio::test]
async fn the_page_behind_the_link_leads_to_it_and_there_is_a_paper() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    ask(&me).await.ok();
    let link = text(&page(&me).await, "link");
    world.pass(OVER).await;
    for language in ["zh", "en"] {
        let shown = world.visitor().page(&format!("{link}?lang={language}")).await.ok().text;
        assert!(shown.contains("certificate.pdf") && !shown.contains('⟦'), "{shown}");
    }
    let request = world.visitor().request(reqwest::Method::GET, &format!("{link}/certificate.pdf"));
    let answer = request.send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/pdf")
    );
    let paper = answer.bytes().await.unwrap();
    assert!(paper.starts_with(b"%PDF-") && paper.len() < 300_000, "{} bytes", paper.len());
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("certificate.pdf"), &paper).unwrap();
}
