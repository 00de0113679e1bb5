//! A real spreadsheet program, Gnumeric: it opens what we write, and we read what it writes. Skipped, with a line that says so, where
//! `ssconvert` is not installed.

use super::file::{cells, download, workbook};
use super::{csv, fates, hand_in};
use crate::colleague::colleague;
use crate::sourcing::{id, text};
use crate::world::World;
use kit::sheet::Cell;
use std::path::Path;
use std::process::Command;

/// Has a file converted by the program. None: it is not installed.
fn converted(folder: &Path, content: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let (source, target) = (folder.join(format!("in.{from}")), folder.join(format!("out.{to}")));
    std::fs::write(&source, content).unwrap();
    let run = Command::new("ssconvert").arg(&source).arg(&target).env("LC_ALL", "C.UTF-8").env("HOME", folder).output();
    let output = match run {
        Ok(output) => output,
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped 1: ssconvert (Debian's gnumeric) is not installed");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(std::fs::read(target).unwrap())
}

#[tokio::test]
async fn a_spreadsheet_program_shows_every_cell_that_we_write() {
    let folder = tempfile::tempdir().unwrap();
    let texts = ["=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", "007", "1.38E+10", "13800138000", "，＝“”<&>\"'", "𠮷"];
    let rows = texts.iter().map(|text| vec![Cell::from(*text), Cell::Number(138_0013_8000)]).collect();
    let book = workbook(&["文字", "数"], rows);
    let Some(text) = converted(folder.path(), &book, "xlsx", "csv") else { return };
    let mut reader = ::csv::Reader::from_reader(text.as_slice());
    assert_eq!(reader.headers().unwrap(), vec!["文字", "数"]);
    let read: Vec<_> = reader.records().map(|record| record.unwrap()).collect();
    assert_eq!(read.len(), texts.len());
    for (record, text) in read.iter().zip(texts) {
        assert_eq!((&record[0], &record[1]), (text, "13800138000"));
    }
}

#[tokio::test]
async fn the_people_are_opened_by_a_spreadsheet_program_as_they_are() {
    let world = World::new().await;
    let (owner, folder) = (world.member("buyer").await, tempfile::tempdir().unwrap());
    colleague(&world, &owner, &["viewer", "finance"]).await;
    let (text, ..) = download(&owner, "/company/people.csv").await;
    let (book, ..) = download(&owner, "/company/people.xlsx").await;
    let (empty, ..) = download(&owner, "/company/imports/template.xlsx").await;
    let Some(of_book) = converted(folder.path(), &book, "xlsx", "csv") else { return };
    let of_text = converted(folder.path(), &text, "csv", "csv").unwrap();
    // A program writes the same dates in its own way.
    let as_ours =
        |cell: &String| if cell.starts_with("20") { cell.replace('/', "-")[..16].to_owned() } else { cell.clone() };
    let shown: Vec<Vec<_>> = cells(&of_book).iter().map(|row| row.iter().map(as_ours).collect()).collect();
    assert_eq!(shown, cells(&text));
    assert_eq!(cells(&of_text).len(), cells(&text).len());
    assert_eq!(cells(&of_text)[1][..3], cells(&text)[1][..3]);
    assert_eq!(cells(&converted(folder.path(), &empty, "xlsx", "csv").unwrap()), [["邮箱", "职责"]]);
}

#[tokio::test]
async fn lists_of_companies_and_providers_are_opened_by_a_spreadsheet_program_as_they_are() {
    let world = World::new().await;
    let (operator, folder) = (world.operator().await, tempfile::tempdir().unwrap());
    world.member("provider").await;
    let (providers, ..) = download(&world.visitor(), "/providers.xlsx").await;
    let (empty, ..) = download(&operator, "/desk/company-lists/template.xlsx").await;
    let list = crate::company_list::list(&operator, &["甲,,,,,,,,".to_owned()]).await;
    let (problems, ..) = download(&operator, &format!("{list}/problems.xlsx")).await;
    for book in [providers, empty, problems] {
        let Some(shown) = converted(folder.path(), &book, "xlsx", "csv") else { return };
        assert_eq!(cells(&shown), cells(&book));
    }
    let rows = [crate::company_list::row(&crate::people::Applicant::new("both"))];
    let book = converted(folder.path(), &crate::company_list::csv(&rows), "csv", "xlsx").unwrap();
    let made = crate::company_list::hand_in(&operator, &id(), "a.xlsx", &book).await.ok().json();
    assert_eq!((&made["counts"]["waiting"], &made["counts"]["broken"]), (&1.into(), &0.into()), "{made}");
}

#[tokio::test]
async fn a_list_that_a_spreadsheet_program_has_written_is_read() {
    let world = World::new().await;
    let (owner, folder) = (world.member("buyer").await, tempfile::tempdir().unwrap());
    let rows = [("qian@example.cn", "采购经办、财务"), ("sun@example.cn", "只读"), ("nobody", "只读")];
    let Some(book) = converted(folder.path(), &csv(&rows), "csv", "xlsx") else { return };
    let made = hand_in(&owner, &id(), "a.xlsx", &book).await.ok().json();
    let page = owner.get(&format!("/company/imports/{}", text(&made, "id"))).await.ok().json();
    assert_eq!(fates(&page), ["invite", "invite", "broken"], "{page}");
    assert_eq!(page["rows"][0]["email"], "qian@example.cn");
    for (to, rule) in [("xls", "sheet-old"), ("ods", "sheet-kind")] {
        let content = converted(folder.path(), &csv(&rows), "csv", to).unwrap();
        let refused = hand_in(&owner, &id(), "a.xlsx", &content).await;
        assert_eq!(refused.json()["errors"][0]["code"], rule, "{}", refused.text);
    }
}
