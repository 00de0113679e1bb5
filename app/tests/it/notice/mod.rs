//! Public notices: imported, listed, filtered, found, read by anybody.

mod feed;
mod reading;

use crate::world::{Answer, Browser, World};
use app::reach::notice::importing::{Outcome, Report, import};
use app::reach::notice::{Kind, Notice, Origin, publish};
use kit::db;
use kit::id::Id;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A line of a collection, as invented buyers would have published it.
fn line(number: usize, title: &str, more: Value) -> Value {
    let mut line = json!({
        "id": format!("lanhe-{number}"), "operator": "岚河通信", "sourceName": "岚河采购网", "region": "江西",
        "title": title, "date": format!("2026-11-{:02}", number % 20 + 1), "category": "招标公告",
        "projectNo": format!("LHZB-2026-{number:04}"), "purchaseContent": "本项目采购的内容见技术规范书",
        "budget": format!("{}万元", number * 10), "deadline": "2026年12月07日09时30分",
        "url": format!("https://lanhe.example/notice?id={number}"),
    });
    let changes = more.as_object().expect("an object").clone();
    line.as_object_mut().expect("an object").extend(changes);
    line
}

fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

async fn load(world: &World, text: &str) -> Report {
    let report = import(world.app.db(), "notices.jsonl", text.as_bytes(), |_| {}).await.expect("an import");
    world.settle().await;
    report
}

async fn some(world: &World) -> Report {
    let lines = [
        line(1, "岚河通信赣江分公司云平台设备维保服务采购项目招标公告", json!({})),
        line(2, "岚河通信办公楼保洁服务询比公告", json!({"region": "浙江", "purchaseContent": "机房与办公区域的保洁"})),
        line(3, "岚河通信软件开发项目中标结果公告", json!({"budget": "1200万元", "deadline": null})),
        line(4, "岚河通信Data Centre maintenance services 更正公告", json!({"budget": null})),
        line(5, "关于征集岚河通信车辆租赁技术规范意见的公告", json!({"category": "采购意见征求公告"})),
    ];
    load(world, &text(&lines)).await
}

fn titles(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let notices = list["notices"].as_array().expect("notices").clone();
    notices.iter().map(|notice| notice["title"].as_str().expect("a title").to_owned()).collect()
}

/// The numbers of the projects that a list shows.
async fn numbers(visitor: &Browser, path: &str) -> Vec<u32> {
    let list = visitor.get(path).await.ok().json();
    let number = |notice: &Value| notice["project_no"].as_str()?.rsplit('-').next()?.parse().ok();
    list["notices"].as_array().expect("notices").iter().filter_map(number).collect()
}

#[tokio::test]
async fn anybody_reads_the_list_and_no_cookie_is_set() {
    let world = World::new().await;
    let visitor = world.visitor();
    let empty = visitor.page("/notices").await.ok();
    assert!(empty.text.contains("没有符合条件的公告"), "{}", empty.text);
    some(&world).await;
    for (path, words) in [("/notices", "搜索公告"), ("/notices?lang=en", "Search notices")] {
        let page = visitor.page(path).await.ok();
        assert!(page.text.contains(words) && page.text.contains("云平台设备维保"), "{}", page.text);
        assert!(!page.text.contains('⟦'), "{}", page.text);
        assert_eq!(page.header("set-cookie").is_empty(), path == "/notices");
        assert_eq!(page.header("cache-control").contains("public"), path == "/notices", "no cache keeps a cookie");
    }
    let list = world.visitor().get("/notices").await.ok().json();
    assert_eq!((list["total"].as_u64(), list["notices"].as_array().map(Vec::len)), (Some(5), Some(5)));
}

