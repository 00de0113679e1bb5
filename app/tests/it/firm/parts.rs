//! Parts: filed by their forms, kept in every version, reviewed anew where they were changed.

use super::{NAME, fact, form, identity, known, part, review, standing};
use crate::colleague::colleague;
use crate::people::{Applicant, coded, credit_code};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn every_part_is_filed_by_its_form_and_reads_back() {
    let world = World::new().await;
    let me = world.member("both").await;
    assert_eq!(standing(&me, "identity").await, "reviewed", "what the operator approved");
    let fields = identity(&me, json!({})).await;
    assert_eq!(me.post("/company/identity", fields).await.ok().json()["version"], 2);
    assert_eq!(standing(&me, "identity").await, "reopened");
    let page = part(&me, "identity").await;
    assert_eq!((fact(&page, "sector"), fact(&page, "nature")), (&json!("I6513"), &json!(["company-nature-private"])));
    for (name, field, value) in [
        ("addresses", "registered_region", "33"),
        ("permits", "ground", "软件开发不属于须取得许可的事项"),
        ("group", "group", "衡川集团"),
    ] {
        let path = format!("/company/{name}");
        assert_eq!(standing(&me, name).await, Value::Null);
        assert!(me.page(&path).await.ok().text.contains("<form"), "an empty part shows its form");
        let filed = me.post(&path, form(&path)).await.ok().json();
        assert_eq!((&filed["version"], &filed["standing"]), (&json!(1), &json!("filed")));
        assert_eq!(fact(&part(&me, name).await, field), &json!(value));
    }
    let html = me.page("/company").await.ok().text;
    for text in ["浙江省", "衡川集团", "信息传输、软件和信息技术服务业", "民营"] {
        assert!(html.contains(text) && !html.contains('⟦'), "{text}: {html}");
    }
    for name in ["identity", "representative", "addresses", "permits", "group", "bank", "history"] {
        for language in ["zh-CN", "en"] {
            let page = me.page(&format!("/company/{name}?lang={language}")).await.ok().text;
            assert!(!page.contains('⟦') && page.contains("<h1>"), "{name} {language}: {page}");
        }
    }
}

#[tokio::test]
async fn who_may_not_change_a_part_reads_it_and_is_told_who_may() {
    let world = World::new().await;
    let me = world.member("both").await;
    me.post("/company/addresses", form("/company/addresses")).await.ok();
    let viewer = colleague(&world, &me, &["viewer"]).await;
    for path in ["/company/identity", "/company/addresses", "/company/permits", "/company/group", "/company/bank"] {
        let acts = format!("action=\"{path}");
        assert!(me.page(path).await.ok().text.contains(&acts), "{path}");
        let page = viewer.page(path).await.ok().text;
        assert!(!page.contains(&acts) && page.contains("由公司的所有者填写和更改"), "{path}: {page}");
    }
    assert!(viewer.page("/company/addresses").await.ok().text.contains("浙江省"));
    assert!(viewer.page("/company/bank").await.ok().text.contains("还没有填写"));
    let changed = viewer.post("/company/addresses", form("/company/addresses")).await;
    assert_eq!((changed.status.as_u16(), changed.code()), (403, "duty-owner".into()));
}

#[tokio::test]
async fn a_bank_account_is_the_companys_own() {
    crate::world::sabotaged();
    let world = World::new().await;
    let me = world.member("provider").await;
    let name = known(&me).await["name"].as_str().unwrap().to_owned();
    let refused = me.post("/company/bank", form("/company/bank")).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!("account-holder")));
    let mut own = form("/company/bank");
    own["holder"] = json!(format!(" {name} "));
    for (field, value, code) in [
        ("number", "6222020000000000000", "account-card"),
        ("number", "12 34", "account-number"),
        ("cnaps", "1023", "cnaps"),
        ("holder", "", "required"),
    ] {
        let mut wrong = own.clone();
        let cards = (0..10).map(|digit| format!("622202000000000000{digit}"));
        let card = cards.into_iter().find(|card| kit::identifier::BankCard::parse(card).is_ok()).unwrap();
        wrong[field] = if code == "account-card" { json!(card) } else { json!(value) };
        let refused = me.post("/company/bank", wrong).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{field}");
    }
    let typed: Vec<_> =
        own.as_object().unwrap().iter().map(|(k, v)| (k.as_str(), v.as_str().map_or("0", |v| v))).collect();
    let typed: Vec<_> =
        typed.into_iter().map(|(k, v)| if k == "holder" { (k, "另一家公司") } else { (k, v) }).collect();
    let page = me.submit("/company/bank", &typed).await;
    assert!(
        page.status == 422 && page.text.contains("某银行杭州西湖支行") && page.text.contains("户名必须与公司名称一致")
    );
    me.post("/company/bank", own).await.ok();
    assert_eq!(fact(&part(&me, "bank").await, "number"), &json!("1202020109900012345"));
    assert!(!world.visitor().page("/").await.text.contains("1202020109900012345"));
}

