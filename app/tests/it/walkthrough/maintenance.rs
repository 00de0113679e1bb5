//! Maintenance windows: announced by the operator, read by everybody.

use crate::walkthrough::World;
use serde_json::{Value, json};

fn window(starts_at: &str, ends_at: &str) -> Value {
    let id = "01980000-0000-7000-8000-000000000001";
    json!({ "id": id, "starts_at": starts_at, "ends_at": ends_at, "reason": "更换数据库服务器" })
}

#[tokio::test]
async fn the_operator_announces_and_everybody_reads() {
    let world = World::new().await;
    let (visitor, operator) = (world.visitor(), world.operator().await);
    let tonight = window("2026-11-23T15:00:00Z", "2026-11-23T17:00:00Z");
    assert_eq!(visitor.post("/maintenance", tonight.clone()).await.status, 401);
    for _ in 0..2 {
        operator.post("/maintenance", tonight.clone()).await.ok();
    }
    let list = visitor.get("/maintenance").await.ok().json();
    assert_eq!(list["windows"].as_array().map(Vec::len), Some(1), "sent twice, it is one window");
    let page = visitor.page("/maintenance").await.ok().text;
    assert!(page.contains("更换数据库服务器") && page.contains("2026-11-23 23:00") && !page.contains('⟦'), "{page}");
    assert!(operator.page("/maintenance/new").await.ok().text.contains("公布维护窗口"));
}

#[tokio::test]
async fn a_window_lies_in_the_future_and_ends_after_it_starts() {
    let world = World::new().await;
    let operator = world.operator().await;
    let past = operator.post("/maintenance", window("2026-11-22T15:00:00Z", "2026-11-22T17:00:00Z")).await;
    assert_eq!((past.status.as_u16(), past.code().as_str()), (409, "maintenance-past"));
    let turned = operator.post("/maintenance", window("2026-11-23T17:00:00Z", "2026-11-23T15:00:00Z")).await;
    assert_eq!(turned.json()["errors"][0]["code"], "ends-before-it-starts");
}
