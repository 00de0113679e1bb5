//! The page: exactly what is public, to anybody, at an address that stays.

use super::{address, profile, review, sole};
use crate::people::Applicant;
use crate::world::{Browser, World};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Everything that a company can say of itself, with values that are nowhere else.
async fn say_everything(me: &Browser) {
    let name = me.get("/company").await.json()["company"]["name"].as_str().unwrap().to_owned();
    let id = |n: u8| kit::id::Id::<()>::from_bytes([n; 16]).to_string();
    for (path, fields) in [
        (
            "/company/addresses",
            json!({ "version": 0, "registered_region": "33", "registered_line": "秘密路 ZZ7431ZZ 号", "postcode": "310000" }),
        ),
        (
            "/company/representative",
            json!({ "version": 0, "id": id(1), "role": "legal-representative", "representative_name": "司空望舒" }),
        ),
        (
            "/company/bank",
            json!({ "version": 0, "bank": "某银行秘密支行", "cnaps": "102331000016", "number": "1202020109900017431", "holder": name }),
        ),
        ("/company/group", json!({ "version": 0, "group": "秘密集团" })),
        ("/company/permits", json!({ "version": 0, "statement": "permits", "ground": "" })),
        (
            "/company/permits/documents",
            json!({ "id": id(2), "document_kind": "permit", "document_name": "增值电信业务经营许可证",
            "document_number": "B1-20260001", "issuer": "工业和信息化部", "ends_on": "2030-12-31" }),
        ),
        (
            "/company/permits/documents",
            json!({ "id": id(3), "document_kind": "certificate", "document_name": "秘密资质证书",
            "document_number": "ZZ7431ZZ", "issuer": "某协会", "ends_on": "" }),
        ),
        ("/company/profile", profile(0)),
    ] {
        me.post(path, fields).await.ok();
    }
}

#[tokio::test]
async fn exactly_these_fields_are_readable_and_only_once_they_are_verified() {
    crate::world::sabotaged();
    let world = World::new().await;
    let me = world.member("provider").await;
    say_everything(&me).await;
    world.settle().await;
    let (address, visitor) = (address(&me).await, world.visitor());
    let before = visitor.get(&address).await.ok().json()["provider"].clone();
    assert_eq!(before["permits"], json!([]), "what nobody has found true is not public");
    review(&world, &me, "permits", 3).await;
    let answer = visitor.get(&address).await.ok();
    let page = answer.json()["provider"].clone();
    let fields = [
        "id",
        "name",
        "kind",
        "credit_code",
        "permits",
        "exemption",
        "verified_at",
        "channel",
        "closes_on",
        "publication",
        "profile",
    ];
    assert_eq!(keys(&page), fields.into());
    assert_eq!(keys(&page["permits"][0]), ["name", "number", "issuer", "ends_on"].into());
    assert_eq!(keys(&page["profile"]), ["about", "services", "regions", "price", "references"].into());
    assert_eq!(
        (&page["permits"][0]["number"], &page["channel"]),
        (&json!("B1-20260001"), &json!("https://www.hengchuan.example/"))
    );
    let html = visitor.page(&address).await.ok();
    for secret in ["秘密", "ZZ7431ZZ", "1202020109900017431", "司空望舒"] {
        assert!(!answer.text.contains(secret) && !html.text.contains(secret), "{secret} is public");
    }
    for text in ["B1-20260001", "工业和信息化部", "二十年工业软件交付经验", "浙江省", "软件开发", "某车间能耗监测平台"]
    {
        assert!(html.text.contains(text) && !html.text.contains('⟦'), "{text} is missing");
    }
    assert!(visitor.page(&format!("{address}?lang=en")).await.ok().text.contains("Unified social credit code"));
}