#[tokio::test]
async fn a_changed_name_waits_for_its_review_and_reopens_that_part_alone() {
    crate::world::sabotaged();
    let world = World::new().await;
    let me = world.member("provider").await;
    me.post("/company/addresses", form("/company/addresses")).await.ok();
    let before = known(&me).await;
    assert!(review(&world, &before, "addresses", 1).await);
    let mut account = form("/company/bank");
    account["holder"] = before["name"].clone();
    me.post("/company/bank", account).await.ok();
    assert!(review(&world, &before, "bank", 1).await);
    let changed = identity(&me, json!({ "company": "衡川云帆科技有限公司", "buyer": true })).await;
    me.post("/company/identity", changed).await.ok();
    assert_eq!(known(&me).await["name"], before["name"], "the platform goes on with what was found true");
    assert_eq!(me.get("/tenders/new").await.code(), "buyers-only", "a side that nobody has looked at gives no right");
    assert_eq!(
        (standing(&me, "identity").await, standing(&me, "addresses").await),
        (json!("reopened"), json!("reviewed"))
    );
    assert!(!review(&world, &before, "identity", 1).await, "an older version is found true by nobody");
    assert!(review(&world, &before, "identity", 2).await);
    assert!(!review(&world, &before, "identity", 2).await, "once");
    let after = known(&me).await;
    assert_eq!((&after["name"], &after["buyer"]), (&json!("衡川云帆科技有限公司"), &json!(true)));
    me.get("/tenders/new").await.ok();
    assert_eq!(standing(&me, "addresses").await, "reviewed");
    assert_eq!(standing(&me, "bank").await, "reopened", "its holder is not the company's name any more");
}

#[tokio::test]
async fn a_company_that_waits_is_known_by_what_it_files_and_codes_belong_to_one() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("buyer")).await;
    assert_eq!(standing(&me, "identity").await, "filed");
    let changed = identity(&me, json!({ "company": "衡川数维（江州）有限公司" })).await;
    me.post("/company/identity", changed).await.ok();
    assert_eq!(known(&me).await["name"], "衡川数维（江州）有限公司");
    let other = Applicant::new("buyer");
    world.applicant(&other).await;
    let taken = identity(&me, json!({ "credit_code": other.credit_code })).await;
    let refused = me.post("/company/identity", taken).await;
    assert_eq!(refused.json()["errors"][0]["code"], "credit-code-taken");
    let sole = coded("92330106", 880_003);
    for (kind, code, right) in
        [("sole-operator", &sole, true), ("enterprise", &sole, false), ("sole-operator", &credit_code(880_004), false)]
    {
        let fields = identity(&me, json!({ "kind": kind, "credit_code": code })).await;
        let answer = me.post("/company/identity", fields).await;
        assert_eq!(answer.status == 201, right, "{kind} {code}: {}", answer.text);
        if !right {
            assert_eq!(answer.json()["errors"][0]["code"], "kind-code");
        }
    }
    let company = known(&me).await["id"].as_str().unwrap().to_owned();
    crate::company::decide(&world.operator().await, &company, "approval", json!({})).await.ok();
    assert_eq!(standing(&me, "identity").await, "reviewed", "the operator approved all of it");
}

