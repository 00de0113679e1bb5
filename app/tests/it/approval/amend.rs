//! Amending a published tender where publishing has to be approved.

use super::{Firm, ask, give, prepare, state};
use crate::amendment::{amend, as_it_stands, later, material_form};
use crate::sourcing::{id, publish, text};
use crate::verification::refusal;
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::Value;

/// A tender that was approved and published.
async fn published(world: &World, firm: &Firm) -> String {
    let tender = prepare(world, &firm.asker).await;
    let request = ask(&firm.asker, &tender).await;
    give(&firm.second, &request, "colleague").await.ok();
    publish(&firm.asker, &tender).await.ok();
    tender
}

async fn propose(buyer: &Browser, tender: &str, form: &Value) -> Answer {
    buyer.post(&format!("/tenders/{tender}/amendment-approval"), form.clone()).await
}

async fn asked(buyer: &Browser, tender: &str, form: &Value) -> String {
    format!("/company/approvals/{}", text(&propose(buyer, tender, form).await.ok().json(), "id"))
}

#[tokio::test]
async fn no_text_is_amended_that_was_not_approved_as_it_is() {
    let world = World::new().await;
    let firm = Firm::asking(&world, &["colleague"]).await;
    let tender = published(&world, &firm).await;
    let Firm { asker, second, .. } = &firm;
    let form = material_form(asker, &tender, &[1]).await;
    assert_eq!(refusal(&amend(asker, &tender, &form).await), (403, "needs-approval".into()));
    let request = asked(asker, &tender, &form).await;
    assert_eq!(asked(asker, &tender, &form).await, request, "sent twice it is one");
    assert_eq!(refusal(&amend(asker, &tender, &form).await), (403, "approval-waiting".into()));
    assert_eq!(give(asker, &request, "colleague").await.code(), "approval-own");
    let shown = second.get(&request).await.ok().text;
    assert!(shown.contains("备件改为原厂件") && shown.contains("答疑后需要更多时间准备报价"), "{shown}");
    give(second, &request, "colleague").await.ok();
    // Another word, another class, other lots: nobody has approved that.
    for (field, value) in
        [("summary", "另一种说法，比原来的长一些。"), ("reason", "另一个原因，谁也没有看过"), ("class", "editorial")]
    {
        let mut other = form.clone();
        other[field] = value.into();
        assert_eq!(refusal(&amend(asker, &tender, &other).await), (403, "needs-approval".into()), "{field}");
    }
    assert_eq!(refusal(&amend(second, &tender, &form).await), (403, "needs-approval".into()), "the asker's to publish");
    amend(asker, &tender, &form).await.ok();
    amend(asker, &tender, &form).await.ok();
    assert_eq!(state(asker, &request).await, "done");
    assert_eq!(world.count("SELECT count(*) FROM amendment").await, 1);
    let page = second.page(&request).await.ok().text;
    assert!(page.contains("变更招标") && !page.contains('⟦'), "{page}");
}

#[tokio::test]
async fn moving_dates_on_needs_none_and_makes_void_what_was_asked_before() {
    let world = World::new().await;
    let firm = Firm::asking(&world, &["colleague"]).await;
    let tender = published(&world, &firm).await;
    let Firm { asker, second, .. } = &firm;
    let form = material_form(asker, &tender, &[1]).await;
    let request = asked(asker, &tender, &form).await;
    give(second, &request, "colleague").await.ok();
    let dates = later(asker, &tender, 1).await;
    assert_eq!(refusal(&propose(asker, &tender, &dates).await), (409, "approval-not-needed".into()));
    amend(asker, &tender, &dates).await.ok();
    assert_eq!(state(asker, &request).await, "void");
    assert_eq!(refusal(&amend(asker, &tender, &form).await).0, 412);
    let stranger = world.member("buyer").await;
    assert_eq!(propose(&stranger, &tender, &form).await.status, 404);
    let mut text = as_it_stands(asker, &tender).await;
    text["summary"] = "短".into();
    text["class"] = "editorial".into();
    assert_eq!(propose(asker, &tender, &text).await.status, 422);
    let page = asker.page(&format!("/tenders/{tender}/amendment")).await.ok().text;
    assert!(page.contains("amendment-approval") && page.contains("提交审批"), "{page}");
}

#[tokio::test]
async fn its_documents_wait_for_who_decides_and_become_the_tenders_or_go() {
    let world = World::new().await;
    let firm = Firm::asking(&world, &["colleague"]).await;
    let tender = published(&world, &firm).await;
    let Firm { asker, second, .. } = &firm;
    let seen = as_it_stands(asker, &tender).await;
    let field = |name: &str| match &seen[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let names = ["version", "reason", "deadline", "questions_until", "summary"];
    let form = |id: &str| {
        let mut all: Vec<(&str, String)> = names.iter().map(|name| (*name, field(name))).collect();
        all.extend([("id", id.to_owned()), ("class", "editorial".to_owned())]);
        all
    };
    let send = async |to: &str, id: &str, files: &[(&str, &str, &[u8])]| {
        let fields = form(id);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        asker.upload(&format!("/tenders/{tender}/{to}"), &fields, files).await
    };
    let file: (&str, &str, &[u8]) = ("documents", "补充说明.pdf", b"%PDF-1.7 supplement");
    let other: (&str, &str, &[u8]) = ("documents", "补充说明.pdf", b"%PDF-1.7 another");
    let own = id();
    let request =
        format!("/company/approvals/{}", text(&send("amendment-approval", &own, &[file]).await.ok().json(), "id"));
    send("amendment-approval", &own, &[file]).await.ok();
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM amendment_file").await, 1);
    let lines = second.get(&request).await.ok().json()["lines"].clone();
    let path =
        lines.as_array().unwrap().iter().find_map(|line| line["value"]["file"]["path"].as_str()).unwrap().to_owned();
    assert_eq!(second.get(&path).await.ok().text.as_bytes(), file.2, "who decides reads it");
    assert_eq!(world.member("buyer").await.get(&path).await.status, 404);
    assert_eq!(world.visitor().get(&path).await.status, 401);
    give(second, &request, "colleague").await.ok();
    assert_eq!(send("amendment", &own, &[other]).await.code(), "needs-approval", "another file");
    send("amendment", &own, &[]).await.ok();
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM amendment_file").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM tender_document WHERE amendment = 1").await, 1);
    assert_eq!(second.get(&path).await.status, 404);
    let documents = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json()["documents"].clone();
    let public = format!("/documents/{}", text(&documents[0], "id"));
    assert_eq!(world.visitor().get(&public).await.ok().text.as_bytes(), file.2);
    // Nothing comes of the next: it goes.
    let mut again = as_it_stands(asker, &tender).await;
    (again["class"], again["id"]) = ("editorial".into(), id().into());
    let fields: Vec<_> = ["id", "version", "class", "reason", "deadline", "questions_until", "summary"]
        .iter()
        .map(|name| (*name, again[*name].as_str().map_or_else(|| again[*name].to_string(), str::to_owned)))
        .collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    asker.upload(&format!("/tenders/{tender}/amendment-approval"), &fields, &[other]).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM amendment_file").await, 1);
    world.pass(SignedDuration::from_hours(24 * 9)).await;
    assert_eq!(world.count("SELECT count(*) FROM amendment_file").await, 0);
}
