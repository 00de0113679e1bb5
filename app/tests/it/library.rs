//! The document library: kept once, replaced with its history, told of before it ends, taken into bids; and nobody else's.

use crate::colleague::colleague;
use crate::sourcing::{after, bid, draft, id, published_as, text};
use crate::substitution::day;
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

const PDF: &[u8] = b"%PDF-1.7 quality";

/// Keeps a document in the library of somebody's company.
pub async fn keep(who: &Browser, id: &str, kind: &str, name: &str, ends_on: &str) -> Answer {
    let fields =
        [("id", id), ("kind", kind), ("name", name), ("number", "Q-2026-01"), ("issuer", ""), ("ends_on", ends_on)];
    who.upload("/company/library", &fields, &[("file", "证书 正本.pdf", PDF)]).await
}

async fn told(who: &Browser) -> Vec<String> {
    let inbox = who.get("/inbox").await.ok().json();
    let kinds = inbox["unread"].as_array().unwrap().iter().map(|line| text(line, "kind"));
    kinds.filter(|kind| kind.starts_with("library-")).collect()
}

#[tokio::test]
async fn a_document_is_kept_replaced_with_its_history_told_of_and_taken_out() {
    let world = World::new().await;
    let (provider, rival) = (world.member("provider").await, world.member("provider").await);
    let (own, ends_on) = (id(), day(&world, 40));
    assert_eq!(keep(&provider, &id(), "certificate", "过期的证书", &day(&world, -1)).await.status, 422);
    let kept = keep(&provider, &own, "certificate", "质量管理体系认证证书", &ends_on).await.ok().json();
    assert_eq!(
        (&kept["edition"], &kept["standing"], &kept["file_name"]),
        (&json!(1), &json!("good"), &json!("证书 正本.pdf"))
    );
    let again = keep(&provider, &own, "certificate", "又一次", &ends_on).await.ok().json();
    assert_eq!((&again["name"], &again["file"]), (&kept["name"], &kept["file"]), "the same form is the same document");
    let path = format!("/company/library/{own}");

    // Another edition: only what is said changes, and the file is there again; an older form is refused.
    let edition = id();
    let next = [("id", &*edition), ("version", "1"), ("name", "质量管理体系认证证书（换发）"), ("ends_on", &*ends_on)];
    for _ in 0..2 {
        provider.upload(&format!("{path}/editions"), &next, &[]).await.ok();
    }
    let other = id();
    let stale = [("id", &*other), ("version", "1"), ("name", "旧表单")];
    assert_eq!(provider.upload(&format!("{path}/editions"), &stale, &[]).await.status, 412);
    let shown = provider.get(&path).await.ok().json();
    assert_eq!((&shown["document"]["edition"], &shown["document"]["number"]), (&json!(2), &Value::Null));
    assert_eq!(shown["earlier"][0]["name"], kept["name"]);
    for file in [text(&kept, "file"), edition.clone()] {
        assert_eq!(provider.get(&format!("/library-files/{file}")).await.ok().text.as_bytes(), PDF);
    }
    let page = provider.page(&path).await.ok().text;
    assert!(
        page.contains("以前的版本") && page.contains("value=\"质量管理体系认证证书（换发）\"") && !page.contains('⟦'),
        "{page}"
    );

    // Nobody else: another company finds nothing, a colleague who does not bid is told which duty it takes.
    let viewer = colleague(&world, &provider, &["viewer"]).await;
    assert_eq!(viewer.get("/company/library").await.code(), "duty-bidder");
    assert_eq!(rival.get("/company/library").await.ok().json()["documents"], json!([]));
    assert_eq!(rival.get(&path).await.status, 404);
    assert_eq!(rival.get(&format!("/library-files/{edition}")).await.status, 404);
    assert_eq!(rival.upload(&format!("{path}/editions"), &next, &[]).await.status, 404);
    assert_eq!(rival.post(&format!("{path}/removal"), json!({"version": 2})).await.status, 404);
    assert_eq!(keep(&rival, &own, "other", "别人的编号", "").await.status, 404, "an id of another company's");
    // What it says lies sealed.
    world.rows(|table, bytes| {
        let is_there = bytes.windows("质量管理".len()).any(|part| part == "质量管理".as_bytes());
        assert!(!is_there || !table.starts_with("library"), "{table}");
    });

    // Told of thirty days before its end, and when it has ended; on the desk meanwhile.
    world.stay_signed_in(60).await;
    world.pass(SignedDuration::from_hours(24 * 12)).await;
    world.settle().await;
    assert_eq!(told(&provider).await, ["library-ends-soon"]);
    assert!(
        told(&rival).await.is_empty() && provider.page("/").await.ok().text.contains("1 份投标资料即将到期或已到期")
    );
    world.pass(SignedDuration::from_hours(24 * 30)).await;
    world.settle().await;
    assert_eq!(told(&provider).await.len(), 2);

    assert_eq!(provider.post(&format!("{path}/removal"), json!({"version": 1})).await.status, 412);
    provider.post(&format!("{path}/removal"), json!({"version": 2})).await.ok();
    assert_eq!(provider.get(&format!("/library-files/{edition}")).await.status, 404);
    assert_eq!(world.count("SELECT count(*) FROM library_edition").await, 0);
}