#[tokio::test]
async fn a_notice_has_a_stable_page_with_its_source() {
    let world = World::new().await;
    some(&world).await;
    let visitor = world.visitor();
    let list = visitor.get("/notices?words=维保").await.ok().json();
    let address = list["notices"][0]["address"].as_str().expect("an address").to_owned();
    let page = visitor.page(&address).await.ok();
    for part in ["10.00万元", "2026-12-07 09:30", "https://lanhe.example/notice?id=1", "岚河采购网", "江西", "硬件维保"]
    {
        assert!(page.text.contains(part), "{part} is missing in {}", page.text);
    }
    assert!(page.header("set-cookie").is_empty() && !page.text.contains('⟦'));
    let notice = visitor.get(&address).await.ok().json();
    assert_eq!(notice["kind"], "tender");
    assert_eq!(notice["budget"]["minor"], 10_000_000);
    assert_eq!(notice["deadline"], "2026-12-07T01:30:00Z");
    assert_eq!(notice["region"], json!({"code": "36", "zh": "江西", "en": "Jiangxi"}));
    let other = World::new().await;
    some(&other).await;
    other.visitor().get(&address).await.ok();
    for gone in ["/notices/1", "/notices/00000000-0000-8000-8000-000000000000"] {
        assert_eq!(visitor.get(gone).await.status, 404, "{gone}");
    }
}

