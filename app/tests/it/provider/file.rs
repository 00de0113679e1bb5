//! The list of providers as a file for anybody.

use super::{address, profile, sole};
use crate::roster::file::{cells, download};
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn anybody_takes_the_list_along_with_its_filter_and_without_ways_of_contact() {
    let world = World::new().await;
    let (one, other, buyer) =
        (world.member("provider").await, world.member("provider").await, world.member("buyer").await);
    one.post("/company/profile", profile(0)).await.ok();
    let about = json!({"version": 0, "about": "=HYPERLINK(\"http://evil.example\")", "services": ["office-property"]});
    other.post("/company/profile", about).await.ok();
    sole(&world, 7701).await;
    world.settle().await;
    let visitor = world.visitor();
    let (book, kind, name) = download(&visitor, "/providers.xlsx").await;
    assert_eq!((kind.as_str(), name.as_str()), (kit::sheet::XLSX, "attachment; filename=\"providers.xlsx\""));
    let (text, ..) = download(&visitor, "/providers.csv").await;
    let raw = String::from_utf8(text.clone()).unwrap();
    assert!(!raw.contains("hengchuan.example") && !raw.contains("HYPERLINK"), "no way of contact, no free text: {raw}");
    let (book, text) = (cells(&book), cells(&text));
    assert_eq!(book, text);
    let head = [
        "名称",
        "类型",
        "统一社会信用代码",
        "行政许可",
        "依法不需要取得许可",
        "最近核实",
        "停止经营日期",
        "服务类别",
        "服务地区",
        "公开页面",
    ];
    assert_eq!(book[0], head);
    assert_eq!(book.len(), 3, "a buyer is no provider, and a sole operator who has not begun is not public: {book:?}");
    let path = address(&one).await;
    let row = book.iter().find(|row| row[9].ends_with(&path)).unwrap();
    assert!(row[7].contains('、') && row[8].contains("浙江省") && row[5].len() == 10, "{row:?}");
    let (some, ..) = download(&visitor, "/providers.csv?category=office-property").await;
    assert_eq!(cells(&some).len(), 2);
    let (none, ..) = download(&visitor, "/providers.xlsx?words=zzzz").await;
    assert_eq!(cells(&none).len(), 1);
    let page = visitor.page("/providers?region=33").await.ok().text;
    assert!(page.contains("/providers.xlsx?region=33") && !page.contains('⟦'), "{page}");
    assert_eq!(visitor.get("/providers.csv?region=99").await.code(), "provider-filter");
    assert_eq!(buyer.request(reqwest::Method::GET, "/providers.csv").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_file_holds_every_provider_once_and_is_not_fetched_without_end() {
    let world = World::new().await;
    let many = |tx: &mut kit::db::Tx| {
        for n in 0..1_030_i64 {
            let (id, now) = (tx.id::<app::identity::company::Company>(), tx.now());
            let sql = "INSERT INTO company (id, name, credit_code, buyer, provider, state, decided_at, created_at, version) \
                       VALUES ($1, $2, $3, 0, 1, 'approved', $4, $4, 1)";
            tx.execute(sql, kit::values![id, format!("第 {n} 家"), format!("91{n:016}"), now])?;
            app::reach::provider::refresh(tx, id)?;
        }
        Ok(())
    };
    world.app.db().write::<_, app::web::Error>(many).await.unwrap();
    world.settle().await;
    let visitor = world.visitor();
    let (text, ..) = download(&visitor, "/providers.csv").await;
    let lines = String::from_utf8(text).unwrap();
    let codes: std::collections::BTreeSet<_> =
        lines.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    assert_eq!((codes.len(), lines.lines().count()), (1_030, 1_031), "leaps of five hundred lose none");
    let mut last = 200;
    for _ in 0..12 {
        last = visitor.get("/providers.csv?words=zzzz").await.status.as_u16();
    }
    assert_eq!(last, 429);
}
