//! The provider's own page: preview, publication, undoing it, and the notice before closing down.

use super::{address, profile};
use crate::world::World;
use serde_json::{Value, json};

#[tokio::test]
async fn a_preview_keeps_nothing_and_shows_what_everybody_would_see() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let shown = me.post("/company/profile/preview", profile(0)).await.ok().json();
    assert_eq!(shown["provider"]["profile"]["about"], "二十年工业软件交付经验。");
    assert_eq!(world.count("SELECT count(*) FROM provider_profile").await, 0);
    assert_eq!(world.visitor().get(&address(&me).await).await.ok().json()["provider"]["profile"], Value::Null);
    let typed = [
        ("version", "0"),
        ("about", "试写的一段"),
        ("services", "it-software"),
        ("services", "it-ai"),
        ("channel", "0571-88001234"),
    ];
    let page = me.submit("/company/profile/preview", &typed).await;
    assert!(
        page.text.contains("这是预览，还没有公开") && page.text.matches("试写的一段").count() >= 2,
        "shown, and in its form"
    );
    assert!(page.text.contains("value=\"it-ai\" checked") && !page.text.contains('⟦'));
    let wrong = me.submit("/company/profile/preview", &[("version", "0"), ("channel", "13800138000")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("手机号通常属于个人"), "{}", wrong.text);
}

#[tokio::test]
async fn what_was_published_is_undone_step_by_step() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let address = address(&me).await;
    let about = async || world.visitor().get(&address).await.ok().json()["provider"]["profile"]["about"].clone();
    for _ in 0..2 {
        assert_eq!(me.post("/company/profile", profile(0)).await.ok().json()["version"], 1, "sent twice, it is one");
    }
    let mut second = profile(0);
    second["about"] = json!("另一段介绍");
    assert_eq!(me.post("/company/profile", second.clone()).await.code(), "stale");
    second["version"] = json!(1);
    me.post("/company/profile", second).await.ok();
    assert_eq!(about().await, "另一段介绍");
    assert_eq!(
        me.post("/company/profile/undo", json!({ "version": 1 })).await.code(),
        "stale",
        "it is not what stands there"
    );
    me.post("/company/profile/undo", json!({ "version": 2 })).await.ok();
    assert_eq!(about().await, "二十年工业软件交付经验。");
    for language in ["zh-CN", "en"] {
        let page = me.page(&format!("/company/profile?lang={language}")).await.ok().text;
        assert!(page.contains("name=\"about\"") && !page.contains('⟦'), "{page}");
    }
}

#[tokio::test]
async fn before_the_first_publication_there_is_nothing_to_undo_and_the_first_can_be_undone() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let address = address(&me).await;
    assert_eq!(me.post("/company/profile/undo", json!({ "version": 0 })).await.code(), "provider-nothing-to-undo");
    me.post("/company/profile", profile(0)).await.ok();
    me.post("/company/profile/undo", json!({ "version": 1 })).await.ok();
    let page = world.visitor().get(&address).await.ok().json()["provider"].clone();
    assert_eq!((&page["profile"], &page["channel"]), (&Value::Null, &Value::Null), "only what the law wants is left");
}

#[tokio::test]
async fn closing_down_is_announced_thirty_days_before() {
    let world = World::new().await;
    let me = world.member("provider").await;
    let address = address(&me).await;
    for (day, code) in
        [("2026-12-22", "closing-too-soon"), ("2026-11-01", "closing-too-soon"), ("tomorrow", "day"), ("", "required")]
    {
        let refused = me.post("/company/closing-notice", json!({ "closes_on": day })).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{day}");
    }
    for _ in 0..2 {
        me.post("/company/closing-notice", json!({ "closes_on": "2026-12-23" })).await.ok();
    }
    let visitor = world.visitor();
    assert_eq!(visitor.get(&address).await.ok().json()["provider"]["closes_on"], "2026-12-23");
    assert!(visitor.page(&address).await.ok().text.contains("将于 2026-12-23 停止经营"));
    world.until("2026-12-23T00:00:00Z".parse().unwrap()).await;
    assert!(visitor.page(&address).await.ok().text.contains("已于 2026-12-23 停止经营"));
    let me = world.again(&me).await;
    me.post("/company/closing-notice/withdrawal", json!({})).await.ok();
    assert_eq!(visitor.get(&address).await.ok().json()["provider"]["closes_on"], Value::Null);
}

#[tokio::test]
async fn a_profile_is_bounded() {
    let world = World::new().await;
    let me = world.member("provider").await;
    for (field, value, code) in [
        ("about", json!("字".repeat(2001)), "too-long"),
        ("services", json!(["it-software", "nothing"]), "choice"),
        ("regions", json!(["3301"]), "choice"),
        ("price", json!("cheap"), "choice"),
        ("references", json!("一行\n".repeat(21)), "too-many-references"),
        ("channel", json!("javascript:alert(1)"), "channel"),
        ("channel", json!("http://www.hengchuan.example"), "channel"),
    ] {
        let mut fields = profile(0);
        fields[field] = value;
        let refused = me.post("/company/profile", fields).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{field}");
    }
}