#[tokio::test]
async fn filters_narrow_the_list_with_and_without_words() {
    let world = World::new().await;
    some(&world).await;
    let visitor = world.visitor();
    for words in ["", "words=岚河&"] {
        for (filter, expected) in [
            ("", vec![5, 4, 3, 2, 1]),
            ("kind=tender", vec![2, 1]),
            ("kind=result&kind=amendment", vec![4, 3]),
            ("kind=other", vec![5]),
            ("region=33", vec![2]),
            ("category=office", vec![5, 2]),
            ("category=office-property", vec![2]),
            ("budget_from=200000", vec![5, 3, 2]),
            ("budget_until=200000", vec![2, 1]),
            ("budget_from=150000&budget_until=600000", vec![5, 2]),
            ("deadline_from=2026-12-07&deadline_until=2026-12-07", vec![5, 4, 2, 1]),
            ("deadline_until=2026-12-06", vec![]),
            ("deadline_from=2026-12-08", vec![]),
            ("from=2026-11-04&until=2026-11-05", vec![4, 3]),
            ("kind=tender&region=36&from=&budget_from=", vec![1]),
        ] {
            let mut found = numbers(&visitor, &format!("/notices?{words}{filter}")).await;
            found.sort_unstable();
            let mut expected = expected.clone();
            expected.sort_unstable();
            assert_eq!(found, expected, "{words}{filter}");
        }
    }
    for wrong in [
        "kind=nonsense",
        "region=99",
        "category=x",
        "from=today",
        "budget_from=-1",
        "budget_until=x",
        "deadline_from=2026-13-01",
        "from=2026-11-01&from=2026-11-02",
    ] {
        let answer = visitor.get(&format!("/notices?{wrong}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "notice-filter"), "{wrong}");
    }
    assert!(visitor.page("/notices?kind=nonsense").await.text.contains("筛选条件“kind”无法识别"));
    assert_eq!(numbers(&visitor, "/notices?utm_source=mail").await.len(), 5, "strangers' parameters are passed over");
}

#[tokio::test]
async fn words_are_found_in_titles_and_contents_and_marked() {
    let world = World::new().await;
    some(&world).await;
    let visitor = world.visitor();
    for (words, expected) in [
        ("云平台维保", vec![1]),
        ("机房", vec![2]),
        ("LHZB-2026-0003", vec![3]),
        ("maintenance service", vec![4]),
        ("“车辆租赁”", vec![5]),
        ("云平台 保洁", vec![]),
        ("%2B -(%22", vec![]),
    ] {
        assert_eq!(numbers(&visitor, &format!("/notices?words={words}")).await, expected, "{words}");
    }
    let page = visitor.page("/notices?words=云平台").await.ok();
    assert!(page.text.contains("<mark>云平台</mark>设备维保"), "{}", page.text);
    let page = visitor.page("/notices?words=机房").await.ok();
    assert!(page.text.contains("<mark>机房</mark>与办公区域"), "{}", page.text);
    load(&world, &text(&[line(6, "<script>alert(1)</script>机房空调招标公告", json!({}))])).await;
    let page = visitor.page("/notices?words=空调").await.ok();
    assert!(page.text.contains("&#60;script&#62;") && !page.text.contains("<script>alert"), "{}", page.text);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let world = World::new().await;
    let lines: Vec<Value> = (1..=45).map(|number| line(number, "岚河通信机房空调招标公告", json!({}))).collect();
    load(&world, &text(&lines)).await;
    let visitor = world.visitor();
    for start in ["/notices", "/notices?kind=tender", "/notices?words=机房空调", "/notices?words=机房&region=36"]
    {
        let (mut path, mut seen) = (Some(start.to_owned()), Vec::new());
        while let Some(next) = path {
            seen.extend(numbers(&visitor, &next).await);
            path = visitor.get(&next).await.json()["next"].as_str().map(str::to_owned);
        }
        assert_eq!(seen.len(), 45, "{start}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 45, "{start}");
    }
    let next = visitor.get("/notices").await.json()["next"].as_str().expect("a next page").to_owned();
    let cursor = next.split("after=").nth(1).expect("a cursor");
    for moved in [
        format!("/notices?kind=tender&after={cursor}"),
        format!("/notices?words=机房&after={cursor}"),
        "/notices?after=x".into(),
        "/notices?words=a&after=é".into(),
    ] {
        let answer = visitor.get(&moved).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "cursor"), "{moved}");
    }
}

#[tokio::test]
async fn an_import_reports_each_row_and_repeats_without_effect() {
    let world = World::new().await;
    let good = line(1, "岚河通信机房空调招标公告", json!({"budget": "面议", "surprise": 1}));
    let changed = line(1, "岚河通信机房空调招标公告", json!({"budget": "7万元"}));
    let again = line(2, "岚河通信机房空调招标公告", json!({}));
    let lines = format!("{good}\nnot json\n\n{}\n{again}\n{again}\n{changed}", line(3, "", json!({})));
    let report = load(&world, &lines).await;
    assert_eq!((report.sums.read, report.sums.imported, report.sums.unchanged), (6, 2, 1));
    assert_eq!((report.sums.conflicts, report.sums.refused, report.sums.remarks, report.unknown_fields), (1, 2, 1, 1));
    let rows: Vec<_> = report.rows.iter().map(|row| (row.line, row.outcome, row.field, row.rule)).collect();
    assert_eq!(
        rows,
        [
            (1, Outcome::Remark, "budget", Some("sum")),
            (2, Outcome::Refused, "", Some("object")),
            (4, Outcome::Refused, "title", Some("missing")),
            (7, Outcome::Conflict, "", None),
        ]
    );
    let before = world.visitor().get("/notices").await.json();
    let report = load(&world, &lines).await;
    assert_eq!((report.sums.read, report.sums.imported, report.sums.unchanged, report.sums.conflicts), (6, 0, 3, 1));
    assert_eq!(world.visitor().get("/notices").await.json(), before, "the first version stands");
    assert_eq!(before["notices"][1]["budget"], Value::Null);
}

/// Killing the importer is the same as a reader that fails: what was written stands, and the same command goes on.
#[tokio::test]
async fn an_interrupted_import_is_resumed() {
    struct Broken<'a>(&'a [u8]);
    impl std::io::Read for Broken<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(std::io::Error::other("the disk is gone")),
                read => Ok(read),
            }
        }
    }
    let world = World::new().await;
    let lines: Vec<Value> = (1..=1_200).map(|number| line(number, "机房空调招标公告", json!({}))).collect();
    let whole = text(&lines);
    let part = Broken(&whole.as_bytes()[..whole.len() / 2]);
    let mut seen = Vec::new();
    let error =
        import(world.app.db(), "half.jsonl", std::io::BufReader::new(part), |report| seen.push(report.sums.read)).await;
    assert!(error.unwrap_err().to_string().contains("half.jsonl: the disk is gone"));
    assert_eq!(seen, [500], "progress is told after each unit");
    let report = load(&world, &whole).await;
    assert_eq!((report.sums.read, report.sums.imported, report.sums.unchanged), (1_200, 700, 500));
    assert_eq!(world.visitor().get("/notices").await.json()["total"], 1_200);
}