#[tokio::test]
async fn two_forms_of_the_same_part_do_not_overwrite_each_other_and_a_double_submit_is_one() {
    let world = World::new().await;
    let me = world.member("both").await;
    let first = form("/company/addresses");
    for _ in 0..2 {
        assert_eq!(me.post("/company/addresses", first.clone()).await.ok().json()["version"], 1);
    }
    let mut second = first.clone();
    second["registered_line"] = json!("宁波市海曙区中山路 2 号");
    let stale = me.post("/company/addresses", second.clone()).await;
    assert_eq!(
        (stale.status.as_u16(), stale.code().as_str()),
        (412, "stale"),
        "it was filled from what stood there before"
    );
    second["version"] = json!(1);
    let (token, path) = (me.token().await, "/company/addresses");
    let others: Vec<_> = (0..6)
        .map(|n| {
            let mut fields = second.clone();
            fields["registered_line"] = json!(format!("宁波市海曙区中山路 {n} 号"));
            let (me, token) = (me.clone(), token.clone());
            tokio::spawn(async move { me.post_with(&token, path, &fields).await.status.as_u16() })
        })
        .collect();
    let mut done = Vec::new();
    for other in others {
        done.push(other.await.unwrap());
    }
    done.sort_unstable();
    assert_eq!(done, [201, 412, 412, 412, 412, 412], "one of those who are as fast is the next version");
    assert_eq!(world.count("SELECT count(*) FROM company_fact WHERE part = 'addresses'").await, 2);
}

#[tokio::test]
async fn the_company_is_read_as_it_stood_on_any_day() {
    let world = World::new().await;
    let me = world.member("both").await;
    me.post("/company/addresses", form("/company/addresses")).await.ok();
    me.post("/company/representative", form("/company/representative")).await.ok();
    world.stay_signed_in(30).await;
    world.pass(SignedDuration::from_hours(72)).await;
    let mut moved = form("/company/addresses");
    (moved["version"], moved["registered_line"]) = (json!(1), json!("宁波市海曙区中山路 2 号"));
    me.post("/company/addresses", moved).await.ok();
    let mut next = form("/company/representative");
    (next["version"], next["representative_name"]) = (json!(1), json!("闻人若水"));
    me.post("/company/representative", next).await.ok();
    let on = async |day: &str| me.get(&format!("/company/history?at={day}")).await.ok();
    let (before, after) = (on("2026-11-24").await, on("2026-11-27").await);
    assert!(before.text.contains("文三路 1 号") && before.text.contains(NAME), "{}", before.text);
    let stood = after.json()["stood"].to_string();
    assert!(stood.contains("中山路 2 号") && stood.contains("闻人若水") && !stood.contains("文三路"), "{stood}");
    assert_eq!(on("2020-01-01").await.json()["stood"], json!([]));
    let all = me.get("/company/history").await.ok();
    assert!(!all.text.contains(NAME), "what was changed is told without the names");
    let filings = all.json()["filings"].clone();
    let latest = filings.as_array().unwrap().iter().find(|one| one["part"] == "addresses").unwrap().clone();
    assert_eq!(latest["version"], 2);
    assert_eq!(latest["changes"].as_array().unwrap().len(), 1, "{latest}");
    assert_eq!(latest["changes"][0]["before"]["value"], "杭州市西湖区文三路 1 号");
    for day in ["yesterday", "2026-13-01", "9999-12-31", "-1"] {
        let wrong = me.get(&format!("/company/history?at={day}")).await;
        assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (400, "company-day"), "{day}");
    }
    let you = world.member("both").await;
    assert!(!you.get("/company/history?at=2026-11-30").await.ok().text.contains("文三路"));
}

#[tokio::test]
async fn a_company_older_than_the_parts_begins_with_what_it_registered() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let forget = |tx: &mut kit::db::Tx| {
        tx.execute("DELETE FROM company_fact", &[])?;
        tx.execute("DELETE FROM company_part", &[])
    };
    world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
    let name = known(&me).await["name"].as_str().unwrap().to_owned();
    assert!(me.page("/company").await.ok().text.contains(&name));
    let fields = identity(&me, json!({ "company": "衡川云帆科技有限公司" })).await;
    assert_eq!(me.post("/company/identity", fields).await.ok().json()["standing"], "reopened");
    let filings = me.get("/company/history").await.ok().json()["filings"].clone();
    assert_eq!(filings[0]["changes"][0]["before"]["value"], name, "{filings}");
}
