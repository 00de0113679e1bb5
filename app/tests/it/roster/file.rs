//! What is handed in: other programs' files, and those that somebody made to do harm.

use super::{confirm, csv, fates, hand_in, whys};
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use kit::sheet::{Bounds, Cell, Column, Sheet, read, write};
use serde_json::json;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The workbook that these rows make.
pub fn workbook(head: &[&str], rows: Vec<Vec<Cell<'static>>>) -> Vec<u8> {
    let columns = head.iter().map(|title| Column { title: (*title).into(), width: 20, ..Column::default() });
    let mut to = Cursor::new(Vec::new());
    write(Sheet { name: "成员".into(), columns: columns.collect(), rows }, &mut to).unwrap();
    to.into_inner()
}

/// All cells of a file.
pub fn cells(content: &[u8]) -> Vec<Vec<String>> {
    let bounds = Bounds { bytes: 1 << 24, unpacked: 1 << 26, rows: 1_000, columns: 40, cell: 2_000 };
    read(content, &bounds).unwrap().lines.into_iter().map(|line| line.cells).collect()
}

/// A file that somebody is handed.
pub async fn download(browser: &Browser, path: &str) -> (Vec<u8>, String, String) {
    let answer = browser.request(reqwest::Method::GET, path).header("accept-language", "zh-CN").send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let head = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let (kind, name) = (head("content-type"), head("content-disposition"));
    (answer.bytes().await.unwrap().to_vec(), kind, name)
}