#[tokio::test]
async fn a_bid_takes_documents_of_its_own_library_and_its_checklist_says_what_is_asked() {
    let world = World::new().await;
    let (buyer, provider, rival) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let mut wanted = draft(&world);
    wanted["summary"] =
        json!("云平台维保。投标人须具有质量管理体系认证证书。投标人近三年具有至少一项类似项目业绩。投标保证金2万元。");
    wanted["validity_days"] = json!("90");
    let (tender, lot) = published_as(&world, &buyer, wanted).await;
    let (certificate, foreign) = (id(), id());
    let kept = keep(&provider, &certificate, "certificate", "质量管理体系认证证书", &day(&world, 60)).await.ok().json();
    let file = text(&kept, "file");
    let theirs = text(&keep(&rival, &foreign, "certificate", "别家的证书", "").await.ok().json(), "file");

    let form = provider.get(&format!("/lots/{lot}/bids/new")).await.ok().json();
    assert_eq!(
        (form["library"].as_array().unwrap().len(), &form["library"][0]["ends_early"]),
        (1, &json!(true)),
        "{form}"
    );
    let stands = |what: &str, asks: Value| {
        let all = form["checklist"].as_array().unwrap();
        let found = all.iter().find(|one| one["what"] == what && one["asks"] == asks);
        found.unwrap_or_else(|| panic!("{what} {asks} in {form}")).clone()
    };
    for (what, standing) in [
        ("price", "open"),
        ("ceiling", "not-asked"),
        ("validity", "done"),
        ("documents", "not-asked"),
        ("bond", "yours"),
    ] {
        assert_eq!(stands(what, Value::Null)["standing"], standing, "{what}");
    }
    let licence = stands("requirement", json!("licence"));
    assert_eq!((&licence["standing"], &licence["suited"]), (&json!("open"), &json!([file])), "{licence}");
    assert_eq!(stands("requirement", json!("experience"))["suited"], json!([]));
    let page = provider.page(&format!("/lots/{lot}/bids/new")).await.ok().text;
    assert!(page.contains("在投标有效期结束前到期") && page.contains("data-check=") && !page.contains('⟦'), "{page}");

    // A document of somebody else's, or one that is gone, is refused at its field; what was ticked stays.
    let (own, other) = (id(), id());
    let fields = |kept: Value| json!({"id": own, "price": "300", "delivery_days": "30", "note": "", "kept": kept});
    for gone in [&theirs, &other] {
        let refused = provider.post(&format!("/lots/{lot}/bids"), fields(json!([file, gone]))).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!("library-gone")));
    }
    let typed = [("id", &*own), ("price", "300"), ("delivery_days", "0"), ("kept", &*file)];
    let again = provider.submit(&format!("/lots/{lot}/bids"), &typed).await;
    let ticked = format!("value=\"{file}\" name=\"kept\" checked");
    assert!(again.status == 422 && again.text.contains(&ticked), "{}", again.text);
    provider.post(&format!("/lots/{lot}/bids"), fields(json!([file, file]))).await.ok();
    // What is taken out of the library afterwards stays in the envelope.
    provider.post(&format!("/company/library/{certificate}/removal"), json!({"version": 1})).await.ok();
    bid(&rival, &lot, "310").await;
    bid(&world.member("provider").await, &lot, "320").await;
    world.until(after(world.clock.now(), 10)).await;
    let provider = world.again(&provider).await;
    let opened = provider.get(&format!("/tenders/{tender}/opening")).await.ok().json();
    let files = opened["lots"][0]["bids"][0]["files"].as_array().unwrap().clone();
    assert_eq!(files.iter().map(|one| text(one, "name")).collect::<Vec<_>>(), ["证书 正本.pdf"], "{opened}");
}