#[tokio::test]
async fn a_tenders_notices_stand_together() {
    let world = World::new().await;
    let (tender, at) = ([7; 16], world.clock.now());
    let ids = [1u8, 2].map(|number| Id::<Notice>::from_bytes([number; 16]));
    let published = world.app.db().write::<_, db::Error>(move |tx| {
        let origin = Origin::Own { company: [9; 16], tender };
        publish(tx, &Notice::own(ids[0], Kind::Tender, "招标公告", "岚河通信机柜采购招标公告", at, origin.clone()))?;
        let later = at.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(at);
        let mut result = Notice::own(ids[1], Kind::Result, "流标公告", "岚河通信机柜采购流标公告", later, origin);
        result.content = Some("不足三家，未开标。".to_owned());
        publish(tx, &result)
    });
    published.await.expect("published");
    world.settle().await;
    let visitor = world.visitor();
    assert_eq!(titles(&visitor.get("/notices?words=未开标").await), ["岚河通信机柜采购流标公告"]);
    let page = visitor.page(&format!("/notices/{}", ids[1])).await.ok();
    for part in ["/tenders/07070707-0707-0707-0707-070707070707", "同一项目的公告", "岚河通信机柜采购招标公告"]
    {
        assert!(page.text.contains(part), "{part} is missing in {}", page.text);
    }
    assert!(!page.text.contains("外部来源"));
}

#[tokio::test]
async fn an_index_of_another_database_is_filled_anew() {
    let world = World::new().await;
    let ghost = kit::search::Document {
        id: [1; 16],
        title: "幽灵公告".into(),
        body: String::new(),
        labels: vec![],
        at: 0,
        amount: None,
        due: None,
    };
    world.app.search().apply(&[ghost], 1_000_000).expect("applied");
    some(&world).await;
    let visitor = world.visitor();
    assert_eq!(visitor.get("/notices?words=幽灵").await.json()["total"], 0);
    assert_eq!(visitor.get("/notices?words=岚河").await.json()["total"], 5);
}

/// The files of the data folder: as many imported as read, and a second time nothing changes.
#[tokio::test]
async fn real_notices_are_imported_and_found() {
    let files = real_files();
    if files.is_empty() {
        eprintln!("skipped: 0 real files, since there is no folder with real data");
        return;
    }
    let world = World::new().await;
    let mut reports = [Report::default(), Report::default()];
    for report in &mut reports {
        for file in &files {
            let name = file.display().to_string();
            let reader = std::io::BufReader::new(std::fs::File::open(file).expect("a file"));
            report.add(import(world.app.db(), &name, reader, |_| {}).await.expect("an import"));
        }
    }
    world.settle().await;
    let [first, second] = reports;
    eprintln!(
        "{} files, {} rows read, {} imported, {} remarks",
        files.len(),
        first.sums.read,
        first.sums.imported,
        first.sums.remarks
    );
    assert_eq!((first.sums.imported, first.sums.refused, first.sums.conflicts), (first.sums.read, 0, 0));
    assert_eq!((second.sums.unchanged, second.sums.imported, second.sums.conflicts), (first.sums.read, 0, 0));
    let visitor = world.visitor();
    assert_eq!(visitor.get("/notices").await.json()["total"], first.sums.read);
    for words in ["云平台", "文物数字化保护", "充电桩", "等保测评", "机房空调维保"] {
        let found = visitor.get(&format!("/notices?words={words}")).await.ok().json();
        assert!(found["total"].as_u64() > Some(0), "{words}");
    }
    let page = visitor.page("/notices").await.ok();
    assert!(!page.text.contains('⟦'));
}

#[expect(clippy::disallowed_methods, reason = "where the optional data lie is asked of the machine")]
fn real_files() -> Vec<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    let folder = std::env::var_os("SHARED_DATA_DIR").map_or(beside, PathBuf::from).join("cn-notices");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).collect();
    files.sort();
    files
}
