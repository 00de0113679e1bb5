//! A company's people as a spreadsheet.

use super::file::{cells, download};
use crate::colleague::{colleague, invite};
use crate::people::Applicant;
use crate::sourcing::id;
use crate::world::World;

#[tokio::test]
async fn an_owner_takes_the_people_along_on_record() {
    let world = World::new().await;
    let (owner, invited) = (world.member("buyer").await, Applicant::new("buyer"));
    let one = colleague(&world, &owner, &["viewer", "finance"]).await;
    invite(&world, &owner, &invited.email, &["buyer"]).await;
    let (book, kind, name) = download(&owner, "/company/people.xlsx").await;
    assert_eq!((kind.as_str(), name.as_str()), (kit::sheet::XLSX, "attachment; filename=\"people.xlsx\""));
    let (text, kind, _) = download(&owner, "/company/people.csv").await;
    assert!(kind.starts_with("text/csv") && text.starts_with("\u{feff}".as_bytes()));
    let (book, text) = (cells(&book), cells(&text));
    assert_eq!(book[0], ["邮箱", "职责", "状态", "自"]);
    assert_eq!(book.len(), 4);
    assert_eq!(book[3][..3], [invited.email.as_str(), "采购经办", "已邀请"]);
    assert_eq!(book[2][1..3], ["财务、只读", "成员"]);
    assert_eq!(
        text.iter().map(|row| &row[..3]).collect::<Vec<_>>(),
        book.iter().map(|row| &row[..3]).collect::<Vec<_>>()
    );
    assert!(text[1][3].starts_with("20") && text[1][3].len() == 16, "{text:?}");
    assert!(book[1][3].parse::<f64>().unwrap() > 40_000.0, "a date is a date: {book:?}");
    world.settle().await;
    let told = one.page("/me/accesses").await.ok().text;
    assert!(told.contains("管理公司的成员和职责"), "the colleague sees that they were looked at: {told}");
    let (content, ..) = download(&owner, "/company/people.csv").await;
    let again = super::hand_in(&owner, &id(), "people.csv", &content).await;
    let counts = again.ok().json()["counts"].clone();
    assert_eq!((&counts["waiting"], &counts["broken"]), (&3.into(), &0.into()), "what goes out can come in");
}

#[tokio::test]
async fn who_is_no_owner_takes_nobody_along_and_a_prefetch_opens_nothing() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["finance"]).await;
    let openings = "SELECT count(*) FROM opening";
    let before = world.count(openings).await;
    for path in ["/company/people.xlsx", "/company/people.csv"] {
        assert_eq!(one.get(path).await.code(), "duty-owner");
        let request = owner.request(reqwest::Method::GET, path).header("sec-purpose", "prefetch");
        assert_eq!(request.send().await.unwrap().status(), 403);
    }
    assert_eq!(world.count(openings).await, before);
}

/// More companies than one reading takes.
async fn many(world: &World) {
    let more = |tx: &mut kit::db::Tx| {
        let now = tx.now();
        for n in 0..120_i64 {
            let id = tx.id::<()>();
            let sql = "INSERT INTO company (id, name, credit_code, buyer, provider, state, created_at, version) \
                       VALUES ($1, $2, $3, 1, 0, 'approved', $4, 0)";
            let name = if n == 7 { "=HYPERLINK(\"http://evil.example\")".to_owned() } else { format!("第 {n} 家") };
            tx.execute(sql, kit::values![id, name, format!("00{n:016}"), now])?;
        }
        Ok(())
    };
    world.app.db().write::<_, kit::db::Error>(more).await.unwrap();
}

#[tokio::test]
async fn the_operator_takes_the_companies_along_each_once_and_none_as_a_formula() {
    let world = World::new().await;
    world.member("both").await;
    many(&world).await;
    let operator = world.operator().await;
    let (book, kind, name) = download(&operator, "/operator/companies.xlsx?state=approved").await;
    assert_eq!((kind.as_str(), name.as_str()), (kit::sheet::XLSX, "attachment; filename=\"companies-approved.xlsx\""));
    let (text, ..) = download(&operator, "/operator/companies.csv?state=approved").await;
    let raw = String::from_utf8(text.clone()).unwrap();
    assert!(raw.contains("\"'=HYPERLINK(") && !raw.contains("\"=HYPERLINK("), "no program takes it for a formula");
    let (book, text) = (cells(&book), cells(&text));
    assert_eq!(book[0], ["公司名称", "统一社会信用代码", "身份", "注册时间", "状态"]);
    assert_eq!((book.len(), text.len()), (122, 122));
    let codes: std::collections::BTreeSet<_> = book.iter().map(|row| row[1].clone()).collect();
    assert_eq!(codes.len(), 122, "each once");
    assert!(codes.contains("000000000000000042"), "leading zeros stay");
    assert_eq!(
        book.iter().map(|row| &row[..3]).collect::<Vec<_>>(),
        text.iter().map(|row| &row[..3]).collect::<Vec<_>>()
    );
    let (none, ..) = download(&operator, "/operator/companies.csv?state=refused").await;
    assert_eq!(cells(&none).len(), 1);
    let page = operator.page("/operator/companies?state=approved").await.ok().text;
    assert!(page.contains("/operator/companies.xlsx?state=approved") && !page.contains('⟦'), "{page}");
}