#[tokio::test]
async fn anybody_reads_a_page_signed_out_and_without_a_cookie() {
    crate::world::sabotaged();
    let world = World::new().await;
    let me = world.member("provider").await;
    me.post("/company/profile", profile(0)).await.ok();
    let address = address(&me).await;
    for path in ["/providers".to_owned(), address.clone()] {
        let page = world.visitor().page(&path).await.ok();
        assert_eq!(
            (page.header("set-cookie"), page.header("cache-control")),
            ("", "public, max-age=0, must-revalidate")
        );
        let etag = page.header("etag").to_owned();
        assert!(etag.starts_with("W/"), "{etag}");
        let request = world
            .visitor()
            .request(Method::GET, &path)
            .header("accept", "text/html")
            .header("accept-language", "zh-CN");
        let again = world.visitor().send(request.header("if-none-match", &etag)).await;
        assert_eq!(again.status, 304);
    }
    assert_eq!(
        me.page(&address).await.ok().header("cache-control"),
        "no-store",
        "who is signed in has a page of their own"
    );
    let nobody = format!("/providers/{}", kit::id::Id::<()>::from_bytes([9; 16]));
    for wrong in [nobody.as_str(), "/providers/nonsense", "/providers/%00"] {
        assert_eq!(world.visitor().get(wrong).await.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn a_sole_operators_identity_is_public_by_their_own_act_until_they_end_it() {
    crate::world::sabotaged();
    let world = World::new().await;
    let me = sole(&world, 990_101).await;
    let (address, visitor) = (address(&me).await, world.visitor());
    me.post("/company/profile", profile(0)).await.ok();
    world.settle().await;
    assert_eq!(visitor.get(&address).await.status, 404, "nothing is public before their own act");
    assert!(me.get("/").await.json()["tasks"].to_string().contains("provider-waiting-publication"));
    for _ in 0..2 {
        me.post("/company/publication", json!({})).await.ok();
    }
    let page = visitor.get(&address).await.ok().json()["provider"].clone();
    assert_eq!((&page["kind"], &page["publication"]["basis"]), (&json!("sole-operator"), &json!("ecommerce-law-15")));
    assert!(visitor.page(&address).await.ok().text.contains("电子商务法第十五条"));
    assert_eq!(world.count("SELECT count(*) FROM provider_publication").await, 1);
    world.settle().await;
    assert_eq!(visitor.get("/providers").await.ok().json()["total"], 1);
    me.post("/company/publication/end", json!({})).await.ok();
    assert_eq!(visitor.get(&address).await.status, 404, "at once, whatever was kept");
    assert_eq!(visitor.get("/providers").await.ok().json()["providers"], json!([]));
    world.settle().await;
    assert_eq!(visitor.get("/providers").await.ok().json()["total"], 0, "and it is found no more");
    assert_eq!(world.count("SELECT count(*) FROM provider_publication WHERE until IS NOT NULL").await, 1);
    let enterprise = world.member("provider").await;
    assert_eq!(enterprise.post("/company/publication", json!({})).await.code(), "provider-not-sole");
}

#[tokio::test]
async fn who_is_no_approved_provider_has_no_page() {
    let world = World::new().await;
    let (buyer, waiting) = (world.member("buyer").await, world.applicant(&Applicant::new("provider")).await);
    world.settle().await;
    for browser in [&buyer, &waiting] {
        assert_eq!(world.visitor().get(&address(browser).await).await.status, 404);
    }
    assert_eq!(buyer.post("/company/profile", profile(0)).await.code(), "providers-only");
    assert_eq!(waiting.post("/company/profile", profile(0)).await.code(), "company-pending");
    let operator = world.operator().await;
    let company = super::id(&waiting).await;
    crate::company::decide(&operator, &company, "refusal", json!({ "reason": "名称与证照不一致" })).await.ok();
    world.settle().await;
    assert_eq!(world.visitor().get(&address(&waiting).await).await.status, 404);
    assert_eq!(world.visitor().get("/providers").await.ok().json()["total"], 0);
}

#[tokio::test]
async fn the_page_is_structured_data_that_no_text_breaks_out_of() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let mut fields = profile(0);
    fields["about"] = json!("</script><script>alert(1)</script> & \"quoted\" <!-- 中文");
    me.post("/company/profile", fields).await.ok();
    let html = world.visitor().page(&address(&me).await).await.ok().text;
    let opened = html.split("<script type=\"application/ld+json\">").nth(1).expect("structured data");
    let linked: Value = serde_json::from_str(opened.split("</script>").next().unwrap()).expect("JSON");
    assert_eq!((&linked["@type"], &linked["@context"]), (&json!("Organization"), &json!("https://schema.org")));
    assert_eq!(linked["description"], "</script><script>alert(1)</script> & \"quoted\" <!-- 中文");
    assert!(!html.contains("<script>alert"), "it is text, wherever it stands");
    assert_eq!(linked["contactPoint"]["url"], "https://www.hengchuan.example/");
}

#[tokio::test]
async fn a_changed_name_is_public_once_it_is_verified() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let (address, known) = (address(&me).await, me.get("/company").await.json()["company"].clone());
    let fields = json!({ "version": 1, "kind": "enterprise", "company": "衡川云帆科技有限公司", "credit_code": known["credit_code"],
        "nature": "private", "section": "I", "provider": true });
    me.post("/company/identity", fields).await.ok();
    world.settle().await;
    let name = async || world.visitor().get(&address).await.ok().json()["provider"]["name"].clone();
    assert_eq!(name().await, known["name"]);
    world.clock.advance(SignedDuration::from_hours(1));
    review(&world, &me, "identity", 2).await;
    assert_eq!(name().await, "衡川云帆科技有限公司");
    let verified = async || {
        let page = world.visitor().get(&address).await.ok().json();
        page["provider"]["verified_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap()
    };
    let age = world.clock.now().duration_since(verified().await);
    assert!(age < SignedDuration::from_mins(1), "{age}: it was found true just now");
}