/// The rule that a refused file breaks.
#[track_caller]
fn rule(answer: &Answer) -> String {
    assert_eq!(answer.status, 422, "{}", answer.text);
    answer.json()["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_empty_list_is_filled_in_and_handed_in_and_what_is_wrong_comes_back() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let (empty, kind, name) = download(&owner, "/company/imports/template.xlsx").await;
    assert_eq!((kind.as_str(), name.as_str()), (kit::sheet::XLSX, "attachment; filename=\"members.xlsx\""));
    assert_eq!(cells(&empty), [["邮箱", "职责"]]);
    let (text_of, ..) = download(&owner, "/company/imports/template.csv").await;
    assert!(text_of.starts_with("\u{feff}".as_bytes()) && cells(&text_of) == [["邮箱", "职责"]]);
    assert_eq!(rule(&hand_in(&owner, &id(), "members.xlsx", &empty).await), "sheet-empty", "nobody stands in it");
    let rows = vec![
        vec!["qian@example.cn".into(), "采购经办、财务".into(), "钱一".into()],
        vec!["nobody".into(), "=cmd|' /C calc'!A0".into(), "x".into()],
        vec![Cell::Empty, Cell::Empty, "合计".into()],
    ];
    let filled = workbook(&["邮箱", "职责", "姓名"], rows);
    let made = hand_in(&owner, &id(), "名册.xlsx", &filled).await.ok().json();
    assert_eq!(made["ignored"], 1, "a name is not asked for, and not kept");
    let list = format!("/company/imports/{}", text(&made, "id"));
    let (problems, ..) = download(&owner, &format!("{list}/problems.xlsx")).await;
    let found = cells(&problems);
    assert_eq!(found[0], ["邮箱", "职责", "问题", "原行号"]);
    assert_eq!(found[1][..2], ["nobody", "=cmd|' /C calc'!A0"], "text, as it was");
    assert!(
        found[1][2].contains("格式不对") && found[1][2].contains("有一项不认识") && found[1][3] == "3",
        "{found:?}"
    );
    assert!(!contains(&problems, b"<f>"), "no formula is written");
    // Corrected, it is a list.
    let corrected = workbook(&["邮箱", "职责", "问题", "原行号"], vec![vec!["sun@example.cn".into(), "只读".into()]]);
    let again = hand_in(&owner, &id(), "problems.xlsx", &corrected).await.ok().json();
    confirm(&owner, &format!("/company/imports/{}", text(&again, "id"))).await.ok();
    world.settle().await;
    assert_eq!(world.count(super::INVITED).await, 1);
}

fn contains(book: &[u8], what: &[u8]) -> bool {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    (0..archive.len()).any(|at| {
        let mut content = Vec::new();
        std::io::copy(&mut archive.by_index(at).unwrap(), &mut content).unwrap();
        content.windows(what.len()).any(|part| part == what)
    })
}

#[tokio::test]
async fn a_file_in_gb_18030_with_trailing_rows_is_read_as_it_looks() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let text_of =
        "电子邮箱,职责\r\nqian@example.cn,采购经办、财务\r\n\u{3000}sun@example.cn ,\"投标经办；只读\"\r\n,\r\n,\r\n";
    let (content, ..) = encoding_rs::GB18030.encode(text_of);
    let made = hand_in(&owner, &id(), "名册.csv", &content).await.ok().json();
    let page = owner.get(&format!("/company/imports/{}", text(&made, "id"))).await.ok().json();
    assert_eq!(fates(&page), ["invite", "invite"], "{page}");
    assert_eq!(page["rows"][1]["duties"], json!(["bidder", "viewer"]));
    assert_eq!(page["rows"][1]["email"], "sun@example.cn");
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_its_rule_and_keeps_nothing() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let mut bomb = ZipWriter::new_append(Cursor::new(workbook(&["邮箱", "职责"], vec![]))).unwrap();
    bomb.start_file("xl/media/image1.png", SimpleFileOptions::default()).unwrap();
    for _ in 0..80 {
        bomb.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.resize(2_000, 0);
    let encrypted = [&old[..], b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"].concat();
    let many: Vec<_> = super::strangers(20_001);
    let many: Vec<_> = many.iter().map(|email| (email.as_str(), "viewer")).collect();
    let huge = [&b"E-mail,Duties\r\nx@example.cn,"[..], &vec![b'a'; 3 << 20]].concat();
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("a.xlsx", bomb, "sheet-packed"),
        ("a.xlsx", old, "sheet-old"),
        ("a.xlsx", encrypted, "sheet-encrypted"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "sheet-kind"),
        ("a.xlsx", b"PK\x03\x04 and nothing else".to_vec(), "sheet-broken"),
        ("a.csv", csv(&many), "sheet-too-many-rows"),
        ("a.csv", huge, "sheet-long-cell"),
        ("a.csv", vec![b'a'; 5 << 20], "sheet-too-large"),
        ("a.csv", b"Name,Phone\r\nx,y\r\n".to_vec(), "sheet-columns"),
        ("a.csv", b"E-mail,E-mail,Duties\r\nx,y,z\r\n".to_vec(), "sheet-columns"),
        ("a.csv", b"E-mail,Duties\r\n\xff\xff\xff,x".to_vec(), "sheet-encoding"),
    ];
    for (name, content, expected) in cases {
        let forget = |tx: &mut kit::db::Tx| tx.execute("DELETE FROM rate_limit", &[]);
        world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
        assert_eq!(rule(&hand_in(&owner, &id(), name, &content).await), expected);
    }
    let request = owner.upload("/company/imports", &[("id", &id())], &[]).await;
    assert_eq!(rule(&request), "required");
    assert_eq!(world.count("SELECT count(*) FROM member_import").await, 0);
    // The page says the limit and its way out; what a file is, its content says and never its name.
    let token = owner.token().await;
    let form = reqwest::multipart::Form::new().text("csrf", token).text("id", id());
    let file = reqwest::multipart::Part::bytes(csv(&many)).file_name("a.xlsx");
    let page = owner.request(reqwest::Method::POST, "/company/imports").multipart(form.part("sheet", file));
    let page = owner.send(page.header("accept", "text/html").header("accept-language", "zh-CN")).await;
    assert!(
        page.status == 422 && page.text.contains("一份名册最多 500 行") && !page.text.contains('⟦'),
        "{}",
        page.text
    );
    let renamed = hand_in(&owner, &id(), "photo.png", &csv(&[("qian@example.cn", "viewer")])).await.ok().json();
    assert_eq!(renamed["counts"]["waiting"], 1);
}

#[tokio::test]
async fn lists_are_not_handed_in_without_end() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    for _ in 0..10 {
        hand_in(&owner, &id(), "a.csv", b"x").await;
    }
    assert_eq!(hand_in(&owner, &id(), "a.csv", &csv(&[("qian@example.cn", "viewer")])).await.status, 429);
}

#[tokio::test]
async fn merged_cells_count_for_their_first_row() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let rows = vec![vec!["qian@example.cn".into(), "只读".into()], vec!["sun@example.cn".into(), Cell::Empty]];
    let made = hand_in(&owner, &id(), "a.xlsx", &workbook(&["邮箱", "职责"], rows)).await.ok().json();
    let page = owner.get(&format!("/company/imports/{}", text(&made, "id"))).await.ok().json();
    assert_eq!(
        (fates(&page), whys(&page)),
        (vec!["invite".into(), "broken".into()], vec!["duties:required".to_owned()])
    );
}
